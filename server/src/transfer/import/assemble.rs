//! From the messages of any program to a conversation of this one.

use chat::{
    Prompt, Timestamp, Title,
    transfer::{ImportedConversation, ImportedMessage, Skipped},
};
use std::collections::HashMap;

/// The most messages of one conversation.
const MESSAGES: usize = 20_000;
/// The longest message, in bytes of UTF-8.
const MESSAGE_BYTES: usize = 1_000_000;
/// What stands for a message that was only a file.
const FILE: &str = "(A file, which was not imported.)";

/// Who wrote a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Author {
    User,
    /// A model, by its name there.
    Model(Option<String>),
    /// The program itself, or a tool: not shown here.
    Other,
}

/// A message as it was found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) id: String,
    pub(super) parent: Option<String>,
    pub(super) author: Author,
    pub(super) text: String,
    pub(super) reasoning: String,
    /// It had more than text.
    pub(super) more: bool,
    pub(super) at: Option<Timestamp>,
}

/// A conversation as it was found.
#[derive(Debug, Default)]
pub(super) struct Whole {
    /// The program that it comes from, and what it was called there.
    pub(super) origin: Option<String>,
    pub(super) title: Option<String>,
    pub(super) created_at: Option<Timestamp>,
    pub(super) updated_at: Option<Timestamp>,
    pub(super) messages: Vec<Found>,
    /// The message at the end of the branch that was shown.
    pub(super) shown: Option<String>,
}

impl Whole {
    /// The conversation, or why it can't be one. `number` is its place in the file, from 1.
    pub(super) fn assemble(self, program: &str, number: usize) -> Result<ImportedConversation, Skipped> {
        let title = self.title.as_deref().and_then(title);
        let called = title.as_ref().map_or_else(|| format!("Conversation {number}"), |title| title.as_str().to_owned());
        let skipped = |why: &str| Skipped { title: called.clone(), why: why.to_owned() };
        if self.messages.len() > MESSAGES {
            return Err(skipped("It has more than 20,000 messages."));
        }
        if self.messages.iter().any(|message| message.text.len() + message.reasoning.len() > MESSAGE_BYTES) {
            return Err(skipped("It has a message of more than 1 MB."));
        }
        let begun = self.created_at.or_else(|| self.messages.iter().find_map(|message| message.at));
        let begun = begun.or(self.updated_at).unwrap_or(Timestamp(0));
        let (messages, places) = in_order(self.messages, begun);
        let Some(first) = messages.first() else { return Err(skipped("It has no messages.")) };
        let last = messages.iter().map(|message| message.created_at).max().unwrap_or(begun);
        let title = title.or_else(|| Prompt::parse(&first.text).ok().map(|prompt| Title::from_prompt(&prompt)));
        let Some(title) = title.or_else(|| Title::parse(&called).ok()) else {
            return Err(skipped("It has no title."));
        };
        let shown = self.shown.and_then(|id| places.get(&id).copied().flatten());
        Ok(ImportedConversation {
            origin: format!("{program}:{}", self.origin.unwrap_or_else(|| format!("{}:{called}", begun.0))),
            title,
            created_at: begun,
            updated_at: self.updated_at.unwrap_or(last).max(begun),
            shown: shown.unwrap_or(messages.len() - 1),
            messages,
        })
    }
}

/// A title of any length, on one line.
fn title(text: &str) -> Option<Title> {
    let cut: String = text.trim().chars().take(Title::MAX_CHARS).collect();
    Title::parse(&cut).ok()
}

/// Where the messages stand, by their ids; none when neither one nor what it follows is kept.
type Places = HashMap<String, Option<usize>>;

/// The messages that are kept, each after its parent. What hangs on one that is not kept hangs on what that one follows;
/// what goes round in a circle is left out.
fn in_order(found: Vec<Found>, begun: Timestamp) -> (Vec<ImportedMessage>, Places) {
    let known: HashMap<&str, usize> = found.iter().enumerate().map(|(place, one)| (one.id.as_str(), place)).collect();
    let parent = |one: &Found| one.parent.as_deref().and_then(|parent| known.get(parent).copied());
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); found.len()];
    let mut next: Vec<usize> = Vec::new();
    for (place, one) in found.iter().enumerate() {
        match parent(one) {
            Some(parent) if parent != place => children[parent].push(place),
            _ => next.push(place),
        }
    }
    next.reverse();
    let parents: Vec<Option<usize>> = found.iter().map(parent).collect();
    let (mut kept, mut places) = (Vec::new(), Places::new());
    let mut at: Vec<Option<usize>> = vec![None; found.len()];
    let mut found: Vec<Option<Found>> = found.into_iter().map(Some).collect();
    while let Some(place) = next.pop() {
        let Some(one) = found[place].take() else { continue };
        let before = parents[place].filter(|parent| *parent != place).and_then(|parent| at[parent]);
        let id = one.id.clone();
        at[place] = match message(one, before, begun) {
            Some(message) => {
                kept.push(message);
                Some(kept.len() - 1)
            }
            None => before,
        };
        places.insert(id, at[place]);
        next.extend(children[place].iter().rev());
    }
    (kept, places)
}

/// None for what is not shown here: what is empty, what no person and no model wrote, and greetings before the first
/// question.
fn message(found: Found, parent: Option<usize>, begun: Timestamp) -> Option<ImportedMessage> {
    let clean = |text: &str| text.replace("\r\n", "\n").replace('\0', "").trim().to_owned();
    let mut text = clean(&found.text);
    if text.is_empty() && found.more {
        text = FILE.to_owned();
    }
    let model = match found.author {
        Author::User => None,
        Author::Model(name) => Some(name.unwrap_or_default()),
        Author::Other => return None,
    };
    if text.is_empty() || (model.is_some() && parent.is_none()) {
        return None;
    }
    let reasoning = clean(&found.reasoning);
    Some(ImportedMessage { parent, model, text, reasoning, created_at: found.at.unwrap_or(begun) })
}
