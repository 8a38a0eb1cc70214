//! The HTTP client that all remote providers share.

use reqwest::{Client, redirect::Policy};
use std::time::Duration;

/// How long a provider may take to accept a connection.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A client for model providers.
///
/// It follows no redirect: an answer from elsewhere is not the provider's, and the key belongs to the address
/// it was given for. It unpacks nothing, so that no small answer becomes a large one. Certificates are checked
/// against those of the operating system. There is no limit on the whole time, since answers may be long;
/// whoever reads one has to look after silence.
///
/// # Errors
/// When the operating system's certificates can't be read.
pub fn client() -> Result<Client, reqwest::Error> {
    Client::builder()
        .user_agent(concat!("Confab/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        .build()
}
