//! Random tokens and their hashes.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chat::ports::TokenHash;
use sha2::{Digest, Sha256};

/// Bytes of randomness in a token: 256 bits can't be guessed.
const TOKEN_BYTES: usize = 32;

/// A new token from the system's random source, in URL-safe base64.
///
/// # Errors
/// The system has no randomness to give.
pub fn new_token() -> Result<String, getrandom::Error> {
    let mut bytes = [0; TOKEN_BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What may be stored of a token.
pub fn hash(token: &str) -> TokenHash {
    TokenHash(Sha256::digest(token.as_bytes()).into())
}
