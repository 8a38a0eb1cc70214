//! Addresses that somebody names and this server asks.
//!
//! Otherwise somebody could make this server ask what only it can reach, such as a cloud's metadata service
//! (OWASP ASVS 5.0, 1.3.6). [`Guarded`] is for strangers: it reaches public hosts only, by https, and follows nobody.
//! [`Reach`] is for administrators, who may open networks of their own.

mod address;
mod reach;

pub use reach::{BadAddress, Lookup, Reach};

use address::is_public;
use futures::future::BoxFuture;
use reqwest::{
    Client, Response,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};
use std::{
    error::Error,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use url::{Host, Url};

/// How long an answer may take, in all.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why an address is not asked, or has no answer that can be used.
#[derive(Debug, thiserror::Error)]
pub enum GuardError {
    /// It is not one that strangers may name.
    #[error("only https addresses of public hosts are asked")]
    NotPublic,
    /// It did not answer as it should.
    #[error("the answer can't be used: {0}")]
    Unusable(String),
}

/// The client.
#[derive(Clone)]
pub struct Guarded(Client);

impl Guarded {
    /// A client with the certificates of the system.
    ///
    /// # Errors
    /// Those can't be read.
    pub fn new() -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .user_agent(concat!("Confab/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .timeout(PATIENCE)
            // Names are looked up here, where it is seen what they stand for: a proxy would look them up itself.
            .no_proxy()
            .dns_resolver(Arc::new(PublicHosts))
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_zstd();
        client.build().map(Self)
    }

    /// The body of a successful answer of at most `limit` bytes.
    pub async fn get(&self, url: &Url, limit: usize) -> Result<Vec<u8>, GuardError> {
        if !may_be_asked(url) {
            return Err(GuardError::NotPublic);
        }
        let response = self.0.get(url.clone()).send().await.map_err(|error| GuardError::Unusable(error.to_string()))?;
        body(response, limit).await.map_err(GuardError::Unusable)
    }
}

/// The body of a successful answer, or why it can't be used.
pub async fn body(mut response: Response, limit: usize) -> Result<Vec<u8>, String> {
    if response.status() != 200 {
        return Err(format!("status {}", response.status().as_u16()));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| error.to_string())? {
        if bytes.len() + chunk.len() > limit {
            return Err(format!("larger than {limit} bytes"));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Numbers in an address are not looked up, so they are looked at here.
fn may_be_asked(url: &Url) -> bool {
    let public = match url.host() {
        Some(Host::Ipv4(address)) => is_public(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => is_public(IpAddr::V6(address)),
        Some(Host::Domain(_)) => true,
        None => false,
    };
    public && url.scheme() == "https" && url.username().is_empty() && url.password().is_none()
}

/// Looks names up and gives only what is public of it.
struct PublicHosts;

impl Resolve for PublicHosts {
    fn resolve(&self, name: Name) -> Resolving {
        let found: BoxFuture<'static, Result<Addrs, Box<dyn Error + Send + Sync>>> = Box::pin(async move {
            let all = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = all.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(GuardError::NotPublic.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        });
        found
    }
}

#[cfg(test)]
mod tests;
