//! What the stories share: an installation to run them on, somebody to publish, and patience with a limit.

mod broker;
mod database;
mod fleet;
mod installation;
mod publisher;
mod record;
mod server;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

pub use self::{
    broker::{Broker, BrokerKind},
    database::{Database, OwnPostgres},
    fleet::{Fleet, Message},
    installation::Installation,
    publisher::publish_all,
    record::Record,
    server::Server,
};

/// The workspace's folder.
pub const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Asks `look` again and again until it gives an answer, and fails when that takes longer than `limit`.
pub async fn wait_for<T, Look, Answer>(what: &str, limit: Duration, mut look: Look) -> Result<T>
where
    Look: FnMut() -> Answer,
    Answer: Future<Output = Result<Option<T>>>,
{
    let started = Instant::now();
    loop {
        match look().await {
            Ok(Some(answer)) => return Ok(answer),
            Ok(None) if started.elapsed() > limit => bail!("waited {limit:?} for {what}"),
            Err(error) if started.elapsed() > limit => {
                return Err(error.context(format!("waited {limit:?} for {what}")));
            }
            _ => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// A port that nobody listens on now.
pub fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// A folder for an instance of a service, where the account that runs it can reach it.
pub fn instance_folder(name: &str) -> Result<std::path::PathBuf> {
    let base = std::env::var("PLACARD_INSTANCES_DIR").unwrap_or_else(|_| format!("{ROOT}/.dev/instances"));
    let folder = std::path::PathBuf::from(base).join(format!("test-{name}-{}", uuid::Uuid::new_v4().simple()));
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Runs one of the project's scripts to its end.
pub fn script(name: &str, arguments: &[&str], input: &str) -> Result<()> {
    use std::{io::Write, process::Stdio};
    let mut child = std::process::Command::new(format!("{ROOT}/scripts/{name}"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(stdin) = child.stdin.as_mut() {
        stdin.write_all(input.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    if output.status.success() {
        return Ok(());
    }
    bail!("{name} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr))
}
