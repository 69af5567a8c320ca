//! Limits and cursors of lists.

use serde::Deserialize;

use super::problem::Problem;
use crate::store::page;

/// Rows of a page where nothing is said.
const USUAL: i64 = 100;
/// Most rows of a page.
pub(super) const MOST: i64 = 1000;

/// How many rows are asked for, of at most `most`.
pub(super) fn limit(asked: Option<i64>, most: i64) -> Result<i64, Problem> {
    let limit = asked.unwrap_or(USUAL);
    if (1..=most).contains(&limit) {
        Ok(limit)
    } else {
        Err(Problem::unreadable(format!("the limit is {limit}; 1 to {most} is wanted")).in_field("limit"))
    }
}

/// Where to go on, as the page before said.
pub(super) fn cursor<C: for<'de> Deserialize<'de>>(text: Option<&str>) -> Result<Option<C>, Problem> {
    let refuse = |error: page::CursorError| Problem::unreadable(error.to_string()).in_field("cursor");
    text.map(page::decode).transpose().map_err(refuse)
}

/// Parameters of a list that has no others.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PageQuery {
    /// Most rows to answer, 1 to 1000; 100 if left out.
    #[serde(default)]
    pub(super) limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    pub(super) cursor: Option<String>,
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use uuid::Uuid;

    use super::*;
    use crate::store::page::{Page, TimeCursor};

    #[test]
    fn a_limit_is_between_one_and_the_most() {
        assert_eq!(limit(None, MOST).unwrap(), 100);
        assert_eq!(limit(Some(1000), MOST).unwrap(), 1000);
        for bad in [0, -1, 1001, i64::MAX] {
            assert!(limit(Some(bad), MOST).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_page_goes_on_where_the_one_before_ended_and_the_last_one_says_so() {
        let page = Page::cut(vec![1_i64, 2, 3], 2, |last| *last);
        assert_eq!(page.items, [1, 2]);
        assert_eq!(cursor::<i64>(page.next_cursor.as_deref()).unwrap(), Some(2));
        assert_eq!(Page::cut(vec![1_i64, 2], 2, |last| *last).next_cursor, None);
    }

    #[test]
    fn a_cursor_of_another_list_is_refused() {
        let time = DateTime::<Utc>::from_timestamp_micros(1).unwrap();
        let of_violations = page::encode(&TimeCursor(time, Uuid::nil())).unwrap();
        assert!(cursor::<TimeCursor>(Some(&of_violations)).is_ok());
        assert!(cursor::<i64>(Some(&of_violations)).is_err());
        assert!(cursor::<i64>(Some("not a cursor")).is_err());
    }
}
