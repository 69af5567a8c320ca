//! Reading the data files that ship in the binary: CSV with a header line, every error naming file, line and column.

use std::{fmt::Display, str::FromStr};

use csv::StringRecord;

/// A data file that does not hold what it should.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}, column {column}: {reason}")]
pub struct DataError {
    /// Which file.
    pub file: &'static str,
    /// Line of the file, the header being line 1.
    pub line: u64,
    /// Name of the column; empty when the line as a whole is at fault.
    pub column: String,
    /// What is wrong.
    pub reason: String,
}

/// One line of a data file.
pub(super) struct Row<'a> {
    file: &'static str,
    header: &'a StringRecord,
    record: &'a StringRecord,
}

impl Row<'_> {
    /// An error about this line.
    pub(super) fn error(&self, column: &str, reason: impl Display) -> DataError {
        let line = self.record.position().map_or(0, csv::Position::line);
        DataError { file: self.file, line, column: column.to_owned(), reason: reason.to_string() }
    }

    /// The cell as it stands; an error if the file has no such column.
    pub(super) fn text(&self, column: &str) -> Result<&str, DataError> {
        let cell = self.header.iter().position(|name| name == column).and_then(|index| self.record.get(index));
        cell.ok_or_else(|| self.error(column, "the file has no such column"))
    }

    /// The cell as a value.
    pub(super) fn value<T: FromStr<Err: Display>>(&self, column: &str) -> Result<T, DataError> {
        self.text(column)?.parse().map_err(|error| self.error(column, error))
    }

    /// The cell as a value, or `None` when it is empty.
    pub(super) fn optional<T: FromStr<Err: Display>>(&self, column: &str) -> Result<Option<T>, DataError> {
        if self.text(column)?.is_empty() { Ok(None) } else { self.value(column).map(Some) }
    }

    /// The cell as the values between its `+` signs; none when it is empty.
    pub(super) fn list<T: FromStr<Err: Display>>(&self, column: &str) -> Result<Vec<T>, DataError> {
        let parts = self.text(column)?.split('+').filter(|part| !part.is_empty());
        parts.map(|part| part.parse().map_err(|error| self.error(column, error))).collect()
    }
}

/// Reads every line of `content` with `read`.
pub(super) fn read_rows<T>(
    file: &'static str,
    content: &str,
    mut read: impl FnMut(&Row<'_>) -> Result<T, DataError>,
) -> Result<Vec<T>, DataError> {
    let broken = |error: csv::Error| DataError {
        file,
        line: error.position().map_or(0, csv::Position::line),
        column: String::new(),
        reason: error.to_string(),
    };
    let mut reader = csv::Reader::from_reader(content.as_bytes());
    let header = reader.headers().map_err(broken)?.clone();
    let mut record = StringRecord::new();
    let mut rows = Vec::new();
    while reader.read_record(&mut record).map_err(broken)? {
        rows.push(read(&Row { file, header: &header, record: &record })?);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_file_the_line_and_the_column() {
        let read = |content: &str| read_rows("some.csv", content, |row| row.value::<u16>("metres"));
        assert_eq!(read("metres\n30\n60\n"), Ok(vec![30, 60]));
        assert_eq!(
            read("metres\n30\nfar\n").unwrap_err().to_string(),
            "some.csv, line 3, column metres: invalid digit found in string"
        );
        assert_eq!(
            read("feet\n30\n").unwrap_err().to_string(),
            "some.csv, line 2, column metres: the file has no such column"
        );
        assert_eq!(read("metres,x\n30\n").unwrap_err().line, 2);
    }

    #[test]
    fn an_empty_cell_is_no_value_and_an_empty_list() {
        let read = |content: &str| {
            read_rows("some.csv", content, |row| Ok((row.optional::<u16>("one")?, row.list::<u16>("many")?)))
        };
        assert_eq!(read("one,many\n,\n5,1+2\n"), Ok(vec![(None, vec![]), (Some(5), vec![1, 2])]));
    }
}
