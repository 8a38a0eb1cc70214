//! The languages in which providers are spoken to. A dialect says what is asked and what an answer means; the
//! connection, its silences, its limits and its faults are the same for all of them.

use super::{
    anthropic::Anthropic,
    decoder::{Decoder, Framing, Reader},
    gemini::Gemini,
    ollama::Ollama,
    openai::OpenAi,
    responses::Responses,
};
use crate::secret::Secret;
use chat::{
    Prices,
    prompt::{ChatRequest, Part, Speaker},
};
use reqwest::{
    Method,
    header::{HeaderName, HeaderValue, InvalidHeaderValue},
};
use serde_json::Value;
use std::borrow::Cow;
use url::Url;

/// A language in which a provider is spoken to.
pub trait Dialect: Send + Sync {
    /// The header that carries the key.
    ///
    /// # Errors
    /// The key has a character in it that no header may have.
    fn authorize(&self, key: &Secret) -> Result<(HeaderName, HeaderValue), InvalidHeaderValue>;

    /// The call that asks a model, so that the answer is streamed.
    fn ask(&self, question: &ChatRequest, target: &Target<'_>) -> Call;

    /// How an answer is cut into frames.
    fn framing(&self) -> Framing {
        Framing::Events
    }

    /// What reads the frames of one answer.
    fn reader(&self) -> Box<dyn Reader>;

    /// The call that lists the provider's models.
    fn list(&self) -> Call;

    /// The models in a list, in its order, without those that do not chat as far as the list tells; none when it is
    /// no list.
    fn listed(&self, body: &[u8]) -> Option<Vec<Listed>>;

    /// The call that tells more of a listed model, for providers whose lists tell nothing but names.
    fn describe(&self, _model: &Listed) -> Option<Call> {
        None
    }

    /// Puts what that call answered to what is known of the model.
    fn described(&self, _body: &[u8], _model: &mut Listed) {}
}

/// The dialect of a name.
pub fn of(dialect: chat::Dialect) -> Box<dyn Dialect> {
    match dialect {
        chat::Dialect::OpenAi => Box::new(OpenAi),
        chat::Dialect::Responses => Box::new(Responses),
        chat::Dialect::Anthropic => Box::new(Anthropic),
        chat::Dialect::Gemini => Box::new(Gemini),
        chat::Dialect::Ollama => Box::new(Ollama),
    }
}

/// What reads an answer in a dialect, with at most `max_text` bytes of text and thinking.
pub fn decoder(dialect: &dyn Dialect, max_text: usize) -> Decoder {
    Decoder::new(dialect.framing(), dialect.reader(), max_text)
}

/// A model that is asked.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// Its id, as the provider knows it.
    pub model: &'a str,
    /// What is known of it.
    pub traits: Traits,
    /// The base address at which it is asked.
    pub base: &'a Url,
}

/// What a model can do and costs, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traits {
    /// Tokens that it takes in and gives out together.
    pub context_tokens: Option<u32>,
    /// The most tokens of an answer.
    pub max_output: Option<u32>,
    /// Understands images.
    pub vision: Option<bool>,
    /// Can call tools.
    pub tools: Option<bool>,
    /// Thinks before it answers.
    pub reasoning: Option<bool>,
    /// What its tokens cost.
    pub prices: Option<Prices>,
}

impl Traits {
    /// These, and from the other ones what these do not tell.
    pub fn or(self, other: Self) -> Self {
        Self {
            context_tokens: self.context_tokens.or(other.context_tokens),
            max_output: self.max_output.or(other.max_output),
            vision: self.vision.or(other.vision),
            tools: self.tools.or(other.tools),
            reasoning: self.reasoning.or(other.reasoning),
            prices: self.prices.or(other.prices),
        }
    }
}

/// A model that a provider lists.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listed {
    /// Its id, as it is asked for.
    pub id: String,
    /// The name to show, if the provider tells one.
    pub name: Option<String>,
    /// What the provider tells of it.
    pub traits: Traits,
}

/// A request below a provider's base address. The key is put to it by whoever makes it.
#[derive(Debug, Clone)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// The first segment of the path, such as `v1`, unless the base address ends in it.
    pub version: Option<&'static str>,
    /// The segments of the path. Each is encoded, so that none can leave its place.
    pub path: Vec<String>,
    /// What stands behind the question mark.
    pub query: Vec<(&'static str, String)>,
    /// Headers, besides those of the key and of the body.
    pub headers: Vec<(&'static str, &'static str)>,
    /// The body.
    pub body: Option<Value>,
}

impl Call {
    /// A `GET`.
    pub fn get(path: &[&str]) -> Self {
        let path = path.iter().map(|segment| (*segment).to_owned()).collect();
        Self { method: Method::GET, version: None, path, query: Vec::new(), headers: Vec::new(), body: None }
    }

    /// A `POST` of JSON.
    pub fn post(path: &[&str], body: Value) -> Self {
        Self { method: Method::POST, body: Some(body), ..Self::get(path) }
    }

    /// Below this segment, unless the base address ends in it.
    pub fn below(self, version: &'static str) -> Self {
        Self { version: Some(version), ..self }
    }

    /// With this behind the question mark.
    pub fn with_query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// With this header.
    pub fn with_header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The whole address.
    pub fn url(&self, base: &Url) -> Url {
        let mut url = base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty();
            let ends_in = |version: &&str| base.path().trim_end_matches('/').rsplit('/').next() == Some(version);
            segments.extend(self.version.filter(|version| !ends_in(version)));
            segments.extend(&self.path);
        }
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        url
    }
}

/// What a model is told that shall go on with an answer, where the language has no other way to say it.
const GO_ON: &str = "Go on exactly where you stopped. Do not repeat anything.";

/// The parts of a question, ending in a user's part: whoever has to go on with an answer is told so.
pub fn ending_in_user(question: &ChatRequest) -> Cow<'_, [Part]> {
    match question.parts.last() {
        Some(Part { speaker: Speaker::Assistant, .. }) => {
            let mut parts = question.parts.clone();
            parts.push(Part::text(Speaker::User, GO_ON));
            Cow::Owned(parts)
        }
        _ => Cow::Borrowed(&question.parts),
    }
}

/// The value of a header that carries a key. It is left out of every debug output.
///
/// # Errors
/// The key has a character in it that no header may have.
pub fn sensitive(text: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let mut value = HeaderValue::from_str(text)?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
