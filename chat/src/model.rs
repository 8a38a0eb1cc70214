//! Models: what answers, and what it can do.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Which model of which provider, written `provider/model`. The model's own name may contain slashes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    fn a_model_is_a_provider_and_the_rest() {
        let model: ModelRef = "openrouter/meta-llama/llama-4".parse().expect("a model");
        assert_eq!(model, ModelRef::new("openrouter", "meta-llama/llama-4"));
        assert_eq!(model.to_string(), "openrouter/meta-llama/llama-4");
        for bad in ["", "openai", "/gpt", "openai/"] {
            assert_eq!(bad.parse::<ModelRef>(), Err(BadModelRef), "{bad}");
        }
    }
}
