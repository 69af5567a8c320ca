//! Pages of long lists: newest first, continued by a cursor that names the last row seen.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One page of a list.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// What to pass as `cursor` for the rows after these; null when there are none.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// Makes a page of `limit` rows out of up to `limit + 1` that were fetched: the one too many tells that there is more.
    #[must_use]
    pub fn cut<C: Serialize>(mut items: Vec<T>, limit: i64, cursor_of: impl Fn(&T) -> C) -> Self {
        let limit = usize::try_from(limit).unwrap_or(0);
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = items.last().filter(|_| more).and_then(|last| encode(&cursor_of(last)));
        Self { items, next_cursor }
    }
}

/// A cursor of a list that is ordered by time, then UUID.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct TimeCursor(pub DateTime<Utc>, pub Uuid);

/// Why a cursor does not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cursor is not one that this list gave out; pass `next_cursor` of the page before, unchanged")]
pub struct CursorError;

/// Writes a cursor.
pub fn encode<C: Serialize>(cursor: &C) -> Option<String> {
    serde_json::to_vec(cursor).ok().map(|json| URL_SAFE_NO_PAD.encode(json))
}

/// Reads a cursor that [`encode`] wrote.
///
/// # Errors
/// When it is not such a cursor.
pub fn decode<C: for<'de> Deserialize<'de>>(text: &str) -> Result<C, CursorError> {
    let json = URL_SAFE_NO_PAD.decode(text).map_err(|_| CursorError)?;
    serde_json::from_slice(&json).map_err(|_| CursorError)
}
