//! The `osm` command, and the options by which others take a map for their world.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use clap::Args;
use placard_simulator::{
    network::osm::{MapCargo, MapOptions, OsmMap},
    output,
};
use serde::Serialize;
use serde_json::json;
use tracing::info;

/// A map in place of what is built in.
#[derive(Args)]
pub struct MapOption {
    /// An OpenStreetMap extract, .osm.pbf, to drive on instead of the built-in region; its tags make the zones.
    #[arg(long = "osm", value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    reading: Reading,
}

impl MapOption {
    /// Reads the map, if there is one, and logs what it has.
    pub fn read(&self) -> anyhow::Result<Option<Arc<OsmMap>>> {
        let Some(file) = &self.file else { return Ok(None) };
        let map = OsmMap::read(file, &self.reading.options())?;
        info!(
            zones.count = map.zones.len(),
            routes.count = map.routes.len(),
            "the map is read\n{}",
            map.summary.to_table()
        );
        Ok(Some(Arc::new(map)))
    }
}

/// What a map itself does not say.
#[derive(Args)]
struct Reading {
    /// Make speed limits zones too; a region has thousands.
    #[arg(long, requires = "file")]
    osm_limits: bool,
    /// Local time of the map, e.g. Europe/Berlin; without it, restrictions at certain times are left out.
    #[arg(long, value_name = "ZONE", requires = "file")]
    osm_time_zone: Option<String>,
    /// The server's calendar of the map's holidays, for restrictions that name holidays.
    #[arg(long, value_name = "CODE", requires = "file")]
    osm_calendar: Option<String>,
    /// Classes that pollute water in the law of the place, e.g. 3,6.1,8,9; without them, UN 3077 and 3082.
    #[arg(long, value_name = "CLASSES", value_delimiter = ',', value_parser = class, requires = "file")]
    osm_water_classes: Vec<String>,
}

impl Reading {
    fn options(&self) -> MapOptions {
        let mut options = MapOptions {
            limits: self.osm_limits,
            time_zone: self.osm_time_zone.clone(),
            calendar: self.osm_calendar.clone(),
            ..MapOptions::default()
        };
        if !self.osm_water_classes.is_empty() {
            options.water_polluting = MapCargo { classes: self.osm_water_classes.clone(), un_numbers: Vec::new() };
        }
        options
    }
}

/// A map on its own, without any server.
#[derive(Args)]
pub struct OsmArgs {
    /// The OpenStreetMap extract, .osm.pbf.
    file: PathBuf,
    /// Write zones.json and routes.json, one body for the API a line, and left-out.json to this directory.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    reading: Reading,
}

/// Reads a map, prints what it has, and writes it if asked to.
pub fn run(args: &OsmArgs) -> anyhow::Result<()> {
    let map = OsmMap::read(&args.file, &args.reading.options())?;
    output::print(&map.summary.to_table())?;
    let Some(directory) = &args.out else { return Ok(()) };
    std::fs::create_dir_all(directory).with_context(|| format!("{} cannot be made", directory.display()))?;
    write(&directory.join("zones.json"), &map.zones)?;
    write(&directory.join("routes.json"), &map.routes)?;
    let left_out = map.summary.left_out.iter().map(|one| json!({ "way": one.way, "what": one.what, "why": one.why }));
    write(&directory.join("left-out.json"), &left_out.collect::<Vec<_>>())
}

/// Writes a JSON array with one element a line.
fn write(path: &Path, elements: &[impl Serialize]) -> anyhow::Result<()> {
    let lines: Vec<String> = elements.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
    let text = format!("[\n{}\n]\n", lines.join(",\n"));
    std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}

fn class(text: &str) -> Result<String, String> {
    let is_class =
        text.starts_with(|c: char| ('1'..='9').contains(&c)) && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    if is_class { Ok(text.into()) } else { Err("wanted is a class or division, e.g. 3 or 6.1".into()) }
}
