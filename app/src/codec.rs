//! How data travels with a page.

use codee::{Decoder, Encoder};
use serde::{Serialize, de::DeserializeOwned};

/// JSON, read as bytes like the answers of server functions: read as text, as leptos does it by itself, each type would
/// bring a second reader into the page.
pub struct Json;

impl<T: Serialize> Encoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, Self::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, Self::Error> {
        serde_json::from_slice(text.as_bytes())
    }
}
