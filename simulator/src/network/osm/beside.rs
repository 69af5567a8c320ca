//! Roads that run inside the corridor of a closed road or tunnel without being closed themselves: beside it, above it, or
//! slowly across.
//!
//! A receiver cannot tell such a road from the closed one, and neither can the server. Who wants to be seen obeying the
//! rules keeps off.

use std::collections::{BTreeMap, HashMap};

use super::bodies::{MapZone, MapZoneKind};
use crate::{
    geometry::{Place, pairs},
    network::{Network, Road, RoadId},
    numbers::whole,
};

/// How far a receiver may place a vehicle off its road, in metres.
const ERROR_M: f64 = 15.0;
/// Being inside for longer than so many seconds is more than crossing; somewhat less than what zones allow.
const INSIDE_S: f64 = 7.0;
/// Distance between two looks along a road, in metres.
const STEP_M: f64 = 10.0;
/// Side of a cell of the grid, in degrees; several times wider than a corridor.
const CELL_DEG: f64 = 0.005;

/// A piece of a corridor's line.
struct Piece {
    zone: usize,
    ends: (Place, Place),
    half_width_m: f64,
}

/// The closed corridors, by the cells of a grid that they may reach into.
pub(super) struct ClosedCorridors(HashMap<(i64, i64), Vec<Piece>>);

impl ClosedCorridors {
    /// Those of tunnels and prohibitions.
    pub(super) fn new(zones: &[MapZone]) -> Self {
        let mut cells: HashMap<(i64, i64), Vec<Piece>> = HashMap::new();
        for (zone, one) in zones.iter().enumerate() {
            if matches!(one.kind, MapZoneKind::SpeedLimit { .. }) {
                continue;
            }
            let half_width_m = one.area.half_width_m + ERROR_M;
            let line: Vec<Place> = one.area.path.iter().map(|[lon, lat]| Place::new(*lat, *lon)).collect();
            for ends in pairs(&line) {
                let reach = [-half_width_m, half_width_m];
                let corners = [ends.0, ends.1].into_iter().flat_map(|end| reach.map(|m| end.moved(m, m)));
                let corners: Vec<(i64, i64)> = corners.map(cell).collect();
                let span = |of: fn(&(i64, i64)) -> i64| {
                    let numbers = || corners.iter().map(of);
                    numbers().min().unwrap_or(0)..=numbers().max().unwrap_or(-1)
                };
                for east in span(|cell| cell.0) {
                    for north in span(|cell| cell.1) {
                        cells.entry((east, north)).or_default().push(Piece { zone, ends, half_width_m });
                    }
                }
            }
        }
        Self(cells)
    }

    /// The roads inside them, with the zone by its place in the list.
    pub(super) fn roads_inside(&self, network: &Network) -> Vec<(RoadId, usize)> {
        network.roads().flat_map(|(id, road)| self.zones_around(road).into_iter().map(move |zone| (id, zone))).collect()
    }

    /// Whether a vehicle that stands here may be seen in one of them.
    pub(super) fn hold(&self, place: Place) -> bool {
        self.pieces_near(place).iter().any(|piece| piece.holds(place))
    }

    fn pieces_near(&self, place: Place) -> &[Piece] {
        self.0.get(&cell(place)).map_or(&[], Vec::as_slice)
    }

    /// The zones in which a vehicle on this road is for too long.
    fn zones_around(&self, road: &Road) -> Vec<usize> {
        let mut inside_s: BTreeMap<usize, f64> = BTreeMap::new();
        for (start, end) in pairs(&road.line) {
            let long_m = start.distance_m(end);
            let steps = whole(long_m / STEP_M).max(0) + 1;
            let step_s = long_m / steps as f64 / (road.limit_kmh / 3.6);
            for step in 0..steps {
                let here = start.between(end, (step as f64 + 0.5) / steps as f64);
                let pieces = self.pieces_near(here);
                let mut zones: Vec<usize> =
                    pieces.iter().filter(|piece| piece.holds(here)).map(|one| one.zone).collect();
                zones.dedup();
                for zone in zones {
                    *inside_s.entry(zone).or_default() += step_s;
                }
            }
        }
        inside_s.into_iter().filter(|(_, seconds)| *seconds > INSIDE_S).map(|(zone, _)| zone).collect()
    }
}

impl Piece {
    fn holds(&self, place: Place) -> bool {
        super::corridor::side_of_piece_m(self.ends, place).abs() <= self.half_width_m
    }
}

fn cell(place: Place) -> (i64, i64) {
    (whole((place.lon / CELL_DEG).floor()), whole((place.lat / CELL_DEG).floor()))
}
