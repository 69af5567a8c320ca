//! All routes, by who calls them.

use std::sync::Arc;

use axum::{Router, extract::DefaultBodyLimit, routing::get};
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt},
    routes,
};

use super::{
    calendars, dead_letters, drivers, exemptions, goods, health, incidents, layers, openapi, organisations, page,
    positions,
    problem::{no_such_method, no_such_route},
    queries, routes, rule_packs, session, sheet, sheet_links, shipments,
    state::{ApiState, App},
    stream, tokens, vehicles, violations, webhooks, zones,
};

/// The routes with everything around them.
pub(super) fn with_state(state: ApiState) -> Router {
    let (router, document) = all().split_for_parts();
    let app = App { state, tokens: Arc::default() };
    let router = page::FILES.iter().fold(router, |router, file| router.route(file.path, page::serve(file)));
    let router = router
        .route(openapi::PATH, openapi::serve(document))
        // What a link to a sheet opens: for people, so it is no part of the documented API either.
        .route("/s/{link}", get(sheet::by_link))
        .route("/s/{link}/qr.svg", get(sheet::qr_of_link))
        .fallback(no_such_route)
        .method_not_allowed_fallback(no_such_method);
    layers::wrap(router.with_state(app))
}

/// Every route of the API, in one flat list: routers nested under one prefix would lose paths.
pub(super) fn all() -> OpenApiRouter<App> {
    let zone_body = || DefaultBodyLimit::max(layers::ZONE_BODY_LIMIT);
    OpenApiRouter::with_openapi(openapi::head())
        // The page, before anybody has signed in; its files are no part of the documented API.
        .routes(routes!(session::sign_in, session::sign_out))
        // Those who watch the installation.
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(health::metrics))
        // Everybody with a token.
        .routes(routes!(session::me))
        .routes(routes!(stream::stream))
        .routes(routes!(goods::look_up))
        // Responders, and all others for what they see.
        .routes(routes!(incidents::list, incidents::report::report))
        .routes(routes!(incidents::one))
        .routes(routes!(incidents::steps::acknowledge))
        .routes(routes!(incidents::steps::close))
        .routes(routes!(incidents::steps::take))
        .routes(routes!(incidents::steps::grade))
        .routes(routes!(incidents::steps::merge))
        .routes(routes!(incidents::timeline::note))
        .routes(routes!(incidents::timeline::read))
        .routes(routes!(sheet_links::list, sheet_links::create))
        .routes(routes!(sheet_links::revoke))
        .routes(routes!(sheet::of_incident))
        // Operators and their programs; regulators look on.
        .routes(routes!(vehicles::list))
        .routes(routes!(vehicles::one, vehicles::file))
        .routes(routes!(drivers::list))
        .routes(routes!(drivers::one, drivers::file))
        .routes(routes!(positions::latest))
        .routes(routes!(positions::track))
        .routes(routes!(shipments::list, shipments::file))
        .routes(routes!(shipments::one))
        .routes(routes!(shipments::end))
        .routes(routes!(violations::list))
        .routes(routes!(violations::one))
        .routes(routes!(queries::inside).layer(zone_body()))
        .routes(routes!(queries::near))
        .routes(routes!(dead_letters::list))
        .routes(routes!(webhooks::list, webhooks::subscribe))
        .routes(routes!(webhooks::end))
        .routes(routes!(routes::list, routes::file))
        // Regulators; operators look on.
        .routes(routes!(zones::list, zones::publish).layer(zone_body()))
        .routes(routes!(zones::one, zones::revise, zones::withdraw).layer(zone_body()))
        .routes(routes!(calendars::list))
        .routes(routes!(calendars::one, calendars::publish))
        .routes(routes!(exemptions::list, exemptions::grant))
        .routes(routes!(exemptions::one, exemptions::end))
        .routes(routes!(rule_packs::list, rule_packs::publish))
        .routes(routes!(rule_packs::one))
        // Administrators.
        .routes(routes!(organisations::create))
        .routes(routes!(tokens::create))
}
