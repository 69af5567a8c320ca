//! The rules of one jurisdiction during one period in which none of them changes, ready to judge by.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    document::{Mark, PackError, RuleDocument},
    expression::{Condition, Given, SeverityExpression},
};
use crate::{
    domain::{PackVersion, RuleKey},
    rules::parameters::{self, Parameters},
};

/// One rule, with what its pack says of it.
#[derive(Clone, Debug)]
pub struct Rule<P> {
    /// Which rule.
    pub key: RuleKey,
    /// What an authority calls a rule of its own.
    pub name: Option<Arc<str>>,
    /// What it judges by.
    pub parameters: P,
    /// How grave a violation is.
    pub severity: SeverityExpression,
    /// What it rests on.
    pub citation: Arc<str>,
    /// How far that is known.
    pub mark: Mark,
    /// From when it is in force, if the pack says so of this rule.
    pub effective_from: Option<DateTime<Utc>>,
    /// Until when, if the pack says so of this rule.
    pub effective_to: Option<DateTime<Utc>>,
}

/// What all rules have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSource {
    /// What an authority calls a rule of its own.
    pub name: Option<Arc<str>>,
    /// What it rests on.
    pub citation: Arc<str>,
    /// How far that is known.
    pub mark: Mark,
    /// How grave a violation is, as it is written.
    pub severity: String,
}

impl<P> Rule<P> {
    /// What it rests on.
    #[must_use]
    pub fn source(&self) -> RuleSource {
        RuleSource {
            name: self.name.clone(),
            citation: self.citation.clone(),
            mark: self.mark,
            severity: self.severity.to_string(),
        }
    }
}

macro_rules! rule_set {
    ($($(#[$doc:meta])* $field:ident: $key:ident,)*) => {
        /// The rules of one jurisdiction during one period. A rule that is `None` does not judge.
        #[derive(Clone, Debug)]
        pub struct RuleSet {
            version: PackVersion,
            $($(#[$doc])* pub $field: Option<Rule<parameters::$key>>,)*
            /// `custom`: an authority's own rules, by name.
            pub custom: Vec<Rule<Condition>>,
        }

        impl RuleSet {
            /// No rule, in this version of a pack.
            #[must_use]
            pub fn empty(version: PackVersion) -> Self {
                Self { version, $($field: None,)* custom: Vec::new() }
            }

            /// The one rule that a document says.
            pub(super) fn of_one(version: PackVersion, document: &RuleDocument) -> Result<Self, Fault> {
                let mut rules = Self::empty(version);
                match document.key {
                    $(RuleKey::$key => rules.$field = Some(read_rule(document)?),)*
                    RuleKey::Custom => rules.custom.push(read_custom(document)?),
                }
                Ok(rules)
            }

            /// Adds the one rule of `other`.
            pub(super) fn add(&mut self, other: &Self) -> Result<(), Fault> {
                $(if let Some(rule) = &other.$field {
                    if self.$field.is_some() {
                        return Err(Fault::new("key", IN_FORCE_TWICE));
                    }
                    self.$field = Some(rule.clone());
                })*
                for rule in &other.custom {
                    if self.custom.iter().any(|known| known.name == rule.name) {
                        return Err(Fault::new("name", IN_FORCE_TWICE));
                    }
                    self.custom.push(rule.clone());
                }
                Ok(())
            }

            /// What the rules of this key rest on: none or one, of an authority's own any number.
            #[must_use]
            pub fn sources(&self, key: RuleKey) -> Vec<RuleSource> {
                match key {
                    $(RuleKey::$key => self.$field.iter().map(Rule::source).collect(),)*
                    RuleKey::Custom => self.custom.iter().map(Rule::source).collect(),
                }
            }
        }
    };
}

rule_set! {
    /// `zone.prohibited`.
    zone_prohibited: ZoneProhibited,
    /// `zone.restricted`.
    zone_restricted: ZoneRestricted,
    /// `tunnel.code`.
    tunnel_code: TunnelCode,
    /// `time.ban`.
    time_ban: TimeBan,
    /// `route.deviation`.
    route_deviation: RouteDeviation,
    /// `route.section_time`.
    route_section_time: RouteSectionTime,
    /// `speed.limit`.
    speed_limit: SpeedLimit,
    /// `drive.continuous`.
    drive_continuous: DriveContinuous,
    /// `drive.daily`.
    drive_daily: DriveDaily,
    /// `stop.unauthorised`.
    stop_unauthorised: StopUnauthorised,
    /// `stop.unattended`.
    stop_unattended: StopUnattended,
    /// `separation`.
    separation: Separation,
    /// `doc.no_waybill`.
    doc_no_waybill: DocNoWaybill,
    /// `doc.mismatch`.
    doc_mismatch: DocMismatch,
    /// `doc.expiry`.
    doc_expiry: DocExpiry,
    /// `crew.missing`.
    crew_missing: CrewMissing,
    /// `signal.lost`.
    signal_lost: SignalLost,
    /// `signal.offline_displacement`.
    signal_offline_displacement: SignalOfflineDisplacement,
    /// `gnss.implausible`.
    gnss_implausible: GnssImplausible,
    /// `gnss.jamming`.
    gnss_jamming: GnssJamming,
    /// `tamper`.
    tamper: Tamper,
    /// `cargo.temperature`.
    cargo_temperature: CargoTemperature,
    /// `cargo.pressure`.
    cargo_pressure: CargoPressure,
    /// `cargo.valve_open`.
    cargo_valve_open: CargoValveOpen,
    /// `cargo.leak`.
    cargo_leak: CargoLeak,
    /// `cargo.fire`.
    cargo_fire: CargoFire,
    /// `motion.crash`.
    motion_crash: MotionCrash,
    /// `motion.rollover`.
    motion_rollover: MotionRollover,
    /// `sos`.
    sos: Sos,
    /// `schedule.window`.
    schedule_window: ScheduleWindow,
}

/// What is wrong with one rule of a pack.
#[derive(Debug)]
pub(super) struct Fault {
    field: String,
    reason: String,
}

impl Fault {
    pub(super) fn new(field: impl Into<String>, reason: impl ToString) -> Self {
        Self { field: field.into(), reason: reason.to_string() }
    }

    /// The error for the rule `document` of `pack`.
    pub(super) fn of(self, pack: &str, document: &RuleDocument) -> PackError {
        let name = document.name.as_ref().map(|name| format!(" {name:?}"));
        let rule = format!("{}{}", document.key, name.unwrap_or_default());
        PackError { pack: pack.into(), rule: Some(rule), field: self.field, reason: self.reason }
    }
}

impl RuleSet {
    /// The version of the pack that they are of.
    #[must_use]
    pub fn version(&self) -> &PackVersion {
        &self.version
    }

    /// Whose rules these are.
    #[must_use]
    pub fn jurisdiction(&self) -> &str {
        &self.version.jurisdiction
    }
}

/// What is wrong when the same rule is there twice.
const IN_FORCE_TWICE: &str = "the rule is in force twice at the same time; give one an effective_to";

fn read_rule<P: Parameters>(document: &RuleDocument) -> Result<Rule<P>, Fault> {
    if document.name.is_some() {
        return Err(Fault::new("name", "only a custom rule has a name"));
    }
    let parameters: P = read_parameters(document)?;
    parameters.check().map_err(|error| Fault::new(format!("parameters.{}", error.name), error))?;
    rule(document, parameters, P::VALUE, P::LIMIT)
}

fn read_custom(document: &RuleDocument) -> Result<Rule<Condition>, Fault> {
    /// The parameters of a rule of an authority's own.
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Custom {
        when: String,
    }
    let well_named = |name: &&String| {
        (1..=60).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let wanted = "a rule of an authority's own has a name of 1 to 60 of a-z 0-9 -, such as night-petrol";
    document.name.as_ref().filter(well_named).ok_or_else(|| Fault::new("name", wanted))?;
    let Custom { when } = read_parameters(document)?;
    let condition = Condition::read(&when).map_err(|error| Fault::new("parameters.when", error))?;
    rule(document, condition, Given::Never, Given::Never)
}

fn rule<P>(document: &RuleDocument, parameters: P, value: Given, limit: Given) -> Result<Rule<P>, Fault> {
    if document.citation.trim().is_empty() {
        return Err(Fault::new(
            "citation",
            "it is empty; the law, standard or source that the rule rests on is wanted",
        ));
    }
    let severity =
        SeverityExpression::read(&document.severity, value, limit).map_err(|error| Fault::new("severity", error))?;
    Ok(Rule {
        key: document.key,
        name: document.name.as_deref().map(Arc::from),
        parameters,
        severity,
        citation: document.citation.trim().into(),
        mark: document.mark,
        effective_from: document.effective_from,
        effective_to: document.effective_to,
    })
}

fn read_parameters<P: serde::de::DeserializeOwned>(document: &RuleDocument) -> Result<P, Fault> {
    let json = Value::Object(document.parameters.clone());
    serde_path_to_error::deserialize(&json).map_err(|error| {
        let path = error.path().to_string();
        let field = if path == "." { "parameters".into() } else { format!("parameters.{path}") };
        Fault::new(field, error.into_inner())
    })
}
