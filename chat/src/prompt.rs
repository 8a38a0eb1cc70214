//! From a transcript to what a model is asked.

use crate::{message::Message, model::ModelRef};

/// Who speaks in a request to a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// Instructions to the model.
    System,
    /// The user.
    User,
    /// The model, in an earlier turn.
    Assistant,
}

/// One message of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Who speaks.
    pub speaker: Speaker,
    /// What is said.
    pub text: String,
}

/// What a model is asked: the conversation so far, ending in the user's message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatRequest {
    /// Who is asked.
    pub model: ModelRef,
    /// The conversation, oldest first.
    pub parts: Vec<Part>,
    /// The most tokens that the answer may have; the model's own limit when none.
    pub max_tokens: Option<u32>,
}

/// Tokens that a text takes at the most, without knowing the model's vocabulary: English text has about
/// four bytes a token; a third is a careful guess, and the frame around a message takes a few more.
pub fn estimated_tokens(text: &str) -> u32 {
    u32::try_from(text.len() / 3 + 8).unwrap_or(u32::MAX)
}

impl ChatRequest {
    /// The share of a model's window that history may take: a quarter is left to the answer.
    fn history_tokens(context: u32) -> u32 {
        context / 4 * 3
    }

    /// Asks a model to reply to the last message of a branch. When the model's window is known, the oldest
    /// messages are left out until the rest fits by estimate; the last message is always there. Replies
    /// without text (they failed before the first word) are left out.
    pub fn reply_to(branch: &[Message], model: ModelRef, context_tokens: Option<u32>) -> Self {
        let mut left = context_tokens.map_or(u32::MAX, Self::history_tokens);
        let mut parts = Vec::new();
        for part in branch.iter().rev().filter_map(part_of) {
            let tokens = estimated_tokens(&part.text);
            if tokens > left && !parts.is_empty() {
                break;
            }
            left = left.saturating_sub(tokens);
            parts.push(part);
        }
        parts.reverse();
        // A window that begins with a reply would show the model an answer without its question.
        if parts.len() > 1 && parts[0].speaker == Speaker::Assistant {
            parts.remove(0);
        }
        Self { model, parts, max_tokens: None }
    }

    /// Asks a model for a short title of the conversation that begins with this message.
    pub fn title_of(first_message: &str, model: ModelRef) -> Self {
        let excerpt: String = first_message.chars().take(2_000).collect();
        let instructions = "Give the conversation that begins with the user's message a title of two to six \
                            words, in the language of the message. Answer with the title only: no quotation \
                            marks, no full stop.";
        let parts = vec![
            Part { speaker: Speaker::System, text: instructions.into() },
            Part { speaker: Speaker::User, text: excerpt },
        ];
        Self { model, parts, max_tokens: Some(60) }
    }
}

fn part_of(message: &Message) -> Option<Part> {
    let (speaker, text) = match message {
        Message::User(message) => (Speaker::User, &message.text),
        Message::Reply(turn) => (Speaker::Assistant, &turn.text),
    };
    (!text.trim().is_empty()).then(|| Part { speaker, text: text.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MessageId, Timestamp, UserMessage};
    use uuid::Uuid;

    fn user(text: &str) -> Message {
        let id = MessageId(Uuid::nil());
        Message::User(UserMessage { id, parent: None, text: text.into(), created_at: Timestamp(0) })
    }

    fn asked(branch: &[Message], context: Option<u32>) -> Vec<String> {
        let request = ChatRequest::reply_to(branch, ModelRef::new("p", "m"), context);
        request.parts.into_iter().map(|part| part.text).collect()
    }

    #[test]
    fn history_is_trimmed_from_its_oldest_end() {
        let long = "x".repeat(300);
        let branch = [user(&long), user("b"), user("c")];
        assert_eq!(asked(&branch, None).len(), 3);
        assert_eq!(asked(&branch, Some(100)), ["b", "c"]);
        assert_eq!(asked(&branch, Some(10)), ["c"]);
    }

    #[test]
    fn the_last_message_is_always_asked_and_empty_ones_never() {
        let long = "x".repeat(3_000);
        assert_eq!(asked(&[user("a"), user(""), user(&long)], Some(100)), [long]);
    }
}
