//! From the bytes of an answer to the events of a model. Does no input or output. What is the same in all dialects
//! is here; what a frame means is told by a [`Reader`].

use super::{
    sse::{MAX_EVENT_BYTES, Parser, TooLong},
    told::Told,
};
use chat::{
    Usage,
    ports::{ModelEvent, StopReason},
};
use serde_json::Value;
use std::{collections::VecDeque, mem};

/// The most bytes of one answer with everything around it.
pub const MAX_STREAM_BYTES: usize = 256 << 20;
/// The most bytes of an answer that is not streamed.
pub const MAX_BODY_BYTES: usize = 8 << 20;

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

/// How an answer is cut into frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// Server-sent events; or one JSON object, from servers that do not stream.
    Events,
    /// A JSON object a line.
    Lines,
}

/// Tells what the frames of one answer mean.
pub trait Reader: Send {
    /// Reads a frame: JSON, and the type of the event that carried it (empty when none was given). Kinds of frames
    /// that are not known are passed over. Never sees an event of the type `error`, nor `[DONE]`.
    fn frame(&mut self, kind: &str, json: &[u8], answer: &mut Answer) -> Result<(), Fault>;
}

/// What has been read of an answer.
#[derive(Debug)]
pub struct Answer {
    ready: VecDeque<ModelEvent>,
    frames: bool,
    text_bytes: usize,
    max_text: usize,
    usage: Option<Usage>,
    stop: Option<StopReason>,
    done: bool,
}

impl Answer {
    /// There was a frame of an answer, with or without text.
    pub fn begin(&mut self) {
        self.frames = true;
    }

    /// A piece of the answer.
    ///
    /// # Errors
    /// [`Fault::Endless`] when the answer is over its limit.
    pub fn text(&mut self, piece: impl Into<String>) -> Result<(), Fault> {
        self.piece(piece.into(), ModelEvent::Text)
    }

    /// A piece of thinking.
    ///
    /// # Errors
    /// [`Fault::Endless`] when the answer is over its limit.
    pub fn reasoning(&mut self, piece: impl Into<String>) -> Result<(), Fault> {
        self.piece(piece.into(), ModelEvent::Reasoning)
    }

    fn piece(&mut self, piece: String, event: fn(String) -> ModelEvent) -> Result<(), Fault> {
        if piece.is_empty() {
            return Ok(());
        }
        self.frames = true;
        self.text_bytes += piece.len();
        self.ready.push_back(event(piece));
        if self.text_bytes > self.max_text { Err(Fault::Endless) } else { Ok(()) }
    }

    /// Tokens used so far. What is none leaves what was told before.
    pub fn usage(&mut self, told: Usage) {
        if told == Usage::default() {
            return;
        }
        let before = self.usage.unwrap_or_default();
        self.usage = Some(Usage {
            input: told.input.or(before.input),
            cached: told.cached.or(before.cached),
            output: told.output.or(before.output),
            reasoning: told.reasoning.or(before.reasoning),
        });
    }

    /// Why the model stopped. The answer is complete; only the usage may still come.
    pub fn stop(&mut self, reason: StopReason) {
        self.frames = true;
        self.stop = Some(reason);
    }

    /// Nothing more will come.
    pub fn done(&mut self) {
        self.done = true;
    }
}

/// A number of tokens: none when it is missing, negative or beyond measure.
pub fn tokens(usage: &Value, field: &str) -> Option<u32> {
    usage.get(field)?.as_u64().and_then(|n| u32::try_from(n).ok())
}

/// Reads one answer.
pub struct Decoder {
    reader: Box<dyn Reader>,
    body: Body,
    answer: Answer,
    bytes: usize,
}

/// How the body is written. Servers are not to be trusted with its type: the first byte decides between events and
/// an answer that is not streamed.
enum Body {
    Unknown(Parser),
    Events(Parser),
    Json(Vec<u8>),
    Lines(Vec<u8>),
}

impl Decoder {
    /// Reads an answer with at most `max_text` bytes of text and thinking.
    pub fn new(framing: Framing, reader: Box<dyn Reader>, max_text: usize) -> Self {
        let body = match framing {
            Framing::Events => Body::Unknown(Parser::default()),
            Framing::Lines => Body::Lines(Vec::new()),
        };
        let (ready, usage, stop) = (VecDeque::new(), None, None);
        let answer = Answer { ready, frames: false, text_bytes: 0, max_text, usage, stop, done: false };
        Self { reader, body, answer, bytes: 0 }
    }

    /// Takes in the next bytes.
    ///
    /// # Errors
    /// What is wrong with them. Events that came before can still be taken.
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
        let (reader, answer) = (&mut *self.reader, &mut self.answer);
        match &mut self.body {
            Body::Unknown(_) => Ok(()),
            Body::Events(parser) => parser.push(bytes, |event| frame(reader, answer, &event.kind, &event.data)),
            Body::Json(body) if body.len() + bytes.len() > MAX_BODY_BYTES => Err(Fault::TooLong),
            Body::Json(body) => {
                body.extend_from_slice(bytes);
                Ok(())
            }
            Body::Lines(line) => lines(line, bytes, |line| frame(reader, answer, "", line)),
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

    /// Closes the answer: the usage and the end. What [`Self::next`] has ready comes before.
    ///
    /// # Errors
    /// Why it is not complete. Complete is only what carries the model's reason to stop.
    pub fn finish(&mut self) -> Result<Vec<ModelEvent>, Fault> {
        let (reader, answer) = (&mut *self.reader, &mut self.answer);
        match &mut self.body {
            Body::Json(body) => reader.frame("", &mem::take(body), answer)?,
            // A line without its end is a whole one, or it was cut.
            Body::Lines(line) => match frame(reader, answer, "", &String::from_utf8_lossy(&mem::take(line))) {
                Ok(()) | Err(Fault::Garbled) => {}
                Err(fault) => return Err(fault),
            },
            Body::Unknown(_) | Body::Events(_) => {}
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

fn frame(reader: &mut dyn Reader, answer: &mut Answer, kind: &str, data: &str) -> Result<(), Fault> {
    if answer.done {
        return Ok(());
    }
    if kind == "error" {
        return Err(Fault::Reported(Told::in_body(data.as_bytes())));
    }
    match data.trim() {
        "[DONE]" => {
            answer.done = true;
            Ok(())
        }
        "" => Ok(()),
        data => reader.frame(kind, data.as_bytes(), answer),
    }
}

fn lines(rest: &mut Vec<u8>, mut bytes: &[u8], mut each: impl FnMut(&str) -> Result<(), Fault>) -> Result<(), Fault> {
    while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
        if rest.len() + end > MAX_EVENT_BYTES {
            return Err(Fault::TooLong);
        }
        rest.extend_from_slice(&bytes[..end]);
        bytes = &bytes[end + 1..];
        each(&String::from_utf8_lossy(&mem::take(rest)))?;
    }
    if rest.len() + bytes.len() > MAX_EVENT_BYTES {
        return Err(Fault::TooLong);
    }
    rest.extend_from_slice(bytes);
    Ok(())
}
