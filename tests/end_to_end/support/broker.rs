//! A broker of the story's own, from the shipped configuration, which it may stop and kill.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::{free_port, instance_folder, script};

/// Which broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokerKind {
    /// Mosquitto, MQTT 5.
    Mosquitto,
    /// NATS, MQTT 3.1.1 over JetStream.
    Nats,
}

/// A private broker. It ends with the story.
pub struct Broker {
    pub kind: BrokerKind,
    pub port: u16,
    folder: PathBuf,
    accounts: String,
}

impl Broker {
    /// Starts one that knows the server's account and those of `users`; every password is `secret`.
    pub fn start(kind: BrokerKind, users: &[String]) -> Result<Self> {
        let mut accounts = String::from("placard:secret\n");
        for user in users {
            accounts.push_str(&format!("{user}:secret\n"));
        }
        let name = if kind == BrokerKind::Nats { "nats" } else { "mosquitto" };
        let broker = Self { kind, port: free_port()?, folder: instance_folder(name)?, accounts };
        broker.restart()?;
        if kind == BrokerKind::Mosquitto {
            broker.add_accounts(&broker.accounts)?;
        }
        Ok(broker)
    }

    /// Adds accounts, lines of `user:password`.
    pub fn add_accounts(&self, lines: &str) -> Result<()> {
        script("broker-accounts.sh", &[self.folder()?], lines)
    }

    /// Where `user` finds it.
    pub fn url(&self, user: &str) -> String {
        format!("mqtt://{}:secret@127.0.0.1:{}", user.replace('/', "%2F"), self.port)
    }

    /// Starts it (again).
    pub fn restart(&self) -> Result<()> {
        let folder = self.folder()?;
        let port = self.port.to_string();
        match self.kind {
            BrokerKind::Mosquitto => script("mosquitto.sh", &["start", folder, &port], ""),
            BrokerKind::Nats => {
                let accounts = tempfile::NamedTempFile::new()?;
                std::fs::write(accounts.path(), &self.accounts)?;
                script("nats.sh", &["start", folder, &port, accounts.path().to_str().context("a path")?], "")
            }
        }
    }

    /// Stops it in order.
    pub fn stop(&self) -> Result<()> {
        let name = if self.kind == BrokerKind::Nats { "nats.sh" } else { "mosquitto.sh" };
        script(name, &["stop", self.folder()?], "")
    }

    /// Ends it with SIGKILL, as a crash would.
    pub async fn kill(&self) -> Result<()> {
        let name = if self.kind == BrokerKind::Nats { "nats.pid" } else { "mosquitto.pid" };
        let pid = std::fs::read_to_string(self.folder.join(name))?;
        let status = std::process::Command::new("kill").args(["-KILL", pid.trim()]).status()?;
        anyhow::ensure!(status.success(), "the broker was not there to be killed");
        // The kernel frees the port once the process is gone.
        while std::path::Path::new(&format!("/proc/{}", pid.trim())).exists() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        Ok(())
    }

    fn folder(&self) -> Result<&str> {
        self.folder.to_str().context("a folder's name")
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        if std::env::var_os("PLACARD_KEEP_BROKERS").is_some() {
            return;
        }
        let _ = self.stop();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
