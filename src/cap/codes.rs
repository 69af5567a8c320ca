//! The code words of CAP 1.2 (§3.2.1 and §3.2.2), each list closed.

use std::fmt;

macro_rules! code_words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// Every value, in the order of the standard.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word that stands in the message.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

code_words!(
    /// How a message is to be handled (`status`).
    Status {
        /// To be acted on by all who are addressed.
        Actual = "Actual",
        /// For those who take part in an exercise, and nobody else; the note names the exercise.
        Exercise = "Exercise",
        /// For the alert network itself.
        System = "System",
        /// A technical test, to be disregarded.
        Test = "Test",
        /// A template, not to be acted on.
        Draft = "Draft",
    }
);

code_words!(
    /// What a message does (`msgType`).
    MessageType {
        /// The first word on something.
        Alert = "Alert",
        /// Replaces the messages that it references.
        Update = "Update",
        /// Withdraws the messages that it references.
        Cancel = "Cancel",
        /// Confirms that the referenced messages came and were accepted.
        Ack = "Ack",
        /// Rejects the referenced messages; the note says why.
        Error = "Error",
    }
);

code_words!(
    /// Whom a message is meant for (`scope`).
    Scope {
        /// Anybody.
        Public = "Public",
        /// Those who need to know, by the rule in `restriction`.
        Restricted = "Restricted",
        /// Those named in `addresses`.
        Private = "Private",
    }
);

code_words!(
    /// What kind of event it is (`category`).
    Category {
        /// Geophysical, landslides among it.
        Geo = "Geo",
        /// Meteorological, floods among it.
        Met = "Met",
        /// General emergency and public safety.
        Safety = "Safety",
        /// Law enforcement, military, security.
        Security = "Security",
        /// Rescue and recovery.
        Rescue = "Rescue",
        /// Fire suppression and rescue.
        Fire = "Fire",
        /// Medical and public health.
        Health = "Health",
        /// Pollution and other harm to the environment.
        Env = "Env",
        /// Public and private transportation.
        Transport = "Transport",
        /// Utilities, telecommunication and other infrastructure.
        Infra = "Infra",
        /// A chemical, biological, radiological, nuclear or high-yield explosive threat or attack.
        Cbrne = "CBRNE",
        /// Anything else.
        Other = "Other",
    }
);

code_words!(
    /// What those addressed should do (`responseType`).
    ResponseType {
        /// Take shelter in place, or as the instruction says.
        Shelter = "Shelter",
        /// Move away, as the instruction says.
        Evacuate = "Evacuate",
        /// Make preparations, as the instruction says.
        Prepare = "Prepare",
        /// Do what was planned beforehand and is named in the instruction.
        Execute = "Execute",
        /// Stay clear of the event.
        Avoid = "Avoid",
        /// Watch for what the instruction says.
        Monitor = "Monitor",
        /// Judge for themselves; not meant for public warnings.
        Assess = "Assess",
        /// The event is no threat any more; anything that goes on is in the instruction.
        AllClear = "AllClear",
        /// Nothing is recommended.
        None = "None",
    }
);

code_words!(
    /// How soon one has to act (`urgency`).
    Urgency {
        /// At once.
        Immediate = "Immediate",
        /// Within the hour.
        Expected = "Expected",
        /// In the near future.
        Future = "Future",
        /// Not any more.
        Past = "Past",
        /// Not known.
        Unknown = "Unknown",
    }
);

code_words!(
    /// How grave the threat to life or property is (`severity`).
    Severity {
        /// Extraordinary.
        Extreme = "Extreme",
        /// Significant.
        Severe = "Severe",
        /// Possible.
        Moderate = "Moderate",
        /// Minimal, or none known.
        Minor = "Minor",
        /// Not known.
        Unknown = "Unknown",
    }
);

code_words!(
    /// How sure it is (`certainty`).
    Certainty {
        /// It has happened or goes on.
        Observed = "Observed",
        /// Its probability is above one half.
        Likely = "Likely",
        /// It may happen, with a probability of one half or less.
        Possible = "Possible",
        /// It is not expected to happen.
        Unlikely = "Unlikely",
        /// Not known.
        Unknown = "Unknown",
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_written_as_the_standard_spells_it() {
        assert_eq!(Category::Cbrne.to_string(), "CBRNE");
        assert_eq!(ResponseType::AllClear.word(), "AllClear");
        assert_eq!(Category::ALL.len(), 12);
        assert_eq!(ResponseType::ALL.len(), 9);
    }
}
