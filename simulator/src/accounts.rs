//! The broker accounts of the demo: one for each device, one gateway for each operator.
//!
//! Passwords follow from the seed, so that the broker's password file and the simulator agree without sharing a file.
//! They protect nothing but a demo on one machine.

use sha2::{Digest, Sha256};

use crate::broker::Credentials;

/// The account of a device: user `operator/vehicle`.
#[must_use]
pub fn device(seed: u64, operator: &str, vehicle: &str) -> Credentials {
    account(seed, format!("{operator}/{vehicle}"))
}

/// The account of an operator's gateway: user `gateway-operator`.
#[must_use]
pub fn gateway(seed: u64, operator: &str) -> Credentials {
    account(seed, format!("gateway-{operator}"))
}

fn account(seed: u64, user: String) -> Credentials {
    let digest = Sha256::digest(format!("placard demo account {seed} {user}"));
    let password = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    Credentials { user, password }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_follow_from_seed_and_user() {
        let one = device(1, "rhine-chem", "RC-01");
        assert_eq!((one.user.as_str(), one.password.len()), ("rhine-chem/RC-01", 32));
        assert_eq!(one, device(1, "rhine-chem", "RC-01"));
        assert_ne!(one.password, device(2, "rhine-chem", "RC-01").password);
        assert_ne!(one.password, gateway(1, "rhine-chem").password);
    }
}
