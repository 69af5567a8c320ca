//! What the cargo can do to people, and what follows from it: the goods catalogue, tunnel restrictions,
//! high-consequence goods, distances, and the hazard sheet that a responder reads.
//!
//! Everything here is a pure function of the goods lines and of data that ship in the binary ([`Catalogue::builtin`]).
//! Rules ask a [`LoadProfile`], incidents carry a [`HazardSheet`]. Two rules hold throughout. A line that does not say
//! exactly what it means counts as the worst of what it may mean, and the answer says so. A value without a source is
//! left out, never guessed. The data, their sources and how far those agree: `data/PROVENANCE.md`.

pub mod advice;
pub mod catalogue;
pub mod consequence;
pub mod distances;
pub mod drawing;
pub mod entry;
pub mod guide;
pub mod hin;
pub mod load;
pub mod naming;
pub mod order;
mod reading;
pub mod sheet;
pub mod sheet_line;
pub mod spill;
pub mod tunnel;
mod words;

pub use catalogue::{Ambiguity, Catalogue, LookupError, Resolved};
pub use entry::{CatalogueEntry, EntryKey};
pub use load::{LineHazards, LoadLine, LoadProfile};
pub use reading::DataError;
pub use sheet::HazardSheet;
pub use sheet_line::SheetLine;
pub use tunnel::TunnelRestriction;

#[cfg(test)]
mod testing {
    //! What the tests of this module share.

    use std::sync::LazyLock;

    use super::Catalogue;
    use crate::domain::{CarriageMode, GoodsLine};

    static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::builtin().unwrap());

    /// The catalogue in the binary, read once for all tests.
    pub(super) fn catalogue() -> &'static Catalogue {
        &CATALOGUE
    }

    /// A line of goods that states its number and mode only.
    pub(super) fn line(un_number: &str, mode: CarriageMode) -> GoodsLine {
        GoodsLine::new(un_number.parse().unwrap(), mode)
    }
}
