//! The API from outside: who sees what, and how mistakes are answered.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use futures::StreamExt;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Installation, Message, publish_all, wait_for};

const LIMIT: Duration = Duration::from_secs(30);

/// An installation in which `rhine-chem` has a vehicle with a shipment, a track, a violation and an incident.
async fn eventful() -> Result<Installation> {
    let installation = Installation::start().await?;
    installation.vehicle("T-01").await?;
    installation.shipment("T-01", "1017").await?;
    installation.prohibited_zone("Old town", [4.30, 51.90, 4.31, 51.91]).await?;
    let began_at = chrono::Utc::now() - chrono::TimeDelta::seconds(100);
    let mut messages: Vec<Message> = (0..10)
        .map(|n| {
            let fix = json!({
                "time": began_at + chrono::TimeDelta::seconds(n * 5), "lat": 51.905, "lon": 4.295 + n as f64 * 0.001,
                "speed_kmh": 60, "heading_deg": 90, "seq": n + 1,
            });
            Message { topic: "placard/v1/rhine-chem/T-01/position".into(), payload: fix.to_string().into_bytes() }
        })
        .collect();
    let sos = json!({ "time": began_at + chrono::TimeDelta::seconds(50), "kind": "sos", "seq": 1 });
    messages.push(Message { topic: "placard/v1/rhine-chem/T-01/event".into(), payload: sos.to_string().into_bytes() });
    publish_all(&installation.broker.url("rhine-chem/T-01"), messages, 1000, LIMIT).await?;
    installation.wait_for_count("incident", 1, LIMIT).await?;
    Ok(installation)
}

#[tokio::test(flavor = "multi_thread")]
async fn organisations_never_see_each_other_s_data() -> Result<()> {
    let installation = eventful().await?;
    let mine = &installation.operator;
    let theirs = &installation.other_operator;
    let first = |list: &Value, field: &str| list["items"][0][field].clone();
    let violation = first(&installation.get(mine, "/api/v1/violations").await?, "id");
    let incident = first(&installation.get(mine, "/api/v1/incidents").await?, "id");
    let shipment = first(&installation.get(mine, "/api/v1/shipments").await?, "id");
    let text = |value: &Value| value.to_string().trim_matches('"').to_owned();

    for list in ["vehicles", "shipments", "violations", "incidents", "dead-letters", "positions/latest", "webhooks"] {
        let body = installation.get(theirs, &format!("/api/v1/{list}")).await?;
        let items = body.get("items").unwrap_or(&body);
        ensure!(items == &json!([]), "{list} shows another operator's data: {body}");
    }
    for one in [
        "vehicles/rhine-chem/T-01".to_owned(),
        "vehicles/rhine-chem/T-01/track".to_owned(),
        format!("shipments/{}", text(&shipment)),
        format!("violations/{}", text(&violation)),
        format!("incidents/{}", text(&incident)),
    ] {
        let path = format!("/api/v1/{one}");
        installation.get(mine, &path).await?;
        let (status, body) = installation.ask(theirs, Method::GET, &path, None).await?;
        ensure!(status == 404, "{path} answers another operator with {status} {body}");
        let (status, _) = installation.ask("placard_wrong", Method::GET, &path, None).await?;
        ensure!(status == 401, "{path} answers a wrong token with {status}");
    }
    for (method, path, body) in [
        (Method::POST, format!("incidents/{}/acknowledge", text(&incident)), json!({})),
        (Method::POST, format!("incidents/{}/close", text(&incident)), json!({})),
        (Method::POST, format!("shipments/{}/end", text(&shipment)), json!({})),
        (Method::PUT, "vehicles/rhine-chem/T-01".into(), json!({ "dangerous_goods": false })),
        (
            Method::POST,
            "shipments".into(),
            json!({ "operator": "rhine-chem", "vehicle": "T-01", "waybill": "X", "goods": [{ "un_number": "1203", "mode": "tank" }] }),
        ),
    ] {
        let (status, answer) =
            installation.ask(theirs, method.clone(), &format!("/api/v1/{path}"), Some(&body)).await?;
        ensure!(matches!(status, 403 | 404), "{method} {path} by another operator: {status} {answer}");
    }
    ensure!(installation.count("incident WHERE acknowledged_at IS NULL AND closed_at IS NULL").await? == 1);
    ensure!(installation.count("shipment WHERE ends_at IS NULL").await? == 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_may_do_what_is_its_own_and_no_more() -> Result<()> {
    let installation = eventful().await?;
    let zone = json!({ "name": "x", "kind": "prohibited", "cargo": {},
        "area": { "type": "Polygon", "coordinates": [[[4, 51], [5, 51], [5, 52], [4, 51]]] } });
    for (who, token, status) in [
        ("operator", &installation.operator, 403),
        ("responder", &installation.responder, 403),
        ("regulator", &installation.regulator, 201),
    ] {
        let (found, body) = installation.ask(token, Method::POST, "/api/v1/zones", Some(&zone)).await?;
        ensure!(found == status, "{who} publishes a zone: {found} {body}");
    }
    for forbidden in ["vehicles", "shipments", "violations", "positions/latest", "dead-letters"] {
        let (status, _) =
            installation.ask(&installation.responder, Method::GET, &format!("/api/v1/{forbidden}"), None).await?;
        ensure!(status == 403, "a responder asks for {forbidden}: {status}");
    }
    let token = json!({ "organisation": "rhine-chem", "role": "admin", "label": "x" });
    for token_of in [&installation.operator, &installation.regulator, &installation.responder] {
        let (status, _) = installation.ask(token_of, Method::POST, "/api/v1/tokens", Some(&token)).await?;
        ensure!(status == 403);
    }
    ensure!(installation.get(&installation.regulator, "/api/v1/violations").await?["items"][0]["vehicle"] == "T-01");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_responder_reads_an_incident_acknowledges_it_and_every_look_is_in_the_audit_log() -> Result<()> {
    let installation = eventful().await?;
    let listed = installation.get(&installation.responder, "/api/v1/incidents").await?;
    let id = listed["items"][0]["id"].as_str().context("an incident")?.to_owned();
    let path = format!("/api/v1/incidents/{id}");
    let incident = installation.get(&installation.responder, &path).await?;
    ensure!(incident["state"] == "raised", "{incident}");
    ensure!(installation.count("audit_log WHERE action LIKE 'incident%'").await? >= 2);
    installation.send(&installation.responder, Method::POST, &format!("{path}/acknowledge"), &json!({})).await?;
    // Taking it again changes nothing.
    let again =
        installation.send(&installation.responder, Method::POST, &format!("{path}/acknowledge"), &json!({})).await?;
    ensure!(again["state"] == "acknowledged", "{again}");
    installation.send(&installation.responder, Method::POST, &format!("{path}/close"), &json!({})).await?;
    let (status, _) = installation.ask(&installation.responder, Method::GET, &path, None).await?;
    ensure!(status == 404, "access ends with the incident");
    let kept = installation.get(&installation.regulator, &path).await?;
    ensure!(kept["state"] == "closed" && kept["acknowledged_at"].is_string(), "{kept}");
    installation
        .wait_for_count(
            &format!("outbox WHERE dedup_key LIKE 'incident/{id}/closed/%' AND channel = 'mqtt' AND payload = ''"),
            1,
            LIMIT,
        )
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_answered_with_problems_that_say_what_would_be_right() -> Result<()> {
    let installation = Installation::start().await?;
    installation.vehicle("T-01").await?;
    let bow_tie = json!({ "name": "x", "kind": "prohibited", "cargo": {},
        "area": { "type": "Polygon", "coordinates": [[[4, 51], [5, 52], [5, 51], [4, 52], [4, 51]]] } });
    let unclosed = json!({ "name": "x", "kind": "prohibited", "cargo": {},
        "area": { "type": "Polygon", "coordinates": [[[4, 51], [5, 51], [5, 52], [4, 52]]] } });
    let outside = json!({ "name": "x", "kind": "prohibited", "cargo": {},
        "area": { "type": "Polygon", "coordinates": [[[4, 51], [5, 51], [5, 92], [4, 51]]] } });
    for (zone, says) in [(&bow_tie, "4.5"), (&unclosed, "closed"), (&outside, "coordinates[0][2]")] {
        let (status, problem) =
            installation.ask(&installation.regulator, Method::POST, "/api/v1/zones", Some(zone)).await?;
        ensure!(status == 422 && problem["title"].is_string(), "{status} {problem}");
        ensure!(
            problem["detail"].as_str().is_some_and(|detail| detail.contains(says)),
            "{problem} does not say {says}"
        );
    }
    let shipment = |un_number: &str| {
        json!({ "operator": "rhine-chem", "vehicle": "T-01", "waybill": "W",
        "goods": [{ "un_number": un_number, "mode": "tank" }] })
    };
    for (body, status) in [(shipment("9999"), 422), (shipment("12"), 422), (json!({ "operator": 7 }), 422)] {
        let (found, problem) =
            installation.ask(&installation.operator, Method::POST, "/api/v1/shipments", Some(&body)).await?;
        ensure!(found == status, "{body}: {found} {problem}");
    }
    for (path, status) in [
        ("/api/v1/violations?cursor=zzz", 400),
        ("/api/v1/violations?limit=0", 400),
        ("/api/v1/violations?from=yesterday", 400),
        ("/api/v1/violations/not-a-uuid", 404),
        ("/api/v1/nothing", 404),
    ] {
        let (found, problem) = installation.ask(&installation.operator, Method::GET, path, None).await?;
        let found_or_400 = found == status || (status == 404 && found == 400);
        ensure!(found_or_400 && problem["status"] == found, "{path}: {found} {problem}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_go_on_by_cursor_without_a_gap_or_a_repeat() -> Result<()> {
    let installation = eventful().await?;
    let all = installation.get(&installation.regulator, "/api/v1/violations?limit=100").await?;
    let all: Vec<Value> = all["items"].as_array().context("items")?.iter().map(|item| item["id"].clone()).collect();
    ensure!(all.len() >= 2, "{all:?}");
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = installation.get(&installation.regulator, &format!("/api/v1/violations?limit=1{cursor}")).await?;
        seen.push(page["items"][0]["id"].clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    ensure!(seen == all, "{seen:?} {all:?}");
    Ok(())
}

/// Reads server-sent events until `enough`, and returns them as (id, event, data).
async fn read_stream(
    installation: &Installation,
    token: &str,
    last_event_id: Option<&str>,
    enough: impl Fn(&[(String, String, String)]) -> bool,
) -> Result<Vec<(String, String, String)>> {
    let mut request = reqwest::Client::new().get(installation.server()?.url("/api/v1/stream")).bearer_auth(token);
    if let Some(id) = last_event_id {
        request = request.header("last-event-id", id);
    }
    let response = request.send().await?.error_for_status()?;
    let mut body = response.bytes_stream();
    let (mut text, mut events) = (String::new(), Vec::new());
    let deadline = tokio::time::Instant::now() + LIMIT;
    while !enough(&events) {
        let chunk = tokio::time::timeout_at(deadline, body.next()).await.with_context(|| format!("only {events:?}"))?;
        text.push_str(&String::from_utf8_lossy(&chunk.context("the stream ended")??));
        while let Some(end) = text.find("\n\n") {
            let frame: String = text.drain(..end + 2).collect();
            let field = |name: &str| {
                frame
                    .lines()
                    .filter_map(|line| line.strip_prefix(name))
                    .map(str::trim_start)
                    .collect::<Vec<_>>()
                    .join("\n")
            };
            if !field("event:").is_empty() {
                events.push((field("id:"), field("event:"), field("data:")));
            }
        }
    }
    Ok(events)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_stream_resumes_where_it_was_cut_and_misses_nothing() -> Result<()> {
    let mut installation = eventful().await?;
    let started = read_stream(&installation, &installation.operator, None, |events| !events.is_empty()).await?;
    let last = started.last().context("an event")?.0.clone();
    // While nobody listens, and the server is even killed, the vehicle rolls over.
    installation.kill_and_restart().await?;
    let event = json!({ "time": chrono::Utc::now(), "kind": "rollover", "seq": 2 });
    let message = Message { topic: "placard/v1/rhine-chem/T-01/event".into(), payload: event.to_string().into_bytes() };
    publish_all(&installation.broker.url("rhine-chem/T-01"), vec![message], 100, LIMIT).await?;
    installation.wait_for_count("violation WHERE rule = 'motion.rollover'", 1, LIMIT).await?;

    let has_rollover = |events: &[(String, String, String)]| {
        events.iter().any(|(_, event, data)| event == "violation" && data.contains("motion.rollover"))
            && events.iter().any(|(_, event, data)| event == "incident" && data.contains("motion.rollover"))
    };
    let resumed = read_stream(&installation, &installation.operator, Some(&last), has_rollover).await?;
    ensure!(
        resumed.iter().filter(|(_, event, data)| event == "violation" && data.contains("\"sos\"")).count() == 0,
        "what was seen before the cut came again: {resumed:?}"
    );
    let others = reqwest::Client::new()
        .get(installation.server()?.url("/api/v1/stream?last_event_id=0.0"))
        .bearer_auth(&installation.other_operator)
        .send()
        .await?;
    let mut body = others.bytes_stream();
    let nothing = tokio::time::timeout(Duration::from_secs(2), async {
        while let Some(Ok(chunk)) = body.next().await {
            if String::from_utf8_lossy(&chunk).contains("T-01") {
                return;
            }
        }
    })
    .await;
    ensure!(nothing.is_err(), "another operator's stream named T-01, or ended");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_stream_does_not_keep_the_server_from_stopping() -> Result<()> {
    let mut installation = eventful().await?;
    let url = installation.server()?.url("/api/v1/stream");
    let response = reqwest::Client::new().get(url).bearer_auth(&installation.operator).send().await?;
    ensure!(response.status().is_success());
    let server = installation.server.take().context("a server")?;
    server.stop(Duration::from_secs(8)).await?;
    drop(response);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_signed_and_tried_until_it_answers() -> Result<()> {
    use wiremock::{Mock, MockServer, ResponseTemplate, matchers::method};
    let hook = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(500)).up_to_n_times(2).mount(&hook).await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(204)).mount(&hook).await;
    let database = crate::support::Database::create().await?;
    let settings = [("PLACARD_NOTIFY__WEBHOOKS_TO_PRIVATE_ADDRESSES", "true")];
    let installation = Installation::with(crate::support::BrokerKind::Mosquitto, database, &settings).await?;
    installation.vehicle("T-01").await?;
    let wanted = json!({ "url": hook.uri() });
    let subscribed = installation.send(&installation.responder, Method::POST, "/api/v1/webhooks", &wanted).await?;
    let secret = subscribed["secret"].as_str().context("a secret")?;
    let event = json!({ "time": chrono::Utc::now(), "kind": "sos", "seq": 1 });
    let message = Message { topic: "placard/v1/rhine-chem/T-01/event".into(), payload: event.to_string().into_bytes() };
    publish_all(&installation.broker.url("rhine-chem/T-01"), vec![message], 100, LIMIT).await?;
    wait_for("every delivery to arrive", LIMIT, || async {
        let all = installation.count("outbox WHERE channel = 'webhook'").await?;
        let arrived = installation.count("outbox WHERE channel = 'webhook' AND delivered_at IS NOT NULL").await?;
        Ok((all > 0 && all == arrived).then_some(()))
    })
    .await?;
    let requests = hook.received_requests().await.context("requests")?;
    ensure!(requests.len() >= 3, "two refusals and an arrival: {}", requests.len());
    for request in &requests {
        let header = |name: &str| request.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let signature = header("placard-signature").context("a signature")?;
        let (time, code) = signature.split_once(",v1=").context("t=…,v1=…")?;
        let time: i64 = time.trim_start_matches("t=").parse()?;
        let body = std::str::from_utf8(&request.body)?;
        let expected = placard::notify::webhooks::signature(secret, time, body);
        ensure!(code == expected, "the signature does not fit");
    }
    Ok(())
}
