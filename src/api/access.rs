//! Who may do what, and whose data that covers: decided here and nowhere else.
//!
//! | action | operator | regulator | responder | admin |
//! |---|---|---|---|---|
//! | see vehicles, drivers, positions (also of the past), violations, dead letters | own | all | – | all |
//! | see shipments | own | all | – | all |
//! | file vehicles, drivers and shipments | own | – | – | all |
//! | see zones, calendars, rule packs | all | all | – | all |
//! | see exemptions | own | all | – | all |
//! | publish zones, calendars, rule packs, exemptions | – | all | – | all |
//! | see and file routes | own | all | – | all |
//! | see incidents | own | all | open | all |
//! | acknowledge incidents, add notes to them | own | all | open | all |
//! | handle incidents: dispatch and later steps, level, merging | – | all | open | all |
//! | close incidents, also as false alarms | – | all | open | all |
//! | reopen incidents | – | all | all | all |
//! | review incidents | – | all | – | all |
//! | report incidents by telephone | – | all | all | all |
//! | subscribe webhooks | own | own | own | own |
//! | make organisations and tokens | – | – | – | all |
//!
//! Every role may see the goods catalogue, itself (`me`), and of the stream what it sees otherwise. An operator does not
//! handle or close incidents: that would take one out of the responders' hands and sight. A responder may reopen what it no
//! longer sees, because it may have closed it by mistake. "Own" means the organisation's own data; what is
//! not covered is answered as if it were not there.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};

use super::{cookie, problem::Problem, state::App};
use crate::store::{
    self, Visibility,
    incidents::IncidentFilter,
    organisations::Role::{self, Admin, Operator, Regulator, Responder},
    tokens::TokenOwner,
};

/// What can be done. See the table above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    SeeFleet,
    SeeShipments,
    FileFleet,
    SeeZones,
    PublishZones,
    SeeRules,
    SeeExemptions,
    PublishRules,
    Routes,
    SeeIncidents,
    AcknowledgeIncidents,
    NoteIncidents,
    HandleIncidents,
    CloseIncidents,
    ReopenIncidents,
    ReviewIncidents,
    ReportIncidents,
    Subscribe,
    Administer,
}

impl Action {
    /// Every action.
    pub(super) const ALL: [Self; 19] = [
        Self::SeeFleet,
        Self::SeeShipments,
        Self::FileFleet,
        Self::SeeZones,
        Self::PublishZones,
        Self::SeeRules,
        Self::SeeExemptions,
        Self::PublishRules,
        Self::Routes,
        Self::SeeIncidents,
        Self::AcknowledgeIncidents,
        Self::NoteIncidents,
        Self::HandleIncidents,
        Self::CloseIncidents,
        Self::ReopenIncidents,
        Self::ReviewIncidents,
        Self::ReportIncidents,
        Self::Subscribe,
        Self::Administer,
    ];

    /// The action's public name.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::SeeFleet => "fleet.see",
            Self::SeeShipments => "shipment.see",
            Self::FileFleet => "fleet.file",
            Self::SeeZones => "zone.see",
            Self::PublishZones => "zone.publish",
            Self::SeeRules => "rule.see",
            Self::SeeExemptions => "exemption.see",
            Self::PublishRules => "rule.publish",
            Self::Routes => "route.file",
            Self::SeeIncidents => "incident.see",
            Self::AcknowledgeIncidents => "incident.acknowledge",
            Self::NoteIncidents => "incident.note",
            Self::HandleIncidents => "incident.handle",
            Self::CloseIncidents => "incident.close",
            Self::ReopenIncidents => "incident.reopen",
            Self::ReviewIncidents => "incident.review",
            Self::ReportIncidents => "incident.report",
            Self::Subscribe => "webhook.subscribe",
            Self::Administer => "administer",
        }
    }

    /// Who may do it.
    fn roles(self) -> &'static [Role] {
        match self {
            Self::SeeFleet
            | Self::SeeShipments
            | Self::SeeZones
            | Self::SeeRules
            | Self::SeeExemptions
            | Self::Routes => &[Operator, Regulator, Admin],
            Self::FileFleet => &[Operator, Admin],
            Self::PublishZones | Self::PublishRules => &[Regulator, Admin],
            Self::SeeIncidents | Self::AcknowledgeIncidents | Self::NoteIncidents | Self::Subscribe => {
                &[Operator, Regulator, Responder, Admin]
            }
            Self::HandleIncidents | Self::CloseIncidents | Self::ReopenIncidents | Self::ReportIncidents => {
                &[Regulator, Responder, Admin]
            }
            Self::ReviewIncidents => &[Regulator, Admin],
            Self::Administer => &[Admin],
        }
    }

    /// Whether a role may do it.
    pub(super) fn is_open_to(self, role: Role) -> bool {
        self.roles().contains(&role)
    }
}

/// Who asks. Only through this does a handler come by a [`Visibility`].
#[derive(Clone, Debug)]
pub(super) struct Viewer {
    owner: TokenOwner,
    token: String,
}

impl Viewer {
    /// Whose data `action` covers.
    pub(super) fn may(&self, action: Action) -> Result<Visibility, Problem> {
        let role = self.owner.role;
        if !action.is_open_to(role) {
            let roles: Vec<&str> = action.roles().iter().map(|role| role.as_str()).collect();
            let (role, action, roles) = (role.as_str(), action.as_str(), roles.join(", "));
            return Err(Problem::forbidden(format!(
                "a token of role {role} may not do {action}; these roles may: {roles}"
            )));
        }
        Ok(self.visibility())
    }

    /// Whose incidents `action` covers, and which of them.
    pub(super) fn may_with_incidents(&self, action: Action) -> Result<(Visibility, IncidentFilter), Problem> {
        let visibility = self.may(action)?;
        let open_only = self.sees_open_incidents_only() && action != Action::ReopenIncidents;
        Ok((visibility, IncidentFilter { open_only, ..IncidentFilter::default() }))
    }

    /// Whether incidents are out of sight once they are closed.
    pub(super) fn sees_open_incidents_only(&self) -> bool {
        self.owner.role == Responder
    }

    fn visibility(&self) -> Visibility {
        match self.owner.role {
            Operator => Visibility::Operator(self.owner.organisation_id),
            Regulator | Responder | Admin => Visibility::Everything,
        }
    }

    /// The token's owner.
    pub(super) fn owner(&self) -> &TokenOwner {
        &self.owner
    }

    /// Notes in the audit log what was done. Where that fails, nothing may be handed out.
    pub(super) async fn note(&self, pool: &sqlx::PgPool, action: &str, subject: &str) -> Result<(), Problem> {
        Ok(store::audit::note(pool, &self.owner, action, subject).await?)
    }

    #[cfg(test)]
    pub(super) fn for_test(role: Role, organisation_id: crate::domain::OrganisationId) -> Self {
        let organisation = "rhine-chem".parse().unwrap();
        Self { owner: TokenOwner { token_id: 1, organisation_id, organisation, role }, token: String::new() }
    }

    /// Whether the token still holds, as far as can be told: not being able to ask is no reason to end a stream.
    pub(super) async fn still_holds(&self, app: &App) -> bool {
        !matches!(app.tokens.owner(&app.state.pool, &self.token).await, Ok(None))
    }
}

impl FromRequestParts<App> for Viewer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let token = match bearer(&parts.headers)? {
            Some(token) => token,
            None => from_cookie(parts)?,
        };
        sign_in(app, token).await
    }
}

/// The viewer that a token stands for.
pub(super) async fn sign_in(app: &App, token: &str) -> Result<Viewer, Problem> {
    let owner = app.tokens.owner(&app.state.pool, token).await?;
    let refuse = || Problem::unauthorized("the token is unknown or was revoked");
    Ok(Viewer { owner: owner.ok_or_else(refuse)?, token: token.to_owned() })
}

fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let token = value.to_str().ok().and_then(|text| text.split_once(' '));
    match token {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim())),
        _ => Err(Problem::unauthorized("the header Authorization must be: Bearer <token>")),
    }
}

fn from_cookie(parts: &Parts) -> Result<&str, Problem> {
    let missing =
        || Problem::unauthorized("send the header Authorization: Bearer <token>, or sign in at /api/v1/session");
    let token = cookie::token(&parts.headers).ok_or_else(missing)?;
    if !cookie::only_reads(&parts.method) && cookie::same_origin(&parts.headers) != Some(true) {
        let detail =
            "with a cookie, only pages of this server may change anything; programs send the header Authorization";
        return Err(Problem::forbidden(detail));
    }
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::OrganisationId;

    fn viewer(role: Role) -> Viewer {
        Viewer::for_test(role, OrganisationId(7))
    }

    fn allowed(role: Role) -> Vec<&'static str> {
        Action::ALL.into_iter().filter(|action| action.is_open_to(role)).map(Action::as_str).collect()
    }

    #[test]
    fn a_responder_may_only_handle_incidents_and_be_told_of_them() {
        let expected = [
            "incident.see",
            "incident.acknowledge",
            "incident.note",
            "incident.handle",
            "incident.close",
            "incident.reopen",
            "incident.report",
            "webhook.subscribe",
        ];
        assert_eq!(allowed(Responder), expected);
        let (visibility, filter) = viewer(Responder).may_with_incidents(Action::SeeIncidents).unwrap();
        assert_eq!(visibility, Visibility::Everything);
        assert!(filter.open_only);
        for action in [Action::AcknowledgeIncidents, Action::NoteIncidents, Action::HandleIncidents] {
            assert!(viewer(Responder).may_with_incidents(action).unwrap().1.open_only, "{action:?}");
        }
        assert!(!viewer(Responder).may_with_incidents(Action::ReopenIncidents).unwrap().1.open_only);
    }

    #[test]
    fn an_operator_is_kept_to_its_own_data_and_neither_publishes_rules_nor_handles_incidents() {
        let operator = viewer(Operator);
        for action in Action::ALL {
            match operator.may(action) {
                Ok(visibility) => assert_eq!(visibility, Visibility::Operator(OrganisationId(7)), "{action:?}"),
                Err(_) => assert!(
                    matches!(
                        action,
                        Action::PublishZones
                            | Action::PublishRules
                            | Action::HandleIncidents
                            | Action::CloseIncidents
                            | Action::ReopenIncidents
                            | Action::ReviewIncidents
                            | Action::ReportIncidents
                            | Action::Administer
                    ),
                    "{action:?}"
                ),
            }
        }
        assert!(!operator.may_with_incidents(Action::SeeIncidents).unwrap().1.open_only);
    }

    #[test]
    fn a_regulator_sees_everything_but_files_for_nobody_and_administers_nothing() {
        let missing = |role| Action::ALL.into_iter().filter(move |action| !action.is_open_to(role)).collect::<Vec<_>>();
        assert_eq!(missing(Regulator), [Action::FileFleet, Action::Administer]);
        assert_eq!(viewer(Regulator).may(Action::SeeFleet).unwrap(), Visibility::Everything);
        assert_eq!(missing(Admin), []);
    }

    fn parts(method: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = axum::http::Request::builder().method(method);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn a_cookie_changes_something_only_from_our_own_page() {
        let cookie = ("cookie", "placard_session=abc");
        assert_eq!(from_cookie(&parts("GET", &[cookie])).unwrap(), "abc");
        assert!(from_cookie(&parts("POST", &[cookie])).is_err());
        assert!(from_cookie(&parts("POST", &[cookie, ("sec-fetch-site", "cross-site")])).is_err());
        assert_eq!(from_cookie(&parts("POST", &[cookie, ("sec-fetch-site", "same-origin")])).unwrap(), "abc");
        assert_eq!(from_cookie(&parts("DELETE", &[cookie, ("origin", "http://a:1"), ("host", "a:1")])).unwrap(), "abc");
    }

    #[test]
    fn an_authorization_header_must_be_a_bearer_token() {
        assert_eq!(bearer(&parts("GET", &[]).headers).unwrap(), None);
        assert_eq!(bearer(&parts("GET", &[("authorization", "bearer abc")]).headers).unwrap(), Some("abc"));
        assert!(bearer(&parts("GET", &[("authorization", "Basic abc")]).headers).is_err());
    }
}
