//! The log.

use crate::config::LogFormat;
use std::io::{IsTerminal, stderr};
use tracing_subscriber::{EnvFilter, fmt};

/// Starts the log on standard error: for people on a terminal, as JSON elsewhere, unless a format is set.
/// `filter` is what `RUST_LOG` holds.
pub fn init(format: Option<LogFormat>, filter: Option<&str>) {
    let filter = EnvFilter::try_new(filter.unwrap_or("info")).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = fmt().with_env_filter(filter).with_writer(stderr);
    let text = format.map_or_else(|| stderr().is_terminal(), |format| format == LogFormat::Text);
    // Only a second call in the same process fails, and then the log has started.
    let _ = if text { log.with_target(false).try_init() } else { log.json().try_init() };
}
