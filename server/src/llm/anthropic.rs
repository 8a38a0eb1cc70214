//! Anthropic's messages (Anthropic API reference, "Messages" and "Streaming Messages").

mod generation;
mod listed;
mod request;
mod wire;

use super::{
    decoder::{Answer, Fault, Reader, tokens},
    dialect::{Call, Dialect, Listed, Target, sensitive},
    frame::object,
};
use crate::secret::Secret;
use chat::{Usage, ports::StopReason, prompt::ChatRequest};
use reqwest::header::{HeaderName, HeaderValue, InvalidHeaderValue};
use serde::Deserialize;
use serde_json::Value;
use wire::{Block, Delta, Frame, Message};

/// Anthropic's messages.
pub struct Anthropic;

impl Dialect for Anthropic {
    fn authorize(&self, key: &Secret) -> Result<(HeaderName, HeaderValue), InvalidHeaderValue> {
        sensitive(key.expose()).map(|value| (HeaderName::from_static("x-api-key"), value))
    }

    fn ask(&self, question: &ChatRequest, target: &Target<'_>) -> Call {
        versioned(Call::post(&["messages"], request::body(question, target)))
    }

    fn reader(&self) -> Box<dyn Reader> {
        Box::new(Frames)
    }

    fn list(&self) -> Call {
        // As many as one page may have.
        versioned(Call::get(&["models"])).with_query("limit", "1000")
    }

    fn listed(&self, body: &[u8]) -> Option<Vec<Listed>> {
        listed::models(body)
    }
}

fn versioned(call: Call) -> Call {
    call.below("v1").with_header("anthropic-version", "2023-06-01")
}

/// Reads the events of a message; nothing has to be remembered from one to the next.
struct Frames;

impl Reader for Frames {
    fn frame(&mut self, _: &str, json: &[u8], answer: &mut Answer) -> Result<(), Fault> {
        let value = object(json)?;
        if value["type"].is_null() {
            return Ok(());
        }
        match Frame::deserialize(value).map_err(|_| Fault::Garbled)? {
            Frame::MessageStart { message } | Frame::Message(message) => read_message(message, answer),
            Frame::ContentBlockStart { content_block } => read_block(content_block, answer),
            Frame::ContentBlockDelta { delta } => read_delta(delta, answer),
            Frame::MessageDelta { delta, usage } => {
                read_end(delta.stop_reason.as_deref(), usage.as_ref(), answer);
                Ok(())
            }
            Frame::MessageStop => {
                answer.done();
                Ok(())
            }
            Frame::Other => Ok(()),
        }
    }
}

/// A message that begins, or a whole one from a server that does not stream.
fn read_message(message: Message, answer: &mut Answer) -> Result<(), Fault> {
    answer.begin();
    for block in message.content {
        read_block(block, answer)?;
    }
    read_end(message.stop_reason.as_deref(), message.usage.as_ref(), answer);
    Ok(())
}

fn read_block(block: Block, answer: &mut Answer) -> Result<(), Fault> {
    answer.begin();
    match block {
        Block::Text { text } => answer.text(text.unwrap_or_default()),
        Block::Thinking { thinking } => answer.reasoning(thinking.unwrap_or_default()),
        Block::Other => Ok(()),
    }
}

fn read_delta(delta: Delta, answer: &mut Answer) -> Result<(), Fault> {
    answer.begin();
    match delta {
        Delta::Text { text } => answer.text(text.unwrap_or_default()),
        Delta::Thinking { thinking } => answer.reasoning(thinking.unwrap_or_default()),
        Delta::Other => Ok(()),
    }
}

fn read_end(stop_reason: Option<&str>, told: Option<&Value>, answer: &mut Answer) {
    if let Some(told) = told {
        answer.usage(usage(told));
    }
    match stop_reason {
        None | Some("") => {}
        Some("max_tokens" | "model_context_window_exceeded") => answer.stop(StopReason::Length),
        Some("refusal") => answer.stop(StopReason::Filtered),
        Some(_) => answer.stop(StopReason::Done),
    }
}

/// The usage. What is read from a cache or written to it is told besides the input.
fn usage(told: &Value) -> Usage {
    let cached = tokens(told, "cache_read_input_tokens");
    let besides = [cached, tokens(told, "cache_creation_input_tokens")];
    let whole = |input: u32| besides.into_iter().flatten().try_fold(input, u32::checked_add);
    // Servers that tell the input only at one end of the stream tell a zero at the other.
    let input = tokens(told, "input_tokens").and_then(whole).filter(|input| *input > 0);
    Usage {
        input,
        cached: input.and(cached),
        output: tokens(told, "output_tokens"),
        reasoning: told.get("output_tokens_details").and_then(|details| tokens(details, "thinking_tokens")),
    }
}

#[cfg(test)]
mod tests;
