//! The hazard sheet: who gets it, in which forms, and when a link to it is shut.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use chrono::Utc;
use placard::cap;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Installation, Message, publish_all};

const LIMIT: Duration = Duration::from_secs(30);

/// A chlorine tanker of rhine-chem on its side. Returns the incident's id.
async fn rollover() -> Result<(Installation, String)> {
    let installation = Installation::start().await?;
    installation.vehicle("T-01").await?;
    installation.shipment("T-01", "1017").await?;
    let now = Utc::now();
    let fix = json!({ "time": now, "lat": 51.953_21, "lon": 4.128_74, "seq": 1, "speed_kmh": 0.0 });
    let event = json!({ "time": now, "kind": "rollover", "seq": 2, "lat": 51.953_21, "lon": 4.128_74 });
    let message = |kind: &str, payload: &Value| Message {
        topic: format!("placard/v1/rhine-chem/T-01/{kind}"),
        payload: payload.to_string().into_bytes(),
    };
    let messages = vec![message("position", &fix), message("event", &event)];
    publish_all(installation.broker.url("gateway-rhine-chem"), messages, 1000, LIMIT).await?;
    installation.wait_for_count("incident", 1, LIMIT).await?;
    let incidents = installation.get(&installation.responder, "/api/v1/incidents").await?;
    let id = incidents["items"][0]["id"].as_str().context("an incident")?.to_owned();
    Ok((installation, id))
}

async fn make_link(installation: &Installation, id: &str, link: &Value) -> Result<Value> {
    installation.send(&installation.responder, Method::POST, &format!("/api/v1/incidents/{id}/links"), link).await
}

/// Opens an address as anybody would, without a token.
async fn open(url: &str) -> Result<(StatusCode, String)> {
    let answer = reqwest::get(url).await?;
    Ok((answer.status(), answer.text().await?))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_opens_the_sheet_for_whoever_holds_it_and_every_view_is_in_the_audit_log() -> Result<()> {
    let (installation, id) = rollover().await?;
    let link = make_link(&installation, &id, &json!({ "label": "unit 12" })).await?;
    let url = link["url"].as_str().context("a URL")?;
    let (status, page) = open(url).await?;
    ensure!(status == 200 && page.contains("1017") && page.to_uppercase().contains("CHLORINE"), "{status} {page}");
    ensure!(!page.contains("<script"), "the page needs no script");
    let (_, chinese) = open(&format!("{url}?lang=zh")).await?;
    ensure!(chinese.contains("lang=\"zh") && chinese.contains("氯"), "{chinese}");
    let (_, map) = open(&format!("{url}?format=geojson")).await?;
    ensure!(serde_json::from_str::<Value>(&map)?["type"] == "FeatureCollection", "{map}");
    let (_, message) = open(&format!("{url}?format=cap")).await?;
    ensure!(cap::schema::check(&message) == Ok(()), "{message}");
    ensure!(message.contains("<value>1017</value>") && message.contains("<scope>Restricted</scope>"), "{message}");
    let (status, picture) = open(link["qr_url"].as_str().context("a URL")?).await?;
    ensure!(status == 200 && picture.contains("<svg"), "{picture}");
    ensure!(installation.count("audit_log WHERE action = 'sheet.view' AND sheet_link_id IS NOT NULL").await? == 4);
    let links = installation.get(&installation.responder, &format!("/api/v1/incidents/{id}/links")).await?;
    ensure!(links["items"][0]["views"] == 4, "a picture of the address is no view: {links}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_shut_when_it_is_taken_back_and_when_the_incident_ends() -> Result<()> {
    let (installation, id) = rollover().await?;
    let first = make_link(&installation, &id, &json!({ "label": "unit 12" })).await?;
    let second = make_link(&installation, &id, &json!({ "label": "unit 14" })).await?;
    let url = |link: &Value| link["url"].as_str().map(str::to_owned).context("a URL");
    let path = format!("/api/v1/incidents/{id}/links/{}", first["id"]);
    let (status, _) = installation.ask(&installation.responder, Method::DELETE, &path, None).await?;
    ensure!(status == 204, "{status}");
    ensure!(open(&url(&first)?).await?.0 == StatusCode::GONE);
    ensure!(open(&url(&second)?).await?.0 == StatusCode::OK);
    let close = format!("/api/v1/incidents/{id}/close");
    installation.send(&installation.responder, Method::POST, &close, &json!({})).await?;
    let (status, why) = open(&url(&second)?).await?;
    ensure!(status == StatusCode::GONE && why.contains("the incident is over"), "{status} {why}");
    ensure!(installation.count("audit_log WHERE action = 'sheet.refused'").await? == 2, "attempts are noted too");
    let cap = format!("/api/v1/incidents/{id}/sheet?format=cap");
    let (status, _) = installation.ask(&installation.regulator, Method::GET, &cap, None).await?;
    ensure!(status == 410, "{status}: nobody is alerted of what is over");
    let forged = url(&second)?.replace("/s/A", "/s/B");
    ensure!(open(&forged).await?.0 == StatusCode::NOT_FOUND);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_take_an_incident_hands_out_its_sheet() -> Result<()> {
    let (installation, id) = rollover().await?;
    let links = format!("/api/v1/incidents/{id}/links");
    let sheet = format!("/api/v1/incidents/{id}/sheet");
    let body = json!({ "label": "me" });
    let stranger = &installation.other_operator;
    let (status, _) = installation.ask(stranger, Method::POST, &links, Some(&body)).await?;
    ensure!(status == 404, "{status}: another carrier's incident is not there");
    let (status, _) = installation.ask(stranger, Method::GET, &format!("{sheet}?format=json"), None).await?;
    ensure!(status == 404, "{status}");
    let seen = installation.get(&installation.operator, &format!("{sheet}?format=json")).await?;
    ensure!(seen["goods"]["goods"][0]["un_number"] == "1017", "{seen}");
    let acknowledge = format!("/api/v1/incidents/{id}/acknowledge");
    installation.send(&installation.responder, Method::POST, &acknowledge, &json!({})).await?;
    let taken = installation.get(&installation.responder, &format!("{sheet}?format=json")).await?;
    ensure!(taken["identity"]["acknowledged"]["by"].is_string(), "whoever reads it sees who has taken it: {taken}");
    ensure!(installation.count("incident WHERE seen_at IS NOT NULL").await? == 1, "reading the sheet is seeing");
    let late = json!({ "label": "me", "expires_at": "2020-01-01T00:00:00Z" });
    let (status, problem) = installation.ask(&installation.responder, Method::POST, &links, Some(&late)).await?;
    ensure!(status == 422 && problem["field"] == "expires_at", "{status} {problem}");
    Ok(())
}
