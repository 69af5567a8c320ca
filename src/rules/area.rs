//! Rules about being in a zone: which of them a zone stands for, and since when.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{EpisodeBook, Ground, Scene, Sighting, Step};
use crate::{
    domain::{Certainty, EntryKind, Place, RuleKey, Subject, Zone, ZoneId, ZoneKind, ZoneVersion},
    geo::{CrossingPoint, Presence},
    world::KnownZone,
};

/// Where a vehicle stands towards one zone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ZonePresence {
    /// The zone.
    pub zone: ZoneId,
    /// The version of it that was looked at.
    pub version: ZoneVersion,
    /// Inside, or outside with a foot in the door.
    pub presence: Presence,
    /// What was found at the entry, while it has not lasted long enough to be raised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Waiting>,
}

/// An entry that is raised once the vehicle has stayed long enough.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// Where and when it went in, or was first found.
    pub entered: CrossingPoint,
    /// How sure the entry is.
    pub certainty: Certainty,
}

impl ZonePresence {
    /// Whether the vehicle is inside this version of the zone, with no foot out of the door: without a boundary on its way it
    /// stays so.
    #[must_use]
    pub fn is_settled_in(&self, known: &KnownZone) -> bool {
        self.version == known.zone.version && matches!(self.presence, Presence::Inside { candidate_exit: None, .. })
    }

    /// When and where the vehicle went in, while it is inside.
    #[must_use]
    pub fn entered(&self) -> Option<CrossingPoint> {
        match self.presence {
            Presence::Inside { entered, .. } => Some(entered),
            Presence::Outside { .. } => None,
        }
    }
}

/// A vehicle at the edge of a restricted zone, between two fixes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EdgeCrossing {
    /// The zone.
    pub zone: ZoneId,
    /// The version of it that was looked at.
    pub version: ZoneVersion,
    /// When.
    pub at: DateTime<Utc>,
    /// Where.
    pub place: Place,
    /// How it came in and how sure that is; `None` where it went out.
    pub entered: Option<(EntryKind, Certainty)>,
}

/// What being in a zone means for a cargo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AreaMeaning {
    /// It breaks this rule.
    Breach(RuleKey),
    /// It bears on other rules (a speed limit holds here, stopping is allowed here), so that presence has to be known.
    Context,
}

/// The rules that being in a zone can break by itself.
pub const RULES: [RuleKey; 3] = [RuleKey::ZoneProhibited, RuleKey::TunnelCode, RuleKey::TimeBan];

/// What being in the zone means in this scene; `None` when it does not concern the vehicle now.
#[must_use]
pub fn meaning(known: &KnownZone, scene: &Scene<'_>) -> Option<AreaMeaning> {
    let zone = &known.zone;
    if !scene.world.is_in_effect(zone, scene.time) {
        return None;
    }
    let rules = scene.rules;
    let load = scene.cargo.load();
    let concerned = |predicate| load.is_some_and(|load| load.is_taken_by(predicate));
    match &zone.kind {
        ZoneKind::Prohibited { cargo } => (rules.zone_prohibited.is_some() && concerned(cargo))
            .then_some(AreaMeaning::Breach(RuleKey::ZoneProhibited)),
        ZoneKind::TimeBan { cargo } => {
            (rules.time_ban.is_some() && concerned(cargo)).then_some(AreaMeaning::Breach(RuleKey::TimeBan))
        }
        ZoneKind::Tunnel { .. } => {
            let category = scene.world.tunnel_category(zone, scene.time);
            let forbidden =
                category.zip(load).is_some_and(|(category, load)| load.tunnel_restriction.forbids(category));
            let breach = rules.tunnel_code.is_some() && forbidden;
            Some(if breach { AreaMeaning::Breach(RuleKey::TunnelCode) } else { AreaMeaning::Context })
        }
        ZoneKind::SpeedLimit { cargo, .. } | ZoneKind::Restricted { cargo, .. } => {
            concerned(cargo).then_some(AreaMeaning::Context)
        }
        ZoneKind::StopPlace { .. } | ZoneKind::UnloadingPlace {} | ZoneKind::DeadZone {} => Some(AreaMeaning::Context),
        // These are looked for where a vehicle stands, whether it is in them or not.
        ZoneKind::VulnerablePlace { .. } => None,
    }
}

/// Adds what being in a zone of this kind means for rules that are not about zones.
pub fn add_to_ground(ground: &mut Ground, kind: &ZoneKind) {
    let lower = |limit_kmh: Option<f64>, other_kmh: f64| Some(limit_kmh.map_or(other_kmh, |kmh| kmh.min(other_kmh)));
    match kind {
        ZoneKind::SpeedLimit { limit_kmh, .. } => ground.limit_kmh = lower(ground.limit_kmh, *limit_kmh),
        ZoneKind::Tunnel { .. } => ground.in_tunnel = true,
        ZoneKind::StopPlace { supervised } => {
            ground.in_stop_place = true;
            ground.is_supervised |= supervised;
        }
        ZoneKind::UnloadingPlace {} => ground.in_unloading_place = true,
        ZoneKind::Prohibited { .. }
        | ZoneKind::Restricted { .. }
        | ZoneKind::TimeBan { .. }
        | ZoneKind::DeadZone {}
        | ZoneKind::VulnerablePlace { .. } => {}
    }
}

/// What an episode about the zone is about: its group, where it belongs to one.
#[must_use]
pub fn subject_of(zone: &Zone) -> Subject {
    zone.group.clone().map_or(Subject::Zone(zone.id), Subject::Group)
}

/// Writes into the book that the vehicle is where `rule` forbids it to be.
pub fn see(
    known: &KnownZone,
    rule: RuleKey,
    (since, place): (DateTime<Utc>, Place),
    (entry, certainty): (EntryKind, Certainty),
    scene: &Scene<'_>,
    book: &mut EpisodeBook<'_>,
) {
    let sighting = Sighting {
        subject: subject_of(&known.zone),
        zone: Some((known.zone.id, known.zone.version)),
        certainty,
        entry,
        situation: "",
        since,
        place: Some(place),
        value: None,
        limit: None,
        lower_is_worse: false,
    };
    match rule {
        RuleKey::ZoneProhibited => {
            if let Some(rule) = &scene.rules.zone_prohibited {
                book.see(rule, sighting);
            }
        }
        RuleKey::TunnelCode => {
            if let Some(rule) = &scene.rules.tunnel_code {
                book.see(rule, sighting);
            }
        }
        RuleKey::TimeBan => {
            if let Some(rule) = &scene.rules.time_ban {
                book.see(rule, sighting);
            }
        }
        _ => {}
    }
}

/// When a zone that the vehicle is found in began to concern it: when it came into force, or its schedule switched, since the
/// fix before; else now.
#[must_use]
pub fn began_since(known: &KnownZone, step: &Step<'_>) -> DateTime<Utc> {
    let Some(previous) = step.previous.filter(|_| !step.gap) else { return step.time() };
    let world = step.scene.world;
    let switched = world.last_switch(&known.zone, previous.key.time, step.time());
    let came = Some(known.zone.valid_from).filter(|from| *from > previous.key.time && *from <= step.time());
    switched.max(came).unwrap_or_else(|| step.time())
}

/// When a zone stopped to concern the vehicle: when it went out of force, or its schedule switched, since the fix before; else
/// now.
#[must_use]
pub fn ended_since(known: &KnownZone, step: &Step<'_>) -> DateTime<Utc> {
    let Some(previous) = step.previous else { return step.time() };
    let switched = step.scene.world.last_switch(&known.zone, previous.key.time, step.time());
    let went = known.zone.valid_to.filter(|to| *to > previous.key.time && *to <= step.time());
    switched.or(went).unwrap_or_else(|| step.time())
}
