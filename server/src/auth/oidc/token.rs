//! Verifying what a provider signs.
//!
//! Signature, issuer, audience, expiry and nonce are checked by the crate `openidconnect`; here stands what it leaves to
//! its user: `azp`, `iat`, `at_hash`, `sub`, a minute of leeway, and which kind of token it is
//! (OpenID Connect Core 1.0, section 3.1.3.7).

use super::{
    Provider,
    discovery::{DiscoveryError, Metadata},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chat::Timestamp;
use chrono::{DateTime, Utc};
use openidconnect::{
    AccessToken, AccessTokenHash, ClaimsVerificationError, ClientId, ClientSecret, EmptyAdditionalClaims, IdToken,
    IdTokenVerifier, IssuerUrl, JsonWebKeySet, Nonce, SignatureVerificationError,
    core::{CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm},
};
use serde_json::Value;
use std::str::FromStr;

/// How far clocks may be apart, in seconds.
pub const LEEWAY_SECONDS: i64 = 60;
/// How old a token may be when it arrives, in seconds.
const OLDEST_SECONDS: i64 = 600;
/// The longest subject (OpenID Connect Core 1.0, section 2).
const LONGEST_SUBJECT: usize = 255;

type Token =
    IdToken<EmptyAdditionalClaims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;
type Verifier<'a> = IdTokenVerifier<'a, CoreJsonWebKey>;

/// What is wrong with a token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// It is encrypted, which nobody asked for.
    #[error("the token is encrypted")]
    Encrypted,
    /// The times in it do not fit ours: one of the two clocks is wrong.
    #[error("the times in the token do not fit: {0}")]
    Clock(String),
    /// Anything else, for the log and the administrator.
    #[error("{0}")]
    Invalid(String),
    /// The keys could not be had.
    #[error(transparent)]
    Keys(#[from] DiscoveryError),
}

/// A token that has been verified.
#[derive(Debug)]
pub struct Verified {
    /// Who it is at the provider.
    pub subject: String,
    /// The session at the provider.
    pub sid: Option<String>,
    /// Everything that the token says.
    pub payload: Value,
}

/// Verifies an ID token that came with an access token, for the attempt that has this nonce; one that was refreshed
/// belongs to no attempt.
pub async fn verify(
    provider: &Provider,
    metadata: &Metadata,
    token: &str,
    access_token: Option<&str>,
    nonce: Option<&str>,
    now: Timestamp,
) -> Result<Verified, TokenError> {
    if token.split('.').count() == 5 {
        return Err(TokenError::Encrypted);
    }
    let parsed = Token::from_str(token).map_err(|error| invalid(format!("the ID token can't be read: {error}")))?;
    let payload = payload_of(token).ok_or_else(|| invalid("the ID token has no payload"))?;
    if access_token == Some(token) || payload.get("scope").is_some() {
        return Err(invalid("an access token stands where the ID token should be"));
    }
    let nonce = nonce.map(|nonce| Nonce::new(nonce.to_owned()));
    let (at, keys) = provider.discovery.keys(None).await?;
    let mut checked = check(&parsed, &verifier(provider, metadata, &keys, now)?, nonce.as_ref(), access_token);
    if is_unknown_key(&checked) {
        let (newer, keys) = provider.discovery.keys(Some(at)).await?;
        if newer != at {
            checked = check(&parsed, &verifier(provider, metadata, &keys, now)?, nonce.as_ref(), access_token);
        }
    }
    checked.map_err(|error| told(&error))?;
    more(provider, &payload, now)?;
    let text = |name: &str| payload.get(name).and_then(Value::as_str).map(str::to_owned);
    let subject = text("sub").filter(|sub| !sub.is_empty() && sub.len() <= LONGEST_SUBJECT);
    let subject = subject.ok_or_else(|| invalid("the ID token names nobody (`sub`)"))?;
    Ok(Verified { subject, sid: text("sid"), payload })
}

fn verifier<'a>(
    provider: &Provider,
    metadata: &Metadata,
    keys: &JsonWebKeySet<CoreJsonWebKey>,
    now: Timestamp,
) -> Result<Verifier<'a>, TokenError> {
    let settings = &provider.settings;
    let issuer = IssuerUrl::new(metadata.issuer.clone()).map_err(|error| invalid(error.to_string()))?;
    let secret = ClientSecret::new(settings.client_secret.expose().to_owned());
    let leeway = time(now.plus_seconds(-LEEWAY_SECONDS));
    Ok(IdTokenVerifier::new_confidential_client(
        ClientId::new(settings.client_id.clone()),
        secret,
        issuer,
        keys.clone(),
    )
    .set_allowed_algs(metadata.algorithms.iter().cloned())
    .set_time_fn(move || leeway)
    // `more` looks at it, with the clock's name in what it says.
    .set_issue_time_verifier_fn(|_| Ok(())))
}

fn check(
    token: &Token,
    verifier: &Verifier<'_>,
    nonce: Option<&Nonce>,
    access_token: Option<&str>,
) -> Result<(), ClaimsVerificationError> {
    let claims = match nonce {
        Some(nonce) => token.claims(verifier, nonce)?,
        None => token.claims(verifier, |_: Option<&Nonce>| Ok(()))?,
    };
    let (Some(expected), Some(access_token)) = (claims.access_token_hash(), access_token) else { return Ok(()) };
    let other = |error: String| ClaimsVerificationError::Other(error);
    let algorithm = token.signing_alg().map_err(ClaimsVerificationError::SignatureVerification)?;
    let key = token.signing_key(verifier).map_err(ClaimsVerificationError::SignatureVerification)?;
    let found = AccessTokenHash::from_token(&AccessToken::new(access_token.to_owned()), algorithm, key)
        .map_err(|error| other(error.to_string()))?;
    if found == *expected { Ok(()) } else { Err(other("the ID token belongs to another access token".into())) }
}

fn is_unknown_key(checked: &Result<(), ClaimsVerificationError>) -> bool {
    matches!(checked, Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)))
}

/// What the crate leaves to its user.
fn more(provider: &Provider, payload: &Value, now: Timestamp) -> Result<(), TokenError> {
    if payload.get("azp").is_some_and(|azp| azp.as_str() != Some(&provider.settings.client_id)) {
        return Err(invalid("the ID token was made for another client (`azp`)"));
    }
    let issued = payload.get("iat").and_then(Value::as_f64).ok_or_else(|| invalid("the ID token has no `iat`"))?;
    let age = now.0 as f64 / 1000.0 - issued;
    if age < -(LEEWAY_SECONDS as f64) || age > OLDEST_SECONDS as f64 {
        let (far, way) = if age < 0.0 { (-age, "ahead of") } else { (age, "behind") };
        return Err(TokenError::Clock(format!("it was issued {far:.0} s {way} this server's clock")));
    }
    Ok(())
}

fn told(error: &ClaimsVerificationError) -> TokenError {
    match error {
        ClaimsVerificationError::Expired(text) => TokenError::Clock(text.clone()),
        ClaimsVerificationError::SignatureVerification(cause) => invalid(format!("its signature: {cause}")),
        other => invalid(other.to_string()),
    }
}

fn invalid(text: impl Into<String>) -> TokenError {
    // Some of it is the token's own text, and stands in the log.
    TokenError::Invalid(text.into().chars().filter(|c| !c.is_control()).take(300).collect())
}

/// The payload of a signed token (RFC 7515, section 3.1), unverified.
pub fn payload_of(token: &str) -> Option<Value> {
    part_of(token, 1)
}

/// The header of a signed token, unverified.
pub fn header_of(token: &str) -> Option<Value> {
    part_of(token, 0)
}

fn part_of(token: &str, index: usize) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(index)?).ok()?).ok()
}

/// Our time as the crate wants it.
pub fn time(at: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at.0).unwrap_or_default()
}
