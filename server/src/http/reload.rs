//! For `cargo xtask dev`, in debug builds only: lets an open page notice that the server was built anew.

use std::{
    sync::LazyLock,
    time::{SystemTime, UNIX_EPOCH},
};

/// Whether pages shall look for a newer build.
pub fn is_wanted() -> bool {
    #[expect(clippy::disallowed_methods, reason = "a tool of developers, not a setting")]
    std::env::var_os("CONFAB_DEV_RELOAD").is_some()
}

/// `GET /dev/started`: when this process was started, as a number that another one does not have.
pub async fn started() -> String {
    #[expect(clippy::disallowed_methods, reason = "tells processes apart, not times")]
    static STARTED: LazyLock<u128> =
        LazyLock::new(|| SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos());
    STARTED.to_string()
}
