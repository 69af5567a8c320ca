//! The goods catalogue.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};

use super::{
    access::Viewer,
    extract::{PathFields, QueryFields},
    problem::Problem,
    state::ApiState,
};
use crate::{
    domain::{CarriageMode, GoodsLine, PackingGroup, UnNumber},
    hazard::{Ambiguity, CatalogueEntry, HazardSheet},
};

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct GoodsQuery {
    /// Packing group, I to III.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    packing_group: Option<PackingGroup>,
    /// Which of several entries with this number and packing group.
    #[serde(default)]
    variant: Option<String>,
    /// How the goods are carried: tank (if left out), bulk or packages.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    mode: Option<CarriageMode>,
}

/// What the catalogue says of a UN number.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Goods {
    /// The number.
    #[schema(value_type = String, example = "1017")]
    un_number: UnNumber,
    /// Every entry with this number.
    #[schema(value_type = Vec<Object>)]
    entries: Vec<CatalogueEntry>,
    /// Present when several entries may be meant: which was taken as the most restrictive, and why.
    #[schema(value_type = Option<Object>)]
    ambiguity: Option<Ambiguity>,
    /// What a responder would read of a load of these goods alone.
    #[schema(value_type = Object)]
    sheet: HazardSheet,
}

/// What the catalogue says of a UN number: its entries, and the hazard sheet of such goods.
#[utoipa::path(get, path = "/api/v1/goods/{un}", tag = "goods",
    params(("un" = String, Path, description = "The number, as in 1017 or UN1017."), GoodsQuery),
    responses((status = 200, body = Goods)))]
pub(super) async fn look_up(
    State(state): State<ApiState>,
    _: Viewer,
    PathFields(un): PathFields<String>,
    QueryFields(query): QueryFields<GoodsQuery>,
) -> Result<Json<Goods>, Problem> {
    let un_number: UnNumber = un.parse().map_err(|error| unreadable(&error))?;
    let catalogue = &state.catalogue;
    let entries = catalogue.entries_of(un_number).to_vec();
    if entries.is_empty() {
        return Err(Problem::not_found(format!("UN {un_number} is not in the goods catalogue")));
    }
    let line = GoodsLine {
        packing_group: query.packing_group,
        variant: query.variant,
        ..GoodsLine::new(un_number, query.mode.unwrap_or(CarriageMode::Tank))
    };
    let resolved = catalogue.resolve_line(&line).map_err(|error| Problem::unreadable(error.to_string()))?;
    let ambiguity = resolved.ambiguous;
    let sheet = HazardSheet::of(catalogue, &[line]);
    Ok(Json(Goods { un_number, entries, ambiguity, sheet }))
}

fn unreadable(error: &crate::domain::goods::GoodsCodeError) -> Problem {
    Problem::unreadable(error.to_string()).in_field("un")
}
