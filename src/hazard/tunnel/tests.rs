use proptest::prelude::*;

use super::TunnelRestriction::{BCDE, CDE, DE, E, None as Free};
use super::*;
use crate::domain::CarriageMode::{Bulk, Packages, Tank};
use crate::domain::{GoodsLine, PackingGroup};
use crate::hazard::testing::{catalogue, line};

fn of(goods: &[GoodsLine]) -> TunnelRestriction {
    restriction_of_load(&LoadLine::of(catalogue(), goods))
}

fn explosive(un_number: &str, mass_kg: f64) -> GoodsLine {
    GoodsLine { net_explosive_mass_kg: Some(mass_kg), ..line(un_number, Packages) }
}

#[test]
fn every_row_of_adr_8_6_4() {
    let all_modes = |code, mass_kg| [Tank, Bulk, Packages].map(|mode| restriction(code, mode, mass_kg));
    let by_mode = |code| all_modes(code, Some(0.0));
    assert_eq!(by_mode(TunnelCode::B), [BCDE, BCDE, BCDE]);
    assert_eq!(all_modes(TunnelCode::B1000C, Some(1000.1)), [BCDE, BCDE, BCDE]);
    assert_eq!(all_modes(TunnelCode::B1000C, Some(1000.0)), [CDE, CDE, CDE]);
    assert_eq!(by_mode(TunnelCode::BD), [BCDE, DE, DE]);
    assert_eq!(by_mode(TunnelCode::BE), [BCDE, E, E]);
    assert_eq!(by_mode(TunnelCode::C), [CDE, CDE, CDE]);
    assert_eq!(all_modes(TunnelCode::C5000D, Some(5000.1)), [CDE, CDE, CDE]);
    assert_eq!(all_modes(TunnelCode::C5000D, Some(5000.0)), [DE, DE, DE]);
    assert_eq!(by_mode(TunnelCode::CD), [CDE, DE, DE]);
    assert_eq!(by_mode(TunnelCode::CE), [CDE, E, E]);
    assert_eq!(by_mode(TunnelCode::D), [DE, DE, DE]);
    assert_eq!(by_mode(TunnelCode::DE), [DE, DE, E]);
    assert_eq!(by_mode(TunnelCode::E), [E, E, E]);
    assert_eq!(by_mode(TunnelCode::Unrestricted), [Free, Free, Free]);
}

#[test]
fn each_restriction_forbids_its_categories_and_no_others() {
    use TunnelCategory::{A, B, C, D, E as CategoryE};
    let forbidden =
        |restriction: TunnelRestriction| [A, B, C, D, CategoryE].map(|category| restriction.forbids(category));
    assert_eq!(forbidden(Free), [false, false, false, false, false]);
    assert_eq!(forbidden(E), [false, false, false, false, true]);
    assert_eq!(forbidden(DE), [false, false, false, true, true]);
    assert_eq!(forbidden(CDE), [false, false, true, true, true]);
    assert_eq!(forbidden(BCDE), [false, true, true, true, true]);
}

#[test]
fn codes_read_with_and_without_brackets_and_write_with_them() {
    for (code, notation) in CODES {
        assert_eq!(notation.parse(), Ok(code));
        assert_eq!(format!("({notation})").parse(), Ok(code));
        assert_eq!(code.to_string(), format!("({notation})"));
    }
    for bad in ["", "()", "A", "(C/D", "c/d", "C/D/E"] {
        assert!(bad.parse::<TunnelCode>().is_err(), "{bad:?}");
    }
}

#[test]
fn the_example_of_adr_8_6_3() {
    // UN 0161, 1.3C, code C5000D, 3000 kg net explosive mass.
    assert_eq!(of(&[explosive("0161", 3000.0)]), DE);
    assert_eq!(of(&[explosive("0161", 5001.0)]), CDE);
}

#[test]
fn net_explosive_mass_adds_up_over_the_transport_unit() {
    assert_eq!(of(&[explosive("0081", 600.0)]), CDE);
    assert_eq!(of(&[explosive("0081", 600.0), explosive("0081", 400.0)]), CDE, "1000 kg do not exceed 1000 kg");
    assert_eq!(of(&[explosive("0081", 600.0), explosive("0161", 401.0)]), BCDE);
}

#[test]
fn an_explosive_without_stated_mass_or_with_nonsense_exceeds_every_threshold() {
    assert_eq!(of(&[line("0081", Packages)]), BCDE);
    for nonsense in [f64::NAN, f64::INFINITY, -1.0] {
        assert_eq!(of(&[explosive("0081", nonsense)]), BCDE, "{nonsense}");
    }
    assert_eq!(of(&[explosive("0081", 1.0), line("0012", Packages)]), BCDE);
}

#[test]
fn the_most_restrictive_line_decides() {
    assert_eq!(of(&[line("1203", Tank), line("1017", Tank)]), CDE);
    assert_eq!(of(&[line("3077", Packages)]), Free);
    assert_eq!(of(&[line("3077", Packages), line("1830", Packages)]), E);
    assert_eq!(of(&[]), Free);
}

#[test]
fn an_open_packing_group_counts_at_its_worst_in_the_mode_it_is_carried() {
    assert_eq!(of(&[line("1986", Tank)]), CDE, "packing group I, C/E");
    assert_eq!(of(&[line("1986", Bulk)]), DE, "packing group II or III, D/E, is stricter in bulk than C/E");
    assert_eq!(of(&[line("1986", Packages)]), E);
    let known = GoodsLine { packing_group: Some(PackingGroup::II), ..line("1986", Tank) };
    assert_eq!(of(&[known]), DE);
}

#[test]
fn empty_uncleaned_counts_as_loaded() {
    let residue = GoodsLine { empty_uncleaned: true, quantity_l: Some(0.0), ..line("1965", Tank) };
    assert_eq!(of(&[residue]), BCDE);
}

#[test]
fn goods_barred_unlisted_or_unknown_may_use_no_restricted_tunnel_and_goods_outside_adr_all() {
    assert_eq!(of(&[line("2455", Packages)]), BCDE, "carriage prohibited");
    assert_eq!(of(&[line("9206", Packages)]), BCDE, "not in ADR");
    assert_eq!(of(&[line("9999", Packages)]), BCDE, "in no list");
    assert_eq!(of(&[line("1845", Packages)]), Free, "dry ice, not subject to ADR");
}

#[test]
fn radioactive_material_under_special_arrangement_is_free_of_codes() {
    assert_eq!(of(&[line("2919", Packages)]), Free);
    assert_eq!(of(&[line("3331", Packages)]), Free);
}

fn any_goods() -> impl Strategy<Value = GoodsLine> {
    let rows = catalogue().entries().len();
    let mode = prop_oneof![Just(Tank), Just(Bulk), Just(Packages)];
    (0..rows, mode, proptest::option::of(0.0..9000.0_f64), any::<bool>()).prop_map(|(row, mode, mass_kg, exact)| {
        let entry = &catalogue().entries()[row];
        GoodsLine {
            packing_group: entry.packing_group.filter(|_| exact),
            variant: entry.variant.clone().filter(|_| exact),
            net_explosive_mass_kg: mass_kg,
            ..line(&entry.un_number.to_string(), mode)
        }
    })
}

proptest! {
    #[test]
    fn loading_more_never_opens_a_tunnel(goods in prop::collection::vec(any_goods(), 0..5), more in any_goods()) {
        let before = of(&goods);
        let after = of(&[goods, vec![more]].concat());
        prop_assert!(after >= before);
    }

    #[test]
    fn more_explosive_mass_never_opens_a_tunnel(goods in any_goods(), added_kg in 0.0..9000.0_f64) {
        let heavier = GoodsLine { net_explosive_mass_kg: goods.net_explosive_mass_kg.map(|kg| kg + added_kg), ..goods.clone() };
        let unstated = GoodsLine { net_explosive_mass_kg: None, ..goods.clone() };
        let restriction = of(std::slice::from_ref(&goods));
        prop_assert!(of(&[heavier]) >= restriction);
        prop_assert!(of(&[unstated]) >= restriction);
    }

    #[test]
    fn a_tank_is_never_freer_than_bulk_nor_bulk_than_packages(goods in any_goods()) {
        let in_mode = |mode| of(&[GoodsLine { mode, ..goods.clone() }]);
        prop_assert!(in_mode(Tank) >= in_mode(Bulk));
        prop_assert!(in_mode(Bulk) >= in_mode(Packages));
    }

    #[test]
    fn saying_less_about_the_goods_never_opens_a_tunnel(goods in any_goods()) {
        let vague = GoodsLine { packing_group: None, variant: None, ..goods.clone() };
        prop_assert!(of(&[vague]) >= of(&[goods]));
    }

    #[test]
    fn what_a_restriction_forbids_a_stricter_one_forbids_too(one in any_goods(), other in any_goods()) {
        let (one, other) = (of(&[one]), of(&[other]));
        let (less, more) = (one.min(other), one.max(other));
        prop_assert!(less.forbidden().iter().all(|category| more.forbids(*category)));
    }
}
