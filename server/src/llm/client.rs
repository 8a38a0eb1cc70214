//! The HTTP client that all remote providers share.

use crate::guard::Reach;
use reqwest::{Certificate, Client, ClientBuilder, redirect::Policy};
use std::{error::Error as _, path::Path, sync::Arc, time::Duration};

/// How long a provider may take to accept a connection.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A client for model providers.
///
/// It follows no redirect: an answer from elsewhere is not the provider's, and the key belongs to the address
/// it was given for. It unpacks nothing, so that no small answer becomes a large one. Certificates are checked
/// against those of the operating system, and of an own authority if there is one. There is no limit on the whole
/// time, since answers may be long; whoever reads one has to look after silence. A proxy on the way is taken from
/// the usual variables (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`).
///
/// # Errors
/// When the certificates can't be read: what to do, in a sentence.
pub fn client(ca_file: Option<&Path>) -> Result<Client, String> {
    build(builder(ca_file)?)
}

/// The same, but for addresses that administrators name: it connects only where they may have somebody asked. A proxy on
/// the way would look names up itself, so there is none.
///
/// # Errors
/// As of [`client`].
pub fn client_within(reach: Reach, ca_file: Option<&Path>) -> Result<Client, String> {
    build(builder(ca_file)?.no_proxy().dns_resolver(Arc::new(reach)))
}

fn builder(ca_file: Option<&Path>) -> Result<ClientBuilder, String> {
    let mut builder = Client::builder()
        .user_agent(concat!("Confab/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd();
    if let Some(path) = ca_file {
        let unusable = || "The file of CONFAB_MODEL_CA_FILE has to hold certificates in PEM.".to_owned();
        let pem = std::fs::read(path).map_err(|_| unusable())?;
        let certificates = Certificate::from_pem_bundle(&pem).map_err(|_| unusable())?;
        if certificates.is_empty() {
            return Err(unusable());
        }
        builder = certificates.into_iter().fold(builder, ClientBuilder::add_root_certificate);
    }
    Ok(builder)
}

fn build(builder: ClientBuilder) -> Result<Client, String> {
    builder.build().map_err(|error| {
        tracing::error!(cause = error.source().map(tracing::field::display), "no client for model providers: {error}");
        "The certificates of this system can't be read. Install ca-certificates.".to_owned()
    })
}
