//! The events of a message. Events, blocks and fields that are not known are passed over.

use serde::Deserialize;
use serde_json::Value;

/// An event, or a whole message from a server that does not stream.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Frame {
    /// A message begins.
    MessageStart {
        /// What is known of it so far.
        message: Message,
    },
    /// A part of it begins.
    ContentBlockStart {
        /// What is in it so far, mostly nothing.
        content_block: Block,
    },
    /// A part of it goes on.
    ContentBlockDelta {
        /// What is new.
        delta: Delta,
    },
    /// It comes to its end.
    MessageDelta {
        /// How.
        delta: End,
        /// Tokens used, counted from the beginning on.
        usage: Option<Value>,
    },
    /// Nothing more will come.
    MessageStop,
    /// A whole message.
    Message(Message),
    /// `ping`, and whatever there will be.
    #[serde(other)]
    Other,
}

/// A message.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Message {
    /// What is in it; nothing when it begins.
    pub content: Vec<Block>,
    /// Why the model stopped, when it is a whole one.
    pub stop_reason: Option<String>,
    /// Tokens used.
    pub usage: Option<Value>,
}

/// A part of a message. Calls of tools are passed over.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Block {
    /// A part of the answer.
    Text {
        /// The text.
        text: Option<String>,
    },
    /// Thinking.
    Thinking {
        /// The text.
        thinking: Option<String>,
    },
    /// Anything else.
    #[serde(other)]
    Other,
}

/// What is new in a part. Arguments of tools and signatures are passed over.
#[derive(Debug, Deserialize)]
#[serde(tag = "type")]
pub enum Delta {
    /// More of the answer.
    #[serde(rename = "text_delta")]
    Text {
        /// The text.
        text: Option<String>,
    },
    /// More thinking.
    #[serde(rename = "thinking_delta")]
    Thinking {
        /// The text.
        thinking: Option<String>,
    },
    /// Anything else.
    #[serde(other)]
    Other,
}

/// The end of a message.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct End {
    /// Why the model stopped.
    pub stop_reason: Option<String>,
}
