//! Google's Gemini (Gemini API reference, "Generating content").

mod listed;
mod request;
mod wire;

use super::{
    decoder::{Answer, Fault, Reader, tokens},
    dialect::{Call, Dialect, Listed, Target, sensitive},
    frame::object,
    told::Told,
};
use crate::secret::Secret;
use chat::{Usage, ports::StopReason, prompt::ChatRequest};
use reqwest::header::{HeaderName, HeaderValue, InvalidHeaderValue};
use serde::Deserialize;
use serde_json::Value;
use wire::{Candidate, Chunk};

/// Google's Gemini.
pub struct Gemini;

impl Dialect for Gemini {
    /// The key has a header of its own: in the address it would stand in every log on the way.
    fn authorize(&self, key: &Secret) -> Result<(HeaderName, HeaderValue), InvalidHeaderValue> {
        sensitive(key.expose()).map(|value| (HeaderName::from_static("x-goog-api-key"), value))
    }

    fn ask(&self, question: &ChatRequest, target: &Target<'_>) -> Call {
        let method = format!("{}:streamGenerateContent", listed::bare(target.model));
        Call::post(&["models", &method], request::body(question, target)).below("v1beta").with_query("alt", "sse")
    }

    fn reader(&self) -> Box<dyn Reader> {
        Box::new(Frames)
    }

    fn list(&self) -> Call {
        // As many as one page may have.
        Call::get(&["models"]).below("v1beta").with_query("pageSize", "1000")
    }

    fn listed(&self, body: &[u8]) -> Option<Vec<Listed>> {
        listed::models(body)
    }
}

/// Reads the chunks of an answer; nothing has to be remembered from one to the next.
struct Frames;

impl Reader for Frames {
    fn frame(&mut self, _: &str, json: &[u8], answer: &mut Answer) -> Result<(), Fault> {
        let chunk = Chunk::deserialize(object(json)?).map_err(|_| Fault::Garbled)?;
        if let Some(told) = &chunk.usage_metadata {
            answer.usage(usage(told));
        }
        let refused = chunk.prompt_feedback.and_then(|feedback| feedback.block_reason);
        for candidate in chunk.candidates.unwrap_or_default().into_iter().filter(|candidate| candidate.index == 0) {
            answer.begin();
            read_candidate(candidate, answer)?;
        }
        if refused.is_some_and(|reason| is_told(&reason)) {
            answer.stop(StopReason::Filtered);
        }
        Ok(())
    }
}

fn read_candidate(candidate: Candidate, answer: &mut Answer) -> Result<(), Fault> {
    for part in candidate.content.unwrap_or_default().parts.unwrap_or_default() {
        let text = part.text.unwrap_or_default();
        if part.thought == Some(true) { answer.reasoning(text)? } else { answer.text(text)? }
    }
    let Some(reason) = candidate.finish_reason.filter(|reason| is_told(reason)) else { return Ok(()) };
    match reason.as_str() {
        "STOP" => answer.stop(StopReason::Done),
        "MAX_TOKENS" => answer.stop(StopReason::Length),
        "RECITATION" | "BLOCKLIST" | "SPII" | "LANGUAGE" => answer.stop(StopReason::Filtered),
        reason if reason.contains("SAFETY") || reason.contains("PROHIBITED") => answer.stop(StopReason::Filtered),
        // A call of a tool that can't be read, and the like: the model did not come to an end of its own.
        reason => {
            let text = candidate.finish_message.unwrap_or_default();
            return Err(Fault::Reported(Told { code: reason.to_lowercase(), text }));
        }
    }
    Ok(())
}

/// Whether a reason is one: Google's enumerations have a word for none.
fn is_told(reason: &str) -> bool {
    !reason.is_empty() && !reason.ends_with("_UNSPECIFIED")
}

/// The usage. What is thought is told besides what is written.
fn usage(told: &Value) -> Usage {
    let (written, reasoning) = (tokens(told, "candidatesTokenCount"), tokens(told, "thoughtsTokenCount"));
    let output = match (written, reasoning) {
        (Some(written), Some(reasoning)) => written.checked_add(reasoning),
        (written, reasoning) => written.or(reasoning),
    };
    let cached = tokens(told, "cachedContentTokenCount");
    Usage { input: tokens(told, "promptTokenCount"), cached, output, reasoning }
}

#[cfg(test)]
mod tests;
