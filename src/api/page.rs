//! The page at `/`: a live map, and lists of what needs attention. It is part of the binary, and loads nothing from
//! elsewhere.

use axum::{
    http::{HeaderName, header},
    routing::{MethodRouter, get},
};

use super::state::App;

/// A file of the page.
pub(super) struct File {
    /// Where it is.
    pub(super) path: &'static str,
    media_type: &'static str,
    text: &'static str,
}

/// The files.
pub(super) const FILES: [File; 6] = [
    File { path: "/", media_type: "text/html; charset=utf-8", text: include_str!("page/index.html") },
    File { path: "/app.js", media_type: "text/javascript; charset=utf-8", text: include_str!("page/app.js") },
    File { path: "/incident.js", media_type: "text/javascript; charset=utf-8", text: include_str!("page/incident.js") },
    File { path: "/map.js", media_type: "text/javascript; charset=utf-8", text: include_str!("page/map.js") },
    File { path: "/style.css", media_type: "text/css; charset=utf-8", text: include_str!("page/style.css") },
    File { path: "/icon.svg", media_type: "image/svg+xml", text: include_str!("page/icon.svg") },
];

/// Serves a file. Browsers ask each time, so that page and server never differ.
pub(super) fn serve(file: &'static File) -> MethodRouter<App> {
    let headers: [(HeaderName, &str); 2] =
        [(header::CONTENT_TYPE, file.media_type), (header::CACHE_CONTROL, "no-cache")];
    get(move || async move { (headers, file.text) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_needs_nothing_that_is_not_its_own_and_never_takes_data_for_markup() {
        let paths: Vec<&str> = FILES.iter().map(|file| file.path).collect();
        for file in &FILES {
            for attribute in ["src=\"", "href=\""] {
                for part in file.text.split(attribute).skip(1) {
                    let target = part.split('"').next().unwrap();
                    assert!(paths.contains(&target) || target.starts_with("/api/"), "{} names {target}", file.path);
                }
            }
            for forbidden in ["innerHTML", "insertAdjacentHTML", "document.write", "eval(", "style=\""] {
                assert!(!file.text.contains(forbidden), "{} uses {forbidden}", file.path);
            }
        }
    }
}
