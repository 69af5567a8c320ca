//! What a vehicle truly carries, whom a zone concerns, and which tunnels are closed to a load.
//!
//! Written from the regulation, by hand, for judging the server: it asks nothing of it.

use serde_json::{Value, json};

use crate::goods::{Goods, TunnelCategory};

/// How goods travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// In a tank.
    Tank,
    /// In packages.
    Packages,
}

impl Mode {
    fn name(self) -> &'static str {
        match self {
            Self::Tank => "tank",
            Self::Packages => "packages",
        }
    }
}

/// One line of a transport document.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Which goods.
    pub goods: Goods,
    /// How they travel.
    pub mode: Mode,
    /// Mass in kilograms; none is stated for what is empty.
    pub quantity_kg: Option<f64>,
    /// Whether the tank is empty but not cleaned.
    pub empty_uncleaned: bool,
}

/// What is on a vehicle at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cargo<'a> {
    /// By a transport document.
    Known(&'a [Line]),
    /// A dangerous goods vehicle without a document: counts as the most restrictive load.
    Unknown,
    /// A vehicle that carries no dangerous goods.
    None,
}

/// Whom a zone concerns. All that is given must hold of one line; without classes and numbers, any goods are meant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Predicate {
    /// Classes or divisions, main or subsidiary hazard.
    pub classes: Vec<String>,
    /// UN numbers, beside the classes.
    pub un_numbers: Vec<String>,
    /// Ways of travelling.
    pub modes: Vec<Mode>,
    /// Whether only high-consequence goods (ADR 1.10.3.1.2) are meant, or only others.
    pub high_consequence: Option<bool>,
    /// Only this much or more, in kilograms.
    pub min_quantity_kg: Option<f64>,
    /// Only tanks that are empty and uncleaned, or only others.
    pub empty_uncleaned: Option<bool>,
}

impl Line {
    /// A usual full load.
    #[must_use]
    pub fn full(goods: Goods) -> Self {
        let mode = if goods.class.starts_with('1') { Mode::Packages } else { Mode::Tank };
        Self { quantity_kg: Some(goods.load_kg), mode, goods, empty_uncleaned: false }
    }

    /// The same tank on its way back, empty and uncleaned.
    #[must_use]
    pub fn emptied(goods: Goods) -> Self {
        Self { quantity_kg: None, empty_uncleaned: true, ..Self::full(goods) }
    }

    /// Whether a class as a predicate names it takes this line: `2` takes 2.3, `1.1` takes 1.1D.
    fn is_of(&self, class: &str) -> bool {
        std::iter::once(&self.goods.class).chain(self.goods.subsidiary).any(|own| own.starts_with(class))
    }

    /// High-consequence goods (ADR 1.10.3.1.2): explosives that may explode in mass or burn, flammable gases and the
    /// graver flammable and corrosive liquids in tanks of more than 3,000 litres (taken as kilograms), and poisonous
    /// gases and the gravest poisons in tanks, however little.
    #[must_use]
    pub fn is_high_consequence(&self) -> bool {
        let large = self.mode == Mode::Tank && self.quantity_kg.is_some_and(|kg| kg > 3_000.0);
        let any = self.quantity_kg.is_some_and(|kg| kg > 0.0);
        let group = self.goods.packing_group.unwrap_or("");
        match self.goods.class {
            class if ["1.1", "1.2", "1.5"].iter().any(|grave| class.starts_with(grave)) => any,
            "2.3" => any && self.mode == Mode::Tank,
            "2.1" => large,
            "3" => large && (group == "I" || group == "II"),
            "6.1" => any && group == "I" && self.mode == Mode::Tank,
            "8" => large && group == "I",
            _ => false,
        }
    }

    /// Explosives of division 1.1, 1.2 or 1.3.
    #[must_use]
    pub fn is_explosive(&self) -> bool {
        ["1.1", "1.2", "1.3"].iter().any(|division| self.goods.class.starts_with(division))
    }

    /// The mildest tunnel category that is closed to this line (ADR 8.6.4). An empty uncleaned tank counts as full.
    #[must_use]
    pub fn first_forbidden(&self) -> Option<TunnelCategory> {
        let explosive_kg = self.quantity_kg.unwrap_or(0.0);
        let letter = match self.goods.tunnel_code {
            "B1000C" => Some(if explosive_kg > 1_000.0 { 'B' } else { 'C' }),
            "C5000D" => Some(if explosive_kg > 5_000.0 { 'C' } else { 'D' }),
            code => match self.mode {
                Mode::Tank => code.chars().next(),
                Mode::Packages => code.chars().last(),
            },
        };
        match letter {
            Some('B') => Some(TunnelCategory::B),
            Some('C') => Some(TunnelCategory::C),
            Some('D') => Some(TunnelCategory::D),
            Some('E') => Some(TunnelCategory::E),
            _ => None,
        }
    }

    /// The line as the API takes it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut line = json!({ "un_number": self.goods.un_number, "mode": self.mode.name() });
        if let Some(fields) = line.as_object_mut() {
            if let Some(group) = self.goods.packing_group {
                fields.insert("packing_group".into(), json!(group));
            }
            if let Some(quantity_kg) = self.quantity_kg {
                fields.insert("quantity_kg".into(), json!(quantity_kg));
                if self.goods.class.starts_with('1') {
                    fields.insert("net_explosive_mass_kg".into(), json!(quantity_kg));
                }
            }
            if self.empty_uncleaned {
                fields.insert("empty_uncleaned".into(), json!(true));
            }
        }
        line
    }
}

impl Cargo<'_> {
    /// Whether a zone with this predicate concerns the vehicle.
    #[must_use]
    pub fn concerned_by(self, predicate: &Predicate) -> bool {
        match self {
            Self::None => false,
            Self::Unknown => true,
            Self::Known(lines) => lines.iter().any(|line| predicate.takes(line)),
        }
    }

    /// Whether a tunnel of this category is closed to the vehicle: the most restrictive line decides (ADR 8.6.3.2).
    #[must_use]
    pub fn kept_out_of(self, category: TunnelCategory) -> bool {
        match self {
            Self::None => false,
            Self::Unknown => category > TunnelCategory::A,
            Self::Known(lines) => {
                lines.iter().any(|line| line.first_forbidden().is_some_and(|first| category >= first))
            }
        }
    }

    /// Total mass in kilograms.
    #[must_use]
    pub fn quantity_kg(self) -> f64 {
        self.lines().iter().filter_map(|line| line.quantity_kg).sum()
    }

    /// The lines, where they are known.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        if let Self::Known(lines) = self { lines } else { &[] }
    }

    /// Whether there are explosives of division 1.1 to 1.3 on board.
    #[must_use]
    pub fn has_explosives(self) -> bool {
        self.lines().iter().any(Line::is_explosive)
    }

    /// Whether the load must be watched (ADR 8.4 and 8.5; class 1 and high-consequence goods stand for what is listed there);
    /// `None` where nobody knows what it is.
    #[must_use]
    pub fn must_be_watched(self) -> Option<bool> {
        let watched = |line: &Line| line.goods.class.starts_with('1') || line.is_high_consequence();
        (self != Self::Unknown).then(|| self.lines().iter().any(watched))
    }

    /// Whether some mass is not stated.
    #[must_use]
    pub fn is_mass_unstated(self) -> bool {
        self == Self::Unknown || self.lines().iter().any(|line| line.quantity_kg.is_none())
    }
}

impl Predicate {
    /// Any dangerous goods.
    #[must_use]
    pub fn any() -> Self {
        Self::default()
    }

    /// Goods of these classes.
    #[must_use]
    pub fn classes(classes: &[&str]) -> Self {
        Self { classes: classes.iter().map(|class| (*class).to_owned()).collect(), ..Self::default() }
    }

    fn takes(&self, line: &Line) -> bool {
        let any = self.classes.is_empty() && self.un_numbers.is_empty();
        let named = self.classes.iter().any(|class| line.is_of(class))
            || self.un_numbers.iter().any(|number| number == line.goods.un_number);
        (any || named)
            && (self.modes.is_empty() || self.modes.contains(&line.mode))
            && self.high_consequence.is_none_or(|wanted| line.is_high_consequence() == wanted)
            && self.min_quantity_kg.is_none_or(|least| line.quantity_kg.unwrap_or(0.0) >= least)
            && self.empty_uncleaned.is_none_or(|wanted| line.empty_uncleaned == wanted)
    }

    /// The predicate as the API takes it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut told = json!({ "classes": self.classes, "un_numbers": self.un_numbers });
        if let Some(fields) = told.as_object_mut() {
            if !self.modes.is_empty() {
                fields.insert("modes".into(), self.modes.iter().map(|mode| mode.name()).collect());
            }
            fields.extend(self.high_consequence.map(|wanted| ("high_consequence".into(), json!(wanted))));
            fields.extend(self.min_quantity_kg.map(|least| ("min_quantity_kg".into(), json!(least))));
            fields.extend(self.empty_uncleaned.map(|wanted| ("empty_uncleaned".into(), json!(wanted))));
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::goods::{CHLORINE, EXPLOSIVE, FLEET, LPG, PETROL};

    fn concerned(line: &Line, predicate: &Predicate) -> bool {
        Cargo::Known(std::slice::from_ref(line)).concerned_by(predicate)
    }

    #[test]
    fn a_class_takes_its_divisions_and_subsidiary_hazards() {
        let chlorine = Line::full(CHLORINE);
        assert!(concerned(&chlorine, &Predicate::classes(&["2"])));
        assert!(concerned(&chlorine, &Predicate::classes(&["8"])), "chlorine is corrosive besides");
        assert!(!concerned(&chlorine, &Predicate::classes(&["2.1", "3"])));
        assert!(concerned(&Line::full(EXPLOSIVE), &Predicate::classes(&["1.1"])));
    }

    #[test]
    fn every_condition_of_a_predicate_must_hold() {
        let petrol = Line::full(PETROL);
        let mut predicate = Predicate { modes: vec![Mode::Tank], ..Predicate::classes(&["3"]) };
        assert!(concerned(&petrol, &predicate));
        predicate.min_quantity_kg = Some(25_000.0);
        assert!(!concerned(&petrol, &predicate), "24 t is less");
        predicate.min_quantity_kg = None;
        predicate.empty_uncleaned = Some(true);
        assert!(!concerned(&petrol, &predicate));
        assert!(concerned(&Line::emptied(PETROL), &predicate));
    }

    #[test]
    fn unknown_cargo_is_concerned_by_everything_and_no_cargo_by_nothing() {
        let narrow = Predicate { min_quantity_kg: Some(1e9), ..Predicate::classes(&["7"]) };
        assert!(Cargo::Unknown.concerned_by(&narrow) && Cargo::Unknown.kept_out_of(TunnelCategory::B));
        assert!(!Cargo::Unknown.kept_out_of(TunnelCategory::A));
        assert!(!Cargo::None.concerned_by(&Predicate::any()) && !Cargo::None.kept_out_of(TunnelCategory::E));
    }

    #[test]
    fn high_consequence_follows_class_group_and_quantity() {
        let grave: Vec<&str> = FLEET
            .iter()
            .filter(|goods| Line::full((*goods).clone()).is_high_consequence())
            .map(|goods| goods.un_number)
            .collect();
        assert_eq!(grave, ["1203", "1965", "1978", "1972", "1005", "1017", "1230", "1098", "1831"]);
        assert!(Line::full(EXPLOSIVE).is_high_consequence());
        assert!(!Line::emptied(LPG).is_high_consequence());
    }

    #[test]
    fn tunnels_close_by_mode_and_explosive_mass() {
        let mut blasting = Line::full(EXPLOSIVE);
        assert_eq!(blasting.first_forbidden(), Some(TunnelCategory::B));
        blasting.quantity_kg = Some(1_000.0);
        assert_eq!(blasting.first_forbidden(), Some(TunnelCategory::C), "1,000 kg does not exceed 1,000 kg");
        let mut petrol = Line::full(PETROL);
        assert!(Cargo::Known(&[petrol.clone()]).kept_out_of(TunnelCategory::D));
        petrol.mode = Mode::Packages;
        assert!(!Cargo::Known(&[petrol.clone()]).kept_out_of(TunnelCategory::D));
        assert!(Cargo::Known(&[petrol]).kept_out_of(TunnelCategory::E));
        assert!(Cargo::Known(&[Line::emptied(LPG)]).kept_out_of(TunnelCategory::B));
    }
}
