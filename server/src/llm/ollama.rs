//! Ollama's own language (Ollama API reference, "Generate a chat completion").

mod listed;
mod request;
mod wire;

use super::{
    decoder::{Answer, Fault, Framing, Reader, tokens},
    dialect::{Call, Dialect, Listed, Target},
    frame::object,
    openai::bearer,
};
use crate::secret::Secret;
use chat::{Usage, ports::StopReason, prompt::ChatRequest};
use reqwest::header::{HeaderName, HeaderValue, InvalidHeaderValue};
use serde::Deserialize;
use serde_json::{Value, json};
use wire::Line;

/// Ollama's own language.
pub struct Ollama;

impl Dialect for Ollama {
    /// Ollama itself wants no key; what stands before it may.
    fn authorize(&self, key: &Secret) -> Result<(HeaderName, HeaderValue), InvalidHeaderValue> {
        bearer(key)
    }

    fn ask(&self, question: &ChatRequest, target: &Target<'_>) -> Call {
        Call::post(&["chat"], request::body(question, target)).below("api")
    }

    fn framing(&self) -> Framing {
        Framing::Lines
    }

    fn reader(&self) -> Box<dyn Reader> {
        Box::new(Frames)
    }

    fn list(&self) -> Call {
        Call::get(&["tags"]).below("api")
    }

    fn listed(&self, body: &[u8]) -> Option<Vec<Listed>> {
        listed::models(body)
    }

    fn describe(&self, model: &Listed) -> Option<Call> {
        Some(Call::post(&["show"], json!({ "model": model.id })).below("api"))
    }

    fn described(&self, body: &[u8], model: &mut Listed) {
        if let Some(traits) = listed::traits(body) {
            model.traits = traits.or(model.traits);
        }
    }
}

/// Reads the lines of an answer; nothing has to be remembered from one to the next.
struct Frames;

impl Reader for Frames {
    fn frame(&mut self, _: &str, json: &[u8], answer: &mut Answer) -> Result<(), Fault> {
        // An error may come in the middle of an answer: the stream then ends as if all had gone well.
        let value = object(json)?;
        answer.usage(usage(&value));
        let line = Line::deserialize(value).map_err(|_| Fault::Garbled)?;
        if let Some(message) = line.message {
            answer.begin();
            answer.reasoning(message.thinking.unwrap_or_default())?;
            answer.text(message.content.unwrap_or_default())?;
        }
        if line.done {
            read_end(line.done_reason.as_deref(), answer);
        }
        Ok(())
    }
}

/// The last line. Some servers that speak this language tell no reason; that it is done is one.
fn read_end(reason: Option<&str>, answer: &mut Answer) {
    match reason {
        // The model was loaded or unloaded, and not asked.
        Some("load" | "unload") => {}
        Some("length") => answer.stop(StopReason::Length),
        _ => answer.stop(StopReason::Done),
    }
    answer.done();
}

fn usage(told: &Value) -> Usage {
    Usage { input: tokens(told, "prompt_eval_count"), output: tokens(told, "eval_count"), ..Usage::default() }
}

#[cfg(test)]
mod tests;
