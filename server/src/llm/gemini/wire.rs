//! The chunks of an answer. Fields that are not known are passed over.

use serde::Deserialize;
use serde_json::Value;

/// A `GenerateContentResponse`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Chunk {
    /// What is new; none when the question was refused.
    pub candidates: Option<Vec<Candidate>>,
    /// What was thought of the question.
    pub prompt_feedback: Option<PromptFeedback>,
    /// Tokens used so far.
    pub usage_metadata: Option<Value>,
}

/// One of the answers; only the first is ever asked for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// Which one.
    #[serde(default)]
    pub index: i64,
    /// What is new.
    pub content: Option<Content>,
    /// Why the model stopped.
    pub finish_reason: Option<String>,
    /// The same as a sentence.
    pub finish_message: Option<String>,
}

/// What is new in an answer.
#[derive(Debug, Default, Deserialize)]
pub struct Content {
    /// Its parts.
    pub parts: Option<Vec<Part>>,
}

/// A part of an answer. Calls of tools, code and pictures are passed over.
#[derive(Debug, Deserialize)]
pub struct Part {
    /// The text.
    pub text: Option<String>,
    /// It is thinking.
    pub thought: Option<bool>,
}

/// What was thought of the question.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PromptFeedback {
    /// Why it was refused.
    pub block_reason: Option<String>,
}
