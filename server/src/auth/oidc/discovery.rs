//! What a provider tells of itself (OpenID Connect Discovery 1.0) and the keys it signs with (RFC 7517), kept for a while.
//!
//! Fetched by ourselves and leniently: people write the issuer with a slash, without, or paste the whole discovery
//! address, and a provider without a signing key has a key set without keys. What counts afterwards is the issuer exactly
//! as the document has it.

use super::fetch::{FetchError, Fetcher};
use chat::{Timestamp, ports::Clock};
use openidconnect::{
    JsonWebKeySet,
    core::{CoreJsonWebKey, CoreJwsSigningAlgorithm as Alg},
};
use serde_json::Value;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use tokio::sync::Mutex;
use url::Url;

/// How long metadata and keys are used before they are asked for again.
const FRESH_SECONDS: i64 = 3600;
/// Keys are asked for because of an unknown one at most this often.
const KEYS_SECONDS: i64 = 60;

const WELL_KNOWN: &str = ".well-known/openid-configuration";

/// The algorithms that are accepted, if the provider says that it signs with them.
const ALGORITHMS: [(&str, Alg); 9] = [
    ("RS256", Alg::RsaSsaPkcs1V15Sha256),
    ("RS384", Alg::RsaSsaPkcs1V15Sha384),
    ("RS512", Alg::RsaSsaPkcs1V15Sha512),
    ("PS256", Alg::RsaSsaPssSha256),
    ("ES256", Alg::EcdsaP256Sha256),
    ("ES384", Alg::EcdsaP384Sha384),
    ("EdDSA", Alg::EdDsa),
    ("HS256", Alg::HmacSha256),
    ("HS512", Alg::HmacSha512),
];

/// A provider's metadata, as far as it is used.
#[derive(Debug, Clone)]
pub struct Metadata {
    /// The issuer, exactly as it stands in tokens.
    pub issuer: String,
    /// Where the browser signs in.
    pub authorization_endpoint: Url,
    /// Where a code becomes tokens.
    pub token_endpoint: Url,
    /// Where claims can be asked for.
    pub userinfo_endpoint: Option<Url>,
    /// Where the browser signs out.
    pub end_session_endpoint: Option<Url>,
    /// Where the keys are.
    pub jwks_uri: Url,
    /// What it signs with.
    pub algorithms: Vec<Alg>,
    /// It names itself in each answer (RFC 9207).
    pub names_itself: bool,
    /// What can be asked for, when it tells.
    pub scopes: Option<Vec<String>>,
    /// What it may tell of a person, when it tells that.
    pub claims: Option<Vec<String>>,
    /// It encrypts ID tokens, as Authentik does with an encryption key.
    pub encrypts: bool,
}

/// Why a provider's metadata can't be used.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DiscoveryError {
    /// It could not be fetched.
    #[error("{address}: {error}")]
    Fetch {
        /// What was asked for.
        address: String,
        /// What came.
        error: FetchError,
    },
    /// The document is that of another issuer.
    #[error("the document names the issuer {found}")]
    OtherIssuer {
        /// The issuer as it is set here.
        expected: String,
        /// The issuer in the document.
        found: String,
    },
    /// Something is missing from the document or makes no sense.
    #[error("the document can't be used: {0}")]
    Unusable(String),
}

type Keys = JsonWebKeySet<CoreJsonWebKey>;

/// Keys, when they came, and how many fetches that makes.
struct KnownKeys {
    at: Timestamp,
    edition: u64,
    keys: Arc<Keys>,
}

#[derive(Default)]
struct Known {
    metadata: Option<(Timestamp, Arc<Metadata>)>,
    keys: Option<KnownKeys>,
    /// When keys were last asked for because of an unknown one.
    sought: Option<Timestamp>,
    /// The last failure, and how many that makes.
    failure: Option<(u64, DiscoveryError)>,
}

impl Known {
    /// How asking failed, if it did after there had been so many failures.
    fn failed_since(&self, failures: u64) -> Option<DiscoveryError> {
        let (number, error) = self.failure.as_ref()?;
        (*number > failures).then(|| error.clone())
    }
}

/// A provider's metadata and keys.
pub struct Discovery {
    issuer: String,
    /// How the provider is asked.
    pub fetcher: Fetcher,
    clock: Arc<dyn Clock>,
    /// Held while it is asked, so that it is asked once however many wait.
    known: Mutex<Known>,
    /// How often asking has failed. Who waited meanwhile is told the same, and does not ask and wait again.
    failures: AtomicU64,
    /// The origin of its authorization endpoint, once that is known.
    target: std::sync::Mutex<Option<String>>,
}

impl Discovery {
    /// Of the issuer as it was configured.
    pub fn new(issuer: String, fetcher: Fetcher, clock: Arc<dyn Clock>) -> Self {
        let (known, failures, target) = Default::default();
        Self { issuer, fetcher, clock, known, failures, target }
    }

    /// The origins at which a sign-in may end up: the issuer's, and the authorization endpoint's.
    pub fn origins(&self) -> Vec<String> {
        let issuer = Url::parse(&self.issuer).ok().map(|url| url.origin().ascii_serialization());
        let target = self.target.lock().ok().and_then(|target| target.clone());
        issuer.into_iter().chain(target).collect()
    }

    /// The metadata.
    ///
    /// # Errors
    /// The provider does not answer, or not as it should. Nothing of that is kept: the next call asks again.
    pub async fn metadata(&self) -> Result<Arc<Metadata>, DiscoveryError> {
        let failures = self.failures.load(Ordering::Relaxed);
        let mut known = self.known.lock().await;
        let now = self.clock.now();
        if let Some((_, metadata)) = known.metadata.as_ref().filter(|(at, _)| is_fresh(*at, now, FRESH_SECONDS)) {
            return Ok(metadata.clone());
        }
        let metadata = match known.failed_since(failures) {
            Some(error) => return Err(error),
            None => Arc::new(self.noted(&mut known, self.fetch_metadata().await)?),
        };
        if let Ok(mut target) = self.target.lock() {
            *target = Some(metadata.authorization_endpoint.origin().ascii_serialization());
        }
        known.metadata = Some((now, metadata.clone()));
        Ok(metadata)
    }

    /// The keys and their edition; a newer one than `newer_than` when that is possible: a token that was signed with an
    /// unknown key asks for newer ones than those it was checked with.
    pub async fn keys(&self, newer_than: Option<u64>) -> Result<(u64, Arc<Keys>), DiscoveryError> {
        let metadata = self.metadata().await?;
        let failures = self.failures.load(Ordering::Relaxed);
        let mut known = self.known.lock().await;
        let now = self.clock.now();
        let just_sought = known.sought.is_some_and(|at| is_fresh(at, now, KEYS_SECONDS));
        if let Some(KnownKeys { at, edition, keys }) = &known.keys {
            let wanted = newer_than.is_some_and(|old| *edition <= old) && !just_sought;
            if is_fresh(*at, now, FRESH_SECONDS) && !wanted {
                return Ok((*edition, keys.clone()));
            }
        }
        if let Some(error) = known.failed_since(failures) {
            return Err(error);
        }
        if newer_than.is_some() {
            known.sought = Some(now);
        }
        let keys = Arc::new(self.noted(&mut known, self.fetch_keys(&metadata.jwks_uri).await)?);
        let edition = known.keys.as_ref().map_or(1, |keys| keys.edition + 1);
        known.keys = Some(KnownKeys { at: now, edition, keys: keys.clone() });
        Ok((edition, keys))
    }

    /// The same, with a note of a failure.
    fn noted<T>(&self, known: &mut Known, result: Result<T, DiscoveryError>) -> Result<T, DiscoveryError> {
        result.inspect_err(|error| {
            let number = self.failures.fetch_add(1, Ordering::Relaxed) + 1;
            known.failure = Some((number, error.clone()));
        })
    }

    async fn fetch_metadata(&self) -> Result<Metadata, DiscoveryError> {
        let base = base_of(&self.issuer);
        let address = [&base, "/", WELL_KNOWN].concat();
        let failed = |error| DiscoveryError::Fetch { address: address.clone(), error };
        let url = Url::parse(&address).map_err(|_| DiscoveryError::Unusable(format!("{address} is no address")))?;
        let document = self.fetcher.get(&url).await.map_err(failed)?;
        read(&document, &base)
    }

    async fn fetch_keys(&self, url: &Url) -> Result<Keys, DiscoveryError> {
        let failed = |error| DiscoveryError::Fetch { address: url.to_string(), error };
        let document = self.fetcher.get(url).await.map_err(failed)?;
        // A provider that signs with the client's secret answers `{}`.
        let keys = document.get("keys").cloned().unwrap_or_else(|| Value::Array(Vec::new()));
        let known = keys.as_array().cloned().unwrap_or_default();
        // Keys of kinds that we do not know, or for encryption, are none that sign.
        Ok(Keys::new(known.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect()))
    }
}

fn is_fresh(at: Timestamp, now: Timestamp, seconds: i64) -> bool {
    (0..seconds * 1000).contains(&(now.0 - at.0))
}

/// The issuer as it was configured, without what people add to it or leave out.
fn base_of(issuer: &str) -> String {
    let issuer = issuer.trim().trim_end_matches('/');
    issuer.strip_suffix(WELL_KNOWN).unwrap_or(issuer).trim_end_matches('/').to_owned()
}

fn read(document: &Value, base: &str) -> Result<Metadata, DiscoveryError> {
    let text = |name: &str| document.get(name).and_then(Value::as_str);
    let issuer = text("issuer").unwrap_or_default();
    // The same address, whatever the case of its host: compared as addresses, used as it stands.
    let parsed = |text: &str| Url::parse(&[text.trim_end_matches('/'), "/"].concat()).ok();
    if parsed(issuer).is_none() || parsed(issuer) != parsed(base) {
        return Err(DiscoveryError::OtherIssuer {
            expected: base.into(),
            found: issuer.chars().filter(|c| !c.is_control()).take(200).collect(),
        });
    }
    let list = |name: &str| -> Option<Vec<String>> {
        let all = document.get(name)?.as_array()?;
        Some(all.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    };
    let secure = issuer.starts_with("https://");
    let endpoint = |name: &str| -> Result<Option<Url>, DiscoveryError> {
        let Some(address) = text(name) else { return Ok(None) };
        match Url::parse(address) {
            Ok(url) if url.scheme() == "https" || (url.scheme() == "http" && !secure) => Ok(Some(url)),
            _ => Err(DiscoveryError::Unusable(format!("its {name} is not an https address"))),
        }
    };
    let required = |name: &str| -> Result<Url, DiscoveryError> {
        endpoint(name)?.ok_or_else(|| DiscoveryError::Unusable(format!("it has no {name}")))
    };
    Ok(Metadata {
        issuer: issuer.to_owned(),
        authorization_endpoint: required("authorization_endpoint")?,
        token_endpoint: required("token_endpoint")?,
        userinfo_endpoint: endpoint("userinfo_endpoint")?,
        end_session_endpoint: endpoint("end_session_endpoint")?,
        jwks_uri: required("jwks_uri")?,
        algorithms: algorithms(document),
        scopes: list("scopes_supported"),
        claims: list("claims_supported"),
        encrypts: document.get("id_token_encryption_alg_values_supported").is_some(),
        names_itself: document.get("authorization_response_iss_parameter_supported") == Some(&Value::Bool(true)),
    })
}

/// Those that the document names and we accept; those with the client's secret only if there are no others, so that
/// nobody takes a public key for a secret.
fn algorithms(document: &Value) -> Vec<Alg> {
    let named = document.get("id_token_signing_alg_values_supported").and_then(Value::as_array);
    let names: Vec<&str> = named.map(|all| all.iter().filter_map(Value::as_str).collect()).unwrap_or(vec!["RS256"]);
    let known: Vec<(&str, Alg)> = ALGORITHMS.into_iter().filter(|(name, _)| names.contains(name)).collect();
    let (shared, own): (Vec<_>, Vec<_>) = known.into_iter().partition(|(name, _)| name.starts_with("HS"));
    let accepted = if own.is_empty() { shared } else { own };
    accepted.into_iter().map(|(_, algorithm)| algorithm).collect()
}

#[cfg(test)]
mod tests;
