//! Logs and metrics.

mod metrics;

pub use self::metrics::Metrics;
use crate::config::{LogConfig, LogFormat};

/// Why logging cannot start.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The filter does not read.
    #[error("log.filter {filter:?}: {error}")]
    Filter {
        /// What it says.
        filter: String,
        /// Why not.
        error: tracing_subscriber::filter::ParseError,
    },
}

/// Starts logging to standard error. `RUST_LOG`, if set, overrides the configured filter.
///
/// # Errors
/// When the filter does not read.
pub fn start_logging(config: &LogConfig) -> Result<(), LogError> {
    use tracing_subscriber::{EnvFilter, fmt};
    let filter = std::env::var("RUST_LOG").unwrap_or_else(|_| config.filter.clone());
    let filter = EnvFilter::try_new(&filter).map_err(|error| LogError::Filter { filter, error })?;
    let builder = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.format {
        LogFormat::Text => builder.init(),
        LogFormat::Json => builder.json().init(),
    }
    Ok(())
}
