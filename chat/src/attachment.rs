//! Attachments: files that a user puts beside a message.

use crate::{id::FileId, visible::sieved};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A file that a user has uploaded. Its name is for people only: nothing is ever stored under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Which file.
    pub id: FileId,
    /// The name that it had.
    pub name: FileName,
    /// What it is, decided by its content.
    pub kind: AttachmentKind,
    /// Its media type (RFC 6838), decided by its content.
    pub media_type: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Tokens that it takes in a request, by estimate.
    pub tokens: u32,
}

/// What a file is to a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentKind {
    /// A picture, of so many pixels.
    Image {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// Something of which the text is read.
    Text,
}

impl Attachment {
    /// The most files that one message has.
    pub const MAX_PER_MESSAGE: usize = 20;

    /// Whether only models that see can use it.
    pub fn is_image(&self) -> bool {
        matches!(self.kind, AttachmentKind::Image { .. })
    }
}

/// What of a file is put into a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileContent {
    /// Its text.
    Text(Arc<str>),
    /// The picture as it is sent: its media type and its bytes.
    Image(Image),
}

/// A picture in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// `image/png`, `image/jpeg`, `image/webp` or `image/gif`.
    pub media_type: String,
    /// The file.
    pub bytes: Arc<[u8]>,
}

/// The name of a file, to show: one line of at most [`FileName::MAX_CHARS`] characters, never empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct FileName(String);

impl FileName {
    /// The longest name, in characters.
    pub const MAX_CHARS: usize = 120;

    /// The name at the end of whatever a browser sends: without folders, control characters and what else
    /// hides ([`crate::visible`]). The middle of a long one is left out, so that its ending stays.
    pub fn parse(text: &str) -> Self {
        let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
        let one_line = |c: &char| !c.is_control() && !matches!(*c, '\u{2028}' | '\u{2029}');
        let name: Vec<char> = sieved(last.trim()).chars().filter(one_line).collect();
        if name.iter().all(|c| c.is_whitespace() || *c == '.') {
            return Self("file".into());
        }
        if name.len() <= Self::MAX_CHARS {
            return Self(name.into_iter().collect());
        }
        let (head, tail) = (&name[..Self::MAX_CHARS - 21], &name[name.len() - 20..]);
        Self(head.iter().chain(&['…']).chain(tail).collect())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for FileName {
    fn from(text: String) -> Self {
        Self::parse(&text)
    }
}

impl From<FileName> for String {
    fn from(name: FileName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g01_a_name_is_one_short_line_without_a_path() {
        for (text, name) in [
            ("../../etc/passwd", "passwd"),
            (r"C:\Users\me\CON", "CON"),
            ("a\r\nb\0.txt", "ab.txt"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("..", "file"),
            ("", "file"),
            (" /", "file"),
            (".env", ".env"),
            ("Cafe\u{301}.md", "Cafe\u{301}.md"),
        ] {
            assert_eq!(FileName::parse(text).as_str(), name, "{text:?}");
        }
        let long = FileName::parse(&format!("{}.pdf", "é".repeat(4_000)));
        assert_eq!(long.as_str().chars().count(), FileName::MAX_CHARS);
        assert!(long.as_str().ends_with("é.pdf"));
        assert_eq!(FileName::parse(long.as_str()), long, "a name stays what it is");
    }
}
