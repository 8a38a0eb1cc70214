//! The body of a request for an answer.

use crate::llm::dialect::{Target, ending_in_user};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chat::{
    Effort, Sampling,
    prompt::{ChatRequest, Part, Speaker, estimated_tokens},
};
use serde_json::{Map, Value, json};

/// The window that every Ollama gives a model unless told otherwise.
const USUAL_WINDOW: u32 = 4_096;
/// Room for an answer that has no limit.
const ANSWER_TOKENS: u32 = 1_024;
/// Tokens that a picture takes, roughly.
const IMAGE_TOKENS: u32 = 1_024;

/// The body of a request for an answer that is streamed.
pub fn body(question: &ChatRequest, target: &Target<'_>) -> Value {
    let parts = ending_in_user(question);
    let messages: Vec<Value> = parts.iter().map(message).collect();
    let mut body = json!({ "model": target.model, "messages": messages, "stream": true });
    let options = options(question.sampling, window(&parts, question.sampling, target.traits.context_tokens));
    if !options.is_empty() {
        body["options"] = options.into();
    }
    if target.traits.reasoning == Some(true)
        && let Some(think) = think(target.model, question.sampling.effort)
    {
        body["think"] = think;
    }
    body
}

fn message(part: &Part) -> Value {
    let role = match part.speaker {
        Speaker::System => "system",
        Speaker::User => "user",
        Speaker::Assistant => "assistant",
    };
    let mut message = json!({ "role": role, "content": part.text });
    if !part.images.is_empty() {
        message["images"] = part.images.iter().map(|image| STANDARD.encode(&image.bytes)).collect();
    }
    message
}

fn options(sampling: Sampling, window: Option<u32>) -> Map<String, Value> {
    let mut options = Map::new();
    let mut set = |name: &str, value: Option<Value>| value.map(|value| options.insert(name.to_owned(), value));
    set("temperature", sampling.temperature.map(|temperature| temperature.value().into()));
    set("top_p", sampling.top_p.map(|top_p| top_p.value().into()));
    set("num_predict", sampling.max_tokens.map(Value::from));
    set("num_ctx", window.map(Value::from));
    options
}

/// The window to ask for; none when the usual one is enough. Without it, Ollama would cut off the beginning of a long
/// conversation and say nothing. Powers of two, because each change loads the model anew.
fn window(parts: &[Part], sampling: Sampling, context_tokens: Option<u32>) -> Option<u32> {
    let images = parts.iter().map(|part| part.images.len()).sum::<usize>();
    let images = u32::try_from(images).unwrap_or(u32::MAX).saturating_mul(IMAGE_TOKENS);
    let answer = sampling.max_tokens.unwrap_or(ANSWER_TOKENS).saturating_add(images);
    let needed = parts.iter().map(|part| estimated_tokens(&part.text)).fold(answer, u32::saturating_add);
    let context = context_tokens.filter(|context| *context > USUAL_WINDOW && needed > USUAL_WINDOW)?;
    Some(needed.checked_next_power_of_two().unwrap_or(context).min(context))
}

/// Whether to think; of one family how long. Unless told, models differ in what they do, and in whether they show it.
fn think(model: &str, effort: Option<Effort>) -> Option<Value> {
    if model.contains("gpt-oss") {
        return effort.map(|effort| effort.word().into());
    }
    Some((effort != Some(Effort::Low)).into())
}
