//! What all drawings share: the SVG document around them, its title, fonts and colours.

/// Black of figures, lines and borders.
pub(super) const BLACK: &str = "#000";

/// The cut edge, so that a white drawing shows on white and a black one on black.
pub(super) const EDGE: &str = "#777";

/// Generic fonts only: a drawing refers to nothing outside itself.
const SANS: &str = "Arial,Helvetica,sans-serif";

/// A whole SVG document. The title is what a screen reader says. No ids, so that many drawings fit into one page.
pub(super) fn document(view_box: &str, title: &str, body: &str) -> String {
    let title = escaped(title);
    let name = r#"xmlns="http://www.w3.org/2000/svg""#;
    let head = format!(r#"<svg {name} viewBox="{view_box}" role="img" aria-label="{title}">"#);
    format!("{head}<title>{title}</title>{body}</svg>")
}

/// Bold text, centred on `middle`. `style` holds further attributes, at least the colour.
pub(super) fn text(content: &str, middle: u16, baseline: u16, size: u16, style: &str) -> String {
    let place = format!(r#"x="{middle}" y="{baseline}" text-anchor="middle""#);
    let font = format!(r#"font-family="{SANS}" font-weight="700" font-size="{size}""#);
    format!("<text {place} {font} {style}>{}</text>", escaped(content))
}

/// A filled path; where it crosses itself, it has holes.
pub(super) fn filled(path: &str, ink: &str) -> String {
    format!(r#"<path fill="{ink}" fill-rule="evenodd" d="{path}"/>"#)
}

/// A line along a path.
pub(super) fn stroked(path: &str, width: f32, ink: &str) -> String {
    format!(r#"<path fill="none" stroke="{ink}" stroke-width="{width}" d="{path}"/>"#)
}

/// A disc.
pub(super) fn circle(x: f32, y: f32, radius: f32, ink: &str) -> String {
    format!(r#"<circle cx="{x}" cy="{y}" r="{radius}" fill="{ink}"/>"#)
}

/// Turned around the origin, clockwise.
pub(super) fn turned(degrees: u16, body: &str) -> String {
    format!(r#"<g transform="rotate({degrees})">{body}</g>"#)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_break_out_of_its_place() {
        let drawing = document("0 0 1 1", r#"a < b & "c">"#, "");
        assert!(drawing.contains("<title>a &lt; b &amp; &quot;c&quot;&gt;</title>"), "{drawing}");
    }
}
