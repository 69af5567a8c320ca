//! A whole installation: database, broker, server, organisations and their tokens.

use std::{process::Command, time::Duration};

use anyhow::{Context, Result, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{Broker, BrokerKind, Database, Server};

/// Everything that a story plays on. The operator is `rhine-chem`; there is a second one, `other-haul`, a regulator
/// `authority`, a responder `brigade`, and an administrator `admin`.
pub struct Installation {
    pub server: Option<Server>,
    pub broker: Broker,
    pub pool: PgPool,
    pub operator: String,
    pub other_operator: String,
    pub regulator: String,
    pub responder: String,
    pub admin: String,
    environment: Vec<(String, String)>,
    client: reqwest::Client,
    _database: Database,
}

impl Installation {
    /// Sets one up with Mosquitto on the shared PostgreSQL server.
    pub async fn start() -> Result<Self> {
        Self::with(BrokerKind::Mosquitto, Database::create().await?, &[]).await
    }

    /// Sets one up with this broker and database, and with these settings for the server.
    pub async fn with(kind: BrokerKind, database: Database, settings: &[(&str, &str)]) -> Result<Self> {
        let users = ["gateway-rhine-chem", "gateway-other-haul", "rhine-chem/T-01", "rhine-chem/T-02"];
        let broker = Broker::start(kind, &users.map(str::to_owned))?;
        let mut environment = vec![
            ("DATABASE_URL".to_owned(), database.url.clone()),
            ("PLACARD_MQTT_URL".to_owned(), broker.url("placard")),
        ];
        if kind == BrokerKind::Nats {
            environment.push(("PLACARD_MQTT__VERSION".into(), "\"3.1.1\"".into()));
        }
        environment.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));

        let command = |arguments: &[&str]| -> Result<String> {
            let output = Command::new(env!("CARGO_BIN_EXE_placard"))
                .args(arguments)
                .envs(environment.iter().cloned())
                .output()?;
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            ensure!(output.status.success(), "placard {arguments:?}: {said}");
            Ok(String::from_utf8(output.stdout)?.trim().to_owned())
        };
        command(&["migrate"])?;
        let mut tokens = Vec::new();
        for (code, role) in [
            ("rhine-chem", "operator"),
            ("other-haul", "operator"),
            ("authority", "regulator"),
            ("brigade", "responder"),
            ("admin", "admin"),
        ] {
            command(&["organisation", "create", code, code, "--kind", role])?;
            tokens.push(command(&["token", "create", "--organisation", code, "--role", role])?);
        }
        let mut tokens = tokens.into_iter();
        let mut token = || tokens.next().context("a token for each");
        let server = Server::start(&environment).await?;
        Ok(Self {
            operator: token()?,
            other_operator: token()?,
            regulator: token()?,
            responder: token()?,
            admin: token()?,
            server: Some(server),
            pool: database.pool().await?,
            broker,
            environment,
            client: reqwest::Client::new(),
            _database: database,
        })
    }

    /// The running server.
    pub fn server(&self) -> Result<&Server> {
        self.server.as_ref().context("the server is down")
    }

    /// Kills the server with SIGKILL and starts it again.
    pub async fn kill_and_restart(&mut self) -> Result<()> {
        self.server.take().context("the server is down")?.kill()?;
        self.start_server().await
    }

    /// Starts one more server with the same settings, without waiting for it.
    pub fn launch_another(&self) -> Result<Server> {
        Server::launch(&self.environment)
    }

    /// Starts the server again after it was taken down.
    pub async fn start_server(&mut self) -> Result<()> {
        self.server = Some(Server::start(&self.environment).await?);
        Ok(())
    }

    /// Asks the API and returns status and body.
    pub async fn ask(&self, token: &str, method: Method, path: &str, body: Option<&Value>) -> Result<(u16, Value)> {
        let mut request = self.client.request(method, self.server()?.url(path)).bearer_auth(token);
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await?;
        let status = response.status().as_u16();
        let text = response.text().await?;
        Ok((status, serde_json::from_str(&text).unwrap_or(Value::String(text))))
    }

    /// Asks for a resource that must be given.
    pub async fn get(&self, token: &str, path: &str) -> Result<Value> {
        let (status, body) = self.ask(token, Method::GET, path, None).await?;
        ensure!(status == 200, "GET {path}: {status} {body}");
        Ok(body)
    }

    /// Sends something that must be taken.
    pub async fn send(&self, token: &str, method: Method, path: &str, body: &Value) -> Result<Value> {
        let (status, answer) = self.ask(token, method.clone(), path, Some(body)).await?;
        ensure!((200..300).contains(&status), "{method} {path}: {status} {answer}");
        Ok(answer)
    }

    /// Registers a vehicle of the operator.
    pub async fn vehicle(&self, code: &str) -> Result<()> {
        let path = format!("/api/v1/vehicles/rhine-chem/{code}");
        let filing = json!({ "registration": format!("NL {code}"), "dangerous_goods": true, "speed_limit_kmh": 80.0 });
        self.send(&self.operator, Method::PUT, &path, &filing).await.map(|_| ())
    }

    /// Files a shipment of one line in a tank that has been under way for a day.
    pub async fn shipment(&self, vehicle: &str, un_number: &str) -> Result<()> {
        let filing = json!({
            "operator": "rhine-chem", "vehicle": vehicle, "waybill": format!("W-{vehicle}"),
            "goods": [{ "un_number": un_number, "mode": "tank", "quantity_kg": 18000.0 }],
            "contacts": [{ "role": "emergency", "name": "Duty desk", "phone": "+31 00 000 0000" }],
            "starts_at": chrono::Utc::now() - chrono::TimeDelta::days(1),
        });
        self.send(&self.operator, Method::POST, "/api/v1/shipments", &filing).await.map(|_| ())
    }

    /// Publishes a prohibited zone: a rectangle of west, south, east and north in degrees.
    pub async fn prohibited_zone(&self, name: &str, [west, south, east, north]: [f64; 4]) -> Result<()> {
        let ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
        let zone = json!({
            "name": name, "kind": "prohibited", "cargo": {}, "valid_from": "2020-01-01T00:00:00Z",
            "area": { "type": "Polygon", "coordinates": [ring] },
        });
        self.send(&self.regulator, Method::POST, "/api/v1/zones", &zone).await.map(|_| ())
    }

    /// Publishes the built-in rules of the installation again, with these parameters of one rule.
    pub async fn rule(&self, key: &str, parameters: Value) -> Result<()> {
        let packs = placard::rules::pack::builtin()?;
        let adr = packs.iter().find(|pack| pack.jurisdiction == "adr").context("the pack adr")?;
        let mut document = serde_json::to_value(adr)?;
        let rules = document["rule"].as_array_mut().context("rules")?;
        let rule = rules.iter_mut().find(|rule| rule["key"] == key).with_context(|| format!("the rule {key}"))?;
        rule["parameters"] = parameters;
        self.send(&self.regulator, Method::POST, "/api/v1/rule-packs", &document).await.map(|_| ())
    }

    /// Runs a command of the program on this installation, and returns what it prints.
    pub fn command(&self, arguments: &[&str]) -> Result<String> {
        let output = Command::new(env!("CARGO_BIN_EXE_placard"))
            .args(arguments)
            .envs(self.environment.iter().cloned())
            .output()?;
        ensure!(output.status.success(), "placard {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Counts rows.
    pub async fn count(&self, table_and_condition: &str) -> Result<i64> {
        let query = format!("SELECT count(*) FROM {table_and_condition}");
        Ok(sqlx::query_scalar(&query).fetch_one(&self.pool).await?)
    }

    /// Waits until that many rows are there.
    pub async fn wait_for_count(&self, table_and_condition: &str, count: i64, limit: Duration) -> Result<()> {
        let what = format!("{count} rows in {table_and_condition}");
        let waited = super::wait_for(&what, limit, || async {
            Ok((self.count(table_and_condition).await? >= count).then_some(()))
        });
        let result = waited.await;
        if result.is_err() {
            let there = self.count(table_and_condition).await;
            let log = self.server.as_ref().map(Server::log_text).unwrap_or_default();
            return result.with_context(|| format!("there were {there:?}; the server's log:\n{log}"));
        }
        result
    }
}
