//! What the rules judge by, filed and published through the API.

use anyhow::{Result, ensure};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::Installation;

/// A pack of Texas with one rule.
fn pack(hold_s: &Value) -> Value {
    json!({
        "jurisdiction": "us-tx", "title": "Texas", "note": "Informational, not legal advice.",
        "effective_from": "2025-01-01T00:00:00Z",
        "rule": [{
            "key": "speed.limit", "citation": "A by-law", "mark": "general", "severity": "excess_ratio > 1.5 ? S1 : S3",
            "parameters": { "hold_s": hold_s },
        }],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_packs_are_published_in_versions_and_refused_with_rule_and_key() -> Result<()> {
    let story = Installation::start().await?;
    let listed = story.get(&story.operator, "/api/v1/rule-packs").await?;
    let builtin: Vec<_> = listed["items"].as_array().into_iter().flatten().map(|pack| &pack["jurisdiction"]).collect();
    ensure!(builtin == ["adr", "cn", "sg", "us"], "{listed}");

    let path = "/api/v1/rule-packs";
    let first = story.send(&story.regulator, Method::POST, path, &pack(&json!(10))).await?;
    ensure!(first == json!({ "jurisdiction": "us-tx", "version": 1 }), "{first}");
    let (status, same) = story.ask(&story.regulator, Method::POST, path, Some(&pack(&json!(10)))).await?;
    ensure!(status == 200 && same["version"] == 1, "the same again: {status} {same}");
    let second = story.send(&story.regulator, Method::POST, path, &pack(&json!(5))).await?;
    ensure!(second["version"] == 2, "{second}");
    let read = story.get(&story.operator, "/api/v1/rule-packs/us-tx/1").await?;
    ensure!(read["document"]["rule"][0]["parameters"]["hold_s"] == 10, "the first version is as it was: {read}");

    let (status, refused) = story.ask(&story.regulator, Method::POST, path, Some(&pack(&json!("long")))).await?;
    ensure!(status == 422, "{status} {refused}");
    ensure!(refused["field"] == "speed.limit: parameters.hold_s", "{refused}");
    let (status, refused) = story.ask(&story.operator, Method::POST, path, Some(&pack(&json!(1)))).await?;
    ensure!(status == 403, "an operator published a pack: {status} {refused}");
    ensure!(story.count("rule_pack WHERE jurisdiction = 'us-tx'").await? == 2);

    // What is published once stays as it is, whoever tries.
    sqlx::query("UPDATE rule_pack SET document = '{}'").execute(&story.pool).await?;
    sqlx::query("DELETE FROM rule_pack").execute(&story.pool).await?;
    ensure!(story.count("rule_pack WHERE document->>'title' = 'Texas'").await? == 2);

    // A vehicle names a pack that there is.
    let vehicle = "/api/v1/vehicles/rhine-chem/T-01";
    story.send(&story.operator, Method::PUT, vehicle, &json!({ "jurisdiction": "us-tx" })).await?;
    let (status, refused) =
        story.ask(&story.operator, Method::PUT, vehicle, Some(&json!({ "jurisdiction": "atlantis" }))).await?;
    ensure!(status == 422 && refused["field"] == "jurisdiction", "{status} {refused}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn calendars_exemptions_and_zones_with_times_are_read_as_they_were_filed() -> Result<()> {
    let story = Installation::start().await?;
    let calendar = json!({ "name": "Germany", "days": ["2026-12-25", "2026-12-26"] });
    let path = "/api/v1/calendars/de";
    let (status, filed) = story.ask(&story.regulator, Method::PUT, path, Some(&calendar)).await?;
    ensure!(status == 201 && filed["days"] == calendar["days"], "{status} {filed}");
    let (status, _) = story.ask(&story.regulator, Method::PUT, path, Some(&calendar)).await?;
    ensure!(status == 200, "the same again: {status}");
    let (status, _) = story.ask(&story.operator, Method::PUT, path, Some(&calendar)).await?;
    ensure!(status == 403, "an operator published a calendar: {status}");
    ensure!(story.get(&story.operator, path).await? == filed);

    let nights = |calendar: &str| {
        json!({
            "time_zone": "Europe/Berlin", "calendar": calendar,
            "windows": [{ "days": ["mon", "holiday"], "from": "22:00", "to": "06:00" }],
        })
    };
    let zone = |calendar: &str| {
        json!({
            "name": "Old bridge", "kind": "time_ban", "cargo": { "modes": ["tank"], "min_quantity_kg": 500.0 },
            "area": { "type": "Polygon", "coordinates": [[[4.0, 51.0], [4.1, 51.0], [4.1, 51.1], [4.0, 51.0]]] },
            "schedule": nights(calendar), "group": "bridges", "dwell_s": 20.0,
        })
    };
    let (status, refused) = story.ask(&story.regulator, Method::POST, "/api/v1/zones", Some(&zone("fr"))).await?;
    ensure!(status == 422 && refused["field"] == "schedule.calendar", "{status} {refused}");
    let id = story.send(&story.regulator, Method::POST, "/api/v1/zones", &zone("de")).await?["id"].clone();
    let read = story.get(&story.operator, &format!("/api/v1/zones/{id}")).await?;
    for field in ["kind", "cargo", "schedule", "group", "dwell_s"] {
        ensure!(read[field] == zone("de")[field], "{field}: {read}");
    }

    story.vehicle("T-01").await?;
    let exemption = json!({
        "permit": "P-2026/7", "operator": "rhine-chem", "vehicle": "T-01", "rules": ["time.ban"], "zone": id,
        "valid_from": "2026-01-01T00:00:00Z", "valid_to": "2099-01-01T00:00:00Z", "schedule": nights("de"),
        "escort_required": true, "conditions": ["At walking pace"],
    });
    let granted = story.send(&story.regulator, Method::POST, "/api/v1/exemptions", &exemption).await?;
    for (field, value) in exemption.as_object().into_iter().flatten() {
        ensure!(&granted[field] == value, "{field}: {granted}");
    }
    let path = format!("/api/v1/exemptions/{}", granted["id"]);
    ensure!(story.get(&story.operator, &path).await? == granted, "its operator sees it");
    let (status, _) = story.ask(&story.other_operator, Method::GET, &path, None).await?;
    ensure!(status == 404, "another operator sees it: {status}");
    let (status, _) = story.ask(&story.operator, Method::POST, "/api/v1/exemptions", Some(&exemption)).await?;
    ensure!(status == 403, "an operator granted itself an exemption: {status}");
    let (status, _) = story.ask(&story.regulator, Method::DELETE, &path, None).await?;
    ensure!(status == 204, "{status}");
    ensure!(story.count("exemption WHERE valid_to <= now()").await? == 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn drivers_vehicles_trips_and_routes_are_read_as_they_were_filed() -> Result<()> {
    let story = Installation::start().await?;
    let driver = json!({
        "name": "A. Jansen",
        "documents": [{ "kind": "driver_certificate", "number": "NL-1", "expires_on": "2027-01-31" }],
    });
    let path = "/api/v1/drivers/rhine-chem/D-4411";
    let (status, filed) = story.ask(&story.operator, Method::PUT, path, Some(&driver)).await?;
    ensure!(status == 201 && filed["documents"] == driver["documents"], "{status} {filed}");
    ensure!(story.get(&story.regulator, path).await? == filed);
    let (status, _) = story.ask(&story.other_operator, Method::GET, path, None).await?;
    ensure!(status == 404, "another operator sees the driver: {status}");
    let (status, _) = story.ask(&story.other_operator, Method::PUT, path, Some(&driver)).await?;
    ensure!(status == 404, "another operator filed the driver: {status}");

    let vehicle = json!({
        "registration": "NL 12-BXK-3", "dangerous_goods": true, "speed_limit_kmh": 80.0, "jurisdiction": "cn",
        "documents": [{ "kind": "tank_test", "expires_on": "2027-01-31" }], "licensed_classes": ["3", "2.1"],
        "tank_media": ["1203"], "rated_load_kg": 24000.0,
    });
    let path = "/api/v1/vehicles/rhine-chem/T-01";
    story.send(&story.operator, Method::PUT, path, &vehicle).await?;
    let read = story.get(&story.operator, path).await?;
    for (field, value) in vehicle.as_object().into_iter().flatten() {
        ensure!(&read[field] == value, "{field}: {read}");
    }

    let route = json!({
        "name": "Approved", "path": { "type": "LineString", "coordinates": [[4.0, 51.0], [4.2, 51.0]] },
        "half_width_m": 100.0, "police_approved": true,
        "sections": [{ "name": "pass", "from_m": 1000.0, "to_m": 5000.0, "min_s": 240.0, "max_s": 600.0 }],
    });
    let route_id = story.send(&story.regulator, Method::POST, "/api/v1/routes", &route).await?["id"].clone();
    let read = story.get(&story.regulator, "/api/v1/routes").await?;
    ensure!(read["items"][0]["sections"] == route["sections"] && read["items"][0]["police_approved"] == true, "{read}");

    let trip = json!({
        "operator": "rhine-chem", "vehicle": "T-01", "waybill": "W-1", "route_id": route_id,
        "goods": [{ "un_number": "1203", "mode": "tank", "quantity_kg": 18000.0, "empty_uncleaned": false }],
        "driver": "D-4411", "escort": "E-7", "escort_required": true,
        "origin": { "lat": 51.0, "lon": 4.0, "radius_m": 300.0 }, "destination": { "lat": 51.0, "lon": 4.2, "radius_m": 300.0 },
        "depart_after": "2026-05-01T08:00:00Z", "arrive_from": "2026-05-01T10:00:00Z", "arrive_by": "2026-05-01T12:00:00Z",
        "cargo_limits": { "temperature_max_c": 40.0, "pressure_max_kpa": 300.0 },
    });
    let filed = story.send(&story.operator, Method::POST, "/api/v1/shipments", &trip).await?;
    for (field, value) in trip.as_object().into_iter().flatten() {
        ensure!(&filed[field] == value, "{field}: {filed}");
    }
    Ok(())
}
