//! Which zones a path may concern: an R-tree over the zones' boxes.

use std::sync::Arc;

use rstar::{
    AABB, RTree,
    primitives::{GeomWithData, Rectangle},
};

use super::{Bounds, Path, PreparedArea, coord_of, ruler::RulerAt};
use crate::domain::Place;

/// The first look for a nearest boundary goes so far; each next one eight times as far, up to the cap.
const FIRST_REACH_M: f64 = 250.0;

/// Many areas, found by place. Numbers are positions in the list it was made from.
///
/// The areas are shared, so that a new index made after one zone changed need not prepare all the others again.
#[derive(Clone, Debug)]
pub struct ZoneIndex {
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
    areas: Vec<Arc<PreparedArea>>,
}

impl ZoneIndex {
    /// Makes the index. An area without edges is never found.
    #[must_use]
    pub fn new(areas: Vec<Arc<PreparedArea>>) -> Self {
        let boxes = areas.iter().enumerate().filter(|(_, area)| area.edge_count() > 0).map(|(number, area)| {
            let bounds = area.bounds();
            let corners = Rectangle::from_corners([bounds.west, bounds.south], [bounds.east, bounds.north]);
            GeomWithData::new(corners, number)
        });
        Self { tree: RTree::bulk_load(boxes.collect()), areas }
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

    /// Calls `each` once with every area whose box comes within `margin_m` of the path's box: all that the path can
    /// meet, and others. In no particular order. The margin does not reach over the antimeridian, the path does.
    pub fn candidates(&self, path: &Path, margin_m: f64, mut each: impl FnMut(usize, &PreparedArea)) {
        let mut earlier = Bounds::EMPTY;
        for bounds in path.bounds() {
            let bounds = bounds.widened(margin_m);
            self.visit(bounds, |number, area| {
                // An area as wide as the world can lie at both ends of a path over the antimeridian.
                if !area.bounds().meets(&earlier) {
                    each(number, area);
                }
            });
            earlier = bounds;
        }
    }

    fn visit(&self, bounds: Bounds, mut each: impl FnMut(usize, &PreparedArea)) {
        let envelope = AABB::from_corners([bounds.west, bounds.south], [bounds.east, bounds.north]);
        for found in self.tree.locate_in_envelope_intersecting(envelope) {
            if let Some(area) = self.areas.get(found.data) {
                each(found.data, area);
            }
        }
    }

    /// Distance in metres from the place to the nearest boundary of any area, from inside or outside; `cap_m` if
    /// there is none so near. While a vehicle stays within it, measured by `LocalFrame::distance_m` around `place`,
    /// it crosses no boundary: both use the same projection, so its error does not matter. Not across the
    /// antimeridian.
    #[must_use]
    pub fn clearance_m(&self, place: Place, cap_m: f64) -> f64 {
        let ruler = RulerAt::new(coord_of(place));
        let mut reach_m = FIRST_REACH_M.min(cap_m);
        loop {
            let mut nearest_m = reach_m;
            self.visit(Bounds::around(place, place).widened(reach_m), |_, area| {
                nearest_m = area.nearer_than_m(&ruler, nearest_m).unwrap_or(nearest_m);
            });
            if nearest_m < reach_m || reach_m >= cap_m {
                return nearest_m;
            }
            reach_m = (reach_m * 8.0).min(cap_m);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::geo::{
        LocalFrame,
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
    fn without_zones_nothing_is_near() {
        let empty = ZoneIndex::new(Vec::new());
        assert!(empty.is_empty());
        assert_eq!(empty.clearance_m(metres(0.0, 0.0), 5000.0), 5000.0);
        let edgeless = ZoneIndex::new(vec![Arc::new(PreparedArea::new(&::geo::MultiPolygon::new(Vec::new())))]);
        assert_eq!(found(&edgeless, &Path::new(metres(0.0, 0.0), metres(1.0, 1.0)), 1000.0), Vec::<usize>::new());
    }

    #[test]
    fn the_nearest_boundary_counts_from_inside_too() {
        let index = boxes(&[(0.0, 0.0, 1000.0, 1000.0), (400.0, 400.0, 460.0, 460.0), (9000.0, 0.0, 9100.0, 100.0)]);
        let nearest = |east, north| index.clearance_m(metres(east, north), 5000.0);
        assert!((nearest(-300.0, 500.0) - 300.0).abs() < 0.1);
        assert!((nearest(480.0, 430.0) - 20.0).abs() < 0.1);
        assert!((nearest(430.0, 430.0) - 30.0).abs() < 0.1);
        assert_eq!(nearest(20_000.0, 0.0), 5000.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn within_the_safe_distance_no_boundary_is_met(
            shapes in prop::collection::vec(stars(), 1..4), east in -2000.0..2000.0_f64, north in -2000.0..2000.0_f64,
            angle in 0.0..std::f64::consts::TAU,
        ) {
            let index = ZoneIndex::new(shapes.iter().map(|shape| Arc::new(PreparedArea::new(shape))).collect());
            let here = metres(east, north);
            let safe_m = index.clearance_m(here, 5000.0);
            let reach = safe_m * 0.999_999;
            let offset = crate::geo::LocalPoint { east_m: reach * angle.cos(), north_m: reach * angle.sin() };
            let path = Path::new(here, LocalFrame::at(here).place(offset).unwrap());
            let mut meetings = 0;
            index.candidates(&path, 0.0, |_, area| meetings += area.crossings(&path).len());
            prop_assert_eq!(meetings, 0);
        }
    }
}
