//! What the commands print: results on standard output. Logs go elsewhere, to standard error.

use std::io::{self, Write};

/// Prints lines on standard output. A reader that has seen enough and closed its end (`| head`) is no failure.
///
/// # Errors
/// When standard output cannot be written, e.g. to a full disk.
pub fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Sets rows of two columns below each other, the first padded to its widest.
#[must_use]
pub fn table(rows: &[(&str, String)]) -> String {
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    rows.iter().map(|(name, value)| format!("{name:width$}  {value}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_lines_its_values_up() {
        let rows = [("fixes", "34909".to_owned()), ("seconds", "3.2".to_owned())];
        assert_eq!(table(&rows), "fixes    34909\nseconds  3.2");
    }
}
