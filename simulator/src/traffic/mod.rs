//! Ordinary traffic around the plays: many vehicles over a day, most of which break no rule, and some of which break one.
//!
//! Nobody is told here what is broken. A day is planned, held before the judge of the truth, and planned anew until it
//! breaks nothing at all, or what it is meant to. So whatever zones the country has, what is said of the traffic is true.

pub mod country;
pub mod day;
mod wrong;

use std::sync::Arc;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tracing::{info, warn};

use crate::{
    goods::{EXPLOSIVE, FLEET, Goods},
    life::Span,
    network::Network,
    set::Set,
    truth::{Episode, Judge},
};
use country::Country;
use day::{Habits, Plan, Who};
use wrong::Wrong;

/// One vehicle in so many breaks a rule.
const ONE_IN: usize = 3;
/// So often a day is planned anew at the most.
const ATTEMPTS: u64 = 40;
/// Who drives less than this share of its life is no traffic.
const LEAST_DRIVING: f64 = 0.08;
/// Every so many vehicles one carries explosives; each of these has terminals of its own.
const EXPLOSIVES_EVERY: usize = 40;

/// Adds a country and its traffic to a set.
pub fn add_to(set: &mut Set, network: Arc<Network>, vehicles: usize, hours: f64, seed: u64) {
    let country = Country::settle(network, &mut set.world, seed);
    let mut right = 0;
    let mut explosives = 0;
    for number in 0..vehicles {
        let own_seed = seed.wrapping_mul(0x9e37_79b9).wrapping_add(number as u64);
        let mut rng = ChaCha8Rng::seed_from_u64(own_seed);
        let wrong =
            (number % ONE_IN == ONE_IN - 1).then(|| wrong::ALL.get((number / ONE_IN) % wrong::ALL.len())).flatten();
        let as_meant = match wrong {
            Some(_) => cast(set, &country, &|rng| who(&country, number, wrong, rng), wrong, hours, own_seed),
            None => {
                let mut who = who(&country, number, wrong, &mut rng);
                if number % EXPLOSIVES_EVERY == 0 {
                    give_explosives(&mut who, &country, explosives);
                    explosives += 1;
                }
                cast(set, &country, &|_| who.clone(), wrong, hours, own_seed)
            }
        };
        right += usize::from(as_meant);
    }
    convoy(set, &country, hours, seed);
    info!(vehicles, as_meant = right, zones = set.world.zones.len(), "the traffic is planned");
}

/// Plans days for a vehicle until one is as meant, and lets it appear. Whether it is.
fn cast(
    set: &mut Set,
    country: &Country,
    who: &dyn Fn(&mut ChaCha8Rng) -> Who,
    wrong: Option<&Wrong>,
    hours: f64,
    seed: u64,
) -> bool {
    let mut last = None;
    for attempt in 0..ATTEMPTS {
        let own_seed = seed.wrapping_mul(1_000_003).wrapping_add(attempt);
        let mut habits = Habits::LAWFUL;
        if let Some(wrong) = wrong {
            (wrong.habits)(&mut habits);
        }
        let mut rng = ChaCha8Rng::seed_from_u64(own_seed ^ 0x0bad);
        let mut plan = day::plan(country, &set.world, &who(&mut rng), &habits, hours, own_seed);
        let spoilt = wrong.is_none_or(|wrong| (wrong.spoil)(&mut plan, &mut rng));
        let life = &plan.vehicle.life;
        if attempt + 1 < ATTEMPTS && life.motion.moving(life.whole).total_s() < LEAST_DRIVING * life.whole.length_s() {
            continue;
        }
        let found = judged(set, &plan);
        let as_meant = match wrong {
            Some(wrong) => spoilt && found.iter().any(|one| !one.doubtful && one.rule == wrong.rule),
            None => found.is_empty(),
        };
        if as_meant {
            enter(set, plan);
            return true;
        }
        last = Some(plan);
    }
    let rule = wrong.map_or("nothing", |wrong| wrong.rule);
    let vehicle = last.as_ref().map_or("?", |plan| plan.vehicle.code.as_str());
    warn!(vehicle, rule, "no day came out as meant; the last one is staged, and judged, as it is");
    last.into_iter().for_each(|plan| enter(set, plan));
    false
}

/// The truth of a plan by itself.
fn judged(set: &mut Set, plan: &Plan) -> Vec<Episode> {
    let own = plan.routes.iter().map(|route| (route.name.clone(), route.clone()));
    set.world.routes.extend(own);
    let whole = plan.vehicle.life.whole;
    let found = Judge::new("", &set.world, Span::new(0.0, whole.to_s)).judge(&plan.vehicle).episodes;
    for route in &plan.routes {
        set.world.routes.remove(&route.name);
    }
    found
}

fn enter(set: &mut Set, plan: Plan) {
    set.world.routes.extend(plan.routes.into_iter().map(|route| (route.name.clone(), route)));
    set.vehicles.push(plan.vehicle);
}

fn who(country: &Country, number: usize, wrong: Option<&Wrong>, rng: &mut ChaCha8Rng) -> Who {
    let by_number = |un_number: &str| FLEET.iter().find(|goods| goods.un_number == un_number);
    let goods: Option<&Goods> = wrong.and_then(|wrong| wrong.goods).and_then(by_number);
    let goods = goods.or_else(|| FLEET.get(rng.random_range(0..FLEET.len()))).cloned().unwrap_or(EXPLOSIVE);
    let chinese = wrong.is_none() && number % 25 == 10;
    Who {
        code: format!("T-{number:03}"),
        goods,
        terminals: country.terminals.clone(),
        attended: chinese || wrong.is_some_and(|wrong| wrong.attended) || rng.random::<f64>() < 0.1,
        jurisdiction: wrong.and_then(|wrong| wrong.jurisdiction).or(chinese.then_some("cn")),
        routed: wrong.is_some_and(|wrong| wrong.routed) || rng.random::<f64>() < 0.12,
        interval_s: if rng.random::<f64>() < 0.2 { 5.0 } else { 10.0 },
    }
}

/// Explosives keep apart: each vehicle that has them goes between two terminals that no other of them goes to.
fn give_explosives(who: &mut Who, country: &Country, number: usize) {
    let own: Vec<_> = country.terminals.iter().copied().skip(2 * number).take(2).collect();
    if own.len() == 2 {
        who.goods = EXPLOSIVE;
        who.terminals = own;
        who.attended = true;
        who.routed = false;
    }
}

/// Two vehicles with explosives that drive one behind the other all day, a second apart.
fn convoy(set: &mut Set, country: &Country, hours: f64, seed: u64) {
    let terminals: Vec<_> = country.terminals.iter().copied().rev().take(2).collect();
    let who = Who {
        code: "T-convoy-1".into(),
        goods: EXPLOSIVE,
        terminals,
        attended: true,
        jurisdiction: None,
        routed: false,
        interval_s: 10.0,
    };
    let before = set.vehicles.len();
    cast(set, country, &|_| who.clone(), None, hours, seed ^ 0x00c0_27f0);
    if let Some(mut second) = set.vehicles.get(before).cloned() {
        second.code = "T-convoy-2".into();
        second.device.seed ^= 2;
        second.life.motion = second.life.motion.later(1.2);
        for shipment in &mut second.shipments {
            shipment.waybill.push_str("-2");
        }
        set.vehicles.push(second);
    }
}

#[cfg(test)]
mod tests;
