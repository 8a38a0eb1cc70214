//! The body of a request for a message.

use super::generation::{Generation, Thinking};
use crate::llm::{
    alternating::{Alternating, Turn, alternating},
    dialect::{Target, ending_in_user},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chat::{
    Effort, Image,
    prompt::{ChatRequest, Part, Speaker},
};
use serde_json::{Value, json};
use std::borrow::Cow;

/// The most tokens of an answer when the user wants no other number and the model's own is not known.
const MAX_TOKENS: u32 = 8_192;
/// The fewest tokens of thinking that can be asked for.
const MIN_BUDGET: u32 = 1_024;

/// The body of a request for a message that is streamed.
pub fn body(question: &ChatRequest, target: &Target<'_>) -> Value {
    let generation = Generation::of(target.model);
    let goes_on = question.parts.last().is_some_and(|part| part.speaker == Speaker::Assistant);
    let prefill = goes_on && generation.prefill;
    let parts = if prefill { Cow::Borrowed(&*question.parts) } else { ending_in_user(question) };
    let Alternating { system, turns } = alternating(&parts);
    let last = turns.len().saturating_sub(1);
    let messages: Vec<Value> =
        turns.iter().enumerate().map(|(at, turn)| message(turn, prefill && at == last)).collect();
    let mut body = json!({ "model": target.model, "messages": messages, "stream": true });
    if !system.trim().is_empty() {
        body["system"] = system.into();
    }
    // Who has to go on with an answer may not think before.
    think_and_sample(&mut body, question, target, generation, !prefill);
    body
}

/// A turn. White space at the end of an answer to go on with is refused.
fn message(turn: &Turn<'_>, is_prefill: bool) -> Value {
    let mut content: Vec<Value> = turn.parts.iter().flat_map(|part| blocks(part)).collect();
    if let Some(text) = content.last_mut().filter(|_| is_prefill).and_then(|block| block.get_mut("text")) {
        *text = text.as_str().unwrap_or_default().trim_end().into();
    }
    json!({ "role": if turn.is_user { "user" } else { "assistant" }, "content": content })
}

/// The blocks of a part: pictures first, as Anthropic advises. Texts of nothing but white space are refused.
fn blocks(part: &Part) -> impl Iterator<Item = Value> {
    let text = (!part.text.trim().is_empty()).then(|| json!({ "type": "text", "text": part.text }));
    part.images.iter().map(image).chain(text)
}

fn image(image: &Image) -> Value {
    let source = json!({ "type": "base64", "media_type": image.media_type, "data": STANDARD.encode(&image.bytes) });
    json!({ "type": "image", "source": source })
}

fn think_and_sample(
    body: &mut Value,
    question: &ChatRequest,
    target: &Target<'_>,
    generation: Generation,
    may_think: bool,
) {
    let sampling = question.sampling;
    let reasons = may_think && target.traits.reasoning == Some(true);
    let max_output = target.traits.max_output;
    let wanted = match sampling.effort.filter(|_| reasons && generation.thinking == Thinking::Budget) {
        None | Some(Effort::Low) => 0,
        Some(Effort::Medium) => 8_192,
        Some(Effort::High) => 24_576,
    };
    let limit = sampling.max_tokens.or(max_output).unwrap_or(MAX_TOKENS + wanted);
    let limit = limit.min(max_output.unwrap_or(limit));
    body["max_tokens"] = limit.into();
    // Half of the answer's tokens are left to the answer itself.
    let budget = wanted.min(limit / 2);
    let adapts = match generation.thinking {
        Thinking::Budget => false,
        Thinking::Adaptive => reasons && sampling.effort.is_some(),
        Thinking::Always => reasons,
    };
    if budget >= MIN_BUDGET {
        body["thinking"] = json!({ "type": "enabled", "budget_tokens": budget });
    } else if adapts {
        body["thinking"] = json!({ "type": "adaptive", "display": "summarized" });
        if let Some(effort) = sampling.effort {
            body["output_config"] = json!({ "effort": effort.word() });
        }
    } else if let Some(temperature) = sampling.temperature.filter(|_| generation.sampling) {
        body["temperature"] = temperature.value().min(1.0).into();
    } else if let Some(top_p) = sampling.top_p.filter(|_| generation.sampling) {
        // Most models refuse both at once.
        body["top_p"] = top_p.value().into();
    }
}
