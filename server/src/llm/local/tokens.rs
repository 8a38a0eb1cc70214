//! Text to tokens and back, as the model's file describes it.

use super::file::{Metadata, number, text};
use candle_core::quantized::gguf_file::Value;
use std::collections::HashMap;
use tokenizers::{
    AddedToken, SplitDelimiterBehavior, Tokenizer,
    models::bpe::{BPE, Vocab},
    normalizers::{NormalizerWrapper, Prepend, Replace, Sequence as Normalizers},
    pre_tokenizers::{
        byte_level::ByteLevel,
        digits::Digits,
        sequence::Sequence,
        split::{Split, SplitPattern},
    },
};

/// How Llama 3 splits a text before it looks for tokens.
const LLAMA3_SPLIT: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// What SentencePiece writes for a space.
const SPM_SPACE: &str = "\u{2581}";

/// Kinds of tokens (`llama_token_type` of llama.cpp).
const CONTROL: i32 = 3;
const USER_DEFINED: i32 = 4;
const BYTE: i32 = 6;

/// A model's vocabulary.
pub struct Tokens {
    tokenizer: Tokenizer,
    /// The bytes of all tokens, one after the other, and where each begins.
    bytes: Vec<u8>,
    begins: Vec<usize>,
    ends: Vec<u32>,
    controls: Vec<String>,
    /// How the text of the first and last token is written in chat templates.
    pub bos: String,
    /// See [`Self::bos`].
    pub eos: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Byte pairs over bytes written as printable characters, as GPT-2 did first.
    ByteLevel,
    /// SentencePiece's byte pairs over characters.
    SentencePiece,
}

impl Tokens {
    /// Builds it from the metadata of a GGUF file.
    ///
    /// # Errors
    /// What is missing or not known, as the end of a sentence.
    pub fn read(metadata: &Metadata) -> Result<Self, String> {
        let list = texts(metadata, "tokenizer.ggml.tokens").ok_or("it has no list of tokens")?;
        let types = types(metadata, list.len());
        let kind = match text(metadata, "tokenizer.ggml.model") {
            Some("gpt2") => Kind::ByteLevel,
            Some("llama") => Kind::SentencePiece,
            other => {
                return Err(format!("its tokenizer {} is not known here", other.unwrap_or("without a name")));
            }
        };
        let mut tokenizer = match kind {
            Kind::ByteLevel => byte_level(metadata, &list),
            Kind::SentencePiece => sentence_piece(metadata, &list, &types),
        }?;
        let with =
            |kind: i32| list.iter().zip(&types).filter(move |(_, t)| **t == kind).map(|(token, _)| token.clone());
        tokenizer.add_special_tokens(with(CONTROL).map(|token| AddedToken::from(token, true))).map_err(unusable)?;
        tokenizer.add_tokens(with(USER_DEFINED).map(|token| AddedToken::from(token, false))).map_err(unusable)?;

        let controls: Vec<_> = with(CONTROL).collect();
        let (mut bytes, mut begins) = (Vec::new(), Vec::with_capacity(list.len() + 1));
        for (token, token_type) in list.iter().zip(&types) {
            begins.push(bytes.len());
            push_bytes(&mut bytes, token, *token_type, kind);
        }
        begins.push(bytes.len());
        let id = |key: &str| number(metadata, &format!("tokenizer.ggml.{key}_token_id")).filter(|id| *id < list.len());
        let ends = ["eos", "eot"].into_iter().filter_map(id).filter_map(|id| u32::try_from(id).ok()).collect();
        let written = |key| id(key).map(|id| list[id].clone()).unwrap_or_default();
        Ok(Self { tokenizer, bytes, begins, ends, controls, bos: written("bos"), eos: written("eos") })
    }

    /// A text in which no control token is written out any more: what somebody quotes must not end a message
    /// or begin another.
    pub fn defused(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for control in &self.controls {
            let mut rest = control.chars();
            if let Some(first) = rest.next().filter(|_| text.contains(control)) {
                text = text.replace(control, &format!("{first} {}", rest.as_str()));
            }
        }
        text
    }

    /// The tokens of a text. Control tokens that are written out in it are taken as such.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, String> {
        Ok(self.tokenizer.encode_fast(text, false).map_err(unusable)?.get_ids().to_vec())
    }

    /// The bytes that a token stands for; not always whole characters, and none for a control token.
    pub fn bytes(&self, token: u32) -> &[u8] {
        match self.begins.get(token as usize..token as usize + 2) {
            Some([begin, end]) => &self.bytes[*begin..*end],
            _ => &[],
        }
    }

    /// Whether a model that writes this token is done.
    pub fn is_end(&self, token: u32) -> bool {
        self.ends.contains(&token)
    }
}

fn unusable(error: tokenizers::Error) -> String {
    format!("its tokenizer can't be used ({error})")
}

fn byte_level(metadata: &Metadata, list: &[String]) -> Result<Tokenizer, String> {
    let pair = |merge: &String| merge.split_once(' ').map(|(a, b)| (a.to_owned(), b.to_owned()));
    let merges = texts(metadata, "tokenizer.ggml.merges").ok_or("it has no list of merges")?;
    let merges = merges.iter().map(pair).collect::<Option<Vec<_>>>().ok_or("its list of merges is damaged")?;
    let pre = text(metadata, "tokenizer.ggml.pre").unwrap_or("default");
    let is_llama3 = matches!(pre, "llama-bpe" | "llama3" | "llama-v3");
    let bpe =
        BPE::builder().vocab_and_merges(vocab(list), merges).ignore_merges(is_llama3).build().map_err(unusable)?;
    let mut tokenizer = Tokenizer::new(bpe);
    let words = ByteLevel::new(false, false, true);
    let split = match pre {
        _ if is_llama3 => {
            let pattern = SplitPattern::Regex(LLAMA3_SPLIT.into());
            let split = Split::new(pattern, SplitDelimiterBehavior::Isolated, false).map_err(unusable)?;
            Sequence::new(vec![split.into(), ByteLevel::new(false, false, false).into()])
        }
        "smollm" => Sequence::new(vec![Digits::new(true).into(), words.into()]),
        "default" | "gpt-2" => Sequence::new(vec![words.into()]),
        other => return Err(format!("its way to split words, {other}, is not known here")),
    };
    tokenizer.with_pre_tokenizer(Some(split));
    Ok(tokenizer)
}

/// SentencePiece merges the pair whose result scores best; as a list of merges that is every way to put a
/// token together from two, the best token first.
fn sentence_piece(metadata: &Metadata, list: &[String], types: &[i32]) -> Result<Tokenizer, String> {
    let scores = metadata.get("tokenizer.ggml.scores").and_then(|value| value.to_vec().ok());
    let scores = scores.filter(|scores| scores.len() == list.len()).ok_or("it has no scores for its tokens")?;
    let ids: HashMap<&str, usize> = list.iter().enumerate().map(|(id, token)| (token.as_str(), id)).collect();
    let mut merges = Vec::new();
    for (id, token) in list.iter().enumerate().filter(|(id, _)| !matches!(types[*id], CONTROL | BYTE)) {
        let score = scores[id].to_f32().unwrap_or(f32::MIN);
        for (at, _) in token.char_indices().skip(1) {
            let (left, right) = token.split_at(at);
            if let (Some(l), Some(r)) = (ids.get(left), ids.get(right)) {
                merges.push((score, *l, *r, left, right));
            }
        }
    }
    merges.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let merges: Vec<_> = merges.iter().map(|(.., left, right)| (left.to_string(), right.to_string())).collect();
    let unknown = number(metadata, "tokenizer.ggml.unknown_token_id").and_then(|id| list.get(id));
    let mut bpe = BPE::builder().vocab_and_merges(vocab(list), merges).byte_fallback(true).fuse_unk(true);
    if let Some(unknown) = unknown {
        bpe = bpe.unk_token(unknown.clone());
    }
    let mut tokenizer = Tokenizer::new(bpe.build().map_err(unusable)?);
    let space = Replace::new(" ", SPM_SPACE).map_err(unusable)?;
    let begins_with_space = !matches!(metadata.get("tokenizer.ggml.add_space_prefix"), Some(Value::Bool(false)));
    let prefix = begins_with_space.then(|| NormalizerWrapper::from(Prepend::new(SPM_SPACE.into())));
    let steps = prefix.into_iter().chain([space.into()]).collect();
    tokenizer.with_normalizer(Some(Normalizers::new(steps))).map_err(unusable)?;
    Ok(tokenizer)
}

fn vocab(list: &[String]) -> Vocab {
    (0..).zip(list).map(|(id, token)| (token.clone(), id)).collect()
}

fn texts(metadata: &Metadata, key: &str) -> Option<Vec<String>> {
    metadata.get(key)?.to_vec().ok()?.iter().map(|value| value.to_string().ok().cloned()).collect()
}

fn types(metadata: &Metadata, number: usize) -> Vec<i32> {
    let values = metadata.get("tokenizer.ggml.token_type").and_then(|value| value.to_vec().ok());
    let mut types: Vec<i32> = values.into_iter().flatten().map(|value| value.to_i32().unwrap_or(1)).collect();
    types.resize(number, 1);
    types
}

/// Appends the bytes that a token stands for.
fn push_bytes(bytes: &mut Vec<u8>, token: &str, token_type: i32, kind: Kind) {
    match (token_type, kind) {
        (CONTROL, _) => {}
        (USER_DEFINED, _) => bytes.extend_from_slice(token.as_bytes()),
        (BYTE, _) => {
            let hex = token.strip_prefix("<0x").and_then(|rest| rest.strip_suffix('>'));
            bytes.extend(hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()));
        }
        (_, Kind::ByteLevel) => bytes.extend(token.chars().filter_map(byte_of)),
        (_, Kind::SentencePiece) => bytes.extend_from_slice(token.replace(SPM_SPACE, " ").as_bytes()),
    }
}

/// The byte that GPT-2 writes as this character: printable ones stand for themselves, the others for the
/// characters from U+0100 on, in their order.
fn byte_of(c: char) -> Option<u8> {
    let printable = |byte: u8| matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF);
    match u32::from(c) {
        code @ 0..=0xFF => u8::try_from(code).ok().filter(|byte| printable(*byte)),
        code => (0..=u8::MAX).filter(|byte| !printable(*byte)).nth((code - 0x100) as usize),
    }
}

#[cfg(test)]
mod tests;
