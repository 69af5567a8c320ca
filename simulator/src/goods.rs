//! The goods that the simulated tankers carry, and which tunnels these are kept out of.
//!
//! Every row is read from ADR 2025 Table A (columns 1, 2, 4, 5, 12, 15, 20). What is of the fleet travels in tanks, so a
//! tunnel restriction code is read by its part for tanks (ADR 8.6.4). This is the simulator's own copy: it stages what
//! the server must find, and so must not ask the server. Loads, pressures and temperatures are assumptions.

use serde::{Deserialize, Serialize};

/// Category of a road tunnel by ADR 1.9.5.2.2. The later the letter, the more goods are kept out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TunnelCategory {
    /// No restriction.
    A,
    /// Goods that may cause a very large explosion are kept out.
    B,
    /// As B, and a large explosion or a large toxic release.
    C,
    /// As C, and a large fire.
    D,
    /// All dangerous goods but a few.
    E,
}

/// One entry of the dangerous goods list, as carried in a tank.
#[derive(Clone, Debug, PartialEq)]
pub struct Goods {
    /// UN number, four digits.
    pub un_number: &'static str,
    /// Short English name for logs.
    pub name: &'static str,
    /// Class with division, and compatibility group for explosives.
    pub class: &'static str,
    /// Subsidiary hazards.
    pub subsidiary: &'static [&'static str],
    /// Packing group, where the entry has one.
    pub packing_group: Option<&'static str>,
    /// Tunnel restriction code.
    pub tunnel_code: &'static str,
    /// A usual load of one tank vehicle, in kilograms.
    pub load_kg: f64,
    /// Whether the tank is under pressure or cold, so that its sensors say something; kPa and °C at rest.
    pub tank: Option<(f64, f64)>,
}

impl Goods {
    /// Whether a tank of these goods may pass a tunnel of this category (ADR 8.6.4).
    #[must_use]
    pub fn may_pass(&self, category: TunnelCategory) -> bool {
        self.first_forbidden().is_none_or(|first| category < first)
    }

    /// The mildest category that is forbidden: the first letter of the code, which is the part for tanks.
    fn first_forbidden(&self) -> Option<TunnelCategory> {
        match self.tunnel_code.chars().next() {
            Some('B') => Some(TunnelCategory::B),
            Some('C') => Some(TunnelCategory::C),
            Some('D') => Some(TunnelCategory::D),
            Some('E') => Some(TunnelCategory::E),
            _ => None,
        }
    }
}

const fn liquid(
    un_number: &'static str,
    name: &'static str,
    class: &'static str,
    packing_group: &'static str,
    tunnel_code: &'static str,
    load_kg: f64,
) -> Goods {
    Goods {
        un_number,
        name,
        class,
        subsidiary: &[],
        packing_group: Some(packing_group),
        tunnel_code,
        load_kg,
        tank: None,
    }
}

impl Goods {
    const fn and(self, subsidiary: &'static [&'static str]) -> Self {
        Self { subsidiary, ..self }
    }
}

const fn gas(
    un_number: &'static str,
    name: &'static str,
    class: &'static str,
    tunnel_code: &'static str,
    load_kg: f64,
    tank: (f64, f64),
) -> Goods {
    Goods { un_number, name, class, subsidiary: &[], packing_group: None, tunnel_code, load_kg, tank: Some(tank) }
}

/// Petrol.
pub const PETROL: Goods = liquid("1203", "petrol", "3", "II", "D/E", 24_000.0);
/// Chlorine.
pub const CHLORINE: Goods = gas("1017", "chlorine", "2.3", "C/D", 18_000.0, (620.0, 18.0)).and(&["5.1", "8"]);
/// Liquefied petroleum gas: hydrocarbon gas mixture, n.o.s.
pub const LPG: Goods = gas("1965", "LPG", "2.1", "B/D", 19_000.0, (780.0, 16.0));

/// Blasting explosive, type A, which travels in packages; its load is all explosive mass.
pub const EXPLOSIVE: Goods = Goods {
    un_number: "0081",
    name: "blasting explosive",
    class: "1.1D",
    subsidiary: &[],
    packing_group: None,
    tunnel_code: "B1000C",
    load_kg: 6_000.0,
    tank: None,
};

/// What the fleet carries, in turn.
pub const FLEET: [Goods; 15] = [
    PETROL,
    liquid("1202", "diesel", "3", "III", "D/E", 26_000.0),
    LPG,
    gas("1978", "propane", "2.1", "B/D", 18_500.0, (810.0, 16.0)),
    gas("1972", "LNG", "2.1", "B/D", 17_000.0, (310.0, -152.0)),
    gas("1005", "ammonia", "2.3", "C/D", 17_500.0, (760.0, 17.0)).and(&["8"]),
    CHLORINE,
    gas("1073", "liquid oxygen", "2.2", "C/E", 20_000.0, (250.0, -176.0)).and(&["5.1"]),
    gas("1977", "liquid nitrogen", "2.2", "C/E", 19_500.0, (240.0, -188.0)),
    liquid("1830", "sulphuric acid", "8", "II", "E", 24_500.0),
    liquid("1824", "caustic soda", "8", "II", "E", 25_000.0),
    liquid("1230", "methanol", "3", "II", "D/E", 23_500.0).and(&["6.1"]),
    liquid("1098", "allyl alcohol", "6.1", "I", "C/D", 21_000.0).and(&["3"]),
    liquid("1831", "oleum", "8", "I", "C/D", 22_000.0).and(&["6.1"]),
    liquid("3082", "environmentally hazardous liquid", "9", "III", "(-)", 25_500.0),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn of(un_number: &str) -> &'static Goods {
        FLEET.iter().find(|goods| goods.un_number == un_number).unwrap()
    }

    #[test]
    fn tanks_are_kept_out_of_tunnels_by_the_first_part_of_their_code() {
        use TunnelCategory::{A, B, C, D, E};
        let forbidden = |un: &str| [A, B, C, D, E].into_iter().filter(|c| !of(un).may_pass(*c)).collect::<Vec<_>>();
        assert_eq!(forbidden("1965"), [B, C, D, E]);
        assert_eq!(forbidden("1017"), [C, D, E]);
        assert_eq!(forbidden("1977"), [C, D, E]);
        assert_eq!(forbidden("1203"), [D, E]);
        assert_eq!(forbidden("1824"), [E]);
        assert_eq!(forbidden("3082"), []);
    }
}
