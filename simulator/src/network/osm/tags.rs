//! The tags of one element of the map, and the few readings of them that all others build on.

/// Keys and values of one element.
#[derive(Clone, Debug, Default)]
pub(super) struct Tags<'a>(Vec<(&'a str, &'a str)>);

impl<'a> FromIterator<(&'a str, &'a str)> for Tags<'a> {
    fn from_iter<T: IntoIterator<Item = (&'a str, &'a str)>>(tags: T) -> Self {
        Self(tags.into_iter().collect())
    }
}

impl<'a> Tags<'a> {
    /// The value of a key, without the blanks around it.
    pub(super) fn get(&self, key: &str) -> Option<&'a str> {
        self.0.iter().find(|(own, _)| *own == key).map(|(_, value)| value.trim())
    }

    /// Whether a key has this value.
    pub(super) fn is(&self, key: &str, value: &str) -> bool {
        self.get(key) == Some(value)
    }

    /// The value of the first of these keys that is there.
    pub(super) fn first(&self, keys: &[&str]) -> Option<&'a str> {
        keys.iter().find_map(|key| self.get(key))
    }

    /// All keys and values.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().map(|(key, value)| (*key, value.trim()))
    }
}

/// Who may drive here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Any lorry.
    Open,
    /// Only who has business here: a tanker may, but not to get elsewhere.
    Destination,
    /// No lorry.
    Closed,
}

/// Whether tags let a lorry pass, by the most particular key that says anything (OSM wiki, Key:access: `hgv` before
/// `motor_vehicle` before `vehicle` before `access`). `None` where no key says anything.
pub(super) fn access(tags: &Tags<'_>) -> Option<Access> {
    let value = tags.first(&["hgv", "motor_vehicle", "vehicle", "access"])?;
    Some(match value {
        "yes" | "designated" | "permissive" | "official" => Access::Open,
        "destination" | "delivery" | "customers" => Access::Destination,
        // no, private, agricultural, forestry, emergency, bus and whatever else is not meant for a strange tanker; also
        // what nobody has documented, because a way that may be closed is no way for who obeys the rules.
        _ => Access::Closed,
    })
}

/// Barriers that stop a lorry unless their own tags let it pass (OSM wiki, Key:barrier). Gates are not among them: these
/// open, unless tags close them.
const SOLID_BARRIERS: [&str; 8] =
    ["block", "bollard", "bus_trap", "cycle_barrier", "jersey_barrier", "log", "planter", "sump_buster"];

/// Whether a node stops a lorry.
pub(super) fn stops_lorries(tags: &Tags<'_>) -> bool {
    let Some(barrier) = tags.get("barrier") else { return false };
    match access(tags) {
        Some(access) => access == Access::Closed,
        None => SOLID_BARRIERS.contains(&barrier),
    }
}

/// The name of a place where tankers load or unload, if tags say that it is one.
pub(super) fn site(tags: &Tags<'_>) -> Option<String> {
    let kind = match (tags.get("amenity"), tags.get("industrial")) {
        (Some("fuel"), _) => "filling station",
        (_, Some("refinery")) => "refinery",
        (_, Some("oil")) => "oil depot",
        (_, Some("gas")) => "gas works",
        (_, Some("chemical")) => "chemical works",
        (_, Some("depot")) => "depot",
        _ => return None,
    };
    let named = tags.first(&["name", "operator", "brand"]);
    Some(named.map_or_else(|| kind.to_owned(), |name| format!("{name} ({kind})")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags<'a>(tags: &[(&'a str, &'a str)]) -> Tags<'a> {
        tags.iter().copied().collect()
    }

    #[test]
    fn the_most_particular_key_decides_who_may_drive() {
        assert_eq!(access(&tags(&[("access", "no"), ("hgv", "yes")])), Some(Access::Open));
        assert_eq!(access(&tags(&[("motor_vehicle", "yes"), ("hgv", "no")])), Some(Access::Closed));
        assert_eq!(access(&tags(&[("access", "yes"), ("vehicle", "destination")])), Some(Access::Destination));
        assert_eq!(access(&tags(&[("access", "private")])), Some(Access::Closed));
        assert_eq!(access(&tags(&[("highway", "primary")])), None);
    }

    #[test]
    fn a_bollard_stops_lorries_and_a_gate_only_if_it_says_so() {
        assert!(stops_lorries(&tags(&[("barrier", "bollard")])));
        assert!(!stops_lorries(&tags(&[("barrier", "bollard"), ("motor_vehicle", "yes")])));
        assert!(!stops_lorries(&tags(&[("barrier", "gate")])));
        assert!(stops_lorries(&tags(&[("barrier", "gate"), ("access", "private")])));
        assert!(!stops_lorries(&tags(&[("access", "no")])));
    }

    #[test]
    fn a_filling_station_is_a_place_to_unload() {
        assert_eq!(site(&tags(&[("amenity", "fuel"), ("brand", "Q8")])).as_deref(), Some("Q8 (filling station)"));
        assert_eq!(site(&tags(&[("industrial", "refinery")])).as_deref(), Some("refinery"));
        assert_eq!(site(&tags(&[("amenity", "cafe")])), None);
    }
}
