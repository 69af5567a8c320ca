use std::{collections::HashSet, time::Instant};

use super::*;
use crate::hazard::entry::{AdrStatus, TransportCategory};
use crate::hazard::testing::catalogue;

fn un(text: &str) -> UnNumber {
    text.parse().unwrap()
}

fn exact(number: &str, group: Option<PackingGroup>) -> &'static CatalogueEntry {
    let resolved = catalogue().resolve(un(number), group, None).unwrap();
    assert_eq!(resolved.ambiguous, None, "UN {number}");
    resolved.entry
}

/// One row of the test set: class with subsidiary hazards, classification code, transport category, tunnel code, HIN.
fn facts(number: &str, group: Option<PackingGroup>) -> (String, String, String, String, String) {
    let entry = exact(number, group);
    let text = |value: Option<String>| value.unwrap_or_default();
    let hazards: Vec<String> = entry.hazards().iter().map(ToString::to_string).collect();
    (
        hazards.join("+"),
        text(entry.classification_code.clone()),
        text(entry.transport_category.map(|category| category.to_string())),
        text(entry.tunnel_code.map(|code| code.to_string())),
        text(entry.hin.map(|hin| hin.to_string())),
    )
}

#[test]
fn the_goods_on_most_roads_have_the_values_of_table_a() {
    use PackingGroup::{I, II, III};
    let table = [
        ("1203", Some(II), "3", "F1", "2", "(D/E)", "33"),
        ("1202", Some(III), "3", "F1", "3", "(D/E)", "30"),
        ("1965", None, "2.1", "2F", "2", "(B/D)", "23"),
        ("1978", None, "2.1", "2F", "2", "(B/D)", "23"),
        ("1972", None, "2.1", "3F", "2", "(B/D)", "223"),
        ("1005", None, "2.3+8", "2TC", "1", "(C/D)", "268"),
        ("1017", None, "2.3+5.1+8", "2TOC", "1", "(C/D)", "265"),
        ("1073", None, "2.2+5.1", "3O", "3", "(C/E)", "225"),
        ("1977", None, "2.2", "3A", "3", "(C/E)", "22"),
        ("1830", Some(II), "8", "C1", "2", "(E)", "80"),
        ("1824", Some(II), "8", "C5", "2", "(E)", "80"),
        ("1824", Some(III), "8", "C5", "3", "(E)", "80"),
        ("1230", Some(II), "3+6.1", "FT1", "2", "(D/E)", "336"),
        ("1098", Some(I), "6.1+3", "TF1", "1", "(C/D)", "663"),
        ("1831", Some(I), "8+6.1", "CT1", "1", "(C/D)", "X886"),
        ("1942", Some(III), "5.1", "O2", "3", "(E)", "50"),
        ("0081", None, "1.1D", "1.1D", "1", "(B1000C)", ""),
        ("0161", None, "1.3C", "1.3C", "1", "(C5000D)", ""),
        ("3077", Some(III), "9", "M7", "3", "(-)", "90"),
        ("3082", Some(III), "9", "M6", "3", "(-)", "90"),
        ("2919", None, "7", "", "0", "(-)", "70"),
        ("3331", None, "7", "", "0", "(-)", "70"),
    ];
    for (number, group, hazards, code, category, tunnel, hin) in table {
        let expected = (hazards.into(), code.into(), category.into(), tunnel.into(), hin.into());
        assert_eq!(facts(number, group), expected, "UN {number}");
        assert_eq!(exact(number, group).packing_group, group, "UN {number}");
    }
}

#[test]
fn petrol_diesel_and_chlorine_have_their_names_in_both_languages() {
    assert_eq!(exact("1203", None).name_en, "MOTOR SPIRIT or GASOLINE or PETROL");
    assert_eq!(exact("1017", None).name_zh.as_deref(), Some("氯"));
    assert!(exact("1202", None).name_en.contains("DIESEL FUEL"));
}

#[test]
fn the_same_number_has_different_tunnel_codes_by_packing_group() {
    let of = |group| facts("1986", Some(group));
    assert_eq!((of(PackingGroup::I).3.as_str(), of(PackingGroup::I).4.as_str()), ("(C/E)", "336"));
    assert_eq!((of(PackingGroup::II).3.as_str(), of(PackingGroup::II).4.as_str()), ("(D/E)", "336"));
    assert_eq!((of(PackingGroup::III).3.as_str(), of(PackingGroup::III).4.as_str()), ("(D/E)", "36"));
}

#[test]
fn a_number_without_packing_group_gets_the_gravest_row_and_is_told_so() {
    let resolved = catalogue().resolve(un("1986"), None, None).unwrap();
    assert_eq!(resolved.entry.packing_group, Some(PackingGroup::I));
    assert_eq!(
        resolved.ambiguous.unwrap().to_string(),
        "UN 1986, I was taken as the most restrictive row because it has the gravest packing group; it may also be \
         UN 1986, II or UN 1986, III"
    );
}

#[test]
fn the_three_names_of_diesel_share_one_row_because_their_values_are_the_same() {
    assert_eq!(catalogue().entries_of(un("1202")).len(), 1);
}

#[test]
fn a_variant_names_one_of_several_rows_whatever_its_case() {
    let aerosol = catalogue().resolve(un("1950"), None, Some(" 5a")).unwrap();
    assert_eq!((aerosol.entry.variant.as_deref(), aerosol.ambiguous), (Some("5A"), None));
    let paint = |variant| catalogue().resolve(un("1263"), Some(PackingGroup::III), variant).unwrap();
    assert_eq!(paint(Some("viscous")).entry.hin, None);
    assert_eq!(paint(Some("not viscous")).entry.hin.unwrap().to_string(), "30");
    assert_eq!(paint(None).entry.variant.as_deref(), Some("not viscous"), "D/E is stricter than E");
}

#[test]
fn what_the_list_does_not_have_is_refused_with_what_it_has() {
    let refused =
        |number: &str, group, variant| catalogue().resolve(un(number), group, variant).unwrap_err().to_string();
    assert_eq!(refused("9999", None, None), "UN 9999 is not in the goods catalogue");
    assert_eq!(refused("1203", Some(PackingGroup::III), None), "UN 1203 has no packing group III; it has II");
    assert_eq!(refused("1203", None, Some("summer")), "UN 1203 has no variant \"summer\"; it has none");
    assert_eq!(refused("2215", None, Some("C9")), "UN 2215 has no variant \"C9\"; it has C4, C3");
}

#[test]
fn a_packing_group_is_disregarded_where_the_list_has_none() {
    assert_eq!(exact("0081", Some(PackingGroup::II)).packing_group, None);
}

#[test]
fn a_line_that_contradicts_the_list_may_mean_any_row_of_its_number() {
    let mut line = crate::hazard::testing::line("1986", crate::domain::CarriageMode::Tank);
    assert_eq!(catalogue().candidates(&line).len(), 3);
    line.packing_group = Some(PackingGroup::II);
    assert_eq!(catalogue().candidates(&line).len(), 1);
    line.variant = Some("no such".into());
    assert_eq!(catalogue().candidates(&line).len(), 3);
    line.un_number = un("9999");
    assert!(catalogue().candidates(&line).is_empty());
}

#[test]
fn every_row_can_be_named_exactly() {
    let mut keys = HashSet::new();
    for entry in catalogue().entries() {
        assert!(keys.insert(entry.key()), "{} twice", entry.key());
        let found = catalogue().resolve(entry.un_number, entry.packing_group, entry.variant.as_deref()).unwrap();
        assert_eq!((found.entry, found.ambiguous), (entry, None));
    }
    assert_eq!(keys.len(), 2919);
}

#[test]
fn every_row_is_sound() {
    for entry in catalogue().entries() {
        let key = entry.key();
        let listed = entry.adr_status == AdrStatus::Listed;
        assert_eq!(entry.tunnel_code.is_some(), listed, "{key}");
        assert!(listed || (entry.hin.is_none() && entry.transport_category.is_none()), "{key}");
        assert!(entry.class.is_some() || entry.uncertain.contains(&"class".to_owned()), "{key}");
        assert!(!entry.erg_guides.is_empty() || key.un_number == un("0190"), "{key}");
        for guide in &entry.erg_guides {
            assert!(catalogue().guides().get(guide.number).is_some(), "{key}: guide {guide}");
        }
        assert_eq!(entry.toxic_by_inhalation, catalogue().distances().lists(entry.un_number), "{key}");
        if entry.hin.is_some_and(|hin| hin.reacts_dangerously_with_water()) {
            assert!(entry.water_reactive(), "{key}");
        }
        assert!(!entry.name_en.is_empty() && entry.name_zh.as_deref() != Some(""), "{key}");
    }
}

#[test]
fn goods_barred_from_the_road_have_no_code() {
    let barred: Vec<_> =
        catalogue().entries().iter().filter(|entry| entry.adr_status == AdrStatus::CarriageProhibited).collect();
    assert_eq!(barred.len(), 19);
    assert!(barred.iter().any(|entry| entry.un_number == un("2455")));
    assert_eq!(exact("2315", None).transport_category, Some(TransportCategory::Zero));
}

#[test]
fn the_catalogue_is_read_in_a_moment() {
    let begin = Instant::now();
    let catalogue = Catalogue::builtin().unwrap();
    assert_eq!(catalogue.entries().len(), 2919);
    // Some 10 ms in an optimised build; the limit leaves room for a slow and busy machine.
    assert!(begin.elapsed().as_millis() < 500, "{:?}", begin.elapsed());
}
