//! Reports by telephone: by the registration plate, by the vehicle's code, or by what the orange plate shows.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{
    super::{
        access::{Action, Viewer},
        extract::JsonBody,
        problem::Problem,
        state::ApiState,
    },
    said,
};
use crate::{
    domain::{OperatorCode, Place, UnNumber, VehicleCode},
    incident::report::{self, TelephoneReport, is_plate_of},
    store::{self, incidents::IncidentRecord},
    world::{KnownVehicle, World},
};

/// What a caller said. Name the vehicle by `registration`, or by `operator` and `vehicle`; where that finds none, the
/// place is needed, and the UN number says what responders face.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ReportFiling {
    /// The registration plate as it was read out; blanks, dashes, case and the country do not matter.
    #[serde(default)]
    #[schema(example = "12 bxk 3")]
    registration: Option<String>,
    /// Code of the carrier.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    operator: Option<OperatorCode>,
    /// Code of the vehicle within the carrier.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    vehicle: Option<VehicleCode>,
    /// The lower half of the orange plate.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "1017")]
    un_number: Option<UnNumber>,
    /// The upper half of the orange plate, e.g. 265.
    #[serde(default)]
    hin: Option<String>,
    /// Where: `{"lat":…,"lon":…}`.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    place: Option<Place>,
    /// When, not in the future; now, if left out.
    #[serde(default)]
    at: Option<DateTime<Utc>>,
    /// What happened, in words.
    words: String,
}

/// Takes a report by telephone: it joins the open incident of the vehicle (200), or opens one (201), also where nobody can
/// name the vehicle.
#[utoipa::path(post, path = "/api/v1/incidents", tag = "incidents", request_body = ReportFiling,
    responses((status = 200, body = IncidentRecord, description = "It joined this incident."),
        (status = 201, body = IncidentRecord)))]
pub(in super::super) async fn report(
    State(state): State<ApiState>,
    viewer: Viewer,
    JsonBody(filing): JsonBody<ReportFiling>,
) -> Result<(StatusCode, Json<IncidentRecord>), Problem> {
    viewer.may(Action::ReportIncidents)?;
    let (named, told) = check(filing)?;
    let world = state.world.current();
    let known = find(&world, &named, told.registration.as_deref())?;
    if known.is_none() && told.place.is_none() {
        let detail = "no vehicle is known by what was said, so the place is needed: {\"lat\":…,\"lon\":…}";
        return Err(Problem::invalid("place", detail));
    }
    // A look-up by plate is on record before anything of it is shown.
    let subject = match (known, told.un_number) {
        (Some(known), _) => format!("vehicle/{}/{}", known.vehicle.operator, known.vehicle.code),
        (None, Some(un_number)) => format!("goods/UN{un_number}"),
        (None, None) => "unknown vehicle".to_owned(),
    };
    viewer.note(&state.pool, Action::ReportIncidents.as_str(), &subject).await?;
    let draft = match known {
        Some(known) => report::about(&world, &state.catalogue, known, told),
        None => report::without_vehicle(&state.catalogue, viewer.owner().organisation_id, told),
    };
    let reported = store::incidents::report(&state.pool, &draft, viewer.owner()).await?;
    let (record, is_new) = reported.ok_or_else(|| Problem::internal("a new report was known before"))?;
    Ok((if is_new { StatusCode::CREATED } else { StatusCode::OK }, Json(record)))
}

type Named = Option<(OperatorCode, VehicleCode)>;

/// Whether everything reads, and the report without the vehicle's code.
fn check(filing: ReportFiling) -> Result<(Named, TelephoneReport), Problem> {
    let words = said("words", &filing.words)?.to_owned();
    let registration = filing.registration.as_deref().map(|plate| said("registration", plate)).transpose()?;
    let hin = filing.hin.as_deref().map(|hin| said("hin", hin)).transpose()?;
    let now = Utc::now();
    if let Some(at) = filing.at.filter(|at| *at > now) {
        return Err(Problem::invalid("at", format!("{at} is in the future; wanted is when it happened")));
    }
    let named = match (filing.operator, filing.vehicle) {
        (Some(operator), Some(vehicle)) => Some((operator, vehicle)),
        (None, None) => None,
        (None, Some(_)) => return Err(Problem::invalid("operator", "the vehicle's code needs its operator as well")),
        (Some(_), None) => return Err(Problem::invalid("vehicle", "the operator needs the vehicle's code as well")),
    };
    if named.is_none() && registration.is_none() && filing.un_number.is_none() {
        let detail = "say at least one of registration, operator with vehicle, or un_number";
        return Err(Problem::invalid_body(detail));
    }
    let report = TelephoneReport {
        at: filing.at.unwrap_or(now),
        place: filing.place,
        registration: registration.map(str::to_owned),
        un_number: filing.un_number,
        hin: hin.map(str::to_owned),
        words,
    };
    Ok((named, report))
}

/// The vehicle that was named by its code, which must be there, or by its plate, which may be a stranger's.
fn find<'a>(world: &'a World, named: &Named, plate: Option<&str>) -> Result<Option<&'a KnownVehicle>, Problem> {
    if let Some((operator, vehicle)) = named {
        let missing = || Problem::invalid("vehicle", format!("there is no vehicle {operator}/{vehicle}"));
        return world.vehicle_by_code(operator, vehicle).map(Some).ok_or_else(missing);
    }
    let Some(plate) = plate else { return Ok(None) };
    let mut found = world
        .vehicles()
        .filter(|known| known.vehicle.registration.as_deref().is_some_and(|registered| is_plate_of(plate, registered)));
    let first = found.next();
    let others = found.count();
    if others > 0 {
        let detail = format!("{} vehicles have the plate {plate}; name one by its operator and vehicle", others + 1);
        return Err(Problem::conflict(detail).in_field("registration"));
    }
    Ok(first)
}
