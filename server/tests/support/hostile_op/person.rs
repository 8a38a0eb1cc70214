//! People at the provider.

use super::hex;
use serde_json::{Map, Value, json};

/// Somebody with an account at the provider, and the claims about them.
#[derive(Debug, Clone)]
pub struct Person {
    /// `sub`: 64 hexadecimal digits, as Authentik makes them.
    pub sub: String,
    /// `sid`: the session at the provider.
    pub sid: String,
    /// The claims of the scopes `profile`, `email` and `entitlements`.
    pub claims: Map<String, Value>,
}

impl Person {
    /// Somebody of this name with the claims that Authentik gives by default.
    pub fn new(name: &str) -> Self {
        let user = name.to_lowercase();
        let claims = json!({
            "email": format!("{user}@example.test"),
            "email_verified": false,
            "name": name,
            "given_name": name,
            "preferred_username": user,
            "nickname": user,
            "groups": ["chat-users"],
            "entitlements": [],
            "roles": [],
        });
        let Value::Object(claims) = claims else { unreachable!("written above") };
        Self { sub: hex(name.as_bytes()), sid: hex(format!("session of {name}").as_bytes()), claims }
    }

    /// The same with another claim; `null` is sent as such.
    pub fn with(mut self, claim: &str, value: Value) -> Self {
        self.claims.insert(claim.into(), value);
        self
    }

    /// The same without a claim.
    pub fn without(mut self, claim: &str) -> Self {
        self.claims.remove(claim);
        self
    }

    /// The same under another `sub`.
    pub fn known_as(mut self, sub: &str) -> Self {
        self.sub = sub.into();
        self
    }

    /// The same in another session at the provider.
    pub fn in_session(mut self, sid: &str) -> Self {
        self.sid = sid.into();
        self
    }
}
