//! The accounts of the drivers of one vehicle.

use serde::{Deserialize, Serialize};

use super::{DriverCode, Shift};

/// So many drivers are remembered: a crew, and those whom it relieved.
const KEPT: usize = 4;

/// An account for each of the few drivers who had the wheel last, the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ledger<A>(Vec<(DriverCode, A)>);

impl<A> Default for Ledger<A> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<A: Default> Ledger<A> {
    /// The account of whoever was at the wheel. It is opened by driving.
    pub fn of(&mut self, shift: &Shift) -> Option<&mut A> {
        if shift.driven.is_some() {
            self.bring_forward(&shift.driver);
        }
        self.find(&shift.driver)
    }

    /// Notes that another took the wheel. If nobody had said who drove before, it was the same: a new driver takes over that
    /// account.
    pub fn hand_over(&mut self, shift: &Shift) {
        let Some(next) = shift.relieved_by.as_ref().filter(|_| shift.driver.is_none()) else { return };
        if self.find(next).is_none()
            && let Some((code, _)) = self.0.iter_mut().find(|(code, _)| code.is_none())
        {
            code.clone_from(next);
        }
    }

    fn find(&mut self, driver: &DriverCode) -> Option<&mut A> {
        self.0.iter_mut().find(|(code, _)| code == driver).map(|(_, account)| account)
    }

    /// Makes the driver's account the newest. Where there are too many, the oldest is let go.
    fn bring_forward(&mut self, driver: &DriverCode) {
        let account = match self.0.iter().position(|(code, _)| code == driver) {
            Some(0) => return,
            Some(at) => self.0.remove(at),
            None => (driver.clone(), A::default()),
        };
        self.0.insert(0, account);
        self.0.truncate(KEPT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> DriverCode {
        Some(text.into())
    }

    #[test]
    fn the_driver_who_had_the_wheel_longest_ago_is_let_go() {
        let mut ledger: Ledger<u8> = Ledger::default();
        for driver in ["A", "B", "C", "D"] {
            ledger.bring_forward(&code(driver));
        }
        *ledger.find(&code("A")).unwrap() = 7;
        ledger.bring_forward(&code("A"));
        ledger.bring_forward(&code("E"));
        assert_eq!(ledger.find(&code("A")), Some(&mut 7));
        assert_eq!(ledger.find(&code("B")), None);
    }

    #[test]
    fn who_was_not_named_at_first_is_the_one_who_is_named_later() {
        let mut ledger: Ledger<u8> = Ledger::default();
        ledger.bring_forward(&None);
        *ledger.find(&None).unwrap() = 7;
        ledger.hand_over(&Shift { driver: None, relieved_by: Some(code("A")), driven: None });
        assert_eq!(ledger.find(&code("A")), Some(&mut 7));
        assert_eq!(ledger.find(&None), None);
    }
}
