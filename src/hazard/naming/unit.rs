//! The physical units of a sheet.

use super::named;
use crate::domain::Language;

/// A unit of something that a sheet states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Kilogram.
    Kilogram,
    /// Tonne, 1000 kg.
    Tonne,
    /// Litre.
    Litre,
    /// Cubic metre.
    CubicMetre,
    /// Metre.
    Metre,
    /// Kilometre.
    Kilometre,
    /// Kilometre per hour.
    KilometrePerHour,
    /// Metre per second.
    MetrePerSecond,
    /// Degree of angle.
    Degree,
    /// Degree Celsius.
    Celsius,
    /// Kilopascal.
    Kilopascal,
    /// Percent.
    Percent,
    /// Second.
    Second,
    /// Minute.
    Minute,
    /// Hour.
    Hour,
    /// People.
    Person,
}

named!(Unit {
    Self::Kilogram => "kilograms", "千克";
    Self::Tonne => "tonnes", "吨";
    Self::Litre => "litres", "升";
    Self::CubicMetre => "cubic metres", "立方米";
    Self::Metre => "metres", "米";
    Self::Kilometre => "kilometres", "公里";
    Self::KilometrePerHour => "kilometres per hour", "公里/小时";
    Self::MetrePerSecond => "metres per second", "米/秒";
    Self::Degree => "degrees", "度";
    Self::Celsius => "degrees Celsius", "摄氏度";
    Self::Kilopascal => "kilopascals", "千帕";
    Self::Percent => "percent", "百分比";
    Self::Second => "seconds", "秒";
    Self::Minute => "minutes", "分钟";
    Self::Hour => "hours", "小时";
    Self::Person => "people", "人";
});

impl Unit {
    /// The short form behind a number. Chinese readers know the international symbols; a word stands where a fire
    /// service writes one.
    #[must_use]
    pub fn symbol(self, language: Language) -> &'static str {
        let (english, chinese) = match self {
            Self::Kilogram => ("kg", "kg"),
            Self::Tonne => ("t", "吨"),
            Self::Litre => ("L", "L"),
            Self::CubicMetre => ("m³", "m³"),
            Self::Metre => ("m", "米"),
            Self::Kilometre => ("km", "公里"),
            Self::KilometrePerHour => ("km/h", "km/h"),
            Self::MetrePerSecond => ("m/s", "m/s"),
            Self::Degree => ("°", "°"),
            Self::Celsius => ("°C", "℃"),
            Self::Kilopascal => ("kPa", "kPa"),
            Self::Percent => ("%", "%"),
            Self::Second => ("s", "秒"),
            Self::Minute => ("min", "分钟"),
            Self::Hour => ("h", "小时"),
            Self::Person => ("people", "人"),
        };
        match language {
            Language::English => english,
            Language::Chinese => chinese,
        }
    }

    /// A value with its unit, as it stands on a sheet: `18000 kg`, `45°`, `800 米`.
    #[must_use]
    pub fn with(self, value: impl std::fmt::Display, language: Language) -> String {
        let symbol = self.symbol(language);
        // The angle and percent signs stand close (percent by custom of both languages, the angle by rule).
        let gap = if matches!(self, Self::Degree | Self::Percent) { "" } else { " " };
        format!("{value}{gap}{symbol}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_carries_its_unit_in_the_reader_s_language() {
        assert_eq!(Unit::Kilogram.with(18_000, Language::English), "18000 kg");
        assert_eq!(Unit::Metre.with(800, Language::Chinese), "800 米");
        assert_eq!(Unit::Kilometre.with(5.6, Language::English), "5.6 km");
        assert_eq!(Unit::Degree.with(45, Language::Chinese), "45°");
        assert_eq!(Unit::Celsius.with(-33, Language::English), "-33 °C");
    }
}
