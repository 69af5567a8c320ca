//! The life of an incident: which step may be taken from which state, and where it leads.
//!
//! | step | from | to |
//! |---|---|---|
//! | acknowledged, dispatched, `on_scene`, controlled | any open state before it | the state of that name |
//! | closed | any open state | closed |
//! | `false_alarm` | any open state, with a reason | `false_alarm` |
//! | reviewed | closed | reviewed |
//! | reopened | closed, reviewed or `false_alarm`, with a reason | acknowledged |
//!
//! Steps may be left out, and none but reopening leads back. A step that has led where the incident stands changes
//! nothing, nor does taking or closing what somebody has taken or ended: two people may press at the same time. What was
//! merged into another incident goes on there, so it is not opened again.

use serde::{Deserialize, Serialize};

use crate::domain::IncidentState;

/// A step that a person takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentStep {
    /// Takes it.
    Acknowledged,
    /// Sends help.
    Dispatched,
    /// Has arrived.
    OnScene,
    /// Has it under control.
    Controlled,
    /// Ends it.
    Closed,
    /// Has looked back upon it.
    Reviewed,
    /// Ends it: there is no emergency.
    FalseAlarm,
    /// Takes it up again.
    Reopened,
}

impl IncidentStep {
    /// Every step.
    pub const ALL: [Self; 8] = [
        Self::Acknowledged,
        Self::Dispatched,
        Self::OnScene,
        Self::Controlled,
        Self::Closed,
        Self::Reviewed,
        Self::FalseAlarm,
        Self::Reopened,
    ];

    /// The name in JSON and in the timeline.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Acknowledged => "acknowledged",
            Self::Dispatched => "dispatched",
            Self::OnScene => "on_scene",
            Self::Controlled => "controlled",
            Self::Closed => "closed",
            Self::Reviewed => "reviewed",
            Self::FalseAlarm => "false_alarm",
            Self::Reopened => "reopened",
        }
    }

    /// Whether the step has to say why.
    #[must_use]
    pub fn needs_reason(self) -> bool {
        matches!(self, Self::FalseAlarm | Self::Reopened)
    }

    /// The state that the step leads to.
    fn leads_to(self) -> IncidentState {
        match self {
            Self::Acknowledged | Self::Reopened => IncidentState::Acknowledged,
            Self::Dispatched => IncidentState::Dispatched,
            Self::OnScene => IncidentState::OnScene,
            Self::Controlled => IncidentState::Controlled,
            Self::Closed => IncidentState::Closed,
            Self::Reviewed => IncidentState::Reviewed,
            Self::FalseAlarm => IncidentState::FalseAlarm,
        }
    }
}

/// Why a step cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LifeError {
    /// The incident is past it.
    #[error("the incident is {} already; no step leads back to {}", .from.as_str(), .step.as_str())]
    Back {
        /// Where it stands.
        from: IncidentState,
        /// The step.
        step: IncidentStep,
    },
    /// It has ended.
    #[error("the incident is {}; only an open one can be {}, and a closed one has to be reopened first", .from.as_str(),
        .step.as_str())]
    Ended {
        /// Where it stands.
        from: IncidentState,
        /// The step.
        step: IncidentStep,
    },
    /// Only a closed one can be reviewed.
    #[error("the incident is {}; it can be reviewed once it is closed", .0.as_str())]
    NotClosed(IncidentState),
    /// Only one that has ended can be reopened.
    #[error("the incident is {}; only one that is closed, reviewed or a false alarm can be reopened", .0.as_str())]
    NotEnded(IncidentState),
}

/// Where `step` leads from `from`: `None` when it changes nothing.
///
/// # Errors
/// When it cannot be taken there.
pub fn after(from: IncidentState, step: IncidentStep) -> Result<Option<IncidentState>, LifeError> {
    use IncidentState::{Closed, FalseAlarm, Merged, Reviewed};
    let to = step.leads_to();
    match step {
        IncidentStep::Reopened => match from {
            Closed | Reviewed | FalseAlarm => Ok(Some(to)),
            _ => Err(LifeError::NotEnded(from)),
        },
        IncidentStep::Reviewed => match from {
            Closed => Ok(Some(to)),
            Reviewed => Ok(None),
            _ => Err(LifeError::NotClosed(from)),
        },
        _ if from == to => Ok(None),
        IncidentStep::Acknowledged if from > to => Ok(None),
        IncidentStep::Closed if matches!(from, Reviewed | FalseAlarm | Merged) => Ok(None),
        _ if !from.is_open() => Err(LifeError::Ended { from, step }),
        _ if from > to => Err(LifeError::Back { from, step }),
        _ => Ok(Some(to)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows are states, columns steps; a letter is where it leads, `.` changes nothing, `-` is refused.
    const TABLE: [(IncidentState, &str); 9] = [
        //                             A D S C X R F O
        (IncidentState::Raised, "      A D S C X - F -"),
        (IncidentState::Acknowledged, ". D S C X - F -"),
        (IncidentState::Dispatched, "  . . S C X - F -"),
        (IncidentState::OnScene, "     . - . C X - F -"),
        (IncidentState::Controlled, "  . - - . X - F -"),
        (IncidentState::Closed, "      . - - - . R - A"),
        (IncidentState::Reviewed, "    . - - - . . - A"),
        (IncidentState::FalseAlarm, "  . - - - . - . A"),
        (IncidentState::Merged, "      . - - - . - - -"),
    ];

    fn letter(outcome: Result<Option<IncidentState>, LifeError>) -> &'static str {
        match outcome {
            Err(_) => "-",
            Ok(None) => ".",
            Ok(Some(IncidentState::Acknowledged)) => "A",
            Ok(Some(IncidentState::Dispatched)) => "D",
            Ok(Some(IncidentState::OnScene)) => "S",
            Ok(Some(IncidentState::Controlled)) => "C",
            Ok(Some(IncidentState::Closed)) => "X",
            Ok(Some(IncidentState::Reviewed)) => "R",
            Ok(Some(IncidentState::FalseAlarm)) => "F",
            Ok(Some(IncidentState::Raised | IncidentState::Merged)) => "?",
        }
    }

    #[test]
    fn every_step_from_every_state_leads_where_the_table_says() {
        for (from, row) in TABLE {
            let found: Vec<&str> = IncidentStep::ALL.into_iter().map(|step| letter(after(from, step))).collect();
            let expected: Vec<&str> = row.split_whitespace().collect();
            assert_eq!(found, expected, "{from:?}");
        }
    }

    #[test]
    fn a_refusal_says_where_the_incident_stands_and_what_would_be_right() {
        let said = |from, step| after(from, step).unwrap_err().to_string();
        let back = said(IncidentState::OnScene, IncidentStep::Dispatched);
        assert_eq!(back, "the incident is on_scene already; no step leads back to dispatched");
        let ended = said(IncidentState::Closed, IncidentStep::Controlled);
        assert!(ended.contains("is closed") && ended.contains("reopened first"), "{ended}");
        assert!(said(IncidentState::Raised, IncidentStep::Reviewed).contains("once it is closed"));
        assert!(said(IncidentState::Merged, IncidentStep::Reopened).contains("only one that is closed"));
    }

    #[test]
    fn only_what_undoes_a_judgement_needs_a_reason() {
        let with_reason: Vec<_> = IncidentStep::ALL.into_iter().filter(|step| step.needs_reason()).collect();
        assert_eq!(with_reason, [IncidentStep::FalseAlarm, IncidentStep::Reopened]);
    }
}
