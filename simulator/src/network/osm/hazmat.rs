//! What tags say about dangerous goods (OSM wiki, Key:hazmat).
//!
//! - `hazmat=no`: closed to all dangerous goods that must be marked. `hazmat=designated`: meant for them.
//! - `hazmat:water=no`: closed to goods that pollute water.
//! - `hazmat:B=no` to `hazmat:E=no` on a tunnel: closed to goods with this tunnel restriction code, so that the tunnel is
//!   of the category with the last such letter: a tunnel of category D is closed to the codes B, C and D (ADR 8.6.4).
//!   `hazmat:adr_tunnel_cat=D` says the same in one tag. A tunnel without such tags has no known category: A is not
//!   assumed.
//! - Each of these with `:conditional`: at certain times.
//!
//! What cannot be said exactly as a zone becomes a [`Note`], never a zone that says nearly the same.

use super::{
    schedule::{self, Window},
    tags::Tags,
};
use crate::goods::TunnelCategory;

/// Keys that give a tunnel's category as a letter.
const CATEGORY_KEYS: [&str; 4] =
    ["hazmat:adr_tunnel_cat", "hazmat:tunnel_cat", "tunnel:adr_category", "tunnel:category"];

/// Keys that say by `no` which tunnel restriction code is kept out.
const CODE_KEYS: [(&str, TunnelCategory); 4] = [
    ("hazmat:B", TunnelCategory::B),
    ("hazmat:C", TunnelCategory::C),
    ("hazmat:D", TunnelCategory::D),
    ("hazmat:E", TunnelCategory::E),
];

/// A tag that was left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Number of the way in OpenStreetMap.
    pub way: i64,
    /// The tag, or what it is about.
    pub what: String,
    /// Why it was left out.
    pub why: &'static str,
}

/// Which goods a prohibition is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Whom {
    /// All dangerous goods.
    All,
    /// Goods that pollute water.
    WaterPolluting,
}

/// Goods that may not be here; always, or in these windows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Prohibition {
    pub(super) whom: Whom,
    pub(super) windows: Option<Vec<Window>>,
}

/// A tunnel's category, always and at certain times. Both may be unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Category {
    pub(super) always: Option<TunnelCategory>,
    pub(super) by_time: Vec<(TunnelCategory, Vec<Window>)>,
}

impl Category {
    /// The strictest category that is known to hold at any time.
    pub(super) fn strictest(&self) -> Option<TunnelCategory> {
        self.by_time.iter().map(|(category, _)| *category).chain(self.always).max()
    }
}

/// What one way says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Hazmat {
    pub(super) prohibitions: Vec<Prohibition>,
    pub(super) designated: bool,
    /// Of a tunnel.
    pub(super) category: Category,
}

/// Reads the tags of a way, and notes what it has to leave out.
pub(super) fn read(way: i64, tags: &Tags<'_>, is_tunnel: bool, notes: &mut Vec<Note>) -> Hazmat {
    let mut reader = Reader { way, tags, notes };
    let mut hazmat = Hazmat { designated: tags.is("hazmat", "designated"), ..Hazmat::default() };
    hazmat.prohibitions.extend(reader.prohibition("hazmat", Whom::All));
    hazmat.prohibitions.extend(reader.prohibition("hazmat:water", Whom::WaterPolluting));
    hazmat.category = if is_tunnel { reader.category() } else { Category::default() };
    reader.note_the_rest(is_tunnel);
    hazmat
}

struct Reader<'a> {
    way: i64,
    tags: &'a Tags<'a>,
    notes: &'a mut Vec<Note>,
}

impl Reader<'_> {
    fn note(&mut self, key: &str, why: &'static str) {
        let what = self.tags.get(key).map_or_else(|| key.to_owned(), |value| format!("{key}={value}"));
        self.notes.push(Note { way: self.way, what, why });
    }

    fn prohibition(&mut self, key: &str, whom: Whom) -> Option<Prohibition> {
        let conditional = format!("{key}:conditional");
        let closed = match self.tags.get(key) {
            Some("no") => true,
            None | Some("yes" | "designated" | "permissive" | "official") => false,
            Some("destination" | "delivery") => {
                self.note(key, "open to who has business there; no zone can tell who has");
                false
            }
            Some(_) => {
                self.note(key, "a value that the map's rules do not know");
                false
            }
        };
        let windows = match (closed, self.tags.get(&conditional)) {
            (false, None) => return None,
            (true, None) => Ok(None),
            (false, Some(when)) => schedule::when(when, &["no"]).map(Some),
            (true, Some(when)) if schedule::when(when, &["no"]).is_ok() => Ok(None),
            (true, Some(when)) => schedule::when(when, &["yes", "permissive", "designated"])
                .and_then(|windows| schedule::otherwise(&windows))
                .map(Some),
        };
        match windows {
            Ok(windows) => Some(Prohibition { whom, windows }),
            Err(why) => {
                self.note(&conditional, why);
                None
            }
        }
    }

    fn category(&mut self) -> Category {
        let mut category = Category::default();
        let given = self.tags.first(&CATEGORY_KEYS).map(letter);
        let by_codes = self.category_by_codes();
        category.always = match (given, by_codes) {
            (None, by_codes) => by_codes,
            (Some(Ok(given)), None) => Some(given),
            (Some(Ok(given)), Some(by_codes)) if given == by_codes => Some(given),
            (Some(Ok(_)), Some(_)) => {
                self.note("hazmat:adr_tunnel_cat", "the category contradicts the tunnel restriction codes");
                None
            }
            (Some(Err(why)), _) => {
                self.note(CATEGORY_KEYS.iter().find(|key| self.tags.get(key).is_some()).unwrap_or(&""), why);
                None
            }
        };
        for key in CATEGORY_KEYS {
            self.categories_by_time(&format!("{key}:conditional"), None, &mut category);
        }
        for (key, by_code) in CODE_KEYS {
            self.categories_by_time(&format!("{key}:conditional"), Some(by_code), &mut category);
        }
        // The server takes the first whose time it is, so the strictest comes first.
        category.by_time.sort_by(|one, other| other.cmp(one));
        category
    }

    /// The category with the last letter that is kept out, if no earlier letter is let in.
    fn category_by_codes(&mut self) -> Option<TunnelCategory> {
        let value = |key: &str| self.tags.get(key);
        let known: Vec<_> =
            CODE_KEYS.iter().filter_map(|(key, category)| Some((*key, *category, value(key)?))).collect();
        if known.is_empty() {
            return None;
        }
        if value("hazmat:A").is_some_and(|value| value != "yes") {
            self.note("hazmat:A", "groups that are not those of ADR: no ADR tunnel keeps out a code A");
            return None;
        }
        if let Some((key, ..)) = known.iter().find(|(.., value)| !matches!(*value, "no" | "yes")) {
            self.note(key, "neither yes nor no");
            return None;
        }
        let Some((_, last, _)) = known.iter().rfind(|(.., value)| *value == "no") else {
            if known.len() == CODE_KEYS.len() {
                return Some(TunnelCategory::A);
            }
            let (key, ..) = known.first()?;
            self.note(key, "lets some codes in and says nothing of the others");
            return None;
        };
        if let Some((key, ..)) = known.iter().find(|(_, category, value)| category < last && *value == "yes") {
            self.note(key, "lets in a code that a later letter keeps out");
            return None;
        }
        Some(*last)
    }

    fn categories_by_time(&mut self, key: &str, by_code: Option<TunnelCategory>, category: &mut Category) {
        let Some(value) = self.tags.get(key) else { return };
        let found = match by_code {
            Some(by_code) => schedule::when(value, &["no"]).map(|windows| (by_code, windows)),
            None => {
                let name = value.split('@').next().unwrap_or_default().trim();
                letter(name).and_then(|by_name| schedule::when(value, &[name]).map(|windows| (by_name, windows)))
            }
        };
        match found {
            Ok((at_times, _)) if category.always.is_some_and(|always| at_times <= always) => {
                self.note(key, "a category at certain times that is no stricter than the one at all times");
            }
            // Two codes in the same windows are one category, that of the later letter.
            Ok((at_times, windows)) => {
                category.by_time.retain(|(earlier, when)| *when != windows || *earlier > at_times);
                if !category.by_time.iter().any(|(_, when)| *when == windows) {
                    category.by_time.push((at_times, windows));
                }
            }
            Err(why) => self.note(key, why),
        }
    }

    /// Notes every tag about dangerous goods that nothing above has read.
    fn note_the_rest(&mut self, is_tunnel: bool) {
        let mut rest = Vec::new();
        for (key, _) in self.tags.iter() {
            let base = key.strip_suffix(":conditional").unwrap_or(key);
            let of_tunnels = CATEGORY_KEYS.contains(&base) || CODE_KEYS.iter().any(|(code, _)| *code == base);
            let why = match base {
                "hazmat" | "hazmat:water" => continue,
                "hazmat:A" if is_tunnel => continue,
                _ if of_tunnels && is_tunnel => continue,
                _ if of_tunnels => "tunnel restriction codes on a road that is no tunnel, as on the way to one",
                "hazmat:explosive" => "explosives or readily flammable goods above an amount that the map does not say",
                _ if base.starts_with("hazmat:forward") || base.starts_with("hazmat:backward") => {
                    "holds in one direction only, which no zone can say"
                }
                _ if base.starts_with("hazmat:") => "a key that the map's rules do not know",
                _ => continue,
            };
            rest.push((key.to_owned(), why));
        }
        for (key, why) in rest {
            self.note(&key, why);
        }
    }
}

fn letter(value: &str) -> Result<TunnelCategory, &'static str> {
    Ok(match value {
        "A" => TunnelCategory::A,
        "B" => TunnelCategory::B,
        "C" => TunnelCategory::C,
        "D" => TunnelCategory::D,
        "E" => TunnelCategory::E,
        _ => return Err("not one of the categories A to E"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tunnel(tags: &[(&'static str, &'static str)]) -> (Category, Vec<Note>) {
        let mut notes = Vec::new();
        let hazmat = read(1, &tags.iter().copied().collect(), true, &mut notes);
        (hazmat.category, notes)
    }

    fn road(tags: &[(&'static str, &'static str)]) -> (Hazmat, Vec<Note>) {
        let mut notes = Vec::new();
        (read(1, &tags.iter().copied().collect(), false, &mut notes), notes)
    }

    #[test]
    fn a_category_is_the_last_code_that_is_kept_out() {
        use TunnelCategory::{A, C, D, E};
        let always = |tags: &[(&'static str, &'static str)]| tunnel(tags).0.always;
        assert_eq!(
            always(&[("hazmat:B", "no"), ("hazmat:C", "no"), ("hazmat:D", "yes"), ("hazmat:E", "yes")]),
            Some(C)
        );
        assert_eq!(always(&[("hazmat:E", "no")]), Some(E));
        assert_eq!(always(&[("hazmat:adr_tunnel_cat", "D")]), Some(D));
        assert_eq!(always(&[("hazmat:adr_tunnel_cat", "C"), ("hazmat:B", "no"), ("hazmat:C", "no")]), Some(C));
        let all_in = [("hazmat:B", "yes"), ("hazmat:C", "yes"), ("hazmat:D", "yes"), ("hazmat:E", "yes")];
        assert_eq!(always(&all_in), Some(A));
    }

    #[test]
    fn a_category_is_never_guessed() {
        assert_eq!(tunnel(&[("hazmat", "no")]), (Category::default(), vec![]));
        for contradiction in [
            &[("hazmat:D", "no"), ("hazmat:B", "yes")][..],
            &[("hazmat:adr_tunnel_cat", "C"), ("hazmat:E", "no")],
            &[("hazmat:adr_tunnel_cat", "F")],
            &[("hazmat:E", "yes")],
            &[("hazmat:A", "no"), ("hazmat:B", "no")],
            &[("hazmat:C", "destination")],
        ] {
            let (category, notes) = tunnel(contradiction);
            assert_eq!(category, Category::default(), "{contradiction:?}");
            assert_eq!(notes.len(), 1, "{contradiction:?}: {notes:?}");
        }
    }

    #[test]
    fn a_tunnel_can_be_stricter_by_day() {
        let tags = [
            ("hazmat:B", "no"),
            ("hazmat:C", "no"),
            ("hazmat:D:conditional", "no @ (04:00-23:00)"),
            ("hazmat:E:conditional", "no @ (04:00-23:00)"),
        ];
        let (category, notes) = tunnel(&tags);
        assert_eq!(notes, []);
        assert_eq!(category.always, Some(TunnelCategory::C));
        let [(at_times, windows)] = category.by_time.as_slice() else { panic!("{category:?}") };
        assert_eq!(
            (*at_times, windows[0].from.as_str(), windows[0].to.as_str()),
            (TunnelCategory::E, "04:00", "23:00")
        );
        assert_eq!(category.strictest(), Some(TunnelCategory::E));
        let (overlapping, _) =
            tunnel(&[("hazmat:D:conditional", "no @ (06:00-22:00)"), ("hazmat:E:conditional", "no @ (07:00-09:00)")]);
        let order: Vec<TunnelCategory> = overlapping.by_time.iter().map(|(category, _)| *category).collect();
        assert_eq!(order, [TunnelCategory::E, TunnelCategory::D], "the strictest first");
        let (by_name, _) = tunnel(&[("hazmat:adr_tunnel_cat:conditional", "E @ (04:00-23:00)")]);
        assert_eq!((by_name.always, by_name.by_time.len()), (None, 1));
    }

    #[test]
    fn prohibitions_keep_their_times() {
        let (always, notes) = road(&[("hazmat", "no"), ("hazmat:water", "no")]);
        let whom: Vec<Whom> = always.prohibitions.iter().map(|one| one.whom).collect();
        assert_eq!((whom, notes), (vec![Whom::All, Whom::WaterPolluting], vec![]));
        let (nightly, _) = road(&[("hazmat:conditional", "no @ (22:00-06:00)")]);
        assert_eq!(nightly.prohibitions[0].windows.as_ref().unwrap()[0].from, "22:00");
        let (but_at_night, _) = road(&[("hazmat", "no"), ("hazmat:conditional", "yes @ (22:00-06:00)")]);
        assert_eq!(but_at_night.prohibitions[0].windows.as_ref().unwrap()[0].from, "06:00");
    }

    #[test]
    fn what_no_zone_can_say_is_noted_and_not_kept() {
        for tags in [
            &[("hazmat", "no"), ("hazmat:conditional", "yes @ (flashing_light)")][..],
            &[("hazmat", "destination")],
            &[("hazmat:explosive", "no")],
            &[("hazmat:forward", "no")],
            &[("hazmat:C", "no")],
            &[("hazmat", "fixme")],
            &[("hazmat:pipe", "no")],
        ] {
            let (hazmat, notes) = road(tags);
            assert_eq!((hazmat, notes.len()), (Hazmat::default(), 1), "{tags:?}: {notes:?}");
        }
        assert!(road(&[("hazmat", "designated")]).0.designated);
    }
}
