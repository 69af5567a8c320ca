//! Tracks in GPX 1.0 and 1.1: each `<trk>` is a vehicle.
//!
//! A track is named by its `<name>`, or by the file where it has none. Points without a time or a place cannot be fixes
//! and are refused. `<ele>` is kept as the altitude, `<speed>` (GPX 1.0 and Garmin's extension, m/s) as `speed_kmh`,
//! `<course>` as the heading, `<sat>` as the satellites. Several tracks are merged by time, each keeping its own order.

use std::{collections::VecDeque, path::Path};

use chrono::{DateTime, Utc};
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use serde_json::{Map, json};

use super::{Record, Records, TrackError};
use crate::numbers::rounded;

/// Opens a GPX track.
///
/// # Errors
/// When the file cannot be read, is not XML, or a point lacks its place or time.
pub fn open(file: &Path) -> Result<Records, TrackError> {
    let error = |at: Option<String>, reason: String| TrackError { file: file.into(), at, reason };
    let text = std::fs::read_to_string(file).map_err(|cause| error(None, cause.to_string()))?;
    let stem = file.file_stem().map_or_else(|| "track".into(), |stem| stem.to_string_lossy().into_owned());
    let tracks = parse(&text, &stem).map_err(|(at, reason)| error(Some(at), reason))?;
    Ok(Box::new(Merged { tracks }.map(Ok)))
}

/// A point as far as it is read.
#[derive(Default)]
struct Point {
    time: Option<DateTime<Utc>>,
    fields: Map<String, serde_json::Value>,
}

/// All tracks of a document. Errors come with the byte at which they were met.
fn parse(text: &str, stem: &str) -> Result<Vec<VecDeque<Record>>, (String, String)> {
    let mut reader = Reader::from_str(text);
    let mut tracks: Vec<(Option<String>, VecDeque<Record>)> = Vec::new();
    let mut point: Option<Point> = None;
    let mut in_track = false;
    let mut content = String::new();
    loop {
        let at = format!("byte {}", reader.buffer_position());
        let wrong = |reason: String| (at.clone(), reason);
        let event = reader.read_event().map_err(|cause| wrong(cause.to_string()))?;
        match event {
            Event::Eof => break,
            Event::Start(start) => {
                content.clear();
                match start.local_name().as_ref() {
                    "trk" => {
                        in_track = true;
                        tracks.push((None, VecDeque::new()));
                    }
                    "trkpt" => point = Some(place(&start).map_err(wrong)?),
                    _ => {}
                }
            }
            Event::Empty(empty) if empty.local_name().as_ref() == "trkpt" => {
                return Err(wrong("a track point has no time, so it cannot be replayed".into()));
            }
            Event::Text(piece) => content.push_str(&piece.xml10_content()),
            Event::CData(piece) => content.push_str(&piece.xml10_content()),
            Event::GeneralRef(entity) => match entity.resolve_char_ref().map_err(|cause| wrong(cause.to_string()))? {
                Some(character) => content.push(character),
                None => content.push_str(&resolved(&entity.xml10_content())),
            },
            Event::End(end) => {
                let name = end.local_name();
                match (name.as_ref(), &mut point, tracks.last_mut()) {
                    ("trkpt", open, Some((_, records))) => {
                        let done = open.take().unwrap_or_default();
                        let time = done
                            .time
                            .ok_or_else(|| wrong("a track point has no time, so it cannot be replayed".into()))?;
                        records.push_back(Record { vehicle: String::new(), time, fields: done.fields });
                    }
                    (field, Some(point), _) => point.set(field, content.trim()).map_err(wrong)?,
                    ("trk", _, _) => in_track = false,
                    ("name", None, Some((name @ None, _))) if in_track => *name = Some(content.trim().to_owned()),
                    _ => {}
                }
                content.clear();
            }
            _ => {}
        }
    }
    Ok(named(tracks, stem))
}

impl Point {
    /// Takes in what a child element of a point says.
    fn set(&mut self, field: &str, text: &str) -> Result<(), String> {
        let number = |what: &str| {
            let number = text.parse().ok().filter(|number: &f64| number.is_finite());
            number.ok_or_else(|| format!("the {what} of a track point, {text:?}, is not a number"))
        };
        match field {
            "time" => {
                let time = DateTime::parse_from_rfc3339(text);
                let time = time.map_err(|_| format!("{text:?} is not a time as in 2026-11-24T08:15:30Z"))?;
                self.time = Some(time.to_utc());
            }
            "ele" => drop(self.fields.insert("altitude_m".into(), json!(number("elevation")?))),
            "speed" => drop(self.fields.insert("speed_kmh".into(), json!(rounded(number("speed")? * 3.6, 3)))),
            "course" => drop(self.fields.insert("heading_deg".into(), json!(number("course")?.rem_euclid(360.0)))),
            "sat" => {
                let satellites: u16 = text.parse().map_err(|_| format!("{text:?} is no number of satellites"))?;
                self.fields.insert("satellites".into(), json!(satellites));
            }
            _ => {}
        }
        Ok(())
    }
}

/// The attributes of a point.
fn place(start: &BytesStart<'_>) -> Result<Point, String> {
    let mut point = Point::default();
    for (name, most) in [("lat", 90.0), ("lon", 180.0)] {
        let attribute = start.try_get_attribute(name).map_err(|cause| cause.to_string())?;
        let text = attribute.ok_or_else(|| format!("a track point has no {name}"))?;
        let text = text.value.into_owned();
        let number = text.trim().parse().ok().filter(|number: &f64| (-most..=most).contains(number));
        let number = number.ok_or_else(|| format!("{name} {text:?} is not within ±{most}"))?;
        point.fields.insert(name.into(), json!(number));
    }
    Ok(point)
}

/// The five entities of XML itself; any other stays as it is written.
fn resolved(entity: &str) -> String {
    match entity {
        "amp" => "&".into(),
        "lt" => "<".into(),
        "gt" => ">".into(),
        "apos" => "'".into(),
        "quot" => "\"".into(),
        other => format!("&{other};"),
    }
}

/// Gives every record its vehicle: the track's name, or the file's with a number where there are several.
fn named(tracks: Vec<(Option<String>, VecDeque<Record>)>, stem: &str) -> Vec<VecDeque<Record>> {
    let several = tracks.len() > 1;
    let mut taken: Vec<String> = Vec::new();
    tracks
        .into_iter()
        .enumerate()
        .map(|(index, (name, mut records))| {
            let numbered = format!("{stem}-{}", index + 1);
            let fallback = if several { numbered.clone() } else { stem.to_owned() };
            let mut name = name.filter(|name| !name.is_empty()).unwrap_or(fallback);
            if taken.contains(&name) {
                name = numbered;
            }
            for record in &mut records {
                record.vehicle.clone_from(&name);
            }
            taken.push(name);
            records
        })
        .collect()
}

/// Takes from all tracks the earliest next record.
struct Merged {
    tracks: Vec<VecDeque<Record>>,
}

impl Iterator for Merged {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        let heads = self.tracks.iter().enumerate();
        let earliest = heads.filter_map(|(index, track)| Some((track.front()?.time, index))).min();
        self.tracks.get_mut(earliest?.1)?.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Record>, TrackError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("rit.gpx");
        std::fs::write(&file, text).unwrap();
        open(&file)?.collect()
    }

    fn point(second: u8, inner: &str) -> String {
        format!(r#"<trkpt lat="51.9" lon="4.4"><time>2026-11-24T08:00:{second:02}Z</time>{inner}</trkpt>"#)
    }

    #[test]
    fn a_point_keeps_altitude_speed_course_and_satellites() {
        let inner = "<ele>3.5</ele><sat>9</sat><extensions><x:TrackPointExtension><x:speed>10</x:speed>\
                     <x:course>450</x:course></x:TrackPointExtension></extensions>";
        let records = read(&format!("<gpx xmlns:x='u'><trk><trkseg>{}</trkseg></trk></gpx>", point(1, inner))).unwrap();
        let expected = json!({ "lat": 51.9, "lon": 4.4, "altitude_m": 3.5, "satellites": 9, "speed_kmh": 36.0,
                               "heading_deg": 90.0 });
        assert_eq!(serde_json::Value::Object(records[0].fields.clone()), expected);
        assert_eq!(records[0].vehicle, "rit", "named by the file");
    }

    #[test]
    fn several_tracks_are_several_vehicles_merged_by_time() {
        let one = format!("<trk><name>Truck &amp; Co</name><trkseg>{}{}</trkseg></trk>", point(1, ""), point(9, ""));
        let other = format!("<trk><trkseg>{}{}</trkseg></trk>", point(3, ""), point(2, ""));
        let records = read(&format!("<gpx>{one}{other}</gpx>")).unwrap();
        let order: Vec<(&str, i64)> =
            records.iter().map(|record| (record.vehicle.as_str(), record.time.timestamp() % 60)).collect();
        assert_eq!(order, [("Truck & Co", 1), ("rit-2", 3), ("rit-2", 2), ("Truck & Co", 9)]);
    }

    #[test]
    fn what_cannot_be_a_fix_is_refused_with_the_place() {
        for (bad, word) in [
            ("<gpx><trk><trkseg><trkpt lat='51' lon='4'/></trkseg></trk></gpx>", "no time"),
            ("<gpx><trk><trkseg><trkpt lat='51' lon='4'></trkpt></trkseg></trk></gpx>", "no time"),
            ("<gpx><trk><trkseg><trkpt lat='951' lon='4'></trkpt></trkseg></trk></gpx>", "±90"),
            ("<gpx><trk><trkseg><trkpt lat='51'></trkpt></trkseg></trk></gpx>", "no lon"),
            ("<gpx><trk></gpx>", "byte"),
        ] {
            let message = read(bad).unwrap_err().to_string();
            assert!(message.contains(word) && message.contains("byte"), "{message}");
        }
    }
}
