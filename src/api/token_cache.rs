//! Token look-ups, remembered for some seconds so that a busy client does not cost a query a request.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use sha2::{Digest, Sha256};
use sqlx::PgPool;

use crate::store::{StoreError, tokens, tokens::TokenOwner};

/// How long a look-up holds. A revoked token is refused at the latest after this.
pub(super) const HOLDS: Duration = Duration::from_secs(5);
/// How many are remembered before expired ones are thrown out.
const REMEMBERED: usize = 10_000;

/// Remembers the owners of valid tokens by the tokens' digests. Invalid tokens are not remembered: there is no end of them.
#[derive(Default)]
pub(super) struct TokenCache(Mutex<HashMap<[u8; 32], Known>>);

struct Known {
    since: Instant,
    owner: TokenOwner,
}

impl TokenCache {
    /// Whose token this is, if it is a valid one.
    pub(super) async fn owner(&self, pool: &PgPool, token: &str) -> Result<Option<TokenOwner>, StoreError> {
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        if let Some(owner) = self.remembered(&digest, Instant::now()) {
            return Ok(Some(owner));
        }
        let owner = tokens::owner(pool, token).await?;
        if let Some(owner) = &owner {
            self.remember(digest, owner.clone(), Instant::now());
        }
        Ok(owner)
    }

    fn remembered(&self, digest: &[u8; 32], now: Instant) -> Option<TokenOwner> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(digest).filter(|known| now < known.since + HOLDS).map(|known| known.owner.clone())
    }

    fn remember(&self, digest: [u8; 32], owner: TokenOwner, now: Instant) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.retain(|_, known| now < known.since + HOLDS);
        }
        if known.len() < REMEMBERED {
            known.insert(digest, Known { since: now, owner });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::OrganisationId, store::organisations::Role};

    #[test]
    fn a_look_up_is_forgotten_after_some_seconds() {
        let cache = TokenCache::default();
        let owner = TokenOwner {
            token_id: 1,
            organisation_id: OrganisationId(2),
            organisation: "rhine-chem".parse().unwrap(),
            role: Role::Operator,
        };
        let now = Instant::now();
        cache.remember([1; 32], owner, now);
        assert!(cache.remembered(&[1; 32], now + Duration::from_secs(4)).is_some());
        assert!(cache.remembered(&[1; 32], now + HOLDS).is_none(), "a revoked token would live on");
        assert!(cache.remembered(&[2; 32], now).is_none());
    }
}
