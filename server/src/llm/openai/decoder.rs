//! From the bytes of an answer to the events of a model. Does no input or output.

use super::{
    told::Told,
    wire::{Chunk, Delta, tokens},
};
use crate::llm::sse::{Event, Parser, TooLong};
use chat::{
    Usage,
    ports::{ModelEvent, StopReason},
};
use serde_json::Value;
use std::{collections::VecDeque, mem};

/// The most bytes of text and thinking of one answer.
pub const MAX_ANSWER_BYTES: usize = 4 << 20;
/// The most bytes of one answer with everything around it.
pub const MAX_STREAM_BYTES: usize = 256 << 20;
/// The most bytes of an answer that is not streamed.
const MAX_BODY_BYTES: usize = 8 << 20;

/// What is wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The provider reports an error.
    Reported(Told),
    /// Something that is not the protocol.
    Garbled,
    /// One line or event is too long.
    TooLong,
    /// The whole is too long.
    Endless,
    /// It ended without a single frame.
    Nothing,
    /// It ended before it was complete.
    Cut,
}

impl From<TooLong> for Fault {
    fn from(_: TooLong) -> Self {
        Self::TooLong
    }
}

/// Reads one answer.
#[derive(Debug, Default)]
pub struct Decoder {
    body: Body,
    answer: Answer,
    bytes: usize,
}

/// How the body is written. Servers are not to be trusted with its type: the first byte decides.
#[derive(Debug)]
enum Body {
    Unknown(Parser),
    Events(Parser),
    Json(Vec<u8>),
}

impl Default for Body {
    fn default() -> Self {
        Self::Unknown(Parser::default())
    }
}

/// What has been read of an answer.
#[derive(Debug, Default)]
struct Answer {
    ready: VecDeque<ModelEvent>,
    frames: bool,
    text_bytes: usize,
    usage: Option<Usage>,
    stop: Option<StopReason>,
    done: bool,
}

impl Decoder {
    /// Takes in the next bytes. Events that came before a fault can still be taken.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.bytes += bytes.len();
        let told = if self.bytes > MAX_STREAM_BYTES { Err(Fault::Endless) } else { self.read(bytes) };
        match told {
            // Everything is there; what follows can't take it back.
            Err(_) if self.answer.stop.is_some() => {
                self.answer.done = true;
                Ok(())
            }
            told => told,
        }
    }

    fn read(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let mut bytes = bytes;
        if let Body::Unknown(parser) = &mut self.body {
            let is_blank = |byte: &u8| byte.is_ascii_whitespace() || [0xEF, 0xBB, 0xBF].contains(byte);
            let begin = bytes.iter().position(|byte| !is_blank(byte)).unwrap_or(bytes.len());
            parser.push(&bytes[..begin], |_| Ok::<_, Fault>(()))?;
            bytes = &bytes[begin..];
            match bytes.first() {
                None => return Ok(()),
                Some(b'{') => self.body = Body::Json(Vec::new()),
                Some(_) => self.body = Body::Events(mem::take(parser)),
            }
        }
        match &mut self.body {
            Body::Unknown(_) => Ok(()),
            Body::Events(parser) => parser.push(bytes, |event| self.answer.event(&event)),
            Body::Json(body) if body.len() + bytes.len() > MAX_BODY_BYTES => Err(Fault::TooLong),
            Body::Json(body) => {
                body.extend_from_slice(bytes);
                Ok(())
            }
        }
    }

    /// The next event that is ready.
    pub fn next(&mut self) -> Option<ModelEvent> {
        self.answer.ready.pop_front()
    }

    /// Whether the provider has said that nothing more will come.
    pub fn is_done(&self) -> bool {
        self.answer.done
    }

    /// Whether the model has told why it stopped: only the usage may still come.
    pub fn is_finished(&self) -> bool {
        self.answer.stop.is_some()
    }

    /// Whether there was something to read.
    pub fn had_text(&self) -> bool {
        self.answer.text_bytes > 0
    }

    /// Whether there was a single frame of an answer.
    pub fn had_frames(&self) -> bool {
        self.answer.frames
    }

    /// Closes the answer: the usage and the end, or why it is not complete. Complete is only what carries
    /// the model's reason to stop. What [`Self::next`] has ready comes before.
    pub fn finish(&mut self) -> Result<Vec<ModelEvent>, Fault> {
        if let Body::Json(body) = &mut self.body {
            let body = mem::take(body);
            self.answer.frame(&body)?;
        }
        match self.answer.stop {
            Some(stop) => {
                let usage = self.answer.usage.map(ModelEvent::Usage);
                Ok(usage.into_iter().chain([ModelEvent::End(stop)]).collect())
            }
            None if self.answer.frames => Err(Fault::Cut),
            None => Err(Fault::Nothing),
        }
    }
}

impl Answer {
    fn event(&mut self, event: &Event<'_>) -> Result<(), Fault> {
        if self.done {
            return Ok(());
        }
        if event.kind == "error" {
            return Err(Fault::Reported(Told::in_body(event.data.as_bytes())));
        }
        match event.data.trim() {
            "[DONE]" => {
                self.done = true;
                Ok(())
            }
            "" => Ok(()),
            data => self.frame(data.as_bytes()),
        }
    }

    fn frame(&mut self, json: &[u8]) -> Result<(), Fault> {
        let chunk: Chunk = serde_json::from_slice(json).map_err(|_| Fault::Garbled)?;
        if chunk.error.is_some() || chunk.choices.is_none() {
            let value = serde_json::from_slice(json).unwrap_or_default();
            // A frame of a kind that is not known is no error, unless it says that it is one.
            if is_error(&value) {
                return Err(Fault::Reported(Told::in_json(&value)));
            }
        }
        if let Some(usage) = chunk.usage {
            let (input, output) = (tokens(&usage, "prompt_tokens"), tokens(&usage, "completion_tokens"));
            if input.is_some() || output.is_some() {
                self.usage = Some(Usage { input, output, ..Usage::default() });
            }
        }
        let Some(choices) = chunk.choices else { return Ok(()) };
        self.frames = true;
        for choice in choices.into_iter().filter(|choice| choice.index == 0) {
            if let Some(delta) = choice.delta {
                self.delta(delta)?;
            }
            match choice.finish_reason.as_deref() {
                None | Some("") => {}
                Some("error") => return Err(Fault::Reported(Told::default())),
                Some("length" | "max_tokens") => self.stop = Some(StopReason::Length),
                Some("content_filter") => self.stop = Some(StopReason::Filtered),
                Some(_) => self.stop = Some(StopReason::Done),
            }
        }
        Ok(())
    }

    fn delta(&mut self, delta: Delta) -> Result<(), Fault> {
        let thinking = [delta.reasoning_content.text, delta.reasoning.text, delta.content.thinking];
        if let Some(thinking) = thinking.into_iter().find(|text| !text.is_empty()) {
            self.text_bytes += thinking.len();
            self.ready.push_back(ModelEvent::Reasoning(thinking));
        }
        for text in [delta.content.text, delta.refusal.text] {
            if !text.is_empty() {
                self.text_bytes += text.len();
                self.ready.push_back(ModelEvent::Text(text));
            }
        }
        if self.text_bytes > MAX_ANSWER_BYTES { Err(Fault::Endless) } else { Ok(()) }
    }
}

fn is_error(value: &Value) -> bool {
    let is = |field: &str| value[field] == "error";
    !value["error"].is_null() || !value["detail"].is_null() || is("object") || is("type")
}

#[cfg(test)]
mod tests;
