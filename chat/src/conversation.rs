//! Conversations: their titles, lists and transcripts.

use crate::{
    folder::Shelf,
    id::{ConversationId, MessageId},
    message::{Message, Prompt},
    parameters::Parameters,
    time::{Timestamp, UtcOffset},
    turn::Turn,
    visible::sieved,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A conversation's title: one line, never empty, at most [`Title::MAX_CHARS`] characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Title(String);

/// The text has nothing to show as a title, or too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TitleError {
    /// Nothing but white space.
    #[error("Give the conversation a name.")]
    Blank,
    /// Over [`Title::MAX_CHARS`].
    #[error("A name has at most {} characters.", Title::MAX_CHARS)]
    TooLong,
}

impl Title {
    /// The longest title, in characters.
    pub const MAX_CHARS: usize = 120;
    /// The longest title that is made by cutting, in characters.
    const CUT_CHARS: usize = 48;

    /// A title as a user types it. Runs of white space and control characters become one space.
    pub fn parse(text: &str) -> Result<Self, TitleError> {
        let line = one_line(text);
        match line.chars().count() {
            0 => Err(TitleError::Blank),
            n if n > Self::MAX_CHARS => Err(TitleError::TooLong),
            _ => Ok(Self(line)),
        }
    }

    /// A title cut from the first message, at the end of a word where there is one.
    pub fn from_prompt(prompt: &Prompt) -> Self {
        let first = prompt.as_str().lines().map(one_line).find(|line| !line.is_empty()).unwrap_or_default();
        let plain = first.trim_start_matches(['#', '>', '*', '-', '`', ' ']);
        let line = if plain.is_empty() { &first } else { plain };
        Self(if line.is_empty() { "New chat".into() } else { cut(line, Self::CUT_CHARS) })
    }

    /// A title from what a model answered when asked for one; none when it is no title.
    pub fn from_model(answer: &str) -> Option<Self> {
        let line = answer.lines().map(one_line).find(|line| !line.is_empty())?;
        let line = line.trim_start_matches("Title:").trim();
        let line = line.trim_matches(['"', '\'', '*', '#', '`', '“', '”', '«', '»', ' ', '.']);
        if line.is_empty() { None } else { Some(Self(cut(line, Self::CUT_CHARS + 16))) }
    }

    /// A title as it was stored, maybe before titles were looked at as closely as now.
    pub fn stored(text: &str) -> Self {
        Self::parse(text).unwrap_or_else(|_| Self("New chat".into()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Title {
    type Error = TitleError;

    fn try_from(text: String) -> Result<Self, TitleError> {
        Self::parse(&text)
    }
}

impl From<Title> for String {
    fn from(title: Title) -> Self {
        title.0
    }
}

/// The text in one line, without what hides in it.
pub(crate) fn one_line(text: &str) -> String {
    let line = words(text);
    match sieved(&line) {
        Cow::Borrowed(_) => line,
        // Of some words nothing may be left.
        Cow::Owned(seen) => words(&seen),
    }
}

fn words(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn cut(line: &str, max: usize) -> String {
    if line.chars().count() <= max {
        return line.to_owned();
    }
    let head: String = line.chars().take(max).collect();
    let end = head.rfind(' ').filter(|end| *end > head.len() / 2).unwrap_or(head.len());
    format!("{}…", head[..end].trim_end_matches([' ', ',', ';', ':', '.', '-']))
}

/// A conversation without its messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Which one.
    pub id: ConversationId,
    /// Its title.
    pub title: Title,
    /// How models shall answer in it.
    #[serde(default)]
    pub parameters: Parameters,
    /// Where its user has put it.
    #[serde(default, skip_serializing_if = "Shelf::is_default")]
    pub shelf: Shelf,
    /// When it began.
    pub created_at: Timestamp,
    /// When something was last said in it.
    pub updated_at: Timestamp,
}

/// A conversation in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationSummary {
    /// Which one.
    pub id: ConversationId,
    /// Its title.
    pub title: Title,
    /// When something was last said in it; lists are ordered by it, newest first.
    pub updated_at: Timestamp,
    /// Whether a model is replying in it at this moment.
    pub running: bool,
    /// Where its user has put it.
    #[serde(default, skip_serializing_if = "Shelf::is_default")]
    pub shelf: Shelf,
}

/// A conversation with the messages that are shown, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcript {
    /// The conversation.
    pub conversation: Conversation,
    /// One branch from the first message to its end: the one that was chosen, or else written to last.
    pub messages: Vec<Message>,
    /// The versions of those messages that have several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forks: Vec<Fork>,
    /// What stands for the beginning of the branch when a model is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Summary>,
}

/// A message that has other versions beside it: what follows the same message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fork {
    /// The one that is shown.
    pub shown: MessageId,
    /// All of them, in the order in which they were made.
    pub versions: Vec<MessageId>,
}

/// The beginning of a branch in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The last message that it stands for.
    pub upto: MessageId,
    /// What was said.
    pub text: String,
}

impl Transcript {
    /// The turn that is running, if one is.
    pub fn running(&self) -> Option<&Turn> {
        self.messages.iter().rev().find_map(|message| match message {
            Message::Reply(turn) if turn.is_running() => Some(turn),
            _ => None,
        })
    }
}

/// The heading under which a conversation stands in the sidebar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Period {
    /// Since midnight.
    Today,
    /// The day before.
    Yesterday,
    /// The week before that.
    Previous7Days,
    /// A month of the current year, by name, or of an earlier one with its year.
    Month(String),
}

impl Period {
    /// The heading of a conversation that was last touched at `then`, seen at `now`. What lies in the
    /// future (a clock was set back) is today.
    pub fn of(then: Timestamp, now: Timestamp, offset: UtcOffset) -> Self {
        match then.days_until(now, offset) {
            i64::MIN..=0 => Self::Today,
            1 => Self::Yesterday,
            2..=7 => Self::Previous7Days,
            _ => {
                let (then, now) = (then.on_wall(offset), now.on_wall(offset));
                let month = then.month_name();
                Self::Month(if then.year == now.year { month.into() } else { format!("{month} {}", then.year) })
            }
        }
    }

    /// The words of the heading.
    pub fn heading(&self) -> &str {
        match self {
            Self::Today => "Today",
            Self::Yesterday => "Yesterday",
            Self::Previous7Days => "Previous 7 days",
            Self::Month(name) => name,
        }
    }
}

/// Splits a list, newest first, into its periods.
pub fn by_period(
    list: Vec<ConversationSummary>,
    now: Timestamp,
    offset: UtcOffset,
) -> Vec<(Period, Vec<ConversationSummary>)> {
    let mut groups: Vec<(Period, Vec<ConversationSummary>)> = Vec::new();
    for summary in list {
        let period = Period::of(summary.updated_at, now, offset);
        match groups.last_mut() {
            Some((last, members)) if *last == period => members.push(summary),
            _ => groups.push((period, vec![summary])),
        }
    }
    groups
}

#[cfg(test)]
mod tests;
