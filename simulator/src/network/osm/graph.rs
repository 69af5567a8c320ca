//! The road graph: ways cut at the nodes where they meet, and of that the largest part in which everywhere can be reached
//! from everywhere.

use super::{
    drive::Drive,
    extract::{Extract, Way},
    nodes::NO_NODE,
};
use crate::{
    geometry::{self, Place},
    network::{Junction, JunctionId, Network, Road, Tunnel, parts::strong_parts},
};

/// Width in metres that a lane is given where only their number is known; and of a road of two such lanes.
const LANE_M: f64 = 3.5;

/// The graph, and what became of the ways.
#[derive(Debug)]
pub(super) struct Graph {
    /// The roads of the largest part.
    pub(super) network: Network,
    /// For each road, the way that it is a piece of, by its place in [`Extract::ways`].
    pub(super) way_of_road: Vec<usize>,
    /// What became of the ways.
    pub(super) fate: Fate,
}

/// What became of the ways, in kilometres where not said otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fate {
    /// All roads for tankers.
    pub(super) drivable_km: f64,
    /// Those of the largest part.
    pub(super) kept_km: f64,
    /// Of these, those that have a legal limit.
    pub(super) limited_km: f64,
    /// Of these, those in tunnels.
    pub(super) tunnel_km: f64,
    /// How many parts there were.
    pub(super) parts: usize,
}

/// A piece of a way between two places where roads meet, by the positions of its ends in [`Extract::refs`].
struct Piece {
    way: usize,
    first: usize,
    last: usize,
}

/// Builds the graph.
pub(super) fn build(extract: &Extract) -> Graph {
    let pieces = pieces(extract);
    let mut junction_of = vec![NO_NODE; extract.nodes.len()];
    let mut nodes_of_junctions = Vec::new();
    let mut ends = Vec::with_capacity(pieces.len());
    for piece in &pieces {
        let mut number = |at: usize| -> usize {
            let Some(node) = extract.refs.get(at).copied() else { return 0 };
            let Some(junction) = junction_of.get_mut(node as usize) else { return 0 };
            if *junction == NO_NODE {
                *junction = u32::try_from(nodes_of_junctions.len()).unwrap_or(NO_NODE);
                nodes_of_junctions.push(node);
            }
            *junction as usize
        };
        ends.push((number(piece.first), number(piece.last)));
    }
    drop(junction_of);
    let arcs = pieces.iter().zip(&ends).flat_map(|(piece, &(from, to))| {
        let drive = extract.ways.get(piece.way).and_then(|way| way.drive);
        let along = drive.filter(|drive| drive.forward).map(|_| (from, to));
        let against = drive.filter(|drive| drive.backward).map(|_| (to, from));
        along.into_iter().chain(against)
    });
    let part_of = strong_parts(nodes_of_junctions.len(), arcs);
    let mut builder = Builder::new(extract, &part_of, &nodes_of_junctions);
    builder.roads.reserve_exact(pieces.len());
    builder.way_of_road.reserve_exact(pieces.len());
    for (piece, &(from, to)) in pieces.iter().zip(&ends) {
        builder.add(piece, from, to);
    }
    builder.finish()
}

/// Cuts the ways at nodes that are shared, and where a node is missing or stops lorries.
fn pieces(extract: &Extract) -> Vec<Piece> {
    let passable = |node: u32| extract.nodes.place(node).is_some() && !extract.nodes.is_closed(node);
    // How often a node is used, an end counting double: from 2 on, roads meet or end here.
    let mut uses = vec![0_u8; extract.nodes.len()];
    let mut count = |at: usize, times: u8| {
        let node = extract.refs.get(at).copied().unwrap_or(NO_NODE);
        if let Some(uses) = uses.get_mut(node as usize) {
            *uses = uses.saturating_add(times);
        }
    };
    let mut runs = Vec::new();
    for (number, way) in extract.ways.iter().enumerate().filter(|(_, way)| way.drive.is_some()) {
        let mut first = None;
        for at in way.refs.clone() {
            let node = extract.refs.get(at).copied().unwrap_or(NO_NODE);
            match (passable(node), first) {
                (true, None) => first = Some(at),
                (false, Some(begun)) => {
                    runs.push(Piece { way: number, first: begun, last: at - 1 });
                    first = None;
                }
                _ => {}
            }
        }
        runs.extend(first.map(|begun| Piece { way: number, first: begun, last: way.refs.end - 1 }));
    }
    runs.retain(|run| run.first < run.last);
    for run in &runs {
        (run.first..=run.last).for_each(|at| count(at, 1));
        count(run.first, 1);
        count(run.last, 1);
    }
    let is_junction = |at: usize| {
        let node = extract.refs.get(at).copied().unwrap_or(NO_NODE);
        uses.get(node as usize).is_some_and(|uses| *uses >= 2)
    };
    let mut pieces = Vec::with_capacity(runs.len() * 2);
    for run in runs {
        let mut first = run.first;
        for at in run.first + 1..=run.last {
            if is_junction(at) {
                pieces.push(Piece { way: run.way, first, last: at });
                first = at;
            }
        }
    }
    pieces
}

/// Puts together what lies in the largest part.
struct Builder<'a> {
    extract: &'a Extract,
    /// For each junction of the whole its number among the kept ones.
    kept: Vec<Option<JunctionId>>,
    junctions: Vec<Junction>,
    roads: Vec<Road>,
    way_of_road: Vec<usize>,
    fate: Fate,
}

impl<'a> Builder<'a> {
    fn new(extract: &'a Extract, part_of: &[usize], nodes_of_junctions: &[u32]) -> Self {
        let parts = part_of.iter().max().map_or(0, |last| last + 1);
        let mut sizes = vec![0_usize; parts];
        for part in part_of {
            if let Some(size) = sizes.get_mut(*part) {
                *size += 1;
            }
        }
        let largest = sizes.iter().enumerate().max_by_key(|(_, size)| **size).map(|(part, _)| part);
        let mut junctions = Vec::new();
        let mut kept = vec![None; part_of.len()];
        for ((part, node), kept) in part_of.iter().zip(nodes_of_junctions).zip(&mut kept) {
            let known = extract.nodes.id(*node).zip(extract.nodes.place(*node));
            let Some((id, place)) = known.filter(|_| Some(*part) == largest) else { continue };
            *kept = Some(JunctionId(junctions.len()));
            junctions.push(Junction { id: format!("osm-{id}"), name: String::new(), place, terminal: false });
        }
        let fate = Fate { parts, ..Fate::default() };
        Self { extract, kept, junctions, roads: Vec::new(), way_of_road: Vec::new(), fate }
    }

    fn add(&mut self, piece: &Piece, from: usize, to: usize) {
        let Some(way) = self.extract.ways.get(piece.way) else { return };
        let Some(drive) = &way.drive else { return };
        let nodes = self.extract.refs.get(piece.first..=piece.last).unwrap_or_default();
        let line: Vec<Place> = nodes.iter().filter_map(|node| self.extract.nodes.place(*node)).collect();
        let length_m = geometry::length_m(&line);
        self.fate.drivable_km += length_m / 1000.0;
        let ends = [from, to].map(|end| self.kept.get(end).copied().flatten());
        let [Some(from), Some(to)] = ends else { return };
        self.fate.kept_km += length_m / 1000.0;
        // A loop that begins and ends at the same junction is on no way to anywhere.
        if from == to || length_m <= 0.0 {
            return;
        }
        let tunnel = tunnel(way);
        if drive.limits.forward.or(drive.limits.backward).is_some() {
            self.fate.limited_km += length_m / 1000.0;
        }
        if tunnel.is_some() {
            self.fate.tunnel_km += length_m / 1000.0;
        }
        let along = Road {
            name: way.name.to_string(),
            class: drive.class,
            limit_kmh: 0.0,
            legal_limit_kmh: None,
            one_way: true,
            from,
            to,
            line,
            length_m,
            tunnel,
        };
        self.add_directions(piece.way, drive, along);
    }

    /// Both directions as one road where they are driven alike, else as two that lead one way.
    fn add_directions(&mut self, way: usize, drive: &Drive, along: Road) {
        let with_speeds =
            |road: Road, (legal_limit_kmh, limit_kmh): (Option<f64>, f64)| Road { legal_limit_kmh, limit_kmh, ..road };
        let (there, back) = (drive.speeds(true), drive.speeds(false));
        let alike = there == back;
        let mut add = |road: Road| {
            self.roads.push(road);
            self.way_of_road.push(way);
        };
        if drive.forward && drive.backward && alike {
            add(with_speeds(Road { one_way: false, ..along }, there));
            return;
        }
        if drive.backward {
            let line = along.line.iter().rev().copied().collect();
            add(with_speeds(Road { from: along.to, to: along.from, line, ..along.clone() }, back));
        }
        if drive.forward {
            add(with_speeds(along, there));
        }
    }

    fn finish(self) -> Graph {
        let network = Network::from_parts(self.junctions, self.roads);
        Graph { network, way_of_road: self.way_of_road, fate: self.fate }
    }
}

fn tunnel(way: &Way) -> Option<Tunnel> {
    let rare = way.rare.as_ref()?;
    let name = rare.tunnel.as_ref()?;
    Some(Tunnel {
        name: tunnel_name(name, way.id),
        category: rare.hazmat.category.strictest(),
        width_m: f64::from(rare.lanes.unwrap_or(2)) * LANE_M,
        source: format!("OpenStreetMap, tags of way {}", way.id),
    })
}

/// What a tunnel is called, with its way's number where it has no name.
pub(super) fn tunnel_name(name: &str, way: i64) -> String {
    if name.is_empty() { format!("Tunnel (way {way})") } else { name.to_owned() }
}
