//! A database of the story's own.

use std::path::PathBuf;

use anyhow::{Context, Result};
use sqlx::{Connection, PgConnection, PgPool};
use url::Url;

use super::{free_port, instance_folder, script};

/// A fresh database on the shared server. It is dropped with the story.
pub struct Database {
    pub url: String,
    server: String,
    name: String,
}

impl Database {
    /// Makes one on the server that `DATABASE_URL` names.
    pub async fn create() -> Result<Self> {
        let server = std::env::var("DATABASE_URL")
            .context("DATABASE_URL names no PostgreSQL server: run the tests with ./dev test")?;
        Self::create_on(&server).await
    }

    /// Makes one on this server.
    pub async fn create_on(server: &str) -> Result<Self> {
        let name = format!("test_{}", uuid::Uuid::new_v4().simple());
        let mut connection = PgConnection::connect(server).await?;
        sqlx::raw_sql(&format!("CREATE DATABASE {name}")).execute(&mut connection).await?;
        let mut url = Url::parse(server)?;
        url.set_path(&name);
        Ok(Self { url: url.to_string(), server: server.to_owned(), name })
    }

    /// Connections to look into it with.
    pub async fn pool(&self) -> Result<PgPool> {
        Ok(sqlx::postgres::PgPoolOptions::new().max_connections(4).connect(&self.url).await?)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // A story ends inside a runtime, which cannot be waited in; a thread of its own can.
        let dropped = std::thread::spawn(move || -> Result<()> {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let mut connection = PgConnection::connect(&server).await?;
                let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                sqlx::raw_sql(&drop).execute(&mut connection).await?;
                Ok(())
            })
        });
        let _ = dropped.join();
    }
}

/// A PostgreSQL server of the story's own, which it may stop.
pub struct OwnPostgres {
    pub url: String,
    folder: PathBuf,
    port: u16,
}

impl OwnPostgres {
    /// Starts one.
    pub fn start() -> Result<Self> {
        let port = free_port()?;
        let url = format!("postgres://placard:secret@127.0.0.1:{port}/postgres");
        let own = Self { url, folder: instance_folder("postgres")?, port };
        own.restart()?;
        Ok(own)
    }

    /// Starts one that has no TimescaleDB loaded.
    pub fn start_plain() -> Result<Self> {
        use std::io::Write;
        let own = Self::start()?;
        own.crash()?;
        let configuration = own.folder.join("data/postgresql.conf");
        let mut configuration = std::fs::OpenOptions::new().append(true).open(configuration)?;
        writeln!(configuration, "shared_preload_libraries = ''")?;
        own.restart()?;
        Ok(own)
    }

    /// Starts it (again).
    pub fn restart(&self) -> Result<()> {
        script("postgres.sh", &["start", self.folder()?, &self.port.to_string(), "secret"], "")
    }

    /// Stops it as a crash would.
    pub fn crash(&self) -> Result<()> {
        script("postgres.sh", &["stop", self.folder()?, "immediate"], "")
    }

    fn folder(&self) -> Result<&str> {
        self.folder.to_str().context("a folder's name")
    }
}

impl Drop for OwnPostgres {
    fn drop(&mut self) {
        let _ = self.crash();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
