//! OpenAI's chat completions, which most servers speak, each a little differently.
//!
//! Written by hand, because what matters in it is what servers do wrong: a turn is complete only when the
//! model's reason to stop has arrived, whatever else the stream says or does not say.

mod listed;
mod wire;

use super::{
    decoder::{Answer, Fault, Reader, tokens},
    dialect::{Call, Dialect, Listed, Target, ending_in_user, sensitive},
    told::Told,
};
use crate::secret::Secret;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chat::{
    Effort, Image, Sampling, Usage,
    ports::StopReason,
    prompt::{ChatRequest, Part, Speaker},
};
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue, InvalidHeaderValue};
use serde_json::{Value, json};
use wire::{Chunk, Delta};

/// OpenAI's chat completions.
pub struct OpenAi;

/// The header of a bearer's key (RFC 6750, section 2.1).
///
/// # Errors
/// The key has a character in it that no header may have.
pub fn bearer(key: &Secret) -> Result<(HeaderName, HeaderValue), InvalidHeaderValue> {
    sensitive(&format!("Bearer {}", key.expose())).map(|value| (AUTHORIZATION, value))
}

impl Dialect for OpenAi {
    fn authorize(&self, key: &Secret) -> Result<(HeaderName, HeaderValue), InvalidHeaderValue> {
        bearer(key)
    }

    /// OpenAI API reference, "Create chat completion".
    fn ask(&self, question: &ChatRequest, target: &Target<'_>) -> Call {
        let messages: Vec<Value> = ending_in_user(question).iter().map(message).collect();
        let mut body = json!({
            "model": target.model,
            "messages": messages,
            "stream": true,
            "stream_options": { "include_usage": true },
        });
        sample(&mut body, question.sampling, target);
        Call::post(&["chat", "completions"], body)
    }

    fn reader(&self) -> Box<dyn Reader> {
        Box::new(Frames)
    }

    /// OpenAI API reference, "List models".
    fn list(&self) -> Call {
        Call::get(&["models"])
    }

    fn listed(&self, body: &[u8]) -> Option<Vec<Listed>> {
        listed::models(body)
    }
}

fn message(part: &Part) -> Value {
    let role = match part.speaker {
        Speaker::System => "system",
        Speaker::User => "user",
        Speaker::Assistant => "assistant",
    };
    if part.images.is_empty() {
        return json!({ "role": role, "content": part.text });
    }
    let images =
        part.images.iter().map(|image| json!({ "type": "image_url", "image_url": { "url": data_url(image) } }));
    let text = (!part.text.is_empty()).then(|| json!({ "type": "text", "text": part.text }));
    json!({ "role": role, "content": images.chain(text).collect::<Vec<_>>() })
}

/// A picture inside an address (RFC 2397).
pub fn data_url(image: &Image) -> String {
    format!("data:{};base64,{}", image.media_type, STANDARD.encode(&image.bytes))
}

/// The word for an effort.
pub fn effort_word(effort: Effort) -> &'static str {
    match effort {
        Effort::Low => "low",
        Effort::Medium => "medium",
        Effort::High => "high",
    }
}

fn sample(body: &mut Value, sampling: Sampling, target: &Target<'_>) {
    let is_openai = target.base.host_str() == Some("api.openai.com");
    let reasons = target.traits.reasoning == Some(true);
    if let Some(limit) = sampling.max_tokens {
        // OpenAI's newer models refuse the old name; most other servers know no other.
        body[if is_openai { "max_completion_tokens" } else { "max_tokens" }] = limit.into();
    }
    // OpenAI's reasoning models refuse both.
    if !(is_openai && reasons) {
        if let Some(temperature) = sampling.temperature {
            body["temperature"] = hundredths(temperature.0);
        }
        if let Some(top_p) = sampling.top_p {
            body["top_p"] = hundredths(top_p.0);
        }
    }
    if let Some(effort) = sampling.effort.filter(|_| reasons) {
        body["reasoning_effort"] = effort_word(effort).into();
    }
}

/// A number with two decimals.
pub fn hundredths(number: u16) -> Value {
    (f64::from(number) / 100.0).into()
}

/// Reads the frames of chat completions; nothing has to be remembered from one to the next.
struct Frames;

impl Reader for Frames {
    fn frame(&mut self, _: &str, json: &[u8], answer: &mut Answer) -> Result<(), Fault> {
        let chunk: Chunk = serde_json::from_slice(json).map_err(|_| Fault::Garbled)?;
        if chunk.error.is_some() || chunk.choices.is_none() {
            let value = serde_json::from_slice(json).unwrap_or_default();
            // A frame of a kind that is not known is no error, unless it says that it is one.
            if is_error(&value) {
                return Err(Fault::Reported(Told::in_json(&value)));
            }
        }
        if let Some(told) = chunk.usage {
            answer.usage(usage(&told));
        }
        let Some(choices) = chunk.choices else { return Ok(()) };
        answer.begin();
        for choice in choices.into_iter().filter(|choice| choice.index == 0) {
            if let Some(delta) = choice.delta {
                read_delta(delta, answer)?;
            }
            match choice.finish_reason.as_deref() {
                None | Some("") => {}
                Some("error") => return Err(Fault::Reported(Told::default())),
                Some("length" | "max_tokens") => answer.stop(StopReason::Length),
                Some("content_filter") => answer.stop(StopReason::Filtered),
                Some(_) => answer.stop(StopReason::Done),
            }
        }
        Ok(())
    }
}

/// The usage, as OpenAI and most others tell it, or DeepSeek.
fn usage(told: &Value) -> Usage {
    let detail = |of: &str, field: &str| told.get(of).and_then(|details| tokens(details, field));
    Usage {
        input: tokens(told, "prompt_tokens"),
        cached: detail("prompt_tokens_details", "cached_tokens").or(tokens(told, "prompt_cache_hit_tokens")),
        output: tokens(told, "completion_tokens"),
        reasoning: detail("completion_tokens_details", "reasoning_tokens"),
    }
}

fn read_delta(delta: Delta, answer: &mut Answer) -> Result<(), Fault> {
    let thinking = [delta.reasoning_content.text, delta.reasoning.text, delta.content.thinking];
    if let Some(thinking) = thinking.into_iter().find(|text| !text.is_empty()) {
        answer.reasoning(thinking)?;
    }
    answer.text(delta.content.text)?;
    answer.text(delta.refusal.text)
}

fn is_error(value: &Value) -> bool {
    let is = |field: &str| value[field] == "error";
    !value["error"].is_null() || !value["detail"].is_null() || is("object") || is("type")
}

#[cfg(test)]
mod tests;
