//! Who drives in the demo: organisations, tankers, what they carry and whom to call.
//!
//! All of it is invented, and looks so: names say "demo", telephone numbers have an area code that does not exist.

use serde_json::{Value, json};

use crate::goods::{FLEET, Goods};

/// An organisation of the demo.
#[derive(Clone, Copy, Debug)]
pub struct Organisation {
    /// Code in topics and addresses.
    pub code: &'static str,
    /// Full name.
    pub name: &'static str,
    /// operator, regulator or responder.
    pub kind: &'static str,
}

/// All organisations.
pub const ORGANISATIONS: [Organisation; 5] = [
    Organisation { code: "rhine-chem", name: "Rhine Chem Logistics (demo)", kind: "operator" },
    Organisation { code: "delta-tank", name: "Delta Tank Transport (demo)", kind: "operator" },
    Organisation { code: "scheldt-gas", name: "Scheldt Gas Carriers (demo)", kind: "operator" },
    Organisation { code: "corridor-authority", name: "Corridor Transport Authority (demo)", kind: "regulator" },
    Organisation { code: "safety-region", name: "Delta Safety Region (demo)", kind: "responder" },
];

/// How many tankers drive about legally. With the staged ones there are 50.
const LEGAL: usize = 47;

/// A tanker and its present shipment.
#[derive(Clone, Debug, PartialEq)]
pub struct Tanker {
    /// The operator's code.
    pub operator: &'static str,
    /// The vehicle's code.
    pub vehicle: String,
    /// What it carries.
    pub goods: Goods,
    /// How much, in kilograms.
    pub quantity_kg: f64,
}

impl Tanker {
    /// A tanker with a usual load.
    #[must_use]
    pub fn new(operator: &'static str, vehicle: impl Into<String>, goods: Goods) -> Self {
        let quantity_kg = goods.load_kg;
        Self { operator, vehicle: vehicle.into(), goods, quantity_kg }
    }

    /// The vehicle as the API takes it.
    #[must_use]
    pub fn vehicle_json(&self) -> Value {
        json!({
            "registration": format!("NL DEMO-{}", self.vehicle),
            "dangerous_goods": true,
            "speed_limit_kmh": 80,
        })
    }

    /// The shipment as the API takes it, with the goods on board since `starts_at` (RFC 3339).
    #[must_use]
    pub fn shipment_json(&self, starts_at: &str) -> Value {
        let mut line = json!({ "un_number": self.goods.un_number, "mode": "tank", "quantity_kg": self.quantity_kg });
        if let (Some(group), Some(fields)) = (self.goods.packing_group, line.as_object_mut()) {
            fields.insert("packing_group".into(), json!(group));
        }
        let contact = |role: &str, name: String, number: u16| {
            let phone = format!("+31 00 000 {number:04}");
            json!({ "role": role, "name": name, "phone": phone })
        };
        json!({
            "operator": self.operator,
            "vehicle": self.vehicle,
            "waybill": format!("DEMO-{}", self.vehicle),
            "goods": [line],
            "contacts": [
                contact("consignor", format!("Demo consignor of {}", self.goods.name), 101),
                contact("carrier", format!("Demo dispatcher of {}", self.operator), 102),
                contact("consignee", format!("Demo consignee of {}", self.goods.name), 103),
                contact("emergency", "Demo emergency desk, day and night".into(), 104),
            ],
            "starts_at": starts_at,
            "ends_at": null,
        })
    }

    /// The driver's code.
    #[must_use]
    pub fn driver(&self) -> String {
        format!("D-{}", self.vehicle)
    }
}

/// The tankers that drive about legally, operator by operator in turn, with all goods of the table.
#[must_use]
pub fn legal() -> Vec<Tanker> {
    let operators = [("rhine-chem", "RC"), ("delta-tank", "DT"), ("scheldt-gas", "SG")];
    let goods = FLEET.iter().cycle();
    let turns = operators.iter().cycle().zip(goods).take(LEGAL).enumerate();
    turns
        .map(|(index, ((operator, prefix), goods))| {
            let number = index / operators.len() + 1;
            let mut tanker = Tanker::new(operator, format!("{prefix}-{number:02}"), goods.clone());
            // Not every tank is full.
            tanker.quantity_kg -= 500.0 * (index % 7) as f64;
            tanker
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn with_the_staged_ones_there_are_fifty_tankers_with_different_names() {
        let mut fleet = legal();
        fleet.extend(crate::scenario::ALL.iter().map(|scenario| (scenario.tanker)()));
        let names: HashSet<(&str, &str)> =
            fleet.iter().map(|tanker| (tanker.operator, tanker.vehicle.as_str())).collect();
        assert_eq!((fleet.len(), names.len()), (50, 50));
        let goods: HashSet<&str> = fleet.iter().map(|tanker| tanker.goods.un_number).collect();
        assert_eq!(goods.len(), FLEET.len());
    }

    #[test]
    fn every_operator_is_an_organisation_of_the_demo() {
        for tanker in legal() {
            let known = ORGANISATIONS.iter().any(|one| one.code == tanker.operator && one.kind == "operator");
            assert!(known, "{}", tanker.operator);
        }
    }

    #[test]
    fn a_shipment_names_the_goods_and_four_contacts() {
        let shipment = Tanker::new("delta-tank", "DT-01", crate::goods::PETROL).shipment_json("2026-01-01T00:00:00Z");
        let line = json!({ "un_number": "1203", "packing_group": "II", "mode": "tank", "quantity_kg": 24_000.0 });
        assert_eq!(shipment["goods"], json!([line]));
        assert_eq!(shipment["contacts"].as_array().map(Vec::len), Some(4));
        assert_eq!(shipment["contacts"][3]["phone"], "+31 00 000 0104");
    }
}
