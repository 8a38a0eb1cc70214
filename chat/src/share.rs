//! Shared conversations: snapshots that whoever has the link may read.

use crate::{
    attachment::FileName,
    conversation::Title,
    id::{ConversationId, UserId},
    message::Message,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What the address of a shared conversation ends with: `/s/{token}`. Whoever knows it may read, so it is never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct ShareToken(String);

impl ShareToken {
    /// 256 bits in base64.
    const LENGTH: usize = 43;

    /// From an address, or from where tokens are made. None for what can't be one.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == Self::LENGTH
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        fits.then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path of the page.
    pub fn path(&self) -> String {
        ["/s/", &self.0].concat()
    }
}

impl fmt::Debug for ShareToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShareToken")
    }
}

/// A message of a snapshot: what was said, and nothing of what it took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedMessage {
    /// The name of the model that wrote it; none for the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// What it says, in Markdown.
    pub text: String,
    /// What the model thought.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reasoning: String,
    /// The names of the files that came with it. Their contents are not shared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileName>,
    /// When.
    pub at: Timestamp,
}

/// What of a branch is shared: its messages, without a reply that is still being written or says nothing.
pub fn snapshot(branch: &[Message]) -> Vec<SharedMessage> {
    let shared = |message: &Message| match message {
        Message::User(message) => Some(SharedMessage {
            model: None,
            text: message.text.clone(),
            reasoning: String::new(),
            files: message.attachments.iter().map(|file| file.name.clone()).collect(),
            at: message.created_at,
        }),
        Message::Reply(turn) if turn.is_running() || turn.text.trim().is_empty() => None,
        Message::Reply(turn) => Some(SharedMessage {
            model: Some(turn.model_name.clone()),
            text: turn.text.clone(),
            reasoning: turn.reasoning.clone(),
            files: Vec::new(),
            at: turn.started_at,
        }),
    };
    branch.iter().filter_map(shared).collect()
}

/// A snapshot to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewShare {
    /// Whose conversation it is.
    pub owner: UserId,
    /// Which one.
    pub conversation: ConversationId,
    /// The token, if the conversation has no link yet.
    pub token: ShareToken,
    /// What whoever has the link reads.
    pub share: Share,
}

/// What whoever has the link reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The title at that time.
    pub title: Title,
    /// The name of whoever shares it.
    pub author: String,
    /// What was said.
    pub messages: Vec<SharedMessage>,
    /// When the snapshot was taken.
    pub created_at: Timestamp,
}

/// A link, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareLink {
    /// The token.
    pub token: ShareToken,
    /// The conversation.
    pub conversation: ConversationId,
    /// The title in the snapshot.
    pub title: Title,
    /// When the snapshot was taken.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        event::Usage,
        id::{MessageId, TurnId},
        message::UserMessage,
        model::ModelRef,
        turn::{Outcome, Turn, TurnState},
    };
    use uuid::Uuid;

    fn reply(text: &str, state: Option<TurnState>) -> Message {
        let (id, parent, reply) =
            (TurnId(Uuid::from_u128(1)), MessageId(Uuid::from_u128(2)), MessageId(Uuid::from_u128(3)));
        let turn = Turn::begun(id, parent, reply, ModelRef::new("openai", "gpt"), "GPT".into(), Timestamp(5));
        let state = state.unwrap_or_else(|| turn.state.clone());
        let usage = Usage { input: Some(7), ..Usage::default() };
        Message::Reply(Turn { text: text.into(), reasoning: "Why".into(), state, usage, cost: Some(9), ..turn })
    }

    #[test]
    fn what_is_written_or_says_nothing_is_not_shared_nor_what_an_answer_took() {
        let ended = || Some(TurnState::Ended(Outcome::Complete));
        let id = MessageId(Uuid::from_u128(2));
        let (parent, attachments) = (None, Vec::new());
        let asked =
            Message::User(UserMessage { id, parent, text: "Why?".into(), attachments, created_at: Timestamp(1) });
        let branch = [asked, reply("Because.", ended()), reply("Half an ans", None), reply(" \n", ended())];
        let shared = snapshot(&branch);
        let texts: Vec<_> = shared.iter().map(|message| (message.model.as_deref(), message.text.as_str())).collect();
        assert_eq!(texts, [(None, "Why?"), (Some("GPT"), "Because.")]);
        let json = serde_json::to_string(&shared[1]).expect("JSON");
        assert_eq!(json, r#"{"model":"GPT","text":"Because.","reasoning":"Why","at":5}"#);
    }

    #[test]
    fn a_token_is_43_letters_and_is_not_told_by_debug() {
        let text = "AZaz09-_".repeat(6);
        let token = ShareToken::parse(&text[..43]).expect("a token");
        assert_eq!(token.path(), format!("/s/{}", &text[..43]));
        assert!(!format!("{token:?}").contains("AZ"));
        for other in ["", &text[..42], &text[..44], &"é".repeat(43), &"/".repeat(43), &"a%".repeat(22)[..43]] {
            assert_eq!(ShareToken::parse(other), None, "{other}");
        }
    }
}
