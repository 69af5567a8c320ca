use super::HighConsequenceKind as Kind;
use super::*;
use crate::domain::CarriageMode::{Bulk, Packages, Tank};
use crate::domain::GoodsLine;
use crate::hazard::testing::{catalogue, line};

fn kinds(goods: &[GoodsLine]) -> Vec<Kind> {
    high_consequence(&LoadLine::of(catalogue(), goods))
}

fn litres(un_number: &str, quantity_l: f64) -> GoodsLine {
    GoodsLine { quantity_l: Some(quantity_l), ..line(un_number, Tank) }
}

fn kilograms(un_number: &str, mode: CarriageMode, quantity_kg: f64) -> GoodsLine {
    GoodsLine { quantity_kg: Some(quantity_kg), ..line(un_number, mode) }
}

#[test]
fn petrol_counts_above_3000_litres_in_tanks_and_never_in_packages() {
    assert_eq!(kinds(&[litres("1203", 3000.0)]), []);
    assert_eq!(kinds(&[litres("1203", 3000.1)]), [Kind::FlammableLiquids]);
    assert_eq!(kinds(&[kilograms("1203", Packages, 20_000.0)]), []);
}

#[test]
fn diesel_in_packing_group_three_never_counts() {
    assert_eq!(kinds(&[litres("1202", 30_000.0)]), []);
}

#[test]
fn the_compartments_of_a_tanker_add_up_also_over_different_goods_of_one_kind() {
    assert_eq!(kinds(&[litres("1203", 1600.0), litres("1170", 1600.0)]), [Kind::FlammableLiquids]);
    assert_eq!(kinds(&[litres("1203", 1600.0), litres("1965", 1600.0)]), [], "different kinds do not");
}

#[test]
fn any_toxic_gas_counts_but_aerosols_do_not() {
    assert_eq!(kinds(&[litres("1017", 1.0)]), [Kind::ToxicGases]);
    assert_eq!(kinds(&[kilograms("1017", Packages, 0.1)]), [Kind::ToxicGases]);
    assert_eq!(kinds(&[kilograms("1950", Packages, 1000.0)]), []);
    assert_eq!(kinds(&[litres("1965", 20_000.0)]), [Kind::FlammableGases]);
    assert_eq!(kinds(&[litres("1977", 20_000.0)]), [], "nitrogen is neither");
}

#[test]
fn a_quantity_that_is_not_stated_in_the_unit_of_the_table_exceeds_it() {
    assert_eq!(kinds(&[line("1203", Tank)]), [Kind::FlammableLiquids]);
    assert_eq!(kinds(&[kilograms("1203", Tank, 10.0)]), [Kind::FlammableLiquids]);
    assert_eq!(kinds(&[litres("1203", f64::NAN)]), [Kind::FlammableLiquids]);
}

#[test]
fn a_residue_is_more_than_nothing_and_less_than_3000_litres() {
    let residue = |un_number| GoodsLine { empty_uncleaned: true, ..line(un_number, Tank) };
    assert_eq!(kinds(&[residue("1203")]), []);
    assert_eq!(kinds(&[residue("1017")]), [Kind::ToxicGases]);
    assert_eq!(kinds(&[GoodsLine { quantity_l: Some(0.0), ..residue("1017") }]), [Kind::ToxicGases]);
}

#[test]
fn explosives_count_by_division_group_and_list() {
    let one_kg = |un_number| kinds(&[kilograms(un_number, Packages, 1.0)]);
    assert_eq!(one_kg("0081"), [Kind::Explosives]);
    assert_eq!(one_kg("0161"), [Kind::Explosives], "1.3C");
    assert_eq!(one_kg("0335"), [], "1.3G fireworks");
    assert_eq!(one_kg("0456"), [Kind::Explosives], "1.4S, listed");
    assert_eq!(one_kg("0512"), [Kind::Explosives], "1.4B, listed since 2021");
    assert_eq!(one_kg("0012"), [], "1.4S, not listed");
    assert_eq!(one_kg("0331"), [Kind::ExplosivesInTanks], "1.5D");
    assert_eq!(one_kg("0486"), [Kind::Explosives], "1.6N");
}

#[test]
fn ammonium_nitrate_and_perchlorates_count_above_three_tonnes_in_bulk() {
    assert_eq!(kinds(&[kilograms("1942", Bulk, 3000.0)]), []);
    assert_eq!(kinds(&[kilograms("1942", Bulk, 3001.0)]), [Kind::PerchloratesAndAmmoniumNitrate]);
    assert_eq!(kinds(&[kilograms("2067", Bulk, 25_000.0)]), [Kind::PerchloratesAndAmmoniumNitrate]);
    assert_eq!(kinds(&[kilograms("1489", Bulk, 25_000.0)]), [Kind::PerchloratesAndAmmoniumNitrate]);
    assert_eq!(kinds(&[kilograms("1942", Packages, 25_000.0)]), []);
}

#[test]
fn the_other_rows_of_the_table() {
    assert_eq!(kinds(&[kilograms("1204", Packages, 1.0)]), [Kind::DesensitisedLiquids]);
    assert_eq!(kinds(&[kilograms("1344", Packages, 1.0)]), [Kind::DesensitisedSolids]);
    assert_eq!(kinds(&[litres("2845", 3001.0)]), [Kind::SelfHeating]);
    assert_eq!(kinds(&[litres("1183", 3001.0)]), [Kind::WaterReactive]);
    assert_eq!(kinds(&[litres("1873", 3001.0)]), [Kind::OxidisingLiquids]);
    assert_eq!(kinds(&[litres("1745", 3001.0)]), [Kind::OxidisingLiquids], "bromine pentafluoride, OTC");
    assert_eq!(kinds(&[litres("1504", 3001.0)]), [], "sodium peroxide is solid");
    assert_eq!(kinds(&[kilograms("1098", Packages, 1.0)]), [Kind::Toxic]);
    assert_eq!(kinds(&[litres("1831", 3001.0)]), [Kind::Corrosive]);
    assert_eq!(kinds(&[kilograms("3549", Packages, 1.0)]), [Kind::Infectious]);
    let animal = GoodsLine { variant: Some("animal material".into()), ..kilograms("2814", Packages, 1.0) };
    assert_eq!(kinds(&[animal]), []);
    assert_eq!(kinds(&[kilograms("2814", Packages, 1.0)]), [Kind::Infectious]);
}

#[test]
fn a_mode_that_the_table_does_not_know_for_the_goods_counts_at_its_worst() {
    assert_eq!(kinds(&[kilograms("0081", Bulk, 1.0)]), [Kind::Explosives]);
}

#[test]
fn an_open_packing_group_counts_at_its_worst() {
    assert_eq!(kinds(&[kilograms("2811", Packages, 1.0)]), [Kind::Toxic]);
    let group_two = GoodsLine { packing_group: Some(PackingGroup::II), ..kilograms("2811", Packages, 1.0) };
    assert_eq!(kinds(&[group_two]), []);
}

#[test]
fn no_goods_are_of_no_consequence() {
    assert_eq!(kinds(&[]), []);
}
