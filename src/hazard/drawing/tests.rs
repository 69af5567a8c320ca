use super::*;
use crate::domain::UnNumber;
use crate::hazard::testing::catalogue;

/// Whether every element is closed in order and every attribute quoted. Enough of a reader for what we write.
fn is_well_formed(svg: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    for piece in svg.split('<').skip(1) {
        let Some((tag, _)) = piece.split_once('>') else { return false };
        if tag.matches('"').count() % 2 != 0 {
            return false;
        }
        let name = tag.split(' ').next().unwrap_or_default();
        match name.strip_prefix('/') {
            Some(closed) if open.pop() != Some(closed) => return false,
            Some(_) => {}
            None if tag.ends_with('/') => {}
            None => open.push(name),
        }
    }
    open.is_empty() && svg.starts_with("<svg ") && svg.ends_with("</svg>")
}

fn every_drawing() -> Vec<String> {
    let entries = catalogue().entries();
    let classes = entries.iter().flat_map(|entry| entry.class.into_iter().chain(entry.subsidiary_hazards.clone()));
    let mut classes: Vec<HazardClass> = classes.collect();
    classes.sort();
    classes.dedup();
    assert!(classes.len() > 40, "{}", classes.len());
    let in_language = |language| {
        let labels = classes.iter().map(move |class| label(*class, language));
        let plates = entries.iter().map(move |entry| orange_plate(entry.hin, entry.un_number, language));
        labels.chain(plates).chain([battery_label(language)]).collect::<Vec<_>>()
    };
    Language::ALL.into_iter().flat_map(in_language).collect()
}

#[test]
fn every_drawing_is_well_formed_named_and_refers_to_nothing_outside() {
    for drawing in every_drawing() {
        assert!(is_well_formed(&drawing), "{drawing}");
        assert!(drawing.contains(r#"role="img" aria-label=""#) && drawing.contains("<title>"), "{drawing}");
        for outside in ["href", "url(", "script", "style=", " id=", "<image", "<use", "NaN"] {
            assert!(!drawing.contains(outside), "{outside}: {drawing}");
        }
        assert!(drawing.len() < 5_000, "{}", drawing.len());
    }
}

#[test]
fn the_checker_of_well_formedness_can_say_no() {
    for broken in ["<svg ><g></svg>", "<svg ><g></g>", r#"<svg a="b></svg>"#, "<svg ></g></svg>"] {
        assert!(!is_well_formed(broken), "{broken}");
    }
}

#[test]
fn the_plate_of_chlorine_reads_265_over_1017() {
    let plate = orange_plate(Some("265".parse().unwrap()), UnNumber(1017), Language::English);
    let (upper, lower) = (plate.find(">265</text>").unwrap(), plate.find(">1017</text>").unwrap());
    assert!(upper < lower);
    assert!(plate.contains("<title>Orange plate 265 / 1017: toxic gas, oxidising (intensifies fire)</title>"));
}

#[test]
fn a_plate_without_hazard_number_leaves_the_upper_half_blank() {
    let plate = orange_plate(None, UnNumber(1950), Language::English);
    assert_eq!(plate.matches("<text ").count(), 1);
    assert!(plate.contains(r#"y="271""#) && plate.contains(">1950</text>"));
}

#[test]
fn no_number_runs_over_the_border_of_the_plate() {
    for number in catalogue().entries().iter().filter_map(|entry| entry.hin) {
        // 80 of 370 for each figure.
        assert!(number.to_string().chars().count() <= 4, "{number}");
    }
}

#[test]
fn a_label_says_its_class_in_the_reader_s_language() {
    let label_of = |class: &str, language| label(class.parse().unwrap(), language);
    assert!(label_of("2.3", Language::English).contains("<title>Diamond placard 2.3: toxic gases</title>"));
    assert!(label_of("8", Language::Chinese).contains("<title>菱形标志牌 8：腐蚀性物质</title>"));
    assert!(label_of("1.1D", Language::English).contains(">1.1D</text>"));
}
