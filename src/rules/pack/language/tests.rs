use std::time::{Duration, Instant};

use super::*;

const FACTS: &Vocabulary =
    &[("speed", Kind::Number), ("moving", Kind::Truth), ("driver", Kind::Text), ("classes", Kind::Texts)];

fn error(text: &str) -> String {
    match Expression::read(text, FACTS) {
        Ok(_) => panic!("{text} was taken"),
        Err(error) => error.to_string(),
    }
}

fn kind(text: &str) -> Kind {
    Expression::read(text, FACTS).unwrap_or_else(|error| panic!("{text}: {error}")).kind()
}

#[test]
fn operators_are_given_what_they_work_on() {
    assert_eq!(kind("speed > 80 && !moving || driver == 'D-1'"), Kind::Truth);
    assert_eq!(kind("speed / 2 + 1.5 > -1"), Kind::Truth);
    assert_eq!(kind("moving ? speed : 0"), Kind::Number);
    assert_eq!(kind("driver != null && driver.startsWith('D')"), Kind::Truth);
    assert_eq!(kind("'3' in classes && driver in ['a', 'b'] && speed in [1, 2.5]"), Kind::Truth);
    for (text, what) in [
        ("speed > 'fast'", "> is given a number and a text; it works on two numbers or two texts"),
        ("speed && moving", "&& is given a number and a truth; it works on two truths"),
        ("driver + 'x'", "+ is given a text and a text; it works on two numbers"),
        ("speed == moving", "== is given a number and a truth; it works on two of one kind, or null"),
        ("speed > null", "> is given a number and null"),
        ("3 in classes", "in is given a number and a list of texts"),
        ("moving ? 1 : 'a'", "?: is given a truth and a number and a text"),
        ("-moving", "- is given a truth; it works on a number"),
        ("driver.contains(3)", "contains is given a text and a number; it works on two texts"),
    ] {
        assert!(error(text).starts_with(what), "{text}: {}", error(text));
    }
}

#[test]
fn what_is_not_there_is_named_with_what_is() {
    assert_eq!(error("sped > 80"), "there is no fact \"sped\"; the facts are speed, moving, driver, classes");
}

#[test]
fn loops_growing_texts_and_patterns_are_left_out() {
    for text in [
        "classes.all(x, x == '3')",
        "classes.exists(x, classes.exists(y, x == y))",
        "[1, 2].map(x, [1, 2].map(y, [1, 2].map(z, x)))",
        "has(driver.name)",
        "driver.matches('(a+)+$')",
        "driver + driver == 'x'",
        "classes + classes == classes",
        "classes[0] == '3'",
        "driver.length == 3",
        "size(classes) > 1",
        "string(speed) == '1'",
        "{'a': 1}.a == 1",
        "speed % 2 == 1",
        "1u > speed",
        "b'a' == driver",
        "[[1]] == [[1]]",
        "speed in []",
        "type(speed) == int",
        "timestamp('2020-01-01T00:00:00Z') == null",
        "a.b.c(1)",
        "google.protobuf.Duration{} == null",
        "driver.?x == null",
        "`driver` == 'x'",
    ] {
        error(text);
    }
}

#[test]
fn what_does_not_read_says_where() {
    let text = error("speed > > 80");
    assert!(text.contains("does not read") && text.contains("1:"), "{text}");
    error("");
    error("   ");
    error("speed >");
    error("\0");
}

#[test]
fn an_expression_may_be_neither_long_nor_large_nor_deep() {
    let long = format!("driver == '{}'", "x".repeat(LONGEST_TEXT));
    assert!(error(&long).contains("bytes"));
    let wide = vec!["moving"; 120].join("||");
    assert!(error(&wide).contains("parts"), "{}", error(&wide));
    let deep = format!("{}moving{}", "!(".repeat(30), ")".repeat(30));
    assert!(error(&deep).contains("Recursion limit"), "{}", error(&deep));
    let brackets = format!("{}1{}", "(".repeat(100), ")".repeat(100));
    assert!(error(&brackets).contains("opening brackets"));
}

/// Reading must be quick whatever it is given: the parser is somebody else's, and a pack may come from anybody with a token.
#[test]
fn hostile_texts_are_refused_in_no_time() {
    let mut texts: Vec<String> = Vec::new();
    for motif in [
        "!", "-", "(", "[", ")", "]", "((", "[[", "!(", "![", "-(", "?", "1?", "1?1:", "a.", "a(", "(a", "[a,", "'",
        "\"", "a||", "a&&", "a in ", "1,", "[!", "(-[", "!-", "?:", "..", "[(", "([", "\\", "r'", "'''", "a[", "a.b(",
        "//", "0x", "1e",
    ] {
        for length in [20, 200, LONGEST_TEXT] {
            texts.push(motif.chars().cycle().take(length).collect());
            texts.push(format!("moving && {}", motif.chars().cycle().take(length - 12).collect::<String>()));
        }
        // As many brackets as are let through to the parser.
        let few: String = motif.chars().cycle().take(MOST_BRACKETS).collect();
        texts.push(few.clone());
        texts.push(format!("{few}1"));
        texts.push(format!("{few}1{}", ")".repeat(MOST_BRACKETS)));
        texts.push(format!("{few}1{}", "]".repeat(MOST_BRACKETS)));
    }
    for text in texts {
        let begun = Instant::now();
        let _refused_or_not = Expression::read(&text, FACTS);
        assert!(begun.elapsed() < Duration::from_millis(500), "{text:?} took {:?}", begun.elapsed());
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(300))]

    /// Bits of the language in any order, and anything at all.
    #[test]
    fn any_text_is_read_or_refused_in_no_time(
        parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "(", ")", "[", "]", "!", "-", "?", ":", ".", ",", "&&", "||", "==", "in", "speed", "moving", "1", "'a'", "<",
                "+", " ", "\"", "\\", "all", "driver.startsWith(", "null", "1.0", "e", "x", "classes",
            ]),
            0..80,
        ),
        any in ".{0,60}",
    ) {
        for text in [parts.concat(), parts.join(" "), any] {
            let begun = Instant::now();
            let _refused_or_not = Expression::read(&text, FACTS);
            proptest::prop_assert!(begun.elapsed() < Duration::from_secs(2), "{text:?} took {:?}", begun.elapsed());
        }
    }
}
