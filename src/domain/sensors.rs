//! Sensor readings from a JSON object, whatever devices put there.
//!
//! A reading is taken under its name when it has the type and a value that such a sensor can have. Any other stays in
//! [`Sensors::other`] as it came: a broken sensor must not cost the position that it came with.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::position::Sensors;

impl From<Map<String, Value>> for Sensors {
    fn from(mut readings: Map<String, Value>) -> Self {
        let from = &mut readings;
        Self {
            roll_deg: number(from, "roll_deg", -360.0..=360.0),
            // From a full vacuum up.
            tank_pressure_kpa: number(from, "tank_pressure_kpa", -102.0..=1e6),
            // From absolute zero up.
            tank_temperature_c: number(from, "tank_temperature_c", -273.15..=3000.0),
            // A gauge may be a little off its scale at either end.
            tank_level_pct: number(from, "tank_level_pct", -10.0..=110.0),
            valve_open: truth(from, "valve_open"),
            gas_pct_lel: number(from, "gas_pct_lel", -10.0..=10_000.0),
            loaded: truth(from, "loaded"),
            driver_present: truth(from, "driver_present"),
            jamming: jamming(from),
            external_power: truth(from, "external_power"),
            antenna_ok: truth(from, "antenna_ok"),
            case_open: truth(from, "case_open"),
            door_open: truth(from, "door_open"),
            acceleration_g: number(from, "acceleration_g", -1000.0..=1000.0),
            wheel_speed_kmh: number(from, "wheel_speed_kmh", 0.0..=2000.0),
            other: readings,
        }
    }
}

fn number(readings: &mut Map<String, Value>, name: &str, range: RangeInclusive<f64>) -> Option<f64> {
    let number = readings.get(name)?.as_f64().filter(|number| range.contains(number))?;
    readings.remove(name);
    Some(number)
}

fn truth(readings: &mut Map<String, Value>, name: &str) -> Option<bool> {
    let truth = readings.get(name)?.as_bool()?;
    readings.remove(name);
    Some(truth)
}

/// 0 none, 1 warning, 2 critical; there is no other degree.
fn jamming(readings: &mut Map<String, Value>) -> Option<u8> {
    let degree = readings.get("jamming")?.as_u64().and_then(|degree| u8::try_from(degree).ok())?;
    if degree > 2 {
        return None;
    }
    readings.remove("jamming");
    Some(degree)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(readings: Value) -> Sensors {
        serde_json::from_value(readings).unwrap()
    }

    #[test]
    fn every_sensor_that_rules_use_is_taken_by_its_name() {
        let all = json!({"roll_deg": 1.5, "tank_pressure_kpa": 612, "tank_temperature_c": -31.2, "tank_level_pct": 84,
            "valve_open": false, "gas_pct_lel": 0, "loaded": true, "driver_present": true, "jamming": 1,
            "external_power": true, "antenna_ok": true, "case_open": false, "door_open": true, "acceleration_g": 0.3,
            "wheel_speed_kmh": 71.5});
        let sensors = read(all);
        assert!(sensors.other.is_empty(), "{:?}", sensors.other);
        assert_eq!(sensors.tank_pressure_kpa, Some(612.0));
        assert_eq!((sensors.jamming, sensors.door_open), (Some(1), Some(true)));
    }

    #[test]
    fn a_reading_of_the_wrong_type_or_beyond_its_sensor_is_kept_as_it_came() {
        let sensors = read(json!({"tank_pressure_kpa": "n/a", "valve_open": 1, "jamming": 7, "tank_level_pct": 6553.5,
            "tank_temperature_c": -999, "roll_deg": [1], "oil_bar": 4.2}));
        assert_eq!(sensors.tank_pressure_kpa, None);
        assert_eq!(sensors.other["tank_pressure_kpa"], "n/a");
        assert_eq!(sensors.other["tank_level_pct"], 6553.5);
        assert_eq!(sensors.other.len(), 7);
    }

    #[test]
    fn what_was_stored_reads_back_the_same() {
        let sensors = read(json!({"roll_deg": 1.5, "jamming": "high", "loaded": true, "oil_bar": 4.2}));
        let stored = serde_json::to_value(&sensors).unwrap();
        assert_eq!(read(stored), sensors);
    }
}
