//! What was read, kept and left out, in words and numbers.

use std::collections::BTreeMap;

use super::{
    bodies::MapZoneKind, extract::Extract, graph::Fate, hazmat::Note, pbf::PbfFile, terminals::Terminals, world::World,
};
use crate::{network::Network, output::table};

/// Ways that are named as examples of what was left out for one reason.
const EXAMPLES: usize = 3;

/// What became of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Rows of a table: what, and how much.
    rows: Vec<(String, String)>,
    /// Everything that was left out, by way.
    pub left_out: Vec<Note>,
}

impl Summary {
    pub(super) fn new(
        file: &PbfFile,
        extract: &Extract,
        world: &World,
        network: &Network,
        fate: Fate,
        terminals: Terminals,
    ) -> Self {
        let counts = &extract.counts;
        let mut rows = Rows(Vec::new());
        let written_by = file.written_by.as_deref().unwrap_or("an unknown program");
        rows.add("file", format!("{:.1} MB, written by {written_by}", file.bytes as f64 / 1e6));
        rows.add("licence", "© OpenStreetMap contributors, ODbL 1.0".into());
        rows.add("read", format!("{} nodes, {} ways, {} relations", counts.nodes, counts.ways, counts.relations));
        let drivable = extract.ways.iter().filter(|way| way.drive.is_some()).count();
        rows.add("roads", format!("{drivable} of {} ways, {:.1} km", counts.highways, fate.drivable_km));
        for (no_road, ways) in &counts.no_roads {
            rows.add("  left out", format!("{ways} ways {}", no_road.as_str()));
        }
        rows.add("  nodes", format!("{} kept, {} not in the file", extract.nodes.len(), extract.nodes.missing()));
        let share = 100.0 * fate.kept_km / fate.drivable_km.max(1e-9);
        rows.add("network", format!("{:.1} km ({share:.1} %) lead everywhere and back", fate.kept_km));
        rows.add("  left out", format!("{} smaller parts", fate.parts.saturating_sub(1)));
        rows.add("  graph", format!("{} junctions, {} roads", network.junctions().count(), network.roads().count()));
        rows.add(
            "  limits",
            format!("{:.1} km have one, {:.1} km do not", fate.limited_km, fate.kept_km - fate.limited_km),
        );
        rows.add("  tunnels", format!("{:.1} km", fate.tunnel_km));
        let of_what =
            if terminals.known { "filling stations, depots and works" } else { "junctions; the map knows no works" };
        rows.add("  terminals", format!("{} {of_what}", terminals.count));
        rows.add("turns", format!("{} restrictions of turns are not observed", counts.turn_restrictions));
        for (kind, number) in kinds(world) {
            rows.add("zones", format!("{number} {kind}"));
        }
        rows.add("routes", format!("{} for dangerous goods", world.routes.len()));
        let left_out: Vec<Note> = extract.notes.iter().chain(&world.notes).cloned().collect();
        for (why, notes) in by_reason(&left_out) {
            rows.add("left out", format!("{} × {why}: {}", notes.len(), examples(&notes)));
        }
        Self { rows: rows.0, left_out }
    }

    /// The table that the commands print.
    #[must_use]
    pub fn to_table(&self) -> String {
        let rows: Vec<(&str, String)> = self.rows.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        table(&rows)
    }
}

struct Rows(Vec<(String, String)>);

impl Rows {
    fn add(&mut self, name: &str, value: String) {
        self.0.push((name.into(), value));
    }
}

/// How many zones there are of each kind.
fn kinds(world: &World) -> BTreeMap<String, usize> {
    let mut kinds = BTreeMap::new();
    for zone in &world.zones {
        let kind = match &zone.kind {
            MapZoneKind::Prohibited { .. } => "prohibited".into(),
            MapZoneKind::SpeedLimit { .. } => "speed limit".into(),
            MapZoneKind::Tunnel { category, .. } => format!("tunnel of category {category:?}"),
        };
        let when = if zone.schedule.is_some() { " at certain times" } else { "" };
        *kinds.entry(format!("{kind}{when}")).or_default() += 1;
    }
    kinds
}

fn by_reason(left_out: &[Note]) -> BTreeMap<&'static str, Vec<&Note>> {
    let mut reasons: BTreeMap<&'static str, Vec<&Note>> = BTreeMap::new();
    for note in left_out {
        reasons.entry(note.why).or_default().push(note);
    }
    reasons
}

fn examples(notes: &[&Note]) -> String {
    let shown = notes.iter().take(EXAMPLES).map(|note| format!("{} (way {})", note.what, note.way));
    let more = (notes.len() > EXAMPLES).then(|| "…".to_owned());
    shown.chain(more).collect::<Vec<_>>().join(", ")
}
