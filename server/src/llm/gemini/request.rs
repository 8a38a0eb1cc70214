//! The body of a request for an answer.

use crate::llm::{
    alternating::{Alternating, Turn, alternating},
    dialect::{Target, ending_in_user},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chat::{
    Effort, Image,
    prompt::{ChatRequest, Part},
};
use serde_json::{Map, Value, json};

/// The body of a request for an answer.
pub fn body(question: &ChatRequest, target: &Target<'_>) -> Value {
    let parts = ending_in_user(question);
    let Alternating { system, turns } = alternating(&parts);
    let mut body = json!({ "contents": turns.iter().map(content).collect::<Vec<_>>() });
    if !system.is_empty() {
        body["systemInstruction"] = json!({ "parts": [{ "text": system }] });
    }
    let config = config(question, target);
    if !config.is_empty() {
        body["generationConfig"] = config.into();
    }
    body
}

fn content(turn: &Turn<'_>) -> Value {
    let parts: Vec<Value> = turn.parts.iter().flat_map(|part| pieces(part)).collect();
    json!({ "role": if turn.is_user { "user" } else { "model" }, "parts": parts })
}

fn pieces(part: &Part) -> impl Iterator<Item = Value> {
    let text = (!part.text.is_empty()).then(|| json!({ "text": part.text }));
    part.images.iter().map(image).chain(text)
}

fn image(image: &Image) -> Value {
    json!({ "inlineData": { "mimeType": image.media_type, "data": STANDARD.encode(&image.bytes) } })
}

fn config(question: &ChatRequest, target: &Target<'_>) -> Map<String, Value> {
    let (sampling, traits) = (question.sampling, target.traits);
    let mut config = Map::new();
    let mut set = |name: &str, value: Option<Value>| value.map(|value| config.insert(name.to_owned(), value));
    set("temperature", sampling.temperature.map(|temperature| temperature.value().into()));
    set("topP", sampling.top_p.map(|top_p| top_p.value().into()));
    // A number over the model's limit is refused.
    let limit = sampling.max_tokens.map(|tokens| tokens.min(traits.max_output.unwrap_or(tokens)));
    set("maxOutputTokens", limit.map(Value::from));
    set("thinkingConfig", (traits.reasoning == Some(true)).then(|| thinking(target.model, sampling.effort)));
    config
}

/// How a model thinks: Gemini 2.5 is told a number of tokens, of which the model for hard questions takes no zero; all
/// later ones are told a level (Gemini API, "Thinking").
fn thinking(model: &str, effort: Option<Effort>) -> Value {
    let budget = |tokens: i32| json!({ "includeThoughts": tokens != 0, "thinkingBudget": tokens });
    match (effort, model.contains("2.5"), model.contains("pro")) {
        (None, ..) | (Some(Effort::Medium), false, _) => json!({ "includeThoughts": true }),
        (Some(effort), false, _) => json!({ "includeThoughts": true, "thinkingLevel": effort.word() }),
        (Some(Effort::Low), true, true) => budget(128),
        (Some(Effort::Low), true, false) => budget(0),
        // As much as it thinks fit.
        (Some(Effort::Medium), true, _) => budget(-1),
        (Some(Effort::High), true, true) => budget(32_768),
        (Some(Effort::High), true, false) => budget(24_576),
    }
}
