//! Stories of long drives.

use crate::{
    domain::{Episode, Fix, FixKey, RuleKey},
    rules::seconds_between,
    testing::*,
};

/// A vehicle on its way east, with fixes every minute.
pub struct Trip {
    /// How it goes.
    pub story: Story,
    rule: RuleKey,
    minute: f64,
    east_m: f64,
    driver: Option<&'static str>,
    /// What its odometer shows, if it sends that.
    pub odometer_km: Option<f64>,
    seq: i64,
}

impl Trip {
    /// A trip of the driver D-1.
    pub fn new(rule: RuleKey, parts: Parts) -> Self {
        let story = Story::of(parts);
        Self { story, rule, minute: 0.0, east_m: 0.0, driver: Some("D-1"), odometer_km: None, seq: 0 }
    }

    /// Puts somebody at the wheel, or lets the device say nothing of it.
    pub fn driver(mut self, driver: Option<&'static str>) -> Self {
        self.driver = driver;
        self
    }

    fn report(&mut self, speed_kmh: f64) {
        // Several fixes of one moment are told apart.
        self.seq += 1;
        self.story.drive(&[Fix {
            key: FixKey { time: at(self.minute * 60.0), seq: self.seq },
            speed_kmh: Some(speed_kmh),
            driver: self.driver.map(Into::into),
            odometer_km: self.odometer_km,
            ..fix(self.minute * 60.0, self.east_m, 0.0)
        }]);
    }

    /// Drives for so many minutes at 72 km/h.
    pub fn drive(mut self, minutes: u32) -> Self {
        for _ in 0..minutes {
            self.report(72.0);
            self.minute += 1.0;
            self.east_m += 1200.0;
        }
        self
    }

    /// Stands for so many minutes.
    pub fn stand(mut self, minutes: u32) -> Self {
        for _ in 0..minutes {
            self.report(0.0);
            self.minute += 1.0;
        }
        self
    }

    /// Is silent for so many minutes after a last fix at this speed, and is heard again so many km on.
    pub fn vanish(mut self, speed_kmh: f64, minutes: f64, km: f64) -> Self {
        self.report(speed_kmh);
        self.minute += minutes;
        self.east_m += km * 1000.0;
        self
    }

    /// The episodes of the rule, after a last fix of the vehicle, which stands.
    pub fn found(&mut self) -> Vec<Episode> {
        self.report(0.0);
        self.story.of_rule(self.rule).into_iter().cloned().collect()
    }

    /// The only episode of the rule.
    pub fn only(&mut self) -> Episode {
        let found = self.found();
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].clone()
    }

    /// How often the cab was warned of the rule.
    pub fn warnings(&self) -> usize {
        self.story.warnings.iter().filter(|warning| warning.rule == self.rule).count()
    }
}

/// When an episode began, in minutes.
pub fn began_min(episode: &Episode) -> f64 {
    seconds_between(at(0.0), episode.opened_at) / 60.0
}

/// When an episode ended, in minutes.
pub fn ended_min(episode: &Episode) -> Option<f64> {
    episode.closed_at.map(|closed_at| seconds_between(at(0.0), closed_at) / 60.0)
}
