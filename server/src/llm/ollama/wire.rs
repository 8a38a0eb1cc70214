//! The lines of an answer. Fields that are not known are passed over.

use serde::Deserialize;

/// A line.
#[derive(Debug, Deserialize)]
pub struct Line {
    /// What is new.
    pub message: Option<Message>,
    /// It is the last one.
    #[serde(default)]
    pub done: bool,
    /// Why the model stopped.
    pub done_reason: Option<String>,
}

/// What is new in an answer. Calls of tools are passed over.
#[derive(Debug, Deserialize)]
pub struct Message {
    /// More of the answer.
    pub content: Option<String>,
    /// More thinking.
    pub thinking: Option<String>,
}
