//! URIs as documents carry them (RFC 3986). What browsers take for a URL may hold characters that no URI has, such as a
//! bare `%`, `[` or `|` in a path: readers that check `xs:anyURI` would reject the whole message.

use url::{Position, Url};

/// Characters of a path, a query and a fragment, beside letters, figures and escapes (RFC 3986 §3.3 to §3.5).
const IN_PATHS: &[u8] = b"-._~!$&'()*+,;=:@/?";
/// Those before the path, where brackets stand around an IPv6 address.
const BEFORE_PATHS: &[u8] = b"-._~!$&'()*+,;=:@/[]";

/// The URL with every character escaped that cannot stand where it does.
pub(super) fn strict(url: &Url) -> String {
    let mut uri = url.scheme().to_owned();
    escape(&url[Position::AfterScheme..Position::BeforePath], BEFORE_PATHS, &mut uri);
    escape(&url[Position::BeforePath..Position::AfterQuery], IN_PATHS, &mut uri);
    if let Some(fragment) = url.fragment() {
        uri.push('#');
        escape(fragment, IN_PATHS, &mut uri);
    }
    uri
}

fn escape(part: &str, allowed: &[u8], uri: &mut String) {
    let mut rest = part.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        if byte.is_ascii_alphanumeric() || allowed.contains(byte) || (*byte == b'%' && is_escape(after)) {
            uri.push(char::from(*byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
        rest = after;
    }
}

/// Whether what follows a `%` makes it an escape.
fn is_escape(after: &[u8]) -> bool {
    after.iter().take(2).filter(|byte| byte.is_ascii_hexdigit()).count() == 2
}

/// Whether a text can be a URI or a relative one. Characters beyond ASCII may stand as they are, as `xs:anyURI` allows.
pub(super) fn is_uri(text: &str) -> bool {
    let (main, fragment) = text.split_once('#').unwrap_or((text, ""));
    let first_segment = main.split(['/', '?']).next().unwrap_or_default();
    let scheme = first_segment.split_once(':').map(|(scheme, _)| scheme);
    let rest = scheme.and_then(|scheme| main.get(scheme.len() + 1..)).unwrap_or(main);
    let authority = rest.strip_prefix("//").and_then(|rest| rest.split(['/', '?']).next());
    let path = authority.and_then(|authority| rest.get(authority.len() + 2..)).unwrap_or(rest);
    scheme.is_none_or(is_scheme)
        && authority.is_none_or(|authority| fits(authority, BEFORE_PATHS))
        && fits(path, IN_PATHS)
        && fits(fragment, IN_PATHS)
}

/// Whether a text is a letter, then letters, figures, `+`, `-` and `.`.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

fn fits(part: &str, allowed: &[u8]) -> bool {
    let mut rest = part.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let stands_for_itself = byte.is_ascii_alphanumeric() || allowed.contains(byte) || !byte.is_ascii();
        if !(stands_for_itself || (*byte == b'%' && is_escape(after))) {
            return false;
        }
        rest = after;
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_common_url_stays_as_it_is() {
        for url in [
            "https://placard.example.org/incidents/7?lang=en&view=sheet#goods",
            "https://user@[2001:db8::1]:8443/a%20b/%E6%B0%AF",
            "mailto:duty@brigade.example.org",
            "urn:uuid:650a370a-efdb-50ad-83b7-82add921f063",
        ] {
            assert_eq!(strict(&url.parse().unwrap()), url);
            assert!(is_uri(url), "{url}");
        }
    }

    #[test]
    fn what_no_uri_holds_is_escaped() {
        let url = "https://example.org/100%/[a]|b?q=\\^`{}%zz#c#d%".parse().unwrap();
        assert_eq!(strict(&url), "https://example.org/100%25/%5Ba%5D%7Cb?q=%5C%5E%60%7B%7D%25zz#c%23d%25");
    }

    #[test]
    fn a_text_that_is_no_uri_is_told_apart() {
        for good in ["", "a/b", "http://example.org/氯", "http://[::1]/", "a#b", "a/15:04", "a:?://", "//example.org/a"]
        {
            assert!(is_uri(good), "{good:?}");
        }
        for bad in [
            "a b",
            "%",
            "%4",
            "%4g",
            "http://example.org/[1]",
            "a#b#c",
            "<a>",
            "a\"b",
            "a|b",
            "a\\b",
            "a\n",
            "15:04",
            ":a",
        ] {
            assert!(!is_uri(bad), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn every_url_is_written_as_a_uri(
            text in prop_oneof![
                "https://\\PC{0,20}/[ -~]{0,40}",
                "https://example\\.org/\\PC{0,20}\\?\\PC{0,20}#\\PC{0,20}",
                "[a-z]{1,5}:[ -~]{0,40}",
            ],
        ) {
            let Ok(url) = text.parse::<Url>() else { return Ok(()) };
            let written = strict(&url);
            prop_assert!(is_uri(&written) && written.is_ascii(), "{}", written);
            prop_assert!(written.parse::<Url>().is_ok(), "{}", written);
        }
    }
}
