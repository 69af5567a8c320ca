//! The life of an incident from outside: steps and their clocks, levels, merging, false alarms, reports by telephone.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Installation, Message, publish_all, wait_for};

const LIMIT: Duration = Duration::from_secs(30);

/// An installation with two vehicles that carry chlorine.
async fn with_chlorine() -> Result<Installation> {
    let installation = Installation::start().await?;
    for vehicle in ["T-01", "T-02"] {
        installation.vehicle(vehicle).await?;
        installation.shipment(vehicle, "1017").await?;
    }
    Ok(installation)
}

/// A vehicle's device reports something now.
async fn device_reports(installation: &Installation, vehicle: &str, kind: &str) -> Result<()> {
    let event = json!({ "time": chrono::Utc::now(), "kind": kind, "seq": 1, "lat": 51.905, "lon": 4.305 });
    let topic = format!("placard/v1/rhine-chem/{vehicle}/event");
    let message = Message { topic, payload: event.to_string().into_bytes() };
    publish_all(&installation.broker.url(&format!("rhine-chem/{vehicle}")), vec![message], 100, LIMIT).await
}

/// Waits for the open incident of a vehicle to hold a trigger, and returns it.
async fn incident_with(installation: &Installation, vehicle: &str, rule: &str) -> Result<Value> {
    wait_for(&format!("an incident of {vehicle} by {rule}"), LIMIT, || async {
        let open = installation.get(&installation.regulator, "/api/v1/incidents?state=open").await?;
        let items = open["items"].as_array().cloned().unwrap_or_default();
        Ok(items.into_iter().find(|one| one["vehicle"] == vehicle && rules(one).contains(&rule)))
    })
    .await
}

fn rules(incident: &Value) -> Vec<&str> {
    incident["triggers"].as_array().into_iter().flatten().filter_map(|one| one["rule"].as_str()).collect()
}

fn path(incident: &Value, rest: &str) -> String {
    format!("/api/v1/incidents/{}{rest}", incident["id"].as_str().unwrap_or_default())
}

fn clock<'a>(incident: &'a Value, name: &str) -> &'a Value {
    let clocks = incident["clocks"].as_array().into_iter().flatten();
    clocks.into_iter().find(|clock| clock["clock"] == name).unwrap_or(&Value::Null)
}

async fn step(installation: &Installation, token: &str, incident: &Value, step: Value) -> Result<(u16, Value)> {
    installation.ask(token, Method::POST, &path(incident, "/steps"), Some(&step)).await
}

/// What the newest message on a retained topic says; empty when it was cleared.
async fn retained(installation: &Installation, incident: &Value, level: &str) -> Result<Option<String>> {
    let topic = format!("placard/v1/incidents/{level}/{}", incident["id"].as_str().context("an id")?);
    let query = "SELECT payload FROM outbox WHERE topic = $1 AND retain ORDER BY id DESC LIMIT 1";
    Ok(sqlx::query_scalar(query).bind(topic).fetch_optional(&installation.pool).await?)
}

/// The kinds of the timeline's entries, read page by page.
async fn timeline(installation: &Installation, incident: &Value) -> Result<Vec<Value>> {
    let (mut entries, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = path(incident, &format!("/timeline?limit=3{cursor}"));
        let page = installation.get(&installation.regulator, &page).await?;
        entries.extend(page["items"].as_array().cloned().unwrap_or_default());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(entries),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chlorine_rollover_goes_from_raise_to_review_with_every_clock() -> Result<()> {
    let installation = with_chlorine().await?;
    device_reports(&installation, "T-01", "rollover").await?;
    let raised = incident_with(&installation, "T-01", "motion.rollover").await?;
    ensure!(raised["state"] == "raised" && raised["level"] == "II", "{raised:#}");
    ensure!(clock(&raised, "acknowledged")["target_s"] == 60 && clock(&raised, "acknowledged")["met"].is_null());
    let delivered =
        format!("outbox WHERE incident_id = '{}' AND delivered_at IS NOT NULL", raised["id"].as_str().context("id")?);
    installation.wait_for_count(&delivered, 1, LIMIT).await?;
    let seen = installation.get(&installation.responder, &path(&raised, "")).await?;
    ensure!(clock(&seen, "seen")["at"].is_string() && clock(&seen, "delivered")["met"] == true, "{seen:#}");

    installation.send(&installation.responder, Method::POST, &path(&raised, "/acknowledge"), &json!({})).await?;
    for (name, state) in [("dispatched", "dispatched"), ("on_scene", "on_scene"), ("controlled", "controlled")] {
        let filing = json!({ "step": name, "note": "by radio" });
        let (status, now) = step(&installation, &installation.responder, &raised, filing).await?;
        ensure!(status == 200 && now["state"] == state, "{status} {now:#}");
    }
    let (status, back) = step(&installation, &installation.responder, &raised, json!({ "step": "dispatched" })).await?;
    ensure!(status == 409 && back["detail"].as_str().is_some_and(|detail| detail.contains("leads back")), "{back}");
    let tomorrow = chrono::Utc::now() + chrono::TimeDelta::days(1);
    let (status, _) =
        step(&installation, &installation.responder, &raised, json!({ "step": "closed", "at": tomorrow })).await?;
    ensure!(status == 422, "{status}");
    let (status, _) = step(&installation, &installation.regulator, &raised, json!({ "step": "reviewed" })).await?;
    ensure!(status == 409, "reviewed before it was closed: {status}");
    installation.send(&installation.responder, Method::POST, &path(&raised, "/close"), &json!({})).await?;
    let (status, reviewed) =
        step(&installation, &installation.regulator, &raised, json!({ "step": "reviewed" })).await?;
    ensure!(status == 200 && reviewed["state"] == "reviewed", "{status} {reviewed:#}");
    let clocks = reviewed["clocks"].as_array().context("clocks")?;
    ensure!(clocks.len() == 8 && clocks.iter().all(|clock| clock["at"].is_string()), "{clocks:#?}");
    ensure!(clock(&reviewed, "acknowledged")["met"] == true, "{clocks:#?}");
    ensure!(retained(&installation, &raised, "II").await?.as_deref() == Some(""), "the retained message is cleared");

    let entries = timeline(&installation, &raised).await?;
    let steps: Vec<_> = entries.iter().filter_map(|entry| entry["detail"]["step"].as_str()).collect();
    ensure!(steps == ["acknowledged", "dispatched", "on_scene", "controlled", "closed", "reviewed"], "{entries:#?}");
    ensure!(entries[0]["kind"] == "trigger" && entries[0]["organisation"].is_null(), "{entries:#?}");
    ensure!(entries.iter().any(|entry| entry["kind"] == "seen" && entry["organisation"] == "brigade"));
    let changed = sqlx::query("UPDATE incident_entry SET kind = 'note'").execute(&installation.pool).await?;
    ensure!(changed.rows_affected() == 0, "the timeline can be rewritten");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_level_that_was_lowered_is_raised_again_by_a_leak_and_its_topic_moves_along() -> Result<()> {
    let installation = with_chlorine().await?;
    device_reports(&installation, "T-01", "rollover").await?;
    let raised = incident_with(&installation, "T-01", "motion.rollover").await?;
    let grade = json!({ "level": "IV", "reason": "on its wheels again, the tank is whole" });
    let lowered = installation.send(&installation.responder, Method::POST, &path(&raised, "/level"), &grade).await?;
    ensure!(lowered["level"] == "IV" && lowered["level_confirmed_by"] == "brigade", "{lowered:#}");
    ensure!(lowered["level_reasons"] == json!(["on its wheels again, the tank is whole"]), "{lowered:#}");
    ensure!(retained(&installation, &raised, "II").await?.as_deref() == Some(""), "the old topic is cleared");
    ensure!(retained(&installation, &raised, "IV").await?.is_some_and(|told| told.contains("on its wheels")));

    device_reports(&installation, "T-01", "leak").await?;
    let again = incident_with(&installation, "T-01", "cargo.leak").await?;
    ensure!(again["id"] == raised["id"] && again["level"] == "I", "{again:#}");
    ensure!(again["level_confirmed_at"].is_null(), "nobody has confirmed level I: {again:#}");
    ensure!(retained(&installation, &raised, "IV").await?.as_deref() == Some(""));
    ensure!(retained(&installation, &raised, "I").await?.is_some_and(|told| told.contains("cargo.leak")));

    // Confirmed as it is, a lesser trigger leaves it there.
    let confirm = json!({ "level": "I", "reason": "seen from the bridge" });
    installation.send(&installation.responder, Method::POST, &path(&raised, "/level"), &confirm).await?;
    device_reports(&installation, "T-01", "sos").await?;
    let confirmed = incident_with(&installation, "T-01", "sos").await?;
    ensure!(confirmed["level"] == "I" && confirmed["level_confirmed_by"] == "brigade", "{confirmed:#}");
    let (status, _) =
        installation.ask(&installation.operator, Method::POST, &path(&raised, "/level"), Some(&grade)).await?;
    ensure!(status == 403, "an operator lowers a level: {status}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_are_one_the_merged_ends_and_both_tell_its_story() -> Result<()> {
    let installation = with_chlorine().await?;
    device_reports(&installation, "T-01", "rollover").await?;
    device_reports(&installation, "T-02", "crash").await?;
    let one = incident_with(&installation, "T-01", "motion.rollover").await?;
    let other = incident_with(&installation, "T-02", "motion.crash").await?;
    let note = json!({ "text": "the caller sees two tankers" });
    installation.send(&installation.responder, Method::POST, &path(&other, "/notes"), &note).await?;
    let filing = json!({ "into": one["id"], "reason": "they collided" });
    let goes_on = installation.send(&installation.responder, Method::POST, &path(&other, "/merge"), &filing).await?;
    ensure!(goes_on["id"] == one["id"] && goes_on["merged_from"] == json!([other["id"]]), "{goes_on:#}");
    let mut both = rules(&goes_on);
    both.sort_unstable();
    ensure!(both == ["motion.crash", "motion.rollover"], "{goes_on:#}");
    let ended = installation.get(&installation.regulator, &path(&other, "")).await?;
    ensure!(ended["state"] == "merged" && ended["merged_into"] == one["id"], "{ended:#}");
    ensure!(rules(&ended) == ["motion.crash"], "{ended:#}");
    for of in [&one, &other] {
        let entries = timeline(&installation, of).await?;
        ensure!(entries.iter().any(|entry| entry["detail"]["text"] == note["text"]), "{entries:#?}");
    }
    // What happens to the vehicle from now on joins where it goes on.
    device_reports(&installation, "T-02", "fire").await?;
    wait_for("the fire of T-02 to join", LIMIT, || async {
        let now = installation.get(&installation.responder, &path(&one, "")).await?;
        Ok((rules(&now).contains(&"cargo.fire") && now["level"] == "I").then_some(()))
    })
    .await?;
    let (status, _) =
        installation.ask(&installation.responder, Method::POST, &path(&other, "/merge"), Some(&filing)).await?;
    ensure!(status == 404, "a merged one is merged again: {status}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_false_alarm_ends_with_a_reason_and_can_be_taken_up_again() -> Result<()> {
    let installation = with_chlorine().await?;
    device_reports(&installation, "T-01", "sos").await?;
    let raised = incident_with(&installation, "T-01", "sos").await?;
    let (status, problem) =
        step(&installation, &installation.responder, &raised, json!({ "step": "false_alarm" })).await?;
    ensure!(status == 422 && problem["field"] == "note", "{status} {problem}");
    let filing = json!({ "step": "false_alarm", "note": "the driver leaned on the button" });
    let (status, ended) = step(&installation, &installation.responder, &raised, filing).await?;
    ensure!(status == 200 && ended["state"] == "false_alarm" && ended["closed_at"].is_string(), "{status} {ended:#}");
    let (status, _) = installation.ask(&installation.responder, Method::GET, &path(&raised, ""), None).await?;
    ensure!(status == 404, "access ends with the incident");
    let filing = json!({ "step": "reopened", "note": "he called: the cab is on fire" });
    let (status, reopened) = step(&installation, &installation.responder, &raised, filing).await?;
    ensure!(status == 200 && reopened["state"] == "acknowledged", "{status} {reopened:#}");
    ensure!(reopened["closed_at"].is_null() && clock(&reopened, "closed")["at"].is_null(), "{reopened:#}");
    ensure!(retained(&installation, &raised, "II").await?.is_some_and(|told| !told.is_empty()), "told again");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_by_telephone_joins_by_plate_and_opens_by_orange_plate() -> Result<()> {
    let installation = with_chlorine().await?;
    device_reports(&installation, "T-01", "rollover").await?;
    let raised = incident_with(&installation, "T-01", "motion.rollover").await?;
    let by_plate = json!({ "registration": "nl t 01", "words": "a tanker lies in the ditch" });
    let (status, joined) =
        installation.ask(&installation.responder, Method::POST, "/api/v1/incidents", Some(&by_plate)).await?;
    ensure!(status == 200 && joined["id"] == raised["id"], "{status} {joined:#}");
    ensure!(rules(&joined) == ["motion.rollover", "telephone"], "{joined:#}");
    let by_code = json!({ "operator": "rhine-chem", "vehicle": "T-02", "words": "smoke from the cab" });
    let (status, opened) =
        installation.ask(&installation.regulator, Method::POST, "/api/v1/incidents", Some(&by_code)).await?;
    ensure!(status == 201 && opened["vehicle"] == "T-02" && opened["level"] == "II", "{status} {opened:#}");

    let by_orange_plate = json!({
        "registration": "DE XX 999", "un_number": "1203", "hin": "33", "place": { "lat": 51.9, "lon": 4.3 },
        "words": "a tanker burns on the A15",
    });
    let (status, stranger) =
        installation.ask(&installation.responder, Method::POST, "/api/v1/incidents", Some(&by_orange_plate)).await?;
    ensure!(status == 201 && stranger["vehicle"].is_null() && stranger["operator"].is_null(), "{status} {stranger:#}");
    ensure!(stranger["sheet"]["hazard"]["goods"][0]["un_number"] == "1203", "{stranger:#}");
    ensure!(stranger["sheet"]["place"]["lat"] == 51.9 && stranger["sheet"]["reported"]["hin"] == "33");
    let listed = installation.get(&installation.operator, "/api/v1/incidents").await?;
    ensure!(
        listed["items"].as_array().is_some_and(|items| items.len() == 2),
        "an operator sees the stranger: {listed}"
    );
    let filing = json!({ "into": raised["id"], "reason": "the same tanker, seen from the other side" });
    let merged = installation.send(&installation.responder, Method::POST, &path(&stranger, "/merge"), &filing).await?;
    ensure!(rules(&merged) == ["motion.rollover", "telephone", "telephone"], "{merged:#}");

    let nowhere = json!({ "un_number": "1203", "words": "somewhere" });
    let (status, problem) =
        installation.ask(&installation.responder, Method::POST, "/api/v1/incidents", Some(&nowhere)).await?;
    ensure!(status == 422 && problem["field"] == "place", "{status} {problem}");
    let (status, _) =
        installation.ask(&installation.operator, Method::POST, "/api/v1/incidents", Some(&by_plate)).await?;
    ensure!(status == 403, "an operator reports: {status}");
    ensure!(installation.count("audit_log WHERE action = 'incident.report'").await? == 3);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_neither_steps_into_nor_reads_a_stranger_s_incident() -> Result<()> {
    let installation = with_chlorine().await?;
    device_reports(&installation, "T-01", "sos").await?;
    let raised = incident_with(&installation, "T-01", "sos").await?;
    let theirs = &installation.other_operator;
    for (method, rest, body) in [
        (Method::POST, "/steps", json!({ "step": "acknowledged" })),
        (Method::POST, "/steps", json!({ "step": "dispatched" })),
        (Method::POST, "/steps", json!({ "step": "closed" })),
        (Method::POST, "/notes", json!({ "text": "x" })),
        (Method::POST, "/level", json!({ "level": "IV", "reason": "x" })),
        (Method::POST, "/merge", json!({ "into": raised["id"], "reason": "x" })),
        (Method::GET, "/timeline", json!({})),
    ] {
        let (status, answer) = installation.ask(theirs, method.clone(), &path(&raised, rest), Some(&body)).await?;
        ensure!(matches!(status, 403 | 404), "{method} {rest}: {status} {answer}");
    }
    ensure!(installation.count("incident_entry WHERE kind IN ('step', 'note', 'merge')").await? == 0);
    // Its own operator takes it and notes what it knows, but handles nothing.
    let mine = &installation.operator;
    let (status, taken) = step(&installation, mine, &raised, json!({ "step": "acknowledged" })).await?;
    ensure!(status == 200 && taken["state"] == "acknowledged", "{status} {taken}");
    let note = json!({ "text": "the driver does not answer" });
    installation.send(mine, Method::POST, &path(&raised, "/notes"), &note).await?;
    let (status, _) = step(&installation, mine, &raised, json!({ "step": "dispatched" })).await?;
    ensure!(status == 403, "{status}");
    Ok(())
}
