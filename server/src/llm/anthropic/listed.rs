//! The list of models (Anthropic API reference, "List Models").

use super::generation::thinks;
use crate::llm::dialect::{Listed, Traits};
use serde_json::Value;

/// The models in `{"data": [{"id": …, "display_name": …}]}`.
pub fn models(body: &[u8]) -> Option<Vec<Listed>> {
    let value: Value = serde_json::from_slice(body).ok()?;
    Some(value["data"].as_array()?.iter().filter_map(model).collect())
}

fn model(model: &Value) -> Option<Listed> {
    let id = model["id"].as_str()?;
    let number = |field: &str| model[field].as_u64().and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0);
    let can = |ability: &str| model["capabilities"][ability]["supported"].as_bool();
    // What the list does not tell: all of Anthropic's own models see pictures and call tools.
    let own = thinks(id).map(|_| true);
    let traits = Traits {
        context_tokens: number("max_input_tokens"),
        max_output: number("max_tokens"),
        vision: can("image_input").or(own),
        tools: own,
        reasoning: can("thinking").or(thinks(id)),
        prices: None,
    };
    let name = model["display_name"].as_str().filter(|name| *name != id);
    Some(Listed { id: id.into(), name: name.map(str::to_owned), traits })
}
