//! Messages: what users write, and what assistants reply.

use crate::{attachment::Attachment, id::MessageId, time::Timestamp, turn::Turn, visible::sieved};
use serde::{Deserialize, Serialize};

/// What a user wrote, checked: never blank, never longer than [`Prompt::MAX_BYTES`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Prompt(String);

/// Why a text can't be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PromptError {
    /// Nothing but white space.
    #[error("Write something first.")]
    Blank,
    /// Over the limit.
    #[error("This message is longer than {} kB. Shorten it or send it in parts.", Prompt::MAX_BYTES / 1000)]
    TooLong,
}

impl Prompt {
    /// The longest message in bytes of UTF-8.
    pub const MAX_BYTES: usize = 200_000;

    /// Checks a text. White space at its ends is dropped; NUL, which no message needs and SQL tools stumble
    /// over, is dropped too, and so is what hides ([`crate::visible`]); line ends become `\n`, whatever the browser sent.
    pub fn parse(text: &str) -> Result<Self, PromptError> {
        let text = text.replace("\r\n", "\n").replace('\0', "");
        let text = sieved(&text);
        let text = text.trim();
        match text.len() {
            0 => Err(PromptError::Blank),
            n if n > Self::MAX_BYTES => Err(PromptError::TooLong),
            _ => Ok(Self(text.to_owned())),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Prompt {
    type Error = PromptError;

    fn try_from(text: String) -> Result<Self, PromptError> {
        Self::parse(&text)
    }
}

impl From<Prompt> for String {
    fn from(prompt: Prompt) -> Self {
        prompt.0
    }
}

/// A message that a user sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserMessage {
    /// Which message.
    pub id: MessageId,
    /// The message that it follows; none at the start of a conversation.
    pub parent: Option<MessageId>,
    /// What the user wrote, in Markdown or not.
    pub text: String,
    /// The files that came with it, in the order in which they were put there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// When it was sent.
    pub created_at: Timestamp,
}

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "every other message is the larger variant")]
pub enum Message {
    /// By the user.
    User(UserMessage),
    /// By a model: a reply is its turn.
    Reply(Turn),
}

impl Message {
    /// Which message.
    pub fn id(&self) -> MessageId {
        match self {
            Self::User(message) => message.id,
            Self::Reply(turn) => turn.reply,
        }
    }

    /// The message that it follows.
    pub fn parent(&self) -> Option<MessageId> {
        match self {
            Self::User(message) => message.parent,
            Self::Reply(turn) => Some(turn.parent),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_is_trimmed_and_never_blank() {
        assert_eq!(Prompt::parse(" \r\n a\r\nb\0 ").expect("text").as_str(), "a\nb");
        for blank in ["", " ", "\n\t ", "\0", "\u{3000}"] {
            assert_eq!(Prompt::parse(blank), Err(PromptError::Blank), "{blank:?}");
        }
    }

    #[test]
    fn the_limit_is_told_with_its_number() {
        assert!(Prompt::parse(&"x".repeat(Prompt::MAX_BYTES)).is_ok());
        let error = Prompt::parse(&"x".repeat(Prompt::MAX_BYTES + 1)).expect_err("too long");
        assert_eq!(error.to_string(), "This message is longer than 200 kB. Shorten it or send it in parts.");
    }
}
