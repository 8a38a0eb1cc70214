//! The provider's keys, and JSON Web Tokens made by hand: libraries refuse to make the bad ones.

use super::CLIENT_SECRET;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, crypto, jwk::Jwk};
use serde_json::{Value, json};

/// A key that signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Rsa1,
    Rsa2,
    Ec1,
    Ec2,
    /// The client's secret: a provider without a key of its own.
    Secret,
}

const RSA_1: &[u8] = include_bytes!("../../fixtures/oidc/rsa-1.pem");
const RSA_1_PUBLIC: &[u8] = include_bytes!("../../fixtures/oidc/rsa-1.public.pem");
const RSA_2: &[u8] = include_bytes!("../../fixtures/oidc/rsa-2.pem");
const EC_1: &[u8] = include_bytes!("../../fixtures/oidc/ec-1.pem");
const EC_2: &[u8] = include_bytes!("../../fixtures/oidc/ec-2.pem");

impl Key {
    /// `alg`, and what discovery advertises.
    pub fn algorithm(self) -> &'static str {
        match self {
            Self::Rsa1 | Self::Rsa2 => "RS256",
            Self::Ec1 | Self::Ec2 => "ES256",
            Self::Secret => "HS256",
        }
    }

    /// `kid`; none where there is nothing to find.
    pub fn id(self) -> Option<&'static str> {
        match self {
            Self::Rsa1 => Some("rsa-1"),
            Self::Rsa2 => Some("rsa-2"),
            Self::Ec1 => Some("ec-1"),
            Self::Ec2 => Some("ec-2"),
            Self::Secret => None,
        }
    }

    /// Another key of the same kind: a signature by it is a bad one.
    fn stranger(self) -> Self {
        match self {
            Self::Rsa1 => Self::Rsa2,
            Self::Ec1 => Self::Ec2,
            Self::Rsa2 => Self::Rsa1,
            Self::Ec2 => Self::Ec1,
            Self::Secret => Self::Secret,
        }
    }

    fn secret(self) -> (EncodingKey, Algorithm) {
        match self {
            Self::Rsa1 => (EncodingKey::from_rsa_pem(RSA_1).unwrap(), Algorithm::RS256),
            Self::Rsa2 => (EncodingKey::from_rsa_pem(RSA_2).unwrap(), Algorithm::RS256),
            Self::Ec1 => (EncodingKey::from_ec_pem(EC_1).unwrap(), Algorithm::ES256),
            Self::Ec2 => (EncodingKey::from_ec_pem(EC_2).unwrap(), Algorithm::ES256),
            Self::Secret => (EncodingKey::from_secret(CLIENT_SECRET.as_bytes()), Algorithm::HS256),
        }
    }

    /// The public half, as the key set has it.
    pub fn public(self) -> Value {
        let (key, algorithm) = self.secret();
        let mut public = serde_json::to_value(Jwk::from_encoding_key(&key, algorithm).unwrap()).unwrap();
        public["kid"] = json!(self.id());
        public["use"] = json!("sig");
        public["alg"] = json!(self.algorithm());
        public
    }
}

/// How a token is signed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Signature {
    /// With the key that the header names.
    #[default]
    Good,
    /// With another key of that kind.
    Forged,
    /// With the right key, and one bit of the signature is wrong.
    Damaged,
    /// Not at all; `alg` says so in this spelling.
    None(&'static str),
    /// With the RSA public key as if it were a secret (HS256).
    PublicKeyAsSecret,
    /// With the client's secret (HS256), whatever discovery says.
    ClientSecret,
    /// With nothing as the secret (HS256).
    EmptySecret,
    /// The token has the five parts of an encrypted one.
    Encrypted,
}

impl Signature {
    /// The token of this header, which gets its `alg`, and these claims.
    pub fn token(self, key: Key, mut header: Value, claims: &Value) -> String {
        let (secret, algorithm) = match self {
            Self::Good | Self::Damaged | Self::Encrypted | Self::None(_) => key.secret(),
            Self::Forged if key == Key::Secret => (EncodingKey::from_secret(&[7; 32]), Algorithm::HS256),
            Self::Forged => key.stranger().secret(),
            Self::PublicKeyAsSecret => (EncodingKey::from_secret(RSA_1_PUBLIC), Algorithm::HS256),
            Self::ClientSecret => Key::Secret.secret(),
            Self::EmptySecret => (EncodingKey::from_secret(&[]), Algorithm::HS256),
        };
        header["alg"] = match self {
            Self::None(spelling) => json!(spelling),
            _ => json!(algorithm),
        };
        let message = format!("{}.{}", part(&header), part(claims));
        match self {
            Self::None(_) => format!("{message}."),
            Self::Encrypted => encrypted(&message),
            Self::Damaged => format!("{message}.{}", damaged(&sign(&message, &secret, algorithm))),
            _ => format!("{message}.{}", sign(&message, &secret, algorithm)),
        }
    }
}

fn sign(message: &str, key: &EncodingKey, algorithm: Algorithm) -> String {
    crypto::sign(message.as_bytes(), key, algorithm).unwrap()
}

fn damaged(signature: &str) -> String {
    let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
    bytes[20] ^= 1;
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What Authentik gives when an encryption key is chosen; here with nothing in it.
fn encrypted(message: &str) -> String {
    let header = json!({ "alg": "RSA-OAEP-256", "enc": "A256CBC-HS512", "kid": "enc-1", "typ": "JWE" });
    let filler = |length| URL_SAFE_NO_PAD.encode(vec![7u8; length]);
    let text = URL_SAFE_NO_PAD.encode(message);
    format!("{}.{}.{}.{text}.{}", part(&header), filler(256), filler(16), filler(32))
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}
