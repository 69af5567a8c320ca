//! What comes with a request, read into types. What does not read is a problem that names the place.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};

use super::problem::Problem;

/// A JSON body.
pub(super) struct JsonBody<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::unsupported_media_type("send the header Content-Type: application/json"));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large("4 MiB are taken, for zones 32 MiB"),
            _ => Problem::unreadable("the body ended before it was complete"),
        })?;
        read_json(&bytes).map(Self)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = value.and_then(|value| value.split(';').next()).unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let field = error.path().to_string();
        let error = error.into_inner();
        match error.classify() {
            serde_json::error::Category::Data if field == "." => Problem::invalid_body(error.to_string()),
            serde_json::error::Category::Data => Problem::invalid(field, error.to_string()),
            _ => Problem::unreadable(format!("the body is no JSON: {error}")),
        }
    })?;
    deserializer.end().map_err(|error| Problem::unreadable(format!("the body is no JSON: {error}")))?;
    Ok(value)
}

/// The parameters of the query string.
pub(super) struct QueryFields<T>(pub(super) T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for QueryFields<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        use std::error::Error;
        let rejection = match Query::try_from_uri(&parts.uri) {
            Ok(Query(fields)) => return Ok(Self(fields)),
            Err(rejection) => rejection,
        };
        let cause = rejection.source().and_then(Error::source);
        Err(match cause.and_then(<dyn Error>::downcast_ref::<serde_path_to_error::Error<serde::de::value::Error>>) {
            Some(error) if error.path().iter().len() > 0 => {
                Problem::unreadable(error.inner().to_string()).in_field(error.path().to_string())
            }
            Some(error) => Problem::unreadable(error.inner().to_string()),
            None => Problem::unreadable(rejection.body_text()),
        })
    }
}

/// The variable parts of the path.
pub(super) struct PathFields<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for PathFields<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(fields)) => Ok(Self(fields)),
            Err(rejection) => Err(Problem::unreadable(rejection.body_text())),
        }
    }
}

/// Reads an optional RFC 3339 time of a query string, and says what is wrong with one that does not read.
pub(super) fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let error = || {
        let shown: String = text.chars().take(60).collect();
        format!("{shown:?} is no RFC 3339 time; wanted is e.g. 2026-01-31T08:00:00Z, where a + is written %2B")
    };
    DateTime::parse_from_rfc3339(&text)
        .map(|time| Some(time.with_timezone(&Utc)))
        .map_err(|_| serde::de::Error::custom(error()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Fields {
        #[serde(default)]
        count: Option<u8>,
        #[serde(default, deserialize_with = "time")]
        from: Option<DateTime<Utc>>,
    }

    async fn query(text: &str) -> Result<Fields, String> {
        let request = axum::http::Request::builder().uri(format!("/list?{text}")).body(()).unwrap();
        let fields = QueryFields::<Fields>::from_request_parts(&mut request.into_parts().0, &()).await;
        fields.map(|fields| fields.0).map_err(|problem| format!("{problem:?}"))
    }

    #[tokio::test]
    async fn a_parameter_that_does_not_read_is_named() {
        let fields = query("count=7&from=2026-01-31T08:00:00%2B01:00").await.unwrap();
        assert_eq!(fields.count, Some(7));
        assert_eq!(fields.from.unwrap().to_rfc3339(), "2026-01-31T07:00:00+00:00");
        assert!(query("count=many").await.unwrap_err().contains("field: Some(\"count\")"));
        let error = query("from=yesterday").await.unwrap_err();
        assert!(error.contains("field: Some(\"from\")") && error.contains("yesterday"), "{error}");
        assert!(query("cuont=7").await.unwrap_err().contains("unknown field `cuont`"));
    }

    #[test]
    fn a_body_that_does_not_read_names_the_place() {
        let error = |json: &str| format!("{:?}", read_json::<Vec<Fields>>(json.as_bytes()).unwrap_err());
        assert!(error(r#"[{"count": 1}, {"count": 300}]"#).contains("field: Some(\"[1].count\")"));
        assert!(error("[{").contains("Unreadable"));
        assert!(error("[] []").contains("Unreadable"));
    }

    #[test]
    fn json_is_known_by_its_media_type() {
        let is = |value: &str| is_json(&[(header::CONTENT_TYPE, value.parse().unwrap())].into_iter().collect());
        assert!(is("application/json; charset=utf-8") && is("application/geo+json"));
        assert!(!is("text/plain") && !is("application/x-www-form-urlencoded"));
    }
}
