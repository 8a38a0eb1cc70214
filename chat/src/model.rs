//! Models: what answers, and what it can do.

use crate::event::Usage;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Which model of which provider, written `provider/model`. The model's own name may contain slashes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ModelRef {
    /// The provider's id, such as `openai`.
    pub provider: String,
    /// The model's id, as the provider knows it.
    pub model: String,
}

/// The text did not name a provider and a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a model is written provider/model")]
pub struct BadModelRef;

impl ModelRef {
    /// A model of a provider.
    pub fn new(provider: impl Into<String>, model: impl Into<String>) -> Self {
        Self { provider: provider.into(), model: model.into() }
    }
}

impl fmt::Display for ModelRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.provider, self.model)
    }
}

impl FromStr for ModelRef {
    type Err = BadModelRef;

    fn from_str(text: &str) -> Result<Self, BadModelRef> {
        match text.split_once('/') {
            Some((provider, model)) if !provider.is_empty() && !model.is_empty() => Ok(Self::new(provider, model)),
            _ => Err(BadModelRef),
        }
    }
}

impl TryFrom<String> for ModelRef {
    type Error = BadModelRef;

    fn try_from(text: String) -> Result<Self, BadModelRef> {
        text.parse()
    }
}

impl From<ModelRef> for String {
    fn from(model: ModelRef) -> Self {
        model.to_string()
    }
}

/// What a model's tokens cost, in thousandths of a US dollar for a million of them. One token at a price of 1 costs
/// one nanodollar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prices {
    /// Tokens that it reads.
    pub input: u32,
    /// Tokens that it reads and has kept from an earlier request.
    pub cached: u32,
    /// Tokens that it writes, reasoning included.
    pub output: u32,
}

impl Prices {
    /// What a turn cost, in nanodollars; none when it is not known how many tokens it used.
    pub fn of(self, usage: Usage) -> Option<u64> {
        let (input, output) = (usage.input?, usage.output?);
        let cached = usage.cached.unwrap_or(0).min(input);
        let parts = [(input - cached, self.input), (cached, self.cached), (output, self.output)];
        Some(parts.iter().map(|(tokens, price)| u64::from(*tokens) * u64::from(*price)).sum())
    }
}

/// The language in which a provider of models is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// OpenAI's chat completions, which most servers speak.
    OpenAi,
    /// OpenAI's responses.
    Responses,
    /// Anthropic's messages.
    Anthropic,
    /// Google's Gemini.
    Gemini,
    /// Ollama's own.
    Ollama,
}

impl Dialect {
    /// All of them, the one that most servers speak first.
    pub const ALL: [Self; 5] = [Self::OpenAi, Self::Responses, Self::Anthropic, Self::Gemini, Self::Ollama];

    /// The word for it in tables and forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Responses => "responses",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::Ollama => "ollama",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.word() == word)
    }
}

/// A model that users may choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// Which one.
    pub id: ModelRef,
    /// The name to show.
    pub name: String,
    /// The provider's name to show.
    pub provider_name: String,
    /// How many tokens it takes in and gives out together, when known.
    pub context_tokens: Option<u32>,
    /// What its tokens cost, when known.
    pub prices: Option<Prices>,
    /// Understands images.
    pub vision: bool,
    /// Can call tools.
    pub tools: bool,
    /// Thinks before it answers, and shows it.
    pub reasoning: bool,
    /// A small model that is there so that the first run answers; often wrong.
    pub demo: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cached_tokens_have_their_own_price() {
        let prices = Prices { input: 2_500, cached: 250, output: 10_000 };
        let usage = Usage { input: Some(1_000), cached: Some(400), output: Some(200), reasoning: Some(50) };
        assert_eq!(prices.of(usage), Some(600 * 2_500 + 400 * 250 + 200 * 10_000));
        assert_eq!(prices.of(Usage { cached: Some(5_000), ..usage }), Some(1_000 * 250 + 200 * 10_000));
        assert_eq!(prices.of(Usage { output: None, ..usage }), None);
    }

    #[test]
    fn a_model_is_a_provider_and_the_rest() {
        let model: ModelRef = "openrouter/meta-llama/llama-4".parse().expect("a model");
        assert_eq!(model, ModelRef::new("openrouter", "meta-llama/llama-4"));
        assert_eq!(model.to_string(), "openrouter/meta-llama/llama-4");
        for bad in ["", "openai", "/gpt", "openai/"] {
            assert_eq!(bad.parse::<ModelRef>(), Err(BadModelRef), "{bad}");
        }
    }
}
