//! Zones as the rules ask about them.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::World;
use crate::{
    domain::{Place, Schedule, TunnelCategory, Zone, ZoneKind},
    geo::{PreparedArea, quick_m},
};

/// A zone with its area made ready for questions.
#[derive(Clone, Debug)]
pub struct KnownZone {
    /// The zone.
    pub zone: Zone,
    /// Its area.
    pub area: Arc<PreparedArea>,
    /// The two ends of a tunnel: the corners of its area that lie farthest apart.
    pub ends: Option<(Place, Place)>,
}

impl From<Zone> for KnownZone {
    /// Makes the zone's area ready for questions.
    fn from(zone: Zone) -> Self {
        let ends = matches!(zone.kind, ZoneKind::Tunnel { .. }).then(|| farthest_corners(&zone)).flatten();
        Self { area: Arc::new(PreparedArea::new(&zone.area)), zone, ends }
    }
}

impl KnownZone {
    /// Whether `place` is in the zone, or nearer to it than `near_m` metres.
    #[must_use]
    pub fn is_within_m(&self, place: Place, near_m: f64) -> bool {
        self.area.contains(place) || self.area.boundary_nearer_than_m(place, near_m).is_some()
    }
}

/// The two corners of the area's outer rings that lie farthest apart.
fn farthest_corners(zone: &Zone) -> Option<(Place, Place)> {
    let corners: Vec<Place> = zone
        .area
        .iter()
        .flat_map(|polygon| polygon.exterior().coords())
        .filter_map(|corner| Place::new(corner.y, corner.x).ok())
        .collect();
    let farthest_from = |place: Place| {
        corners.iter().copied().max_by(|one, other| quick_m(place, *one).total_cmp(&quick_m(place, *other)))
    };
    // From any corner the farthest one is an end of a long narrow area, and from there the other end.
    let one = farthest_from(*corners.first()?)?;
    Some((one, farthest_from(one)?))
}

impl World {
    /// Whether the zone's schedule is on at `time`.
    #[must_use]
    pub fn is_in_effect(&self, zone: &Zone, time: DateTime<Utc>) -> bool {
        zone.schedule.as_ref().is_none_or(|schedule| self.is_on(schedule, time))
    }

    /// Whether the schedule is on at `time`, by the calendar that it names.
    #[must_use]
    pub fn is_on(&self, schedule: &Schedule, time: DateTime<Utc>) -> bool {
        schedule.is_on(time, self.calendar_of(schedule))
    }

    /// The category of a tunnel at `time`; `None` for other zones.
    #[must_use]
    pub fn tunnel_category(&self, zone: &Zone, time: DateTime<Utc>) -> Option<TunnelCategory> {
        let ZoneKind::Tunnel { category, by_time } = &zone.kind else { return None };
        let now = by_time.iter().find(|by_time| self.is_on(&by_time.schedule, time));
        Some(now.map_or(*category, |by_time| by_time.category))
    }

    /// The last moment after `from` and up to `to` at which a schedule of the zone switched.
    #[must_use]
    pub fn last_switch(&self, zone: &Zone, from: DateTime<Utc>, to: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let by_time: &[_] = if let ZoneKind::Tunnel { by_time, .. } = &zone.kind { by_time } else { &[] };
        let schedules = zone.schedule.iter().chain(by_time.iter().map(|by_time| &by_time.schedule));
        let mut last = None;
        for schedule in schedules {
            let mut at = from;
            while let Some(next) = schedule.next_change_after(at, self.calendar_of(schedule)).filter(|next| *next <= to)
            {
                last = last.max(Some(next));
                at = next;
            }
        }
        last
    }
}
