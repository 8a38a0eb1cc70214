//! Asking a provider: guarded, since a provider's answers are a stranger's.

use crate::guard::body;
use reqwest::{Certificate, Client, RequestBuilder, header, redirect::Policy};
use serde_json::Value;
use std::{
    fs, io,
    path::Path,
    time::{Duration, UNIX_EPOCH},
};
use url::Url;

/// How long a provider may take to answer, in all.
const PATIENCE: Duration = Duration::from_secs(5);
/// The largest answer, in bytes.
const MAX_BYTES: usize = 1 << 20;
/// How much of an answer that is no JSON is kept for the log, in bytes.
const EXCERPT: usize = 200;

/// Why a provider's answer can't be used. No part of it is a secret of ours.
#[derive(Debug, Clone, thiserror::Error)]
pub enum FetchError {
    /// No answer: refused, unknown host, a certificate, time out.
    #[error("{0}")]
    Unreachable(String),
    /// It sends elsewhere. Nobody follows: the answer would be somebody else's.
    #[error("it sends elsewhere (status {0}), which is not followed")]
    Redirect(u16),
    /// More than a sensible answer has.
    #[error("the answer is larger than {MAX_BYTES} bytes")]
    TooLarge,
    /// Not JSON.
    #[error("the answer (status {status}) is not JSON: {excerpt:?}")]
    NotJson {
        /// The status of the response.
        status: u16,
        /// How the answer begins.
        excerpt: String,
    },
    /// Another status than 200.
    #[error("it answered with status {0}")]
    Status(u16),
}

impl FetchError {
    /// The same without words of the answer: what comes for secrets may hold some.
    fn without_excerpt(self) -> Self {
        match self {
            Self::NotJson { status, .. } => Self::NotJson { status, excerpt: String::new() },
            other => other,
        }
    }
}

/// A JSON answer.
pub struct Answer {
    /// The status of the response.
    pub status: u16,
    /// The body.
    pub body: Value,
    /// When it was made by the provider's clock, in Unix seconds (RFC 9110, section 6.6.1).
    pub date: Option<i64>,
}

/// Asks one provider.
pub struct Fetcher {
    client: Client,
    /// Where the server reaches the provider, when browsers reach it under another name.
    internal: Option<Url>,
    issuer: Option<Url>,
}

impl Fetcher {
    /// With the certificates of the system, and those in `ca_file`.
    ///
    /// # Errors
    /// The file can't be read or holds no certificate.
    pub fn new(ca_file: Option<&Path>, internal: Option<Url>, issuer: &str) -> io::Result<Self> {
        let mut builder = Client::builder()
            .user_agent(concat!("Confab/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .timeout(PATIENCE)
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_zstd();
        if let Some(file) = ca_file {
            let certificates = Certificate::from_pem_bundle(&fs::read(file)?).map_err(io::Error::other)?;
            builder = certificates.into_iter().fold(builder, reqwest::ClientBuilder::add_root_certificate);
        }
        Ok(Self { client: builder.build().map_err(io::Error::other)?, internal, issuer: Url::parse(issuer).ok() })
    }

    /// Gets JSON; any status but 200 is an error.
    pub async fn get(&self, url: &Url) -> Result<Value, FetchError> {
        let answer = self.send(self.request(reqwest::Method::GET, url)).await?;
        if answer.status == 200 { Ok(answer.body) } else { Err(FetchError::Status(answer.status)) }
    }

    /// Gets JSON with a bearer token (RFC 6750); any status but 200 is an error.
    pub async fn get_with(&self, url: &Url, token: &str) -> Result<Value, FetchError> {
        let answer = self.send(self.request(reqwest::Method::GET, url).bearer_auth(token)).await?;
        if answer.status == 200 { Ok(answer.body) } else { Err(FetchError::Status(answer.status)) }
    }

    /// Posts a form and gives the answer with its status.
    pub async fn post(&self, url: &Url, form: &[(&str, &str)]) -> Result<Answer, FetchError> {
        let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.request(reqwest::Method::POST, url);
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        self.send(request).await.map_err(FetchError::without_excerpt)
    }

    /// Whether an address is on the provider's own host.
    pub fn is_own(&self, url: &Url) -> bool {
        self.issuer.as_ref().is_some_and(|issuer| issuer.origin() == url.origin())
    }

    /// Gets a file of at most `limit` bytes, or tells why not.
    pub async fn get_bytes(&self, url: &Url, limit: usize) -> Result<Vec<u8>, String> {
        let response = self.request(reqwest::Method::GET, url).send().await.map_err(|error| reason(&error))?;
        body(response, limit).await
    }

    fn request(&self, method: reqwest::Method, url: &Url) -> RequestBuilder {
        let request = match self.inside(url) {
            // A provider such as Authentik names itself after the host that it is asked by.
            Some((inside, host)) => {
                self.client.request(method, inside).header(header::HOST, host).header("x-forwarded-proto", url.scheme())
            }
            None => self.client.request(method, url.clone()),
        };
        request.header(header::ACCEPT, "application/json")
    }

    /// The address inside for one of the provider's own, and the host that is asked for.
    fn inside(&self, url: &Url) -> Option<(Url, String)> {
        let internal = self.internal.as_ref().filter(|_| self.is_own(url))?;
        let mut inside = internal.clone();
        inside.set_path(url.path());
        inside.set_query(url.query());
        let host = url.host_str()?;
        Some((inside, url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))))
    }

    async fn send(&self, request: RequestBuilder) -> Result<Answer, FetchError> {
        let mut response = request.send().await.map_err(|error| FetchError::Unreachable(reason(&error)))?;
        let status = response.status().as_u16();
        let date = date(response.headers());
        if (300..400).contains(&status) {
            return Err(FetchError::Redirect(status));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| FetchError::Unreachable(reason(&error)))? {
            if bytes.len() + chunk.len() > MAX_BYTES {
                return Err(FetchError::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        match serde_json::from_slice(&bytes) {
            Ok(body) => Ok(Answer { status, body, date }),
            Err(_) if status != 200 => Err(FetchError::Status(status)),
            Err(_) => {
                let excerpt = String::from_utf8_lossy(&bytes[..bytes.len().min(EXCERPT)]).into_owned();
                Err(FetchError::NotJson { status, excerpt })
            }
        }
    }
}

fn date(headers: &header::HeaderMap) -> Option<i64> {
    let date = httpdate::parse_http_date(headers.get(header::DATE)?.to_str().ok()?).ok()?;
    i64::try_from(date.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
}

/// The innermost cause: the outer ones only say that something went wrong, and name the address.
fn reason(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("it did not answer within {} seconds", PATIENCE.as_secs());
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
