//! The server under test: the real binary in a process of its own.

use std::{
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail};

use super::{free_port, wait_for};

/// A running server.
pub struct Server {
    child: Child,
    port: u16,
    log: tempfile::NamedTempFile,
}

impl Server {
    /// Starts the binary with this environment, and waits until it is ready.
    pub async fn start(environment: &[(String, String)]) -> Result<Self> {
        let server = Self::launch(environment)?;
        server.ready(Duration::from_secs(30)).await?;
        Ok(server)
    }

    /// Starts the binary without waiting.
    pub fn launch(environment: &[(String, String)]) -> Result<Self> {
        let port = free_port()?;
        let log = tempfile::NamedTempFile::new()?;
        let child = Command::new(env!("CARGO_BIN_EXE_placard"))
            .arg("serve")
            .env("PLACARD_API__LISTEN", format!("127.0.0.1:{port}"))
            .env("NO_COLOR", "1")
            .env("RUST_LOG", "warn")
            .envs(environment.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log.reopen()?)
            .spawn()?;
        Ok(Self { child, port, log })
    }

    /// Waits until it is ready.
    pub async fn ready(&self, limit: Duration) -> Result<()> {
        let client = reqwest::Client::new();
        let ready = wait_for("the server to be ready", limit, || async {
            let response = client.get(self.url("/readyz")).timeout(Duration::from_secs(2)).send().await?;
            Ok(response.status().is_success().then_some(()))
        });
        ready.await.with_context(|| format!("its log:\n{}", self.log_text()))
    }

    /// The address of a page or resource.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// What it has logged.
    pub fn log_text(&self) -> String {
        std::fs::read_to_string(self.log.path()).unwrap_or_default()
    }

    /// Ends it with SIGKILL, at whatever it is doing.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to stop, and waits until it has.
    pub async fn stop(mut self, limit: Duration) -> Result<()> {
        let status = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        anyhow::ensure!(status.success(), "the server was not there to be stopped");
        let started = std::time::Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                anyhow::ensure!(status.success(), "it ended with {status}:\n{}", self.log_text());
                return Ok(());
            }
            if started.elapsed() > limit {
                bail!("it did not stop within {limit:?}:\n{}", self.log_text());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("the server's log:\n{}", self.log_text());
        }
    }
}
