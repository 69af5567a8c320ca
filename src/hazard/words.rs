//! Closed sets of words, as data files and JSON write them.

/// A closed set of words, each with its notation, that reads, writes and serialises as that notation.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $what:literal, { $($(#[$case_doc:meta])* $case:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$case_doc])* $case,)+
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self { $(Self::$case => $text,)+ })
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($text => Ok(Self::$case),)+
                    _ => Err(format!("{text:?} is no {}; wanted is one of {}", $what, [$($text),+].join(", "))),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}
pub(super) use words;

#[cfg(test)]
mod tests {
    words!(
        /// What a fire officer's lamp shows.
        Lamp, "lamp colour", {
            /// Stop.
            Red = "red",
            /// Go.
            BlueGreen = "blue-green",
        }
    );

    #[test]
    fn words_read_and_write_their_notation_and_name_what_is_right() {
        assert_eq!("blue-green".parse(), Ok(Lamp::BlueGreen));
        assert_eq!(Lamp::Red.to_string(), "red");
        assert_eq!(serde_json::to_string(&Lamp::BlueGreen).unwrap(), "\"blue-green\"");
        let error = "mauve".parse::<Lamp>().unwrap_err();
        assert_eq!(error, "\"mauve\" is no lamp colour; wanted is one of red, blue-green");
    }
}
