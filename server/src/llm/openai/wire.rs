//! The frames of the chat completion protocol, as OpenAI documents them and others bend them. Unknown fields
//! are passed over.

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;
use std::fmt;

/// A `chat.completion.chunk`, or a whole `chat.completion` from a server that does not stream.
#[derive(Debug, Deserialize)]
pub struct Chunk {
    /// What is new; empty in the frame that tells the usage.
    pub choices: Option<Vec<Choice>>,
    /// Tokens used, in the last frame if at all.
    pub usage: Option<Value>,
    /// Present when this is an error.
    pub error: Option<IgnoredAny>,
}

/// One of the answers; only the first is ever asked for.
#[derive(Debug, Deserialize)]
pub struct Choice {
    /// Which one.
    #[serde(default)]
    pub index: i64,
    /// What is new.
    #[serde(alias = "message")]
    pub delta: Option<Delta>,
    /// Why the model stopped.
    pub finish_reason: Option<String>,
}

/// What is new in an answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Delta {
    /// The answer; with Mistral, thinking too.
    pub content: Pieces,
    /// Thinking, as DeepSeek and llama.cpp name it.
    pub reasoning_content: Pieces,
    /// Thinking, as OpenRouter and Ollama name it; vLLM sends it under both names.
    pub reasoning: Pieces,
    /// An answer that declines to answer.
    pub refusal: Pieces,
}

/// Text that is a string, nothing, or a list of typed parts.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Pieces {
    /// What is for the answer.
    pub text: String,
    /// What is thinking.
    pub thinking: String,
}

impl<'de> Deserialize<'de> for Pieces {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PiecesVisitor)
    }
}

struct PiecesVisitor;

impl<'de> Visitor<'de> for PiecesVisitor {
    type Value = Pieces;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a list of parts")
    }

    fn visit_str<E>(self, text: &str) -> Result<Pieces, E> {
        Ok(Pieces { text: text.to_owned(), thinking: String::new() })
    }

    fn visit_string<E>(self, text: String) -> Result<Pieces, E> {
        Ok(Pieces { text, thinking: String::new() })
    }

    fn visit_unit<E>(self) -> Result<Pieces, E> {
        Ok(Pieces::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Pieces, A::Error> {
        let mut pieces = Pieces::default();
        while let Some(part) = list.next_element::<Part>()? {
            pieces.text.push_str(&part.text.text);
            pieces.thinking.push_str(&part.thinking.text);
        }
        Ok(pieces)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pieces, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Pieces::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Pieces, E> {
        Ok(Pieces::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Pieces, E> {
        Ok(Pieces::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Pieces, E> {
        Ok(Pieces::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Pieces, E> {
        Ok(Pieces::default())
    }
}

/// `{"type": "text", "text": …}` or `{"type": "thinking", "thinking": [{"type": "text", "text": …}]}`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Part {
    text: Pieces,
    thinking: Pieces,
}
