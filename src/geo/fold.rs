//! Rings that go on past the antimeridian, or round a pole, as an area in longitudes -180…180.
//!
//! Such a ring is given with longitudes that run on: east of 180 comes 181. It is cut where it crosses ±180, its
//! pieces are moved into -180…180, and each side is closed along the antimeridian (RFC 7946 §3.1.9). A ring that does
//! not come back to the longitude where it began goes round a pole; there the area is closed along the pole's
//! latitude, as ±90 in longitude and latitude is a line and not a point.
//!
//! Interiors lie to the left of their rings. So of two neighbouring cuts with interior between them, the southern one
//! goes east and the northern one goes west, and the way along the antimeridian always leads from the end of a piece
//! to the start of one.

use ::geo::{Coord, LineString, MultiPolygon, Polygon};

use super::{PreparedArea, Side, validate::at_one_pole};

/// One of the two points where all meridians meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pole {
    North,
    South,
}

/// A position of a ring whose longitudes run on. Kept as it was given, so that it comes back unchanged.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Running {
    at: Coord<f64>,
    /// Turns round the earth to be added to the longitude.
    turns: f64,
}

impl Running {
    fn coord(self) -> Coord<f64> {
        Coord { x: self.at.x + 360.0 * self.turns, y: self.at.y }
    }

    /// Which strip of 360° it lies in: 0 for -180 to 180. An antimeridian belongs to the strip east of it.
    fn strip(self) -> f64 {
        self.turns + ((self.at.x + 180.0) / 360.0).floor()
    }

    /// The position in -180…180, from a strip that it lies in or beside.
    fn within(self, strip: f64) -> Coord<f64> {
        Coord { x: self.at.x + 360.0 * (self.turns - strip), y: self.at.y }
    }
}

/// A ring with longitudes that run on. The last position is the first again, or some turns round the earth from it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RunningRing {
    positions: Vec<Running>,
}

impl RunningRing {
    /// A ring whose longitudes run on as they are given.
    pub fn as_given(positions: &[Coord<f64>]) -> Self {
        Self { positions: positions.iter().map(|at| Running { at: *at, turns: 0.0 }).collect() }
    }

    /// Makes longitudes run on: from each position to the next the short way round the earth. Along a pole every way
    /// is as short.
    pub fn the_short_way(positions: &[Coord<f64>]) -> Self {
        let mut turns = 0.0;
        let mut before: Option<Coord<f64>> = None;
        let running = positions.iter().map(|at| {
            if let Some(before) = before.replace(*at)
                && (at.x - before.x).abs() > 180.0
                && !at_one_pole(before, *at)
            {
                turns -= (at.x - before.x).signum();
            }
            Running { at: *at, turns }
        });
        Self { positions: running.collect() }
    }

    /// How often it goes round the earth to the east: 0 for a ring around an ordinary area.
    pub fn turns(&self) -> f64 {
        match (self.positions.first(), self.positions.last()) {
            (Some(first), Some(last)) => last.turns - first.turns,
            _ => 0.0,
        }
    }

    /// The same ring so many turns further east.
    fn moved(mut self, turns: f64) -> Self {
        self.positions.iter_mut().for_each(|position| position.turns += turns);
        self
    }

    /// Moved by whole turns to where the other one is.
    pub fn beside(self, other: &Self) -> Self {
        let middle = |ring: &Self| (ring.span().0 + ring.span().1) / 2.0;
        let turns = ((middle(other) - middle(&self)) / 360.0).round();
        self.moved(turns)
    }

    /// Least and greatest longitude.
    pub fn span(&self) -> (f64, f64) {
        let longitudes = self.positions.iter().map(|position| position.coord().x);
        longitudes.fold((f64::INFINITY, f64::NEG_INFINITY), |(west, east), x| (west.min(x), east.max(x)))
    }

    /// The ring with the longitudes that run on.
    pub fn line(&self) -> LineString<f64> {
        self.positions.iter().map(|position| position.coord()).collect()
    }

    /// Turned so that the interior of an area around which it is lies to its left: around the pole if it goes round
    /// the earth.
    fn facing(mut self, pole: Pole) -> Self {
        let leftward = match (self.turns(), pole) {
            (0.0, _) => signed_area(&self.line().0),
            (turns, Pole::North) => turns,
            (turns, Pole::South) => -turns,
        };
        if leftward < 0.0 {
            self.positions.reverse();
        }
        self
    }

    fn turned_round(mut self) -> Self {
        self.positions.reverse();
        self
    }

    /// The strip of each position. What comes to an antimeridian and goes back is cut there, as if it had been on the
    /// other side: it pinches what it comes from.
    fn strips(&self) -> Vec<f64> {
        let mut strips: Vec<f64> = self.positions.iter().map(|position| position.strip()).collect();
        let on_side = |number: usize| {
            self.positions.get(number).is_some_and(|position| position.within(position.strip()).x == -180.0)
        };
        let corners = self.positions.len().saturating_sub(1);
        let Some(start) = (0..corners).find(|number| !on_side(*number)) else { return strips };
        let mut run: Vec<usize> = Vec::new();
        let mut before: Option<f64> = None;
        for step in start..=start + corners {
            let (number, turns) = if step < corners { (step, 0.0) } else { (step - corners, self.turns()) };
            if on_side(number) {
                run.push(number);
                continue;
            }
            let after = strips.get(number).map(|strip| strip + turns);
            for touching in run.drain(..) {
                if let Some(strip) = strips.get_mut(touching)
                    && before == after
                    && before.is_some_and(|before| before == *strip || before == *strip + self.turns())
                {
                    *strip -= 1.0;
                }
            }
            before = after;
        }
        // The last position is the first again.
        if let (Some(first), Some(last)) = (strips.first().copied(), strips.last_mut()) {
            *last = first + self.turns();
        }
        strips
    }

    /// The ring in -180…180, if it does not cross an antimeridian. A hole may not run along one either.
    fn whole(&self, is_hole: bool) -> Option<LineString<f64>> {
        let strip = self.positions.iter().map(|position| position.strip()).fold(f64::INFINITY, f64::min);
        let within: LineString<f64> = self.positions.iter().map(|position| position.within(strip)).collect();
        let touching = within.coords().skip(1).filter(|at| at.x == 180.0).count();
        let stays = self.turns() == 0.0 && within.coords().all(|at| at.x <= 180.0);
        (stays && (!is_hole || touching <= 1)).then_some(within)
    }
}

/// Twice the area, positive if the ring turns left.
fn signed_area(positions: &[Coord<f64>]) -> f64 {
    let Some(first) = positions.first() else { return 0.0 };
    let edges = positions.iter().zip(positions.iter().skip(1));
    edges.map(|(from, to)| (*from - *first).x * (*to - *first).y - (*to - *first).x * (*from - *first).y).sum()
}

/// A polygon as polygons in longitudes -180…180. Where the exterior goes round the earth, `pole` says which pole the
/// ring is around. Holes lie where the exterior runs, not a turn beside it.
pub(super) fn fold(exterior: RunningRing, holes: Vec<RunningRing>, pole: Pole) -> Vec<Polygon<f64>> {
    let wound = holes.iter().filter(|hole| hole.turns() != 0.0).count() + usize::from(exterior.turns() != 0.0);
    let exterior = (exterior.facing(pole), false);
    let rings = std::iter::once(exterior).chain(holes.into_iter().map(|hole| (hole.facing(pole).turned_round(), true)));
    let (mut whole, mut cuts) = (Vec::new(), Cuts::default());
    for (ring, is_hole) in rings {
        match ring.whole(is_hole) {
            Some(ring) => whole.push(ring),
            None => cuts.add(&ring),
        }
    }
    let enclosed = (wound % 2 == 1).then_some(pole);
    let (exteriors, holes): (Vec<_>, Vec<_>) =
        whole.into_iter().chain(cuts.closed(enclosed)).partition(|ring| signed_area(&ring.0) > 0.0);
    with_holes(exteriors, holes)
}

/// Puts each hole into the exterior that it lies in.
fn with_holes(exteriors: Vec<LineString<f64>>, holes: Vec<LineString<f64>>) -> Vec<Polygon<f64>> {
    let mut polygons: Vec<Polygon<f64>> = exteriors.into_iter().map(|ring| Polygon::new(ring, Vec::new())).collect();
    if let [polygon] = polygons.as_mut_slice() {
        holes.into_iter().for_each(|hole| polygon.interiors_push(hole));
        return polygons;
    }
    let areas: Vec<PreparedArea> =
        polygons.iter().map(|polygon| PreparedArea::new(&MultiPolygon::from(polygon.clone()))).collect();
    for hole in holes {
        let within = areas.iter().position(|area| {
            let mut sides = hole.coords().map(|at| area.locate_coord(*at)).filter(|side| *side != Side::Boundary);
            sides.next() == Some(Side::Inside)
        });
        if let Some(polygon) = within.and_then(|number| polygons.get_mut(number)) {
            polygon.interiors_push(hole);
        }
    }
    polygons
}

/// The pieces of rings between their cuts, and the cuts.
#[derive(Default)]
struct Cuts {
    pieces: Vec<Vec<Coord<f64>>>,
    cuts: Vec<Cut>,
}

/// Where a ring crosses the antimeridian.
#[derive(Clone, Copy)]
struct Cut {
    lat: f64,
    eastward: bool,
    /// The piece that ends here.
    ending: usize,
    /// The piece that starts here, on the other side.
    starting: usize,
}

impl Cuts {
    /// Cuts a ring that crosses the antimeridian.
    fn add(&mut self, ring: &RunningRing) {
        let first_piece = self.pieces.len();
        let mut piece: Vec<Coord<f64>> = Vec::new();
        let positions: Vec<(&Running, f64)> = ring.positions.iter().zip(ring.strips()).collect();
        for ((from, here), (to, next)) in positions.iter().copied().zip(positions.iter().copied().skip(1)) {
            piece.push(from.within(here));
            if here == next {
                continue;
            }
            let antimeridian = 180.0 + 360.0 * here.min(next);
            let (from, to) = (from.coord(), to.coord());
            let lat = if to.x == antimeridian {
                to.y
            } else {
                from.y + (antimeridian - from.x) / (to.x - from.x) * (to.y - from.y)
            };
            let side = if next > here { 180.0 } else { -180.0 };
            piece.push(Coord { x: side, y: lat });
            let ending = self.pieces.len();
            self.pieces.push(std::mem::replace(&mut piece, vec![Coord { x: -side, y: lat }]));
            self.cuts.push(Cut { lat, eastward: next > here, ending, starting: ending + 1 });
        }
        // What is left goes on into the first piece.
        if let (Some(first), Some(last)) = (self.pieces.get_mut(first_piece), self.cuts.last_mut()) {
            piece.append(first);
            *first = piece;
            last.starting = first_piece;
        }
    }

    /// The rings that the pieces make with the antimeridian, and with the pole that they enclose.
    fn closed(mut self, enclosed: Option<Pole>) -> Vec<LineString<f64>> {
        self.sort_from_south(enclosed == Some(Pole::South));
        let mut ways: Vec<Option<Way>> = vec![None; self.pieces.len()];
        let mut lead = |ending: usize, starting: usize, around: Option<Pole>| {
            if let Some(way) = ways.get_mut(ending) {
                *way = Some(Way { starting, around });
            }
        };
        let mut cuts = self.cuts.as_slice();
        if enclosed == Some(Pole::South)
            && let Some((first, rest)) = cuts.split_first()
        {
            lead(first.ending, first.starting, enclosed);
            cuts = rest;
        }
        for pair in cuts.chunks(2) {
            match pair {
                [south, north] => {
                    lead(south.ending, north.starting, None);
                    lead(north.ending, south.starting, None);
                }
                [last] => lead(last.ending, last.starting, enclosed),
                _ => {}
            }
        }
        self.follow(ways)
    }

    /// Puts the cuts in order from south to north. Of those at one latitude an eastward one comes first where there is
    /// no interior south of it.
    fn sort_from_south(&mut self, mut inside: bool) {
        self.cuts.sort_by(|one, other| one.lat.total_cmp(&other.lat));
        for number in 0..self.cuts.len() {
            let rest = self.cuts.get_mut(number..).unwrap_or_default();
            let lat = rest.first().map(|cut| cut.lat);
            let fitting = rest.iter().position(|cut| Some(cut.lat) == lat && cut.eastward != inside);
            if let Some(fitting) = fitting {
                rest.swap(0, fitting);
            }
            inside = !inside;
        }
    }

    /// Follows the pieces and the ways between them until they come back.
    fn follow(mut self, mut ways: Vec<Option<Way>>) -> Vec<LineString<f64>> {
        let mut rings = Vec::new();
        for first in 0..self.pieces.len() {
            let mut ring: Vec<Coord<f64>> = Vec::new();
            let mut piece = first;
            while let Some(way) = ways.get_mut(piece).and_then(Option::take) {
                ring.append(self.pieces.get_mut(piece).unwrap_or(&mut Vec::new()));
                ring.extend(way.around.into_iter().flat_map(|pole| match pole {
                    Pole::North => [Coord { x: 180.0, y: 90.0 }, Coord { x: -180.0, y: 90.0 }],
                    Pole::South => [Coord { x: -180.0, y: -90.0 }, Coord { x: 180.0, y: -90.0 }],
                }));
                piece = way.starting;
            }
            ring.dedup();
            ring.extend(ring.first().copied().filter(|at| ring.last() != Some(at)));
            // A ring that only touches the antimeridian leaves nothing on the other side.
            if signed_area(&ring) != 0.0 {
                rings.push(LineString::new(ring));
            }
        }
        rings
    }
}

/// How the boundary goes on where a piece ends.
#[derive(Clone, Copy)]
struct Way {
    /// The piece that it leads to.
    starting: usize,
    /// The pole that it goes along on the way.
    around: Option<Pole>,
}
