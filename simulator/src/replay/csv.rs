//! Tracks in CSV.
//!
//! Needed are the columns `vehicle`, `time`, `lat`, `lon`; `speed_kmh`, `heading_deg`, `accuracy_m`, `altitude_m`,
//! `satellites`, `seq`, `ignition` and `driver` are known. A [`ColumnMap`] tells which column of a file is which field.
//! Every other column is kept under its own name and taken for nothing else: a column called `speed` has no unit and is
//! no speed in km/h.

use std::{
    collections::HashMap,
    fs::File,
    path::{Path, PathBuf},
    str::FromStr,
};

use chrono::{DateTime, Utc};
use csv::{Reader, StringRecord};
use serde_json::{Map, Value, json};

use super::{Record, Records, TrackError};
use crate::numbers::whole;

const NEEDED: [&str; 4] = ["vehicle", "time", "lat", "lon"];
const NUMBERS: [&str; 6] = ["lat", "lon", "speed_kmh", "heading_deg", "accuracy_m", "altitude_m"];
const WHOLE_NUMBERS: [&str; 2] = ["satellites", "seq"];
const TEXTS: [&str; 2] = ["vehicle", "driver"];
const KNOWN_OTHERS: [&str; 2] = ["time", "ignition"];

/// Above this, a number is a time in milliseconds, not seconds: in seconds it would be the year 5138.
const MILLISECONDS_FROM: f64 = 1e11;

/// Which column of a file is which field, as `field=column,field=column`. Fields that it does not name are looked for
/// under their own names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnMap {
    field_by_column: HashMap<String, String>,
}

impl FromStr for ColumnMap {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut field_by_column = HashMap::new();
        for pair in text.split(',').filter(|pair| !pair.trim().is_empty()) {
            let (field, column) =
                pair.split_once('=').ok_or_else(|| format!("{pair:?} is not of the form field=column"))?;
            let (field, column) = (field.trim(), column.trim());
            let known = [&NUMBERS[..], &WHOLE_NUMBERS, &TEXTS, &KNOWN_OTHERS].concat();
            if !known.contains(&field) {
                return Err(format!("{field:?} is no field; known are {}", known.join(", ")));
            }
            if field_by_column.insert(column.to_owned(), field.to_owned()).is_some() {
                return Err(format!("column {column:?} cannot be two fields"));
            }
        }
        Ok(Self { field_by_column })
    }
}

impl ColumnMap {
    /// The field that a column is, or the column's own name.
    fn field(&self, column: &str) -> String {
        if let Some(field) = self.field_by_column.get(column) {
            return field.clone();
        }
        // A column whose name is a field that another column was named for is not that field.
        let taken = self.field_by_column.values().any(|field| field == column);
        if taken { format!("{column}_column") } else { column.into() }
    }
}

/// Opens a CSV track.
///
/// # Errors
/// When it cannot be read or lacks a needed column. Faulty rows come out as errors of their own.
pub fn open(file: &Path, columns: &ColumnMap) -> Result<Records, TrackError> {
    let error = |reason: String| TrackError { file: file.into(), at: None, reason };
    let mut reader = Reader::from_path(file).map_err(|cause| error(cause.to_string()))?;
    let header = reader.headers().map_err(|cause| error(cause.to_string()))?;
    let fields: Vec<String> = header.iter().map(|column| columns.field(column.trim())).collect();
    if let Some(missing) = NEEDED.iter().find(|needed| !fields.iter().any(|field| field == *needed)) {
        let found = header.iter().collect::<Vec<_>>().join(", ");
        return Err(error(format!(
            "no column {missing}; the columns are {found}. Say which one it is: --column-map {missing}=COLUMN"
        )));
    }
    Ok(Box::new(Rows { file: file.into(), reader, fields, row: StringRecord::new() }))
}

struct Rows {
    file: PathBuf,
    reader: Reader<File>,
    fields: Vec<String>,
    row: StringRecord,
}

impl Iterator for Rows {
    type Item = Result<Record, TrackError>;

    fn next(&mut self) -> Option<Self::Item> {
        let error = |at: String, reason: String| TrackError { file: self.file.clone(), at: Some(at), reason };
        match self.reader.read_record(&mut self.row) {
            Ok(false) => None,
            Ok(true) => {
                let line = self.row.position().map_or(0, csv::Position::line);
                let at = |field: &str| format!("line {line}, {field}");
                Some(record(&self.fields, &self.row).map_err(|(field, reason)| error(at(&field), reason)))
            }
            Err(cause) => {
                let line = cause.position().map_or(0, csv::Position::line);
                Some(Err(error(format!("line {line}"), cause.to_string())))
            }
        }
    }
}

/// The record of a row, or which field is wrong and why.
fn record(fields: &[String], row: &StringRecord) -> Result<Record, (String, String)> {
    let mut vehicle = None;
    let mut time = None;
    let mut rest = Map::new();
    for (field, text) in fields.iter().zip(row.iter().map(str::trim)) {
        let wrong = |wanted: &str| (field.clone(), format!("{text:?} is not {wanted}"));
        if text.is_empty() {
            continue;
        }
        match field.as_str() {
            "vehicle" => vehicle = Some(text.to_owned()),
            "time" => time = Some(read_time(text).ok_or_else(|| wrong(WANTED_TIME))?),
            number if NUMBERS.contains(&number) => {
                let number: f64 = text.parse().map_err(|_| wrong("a number"))?;
                let most = match field.as_str() {
                    "lat" => 90.0,
                    "lon" => 180.0,
                    _ => f64::MAX,
                };
                if !(-most..=most).contains(&number) {
                    return Err(wrong(&format!("within ±{most}")));
                }
                rest.insert(field.clone(), json!(number));
            }
            number if WHOLE_NUMBERS.contains(&number) => {
                let number: i64 = text.parse().map_err(|_| wrong("a whole number"))?;
                rest.insert(field.clone(), json!(number));
            }
            "ignition" => {
                let on = match text.to_ascii_lowercase().as_str() {
                    "true" | "1" | "on" | "yes" => true,
                    "false" | "0" | "off" | "no" => false,
                    _ => return Err(wrong("true or false")),
                };
                rest.insert(field.clone(), json!(on));
            }
            text_field if TEXTS.contains(&text_field) => {
                rest.insert(field.clone(), json!(text));
            }
            _ => {
                rest.insert(field.clone(), unknown(text));
            }
        }
    }
    let missing = |field: &str| (field.to_owned(), "it is empty".to_owned());
    if let Some(place) = ["lat", "lon"].into_iter().find(|field| !rest.contains_key(*field)) {
        return Err(missing(place));
    }
    Ok(Record {
        vehicle: vehicle.ok_or_else(|| missing("vehicle"))?,
        time: time.ok_or_else(|| missing("time"))?,
        fields: rest,
    })
}

const WANTED_TIME: &str =
    "a time: RFC 3339 with an offset, as in 2026-11-24T08:15:30Z, or seconds or milliseconds since 1970";

/// RFC 3339, or seconds or milliseconds since 1970.
fn read_time(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.to_utc());
    }
    let number: f64 = text.parse().ok().filter(|number: &f64| number.is_finite())?;
    let seconds = if number.abs() >= MILLISECONDS_FROM { number / 1000.0 } else { number };
    DateTime::from_timestamp_micros(whole((seconds * 1e6).round()))
}

/// The value of a column that means nothing here: a number if it looks like one, else text.
fn unknown(text: &str) -> Value {
    let leading_zero = text.len() > 1 && text.starts_with('0') && !text.starts_with("0.");
    match serde_json::from_str(text) {
        Ok(Value::Number(number)) if !leading_zero => Value::Number(number),
        _ => json!(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, columns: &str) -> Result<Vec<Record>, TrackError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("track.csv");
        std::fs::write(&file, text).unwrap();
        open(&file, &columns.parse().unwrap())?.collect()
    }

    #[test]
    fn unknown_columns_are_kept_and_taken_for_nothing_else() {
        let rows = "vehicle,time,lat,lon,speed_upstream,route\n2422,2016-01-17T14:04:43-06:00,30.302622,-97.74471,4.91744,007\n";
        let records = read(rows, "").unwrap();
        let [record] = records.as_slice() else { panic!("{records:?}") };
        assert_eq!((record.vehicle.as_str(), record.time.to_rfc3339().as_str()), ("2422", "2016-01-17T20:04:43+00:00"));
        let expected = json!({ "lat": 30.302622, "lon": -97.74471, "speed_upstream": 4.91744, "route": "007" });
        assert_eq!(Value::Object(record.fields.clone()), expected);
    }

    #[test]
    fn columns_are_mapped_and_empty_cells_left_out() {
        let rows = "id,when,latitude,lng,v,ignition,speed_kmh\nA,1453061083,30,-97,50.5,on,\n";
        let records = read(rows, "vehicle=id,time=when,lat=latitude,lon=lng,speed_kmh=v").unwrap();
        let expected = json!({ "lat": 30.0, "lon": -97.0, "speed_kmh": 50.5, "ignition": true });
        assert_eq!(Value::Object(records[0].fields.clone()), expected);
        assert_eq!(records[0].time.timestamp(), 1_453_061_083);
    }

    #[test]
    fn times_in_seconds_and_milliseconds_are_told_apart() {
        assert_eq!(read_time("1453061083"), read_time("1453061083000"));
        assert_eq!(read_time("1453061083.25").unwrap().timestamp_millis(), 1_453_061_083_250);
        assert_eq!(read_time("2016-01-17 14:04:43"), None, "without an offset it could be any hour");
    }

    #[test]
    fn a_faulty_row_is_named_with_its_line_and_field() {
        for (row, at) in [
            ("A,2016-01-17T14:04:43Z,91,4", "line 3, lat"),
            ("A,2016-01-17T14:04:43Z,NaN,4", "line 3, lat"),
            ("A,yesterday,51,4", "line 3, time"),
            ("A,2016-01-17T14:04:43Z,51,", "line 3, lon"),
            (",2016-01-17T14:04:43Z,51,4", "line 3, vehicle"),
            ("A,2016-01-17T14:04:43Z,51", "line 3"),
        ] {
            let rows = format!("vehicle,time,lat,lon\nA,2016-01-17T14:04:43Z,51,4\n{row}\n");
            let message = read(&rows, "").unwrap_err().to_string();
            assert!(message.contains(at), "{message}");
        }
    }

    #[test]
    fn a_missing_column_is_named_with_the_way_out() {
        let message = read("id,time,lat,lon\n", "").unwrap_err().to_string();
        assert!(message.contains("--column-map vehicle=COLUMN") && message.contains("id, time"), "{message}");
    }

    #[test]
    fn a_map_to_no_field_is_refused() {
        assert!("speed=v".parse::<ColumnMap>().unwrap_err().contains("speed_kmh"));
        assert!("lat".parse::<ColumnMap>().is_err());
        assert!("lat=x,lon=x".parse::<ColumnMap>().is_err());
    }
}
