//! The list of models, and what is told of one (Ollama API reference, "List Local Models" and "Show Model Information").

use crate::llm::dialect::{Listed, Traits};
use serde_json::Value;

/// The models in `{"models": [{"name": …}]}`.
pub fn models(body: &[u8]) -> Option<Vec<Listed>> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let listed = |model: &Value| {
        let id = [&model["model"], &model["name"]].into_iter().find_map(Value::as_str)?;
        Some(Listed { id: id.into(), ..Listed::default() })
    };
    Some(value["models"].as_array()?.iter().filter_map(listed).collect())
}

/// What is told of one model.
pub fn traits(body: &[u8]) -> Option<Traits> {
    let value: Value = serde_json::from_slice(body).ok()?;
    // Old versions tell none.
    let can = |ability: &str| Some(value["capabilities"].as_array()?.iter().any(|item| item == ability));
    let info = value["model_info"].as_object();
    // The name of the field begins with that of the model's architecture.
    let context = info.and_then(|info| info.iter().find(|(name, _)| name.ends_with(".context_length")));
    let context = context.and_then(|(_, tokens)| u32::try_from(tokens.as_u64()?).ok());
    Some(Traits {
        context_tokens: context.filter(|tokens| *tokens > 0),
        vision: can("vision"),
        tools: can("tools"),
        reasoning: can("thinking"),
        ..Traits::default()
    })
}
