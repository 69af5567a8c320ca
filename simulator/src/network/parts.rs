//! Which places can be reached from each other, both there and back.

use petgraph::{
    algo::kosaraju_scc,
    graph::{DiGraph, NodeIndex},
};

use super::{Network, RoadId};

impl Network {
    /// For each junction the number of its part: two junctions are of one part if each is reached from the other over
    /// roads that `allowed` lets through. The parts are numbered from 0, in no particular order.
    #[must_use]
    pub fn parts(&self, allowed: &dyn Fn(RoadId) -> bool) -> Vec<usize> {
        let ways = self.roads().filter(|(id, _)| allowed(*id)).flat_map(|(_, road)| {
            let there = (road.from.0, road.to.0);
            [Some(there), (!road.one_way).then_some((there.1, there.0))]
        });
        strong_parts(self.junctions().count(), ways.flatten())
    }
}

/// For each of `count` places the number of its strongly connected part (Kosaraju and Sharir 1981), in time linear in
/// places and ways.
#[must_use]
pub fn strong_parts(count: usize, ways: impl Iterator<Item = (usize, usize)>) -> Vec<usize> {
    let mut graph = DiGraph::<(), ()>::with_capacity(count, ways.size_hint().0);
    for _ in 0..count {
        graph.add_node(());
    }
    for (from, to) in ways.filter(|(from, to)| *from < count && *to < count) {
        graph.add_edge(NodeIndex::new(from), NodeIndex::new(to), ());
    }
    let mut part_of = vec![0; count];
    for (part, members) in kosaraju_scc(&graph).into_iter().enumerate() {
        for member in members {
            if let Some(own) = part_of.get_mut(member.index()) {
                *own = part;
            }
        }
    }
    part_of
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_end_that_is_one_way_is_a_part_of_its_own() {
        let parts = strong_parts(5, [(0, 1), (1, 2), (2, 0), (2, 3), (4, 0)].into_iter());
        assert_eq!(parts[0], parts[1]);
        assert_eq!(parts[0], parts[2]);
        assert!(parts[3] != parts[0] && parts[4] != parts[0] && parts[3] != parts[4]);
    }

    #[test]
    fn closing_the_only_way_back_parts_the_corridor() {
        let network = Network::corridor().unwrap();
        let whole = network.parts(&|_| true);
        assert!(whole.iter().all(|part| *part == whole[0]), "everywhere can be reached");
        let none = network.parts(&|_| false);
        let different: std::collections::HashSet<usize> = none.iter().copied().collect();
        assert_eq!(different.len(), network.junctions().count());
    }
}
