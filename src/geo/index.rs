//! Which zones a path may concern, and how far it is to the nearest boundary of any.

use std::sync::Arc;

use super::{
    LocalFrame, Path, PreparedArea, coord_of,
    grid::BoxIndex,
    ruler::{POLAR_DEGREES, RulerAt},
};
use crate::domain::Place;

/// The first look for a nearest boundary goes so far; each next one eight times as far, up to the cap.
const FIRST_REACH_M: f64 = 500.0;
/// A box at least so far away need not be looked into: its distance will do.
const FAR_ENOUGH_M: f64 = 250.0;

/// Many areas, found by place. Numbers are positions in the list it was made from.
///
/// The areas are shared, so that a new index made after one zone changed need not prepare all the others again.
#[derive(Clone, Debug)]
pub struct ZoneIndex {
    boxes: BoxIndex,
    areas: Vec<Arc<PreparedArea>>,
}

/// How far a vehicle may go before it can meet the boundary of any area: the shortcut for moving vehicles, most of whose
/// fixes concern no zone.
///
/// Take it after a look at the zones, at the place of the fix. While [`holds`](Self::holds) is true of every fix since,
/// no boundary lies on the way: towards every area the vehicle is on the side on which it was. So the next fix needs no
/// look at the zones near its path, except that
///
/// - a zone towards which its [`Presence`](super::Presence) has a candidate for entry or exit must still be
///   [stepped](super::step): how deep it is may pass a margin, or the reported accuracy may, without a boundary. A plain
///   `Inside` or `Outside` stays what it is, whatever the margins and the accuracy are;
/// - what changes while the vehicle stands still needs a look: another version of the world, other cargo, a zone that
///   comes into force or goes out of it by the time of the fix, a schedule's window that begins or ends. Drop the clearance
///   then.
///
/// It is a shortcut and no state: what is judged is the same with and without it, so it need not be stored with the
/// vehicle, and is taken anew after a restart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clearance {
    frame: LocalFrame,
    metres: f64,
}

impl Clearance {
    /// Whether a vehicle can be here without having met a boundary. Places are compared in the projection in which the
    /// clearance was measured, so that its error does not matter. What is straight in degrees is straight there, so the
    /// way between two places for which it holds lies within it too. Over the antimeridian it never holds.
    #[must_use]
    pub fn holds(&self, at: Place) -> bool {
        self.frame.local(at).squared_length() < self.metres * self.metres
    }

    /// Whether it [holds](Self::holds) everywhere within so many metres of a place.
    #[must_use]
    pub fn holds_around(&self, at: Place, metres: f64) -> bool {
        self.frame.local(at).squared_length().sqrt() + metres < self.metres
    }

    /// How far it reaches, in metres of the local projection around its place: to the nearest boundary if that is nearer
    /// than 250 m, else at least to the nearest box of a polygon or to the cap. 0 within 5° of a pole, where there is no
    /// such projection.
    #[must_use]
    pub fn metres(&self) -> f64 {
        self.metres
    }
}

impl ZoneIndex {
    /// Makes the index. An area without edges is never found.
    #[must_use]
    pub fn new(areas: Vec<Arc<PreparedArea>>) -> Self {
        Self { boxes: BoxIndex::new(areas.iter().map(|area| area.parts())), areas }
    }

    /// The area with this number.
    #[must_use]
    pub fn area(&self, number: usize) -> Option<&PreparedArea> {
        self.areas.get(number).map(Arc::as_ref)
    }

    /// Number of areas.
    #[must_use]
    pub fn len(&self) -> usize {
        self.areas.len()
    }

    /// Whether there are no areas.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.areas.is_empty()
    }

    /// Calls `each` once with every area of which a polygon's box comes within `margin_m` of the path's box: all that the
    /// path can meet, and others. In no particular order, but always the same.
    pub fn candidates(&self, path: &Path, margin_m: f64, mut each: impl FnMut(usize, &PreparedArea)) {
        let mut seen: Vec<usize> = Vec::new();
        for bounds in path.bounds() {
            self.boxes.visit(&bounds.widened(margin_m), |found| {
                if found.several || path.crosses_antimeridian() {
                    if seen.contains(&found.item) {
                        return;
                    }
                    seen.push(found.item);
                }
                if let Some(area) = self.areas.get(found.item) {
                    each(found.item, area);
                }
            });
        }
    }

    /// How far it is from the place to the nearest boundary of any area, from inside or outside; at most `cap_m`. Half a
    /// kilometre is a good cap: what is more is seldom driven before something else asks for a look.
    #[must_use]
    pub fn clearance(&self, place: Place, cap_m: f64) -> Clearance {
        let at = coord_of(place);
        let frame = LocalFrame::at_coord(at);
        let metres = if at.y.abs() > POLAR_DEGREES { 0.0 } else { self.clearance_m(&frame, cap_m) };
        Clearance { frame, metres }
    }

    fn clearance_m(&self, frame: &LocalFrame, cap_m: f64) -> f64 {
        let ruler = RulerAt::Local(*frame);
        let mut near: Vec<(f64, usize)> = Vec::new();
        let mut reach_m = FIRST_REACH_M.min(cap_m);
        loop {
            near.clear();
            self.boxes.visit(&frame.around(reach_m), |found| {
                near.push((ruler.squared_to_box(&found.bounds), found.item));
            });
            let clear_m = self.nearest_of(&mut near, &ruler, reach_m);
            if clear_m < reach_m || reach_m >= cap_m {
                return clear_m;
            }
            reach_m = (reach_m * 8.0).min(cap_m);
        }
    }

    /// The clearance towards some areas, given with the squares of the distances of their boxes; `cap_m` at most.
    fn nearest_of(&self, near: &mut [(f64, usize)], ruler: &RulerAt, cap_m: f64) -> f64 {
        near.sort_unstable_by(|(one, _), (other, _)| one.total_cmp(other));
        let mut clear_m = cap_m;
        for (squared, number) in near {
            let box_m = squared.sqrt();
            if box_m >= clear_m {
                break;
            }
            if box_m >= FAR_ENOUGH_M {
                return box_m;
            }
            let nearest = self.areas.get(*number).and_then(|area| area.nearer_than_m(ruler, clear_m));
            clear_m = nearest.unwrap_or(clear_m);
        }
        clear_m
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::geo::{
        Bounds, LocalPoint,
        shapes::{area, corners, degrees, metres, place, stars},
    };

    fn boxes(corners_m: &[(f64, f64, f64, f64)]) -> ZoneIndex {
        let prepared = |(west, south, east, north): &(f64, f64, f64, f64)| {
            Arc::new(PreparedArea::new(&area(&corners(*west, *south, *east, *north), &[])))
        };
        ZoneIndex::new(corners_m.iter().map(prepared).collect())
    }

    fn found(index: &ZoneIndex, path: &Path, margin_m: f64) -> Vec<usize> {
        let mut numbers = Vec::new();
        index.candidates(path, margin_m, |number, _| numbers.push(number));
        numbers.sort_unstable();
        numbers
    }

    #[test]
    fn only_zones_near_the_path_are_found() {
        let index = boxes(&[(0.0, 0.0, 100.0, 100.0), (1000.0, 0.0, 1100.0, 100.0), (1050.0, 50.0, 2000.0, 2000.0)]);
        assert_eq!(index.len(), 3);
        assert_eq!(found(&index, &Path::new(metres(-50.0, 50.0), metres(50.0, 60.0)), 0.0), [0]);
        assert_eq!(found(&index, &Path::new(metres(-50.0, 50.0), metres(-40.0, 60.0)), 0.0), Vec::<usize>::new());
        assert_eq!(found(&index, &Path::new(metres(-50.0, 50.0), metres(-40.0, 60.0)), 41.0), [0]);
        assert_eq!(found(&index, &Path::new(metres(1060.0, 60.0), metres(1070.0, 70.0)), 0.0), [1, 2]);
        assert_eq!(found(&index, &Path::new(metres(-50.0, 50.0), metres(1500.0, 60.0)), 0.0), [0, 1, 2]);
    }

    #[test]
    fn a_path_over_the_antimeridian_finds_each_zone_on_it_once() {
        let square = |lon: f64| {
            let ring = [(lon, -1.0), (lon + 0.5, -1.0), (lon + 0.5, 1.0), (lon, 1.0), (lon, -1.0)];
            Arc::new(PreparedArea::new(&degrees(&ring)))
        };
        let ocean = [(-180.0, -9.0), (0.0, -9.0), (180.0, -9.0), (180.0, 9.0), (-180.0, 9.0), (-180.0, -9.0)];
        let mut areas = [179.0, 0.0, -179.5].map(square).to_vec();
        areas.push(Arc::new(PreparedArea::new(&degrees(&ocean))));
        let index = ZoneIndex::new(areas);
        assert_eq!(found(&index, &Path::new(place(0.0, 178.9), place(0.0, -178.9)), 0.0), [0, 2, 3]);
    }

    #[test]
    fn margins_reach_over_the_antimeridian_and_round_the_poles() {
        let zone = |lon: f64, lat: f64| {
            let (east, north) = (lon + 0.01, lat + 0.001);
            Arc::new(PreparedArea::new(&degrees(&[(lon, lat), (east, lat), (east, north), (lon, north), (lon, lat)])))
        };
        let index = ZoneIndex::new(vec![zone(-179.999, 10.0), zone(179.98, 10.0), zone(120.0, 89.99), zone(0.0, 0.0)]);
        let near = |lat: f64, lon: f64, margin_m| found(&index, &Path::new(place(lat, lon), place(lat, lon)), margin_m);
        assert_eq!(near(10.0, 179.9995, 0.0), Vec::<usize>::new());
        assert_eq!(near(10.0, 179.9995, 200.0), [0]);
        assert_eq!(near(10.0, 179.9995, 2000.0), [0, 1]);
        assert_eq!(near(10.0, -179.9, 13_000.0), [0, 1]);
        assert_eq!(near(89.995, -60.0, 3000.0), [2]);
        assert!((index.clearance(place(10.0005, 179.9995), 5000.0).metres() - 164.4).abs() < 0.5);
        assert_eq!(index.clearance(place(86.0, 0.0), 5000.0).metres(), 0.0);
    }

    #[test]
    fn an_area_of_many_polygons_is_found_once_where_one_of_them_is_and_nowhere_else() {
        let square = |west: f64| {
            let (south, east, north) = (0.0, west + 0.01, 0.01);
            degrees(&[(west, south), (east, south), (east, north), (west, north), (west, south)]).0
        };
        let islands = PreparedArea::new(&[square(-170.0), square(-169.98), square(170.0)].concat().into());
        let index = ZoneIndex::new(vec![Arc::new(islands)]);
        let at = |lon: f64| found(&index, &Path::new(place(0.005, lon), place(0.005, lon)), 1500.0);
        assert_eq!((at(-169.985), at(170.0), at(0.0)), (vec![0], vec![0], vec![]));
        let long = Path::new(place(0.005, -170.5), place(0.005, -169.5));
        assert_eq!(found(&index, &long, 0.0), [0]);
        assert!((index.clearance(place(0.005, -169.985), 5000.0).metres() - 552.0).abs() < 8.0);
    }

    #[test]
    fn without_zones_nothing_is_near() {
        let empty = ZoneIndex::new(Vec::new());
        assert!(empty.is_empty());
        assert_eq!(empty.clearance(metres(0.0, 0.0), 5000.0).metres(), 5000.0);
        let edgeless = ZoneIndex::new(vec![Arc::new(PreparedArea::new(&::geo::MultiPolygon::new(Vec::new())))]);
        assert_eq!(found(&edgeless, &Path::new(metres(0.0, 0.0), metres(1.0, 1.0)), 1000.0), Vec::<usize>::new());
    }

    #[test]
    fn the_nearest_boundary_counts_from_inside_too() {
        let index = boxes(&[(0.0, 0.0, 1000.0, 1000.0), (400.0, 400.0, 460.0, 460.0), (9000.0, 0.0, 9100.0, 100.0)]);
        let clear = |east, north| index.clearance(metres(east, north), 5000.0).metres();
        assert!((clear(-300.0, 500.0) - 300.0).abs() < 0.6);
        assert!((clear(480.0, 430.0) - 20.0).abs() < 0.1);
        assert!((clear(430.0, 430.0) - 30.0).abs() < 0.1);
        assert_eq!(clear(20_000.0, 0.0), 5000.0);
        let here = index.clearance(metres(-300.0, 500.0), 5000.0);
        assert!(here.holds(metres(-10.0, 500.0)) && !here.holds(metres(10.0, 500.0)));
    }

    /// Boxes of all sizes, everywhere, also over the antimeridian in two parts.
    fn zone_boxes() -> impl Strategy<Value = Vec<Bounds>> {
        let one = (-180.0..180.0_f64, -89.0..85.0_f64, -3.0..2.0_f64, -3.0..0.6_f64);
        let one = one.prop_map(|(west, south, width, height)| {
            let (east, north) = (west + 10_f64.powf(width), (south + 10_f64.powf(height)).min(90.0));
            if east <= 180.0 {
                vec![Bounds { west, south, east, north }]
            } else {
                let beyond = Bounds { west: -180.0, south, east: east - 360.0, north };
                vec![Bounds { west, south, east: 180.0, north }, beyond]
            }
        });
        one.boxed()
    }

    fn area_of(boxes: &[Bounds]) -> Arc<PreparedArea> {
        let polygon = |bounds: &Bounds| {
            let Bounds { west, south, east, north } = *bounds;
            degrees(&[(west, south), (east, south), (east, north), (west, north), (west, south)]).0
        };
        Arc::new(PreparedArea::new(&boxes.iter().flat_map(polygon).collect::<Vec<_>>().into()))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn candidates_are_those_whose_boxes_are_near(
            zones in prop::collection::vec(zone_boxes(), 1..40), lat in -89.0..89.0_f64, lon in -180.0..180.0_f64,
            step in (-0.5..0.5_f64, -0.5..0.5_f64), margin_m in prop_oneof![Just(0.0), 1.0..100_000.0_f64],
        ) {
            let index = ZoneIndex::new(zones.iter().map(|boxes| area_of(boxes)).collect());
            let wrapped = |lon: f64| (lon + 540.0).rem_euclid(360.0) - 180.0;
            let path = Path::new(place(lat, lon), place((lat + step.1).clamp(-90.0, 90.0), wrapped(lon + step.0)));
            let found = found(&index, &path, margin_m);
            prop_assert!(found.windows(2).all(|pair| pair[0] < pair[1]), "each once: {:?}", found);
            for (number, boxes) in zones.iter().enumerate() {
                let near = path.bounds().map(|bounds| bounds.widened(margin_m)).any(|asked| {
                    let turned = |turn: f64| Bounds { west: asked.west + turn, east: asked.east + turn, ..asked };
                    boxes.iter().any(|own| [-360.0, 0.0, 360.0].iter().any(|turn| own.meets(&turned(*turn))))
                });
                // Boxes in the index are a little larger; none is left out.
                prop_assert!(!near || found.contains(&number), "{:?} is missing", boxes);
            }
        }

        #[test]
        fn a_clearance_is_never_more_than_the_distance_to_the_nearest_boundary(
            zones in prop::collection::vec(zone_boxes(), 1..40), lat in -84.0..84.0_f64, lon in -180.0..180.0_f64,
            beside in any::<bool>(),
        ) {
            // Half of the places lie near a zone's corner.
            let corner = zones[0][0];
            let here = if beside {
                place((corner.north - 0.001).clamp(-84.0, 84.0), (corner.east + 0.002).min(180.0))
            } else {
                place(lat, lon)
            };
            let areas: Vec<Arc<PreparedArea>> = zones.iter().map(|boxes| area_of(boxes)).collect();
            let nearest = |area: &Arc<PreparedArea>| area.boundary_nearer_than_m(here, 5000.0).unwrap_or(5000.0);
            let naive = areas.iter().map(nearest).fold(5000.0, f64::min);
            let found = ZoneIndex::new(areas).clearance(here, 5000.0).metres();
            prop_assert!(found <= naive, "{} for {}", found, naive);
            prop_assert!(naive >= FAR_ENOUGH_M || found == naive, "{} for {}", found, naive);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn within_the_clearance_no_boundary_is_met(
            shapes in prop::collection::vec(stars(), 1..4), east in -2000.0..2000.0_f64, north in -2000.0..2000.0_f64,
            first in (0.0..1.0_f64, 0.0..std::f64::consts::TAU), second in (0.0..1.0_f64, 0.0..std::f64::consts::TAU),
        ) {
            let index = ZoneIndex::new(shapes.iter().map(|shape| Arc::new(PreparedArea::new(shape))).collect());
            let here = metres(east, north);
            let clear = index.clearance(here, 5000.0);
            let within = |(share, angle): (f64, f64)| {
                let reach = clear.metres() * 0.999_999 * share;
                let offset = LocalPoint { east_m: reach * angle.cos(), north_m: reach * angle.sin() };
                LocalFrame::at(here).place(offset).unwrap()
            };
            let path = Path::new(within(first), within(second));
            prop_assert!(clear.metres() == 0.0 || clear.holds(within(first)) && clear.holds(within(second)));
            let mut meetings = 0;
            index.candidates(&path, 0.0, |_, area| meetings += area.crossings(&path).len());
            prop_assert_eq!(meetings, 0);
        }
    }
}
