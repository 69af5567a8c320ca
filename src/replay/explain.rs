//! Why a violation was found: the fixes around it, how they lay to the zone or route, the versions that it was judged by, and
//! the clause that it rests on.

use std::fmt::{self, Write};

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgPool;

use crate::{
    domain::{Fix, RouteId, VehicleId, ViolationId, ZoneId, ZoneVersion},
    engine::{Heard, Judgement, Observation},
    rules::pack::RuleDocument,
    store::{
        StoreError, Visibility, history, replays, rule_packs,
        violations::{self, ViolationRecord},
    },
    world::World,
};

/// How much of the time before and after is shown.
const AROUND: TimeDelta = TimeDelta::minutes(5);
/// Most fixes that are shown around the beginning, and around the end.
const SHOWN: usize = 8;
/// Distances to a boundary are measured up to this, in metres.
const FARTHEST_M: f64 = 20_000.0;

/// Everything that tells why a violation was found.
#[derive(Debug)]
pub struct Explanation {
    record: ViolationRecord,
    rule: Option<RuleDocument>,
    lines: Vec<Line>,
    earlier: Vec<(i32, DateTime<Utc>, serde_json::Value)>,
}

/// One fix or alarm of the vehicle around the violation.
#[derive(Debug)]
struct Line {
    heard: Heard,
    /// Metres to the zone's boundary, positive inside; or from the route.
    distance: Option<String>,
}

/// Gathers why the violation was found. `None` when there is none with this id.
///
/// # Errors
/// When the store cannot be asked, or holds something that does not read.
pub async fn explain(pool: &PgPool, world: &World, id: ViolationId) -> Result<Option<Explanation>, StoreError> {
    let found = violations::by_ids(pool, Visibility::Everything, &[id]).await?;
    let Some(record) = found.into_iter().next() else { return Ok(None) };
    let Some(vehicle) = replays::vehicle_of(pool, id).await? else { return Ok(None) };
    let rule = rule_of(pool, &record).await?;
    let lines = lines(pool, world, vehicle, &record).await?;
    let earlier = replays::earlier_versions(pool, id).await?;
    Ok(Some(Explanation { record, rule, lines, earlier }))
}

/// What the pack says of the rule, in the version by which the violation was judged.
async fn rule_of(pool: &PgPool, record: &ViolationRecord) -> Result<Option<RuleDocument>, StoreError> {
    let pack = rule_packs::one(pool, &record.pack.jurisdiction, record.pack.version).await?;
    let rules =
        pack.and_then(|pack| serde_json::from_value::<Vec<RuleDocument>>(pack.document.get("rule")?.clone()).ok());
    let own_name = record.subject.strip_prefix("custom/");
    Ok(rules.into_iter().flatten().find(|rule| rule.key.as_str() == record.rule && rule.name.as_deref() == own_name))
}

async fn lines(
    pool: &PgPool,
    world: &World,
    vehicle: VehicleId,
    record: &ViolationRecord,
) -> Result<Vec<Line>, StoreError> {
    let ended = record.closed_at.unwrap_or(record.opened_at);
    let past = history::load(pool, vehicle, record.opened_at - AROUND, Some(ended + AROUND)).await?;
    let time = |heard: &Heard| heard.observation.moment().time;
    let around = |edge: DateTime<Utc>| {
        let at = past.heard.partition_point(|heard| time(heard) < edge);
        at.saturating_sub(SHOWN / 2)..(at + SHOWN / 2).min(past.heard.len())
    };
    let (begin, end) = (around(record.opened_at), around(ended));
    let shown = past.heard.iter().enumerate().filter(|(number, _)| begin.contains(number) || end.contains(number));
    let lines = shown.map(|(_, heard)| {
        let distance = match &heard.observation {
            Observation::Fix(fix) => distance(world, record, fix),
            Observation::Event(_) => None,
        };
        Line { heard: heard.clone(), distance }
    });
    Ok(lines.collect())
}

/// How the fix lies to what the violation is about.
fn distance(world: &World, record: &ViolationRecord, fix: &Fix) -> Option<String> {
    if let Some(zone) = &record.zone {
        let known = world.zone_version(ZoneId(zone.id), ZoneVersion(zone.version))?;
        let metres = known.area.boundary_nearer_than_m(fix.place, FARTHEST_M)?;
        let side = if known.area.contains(fix.place) { "inside" } else { "outside" };
        return Some(format!("{metres:.1} m {side}"));
    }
    let route = record.subject.strip_prefix("route/")?.parse().ok()?;
    let nearest = world.route(RouteId(route))?.line.follow(fix.place, None, f64::INFINITY)?;
    Some(format!("{:.1} m off, at {:.0} m of the route", nearest.distance_m, nearest.along_m))
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let record = &self.record;
        writeln!(f, "{} of {}/{} about {}", record.rule, record.operator, record.vehicle, record.subject)?;
        let ended = record.closed_at.map_or_else(|| "still open".into(), |at| at.to_rfc3339());
        writeln!(f, "  began      {}, {}", record.opened_at.to_rfc3339(), record.entry)?;
        writeln!(f, "  ended      {ended}")?;
        writeln!(f, "  severity   {}, {}", record.severity, record.certainty)?;
        if !record.situation.is_empty() {
            writeln!(f, "  situation  {}", record.situation)?;
        }
        if let Some(peak) = record.peak {
            let limit = record.limit.map(|limit| format!(", held against {limit}")).unwrap_or_default();
            writeln!(f, "  peak       {peak}{limit}")?;
        }
        if record.cargo_unknown {
            writeln!(f, "  cargo      unknown: the most restrictive was assumed")?;
        }
        if let Some(exemption) = record.exempted_by {
            writeln!(f, "  exempted   by exemption {exemption}")?;
        }
        if record.detected_late {
            writeln!(f, "  late       found long after it began")?;
        }
        if let Some(at) = record.withdrawn_at {
            writeln!(f, "  withdrawn  {}: late data showed that it did not happen", at.to_rfc3339())?;
        }
        let zone =
            record.zone.as_ref().map(|zone| format!(", zone {} \"{}\" version {}", zone.id, zone.name, zone.version));
        let pack = &record.pack;
        writeln!(
            f,
            "Judged by the world in version {}{}, rule pack {} version {}.",
            record.world_version,
            zone.unwrap_or_default(),
            pack.jurisdiction,
            pack.version
        )?;
        match &self.rule {
            Some(rule) => {
                let mark = serde_json::to_value(rule.mark).ok();
                let mark = mark.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
                writeln!(f, "  clause     {} ({mark}; informational, not legal advice)", rule.citation)?;
                writeln!(f, "  severity   {}", rule.severity)?;
                let parameters = serde_json::Value::Object(rule.parameters.clone());
                writeln!(f, "  parameters {parameters}, and defaults")?;
            }
            None => writeln!(f, "  clause     not available: this version of the pack has no such rule")?,
        }
        writeln!(f, "What was heard around its beginning and end:")?;
        for line in &self.lines {
            writeln!(f, "  {}", line.text()?)?;
        }
        for (version, replaced_at, said) in &self.earlier {
            let of = |name: &str| said.get(name).map(ToString::to_string).unwrap_or_default();
            writeln!(
                f,
                "Version {version}, until {}: {} to {}",
                replaced_at.to_rfc3339(),
                of("opened_at"),
                of("closed_at")
            )?;
        }
        Ok(())
    }
}

impl Line {
    fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        match &self.heard.observation {
            Observation::Fix(fix) => {
                write!(text, "{}  {:>10.6} {:>11.6}", fix.key.time.to_rfc3339(), fix.place.lat(), fix.place.lon())?;
                let or_dash = |value: Option<f64>, unit: &str| {
                    value.map_or_else(|| format!("- {unit}"), |value| format!("{value:.1} {unit}"))
                };
                write!(text, "  {:>11}", or_dash(fix.speed_kmh, "km/h"))?;
                write!(text, "  ± {:>7}", or_dash(fix.accuracy_m, "m"))?;
                if let Some(distance) = &self.distance {
                    write!(text, "  {distance}")?;
                }
            }
            Observation::Event(event) => write!(text, "{}  alarm {}", event.time.to_rfc3339(), event.kind)?,
        }
        match self.heard.judgement {
            Judgement::Judged => {}
            Judgement::TooLate => text.push_str("  came too late to be judged"),
            Judgement::Implausible => text.push_str("  implausible, not judged"),
        }
        Ok(text)
    }
}
