//! OpenAI's responses, in which its reasoning models show a summary of what they think (OpenAI API reference,
//! "Responses" and "Streaming events").

use super::{
    decoder::{Answer, Fault, Reader, tokens},
    dialect::{Call, Dialect, Listed, Target, ending_in_user},
    openai::{OpenAi, bearer, data_url, effort_word, hundredths},
    told::Told,
};
use crate::secret::Secret;
use chat::{
    Sampling, Usage,
    ports::StopReason,
    prompt::{ChatRequest, Part, Speaker},
};
use reqwest::header::{HeaderName, HeaderValue, InvalidHeaderValue};
use serde_json::{Value, json};

/// OpenAI's responses.
pub struct Responses;

/// The fewest tokens that may be asked for.
const FEWEST_TOKENS: u32 = 16;

impl Dialect for Responses {
    fn authorize(&self, key: &Secret) -> Result<(HeaderName, HeaderValue), InvalidHeaderValue> {
        bearer(key)
    }

    /// "Create a model response". Nothing is stored there: the conversation is sent each time.
    fn ask(&self, question: &ChatRequest, target: &Target<'_>) -> Call {
        let parts = ending_in_user(question);
        let is_system = |part: &&Part| part.speaker == Speaker::System;
        let instructions: Vec<&str> = parts.iter().filter(is_system).map(|part| part.text.as_str()).collect();
        let input: Vec<Value> = parts.iter().filter(|part| !is_system(part)).map(item).collect();
        let mut body = json!({ "model": target.model, "input": input, "stream": true, "store": false });
        if !instructions.is_empty() {
            body["instructions"] = instructions.join("\n\n").into();
        }
        sample(&mut body, question.sampling, target.traits.reasoning == Some(true));
        Call::post(&["responses"], body)
    }

    fn reader(&self) -> Box<dyn Reader> {
        Box::new(Frames)
    }

    fn list(&self) -> Call {
        OpenAi.list()
    }

    fn listed(&self, body: &[u8]) -> Option<Vec<Listed>> {
        OpenAi.listed(body)
    }
}

fn item(part: &Part) -> Value {
    let role = if part.speaker == Speaker::Assistant { "assistant" } else { "user" };
    if part.images.is_empty() {
        return json!({ "role": role, "content": part.text });
    }
    let images = part.images.iter().map(|image| json!({ "type": "input_image", "image_url": data_url(image) }));
    let text = (!part.text.is_empty()).then(|| json!({ "type": "input_text", "text": part.text }));
    json!({ "role": role, "content": images.chain(text).collect::<Vec<_>>() })
}

fn sample(body: &mut Value, sampling: Sampling, reasons: bool) {
    if let Some(limit) = sampling.max_tokens {
        body["max_output_tokens"] = limit.max(FEWEST_TOKENS).into();
    }
    if reasons {
        body["reasoning"] = json!({ "summary": "auto" });
        if let Some(effort) = sampling.effort {
            body["reasoning"]["effort"] = effort_word(effort).into();
        }
        // Models that reason refuse the rest.
        return;
    }
    if let Some(temperature) = sampling.temperature {
        body["temperature"] = hundredths(temperature.0);
    }
    if let Some(top_p) = sampling.top_p {
        body["top_p"] = hundredths(top_p.0);
    }
}

/// Reads the events of a response; nothing has to be remembered from one to the next.
struct Frames;

impl Reader for Frames {
    fn frame(&mut self, kind: &str, json: &[u8], answer: &mut Answer) -> Result<(), Fault> {
        let value: Value = serde_json::from_slice(json).map_err(|_| Fault::Garbled)?;
        if !value.is_object() {
            return Err(Fault::Garbled);
        }
        let piece = || value["delta"].as_str().unwrap_or_default();
        match value["type"].as_str().unwrap_or(kind) {
            "response.output_text.delta" | "response.refusal.delta" => answer.text(piece()),
            "response.reasoning_summary_text.delta" | "response.reasoning_text.delta" => answer.reasoning(piece()),
            // A summary has parts, each a paragraph.
            "response.reasoning_summary_part.added" if value["summary_index"].as_u64() > Some(0) => {
                answer.reasoning("\n\n")
            }
            "response.created" | "response.in_progress" => {
                answer.begin();
                Ok(())
            }
            "response.completed" | "response.incomplete" | "response.failed" => read_end(&value["response"], answer),
            "error" => Err(Fault::Reported(Told::in_json(&value))),
            _ if value["object"] == "response" => read_whole(&value, answer),
            _ if !value["error"].is_null() => Err(Fault::Reported(Told::in_json(&value))),
            _ => Ok(()),
        }
    }
}

/// A response that a server does not stream.
fn read_whole(response: &Value, answer: &mut Answer) -> Result<(), Fault> {
    let items = response["output"].as_array().into_iter().flatten();
    for item in items {
        let parts = |field: &str| item[field].as_array().cloned().unwrap_or_default();
        for part in parts("summary") {
            answer.reasoning(part["text"].as_str().unwrap_or_default())?;
        }
        for part in parts("content").into_iter().filter(|_| item["type"] == "message") {
            answer.text(part["text"].as_str().or(part["refusal"].as_str()).unwrap_or_default())?;
        }
    }
    read_end(response, answer)
}

fn read_end(response: &Value, answer: &mut Answer) -> Result<(), Fault> {
    let usage = &response["usage"];
    let detail = |of: &str, field: &str| usage.get(of).and_then(|details| tokens(details, field));
    answer.usage(Usage {
        input: tokens(usage, "input_tokens"),
        cached: detail("input_tokens_details", "cached_tokens"),
        output: tokens(usage, "output_tokens"),
        reasoning: detail("output_tokens_details", "reasoning_tokens"),
    });
    match (response["status"].as_str(), response["incomplete_details"]["reason"].as_str()) {
        (Some("completed"), _) => answer.stop(StopReason::Done),
        (Some("incomplete"), Some("content_filter")) => answer.stop(StopReason::Filtered),
        (Some("incomplete"), _) => answer.stop(StopReason::Length),
        (Some("failed"), _) => return Err(Fault::Reported(Told::in_json(response))),
        _ => return Ok(()),
    }
    answer.done();
    Ok(())
}

#[cfg(test)]
mod tests;
