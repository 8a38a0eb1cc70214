//! The tokens that the provider gives out.

use super::{CLIENT_ID, Grant, HostileOp, Person, Shared, Signature, switches::put_over};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// The event that a logout token reports.
pub const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Seconds for which tokens are good.
const LIFETIME: i64 = 3_600;

impl Shared {
    /// The ID token for a grant. A nonce is only in those of a fresh sign-in.
    pub(super) fn id_token(&self, grant: &Grant, nonce: Option<&str>, access_token: &str) -> String {
        let switches = self.switches();
        let mut claims = self.claims(&grant.person, nonce);
        if switches.at_hash {
            claims.insert("at_hash".into(), json!(URL_SAFE_NO_PAD.encode(&Sha256::digest(access_token)[..16])));
        }
        if !switches.only_at_userinfo {
            claims.extend(grant.person.claims.clone());
        }
        put_over(&mut claims, &switches.id_claims);
        let token = self.signed("JWT", &switches.id_header, switches.signature, claims);
        self.book().last_id_token.clone_from(&token);
        token
    }

    /// An access token: like the ID token, as Authentik makes them.
    pub(super) fn access_token(&self, grant: &Grant) -> String {
        let mut claims = self.claims(&grant.person, Some(&grant.nonce));
        claims.extend(grant.person.claims.clone());
        claims.insert("azp".into(), json!(CLIENT_ID));
        claims.insert("uid".into(), json!(self.fresh("uid")));
        claims.insert("scope".into(), json!("openid profile email"));
        self.signed("JWT", &Map::new(), Signature::Good, claims)
    }

    /// What every token of a sign-in says.
    fn claims(&self, person: &Person, nonce: Option<&str>) -> Map<String, Value> {
        let now = self.now();
        let mut claims = Map::from_iter([
            ("iss".to_owned(), json!(self.issuer())),
            ("sub".into(), json!(person.sub)),
            ("aud".into(), json!(CLIENT_ID)),
            ("exp".into(), json!(now + LIFETIME)),
            ("iat".into(), json!(now)),
            ("auth_time".into(), json!(now)),
            ("acr".into(), json!("goauthentik.io/providers/oauth2/default")),
            ("amr".into(), json!(["pwd"])),
            ("sid".into(), json!(person.sid)),
        ]);
        claims.extend(nonce.map(|nonce| ("nonce".to_owned(), json!(nonce))));
        claims
    }

    fn signed(&self, typ: &str, header: &Map<String, Value>, how: Signature, claims: Map<String, Value>) -> String {
        let key = self.switches().signer;
        let mut members = Map::from_iter([("typ".to_owned(), json!(typ))]);
        members.extend(key.id().map(|id| ("kid".to_owned(), json!(id))));
        put_over(&mut members, header);
        how.token(key, Value::Object(members), &Value::Object(claims))
    }
}

/// A logout token in the making.
#[derive(Debug, Clone)]
pub struct LogoutToken {
    /// Over the claims; `null` takes one away.
    pub claims: Map<String, Value>,
    /// Over the header.
    pub header: Map<String, Value>,
    /// How it is signed.
    pub signature: Signature,
}

impl LogoutToken {
    /// A good one, but for these claims; `null` takes one away.
    pub fn with(claims: &[(&str, Value)]) -> Self {
        let claims = claims.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Self { claims, header: Map::new(), signature: Signature::Good }
    }
}

impl HostileOp {
    /// The logout token that tells of the end of a person's session. Each has a `jti` of its own.
    pub fn logout_token(&self, person: &Person, changes: &LogoutToken) -> String {
        let now = self.now();
        let mut claims = Map::from_iter([
            ("iss".to_owned(), json!(self.issuer())),
            ("aud".into(), json!(CLIENT_ID)),
            ("iat".into(), json!(now)),
            ("exp".into(), json!(now + LIFETIME)),
            ("jti".into(), json!(self.shared.fresh("jti"))),
            ("events".into(), json!({ LOGOUT_EVENT: {} })),
            ("sub".into(), json!(person.sub)),
            ("sid".into(), json!(person.sid)),
        ]);
        put_over(&mut claims, &changes.claims);
        self.shared.signed("logout+jwt", &changes.header, changes.signature, claims)
    }

    /// A token with the claims of a person's ID token and the nonce given, if any, for where it does not belong.
    pub fn stray_id_token(&self, person: &Person, nonce: Option<&str>) -> String {
        self.shared.signed("JWT", &Map::new(), Signature::Good, self.shared.claims(person, nonce))
    }
}
