//! Geometry for the rule engine: where a path meets a zone, how deep, how far.
//!
//! Everything here is pure. Zone edges and the path between two fixes are straight lines in longitude and latitude,
//! as GeoJSON says of edges (RFC 7946 §3.1.1); so whether and where they meet is decided in degrees, with exact
//! predicates. Only distances are taken in metres, in a local projection around the point that asks. Longitudes are kept
//! in -180…180; what crosses the antimeridian or goes round a pole is cut there, and the cut is no boundary.
//!
//! From the outside in: [`zone_shape`] and [`geojson_area`] read what people send, [`validate`] refuses what is no area,
//! [`prepared::PreparedArea`] answers questions about one area, [`index::ZoneIndex`] finds the few areas worth
//! asking, and [`passage`] turns answers into entries and exits. [`route_line::PreparedLine`] answers questions about a
//! route.

mod across;
mod bounds;
mod edge_tree;
mod edges;
mod fold;
mod grid;
mod json;
mod polar;
mod ruler;

pub mod bearing;
pub mod distance;
pub mod geodesic_area;
pub mod geojson_area;
pub mod index;
pub mod passage;
pub mod path;
pub mod prepared;
pub mod projection;
pub mod route_line;
pub mod sun;
pub mod validate;
pub mod zone_shape;

#[cfg(test)]
mod shapes;

pub use bearing::{bearing_deg, normal_deg, turn_deg};
pub use bounds::Bounds;
pub use distance::{destination, geodesic_m, implied_speed_kmh, quick_m};
pub use geodesic_area::{geodesic_circle, geodesic_square};
pub use geojson_area::{area_from_geojson, area_to_geojson, line_from_geojson, line_to_geojson};
pub use index::{Clearance, ZoneIndex};
pub use json::GeometryError;
pub use passage::{CrossingPoint, Margins, PathEnd, Presence, Step, Transition, first_look, step};
pub use path::Path;
pub use prepared::{PreparedArea, Side};
pub use projection::{LocalFrame, LocalPoint};
pub use route_line::{LinePoint, PreparedLine};
pub use validate::{AreaError, AreaFault, check_area};
pub use zone_shape::{ZoneShape, shape_and_area};

use ::geo::Coord;

use crate::domain::Place;

/// A place as a planar coordinate: x is the longitude, y the latitude, in degrees.
fn coord_of(place: Place) -> Coord<f64> {
    Coord { x: place.lon(), y: place.lat() }
}
