//! Signing out at the provider, and being signed out by it.

use super::{Oidc, Provider, flow::Tokens, token};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chat::{Timestamp, ports::ProviderSession};
use openidconnect::{
    CsrfToken, JsonWebKey, JsonWebKeyId,
    core::{CoreJsonWebKey, CoreJwsSigningAlgorithm},
};
use serde_json::Value;

/// The member of `events` that makes a token a logout token (Back-Channel Logout 1.0, section 2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A logout token that was verified.
#[derive(Debug)]
pub struct LogoutToken {
    /// The issuer of the users concerned.
    pub issuer: String,
    /// The session that ends.
    pub sid: Option<String>,
    /// Whose it is; without a `sid` all of theirs end.
    pub subject: Option<String>,
    /// Tells it from others.
    pub id: String,
    /// After this it is refused anyway.
    pub expires_at: Timestamp,
}

/// What is wrong with a logout token, for the log.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct LogoutError(String);

fn wrong(text: impl Into<String>) -> LogoutError {
    LogoutError(text.into())
}

impl Oidc {
    /// The provider's address that ends its own session too (RP-Initiated Logout 1.0); none when it has none, or can't be
    /// asked for it.
    pub async fn sign_out_address(&self, session: &ProviderSession) -> Option<String> {
        let provider = self.provider(&session.provider).ok()?;
        let metadata = provider.discovery.metadata().await.ok()?;
        let mut address = metadata.end_session_endpoint.clone()?;
        let back = [&self.0.public.origin(), "/signin?signedOut=1"].concat();
        let tokens = self.unseal(&session.tokens);
        let mut query = address.query_pairs_mut();
        if let Some(tokens) = &tokens {
            query.append_pair("id_token_hint", &tokens.id_token);
        }
        query
            .append_pair("client_id", &provider.settings.client_id)
            .append_pair("post_logout_redirect_uri", &back)
            .append_pair("state", CsrfToken::new_random().secret());
        drop(query);
        Some(address.into())
    }

    /// A provider's tokens for the database; empty when they can't be sealed.
    pub fn seal(&self, tokens: &Tokens) -> Vec<u8> {
        let text = serde_json::to_string(tokens).ok();
        text.and_then(|text| self.0.tokens.seal("tokens", &text)).unwrap_or_default().into_bytes()
    }

    pub(super) fn unseal(&self, sealed: &[u8]) -> Option<Tokens> {
        serde_json::from_str(&self.0.tokens.open("tokens", std::str::from_utf8(sealed).ok()?)?).ok()
    }

    /// Verifies a logout token (Back-Channel Logout 1.0, section 2.6).
    ///
    /// # Errors
    /// Why it is refused. No session ends.
    pub async fn logout_token(&self, provider: &Provider, token: &str) -> Result<LogoutToken, LogoutError> {
        let metadata = provider.discovery.metadata().await.map_err(|error| wrong(error.to_string()))?;
        let payload = signed_payload(provider, &metadata.algorithms, token).await?;
        let now = self.0.clock.now();
        let text = |name: &str| payload.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let seconds = |name: &str| payload.get(name).and_then(Value::as_f64);
        if text("iss") != Some(&metadata.issuer) {
            return Err(wrong("it is from another issuer"));
        }
        if !audience(&payload).contains(&provider.settings.client_id.as_str()) {
            return Err(wrong("it is for another client"));
        }
        let is_event = payload.pointer("/events").and_then(|events| events.get(EVENT)).is_some_and(Value::is_object);
        if !is_event || payload.get("nonce").is_some() {
            return Err(wrong("it is no logout token"));
        }
        let (issued, expires) = (seconds("iat").ok_or_else(|| wrong("it has no `iat`"))?, seconds("exp"));
        let (now_s, leeway) = (now.0 as f64 / 1000.0, token::LEEWAY_SECONDS as f64);
        if issued > now_s + leeway || expires.is_none_or(|expires| expires + leeway <= now_s) {
            return Err(wrong("it is not of this time"));
        }
        let (sid, subject) = (text("sid").map(str::to_owned), text("sub").map(str::to_owned));
        if sid.is_none() && subject.is_none() {
            return Err(wrong("it names neither a session nor a subject"));
        }
        Ok(LogoutToken {
            issuer: metadata.issuer.clone(),
            sid,
            subject,
            id: text("jti").ok_or_else(|| wrong("it has no `jti`"))?.to_owned(),
            expires_at: Timestamp((expires.unwrap_or(now_s) * 1000.0) as i64).plus_seconds(token::LEEWAY_SECONDS),
        })
    }
}

/// The payload of a token whose signature is the provider's.
async fn signed_payload(
    provider: &Provider,
    allowed: &[CoreJwsSigningAlgorithm],
    token: &str,
) -> Result<Value, LogoutError> {
    let header = token::header_of(token).ok_or_else(|| wrong("it is no token"))?;
    let typ = header.get("typ").and_then(Value::as_str).unwrap_or("JWT").to_ascii_lowercase();
    if !["jwt", "logout+jwt", "application/logout+jwt"].contains(&typ.as_str()) || header.get("crit").is_some() {
        return Err(wrong("it is of another type"));
    }
    let named = header.get("alg").cloned().unwrap_or_default();
    let algorithm: CoreJwsSigningAlgorithm = serde_json::from_value(named).map_err(|_| wrong("it is not signed"))?;
    if !allowed.contains(&algorithm) {
        return Err(wrong("it is not signed as this provider signs"));
    }
    let (signed, signature) = token.rsplit_once('.').ok_or_else(|| wrong("it is no token"))?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| wrong("it is no token"))?;
    let kid = header.get("kid").and_then(Value::as_str);
    let (at, keys) = provider.discovery.keys(None).await.map_err(|error| wrong(error.to_string()))?;
    let by_any = |keys: Vec<&CoreJsonWebKey>| {
        keys.into_iter().any(|key| key.verify_signature(&algorithm, signed.as_bytes(), &signature).is_ok())
    };
    let secret = CoreJsonWebKey::new_symmetric(provider.settings.client_secret.expose().as_bytes().to_vec());
    let is_shared = matches!(algorithm, CoreJwsSigningAlgorithm::HmacSha256 | CoreJwsSigningAlgorithm::HmacSha512);
    let mut good = if is_shared { by_any(vec![&secret]) } else { by_any(named_keys(keys.keys(), kid)) };
    if !good && !is_shared && named_keys(keys.keys(), kid).is_empty() {
        let (_, newer) = provider.discovery.keys(Some(at)).await.map_err(|error| wrong(error.to_string()))?;
        good = by_any(named_keys(newer.keys(), kid));
    }
    if good {
        token::payload_of(token).ok_or_else(|| wrong("it has no payload"))
    } else {
        Err(wrong("its signature is wrong"))
    }
}

fn named_keys<'a>(keys: &'a [CoreJsonWebKey], kid: Option<&str>) -> Vec<&'a CoreJsonWebKey> {
    let named = |key: &&CoreJsonWebKey| kid.is_none_or(|kid| key.key_id() == Some(&JsonWebKeyId::new(kid.to_owned())));
    keys.iter().filter(named).collect()
}

fn audience(payload: &Value) -> Vec<&str> {
    match payload.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}
