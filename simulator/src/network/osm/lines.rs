//! Ways joined end to end to longer lines, because the map cuts a road wherever anything about it changes.

use std::collections::BTreeMap;

/// A line of nodes with the ways that it is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// Nodes from one end to the other.
    pub(super) nodes: Vec<u32>,
    /// Numbers of the ways in OpenStreetMap, in the same order.
    pub(super) ways: Vec<i64>,
}

/// Joins ways, each with its number and its nodes, wherever exactly two of them meet at their ends. Where three or more
/// meet, the lines end. In which direction a way is drawn does not matter.
pub(super) fn join(ways: &[(i64, &[u32])]) -> Vec<Line> {
    let mut ends: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (index, (_, nodes)) in ways.iter().enumerate() {
        for end in [nodes.first(), nodes.last()].into_iter().flatten() {
            ends.entry(*end).or_default().push(index);
        }
    }
    let meets_one = |node: &u32| ends.get(node).is_some_and(|meeting| meeting.len() == 2);
    let mut joiner = Joiner { ways, ends: &ends, used: vec![false; ways.len()] };
    // First the lines that have an end; what is left over then are rings.
    let with_end = |(_, nodes): &(i64, &[u32])| ![nodes.first(), nodes.last()].into_iter().flatten().all(meets_one);
    let starts = ways.iter().enumerate().filter(|(_, way)| with_end(way)).map(|(index, _)| index);
    let rings = 0..ways.len();
    let lines: Vec<Line> = starts.chain(rings).filter_map(|start| joiner.line_from(start)).collect();
    lines
}

struct Joiner<'a> {
    ways: &'a [(i64, &'a [u32])],
    /// For each node at which ways end, these ways.
    ends: &'a BTreeMap<u32, Vec<usize>>,
    used: Vec<bool>,
}

impl Joiner<'_> {
    /// The line that goes on from a way that is not used yet, away from its end where nothing goes on.
    fn line_from(&mut self, start: usize) -> Option<Line> {
        let (id, nodes) = self.take(start)?;
        let mut line = Line { nodes: nodes.to_vec(), ways: vec![id] };
        let goes_on = |end: Option<&u32>| end.and_then(|end| self.next_at(*end)).is_some();
        if !goes_on(line.nodes.last()) && goes_on(line.nodes.first()) {
            line.nodes.reverse();
        }
        while let Some((id, nodes)) =
            line.nodes.last().and_then(|end| self.next_at(*end)).and_then(|way| self.take(way))
        {
            let reversed = line.nodes.last() != nodes.first();
            if reversed {
                line.nodes.extend(nodes.iter().rev().skip(1));
            } else {
                line.nodes.extend(nodes.iter().skip(1));
            }
            line.ways.push(id);
        }
        Some(line)
    }

    /// The way that goes on at a node, if there is just one other.
    fn next_at(&self, node: u32) -> Option<usize> {
        let meeting = self.ends.get(&node).filter(|meeting| meeting.len() == 2)?;
        meeting.iter().copied().find(|way| self.used.get(*way) == Some(&false))
    }

    fn take(&mut self, way: usize) -> Option<(i64, &[u32])> {
        let used = self.used.get_mut(way).filter(|used| !**used)?;
        *used = true;
        self.ways.get(way).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_that_meet_become_one_line_whichever_way_they_are_drawn() {
        let ways: [(i64, &[u32]); 3] = [(7, &[3, 4, 5]), (8, &[3, 2, 1]), (9, &[5, 6])];
        let lines = join(&ways);
        assert_eq!(lines, [Line { nodes: vec![1, 2, 3, 4, 5, 6], ways: vec![8, 7, 9] }]);
    }

    #[test]
    fn a_fork_ends_the_lines() {
        let ways: [(i64, &[u32]); 3] = [(1, &[1, 2]), (2, &[2, 3]), (3, &[2, 4])];
        let lines = join(&ways);
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|line| line.ways.len() == 1));
    }

    #[test]
    fn a_ring_is_one_closed_line() {
        let ways: [(i64, &[u32]); 2] = [(1, &[1, 2, 3]), (2, &[3, 4, 1])];
        let [ring] = join(&ways).try_into().unwrap();
        assert_eq!(ring.nodes, [1, 2, 3, 4, 1]);
        let closed_way: [(i64, &[u32]); 1] = [(1, &[1, 2, 3, 1])];
        assert_eq!(join(&closed_way)[0].nodes, [1, 2, 3, 1]);
    }
}
