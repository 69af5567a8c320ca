//! The staged scenarios of the demo give exactly the violations and incidents that they stage, with the right hazard data.

use std::{collections::BTreeSet, time::Duration};

use anyhow::{Context, Result, ensure};
use placard_simulator::{api::Api, broker::Broker, demo, scenario};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::support::Installation;

const LIMIT: Duration = Duration::from_secs(60);

fn items(list: &Value) -> Vec<Value> {
    list["items"].as_array().cloned().unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_tankers_and_three_scenarios_give_exactly_what_is_staged() -> Result<()> {
    let installation = Installation::start().await?;
    let accounts: String =
        demo::broker_accounts(1).iter().map(|account| format!("{}:{}\n", account.user, account.password)).collect();
    installation.broker.add_accounts(&accounts)?;
    let (address, _) = Broker::parse(&installation.broker.url("placard"))?;
    let options = demo::DemoOptions {
        api: Some(Api::new(&installation.server()?.url(""), &installation.admin)?),
        broker: address,
        seed: 1,
        speed_up: 1.0,
        duration_s: Some(75.0),
        scenarios_after_s: 15.0,
        interval_s: 2.0,
        map: None,
    };
    let summary = demo::run(options, CancellationToken::new()).await?;
    ensure!(summary.failed == 0 && summary.tankers >= 50, "{summary:?}");
    installation.wait_for_count("incident", 1, LIMIT).await?;

    let expected = scenario::expected();
    let staged: BTreeSet<_> = expected
        .violations
        .iter()
        .map(|staged| {
            let zone = staged.zone.unwrap_or_default().to_owned();
            (staged.rule.to_owned(), staged.operator.to_owned(), staged.vehicle.clone(), zone)
        })
        .collect();
    let violations = items(&installation.get(&installation.regulator, "/api/v1/violations?limit=1000").await?);
    let found: BTreeSet<_> = violations
        .iter()
        .map(|found| {
            (text(&found["rule"]), text(&found["operator"]), text(&found["vehicle"]), text(&found["zone"]["name"]))
        })
        .collect();
    ensure!(found == staged, "staged {staged:#?}\nfound {found:#?}");
    ensure!(violations.len() == staged.len(), "an episode was split: {violations:#?}");

    let incidents = items(&installation.get(&installation.responder, "/api/v1/incidents").await?);
    ensure!(incidents.len() == expected.incidents.len(), "{incidents:#?}");
    for staged in &expected.incidents {
        let incident = incidents
            .iter()
            .find(|incident| incident["vehicle"] == staged.vehicle.as_str())
            .with_context(|| format!("no incident of {}", staged.vehicle))?;
        let triggers: Vec<String> =
            incident["triggers"].as_array().into_iter().flatten().map(|trigger| text(&trigger["rule"])).collect();
        ensure!(triggers == staged.triggers, "{triggers:?}");
        let goods = &incident["sheet"]["hazard"]["goods"][0];
        let (un_number, class, hin) = match staged.vehicle.as_str() {
            "DT-90" => ("1203", "3", "33"),
            "RC-90" => ("1017", "2.3", "265"),
            _ => ("1965", "2.1", "23"),
        };
        ensure!(goods["un_number"] == un_number && goods["class"] == class && goods["hin"] == hin, "{goods:#}");
        if un_number == "1017" {
            check_chlorine(goods)?;
        }
        ensure!(incident["sheet"]["track"].as_array().is_some_and(|track| !track.is_empty()));
        ensure!(incident["sheet"]["contacts"].as_array().is_some_and(|contacts| !contacts.is_empty()));
    }
    Ok(())
}

/// Chlorine as ADR 2025 and ERG 2024 (Table 3, highway tank truck) have it.
fn check_chlorine(goods: &Value) -> Result<()> {
    ensure!(goods["subsidiary_hazards"] == serde_json::json!(["5.1", "8"]), "{goods:#}");
    ensure!(goods["tunnel_code"] == "(C/D)" && goods["tunnel_restriction"] == "C,D,E", "{goods:#}");
    ensure!(goods["erg_guides"][0]["number"] == 124, "{goods:#}");
    let by_wind = goods["large_spill_by_wind"].as_array().context("distances by wind")?;
    let expected = [("low", 5.6, 6.4), ("moderate", 3.3, 4.7), ("high", 2.5, 3.8)];
    for ((wind, day_km, night_km), found) in expected.into_iter().zip(by_wind) {
        ensure!(found["wind"] == wind && found["isolate_m"] == 600, "{found:#}");
        ensure!(found["protect_day_km"] == day_km && found["protect_night_km"] == night_km, "{found:#}");
    }
    ensure!(by_wind.len() == 3);
    Ok(())
}
