//! The symbols on labels, drawn for the upper half of a diamond in a field of 100 by 100.
//!
//! They are our own drawings of what ADR 5.2.2.2.2 describes in words, kept coarse so that they read at 48 pixels.
//! Everything is a path or a circle in two colours: that of the symbol, and that of the ground it stands on.

use super::canvas::{circle, filled, stroked, turned};

/// A symbol, by the words of ADR 5.2.2.2.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Symbol {
    /// Exploding bomb.
    Bomb,
    /// Flame.
    Flame,
    /// Flame over circle.
    FlameOverCircle,
    /// Gas cylinder.
    Cylinder,
    /// Skull and crossbones.
    Skull,
    /// Three crescents superimposed on a circle.
    Biohazard,
    /// Trefoil.
    Trefoil,
    /// Liquids, spilling from two glass vessels and attacking a hand and a metal.
    Corrosion,
    /// Batteries, one broken and emitting flame: for the lower half.
    Batteries,
}

/// Eleven splinters around a centre at (50, 40).
const SPLINTERS: &str = "M46.4 27.6L48.1 13.1L51.8 27.2ZM53.5 27.6L59.4 22.3L58.3 30.1ZM58.6 30.4L68.6 26.5\
    L61.8 34.8ZM61.8 34.7L71.5 35.4L62.9 40ZM62.9 40L74.5 45.2L61.8 45.3ZM61.4 46L66.9 54.1L57.9 50.2ZM40.7 31.1\
    L38.3 22.6L45.2 28ZM37.7 36L29.2 28L40.4 31.4ZM37.1 40.9L29.2 37.1L37.9 35.6ZM38.2 45.3L24.6 45.4L37.1 40Z\
    M42.1 50.2L33.1 54.1L38.6 46Z";

/// Debris beyond the splinters.
const DEBRIS: &str = "M56.4 15L57 17.6L54.4 18.3L53.8 15.7ZM42.3 16.2L43.9 17.7L42.4 19.4L40.7 17.8ZM66 22.9\
    L65.5 24.9L63.4 24.4L64 22.4ZM32.7 23.2L35 23.8L34.4 26.1L32.1 25.5ZM77.1 40.5L75 41.6L73.9 39.5L76 38.4Z\
    M23.5 39.5L25.5 38.5L26.5 40.5L24.5 41.5Z";

/// A tongue of flame with two side tongues and a core, its foot at y = 51.
const FLAME: &str = "M49 10C51 19 59 23 61 32.5C62.6 30.6 63.4 28 62.8 25.2C67.4 30 69.6 36.6 67.2 42.6C65 48 59 51 50 \
    51C41 51 35 48 32.8 42.6C30.4 36 33.6 29.6 38 24.6C37.8 28 38.6 30.8 40.8 32.6C41 24 47.2 19.4 49 10ZM50.6 \
    30C51.4 36 57.4 37.6 57.4 43C57.4 46.6 54.2 48.4 50 48.4C45.8 48.4 42.6 46.6 42.6 43C42.6 38 49.4 36 50.6 30Z";

/// A skull from above the brow to the teeth, with holes for eyes, nose and between the teeth.
const SKULL: &str = "M50 11C39.6 11 33.6 17.8 33.6 25.6C33.6 30 35.2 32.8 38 34.8C39 35.6 39.4 36.4 39.4 37.6V41C39.4 42.6 \
    40.4 43.6 42 43.6H58C59.6 43.6 60.6 42.6 60.6 41V37.6C60.6 36.4 61 35.6 62 34.8C64.8 32.8 66.4 30 66.4 25.6C66.4 \
    17.8 60.4 11 50 11ZM43 22.6A4.6 4.6 0 0 1 43 31.8A4.6 4.6 0 0 1 43 22.6ZM57 22.6A4.6 4.6 0 0 1 57 31.8A4.6 4.6 0 0 \
    1 57 22.6ZM50 30.4L52.6 36H47.4ZM45 38.8H46.4V43.6H45ZM49.3 38.8H50.7V43.6H49.3ZM53.6 38.8H55V43.6H53.6Z";

impl Symbol {
    /// The symbol as SVG elements.
    pub(super) fn draw(self, ink: &str, ground: &str) -> String {
        match self {
            Self::Bomb => bomb(ink, ground),
            Self::Flame => format!("{}{}", filled(FLAME, ink), bar(54.0, ink)),
            Self::FlameOverCircle => flame_over_circle(ink, ground),
            Self::Cylinder => cylinder(ink),
            Self::Skull => skull(ink, ground),
            Self::Biohazard => biohazard(ink, ground),
            Self::Trefoil => trefoil(ink),
            Self::Corrosion => corrosion(ink),
            Self::Batteries => batteries(ink),
        }
    }
}

/// The line that a symbol stands on.
fn bar(top: f32, ink: &str) -> String {
    format!(r#"<path fill="{ink}" d="M33 {top}h34v2.8h-34z"/>"#)
}

fn bomb(ink: &str, ground: &str) -> String {
    let crack = "M46.2 27L50 34.8L45.2 38.6L52.2 47L50.6 39.6L56 35.6L52.4 27Z";
    let shell = circle(50.0, 40.0, 11.0, ink);
    format!("{shell}{}{}{}", filled(crack, ground), filled(SPLINTERS, ink), filled(DEBRIS, ink))
}

fn flame_over_circle(ink: &str, ground: &str) -> String {
    let flame = format!(r#"<g transform="translate(9 2.4) scale(.82)">{}</g>"#, filled(FLAME, ink));
    let ring = circle(50.0, 44.4, 13.6, ground) + &circle(50.0, 44.4, 11.8, ink) + &circle(50.0, 44.4, 7.4, ground);
    format!("{flame}{ring}{}", bar(58.2, ink))
}

/// A cylinder lying aslant, with its neck and valve.
fn cylinder(ink: &str) -> String {
    let path = "M29 28.6H57C61 28.6 63 32.2 66 33.4H68V30.4H73.6V43.6H68V40.6H66C63 41.8 61 45.4 57 45.4H29C26 45.4 24 41.4 \
        24 37C24 32.6 26 28.6 29 28.6Z";
    format!(r#"<g transform="translate(-1.4 5) rotate(-30 50 36)">{}</g>"#, filled(path, ink))
}

/// The skull over two crossed bones.
fn skull(ink: &str, ground: &str) -> String {
    let cross = stroked("M31 44.6L69 59M69 44.6L31 59", 4.4, ink);
    let ends = [30.4, 42.2, 28.6, 46.0, 28.6, 57.6, 30.6, 61.2];
    let knobs: String = ends
        .chunks_exact(2)
        .filter_map(|end| Some((*end.first()?, *end.last()?)))
        .map(|(x, y)| circle(x, y, 2.8, ink) + &circle(100.0 - x, y, 2.8, ink))
        .collect();
    // A seam of ground around the jaw keeps it apart from the bones.
    let seam = stroked("M39.4 40V41C39.4 42.6 40.4 45 42 45H58C59.6 45 60.6 42.6 60.6 41V40", 2.0, ground);
    format!("{cross}{knobs}{seam}{}", filled(SKULL, ink))
}

/// Three crescents, open outwards, and the ring that shows between their horns.
fn biohazard(ink: &str, ground: &str) -> String {
    // The centres of three circles around (0, 0), one of them straight above.
    let three = |radius: f32, distance: f32, colour: &str| -> String {
        let (across, along) = (distance * 0.866, distance * 0.5);
        let centres = [(0.0, -distance), (across, along), (-across, along)];
        centres.iter().map(|(x, y)| circle(*x, *y, radius, colour)).collect()
    };
    let crescents = three(15.0, 11.0, ink) + &three(10.3, 16.2, ground) + &circle(0.0, 0.0, 3.2, ground);
    let seams = stroked("M0 0V-8M0 0L6.9 4M0 0L-6.9 4", 1.3, ground);
    let arc = stroked("M-7.2 -9.2A11.7 11.7 0 0 1 7.2 -9.2", 3.8, ink);
    let ring: String = [0, 120, 240].iter().map(|degrees| turned(*degrees, &arc)).collect();
    format!(r#"<g transform="translate(50 37.4) scale(.9)">{crescents}{seams}{ring}</g>"#)
}

/// A disc of radius R and three blades of 60 degrees from 1.5 R to 5 R (ADR 5.2.1.7.6).
fn trefoil(ink: &str) -> String {
    let blade = filled("M-2.7 4.677L-9 15.588A18 18 0 0 0 9 15.588L2.7 4.677A5.4 5.4 0 0 1 -2.7 4.677Z", ink);
    let blades: String = [0, 120, 240].iter().map(|degrees| turned(*degrees, &blade)).collect();
    format!(r#"<g transform="translate(50 29.6)">{}{blades}</g>"#, circle(0.0, 0.0, 3.6, ink))
}

/// Two tilted test tubes, drops, a hand and a bar of metal, both eaten into.
fn corrosion(ink: &str) -> String {
    let glass = stroked("M31.4 26.2L36.6 33.8M32 27L43 19.5A3.6 3.6 0 0 1 47 25.5L36 33", 1.7, ink);
    let liquid = filled("M33.6 29.4L45.4 21.6L47 25.5L36 33Z", ink);
    let drops = "M31.6 31.2L33.2 34.8A1.8 1.8 0 1 1 30 34.8ZM28 34L29.6 37.6A1.8 1.8 0 1 1 26.4 37.6Z";
    let tube = glass + &liquid + &filled(drops, ink);
    let hand = "M18.4 41H25.2L26.4 43.6L28.4 41.8L30.4 44.2L32 41H35L40.4 36.4A1.9 1.9 0 0 1 43.2 39L40.4 \
        41.6H46.4A1.8 1.8 0 0 1 46.4 45.2H41.6A1.5 1.5 0 0 1 40.6 48H24C21 48 18.4 47 18.4 45Z";
    let metal = "M55 41H67L68.4 44L70.6 42L73 44.6L74.8 41H81.6V48H55Z";
    format!("{tube}{}{}", mirrored(&tube), filled(&format!("{hand}{metal}"), ink))
}

/// The same on the other side of the middle.
fn mirrored(body: &str) -> String {
    format!(r#"<g transform="matrix(-1 0 0 1 100 0)">{body}</g>"#)
}

/// Three upright cells, the right one broken, with a flame.
fn batteries(ink: &str) -> String {
    let cells = "M31 55.4H34.4V53.6H38V55.4H41.4V71.4H31ZM43.4 55.4H46.8V53.6H50.4V55.4H53.8V71.4H43.4ZM55.8 63.6L58.6 \
        66L60.2 62.6L62.8 66.4L66.2 63.4V71.4H55.8Z";
    let flame = format!(r#"<g transform="translate(46.4 49.4) scale(.29)">{}</g>"#, filled(FLAME, ink));
    format!("{}{flame}", filled(cells, ink))
}
