//! The diamond of a class: grounds, stripes, inner line, symbol and figures.

use std::fmt::Write;

use super::canvas::{BLACK, EDGE, document, filled, stroked, text};
use super::symbols::Symbol;
use crate::domain::HazardClass;

const WHITE: &str = "#FFF";
const ORANGE: &str = "#FF8200";
const RED: &str = "#D6202B";
const GREEN: &str = "#00803C";
const BLUE: &str = "#0063B1";
const YELLOW: &str = "#FFD100";

/// What a label shows. The field is 100 by 100, the inner line 5 from the corners: at height y there is room for
/// y - 5 to either side of the middle, mirrored below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Face {
    upper: &'static str,
    lower: &'static str,
    /// Colour of the symbol and of the inner line around the upper half.
    upper_ink: &'static str,
    /// Colour of the figure and of the inner line around the lower half.
    lower_ink: &'static str,
    stripes: Option<Stripes>,
    symbol: Option<Symbol>,
    writing: Vec<Line>,
    underlined: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stripes {
    /// Red, over the whole label.
    Whole,
    /// Black, over the upper half.
    UpperHalf,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    text: String,
    baseline: u16,
    size: u16,
}

fn line(text: impl Into<String>, baseline: u16, size: u16) -> Line {
    Line { text: text.into(), baseline, size }
}

/// The figure in the bottom corner.
fn figure(digit: impl Into<String>) -> Line {
    line(digit, 87, 19)
}

impl Face {
    /// One ground, one ink.
    fn plain(ground: &'static str, ink: &'static str, symbol: Option<Symbol>, writing: Vec<Line>) -> Self {
        Self {
            upper: ground,
            lower: ground,
            upper_ink: ink,
            lower_ink: ink,
            stripes: None,
            symbol,
            writing,
            underlined: false,
        }
    }

    /// The label of a class (ADR 5.2.2.2.2).
    pub(super) fn of(class: HazardClass) -> Self {
        let plain = Self::plain;
        let digit = || vec![figure(class.class().to_string())];
        // 5.1 and 5.2 show the division, wider and therefore higher up.
        let division = || vec![line(class.to_string(), 79, 17)];
        match (class.class(), class.division()) {
            (1, 1..=3) => plain(ORANGE, BLACK, Some(Symbol::Bomb), vec![line(class.to_string(), 71, 18), figure("1")]),
            (1, 4..=6) => plain(ORANGE, BLACK, None, high_figures(class)),
            (1, _) => plain(ORANGE, BLACK, Some(Symbol::Bomb), digit()),
            (2, 1) => plain(RED, WHITE, Some(Symbol::Flame), digit()),
            (2, 2) => plain(GREEN, WHITE, Some(Symbol::Cylinder), digit()),
            (2, 3) | (6, 1) => plain(WHITE, BLACK, Some(Symbol::Skull), digit()),
            (3, _) => plain(RED, WHITE, Some(Symbol::Flame), digit()),
            (4, 1) => Self { stripes: Some(Stripes::Whole), ..plain(WHITE, BLACK, Some(Symbol::Flame), digit()) },
            (4, 2) => Self { lower: RED, ..plain(WHITE, BLACK, Some(Symbol::Flame), digit()) },
            (4, 3) => plain(BLUE, WHITE, Some(Symbol::Flame), digit()),
            (5, 1) => plain(YELLOW, BLACK, Some(Symbol::FlameOverCircle), division()),
            (5, 2) => Self { upper: RED, upper_ink: WHITE, ..plain(YELLOW, BLACK, Some(Symbol::Flame), division()) },
            (6, 2) => plain(WHITE, BLACK, Some(Symbol::Biohazard), digit()),
            (7, _) => Self {
                upper: YELLOW,
                ..plain(WHITE, BLACK, Some(Symbol::Trefoil), vec![line("RADIOACTIVE", 61, 8), figure("7")])
            },
            (8, _) => Self { lower: BLACK, lower_ink: WHITE, ..plain(WHITE, BLACK, Some(Symbol::Corrosion), digit()) },
            (9, _) => Self::miscellaneous(None),
            _ => plain(WHITE, BLACK, None, vec![line(class.class().to_string(), 64, 40)]),
        }
    }

    /// The label 9A.
    pub(super) fn batteries() -> Self {
        Self::miscellaneous(Some(Symbol::Batteries))
    }

    fn miscellaneous(symbol: Option<Symbol>) -> Self {
        let stripes = Some(Stripes::UpperHalf);
        Self { stripes, underlined: true, ..Self::plain(WHITE, BLACK, symbol, vec![figure("9")]) }
    }

    /// The label as an SVG document.
    pub(super) fn draw(&self, title: &str) -> String {
        let Self { upper, lower, upper_ink, lower_ink, .. } = self;
        let mut body = filled("M0 50L50 0L100 50Z", upper) + &filled("M0 50L50 100L100 50Z", lower);
        body.extend(self.stripes.map(Stripes::draw));
        body.extend(self.symbol.map(|symbol| self.placed(symbol)));
        // The rim of ground keeps a figure readable on stripes.
        let style = format!(r#"fill="{lower_ink}" stroke="{lower}" stroke-width="2.5" paint-order="stroke""#);
        body.extend(self.writing.iter().map(|line| text(&line.text, 50, line.baseline, line.size, &style)));
        if self.underlined {
            body += &filled("M44 88.6H56V90.2H44Z", lower_ink);
        }
        body += &stroked("M5 50L50 5L95 50", 1.5, upper_ink);
        body += &stroked("M5 50L50 95L95 50", 1.5, lower_ink);
        body += &stroked("M50 0L100 50L50 100L0 50Z", 0.8, EDGE);
        document("-1 -1 102 102", title, &body)
    }

    /// The symbol where it has room: on a label of two colours within the upper half.
    fn placed(&self, symbol: Symbol) -> String {
        let drawn = symbol.draw(self.upper_ink, self.upper);
        let place = match symbol {
            Symbol::Flame if self.upper != self.lower => "translate(8 .6) scale(.84)",
            Symbol::Flame => "translate(0 3)",
            Symbol::FlameOverCircle => "translate(0 2)",
            Symbol::Skull => "translate(3 4.4) scale(.94)",
            _ => return drawn,
        };
        format!(r#"<g transform="{place}">{drawn}</g>"#)
    }
}

/// 1.4, 1.5 and 1.6 show their division large in place of a symbol, and the group below it.
fn high_figures(class: HazardClass) -> Vec<Line> {
    let division = line(format!("1.{}", class.division()), 50, 27);
    let group = class.compatibility_group().map(|group| line(group.to_string(), 70, 20));
    [Some(division), group, Some(figure("1"))].into_iter().flatten().collect()
}

impl Stripes {
    /// Seven vertical stripes, 6 wide and 6 apart, cut off at the inner line.
    fn draw(self) -> String {
        let colour = match self {
            Self::Whole => RED,
            Self::UpperHalf => BLACK,
        };
        let mut path = String::new();
        for left in (11_i32..=83).step_by(12) {
            let right = left + 6;
            let edge = |x: i32| 5 + (x - 50).abs();
            let mut corners = vec![(left, edge(left)), (50, 5), (right, edge(right))];
            corners.retain(|(x, _)| (left..=right).contains(x));
            let lower: Vec<(i32, i32)> = match self {
                Self::Whole => corners.iter().rev().map(|(x, y)| (*x, 100 - y)).collect(),
                Self::UpperHalf => vec![(right, 50), (left, 50)],
            };
            for (index, (x, y)) in corners.iter().chain(&lower).enumerate() {
                // Writing to a String cannot fail.
                let _ = write!(path, "{}{x} {y}", if index == 0 { 'M' } else { 'L' });
            }
            path.push('Z');
        }
        filled(&path, colour)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(class: &str) -> Face {
        Face::of(class.parse().unwrap())
    }

    #[test]
    fn labels_have_the_colours_and_symbols_of_the_regulations() {
        let expected = [
            ("1.1D", ORANGE, ORANGE, Some(Symbol::Bomb)),
            ("1.3C", ORANGE, ORANGE, Some(Symbol::Bomb)),
            ("1.4S", ORANGE, ORANGE, None),
            ("1.6N", ORANGE, ORANGE, None),
            ("2.1", RED, RED, Some(Symbol::Flame)),
            ("2.2", GREEN, GREEN, Some(Symbol::Cylinder)),
            ("2.3", WHITE, WHITE, Some(Symbol::Skull)),
            ("3", RED, RED, Some(Symbol::Flame)),
            ("4.1", WHITE, WHITE, Some(Symbol::Flame)),
            ("4.2", WHITE, RED, Some(Symbol::Flame)),
            ("4.3", BLUE, BLUE, Some(Symbol::Flame)),
            ("5.1", YELLOW, YELLOW, Some(Symbol::FlameOverCircle)),
            ("5.2", RED, YELLOW, Some(Symbol::Flame)),
            ("6.1", WHITE, WHITE, Some(Symbol::Skull)),
            ("6.2", WHITE, WHITE, Some(Symbol::Biohazard)),
            ("7", YELLOW, WHITE, Some(Symbol::Trefoil)),
            ("8", WHITE, BLACK, Some(Symbol::Corrosion)),
            ("9", WHITE, WHITE, None),
        ];
        for (class, upper, lower, symbol) in expected {
            let face = face(class);
            assert_eq!((face.upper, face.lower, face.symbol), (upper, lower, symbol), "{class}");
        }
        assert_eq!(face("4.1").stripes, Some(Stripes::Whole));
        assert_eq!(face("9").stripes, Some(Stripes::UpperHalf));
        assert!(face("9").underlined);
    }

    #[test]
    fn figures_stand_in_the_bottom_corner_and_explosives_show_division_and_group() {
        let written = |class: &str| face(class).writing.into_iter().map(|line| line.text).collect::<Vec<_>>();
        assert_eq!(written("1.1D"), ["1.1D", "1"]);
        assert_eq!(written("1.4S"), ["1.4", "S", "1"]);
        assert_eq!(written("2.3"), ["2"]);
        assert_eq!(written("5.2"), ["5.2"]);
        assert_eq!(written("7"), ["RADIOACTIVE", "7"]);
        assert_eq!(written("8"), ["8"]);
        assert_eq!(written("4"), ["4"]);
    }

    #[test]
    fn writing_stays_within_the_inner_line_and_reads_at_48_pixels() {
        for class in ["1", "1.1D", "1.2G", "1.4S", "1.5D", "2", "2.1", "3", "4.1", "5.1", "5.2", "6.2", "7", "8", "9"] {
            for Line { text, baseline, size } in face(class).writing {
                // The widest bold sans-serif in common use (Verdana, DejaVu), in parts of the size.
                let width = |c: char| match c {
                    '.' | 'I' => 0.38,
                    '0'..='9' => 0.70,
                    _ => 0.83,
                };
                let half = f32::from(size) * text.chars().map(width).sum::<f32>() / 2.0;
                let (top, bottom) = (f32::from(baseline) - 0.72 * f32::from(size), f32::from(baseline));
                for height in [top, bottom] {
                    let room = if height < 50.0 { height - 5.0 } else { 95.0 - height };
                    assert!(half <= room, "{class}: {text} needs {half} of {room}");
                }
                assert!(size >= 17 || text == "RADIOACTIVE", "{class}: {text}");
            }
        }
    }

    #[test]
    fn stripes_are_seven_and_end_at_the_inner_line() {
        let drawn = Stripes::UpperHalf.draw();
        assert_eq!(drawn.matches('Z').count(), 7);
        assert!(drawn.contains("M47 8L50 5L53 8L53 50L47 50Z"), "{drawn}");
        assert!(Stripes::Whole.draw().contains("M47 8L50 5L53 8L53 92L50 95L47 92Z"));
    }
}
