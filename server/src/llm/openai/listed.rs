//! Lists of models, as servers that speak OpenAI's language give them.

use crate::llm::dialect::{Listed, Traits};
use chat::Prices;
use serde_json::Value;

/// The models in `{"data": [{"id": …}]}`, or in the list alone.
pub fn models(body: &[u8]) -> Option<Vec<Listed>> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let list = value["data"].as_array().or(value.as_array())?;
    Some(list.iter().filter(|model| chats(model)).filter_map(model).collect())
}

fn model(model: &Value) -> Option<Listed> {
    let id = model["id"].as_str()?;
    // Most servers put the id into the name again, or nothing.
    let name = [&model["display_name"], &model["name"]].into_iter().find_map(Value::as_str).filter(|name| *name != id);
    Some(Listed { id: id.into(), name: name.map(str::to_owned), traits: traits(model) })
}

/// Whether it chats, by what Mistral, OpenRouter and Together tell of a model; whoever tells nothing is believed to.
fn chats(model: &Value) -> bool {
    let writes = &model["architecture"]["output_modalities"];
    let writes_text = writes.as_array().is_none_or(|kinds| kinds.iter().any(|kind| kind == "text"));
    let is_kind =
        model["type"].as_str().is_none_or(|kind| !["embedding", "image", "moderation", "rerank"].contains(&kind));
    model["capabilities"]["completion_chat"] != false && writes_text && is_kind
}

/// What servers tell beyond the id: OpenRouter, vLLM, Mistral, Together, Groq, each in its own words.
fn traits(model: &Value) -> Traits {
    let number = |value: &Value| value.as_u64().and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0);
    let top = &model["top_provider"];
    let context = [
        &model["context_length"],
        &model["max_model_len"],
        &model["max_context_length"],
        &model["context_window"],
        &top["context_length"],
    ];
    let output = [&top["max_completion_tokens"], &model["max_completion_tokens"]];
    let has = |list: &Value, word: &str| list.as_array().map(|list| list.iter().any(|item| item == word));
    let parameters = &model["supported_parameters"];
    let capability = |name: &str| model["capabilities"][name].as_bool();
    Traits {
        context_tokens: context.into_iter().find_map(number),
        max_output: output.into_iter().find_map(number),
        vision: has(&model["architecture"]["input_modalities"], "image").or(capability("vision")),
        tools: has(parameters, "tools").or(capability("function_calling")),
        reasoning: has(parameters, "reasoning").or(capability("reasoning")),
        prices: prices(&model["pricing"]),
    }
}

/// OpenRouter's prices: dollars for a token, as decimal texts.
fn prices(pricing: &Value) -> Option<Prices> {
    let price = |field: &str| {
        let dollars: f64 = pricing[field].as_str()?.parse().ok()?;
        let price = (dollars * 1e9).round();
        (0.0..=f64::from(u32::MAX)).contains(&price).then_some(price as u32)
    };
    let input = price("prompt")?;
    Some(Prices { input, cached: price("input_cache_read").unwrap_or(input), output: price("completion")? })
}
