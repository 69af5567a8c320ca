//! What an installation has recorded, to compare two of them.

use std::collections::BTreeMap;

use anyhow::Result;
use sqlx::{PgPool, Row};

/// Everything recorded, but for when it arrived: a set of lines for each table.
#[derive(Debug, PartialEq, Eq)]
pub struct Record(BTreeMap<&'static str, Vec<String>>);

/// What is compared. Nothing here tells when a message arrived or when it was delivered.
const TABLES: [(&str, &str); 8] = [
    ("positions", "SELECT to_jsonb(p) - 'received_at' FROM position p ORDER BY vehicle_id, fix_time, seq"),
    ("events", "SELECT to_jsonb(e) - 'received_at' FROM device_event e ORDER BY vehicle_id, event_time, kind"),
    ("violations", "SELECT to_jsonb(v) - 'recorded_at' FROM violation v ORDER BY id"),
    ("incidents", "SELECT to_jsonb(i) - 'recorded_at' FROM incident i ORDER BY id"),
    ("triggers", "SELECT to_jsonb(t) FROM incident_trigger t ORDER BY violation_id"),
    ("dead letters", "SELECT to_jsonb(d) - 'id' - 'received_at' FROM dead_letter d ORDER BY digest"),
    ("notifications", "SELECT jsonb_build_array(dedup_key, channel, topic, retain) FROM outbox ORDER BY dedup_key"),
    ("states", "SELECT to_jsonb(s) - 'stored_at' FROM vehicle_state s ORDER BY vehicle_id"),
];

impl Record {
    /// Reads everything.
    pub async fn of(pool: &PgPool) -> Result<Self> {
        let mut record = BTreeMap::new();
        for (name, query) in TABLES {
            let rows = sqlx::query(query).fetch_all(pool).await?;
            let lines = rows.iter().map(|row| row.try_get::<serde_json::Value, _>(0).map(|value| value.to_string()));
            record.insert(name, lines.collect::<Result<Vec<_>, _>>()?);
        }
        Ok(Self(record))
    }

    /// How many lines a table has.
    pub fn count(&self, table: &str) -> usize {
        self.0.get(table).map_or(0, Vec::len)
    }

    /// The differences to another record in words; empty when there are none.
    pub fn differences(&self, other: &Self) -> String {
        let mut text = String::new();
        for (table, lines) in &self.0 {
            let theirs = other.0.get(table).cloned().unwrap_or_default();
            let missing: Vec<_> = lines.iter().filter(|line| !theirs.contains(line)).collect();
            let added: Vec<_> = theirs.iter().filter(|line| !lines.contains(line)).collect();
            if !missing.is_empty() || !added.is_empty() {
                text += &format!("{table}: {} missing, {} added\n", missing.len(), added.len());
                for (sign, lines) in [("-", missing), ("+", added)] {
                    for line in lines.iter().take(3) {
                        text += &format!("  {sign} {line}\n");
                    }
                }
            }
        }
        text
    }
}
