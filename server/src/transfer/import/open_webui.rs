//! Open WebUI: a list of chats, each a tree of messages by their ids.

use super::{
    assemble::{Author, Found, Whole},
    loose::{Content, List, Members, Moment, Text},
};
use serde::{Deserialize, de::IgnoredAny};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chat {
    pub(super) title: Text,
    history: History,
    pub(super) timestamp: Moment,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct History {
    messages: Members<Message>,
    current_id: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Message {
    parent_id: Text,
    role: Text,
    content: Content,
    model: Text,
    timestamp: Moment,
    files: List<IgnoredAny>,
}

impl Chat {
    pub(super) fn whole(self) -> Whole {
        let messages = self.history.messages.0.into_iter().map(|(id, message)| found(id, message)).collect();
        Whole {
            title: self.title.0,
            created_at: self.timestamp.0,
            messages,
            shown: self.history.current_id.0,
            ..Whole::default()
        }
    }
}

fn found(id: String, message: Message) -> Found {
    let (text, reasoning) = without_reasoning(message.content.text.join("\n\n"));
    Found {
        id,
        parent: message.parent_id.0,
        author: match message.role.0.as_deref() {
            Some("user") => Author::User,
            Some("assistant") => Author::Model(message.model.filled()),
            _ => Author::Other,
        },
        text,
        reasoning,
        more: message.content.more || !message.files.0.is_empty(),
        at: message.timestamp.0,
    }
}

/// Reasoning stands before the text, in an element of its own, quoted line by line.
fn without_reasoning(text: String) -> (String, String) {
    let whole = |text: String| (text, String::new());
    if !text.starts_with("<details type=\"reasoning\"") {
        return whole(text);
    }
    let Some((before, after)) = text.split_once("</details>") else { return whole(text) };
    let thought = before.rsplit_once("</summary>").map_or("", |(_, thought)| thought);
    let lines = thought.lines().map(|line| line.trim_start_matches("&gt;").trim_start_matches('>').trim());
    (after.to_owned(), lines.collect::<Vec<_>>().join("\n"))
}
