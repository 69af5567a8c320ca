//! Registration against a stand-in for the API that remembers what it is told.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails, which is what these do"
)]

use std::sync::{Arc, Mutex};

use placard_simulator::{
    api::{Api, ApiError},
    demo::{
        fleet::{self, Tanker},
        region::Region,
        register::register,
    },
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// A request as the stand-in saw it.
#[derive(Clone, Debug)]
struct Seen {
    line: String,
    authorized: bool,
    body: Value,
}

/// Answers like the API, zones two to a page, and remembers every request.
#[derive(Clone, Default)]
struct StandIn {
    seen: Arc<Mutex<Vec<Seen>>>,
    zones: Arc<Mutex<Vec<Value>>>,
}

impl StandIn {
    async fn start(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        let stand_in = self.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(stand_in.clone().serve(stream));
            }
        });
        address
    }

    async fn serve(self, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        loop {
            let (mut line, mut length, mut authorized) = (String::new(), 0, false);
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            loop {
                let mut header = String::new();
                stream.read_line(&mut header).await.unwrap();
                let header = header.trim().to_ascii_lowercase();
                if header.is_empty() {
                    break;
                }
                if let Some(bytes) = header.strip_prefix("content-length: ") {
                    length = bytes.parse().unwrap();
                }
                authorized |= header == "authorization: bearer secret";
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).await.unwrap();
            let body = serde_json::from_slice(&body).unwrap_or_default();
            let seen = Seen { line: line.trim().trim_end_matches(" HTTP/1.1").into(), authorized, body };
            let (status, answer) = self.answer(&seen);
            self.seen.lock().unwrap().push(seen);
            let answer = answer.to_string();
            let head = format!("HTTP/1.1 {status} -\r\ncontent-length: {}\r\n\r\n", answer.len());
            stream.write_all((head + &answer).as_bytes()).await.unwrap();
        }
    }

    fn answer(&self, request: &Seen) -> (u16, Value) {
        let mut zones = self.zones.lock().unwrap();
        match request.line.split_once(' ').unwrap() {
            ("POST", "/api/v1/organisations") => (409, json!({ "title": "exists" })),
            ("GET", path) if path.starts_with("/api/v1/zones") => {
                let start: usize = path.split_once("cursor=").map_or(0, |(_, cursor)| cursor.parse().unwrap());
                let page: Vec<Value> = zones.iter().skip(start).take(2).cloned().collect();
                let next = (start + 2 < zones.len()).then(|| (start + 2).to_string());
                (200, json!({ "items": page, "next_cursor": next }))
            }
            ("POST", "/api/v1/zones") => {
                zones.push(request.body.clone());
                (201, json!({ "id": 1, "version": 1 }))
            }
            ("GET", "/api/v1/positions/latest?operator=rhine-chem&vehicle=RC-01") => {
                (200, json!({ "items": [{ "operator": "rhine-chem", "vehicle": "RC-01", "seq": 41 }] }))
            }
            ("GET", _) => (200, json!({ "items": [], "next_cursor": null })),
            ("POST", "/api/v1/shipments") if request.body["vehicle"] == "DT-02" => {
                (422, json!({ "title": "Unknown goods", "detail": "UN 9999 is not in the catalogue" }))
            }
            _ => (201, json!({})),
        }
    }

    fn count(&self, line: &str) -> usize {
        self.seen.lock().unwrap().iter().filter(|seen| seen.line.starts_with(line)).count()
    }
}

#[tokio::test]
async fn a_second_registration_publishes_no_zone_twice_and_goes_on_numbering() {
    let stand_in = StandIn::default();
    let api = Api::new(&stand_in.start().await, "secret").unwrap();
    let region = Region::corridor().unwrap();
    let fleet = fleet::legal();
    let tankers: Vec<&Tanker> = fleet.iter().take(4).collect();
    let since = "2026-11-24T08:00:00Z".parse().unwrap();
    for _ in 0..2 {
        let next = register(&api, &region, &tankers, since).await.unwrap();
        assert_eq!(next, [42, 1, 1, 1]);
    }
    assert_eq!(stand_in.zones.lock().unwrap().len(), region.zones.len());
    assert_eq!(stand_in.count("POST /api/v1/organisations"), 10);
    assert_eq!(stand_in.count("PUT /api/v1/vehicles/rhine-chem/RC-01"), 2);
    assert_eq!(stand_in.count("POST /api/v1/shipments"), 8);
    let seen = stand_in.seen.lock().unwrap();
    assert!(seen.iter().all(|seen| seen.authorized));
    let shipment = seen.iter().find(|seen| seen.line == "POST /api/v1/shipments").unwrap();
    assert_eq!(shipment.body["starts_at"], "2026-11-24T07:00:00.000Z");
}

#[tokio::test]
async fn a_refusal_is_told_in_the_server_s_own_words() {
    let stand_in = StandIn::default();
    let api = Api::new(&stand_in.start().await, "secret").unwrap();
    let fleet = fleet::legal();
    let tankers: Vec<&Tanker> = fleet.iter().filter(|tanker| tanker.vehicle == "DT-02").collect();
    let since = "2026-11-24T08:00:00Z".parse().unwrap();
    let error = register(&api, &Region::corridor().unwrap(), &tankers, since).await.unwrap_err();
    assert!(matches!(error, ApiError::Refused { .. }));
    let message = error.to_string();
    assert!(message.contains("/api/v1/shipments") && message.contains("UN 9999"), "{message}");
}
