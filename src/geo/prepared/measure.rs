//! How large rings are: for the margins, which must fit into narrow places.

use crate::geo::{Bounds, LocalFrame, edges::Edge, projection::sine_of_degrees};

/// The area that a closed run of edges encloses, in square metres.
///
/// On a sphere, ∮ sin φ dλ, taken evenly along each edge; its radius is that of the ellipsoid in the middle of the
/// ring. A ring that runs along a pole's latitude has it on its way, and encloses the pole.
pub(super) fn area_m2(edges: &[Edge], bounds: Bounds) -> f64 {
    let middle = (bounds.south + bounds.north) / 2.0;
    let (frame, sine) = (LocalFrame::at_coord(::geo::Coord { x: 0.0, y: middle }), sine_of_degrees(middle));
    let strips = edges.iter().map(|edge| {
        let height = (sine_of_degrees(edge.from.y) - sine) + (sine_of_degrees(edge.to.y) - sine);
        (edge.to.x - edge.from.x) * height / 2.0
    });
    let cosine = sine_of_degrees(90.0 - middle.abs());
    let square_m_per_steradian =
        if cosine > 0.0 { frame.north_m_per_degree() * frame.east_m_per_degree() / cosine } else { 0.0 };
    strips.sum::<f64>().abs() * 1.0_f64.to_degrees() * square_m_per_steradian
}

/// The length of an edge in metres, measured at its middle.
pub(super) fn length_m(edge: &Edge) -> f64 {
    let frame = LocalFrame::at_coord(::geo::Coord { x: 0.0, y: (edge.from.y + edge.to.y) / 2.0 });
    let (east, north) = (edge.to.x - edge.from.x, edge.to.y - edge.from.y);
    (east * frame.east_m_per_degree()).hypot(north * frame.north_m_per_degree())
}

#[cfg(test)]
mod tests {
    use ::geo::Coord;

    use super::*;

    fn measured(corners: &[(f64, f64)]) -> f64 {
        let at = |number: usize| Coord { x: corners[number].0, y: corners[number].1 };
        let edges: Vec<Edge> = (1..corners.len()).map(|n| Edge { from: at(n - 1), to: at(n) }).collect();
        let bounds = edges.iter().map(Edge::bounds).fold(Bounds::EMPTY, Bounds::joined);
        area_m2(&edges, bounds)
    }

    #[test]
    fn an_area_is_as_large_as_the_ellipsoid_makes_it() {
        // A degree by a degree on the equator, from the tables.
        let square = measured(&[(0.0, -0.5), (1.0, -0.5), (1.0, 0.5), (0.0, 0.5), (0.0, -0.5)]);
        assert!((square / (111_319.5 * 110_574.3) - 1.0).abs() < 1e-4, "{square}");
        let metre = 1.0 / 111_200.0;
        let yard = measured(&[
            (4.0, 51.0),
            (4.0 + metre, 51.0),
            (4.0 + metre, 51.0 + metre),
            (4.0, 51.0 + metre),
            (4.0, 51.0),
        ]);
        assert!((yard - 0.6315).abs() < 0.001, "{yard}");
        // A cap of 1° around the pole: π times the square of 111.69 km.
        let cap =
            measured(&[(-180.0, 89.0), (0.0, 89.0), (180.0, 89.0), (180.0, 90.0), (-180.0, 90.0), (-180.0, 89.0)]);
        assert!((cap / (std::f64::consts::PI * 111_694.0_f64.powi(2)) - 1.0).abs() < 1e-3, "{cap}");
    }
}
