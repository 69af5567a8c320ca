//! The nodes that kept ways ask for: sixteen bytes each, found by their number.

use crate::geometry::Place;

/// A place that is not known.
const UNKNOWN: [i32; 2] = [i32::MIN; 2];
/// Places are kept to a ten-millionth of a degree, a centimetre, as OpenStreetMap itself keeps them.
const NANO_DEGREES: i64 = 100;

/// The position of a node that there is not.
pub(super) const NO_NODE: u32 = u32::MAX;

/// Nodes by their number.
#[derive(Debug, Default)]
pub(super) struct Nodes {
    /// Numbers in OpenStreetMap, sorted.
    ids: Vec<i64>,
    /// Latitude and longitude of each, in ten-millionths of a degree.
    places: Vec<[i32; 2]>,
    /// Those that stop lorries, sorted.
    closed: Vec<u32>,
}

impl Nodes {
    /// Nodes of which only the numbers are known yet, told in any order and as often as one likes.
    pub(super) fn wanted(mut ids: Vec<i64>) -> Self {
        ids.sort_unstable();
        ids.dedup();
        ids.shrink_to_fit();
        Self { places: vec![UNKNOWN; ids.len()], ids, closed: Vec::new() }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// The position of a node among all.
    pub(super) fn index(&self, id: i64) -> Option<u32> {
        self.ids.binary_search(&id).ok().and_then(|index| u32::try_from(index).ok())
    }

    /// The number of a node in OpenStreetMap.
    pub(super) fn id(&self, index: u32) -> Option<i64> {
        self.ids.get(index as usize).copied()
    }

    /// Keeps the place of a node, if the node is wanted; latitude and longitude in billionths of a degree.
    pub(super) fn put(&mut self, id: i64, nano_degrees: [i64; 2], stops_lorries: impl FnOnce() -> bool) {
        let Some(index) = self.index(id) else { return };
        let Some(known) = compact(nano_degrees) else { return };
        if let Some(place) = self.places.get_mut(index as usize) {
            *place = known;
        }
        if stops_lorries()
            && let Err(position) = self.closed.binary_search(&index)
        {
            self.closed.insert(position, index);
        }
    }

    /// Where a node is. `None` for one that the file does not hold, as at the border of an extract.
    pub(super) fn place(&self, index: u32) -> Option<Place> {
        let known = self.places.get(index as usize).filter(|place| **place != UNKNOWN)?;
        Some(degrees(*known))
    }

    /// Whether a node stops lorries.
    pub(super) fn is_closed(&self, index: u32) -> bool {
        self.closed.binary_search(&index).is_ok()
    }

    /// How many are wanted that the file does not hold.
    pub(super) fn missing(&self) -> usize {
        self.places.iter().filter(|place| **place == UNKNOWN).count()
    }
}

/// The place of latitude and longitude in billionths of a degree, if there is such a place on earth.
pub(super) fn place(nano_degrees: [i64; 2]) -> Option<Place> {
    compact(nano_degrees).map(degrees)
}

fn compact([lat, lon]: [i64; 2]) -> Option<[i32; 2]> {
    let limited = |nano: i64, most: i64| {
        let on_earth = (-most * 1_000_000_000..=most * 1_000_000_000).contains(&nano);
        on_earth.then(|| (nano + NANO_DEGREES / 2).div_euclid(NANO_DEGREES)).and_then(|rounded| rounded.try_into().ok())
    };
    Some([limited(lat, 90)?, limited(lon, 180)?])
}

fn degrees([lat, lon]: [i32; 2]) -> Place {
    Place::new(f64::from(lat) / 1e7, f64::from(lon) / 1e7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_wanted_nodes_are_kept_and_what_is_not_in_the_file_is_missing() {
        let mut nodes = Nodes::wanted(vec![30, 10, 20, 10]);
        nodes.put(10, [51_899_999_900, 4_400_000_000], || false);
        nodes.put(15, [51_000_000_000, 4_000_000_000], || panic!("nobody asked for it"));
        nodes.put(20, [51_900_000_000, -4_400_000_000], || true);
        assert_eq!((nodes.len(), nodes.missing()), (3, 1));
        assert_eq!(nodes.place(nodes.index(10).unwrap()), Some(Place::new(51.899_999_9, 4.4)));
        assert_eq!(nodes.place(nodes.index(30).unwrap()), None);
        assert!(nodes.is_closed(nodes.index(20).unwrap()) && !nodes.is_closed(nodes.index(10).unwrap()));
        assert_eq!(nodes.index(15), None);
    }

    #[test]
    fn a_place_that_is_not_on_earth_is_unknown() {
        assert_eq!(place([90_000_000_001, 0]), None);
        assert_eq!(place([0, -180_000_000_100]), None);
        assert_eq!(place([i64::MAX - 10, 0]), None);
        assert_eq!(place([-33_500_000_040, 151_200_000_060]), Some(Place::new(-33.5, 151.200_000_1)));
    }
}
