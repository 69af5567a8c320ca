//! Shipments that need an attendant: nobody is there; somebody is; somebody gets off for two minutes of driving, which is
//! short enough.

use super::{Ground, Play};
use crate::{life::Span, vehicle::trip::Trip};

pub(super) const PLAY: Play =
    Play { key: "crew_missing", story: "an attendant is missing, is there, and is away for a moment", stage };

fn stage(ground: &mut Ground<'_>) {
    for case in 0..3 {
        let mut tanker = ground.passing(0.0, 200.0, 60.0);
        for shipment in &mut tanker.shipments {
            shipment.escort_required = true;
        }
        if case > 0 {
            tanker.life.escort.set(0.0, "E-3".into());
        }
        if case == 2 {
            let lasts_s = tanker.life.motion.trips().first().map_or(0.0, |(_, trip)| Trip::duration_s(trip));
            let away_s = 200.0 + lasts_s / 2.0;
            tanker.life.escort.during(Span::new(away_s, away_s + 120.0), String::new());
        }
        ground.enter(tanker);
    }
}
