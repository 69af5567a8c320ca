//! Where and when a device has no radio.

use rand::Rng;

use super::Planner;
use crate::{
    life::{Backlog, DeviceLife, Outage, Span},
    world::Kind,
};

impl Planner<'_> {
    /// No radio in tunnels and dead zones, nor now and then elsewhere; most devices keep their fixes.
    pub(super) fn outages(&mut self) -> Vec<Outage> {
        let whole = self.life.whole;
        let mut where_none = Vec::new();
        for zone in &self.world.zones {
            match zone.kind {
                Kind::Tunnel(..) => where_none.extend(self.life.motion.in_tunnel(&zone.name, whole).iter()),
                Kind::DeadZone => {
                    let quiet = DeviceLife::new(0);
                    where_none.extend(crate::truth::inside(&self.life, &quiet, &zone.area).iter());
                }
                _ => {}
            }
        }
        let mut outages: Vec<Outage> = Vec::new();
        let mut add = |span: Span, backlog: Backlog| {
            let apart = outages.iter().all(|other| !other.span.widened(120.0).meets(span));
            if apart && span.from_s > 60.0 && span.to_s < whole.to_s - 300.0 && span.length_s() > 1.0 {
                outages.push(Outage { span, backlog });
            }
        };
        let forgetful = self.rng.random::<f64>() < 0.25;
        let kept = |after_s: f64| Backlog::Sent { after_s, newest_first: false };
        for span in where_none {
            let after_s = self.rng.random_range(0.5..20.0);
            add(span, if forgetful { Backlog::Lost } else { kept(after_s) });
        }
        for _ in 0..self.rng.random_range(0..3) {
            let from_s = self.rng.random_range(0.0..whole.to_s);
            let span = Span::new(from_s, from_s + self.rng.random_range(60.0..1_500.0));
            let newest_first = self.rng.random::<bool>();
            let after_s = self.rng.random_range(0.5..300.0);
            add(span, Backlog::Sent { after_s, newest_first });
        }
        outages.sort_by(|a, b| a.span.from_s.total_cmp(&b.span.from_s));
        outages
    }
}
