//! The model in memory: reads a prompt and writes an answer. Blocks; knows no threads and no async.

use super::{
    detokenizer::Detokenizer,
    file::{self, Identity, Metadata},
    sampler::Sampler,
    template::Template,
    tokens::Tokens,
};
use candle_core::{
    Device, Tensor,
    quantized::{
        GgmlDType, QTensor,
        gguf_file::{self, Content},
    },
};
use candle_transformers::models::quantized_llama::ModelWeights;
use chat::{
    ports::StopReason,
    prompt::{Part, Speaker},
};
use std::{
    io::{Cursor, Read, Seek},
    path::Path,
};

/// Tokens of a prompt that are read at once. Between them it is looked whether to stop.
pub const READ_TOKENS: usize = 32;
/// The most tokens of an answer.
const MAX_ANSWER_TOKENS: usize = 700;
/// Tokens that are always left to the answer.
const MIN_ANSWER_TOKENS: usize = 64;

/// A model in memory.
pub struct Engine {
    weights: ModelWeights,
    tokens: Tokens,
    template: Template,
    window: usize,
}

/// What a model reads before it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its tokens.
    pub tokens: Vec<u32>,
    /// The most tokens of the answer.
    pub max_answer: usize,
}

/// A question can't be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadQuestion {
    /// It does not fit: its tokens, and how many there may be.
    TooLong(usize, usize),
    /// The model's template or tokenizer complains.
    Refused(String),
}

/// What came of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Tokens read.
    pub read: usize,
    /// Tokens written.
    pub written: usize,
    /// Why the model stopped; none when it was stopped.
    pub end: Option<StopReason>,
}

impl Engine {
    /// Loads a file.
    ///
    /// # Errors
    /// Why it can't be used, as the end of a sentence.
    pub fn load(path: &Path) -> Result<Self, String> {
        let window = Identity::read(path)?.window;
        let (content, mut reader) = file::open(path)?;
        let tokens = Tokens::read(&content.metadata)?;
        let source = file::text(&content.metadata, "tokenizer.chat_template").unwrap_or_default().to_owned();
        let template = Template { source, bos: tokens.bos.clone(), eos: tokens.eos.clone() };
        let weights = weights(content, &mut reader).map_err(|error| format!("its weights can't be read ({error})"))?;
        Ok(Self { weights, tokens, template, window })
    }

    /// Prepares a question. The oldest messages are left out as long as it takes more than three quarters of
    /// the window; instructions and the last message stay.
    pub fn question(&self, parts: &[Part], max_answer: Option<u32>) -> Result<Question, BadQuestion> {
        let (instructions, mut rest) = match parts {
            [first, rest @ ..] if first.speaker == Speaker::System => (Some(first), rest),
            all => (None, all),
        };
        rest = self.newest(rest).map_err(BadQuestion::Refused)?;
        loop {
            let defused = |part: &Part| Part::text(part.speaker, self.tokens.defused(&part.text));
            let asked: Vec<Part> = instructions.into_iter().chain(rest).map(defused).collect();
            let text = self.template.render(&asked).map_err(BadQuestion::Refused)?;
            let tokens = self.tokens.encode(&text).map_err(BadQuestion::Refused)?;
            match rest {
                // What remains must not begin with an answer to a question that is gone.
                [oldest, newer @ ..]
                    if !newer.is_empty()
                        && (tokens.len() > self.room_for_history() || oldest.speaker == Speaker::Assistant) =>
                {
                    rest = newer;
                }
                _ if tokens.len() + MIN_ANSWER_TOKENS > self.window => {
                    return Err(BadQuestion::TooLong(tokens.len(), self.window - MIN_ANSWER_TOKENS));
                }
                _ => {
                    let wanted = max_answer.map_or(MAX_ANSWER_TOKENS, |max| max as usize).max(1);
                    let max_answer = wanted.min(MAX_ANSWER_TOKENS).min(self.window - tokens.len());
                    return Ok(Question { tokens, max_answer });
                }
            }
        }
    }

    fn room_for_history(&self) -> usize {
        self.window / 4 * 3
    }

    /// The newest messages that could fit, by their own tokens alone: no more of a long history is looked at.
    fn newest<'a>(&self, parts: &'a [Part]) -> Result<&'a [Part], String> {
        let mut sum = 0;
        for (at, part) in parts.iter().enumerate().rev() {
            sum += self.tokens.encode(&part.text)?.len();
            if sum > self.room_for_history() {
                return Ok(&parts[(at + 1).min(parts.len() - 1)..]);
            }
        }
        Ok(parts)
    }

    /// Answers. `stop` is asked between steps, `write` takes each piece of text and tells whether to go on.
    ///
    /// # Errors
    /// When the arithmetic fails; the engine may be used again.
    pub fn answer(
        &self,
        question: &Question,
        seed: u64,
        stop: &dyn Fn() -> bool,
        write: &mut dyn FnMut(String) -> bool,
    ) -> candle_core::Result<Report> {
        // Weights are shared between clones; what a conversation leaves behind is not.
        let mut weights = self.weights.clone();
        let mut report = Report { read: 0, written: 0, end: None };
        let mut logits = Vec::new();
        for chunk in question.tokens.chunks(READ_TOKENS) {
            if stop() {
                return Ok(report);
            }
            logits = forward(&mut weights, chunk, report.read)?;
            report.read += chunk.len();
        }
        let (mut sampler, mut text) = (Sampler::new(seed), Detokenizer::default());
        let mut written = Vec::with_capacity(question.max_answer);
        while !stop() {
            let Some(token) = sampler.pick(&mut logits, &written) else {
                return Err(candle_core::Error::Msg("the model thinks nothing that is a number".into()));
            };
            if self.tokens.is_end(token) {
                report.end = Some(StopReason::Done);
                break;
            }
            let place = report.read + written.len();
            written.push(token);
            let piece = text.push(self.tokens.bytes(token));
            if !piece.is_empty() && !write(piece) {
                break;
            }
            if written.len() >= question.max_answer {
                report.end = Some(StopReason::Length);
                break;
            }
            logits = forward(&mut weights, &[token], place)?;
        }
        report.written = written.len();
        Ok(report)
    }
}

/// What the model thinks of each token as the next one after these.
fn forward(weights: &mut ModelWeights, tokens: &[u32], place: usize) -> candle_core::Result<Vec<f32>> {
    let input = Tensor::new(tokens, &Device::Cpu)?.unsqueeze(0)?;
    weights.forward(&input, place)?.squeeze(0)?.to_vec1()
}

/// Reads the weights. There is no fast arithmetic for Q4_1 here: such weights are turned into Q8_0, which is
/// three times as quick and takes twice the memory.
fn weights(content: Content, reader: &mut (impl Read + Seek)) -> candle_core::Result<ModelWeights> {
    let device = Device::Cpu;
    if !content.tensor_infos.values().any(|info| info.ggml_dtype == GgmlDType::Q4_1) {
        return ModelWeights::from_gguf(content, reader, &device);
    }
    let mut tensors = Vec::with_capacity(content.tensor_infos.len());
    for name in content.tensor_infos.keys() {
        let mut tensor = content.tensor(reader, name, &device)?;
        if tensor.dtype() == GgmlDType::Q4_1 {
            tensor = QTensor::quantize(&tensor.dequantize(&device)?, GgmlDType::Q8_0)?;
        }
        tensors.push((name.as_str(), tensor));
    }
    // The one way to hand tensors to candle's llama is a file: it is written into memory.
    let mut file = Cursor::new(Vec::new());
    {
        let kept = |(key, _): &(&String, _)| !key.starts_with("tokenizer.");
        let metadata: &Metadata = &content.metadata;
        let metadata: Vec<_> = metadata.iter().filter(kept).map(|(key, value)| (key.as_str(), value)).collect();
        let tensors: Vec<_> = tensors.iter().map(|(name, tensor)| (*name, tensor)).collect();
        gguf_file::write(&mut file, &metadata, &tensors)?;
    }
    drop(tensors);
    file.set_position(0);
    ModelWeights::from_gguf(Content::read(&mut file)?, &mut file, &device)
}

#[cfg(test)]
mod tests;
