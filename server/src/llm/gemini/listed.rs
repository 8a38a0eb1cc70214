//! The list of models (Gemini API reference, "Models").

use crate::llm::dialect::{Listed, Traits};
use serde_json::Value;

/// The models in `{"models": [{"name": "models/…"}]}` that answer questions.
pub fn models(body: &[u8]) -> Option<Vec<Listed>> {
    let value: Value = serde_json::from_slice(body).ok()?;
    Some(value["models"].as_array()?.iter().filter(|model| answers(model)).filter_map(model).collect())
}

/// A model's name without the collection in which it is listed.
pub fn bare(name: &str) -> &str {
    name.strip_prefix("models/").unwrap_or(name)
}

/// Whether a model answers questions; one of which nothing is told is believed to.
fn answers(model: &Value) -> bool {
    let methods = model["supportedGenerationMethods"].as_array();
    methods.is_none_or(|methods| methods.iter().any(|method| method == "generateContent"))
}

fn model(model: &Value) -> Option<Listed> {
    let id = bare(model["name"].as_str()?);
    let number = |field: &str| model[field].as_u64().and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0);
    // What the list does not tell: all models of this family see pictures and call tools.
    let is_gemini = id.starts_with("gemini-").then_some(true);
    let traits = Traits {
        context_tokens: number("inputTokenLimit"),
        max_output: number("outputTokenLimit"),
        vision: is_gemini,
        tools: is_gemini,
        reasoning: model["thinking"].as_bool(),
        prices: None,
    };
    let name = model["displayName"].as_str().filter(|name| *name != id);
    Some(Listed { id: id.into(), name: name.map(str::to_owned), traits })
}
