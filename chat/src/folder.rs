//! The order that a user gives to conversations: pinned, put into folders, archived.

use crate::{conversation::one_line, id::FolderId};
use serde::{Deserialize, Serialize};

/// A folder for conversations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folder {
    /// Which one.
    pub id: FolderId,
    /// What its user calls it.
    pub name: FolderName,
    /// Whether it is shown closed.
    pub closed: bool,
}

impl Folder {
    /// Folders as one text, a line for each, to travel with a page.
    pub fn pack(folders: &[Self]) -> String {
        let line = |Self { id, name, closed }: &Self| {
            [&*id.to_string(), if *closed { "-" } else { "+" }, name.as_str()].concat()
        };
        folders.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// Folders from what [`Folder::pack`] made of them.
    pub fn unpack(text: &str) -> Vec<Self> {
        let folder = |line: &str| {
            let (id, rest) = line.split_at_checked(36)?;
            let name = FolderName(rest.get(1..)?.to_owned());
            Some(Self { id: id.parse().ok()?, name, closed: rest.starts_with('-') })
        };
        text.lines().filter_map(folder).collect()
    }
}

/// What a folder is called: one line, never empty, at most [`FolderName::MAX_CHARS`] characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FolderName(String);

/// The text is no name for a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FolderNameError {
    /// Nothing but white space.
    #[error("Give the folder a name.")]
    Blank,
    /// Over [`FolderName::MAX_CHARS`].
    #[error("A folder's name has at most {} characters.", FolderName::MAX_CHARS)]
    TooLong,
}

impl FolderName {
    /// The longest name, in characters.
    pub const MAX_CHARS: usize = 100;

    /// A name as a user types it. Runs of white space and control characters become one space.
    pub fn parse(text: &str) -> Result<Self, FolderNameError> {
        let line = one_line(text);
        match line.chars().count() {
            0 => Err(FolderNameError::Blank),
            n if n > Self::MAX_CHARS => Err(FolderNameError::TooLong),
            _ => Ok(Self(line)),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for FolderName {
    type Error = FolderNameError;

    fn try_from(text: String) -> Result<Self, FolderNameError> {
        Self::parse(&text)
    }
}

impl From<FolderName> for String {
    fn from(name: FolderName) -> Self {
        name.0
    }
}

/// Where a user has put a conversation. It travels as a text, which takes next to nothing to read: `p` for pinned, `a` for
/// archived, the id of its folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Shelf {
    /// Above all others, wherever else it is.
    pub pinned: bool,
    /// Out of the way: not listed, but found.
    pub archived: bool,
    /// In a folder.
    pub folder: Option<FolderId>,
}

impl From<String> for Shelf {
    fn from(text: String) -> Self {
        let (marks, folder) = text.split_once(' ').unwrap_or((&text, ""));
        Self { pinned: marks.contains('p'), archived: marks.contains('a'), folder: folder.parse().ok() }
    }
}

impl From<Shelf> for String {
    fn from(Shelf { pinned, archived, folder }: Shelf) -> Self {
        let mark = |is, mark| if is { mark } else { "" };
        let folder = folder.map(|folder| folder.to_string()).unwrap_or_default();
        [mark(pinned, "p"), mark(archived, "a"), " ", &*folder].concat()
    }
}

impl Shelf {
    /// Whether nobody has put it anywhere.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Where it is after something was done to it. What is deleted is nowhere.
    #[must_use]
    pub fn after(self, act: Act) -> Self {
        match act {
            Act::Pin => Self { pinned: true, ..self },
            Act::Unpin => Self { pinned: false, ..self },
            Act::Archive => Self { archived: true, ..self },
            Act::Unarchive => Self { archived: false, ..self },
            Act::Move(None) => Self { folder: None, ..self },
            Act::Move(folder) => Self { folder, pinned: false, ..self },
            Act::Delete => self,
        }
    }
}

/// What is done to one conversation or to several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Puts them above all others.
    Pin,
    /// Puts them back to where they were.
    Unpin,
    /// Takes them out of the list.
    Archive,
    /// Puts them back into it.
    Unarchive,
    /// Puts them into a folder, where they are seen then and not above it, or out of any.
    Move(Option<FolderId>),
    /// Deletes them with everything in them.
    Delete,
}

impl Act {
    /// The words that stand for acts in forms, without [`Act::Move`], which is `move`.
    const WORDS: [(&str, Self); 5] = [
        ("pin", Self::Pin),
        ("unpin", Self::Unpin),
        ("archive", Self::Archive),
        ("unarchive", Self::Unarchive),
        ("delete", Self::Delete),
    ];

    /// An act from a form: its word, and the folder of a `move`; none is an empty text. None when it is no act.
    pub fn parse(word: &str, folder: &str) -> Option<Self> {
        match (word, folder) {
            ("move", "") => Some(Self::Move(None)),
            ("move", folder) => folder.parse().ok().map(|folder| Self::Move(Some(folder))),
            _ => Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, act)| *act),
        }
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, act)| *act == self).map_or("move", |(word, _)| word)
    }
}

#[cfg(test)]
mod tests;
