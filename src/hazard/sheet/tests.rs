use serde_json::{Value, json};

use super::*;
use crate::domain::CarriageMode::{Packages, Tank};
use crate::domain::PackingGroup;
use crate::hazard::spill::{Assumption, Wind};
use crate::hazard::testing::{catalogue, line};

fn sheet(goods: &[GoodsLine]) -> HazardSheet {
    HazardSheet::of(catalogue(), goods)
}

fn only(goods: GoodsLine) -> SheetLine {
    let sheet = sheet(&[goods]);
    assert_eq!(sheet.goods.len(), 1);
    sheet.goods.into_iter().next().unwrap()
}

#[test]
fn a_chlorine_tanker_value_by_value() {
    let chlorine = only(GoodsLine { quantity_kg: Some(18_000.0), ..line("1017", Tank) });
    assert_eq!(chlorine.adr_description, "UN 1017 CHLORINE, 2.3 (5.1 + 8), (C/D)");
    assert_eq!(chlorine.hin.unwrap().to_string(), "265");
    assert_eq!(chlorine.hin_meaning.as_deref(), Some("toxic gas, oxidising (intensifies fire)"));
    assert_eq!((chlorine.name_zh.as_deref(), chlorine.classification_code.as_deref()), (Some("氯"), Some("2TOC")));
    assert!(chlorine.toxic_by_inhalation && chlorine.gravest && !chlorine.water_reactive && !chlorine.polymerises);
    assert_eq!(chlorine.erg_guides[0].reference, "124");
    assert_eq!(chlorine.erg_guides[0].guide.title, "Gases - Toxic and/or Corrosive - Oxidizing");
    assert_eq!(chlorine.tunnel_restriction, TunnelRestriction::CDE);
    let small = chlorine.small_spill.unwrap();
    assert_eq!((small.isolate_m, small.protect_day_km, small.protect_night_km, small.source.table), (60, 0.3, 1.5, 1));
    let large = chlorine.large_spill.unwrap();
    assert_eq!((large.isolate_m, large.protect_day_km, large.protect_night_km), (600, 5.6, 6.4));
    assert_eq!((large.source.table, large.source.page, large.assumed), (3, 341, vec![Assumption::Wind]));
    let by_wind: Vec<_> = chlorine
        .large_spill_by_wind
        .iter()
        .map(|in_wind| (in_wind.wind, in_wind.distances.protect_day_km, in_wind.distances.protect_night_km))
        .collect();
    assert_eq!(by_wind, [(Wind::Low, 5.6, 6.4), (Wind::Moderate, 3.3, 4.7), (Wind::High, 2.5, 3.8)]);
    let isolate = chlorine.isolate.unwrap();
    assert_eq!((isolate.metres, isolate.source.table), (600, Some(3)));
    assert_eq!(chlorine.fire_isolate.unwrap().metres, 800);
    assert_eq!(chlorine.notes, ["Wind not known: the distances are those of low wind."]);
    assert_eq!((chlorine.ambiguity, chlorine.not_available), (None, vec![]));
}

#[test]
fn a_petrol_tanker_has_the_distances_of_its_guide() {
    let sheet = sheet(&[GoodsLine { quantity_l: Some(30_000.0), ..line("1203", Tank) }]);
    assert_eq!(sheet.goods[0].adr_description, "UN 1203 MOTOR SPIRIT or GASOLINE or PETROL, 3, II, (D/E)");
    let metres = |distance: Option<LargestDistance>| distance.unwrap().metres;
    assert_eq!((metres(sheet.isolate), metres(sheet.evacuate), metres(sheet.fire_isolate)), (50, 300, 800));
    assert_eq!(sheet.isolate.unwrap().source.guide, Some(GuideNumber(128)));
    assert_eq!(sheet.protect, None);
    assert_eq!(
        (sheet.tunnel_restriction, sheet.high_consequence, sheet.unknown_cargo),
        (TunnelRestriction::DE, true, false)
    );
}

#[test]
fn the_description_follows_adr_with_technical_name_and_residue() {
    let solvent = GoodsLine {
        packing_group: Some(PackingGroup::II),
        technical_name: Some("ethanol".into()),
        empty_uncleaned: true,
        ..line("1993", Packages)
    };
    assert_eq!(
        only(solvent).adr_description,
        "EMPTY, UNCLEANED, UN 1993 FLAMMABLE LIQUID, N.O.S. (ethanol), 3, II, (D/E)"
    );
    assert_eq!(only(line("1098", Tank)).adr_description, "UN 1098 ALLYL ALCOHOL, 6.1 (3), I, (C/D)");
}

#[test]
fn the_line_that_reaches_farthest_stands_first_and_decides_for_the_load() {
    let load = sheet(&[line("1263", Packages), line("1203", Tank), line("1965", Tank), line("1005", Tank)]);
    let order: Vec<String> = load.goods.iter().map(|line| line.un_number.to_string()).collect();
    assert_eq!(order, ["1005", "1965", "1203", "1263"]);
    assert_eq!(load.tunnel_restriction, TunnelRestriction::BCDE);
    let isolate = load.isolate.unwrap();
    assert_eq!((isolate.metres, isolate.un_number), (150, Some("1005".parse().unwrap())));
    let fire = load.fire_isolate.unwrap();
    assert_eq!((fire.metres, fire.un_number), (1600, Some("1005".parse().unwrap())));
    assert_eq!(load.protect.unwrap().protect_night_km, 1.8);
}

#[test]
fn among_goods_that_reach_equally_far_explosives_come_before_gas() {
    let load = sheet(&[line("1965", Tank), line("0081", Packages)]);
    assert_eq!(load.goods[0].un_number.to_string(), "0081");
    let order: Vec<_> = sheet(&[line("1202", Tank), line("1203", Tank)]).goods;
    assert_eq!(order[0].un_number.to_string(), "1203", "transport category 2 before 3");
}

#[test]
fn the_load_has_the_largest_day_and_night_distances_of_its_goods() {
    let load = sheet(&[line("1017", Tank), line("1079", Tank)]);
    let protect = load.protect.unwrap();
    assert_eq!((protect.isolate_m, protect.protect_day_km, protect.day_at_least), (1000, 11.0, true));
    assert_eq!((protect.protect_night_km, protect.night_at_least), (11.0, true));
}

#[test]
fn an_open_line_shows_its_gravest_row_and_names_the_others() {
    let alcohols = only(line("1986", Tank));
    assert_eq!(alcohols.packing_group, Some(PackingGroup::I));
    assert_eq!(alcohols.ambiguity.unwrap().alternatives.len(), 2);
    assert!(alcohols.notes.iter().any(|note| note.contains("it may also be UN 1986, II or UN 1986, III")));
}

#[test]
fn a_line_that_contradicts_the_list_says_so_and_still_shows_the_goods() {
    let petrol = only(GoodsLine { packing_group: Some(PackingGroup::III), ..line("1203", Tank) });
    assert_eq!(petrol.notes[0], "UN 1203 has no packing group III; it has II.");
    assert_eq!((petrol.packing_group, petrol.in_catalogue), (Some(PackingGroup::II), true));
}

#[test]
fn an_unknown_number_stands_first_under_the_guide_for_unidentified_cargo() {
    let load = sheet(&[line("1017", Tank), line("9999", Packages)]);
    let unknown = &load.goods[0];
    assert_eq!((unknown.un_number.to_string().as_str(), unknown.in_catalogue), ("9999", false));
    assert_eq!(unknown.erg_guides[0].reference, "111");
    assert_eq!(unknown.notes[0], "UN 9999 is not in the goods catalogue.");
    assert!(unknown.not_available.contains(&"hin"));
    assert!(load.unknown_cargo && load.high_consequence);
    assert_eq!(load.tunnel_restriction, TunnelRestriction::MOST_RESTRICTIVE);
}

#[test]
fn cargo_that_nobody_named_has_the_distances_for_unidentified_cargo() {
    let unknown = HazardSheet::unknown(catalogue());
    assert!(unknown.unknown_cargo && unknown.high_consequence && unknown.goods.is_empty());
    assert_eq!(unknown.tunnel_restriction, TunnelRestriction::MOST_RESTRICTIVE);
    let isolate = unknown.isolate.unwrap();
    assert_eq!((isolate.metres, isolate.un_number, isolate.source.guide), (100, None, Some(GuideNumber(111))));
    assert_eq!(unknown.fire_isolate.unwrap().metres, 800);
}

#[test]
fn water_warnings_reach_the_reader() {
    let oleum = only(line("1831", Tank));
    assert!(oleum.water_reactive);
    assert!(oleum.notes.contains(&"Reacts dangerously with water: water only with an expert's approval.".to_owned()));
    let silane = only(line("1295", Tank));
    assert_eq!(silane.water_reactive_gases, ["HCl"]);
    assert!(silane.notes.contains(&"Protective distances hold only if the goods are spilled in water.".to_owned()));
}

#[test]
fn what_no_source_gives_is_named_as_not_available() {
    let hydrate = only(line("9191", Packages));
    assert_eq!(hydrate.not_available, ["name_zh", "hin", "tunnel_code", "transport_category", "classification_code"]);
    assert_eq!(hydrate.adr_description, "NA 9191 Chlorine dioxide, hydrate, frozen, 5.1 (6.1), II");
    assert_eq!(only(line("2912", Packages)).not_available, [""; 0]);
}

#[test]
fn json_shows_the_field_s_notation() {
    let json = serde_json::to_value(sheet(&[line("1017", Tank)])).unwrap();
    assert_eq!(json["tunnel_restriction"], "C,D,E");
    assert_eq!(json["forbidden_tunnels"], json!(["C", "D", "E"]));
    let chlorine = &json["goods"][0];
    assert_eq!(chlorine["un_number"], "1017");
    assert_eq!(chlorine["class"], "2.3");
    assert_eq!(chlorine["subsidiary_hazards"], json!(["5.1", "8"]));
    assert_eq!(chlorine["packing_group"], Value::Null);
    assert_eq!(chlorine["tunnel_code"], "(C/D)");
    assert_eq!(chlorine["large_spill_by_wind"][2]["wind"], "high");
    assert_eq!(chlorine["large_spill_by_wind"][2]["protect_night_km"], 3.8);
    assert_eq!(chlorine["erg_guides"][0]["title"], "Gases - Toxic and/or Corrosive - Oxidizing");
    assert_eq!(json["high_consequence_kinds"], json!(["toxic_gases"]));
}

#[test]
fn every_row_of_the_catalogue_makes_a_sheet() {
    for entry in catalogue().entries() {
        for mode in [Tank, Packages] {
            let goods = GoodsLine {
                packing_group: entry.packing_group,
                variant: entry.variant.clone(),
                ..line(&entry.un_number.to_string(), mode)
            };
            let sheet = sheet(&[goods]);
            let line = &sheet.goods[0];
            let key = entry.key();
            assert_eq!(line.name_en.as_deref(), Some(entry.name_en.as_str()), "{key}");
            assert_eq!(line.hin.is_some(), line.hin_meaning.is_some(), "{key}");
            assert!(line.adr_description.starts_with(&format!("{} {}", entry.list, entry.un_number)), "{key}");
            assert!(line.isolate.is_some() && !line.erg_guides.is_empty(), "{key}");
            assert_eq!(line.toxic_by_inhalation, line.large_spill.is_some() && line.small_spill.is_some(), "{key}");
            assert_eq!(line.ambiguity, None, "{key}");
            assert!(serde_json::to_string(&sheet).is_ok(), "{key}");
        }
    }
}
