//! Errors as clients see them: problem documents (RFC 9457).
//!
//! What the client got wrong is told to the client: what, where, and what would be right. What went wrong in here is
//! logged, once, when it becomes a response; the client learns only that it did, and whether to try again.

use std::any::Any;

use axum::{
    Json,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::store::StoreError;

/// A problem document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub(super) struct ProblemDocument {
    /// Kind of problem, a stable name.
    #[serde(rename = "type")]
    #[schema(example = "urn:placard:problem:invalid")]
    kind: String,
    /// The kind in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What was wrong here, and what would be right.
    detail: String,
    /// The field or parameter to blame, where one is: `goods[0].un_number`.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
}

/// The kinds of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Unreadable,
    Unauthorized,
    Forbidden,
    NotFound,
    Gone,
    MethodNotAllowed,
    Conflict,
    TooLarge,
    UnsupportedMediaType,
    Invalid,
    Internal,
    Unavailable,
}

impl Kind {
    /// Name, status and title.
    fn facts(self) -> (&'static str, StatusCode, &'static str) {
        match self {
            Self::Unreadable => ("unreadable", StatusCode::BAD_REQUEST, "The request does not read"),
            Self::Unauthorized => ("unauthorized", StatusCode::UNAUTHORIZED, "A valid token is needed"),
            Self::Forbidden => ("forbidden", StatusCode::FORBIDDEN, "This token may not do that"),
            Self::NotFound => ("not-found", StatusCode::NOT_FOUND, "There is no such thing"),
            Self::Gone => ("gone", StatusCode::GONE, "It was here, and is closed"),
            Self::MethodNotAllowed => {
                ("method-not-allowed", StatusCode::METHOD_NOT_ALLOWED, "The method does not apply here")
            }
            Self::Conflict => ("conflict", StatusCode::CONFLICT, "It is there already"),
            Self::TooLarge => ("too-large", StatusCode::PAYLOAD_TOO_LARGE, "The body is too large"),
            Self::UnsupportedMediaType => {
                ("unsupported-media-type", StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body must be JSON")
            }
            Self::Invalid => ("invalid", StatusCode::UNPROCESSABLE_ENTITY, "A value is not valid"),
            Self::Internal => ("internal", StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong in the server"),
            Self::Unavailable => ("unavailable", StatusCode::SERVICE_UNAVAILABLE, "The server cannot answer now"),
        }
    }
}

/// Seconds after which an unavailable server is worth another try.
const RETRY_AFTER_S: u16 = 5;

/// Why a request is not answered as wished.
#[derive(Debug)]
pub(super) struct Problem {
    kind: Kind,
    detail: String,
    field: Option<String>,
    /// What the log says and the client does not learn.
    cause: Option<String>,
}

impl Problem {
    fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), field: None, cause: None }
    }

    /// A query parameter, path or body that does not read.
    pub(super) fn unreadable(detail: impl Into<String>) -> Self {
        Self::new(Kind::Unreadable, detail)
    }

    /// A value that reads but cannot be taken. `field` is its path in the body.
    pub(super) fn invalid(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, detail).in_field(field)
    }

    /// A body that reads but is not of the right form as a whole.
    pub(super) fn invalid_body(detail: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, detail)
    }

    /// No token, or none that is valid.
    pub(super) fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(Kind::Unauthorized, detail)
    }

    /// A token that may not do this.
    pub(super) fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(Kind::Forbidden, detail)
    }

    /// Not there, or not to be seen: the two must not be told apart.
    pub(super) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, detail)
    }

    /// There once, and closed to whoever asks.
    pub(super) fn gone(detail: impl Into<String>) -> Self {
        Self::new(Kind::Gone, detail)
    }

    /// There already.
    pub(super) fn conflict(detail: impl Into<String>) -> Self {
        Self::new(Kind::Conflict, detail)
    }

    /// A body over the limit.
    pub(super) fn too_large(detail: impl Into<String>) -> Self {
        Self::new(Kind::TooLarge, detail)
    }

    /// A body that is not JSON by its content type.
    pub(super) fn unsupported_media_type(detail: impl Into<String>) -> Self {
        Self::new(Kind::UnsupportedMediaType, detail)
    }

    /// Something that the server needs is missing; trying again later may help.
    pub(super) fn unavailable(detail: impl Into<String>, cause: impl ToString) -> Self {
        Self { cause: Some(cause.to_string()), ..Self::new(Kind::Unavailable, detail) }
    }

    /// What is missing for the server to be ready. Asked for all the time, so it is not logged.
    pub(super) fn not_ready(detail: impl Into<String>) -> Self {
        Self::new(Kind::Unavailable, detail)
    }

    /// A fault of ours.
    pub(super) fn internal(cause: impl ToString) -> Self {
        let detail = "the server's log says more; trying again will hardly help";
        Self { cause: Some(cause.to_string()), ..Self::new(Kind::Internal, detail) }
    }

    /// Blames a field or parameter.
    pub(super) fn in_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    fn document(self) -> ProblemDocument {
        let (name, status, title) = self.kind.facts();
        ProblemDocument {
            kind: format!("urn:placard:problem:{name}"),
            title,
            status: status.as_u16(),
            detail: self.detail,
            field: self.field,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (kind, (_, status, _)) = (self.kind, self.kind.facts());
        match (&self.cause, kind) {
            (Some(cause), Kind::Unavailable) => tracing::warn!(cause, "a request could not be answered now"),
            (Some(cause), _) => tracing::error!(cause, "a request could not be answered"),
            (None, _) => {}
        }
        let mut response = (status, Json(self.document())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match kind {
            Kind::Unauthorized => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"placard\""));
            }
            Kind::Unavailable => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_S));
            }
            _ => {}
        }
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        if cannot_be_reached(&error) {
            Self::unavailable("the database cannot be reached; a write may or may not have been stored", error)
        } else if error.is_conflict() {
            Self::conflict("something with this name or number is there already")
        } else if error.blames_the_values() {
            tracing::debug!(%error, "the database refused a value");
            let detail =
                "a value cannot be stored: texts must not hold NUL, and times must lie between the years 1 and 9999";
            Self::new(Kind::Invalid, detail)
        } else {
            Self::internal(error)
        }
    }
}

/// Whether the database is away, starting, stopping, or has no connection left (SQLSTATE classes 08, 53, 57P).
fn cannot_be_reached(error: &StoreError) -> bool {
    use sqlx::Error;
    match error {
        StoreError::Database(
            Error::Io(_) | Error::Tls(_) | Error::PoolTimedOut | Error::PoolClosed | Error::WorkerCrashed,
        ) => true,
        StoreError::Database(Error::Database(error)) => {
            error.code().is_some_and(|code| ["08", "53", "57P"].iter().any(|class| code.starts_with(class)))
        }
        _ => false,
    }
}

/// Answers for a path that is no route.
pub(super) async fn no_such_route(request: Request) -> Problem {
    Problem::not_found(format!("{} is no route; /api/openapi.json lists all", request.uri().path()))
}

/// Answers for a route that does not have the method.
pub(super) async fn no_such_method(request: Request) -> Problem {
    let (method, path) = (request.method(), request.uri().path());
    Problem::new(
        Kind::MethodNotAllowed,
        format!("{method} does not apply to {path}; the header `allow` lists what does"),
    )
}

/// Answers for a handler that panicked.
pub(super) fn of_panic(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".into());
    Problem::internal(format!("panic: {text}")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn body(response: Response) -> serde_json::Value {
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 16).await.unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[tokio::test]
    async fn a_problem_names_the_field_and_has_its_media_type() {
        let response = Problem::invalid("goods[0].un_number", "UN 9999 is not in the goods catalogue").into_response();
        assert_eq!(response.status(), 422);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
        let expected = serde_json::json!({
            "type": "urn:placard:problem:invalid",
            "title": "A value is not valid",
            "status": 422,
            "detail": "UN 9999 is not in the goods catalogue",
            "field": "goods[0].un_number",
        });
        assert_eq!(body(response).await, expected);
    }

    #[tokio::test]
    async fn a_lost_database_is_unavailable_and_says_when_to_try_again() {
        let response = Problem::from(StoreError::Database(sqlx::Error::PoolTimedOut)).into_response();
        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()[header::RETRY_AFTER], "5");
    }

    #[tokio::test]
    async fn a_fault_of_ours_tells_the_client_nothing_of_its_cause() {
        let error = StoreError::Unreadable { what: "area", of: "zone 12".into(), reason: "secret".into() };
        let response = Problem::from(error).into_response();
        assert_eq!(response.status(), 500);
        assert!(!body(response).await.to_string().contains("secret"));
        let response = of_panic(Box::new("index out of bounds: secret"));
        assert_eq!(response.status(), 500);
        assert!(!body(response).await.to_string().contains("secret"));
    }

    #[test]
    fn a_missing_token_says_how_to_bring_one() {
        let response = Problem::unauthorized("no token").into_response();
        assert_eq!(response.status(), 401);
        assert!(response.headers().contains_key(header::WWW_AUTHENTICATE));
    }
}
