//! Finding what was said: what somebody looks for, and what is found.

use crate::{
    id::{ConversationId, MessageId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

mod mark;
mod words;

use words::{lower, runs};

/// What somebody looks for. Every term has to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query(Vec<Term>);

/// One thing that has to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Words that follow each other, in lower case; never empty, and each is letters, digits and their marks only.
    pub words: Vec<String>,
    /// The last word may go on.
    pub open: bool,
}

impl Query {
    /// The most terms that are looked at; what follows is ignored.
    pub const MAX_TERMS: usize = 16;
    /// The most characters that are looked at; what follows is ignored.
    pub const MAX_CHARS: usize = 400;
    /// A word of one letter is whole: half of all words begin with it.
    const MIN_OPEN: usize = 2;

    /// What somebody typed. Words are what is between spaces; what holds signs inside, such as `wal_checkpoint`, and
    /// what stands in quotes, is found as it stands. The last word may go on, as somebody may be typing. None when there
    /// is nothing to look for: no sign means anything, and none is an error.
    pub fn parse(text: &str) -> Option<Self> {
        let end = text.char_indices().nth(Self::MAX_CHARS).map_or(text.len(), |(end, _)| end);
        let mut terms = Vec::new();
        let mut parts = text[..end].split(['"', '“', '”', '„']).enumerate().peekable();
        while let Some((index, part)) = parts.next() {
            let (quoted, closed) = (index % 2 == 1, parts.peek().is_some());
            if quoted {
                terms.extend(Term::of(part, !closed));
            } else {
                terms.extend(part.split_whitespace().filter_map(|chunk| Term::of(chunk, !closed)));
            }
        }
        terms.truncate(Self::MAX_TERMS);
        let last = terms.len().saturating_sub(1);
        terms.iter_mut().take(last).for_each(|term| term.open = false);
        if terms.is_empty() { None } else { Some(Self(terms)) }
    }

    /// The terms.
    pub fn terms(&self) -> &[Term] {
        &self.0
    }
}

impl Term {
    fn of(text: &str, open: bool) -> Option<Self> {
        let words: Vec<String> = runs(text).map(|run| lower(&text[run])).collect();
        let long = words.last()?.chars().count() >= Query::MIN_OPEN;
        Some(Self { words, open: open && long })
    }
}

/// A conversation that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// Which one.
    pub conversation: ConversationId,
    /// Its title.
    pub title: Marked,
    /// The message that was found in it; none when only its title matches.
    pub message: Option<MessageHit>,
    /// When the message was sent; without one, when something was last said.
    pub at: Timestamp,
    /// Whether it is in the archive.
    #[serde(default)]
    pub archived: bool,
}

/// A message that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageHit {
    /// Which one.
    pub id: MessageId,
    /// What it says around what was found.
    pub snippet: Marked,
}

/// One line of text in which some pieces are what was looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Marked(pub Vec<Piece>);

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// What it says.
    pub text: String,
    /// Whether it is what was looked for.
    pub marked: bool,
}

#[cfg(test)]
mod tests;
