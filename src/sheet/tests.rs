//! What a responder reads, as stories.

use std::collections::BTreeSet;

use super::{Sheet, Status, testing::*, words::Word};
use crate::{
    domain::{CarriageMode, GoodsLine, Language},
    hazard::{HazardSheet, naming::not_available},
    incident::{approach::Approach, protective::ProtectiveZones},
};

/// The largest a page of one line of goods may be: some seconds on the worst mobile network.
const LARGEST_BYTES: usize = 120_000;

fn pages(goods: &HazardSheet, zones: &ProtectiveZones, write: impl Fn(&Sheet<'_>)) {
    let approach = Approach::plan(zones);
    for language in Language::ALL {
        write(&known(language, goods, zones, &approach));
    }
}

/// The elements of a page in order; fails where one is not closed, so that text that looks like a tag shows.
fn assert_well_formed(page: &str) {
    const EMPTY: [&str; 4] = ["meta", "!DOCTYPE", "br", "hr"];
    let mut open: Vec<&str> = Vec::new();
    for part in page.split('<').skip(1) {
        let (tag, _) = part.split_once('>').unwrap_or_else(|| panic!("no end of a tag: {part:.80}"));
        let name = tag.split([' ', '/']).find(|name| !name.is_empty()).unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "closed before: {part:.80}");
        } else if !tag.ends_with('/') && !EMPTY.contains(&name) {
            open.push(name);
        }
    }
    assert_eq!(open, Vec::<&str>::new());
}

/// What a page says, without its tags.
fn text(page: &str) -> String {
    let body = page.split_once("</style>").map_or(page, |(_, body)| body);
    let parts = body.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    let text: String = parts.collect();
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[test]
fn a_chlorine_tanker_has_turned_over_and_the_wind_is_known() {
    let (goods, wind) = (chlorine(), wind());
    let zones = zones(&goods, Some(&wind));
    pages(&goods, &zones, |sheet| {
        insta::assert_snapshot!(format!("chlorine_{:?}", sheet.language), by_line(&sheet.to_html()));
    });
}

#[test]
fn nobody_has_said_what_is_on_board() {
    let goods = HazardSheet::unknown(catalogue());
    for language in Language::ALL {
        let page = bare(language, &goods).to_html();
        assert_well_formed(&page);
        insta::assert_snapshot!(format!("unknown_{language:?}"), by_line(&page));
    }
}

#[test]
fn a_map_draws_the_zones_the_track_and_the_vehicle() {
    let (goods, wind) = (chlorine(), wind());
    let zones = zones(&goods, Some(&wind));
    let approach = Approach::plan(&zones);
    let mut layer = known(Language::English, &goods, &zones, &approach).to_geojson();
    let features = layer["features"].as_array_mut().unwrap();
    for zone in features.iter_mut().filter(|feature| feature["properties"]["kind"] == "zone") {
        let ring = zone["geometry"]["coordinates"][0].as_array().unwrap();
        assert_eq!(ring.first(), ring.last());
        // Shapes have tests of their own.
        zone["geometry"]["coordinates"] = "…".into();
    }
    insta::assert_json_snapshot!(layer);
}

#[test]
fn every_entry_of_the_catalogue_has_its_page_in_every_language() {
    for entry in catalogue().entries() {
        let goods = goods_of(entry);
        let zones = zones(&goods, None);
        pages(&goods, &zones, |sheet| {
            let page = sheet.to_html();
            let key = entry.key();
            assert!(page.len() < LARGEST_BYTES, "{key}: {} bytes", page.len());
            assert_well_formed(&page);
            let text = text(&page);
            assert!(text.contains(&format!("{} {}", entry.list, entry.un_number)), "{key}: no number");
            assert!(text.contains(&entry.name_en), "{key}: no name");
            let chinese = entry.name_zh.as_deref().unwrap_or_default();
            assert!(text.contains(chinese), "{key}: no Chinese name");
        });
    }
}

#[test]
fn names_that_mean_harm_stay_text() {
    let hostile = r#"<script>alert(1)</script>"'><img src=x onerror=alert(2)>&"#;
    let wind = crate::incident::protective::WindReading::new(Some(0.0), Some(9.0), noon(), hostile).unwrap();
    let goods = GoodsLine {
        technical_name: Some(hostile.into()),
        ..GoodsLine::new("1993".parse().unwrap(), CarriageMode::Tank)
    };
    let goods = HazardSheet::of(catalogue(), &[goods]);
    let zones = zones(&goods, Some(&wind));
    pages(&goods, &zones, |sheet| {
        let mut sheet = sheet.clone();
        sheet.waybill = Some(hostile.into());
        sheet.vehicle.registration = Some(hostile.into());
        sheet.vehicle.carrier_phone = Some(hostile.into());
        sheet.vehicle.driver.as_mut().unwrap().name = hostile.into();
        sheet.contacts[0].name = hostile.into();
        sheet.contacts[0].phone = format!("javascript:alert(1) 0100 200{hostile}");
        sheet.identity.level_reasons = vec![hostile.into()];
        sheet.evidence[0].what = hostile.into();
        let position = sheet.position.as_mut().unwrap();
        position.road = Some(hostile.into());
        position.zones = Some(vec![hostile.into()]);
        let page = sheet.to_html();
        assert_well_formed(&page);
        assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("href=\"javascript"));
        let shown = text(&page).matches(hostile).count();
        assert!(shown >= 9, "shown {shown} times");
    });
}

#[test]
fn what_is_missing_is_said_to_be_missing() {
    let goods = HazardSheet::unknown(catalogue());
    for (language, label) in [(Language::English, "Registration"), (Language::Chinese, "车牌号")] {
        let page = bare(language, &goods).to_html();
        let missing = not_available(language);
        let row = format!(r#"<dt>{label}</dt><dd><span class="missing">{missing}</span></dd>"#);
        assert!(page.contains(&row), "{page}");
        assert!(text(&page).matches(missing).count() > 15);
    }
}

#[test]
fn every_field_of_the_checklist_is_shown_or_named_as_missing() {
    use crate::hazard::naming::Field;
    // Shown in another form: as headings, by the lines of goods, or within another field.
    let within = "latitude longitude upwind_approach country compartment_volume compartment_product compartment_fill driver_phone \
         escort_phone goods list un_number in_catalogue compatibility_group hin_meaning forbidden_tunnels quantity_kg \
         quantity_l net_explosive_mass_kg water_reactive_basis water_reactive_gases gravest high_consequence_kinds \
         ambiguity notes uncertain not_available editions advice small_spill large_spill large_spill_by_wind \
         health_hazards fire_hazards precautions personal_protection extinguishing_media water_use fire_handling \
         spill_handling first_aid contacts sunrise_at name_en";
    let within: BTreeSet<&str> = within.split_whitespace().collect();
    let (goods, wind) = (chlorine(), wind());
    let zones = zones(&goods, Some(&wind));
    let approach = Approach::plan(&zones);
    let text = text(&known(Language::English, &goods, &zones, &approach).to_html());
    for field in Field::ALL.iter().filter(|field| !within.contains(&field.key())) {
        assert!(text.contains(field.label(Language::English)), "{field:?} is neither shown nor named as missing");
    }
}

#[test]
fn nobody_takes_a_drill_for_an_accident() {
    let goods = chlorine();
    let mut sheet = bare(Language::English, &goods);
    assert!(!sheet.to_html().contains("class=\"drill\""));
    sheet.identity.status = Status::Exercise;
    assert!(text(&sheet.to_html()).starts_with("EXERCISE"));
}

#[test]
fn the_first_screen_says_where_the_wind_carries_it_or_that_nobody_knows() {
    let (goods, wind) = (chlorine(), wind());
    let first = |zones: &ProtectiveZones, language| {
        let approach = Approach::plan(zones);
        let page = known(language, &goods, zones, &approach).to_html();
        let (first, _) = page.split_once("</section>").unwrap();
        text(first)
    };
    let known = zones(&goods, Some(&wind));
    assert!(first(&known, Language::English).contains("downwind to the north-east (045°)"));
    assert!(first(&known, Language::Chinese).contains("下风向东北(045°)"));
    let unknown = zones(&goods, None);
    assert!(first(&unknown, Language::English).contains("wind unknown: all directions"));
    assert!(first(&unknown, Language::Chinese).contains("风向不明：四周"));
}

/// Pages are one long line. For review a snapshot has a line for each block, and leaves out the style sheet and our own
/// drawings, which have tests of their own.
fn by_line(page: &str) -> String {
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, body) = rest.split_once("</style>").unwrap();
    let mut shown = head.to_owned();
    let mut drawings = body.split(r#"<svg xmlns"#);
    shown.push_str(drawings.next().unwrap_or_default());
    for part in drawings {
        let (drawing, after) = part.split_once("</svg>").unwrap();
        let (_, title) = drawing.split_once("<title>").unwrap();
        shown.push_str(&format!("[{}]{after}", title.split('<').next().unwrap_or_default()));
    }
    ["<section", "<h1", "<h2", "<h3", "<dt", "<li", "<tr", "<div", "<p", "<figure", "<article", "</section", "<footer"]
        .iter()
        .fold(shown, |page, tag| page.replace(tag, &format!("\n{tag}")))
}

#[test]
fn who_declares_no_dangerous_goods_is_not_shown_as_one_with_unknown_cargo() {
    let nothing = HazardSheet::nothing();
    for language in Language::ALL {
        let page = bare(language, &nothing).to_html();
        assert!(page.contains(Word::NothingTitle.text(language)), "{page}");
        assert!(!page.contains("class=\"unknown\""), "{page}");
        assert!(!page.contains(Word::Never.text(language)), "there is nothing to be warned of: {page}");
    }
}
