//! The server's HTTP API, as far as the simulator needs it: to register what will send.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use url::Url;

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The base address is not usable.
    #[error("{url:?} is no address of the API: {reason}; wanted is e.g. http://127.0.0.1:8080")]
    Address {
        /// The address as given.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// No answer.
    #[error("{request} got no answer: {cause}")]
    Unreachable {
        /// Method and address.
        request: String,
        /// What went wrong.
        cause: reqwest::Error,
    },
    /// The server refused.
    #[error("{request} was refused with {status}: {detail}")]
    Refused {
        /// Method and address.
        request: String,
        /// HTTP status.
        status: StatusCode,
        /// What the problem document says (RFC 9457), or the body's beginning.
        detail: String,
    },
}

/// Most pages of a list that are asked for; a cursor that never ends must not be followed for ever.
const MOST_PAGES: usize = 10_000;

/// A client with one token.
#[derive(Clone, Debug)]
pub struct Api {
    base: Url,
    token: String,
    http: reqwest::Client,
}

impl Api {
    /// A client for the server at `base`, e.g. `http://127.0.0.1:8080`.
    ///
    /// # Errors
    /// When the address is not an HTTP address.
    pub fn new(base: &str, token: &str) -> Result<Self, ApiError> {
        let error = |reason: String| ApiError::Address { url: base.into(), reason };
        let parsed = Url::parse(base).map_err(|cause| error(cause.to_string()))?;
        if !matches!(parsed.scheme(), "http" | "https") {
            return Err(error(format!("the scheme {:?} is not http or https", parsed.scheme())));
        }
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .build()
            .map_err(|cause| error(cause.to_string()))?;
        Ok(Self { base: parsed, token: token.into(), http })
    }

    /// Registers an organisation; `kind` is operator, regulator, responder or admin. One that exists is left as it is.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub async fn ensure_organisation(&self, code: &str, name: &str, kind: &str) -> Result<(), ApiError> {
        let body = json!({ "code": code, "name": name, "kind": kind });
        match self.send(Method::POST, &["api", "v1", "organisations"], &[], Some(&body)).await {
            Err(ApiError::Refused { status: StatusCode::CONFLICT, .. }) => Ok(()),
            other => other.map(drop),
        }
    }

    /// Registers a vehicle, or changes it.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub async fn put_vehicle(&self, operator: &str, vehicle: &str, facts: &Value) -> Result<(), ApiError> {
        let path = ["api", "v1", "vehicles", operator, vehicle];
        self.send(Method::PUT, &path, &[], Some(facts)).await.map(drop)
    }

    /// Files a shipment; the same waybill again replaces it.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub async fn file_shipment(&self, shipment: &Value) -> Result<(), ApiError> {
        self.send(Method::POST, &["api", "v1", "shipments"], &[], Some(shipment)).await.map(drop)
    }

    /// Publishes a zone.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub async fn publish_zone(&self, zone: &Value) -> Result<(), ApiError> {
        self.send(Method::POST, &["api", "v1", "zones"], &[], Some(zone)).await.map(drop)
    }

    /// The names of all zones.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub async fn zone_names(&self) -> Result<Vec<String>, ApiError> {
        let zones = self.all_items(&["api", "v1", "zones"], &[]).await?;
        Ok(zones.iter().filter_map(|zone| zone.get("name")?.as_str()).map(Into::into).collect())
    }

    /// Files an approved route.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub async fn file_route(&self, route: &Value) -> Result<(), ApiError> {
        self.send(Method::POST, &["api", "v1", "routes"], &[], Some(route)).await.map(drop)
    }

    /// The names of all approved routes.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub async fn route_names(&self) -> Result<Vec<String>, ApiError> {
        let routes = self.all_items(&["api", "v1", "routes"], &[]).await?;
        Ok(routes.iter().filter_map(|route| route.get("name")?.as_str()).map(Into::into).collect())
    }

    /// The highest number that the server has stored for a vehicle's last position, if it knows one.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub async fn last_seq(&self, operator: &str, vehicle: &str) -> Result<Option<i64>, ApiError> {
        let query = [("operator", operator), ("vehicle", vehicle)];
        let positions = self.all_items(&["api", "v1", "positions", "latest"], &query).await?;
        let of_vehicle = positions.iter().filter(|position| {
            let is = |field, wanted: &str| position.get(field).and_then(Value::as_str) == Some(wanted);
            is("operator", operator) && is("vehicle", vehicle)
        });
        Ok(of_vehicle.filter_map(|position| position.get("seq")?.as_i64()).max())
    }

    /// Opens the live stream of server-sent events.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub async fn stream(&self) -> Result<reqwest::Response, ApiError> {
        self.answer(Method::GET, &["api", "v1", "stream"], &[], None).await
    }

    /// Files something under `/api/v1/…` and returns what the server says of it.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub async fn file(&self, method: Method, path: &[&str], body: &Value) -> Result<Value, ApiError> {
        let path: Vec<&str> = ["api", "v1"].iter().chain(path).copied().collect();
        self.send(method, &path, &[], Some(body)).await
    }

    /// One thing under `/api/v1/…`.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub async fn get(&self, path: &[&str]) -> Result<Value, ApiError> {
        let path: Vec<&str> = ["api", "v1"].iter().chain(path).copied().collect();
        self.send(Method::GET, &path, &[], None).await
    }

    /// All items of a list under `/api/v1/…`, page by page.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub async fn list(&self, path: &[&str], query: &[(&str, &str)]) -> Result<Vec<Value>, ApiError> {
        let path: Vec<&str> = ["api", "v1"].iter().chain(path).copied().collect();
        self.all_items(&path, query).await
    }

    async fn all_items(&self, path: &[&str], query: &[(&str, &str)]) -> Result<Vec<Value>, ApiError> {
        let mut items = Vec::new();
        let mut cursor: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let mut query = query.to_vec();
            query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let mut page = self.send(Method::GET, path, &query, None).await?;
            if let Some(Value::Array(more)) = page.get_mut("items").map(Value::take) {
                items.extend(more);
            }
            cursor = page.get("next_cursor").and_then(Value::as_str).map(Into::into);
            if cursor.is_none() {
                break;
            }
        }
        Ok(items)
    }

    async fn send(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Value, ApiError> {
        let answer = self.answer(method.clone(), path, query, body).await?;
        let request = format!("{method} {}", answer.url());
        let text = answer.text().await.map_err(|cause| ApiError::Unreachable { request, cause })?;
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    async fn answer(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<reqwest::Response, ApiError> {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        let request = format!("{method} {url}");
        let mut builder = self.http.request(method, url).bearer_auth(&self.token).query(query);
        if let Some(body) = body {
            builder = builder.json(body);
        }
        let answer = match builder.send().await {
            Ok(answer) => answer,
            Err(cause) => return Err(ApiError::Unreachable { request, cause }),
        };
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        let body = answer.text().await.unwrap_or_default();
        Err(ApiError::Refused { request, status, detail: problem(&body) })
    }
}

/// What a problem document says in words, or the beginning of what came instead.
fn problem(body: &str) -> String {
    let document: Value = serde_json::from_str(body).unwrap_or_default();
    let said: Vec<&str> = ["title", "detail"].iter().filter_map(|field| document.get(field)?.as_str()).collect();
    if said.is_empty() { body.chars().take(300).collect() } else { said.join(": ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_document_is_told_in_its_own_words() {
        let body = r#"{"type":"about:blank","title":"Not a polygon","detail":"the ring crosses itself at 51.9, 4.4"}"#;
        assert_eq!(problem(body), "Not a polygon: the ring crosses itself at 51.9, 4.4");
        assert_eq!(problem("<html>bad gateway"), "<html>bad gateway");
    }

    #[test]
    fn only_an_http_address_is_taken() {
        assert!(Api::new("http://127.0.0.1:8080", "token").is_ok());
        for bad in ["mqtt://127.0.0.1", "127.0.0.1:8080", ""] {
            let message = Api::new(bad, "token").unwrap_err().to_string();
            assert!(message.contains("wanted is"), "{message}");
        }
    }
}
