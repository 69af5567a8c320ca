//! What is kept of a file, in two passes: first the ways that matter, then the places of their nodes.
//!
//! A country's file holds a hundred nodes for each one that lies on a road. The first pass keeps the ways and remembers
//! which blobs of the file hold nodes; the second reads only those, and keeps a node only if a kept way asks for it. So
//! memory follows the roads that are kept, not the size of the file.

use std::{
    collections::{BTreeMap, HashSet},
    ops::Range,
    sync::Arc,
};

use osmpbf::{ByteOffset, Element, PrimitiveBlock};

use super::{
    OsmError,
    drive::{self, Drive, NoRoad},
    hazmat::{self, Hazmat, Note},
    nodes::{self, NO_NODE, Nodes},
    pbf::PbfFile,
    tags::{self, Tags},
};
use crate::geometry::Place;

/// A way that is a road, or says something about dangerous goods, or both.
#[derive(Debug)]
pub(super) struct Way {
    /// Its number in OpenStreetMap.
    pub(super) id: i64,
    /// Where its nodes stand in [`Extract::refs`].
    pub(super) refs: Range<usize>,
    /// The number of the road, else its name; empty where it has neither.
    pub(super) name: Arc<str>,
    /// How a tanker drives on it, if one does.
    pub(super) drive: Option<Drive>,
    /// What its tags say that few ways say.
    pub(super) rare: Option<Box<Rare>>,
}

/// What few ways say.
#[derive(Debug, Default)]
pub(super) struct Rare {
    /// The name of the tunnel, if the way is one; empty where it has none.
    pub(super) tunnel: Option<String>,
    /// How many lanes it has, where that is tagged.
    pub(super) lanes: Option<u8>,
    /// What it says about dangerous goods.
    pub(super) hazmat: Hazmat,
}

/// How much was read, and what was left out.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    pub(super) nodes: u64,
    pub(super) ways: u64,
    pub(super) relations: u64,
    pub(super) turn_restrictions: u64,
    pub(super) highways: u64,
    pub(super) no_roads: BTreeMap<NoRoad, u64>,
}

/// What was kept of a file.
#[derive(Debug, Default)]
pub(super) struct Extract {
    pub(super) ways: Vec<Way>,
    /// The nodes of all kept ways, way by way, by their position among `nodes`.
    pub(super) refs: Vec<u32>,
    pub(super) nodes: Nodes,
    /// Places where tankers load or unload.
    pub(super) sites: Vec<(Place, String)>,
    pub(super) notes: Vec<Note>,
    pub(super) counts: Counts,
}

impl Extract {
    /// Reads a file.
    pub(super) fn read(file: &PbfFile) -> Result<Self, OsmError> {
        let mut first = FirstPass::default();
        file.each_block(&file.blobs, |at, block| first.take(at, block))?;
        let FirstPass { mut extract, refs, site_nodes, with_nodes, .. } = first;
        let of_sites = site_nodes.iter().map(|(node, _)| *node);
        extract.nodes = Nodes::wanted(refs.iter().copied().chain(of_sites).collect());
        extract.refs = refs.into_iter().map(|id| extract.nodes.index(id).unwrap_or(NO_NODE)).collect();
        file.each_block(&with_nodes, |_, block| {
            for element in block.elements() {
                match element {
                    Element::Node(node) => {
                        extract.put(node.id(), [node.nano_lat(), node.nano_lon()], node.tags().collect());
                    }
                    Element::DenseNode(node) => {
                        extract.put(node.id(), [node.nano_lat(), node.nano_lon()], node.tags().collect());
                    }
                    Element::Way(_) | Element::Relation(_) => {}
                }
            }
        })?;
        for (node, name) in site_nodes {
            let place = extract.nodes.index(node).and_then(|index| extract.nodes.place(index));
            extract.sites.extend(place.map(|place| (place, name)));
        }
        Ok(extract)
    }

    /// The nodes of a way, by their position among all.
    pub(super) fn nodes_of(&self, way: &Way) -> &[u32] {
        self.refs.get(way.refs.clone()).unwrap_or_default()
    }

    fn put(&mut self, id: i64, nano_degrees: [i64; 2], tags: Tags<'_>) {
        if let (Some(name), Some(place)) = (tags::site(&tags), nodes::place(nano_degrees)) {
            self.sites.push((place, name));
        }
        self.nodes.put(id, nano_degrees, || tags::stops_lorries(&tags));
    }
}

#[derive(Default)]
struct FirstPass {
    extract: Extract,
    /// The nodes of all kept ways, way by way, by their numbers in OpenStreetMap.
    refs: Vec<i64>,
    /// Places to load or unload that are drawn as areas, by one of their nodes.
    site_nodes: Vec<(i64, String)>,
    /// Blobs that hold nodes.
    with_nodes: Vec<ByteOffset>,
    /// Every name of a road once, because the same road is many ways.
    names: HashSet<Arc<str>>,
}

impl FirstPass {
    fn take(&mut self, at: ByteOffset, block: &PrimitiveBlock) {
        let mut nodes = 0;
        for group in block.groups() {
            nodes += group.nodes().len() + group.dense_nodes().len();
            for way in group.ways() {
                self.extract.counts.ways += 1;
                self.take_way(way.id(), way.tags().collect(), way.refs());
            }
            for relation in group.relations() {
                self.extract.counts.relations += 1;
                let is_restriction = relation.tags().any(|(key, value)| key == "type" && value == "restriction");
                self.extract.counts.turn_restrictions += u64::from(is_restriction);
            }
        }
        self.extract.counts.nodes += nodes as u64;
        if nodes > 0 {
            self.with_nodes.push(at);
        }
    }

    fn take_way(&mut self, id: i64, tags: Tags<'_>, mut refs: impl Iterator<Item = i64>) {
        if tags.get("highway").is_none() {
            if let Some(name) = tags::site(&tags) {
                self.site_nodes.extend(refs.next().map(|node| (node, name)));
            }
            return;
        }
        let extract = &mut self.extract;
        extract.counts.highways += 1;
        let drive = drive::drive(&tags);
        if let Err(no_road) = drive {
            *extract.counts.no_roads.entry(no_road).or_default() += 1;
        }
        let rare = drive::carries_vehicles(&tags).then(|| rare(id, &tags, &mut extract.notes)).flatten();
        if drive.is_err() && rare.is_none() {
            return;
        }
        if drive.is_ok_and(|drive| drive.limits.unreadable) {
            let what = format!("maxspeed={}", tags.first(&["maxspeed", "maxspeed:hgv"]).unwrap_or_default());
            extract.notes.push(Note { way: id, what, why: "a limit that is no number with a known unit" });
        }
        let name = tags.first(&["ref", "name"]).unwrap_or_default();
        let name = self.names.get(name).cloned().unwrap_or_else(|| {
            let new: Arc<str> = name.into();
            self.names.insert(Arc::clone(&new));
            new
        });
        let start = self.refs.len();
        self.refs.extend(refs);
        let refs = start..self.refs.len();
        extract.ways.push(Way { id, refs, name, drive: drive.ok(), rare: rare.map(Box::new) });
    }
}

/// What a way says that few ways say, if it says any of it.
fn rare(id: i64, tags: &Tags<'_>, notes: &mut Vec<Note>) -> Option<Rare> {
    let is_tunnel = tags.is("tunnel", "yes");
    let says_something = is_tunnel || tags.iter().any(|(key, _)| key.starts_with("hazmat"));
    says_something.then(|| Rare {
        tunnel: is_tunnel.then(|| tags.first(&["tunnel:name", "name", "ref"]).unwrap_or_default().to_owned()),
        lanes: tags.get("lanes").and_then(|lanes| lanes.parse().ok()),
        hazmat: hazmat::read(id, tags, is_tunnel, notes),
    })
}
