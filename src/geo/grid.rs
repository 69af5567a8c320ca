//! Boxes by place: grids of cells, each with the boxes that touch it.
//!
//! A box lies in the grid whose cells are about as large as itself, so that it touches at most nine of them, and a
//! question looks into a cell or two of each grid. Cells are kept in a hash table, so that what is empty costs nothing:
//! neither memory for the oceans, nor time for a vehicle where there are no zones.

use super::{Bounds, edge_tree::OuterBounds};

/// Sizes of the cells of each grid, in degrees; each divides the way round the earth. The first are some 3.5 km high.
const CELLS: [f64; 5] = [1.0 / 32.0, 0.25, 2.0, 20.0, 360.0];
/// A box may be so many cells wide and high.
const MOST_CELLS: f64 = 2.0;
/// Set in the number of an item that has several boxes.
const SEVERAL: u32 = 1 << 31;

/// A box of an item.
#[derive(Clone, Copy, Debug)]
struct Entry {
    bounds: OuterBounds,
    item: u32,
    /// The first of the cells that it touches.
    column: i32,
    row: i32,
}

/// The cells of a grid that a box touches, first and last column and row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cells {
    columns: (i32, i32),
    rows: (i32, i32),
}

impl Cells {
    /// The cells of a box in -180…180, or a little beyond.
    fn of(bounds: &Bounds, cells_per_degree: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "a few thousand cells")]
        let number = |degrees: f64| (degrees * cells_per_degree).floor() as i32;
        Self { columns: (number(bounds.west), number(bounds.east)), rows: (number(bounds.south), number(bounds.north)) }
    }

    fn each(self, mut visit: impl FnMut(i32, i32)) {
        for row in self.rows.0..=self.rows.1 {
            for column in self.columns.0..=self.columns.1 {
                visit(column, row);
            }
        }
    }

    fn is_one(self) -> bool {
        self.columns.0 == self.columns.1 && self.rows.0 == self.rows.1
    }
}

/// One grid: a hash table from cells to runs of entries.
#[derive(Clone, Debug)]
struct Grid {
    cells_per_degree: f64,
    slots: Vec<Slot>,
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    column: i32,
    row: i32,
    start: u32,
    /// 0: the slot is free.
    count: u32,
}

impl Grid {
    fn new(cell_deg: f64, given: &[(OuterBounds, u32)]) -> Self {
        let cells_per_degree = 1.0 / cell_deg;
        let mut placed: Vec<((i32, i32), Entry)> = Vec::with_capacity(given.len() * 4);
        for (bounds, item) in given {
            let cells = Cells::of(&bounds.bounds(), cells_per_degree);
            let entry = Entry { bounds: *bounds, item: *item, column: cells.columns.0, row: cells.rows.0 };
            cells.each(|column, row| placed.push(((row, column), entry)));
        }
        // Sorted by item within a cell, so that the order of answers is always the same.
        placed.sort_unstable_by_key(|(cell, entry)| (*cell, entry.item));
        let cells = placed.chunk_by(|(one, _), (other, _)| one == other);
        let size = (cells.clone().count() * 2).next_power_of_two();
        let mut grid = Self { cells_per_degree, slots: vec![Slot::default(); size], entries: Vec::new() };
        for cell in cells {
            let Some(((row, column), _)) = cell.first() else { continue };
            let (start, count) = (number(grid.entries.len()), number(cell.len()));
            grid.entries.extend(cell.iter().map(|(_, entry)| *entry));
            let mut at = grid.first_slot(*column, *row);
            while grid.slots.get(at).is_some_and(|slot| slot.count > 0) {
                at = (at + 1) & (size - 1);
            }
            if let Some(slot) = grid.slots.get_mut(at) {
                *slot = Slot { column: *column, row: *row, start, count };
            }
        }
        grid
    }

    /// Multiplication by an odd constant near 2⁶⁴ divided by the golden ratio spreads neighbouring cells (Knuth 6.4).
    #[expect(clippy::cast_sign_loss, reason = "bits are mixed, not counted")]
    fn first_slot(&self, column: i32, row: i32) -> usize {
        let key = (u64::from(row as u32) << 32) | u64::from(column as u32);
        let mixed = (key ^ (key >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 32) as usize & (self.slots.len() - 1)
    }

    fn cell(&self, column: i32, row: i32) -> &[Entry] {
        let mut at = self.first_slot(column, row);
        loop {
            match self.slots.get(at) {
                Some(slot) if slot.count == 0 => return &[],
                Some(slot) if slot.column == column && slot.row == row => {
                    let start = slot.start as usize;
                    return self.entries.get(start..start + slot.count as usize).unwrap_or_default();
                }
                Some(_) => at = (at + 1) & (self.slots.len() - 1),
                None => return &[],
            }
        }
    }

    /// Calls `each` once with every entry whose box meets this one, which lies in -180…180.
    fn visit(&self, bounds: &Bounds, mut each: impl FnMut(&Entry)) {
        let asked = Cells::of(bounds, self.cells_per_degree);
        if asked.is_one() {
            let entries = self.cell(asked.columns.0, asked.rows.0).iter();
            return entries.filter(|entry| entry.bounds.bounds().meets(bounds)).for_each(each);
        }
        asked.each(|column, row| {
            // A box lies in several cells; it is met in the first of those that were asked for.
            let is_first =
                |entry: &&Entry| column == entry.column.max(asked.columns.0) && row == entry.row.max(asked.rows.0);
            let entries = self.cell(column, row).iter().filter(is_first);
            entries.filter(|entry| entry.bounds.bounds().meets(bounds)).for_each(&mut each);
        });
    }
}

/// Items with one or more boxes each, found by place.
#[derive(Clone, Debug, Default)]
pub(super) struct BoxIndex {
    grids: Vec<Grid>,
}

impl BoxIndex {
    /// Makes the index from the boxes of each item, all in -180…180. Items are known by their numbers.
    pub fn new<Boxes: Iterator<Item = Bounds>>(items: impl Iterator<Item = Boxes>) -> Self {
        let mut by_size: [Vec<(OuterBounds, u32)>; CELLS.len()] = Default::default();
        for (item, boxes) in items.enumerate() {
            let boxes: Vec<Bounds> = boxes.collect();
            let item = number(item) | if boxes.len() > 1 { SEVERAL } else { 0 };
            for bounds in boxes.iter().filter(|bounds| bounds.west <= bounds.east) {
                let size = (bounds.east - bounds.west).max(bounds.north - bounds.south);
                let grid = CELLS.iter().position(|cell| size <= cell * MOST_CELLS).unwrap_or(CELLS.len() - 1);
                if let Some(entries) = by_size.get_mut(grid) {
                    entries.push((OuterBounds::of(bounds), item));
                }
            }
        }
        let grids = CELLS.iter().zip(&by_size).filter(|(_, entries)| !entries.is_empty());
        Self { grids: grids.map(|(cell, entries)| Grid::new(*cell, entries)).collect() }
    }

    /// Calls `each` once with every box that meets this one, and its item. Where the box that is asked for reaches beyond
    /// ±180, it goes on at the other side.
    pub fn visit(&self, bounds: &Bounds, mut each: impl FnMut(Found)) {
        let (first, second) = wrapped(bounds);
        for grid in &self.grids {
            grid.visit(&first, |entry| each(Found::of(entry)));
        }
        let Some(second) = second else { return };
        for grid in &self.grids {
            // What is as wide as the world meets both sides.
            grid.visit(&second, |entry| {
                if !entry.bounds.bounds().meets(&first) {
                    each(Found::of(entry));
                }
            });
        }
    }
}

/// A box that was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// Number of the item.
    pub item: usize,
    /// Whether the item has other boxes, so that it may be found again.
    pub several: bool,
    /// The box, a little larger than it was given.
    pub bounds: Bounds,
}

impl Found {
    fn of(entry: &Entry) -> Self {
        Self {
            item: (entry.item & !SEVERAL) as usize,
            several: entry.item & SEVERAL != 0,
            bounds: entry.bounds.bounds(),
        }
    }
}

/// The parts of a box on both sides of the antimeridian.
pub(super) fn wrapped(bounds: &Bounds) -> (Bounds, Option<Bounds>) {
    let whole = Bounds { west: -180.0, east: 180.0, ..*bounds };
    if bounds.west >= -180.0 && bounds.east <= 180.0 {
        (*bounds, None)
    } else if bounds.east - bounds.west >= 360.0 {
        (whole, None)
    } else if bounds.west < -180.0 {
        (Bounds { west: -180.0, ..*bounds }, Some(Bounds { west: bounds.west + 360.0, ..whole }))
    } else {
        (Bounds { east: 180.0, ..*bounds }, Some(Bounds { east: bounds.east - 360.0, ..whole }))
    }
}

/// More than two thousand million zones do not fit into memory.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
