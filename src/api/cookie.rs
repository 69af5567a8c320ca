//! The session cookie of the page, and the protection that a cookie needs.
//!
//! A browser's `EventSource` cannot send an `Authorization` header, so the page keeps its token in a cookie that scripts
//! cannot read. A browser sends cookies along with requests that other sites make it send: such requests must not
//! change anything here.

use axum::http::{HeaderMap, Method, header};

/// Name of the cookie.
const NAME: &str = "placard_session";
/// How long a browser keeps it: a week.
const MAX_AGE_S: u32 = 7 * 24 * 3600;

/// The token in the session cookie.
pub(super) fn token(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == NAME).map(|(_, value)| value).filter(|value| !value.is_empty())
}

/// The `Set-Cookie` value that keeps a token, which must be a valid one; an empty one ends the session.
pub(super) fn set(token: &str, secure: bool) -> String {
    let max_age = if token.is_empty() { 0 } else { MAX_AGE_S };
    let secure = if secure { "; Secure" } else { "" };
    format!("{NAME}={token}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Strict{secure}")
}

/// Whether a method only reads (RFC 9110 §9.2.1).
pub(super) fn only_reads(method: &Method) -> bool {
    method.is_safe()
}

/// Whether the browser says that one of our own pages made the request. `None` when no browser of the last years made
/// it: they all send `Sec-Fetch-Site`, or at least `Origin` with every request that changes something.
pub(super) fn same_origin(headers: &HeaderMap) -> Option<bool> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if let Some(site) = text("sec-fetch-site") {
        return Some(matches!(site, "same-origin" | "none"));
    }
    let origin = text("origin")?;
    // The scheme is left out: behind a TLS proxy we do not know ours.
    let host = origin.split_once("://").map(|(_, host)| host);
    Some(host.is_some() && host == text("host"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn the_token_is_found_among_other_cookies() {
        assert_eq!(token(&headers(&[("cookie", "theme=dark; placard_session=abc; x=y")])), Some("abc"));
        assert_eq!(token(&headers(&[("cookie", "a=b"), ("cookie", "placard_session=abc")])), Some("abc"));
        assert_eq!(token(&headers(&[("cookie", "other_placard_session=abc")])), None);
        assert_eq!(token(&headers(&[("cookie", "placard_session=")])), None);
    }

    #[test]
    fn scripts_and_other_sites_do_not_get_the_cookie() {
        let cookie = set("abc", true);
        assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Strict") && cookie.contains("; Secure"));
        assert!(!set("abc", false).contains("Secure"), "a browser would not keep it without TLS");
        assert!(set("", false).contains("Max-Age=0"));
    }

    #[test]
    fn only_our_own_page_is_of_the_same_origin() {
        let site = |site| same_origin(&headers(&[("sec-fetch-site", site), ("origin", "https://a"), ("host", "a")]));
        assert_eq!(site("same-origin"), Some(true));
        assert_eq!(site("same-site"), Some(false));
        assert_eq!(site("cross-site"), Some(false));
        let origin = |origin, host| same_origin(&headers(&[("origin", origin), ("host", host)]));
        assert_eq!(origin("https://placard.example:8443", "placard.example:8443"), Some(true));
        assert_eq!(origin("https://evil.example", "placard.example"), Some(false));
        assert_eq!(origin("null", "placard.example"), Some(false));
        assert_eq!(same_origin(&headers(&[("host", "placard.example")])), None);
    }
}
