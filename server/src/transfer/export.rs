//! Conversations as files: JSON, which this program imports again, and Markdown, which everybody can read.

use chat::{
    Message, Timestamp,
    ports::WholeConversation,
    time::{UtcOffset, WallTime},
};
use serde::Serialize;

/// The version of the files.
const VERSION: u32 = 1;

/// How a conversation is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// All branches, with everything that is known of them.
    Json,
    /// The branch that is shown, as it is read.
    Markdown,
}

impl Format {
    /// By its word in an address.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "json" => Some(Self::Json),
            "markdown" => Some(Self::Markdown),
            _ => None,
        }
    }

    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Markdown => "Markdown",
        }
    }

    /// The ending of a file's name.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Markdown => "md",
        }
    }

    /// A conversation as the contents of a file.
    pub fn write(self, whole: &WholeConversation) -> String {
        match self {
            Self::Json => json(whole),
            Self::Markdown => markdown(whole),
        }
    }
}

/// A name for a conversation's file: its day and its title, in letters that every disk takes.
pub fn file_name(whole: &WholeConversation, format: Format) -> String {
    let day = day(whole.conversation.created_at);
    let title: String =
        whole.conversation.title.as_str().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words: Vec<&str> = title.split_whitespace().collect();
    let title: String = words.join("-").chars().take(60).collect();
    format!("{day} {}.{}", if title.is_empty() { "conversation" } else { &title }, format.ending())
}

#[derive(Serialize)]
struct File<'a> {
    confab: u32,
    id: String,
    title: &'a str,
    created_at: Timestamp,
    updated_at: Timestamp,
    shown: Option<String>,
    messages: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
    author: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
    at: Timestamp,
    text: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    reasoning: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<&'a str>,
}

fn json(whole: &WholeConversation) -> String {
    let WholeConversation { conversation, messages, shown } = whole;
    let entry = |(message, parent): &'_ (Message, Option<chat::MessageId>)| {
        let (id, parent) = (message.id().to_string(), parent.map(|parent| parent.to_string()));
        (id, parent)
    };
    let entries = messages.iter().map(|one| {
        let (id, parent) = entry(one);
        match &one.0 {
            Message::User(message) => Entry {
                id,
                parent,
                author: "user",
                model: None,
                at: message.created_at,
                text: &message.text,
                reasoning: "",
                files: message.attachments.iter().map(|file| file.name.as_str()).collect(),
            },
            Message::Reply(turn) => Entry {
                id,
                parent,
                author: "model",
                model: Some(&turn.model_name),
                at: turn.started_at,
                text: &turn.text,
                reasoning: &turn.reasoning,
                files: Vec::new(),
            },
        }
    });
    let file = File {
        confab: VERSION,
        id: conversation.id.to_string(),
        title: conversation.title.as_str(),
        created_at: conversation.created_at,
        updated_at: conversation.updated_at,
        shown: shown.map(|shown| shown.to_string()),
        messages: entries.collect(),
    };
    serde_json::to_string_pretty(&file).unwrap_or_default()
}

fn markdown(whole: &WholeConversation) -> String {
    let mut branch = Vec::new();
    let mut next = whole.shown;
    for (message, parent) in whole.messages.iter().rev() {
        if Some(message.id()) == next {
            branch.push(message);
            next = *parent;
        }
    }
    let mut text = format!("# {}\n", whole.conversation.title.as_str());
    for message in branch.into_iter().rev() {
        let (author, at, said) = match message {
            Message::User(message) => ("You", message.created_at, &message.text),
            Message::Reply(turn) => (turn.model_name.as_str(), turn.started_at, &turn.text),
        };
        text += &format!("\n## {author}, {} {} UTC\n\n", day(at), wall(at).clock());
        if let Message::User(message) = message {
            text.extend(message.attachments.iter().map(|file| format!("Attached: {}\n\n", file.name.as_str())));
        }
        text += said.trim();
        text.push('\n');
    }
    text
}

fn wall(at: Timestamp) -> WallTime {
    at.on_wall(UtcOffset::default())
}

fn day(at: Timestamp) -> String {
    let WallTime { year, month, day, .. } = wall(at);
    format!("{year:04}-{month:02}-{day:02}")
}
