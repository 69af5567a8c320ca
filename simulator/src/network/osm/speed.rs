//! Speed limits as tags say them.
//!
//! Only what a tag says as a number is a limit. `maxspeed=DE:rural` and the like name a law without saying the number,
//! and a road without the tag has whatever limit the law of the place gives it: both are left without a limit.

use super::tags::Tags;

/// Kilometres in a statute mile (OSM wiki, Key:maxspeed).
const MILE_KM: f64 = 1.609_344;
/// Kilometres in a nautical mile.
const NAUTICAL_MILE_KM: f64 = 1.852;

/// What a `maxspeed` tag says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Limit {
    /// So many km/h.
    Kmh(f64),
    /// Something that is no number: no limit at all, signs that change, the name of a law.
    NoNumber,
    /// Nothing that the map's rules know.
    Unreadable,
}

/// Reads the value of a `maxspeed` tag: a number in km/h, or with one of the units of the OSM wiki.
pub(super) fn read(value: &str) -> Limit {
    let end = value.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(value.len());
    let (number, unit) = value.split_at_checked(end).unwrap_or((value, ""));
    if number.is_empty() {
        let says_something = matches!(value, "none" | "signals" | "variable" | "walk") || value.contains(':');
        return if says_something { Limit::NoNumber } else { Limit::Unreadable };
    }
    let factor = match unit.trim() {
        "" | "km/h" | "kmh" | "kph" => 1.0,
        "mph" => MILE_KM,
        "knots" => NAUTICAL_MILE_KM,
        _ => return Limit::Unreadable,
    };
    match number.parse::<f64>() {
        Ok(number) if (1.0..=250.0).contains(&(number * factor)) => Limit::Kmh(number * factor),
        _ => Limit::Unreadable,
    }
}

/// The limits of a way for lorries, along it and against it, in km/h.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Limits {
    /// In the direction in which the way is drawn.
    pub(super) forward: Option<f64>,
    /// Against it.
    pub(super) backward: Option<f64>,
    /// Whether a tag speaks of a limit without one being understood.
    pub(super) unreadable: bool,
}

/// The limits that tags give a lorry: the lower of what holds for everybody and what holds for lorries.
pub(super) fn limits(tags: &Tags<'_>) -> Limits {
    let mut limits = Limits::default();
    for (side, limit) in [("forward", &mut limits.forward), ("backward", &mut limits.backward)] {
        for key in ["maxspeed", "maxspeed:hgv"] {
            let Some(value) = tags.get(&format!("{key}:{side}")).or_else(|| tags.get(key)) else { continue };
            match read(value) {
                Limit::Kmh(kmh) => *limit = Some(limit.map_or(kmh, |known| known.min(kmh))),
                Limit::NoNumber => {}
                Limit::Unreadable => limits.unreadable = true,
            }
        }
    }
    limits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_number_is_kmh_and_units_are_converted() {
        assert_eq!(read("80"), Limit::Kmh(80.0));
        assert_eq!(read("50 km/h"), Limit::Kmh(50.0));
        let Limit::Kmh(thirty_mph) = read("30 mph") else { panic!() };
        assert!((thirty_mph - 48.280_32).abs() < 1e-9, "{thirty_mph}");
        assert_eq!(read("30mph"), read("30 mph"));
        assert_eq!(read("10 knots"), Limit::Kmh(18.52));
    }

    #[test]
    fn the_name_of_a_law_is_not_a_number() {
        for value in ["none", "signals", "walk", "DE:rural", "RO:urban"] {
            assert_eq!(read(value), Limit::NoNumber, "{value}");
        }
        for value in ["", "fast", "50;30", "1e3", "5000", "0", "50 furlongs", "-50"] {
            assert_eq!(read(value), Limit::Unreadable, "{value}");
        }
    }

    #[test]
    fn a_lorry_obeys_the_lower_of_both_limits_in_its_direction() {
        let of = |tags: &[(&'static str, &'static str)]| limits(&tags.iter().copied().collect());
        let motorway = of(&[("maxspeed", "130"), ("maxspeed:hgv", "80")]);
        assert_eq!((motorway.forward, motorway.backward), (Some(80.0), Some(80.0)));
        let slow_descent = of(&[("maxspeed", "80"), ("maxspeed:hgv:backward", "40")]);
        assert_eq!((slow_descent.forward, slow_descent.backward), (Some(80.0), Some(40.0)));
        let slower_for_all = of(&[("maxspeed", "50"), ("maxspeed:hgv", "80")]);
        assert_eq!(slower_for_all.forward, Some(50.0));
        assert_eq!(of(&[("maxspeed", "none")]), Limits::default());
        assert!(of(&[("maxspeed", "fast")]).unreadable);
    }
}
