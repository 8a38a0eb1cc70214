//! What the provider does wrong. All of it is off at first.

use super::keys::{Key, Signature};
use serde_json::{Map, Value};

/// How an endpoint answers.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Answer {
    /// As it should.
    #[default]
    Good,
    /// With this status, type and text.
    Text(u16, &'static str, String),
    /// With a redirect to this address.
    Redirect(String),
    /// As it should, and ten megabytes of spaces before it.
    Huge,
    /// Not at all, until the provider is told to go on.
    Hang,
    /// With the head and one byte, and no more until the provider is told to go on.
    Drip,
}

impl Answer {
    /// A page of HTML, as a proxy answers.
    pub fn html(status: u16) -> Self {
        Self::Text(status, "text/html", "<!doctype html><title>Bad gateway</title><h1>nginx</h1>".into())
    }

    /// JSON of this status.
    pub fn json(status: u16, value: &Value) -> Self {
        Self::Text(status, "application/json", value.to_string())
    }
}

/// The switches. A map of members is put over the true ones; a `null` in it takes the member away.
#[derive(Debug, Clone)]
pub struct Switches {
    /// How discovery answers.
    pub discovery: Answer,
    /// How the key set answers.
    pub jwks: Answer,
    /// How the token endpoint answers.
    pub token: Answer,
    /// How the userinfo endpoint answers.
    pub userinfo: Answer,
    /// Over the members of the discovery document (`discovery-issuer-mismatch` and others).
    pub metadata: Map<String, Value>,
    /// Over the claims of the ID token (`invalid-iss`, `invalid-aud`, `missing-sub`, `nonce-invalid` and others).
    pub id_claims: Map<String, Value>,
    /// Over the header of the ID token (`kid-absent-…` and others).
    pub id_header: Map<String, Value>,
    /// How the ID token is signed (`idtoken-sig-none`, `invalid-sig-…`).
    pub signature: Signature,
    /// The ID token says which access token belongs to it (OpenID Connect Core 1.0, section 3.1.3.6).
    pub at_hash: bool,
    /// The key that signs.
    pub signer: Key,
    /// The keys that are published (`signing-key-rotation…` changes both); none gives `{}`.
    pub published: Vec<Key>,
    /// Over the members of the token response.
    pub token_response: Map<String, Value>,
    /// Claims about people only at userinfo, as with "include claims in ID token" off.
    pub only_at_userinfo: bool,
    /// Over the claims at userinfo (`userinfo-invalid-sub`).
    pub userinfo_claims: Map<String, Value>,
    /// `iss` in the authorization response (RFC 9207).
    pub callback_iss: Option<String>,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            discovery: Answer::Good,
            jwks: Answer::Good,
            token: Answer::Good,
            userinfo: Answer::Good,
            metadata: Map::new(),
            id_claims: Map::new(),
            id_header: Map::new(),
            signature: Signature::Good,
            at_hash: false,
            signer: Key::Rsa1,
            published: vec![Key::Rsa1],
            token_response: Map::new(),
            only_at_userinfo: false,
            userinfo_claims: Map::new(),
            callback_iss: None,
        }
    }
}

impl Switches {
    /// Signs with this key and publishes no other.
    pub fn rotate(&mut self, key: Key) {
        self.signer = key;
        self.published = vec![key];
    }

    /// Another claim in the ID token; `null` takes it away.
    pub fn claim(&mut self, name: &str, value: impl Into<Value>) {
        self.id_claims.insert(name.into(), value.into());
    }

    /// Another member of the ID token's header; `null` takes it away.
    pub fn header(&mut self, name: &str, value: impl Into<Value>) {
        self.id_header.insert(name.into(), value.into());
    }
}

/// Puts members over others; a `null` takes one away.
pub(super) fn put_over(members: &mut Map<String, Value>, over: &Map<String, Value>) {
    for (name, value) in over {
        if value.is_null() {
            members.remove(name);
        } else {
            members.insert(name.clone(), value.clone());
        }
    }
}
