//! Conversations that come from elsewhere, and what became of them.

use crate::{conversation::Title, time::Timestamp};
use serde::{Deserialize, Serialize};

/// A conversation of another program, or of another Confab, in the words of this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedConversation {
    /// What it was called there: the same again is the same conversation.
    pub origin: String,
    /// Its title.
    pub title: Title,
    /// When it began.
    pub created_at: Timestamp,
    /// When something was last said in it.
    pub updated_at: Timestamp,
    /// Its messages, each after the one that it follows. The first is a user's.
    pub messages: Vec<ImportedMessage>,
    /// The end of the branch that was shown, as a place among the messages.
    pub shown: usize,
}

/// A message of an [`ImportedConversation`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedMessage {
    /// The place of the message that it follows. A reply always follows one.
    pub parent: Option<usize>,
    /// The model that wrote it, by whatever name; none for what the user wrote.
    pub model: Option<String>,
    /// Its text, never blank.
    pub text: String,
    /// The model's thinking.
    pub reasoning: String,
    /// When.
    pub created_at: Timestamp,
}

/// What became of an import: nothing of what was skipped is there, and all of the others.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImportReport {
    /// Conversations that are new here.
    pub imported: usize,
    /// Conversations that an earlier import had brought.
    pub known: usize,
    /// The first of those that could not be imported, up to [`ImportReport::TOLD`].
    pub skipped: Vec<Skipped>,
    /// How many could not be imported.
    pub skipped_count: usize,
}

/// A conversation that was not imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Its title, or its number in the file.
    pub title: String,
    /// Why: a sentence.
    pub why: String,
}

impl ImportReport {
    /// How many skipped conversations are told one by one.
    pub const TOLD: usize = 100;

    /// Notes that one was skipped.
    pub fn skip(&mut self, skipped: Skipped) {
        self.skipped_count += 1;
        if self.skipped.len() < Self::TOLD {
            self.skipped.push(skipped);
        }
    }
}
