//! From what has come in to what is kept.

use super::{
    MAX_TEXT_BYTES,
    apart::{Apart, Format},
    blobs::{Incoming, hash_of},
    image::Picture,
    kind::Kind,
    text,
    unfit::Unfit,
};
use chat::{AttachmentKind, ports::FileHash, prompt::estimated_tokens};
use std::{
    borrow::Cow,
    io::{self, Read, Seek},
};
use tokio::task::{JoinError, spawn_blocking};

/// A file that can be attached.
pub(super) struct Prepared {
    pub(super) content: Content,
    pub(super) hash: FileHash,
    pub(super) bytes: u64,
    pub(super) kind: AttachmentKind,
    pub(super) media_type: &'static str,
    pub(super) tokens: u32,
    pub(super) text: Text,
}

/// What is kept of a file.
pub(super) enum Content {
    /// The file.
    AsItCame(Incoming),
    /// The file without what does not stay in it.
    Cleaned(Vec<u8>),
}

/// The text of a file.
pub(super) enum Text {
    /// It is a picture.
    None,
    /// The file itself.
    Itself,
    /// Text that was read out of it.
    ReadOut(String, FileHash),
}

impl Text {
    /// Its hash.
    pub(super) fn hash(&self, file: FileHash) -> Option<FileHash> {
        match self {
            Self::None => None,
            Self::Itself => Some(file),
            Self::ReadOut(_, hash) => Some(*hash),
        }
    }

    /// Bytes that it takes besides the file.
    pub(super) fn bytes(&self) -> u64 {
        if let Self::ReadOut(text, _) = self { text.len() as u64 } else { 0 }
    }
}

/// A file can't be prepared.
pub(super) enum PrepareError {
    Unfit(Unfit),
    Failed(io::Error),
}

impl From<Unfit> for PrepareError {
    fn from(unfit: Unfit) -> Self {
        Self::Unfit(unfit)
    }
}

impl From<io::Error> for PrepareError {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

/// Whatever panics over a file is a fault of the file.
impl From<JoinError> for PrepareError {
    fn from(_: JoinError) -> Self {
        Self::Unfit(Unfit::Unreadable)
    }
}

/// Looks at what has come in.
pub(super) async fn prepare(incoming: Incoming, apart: &Apart) -> Result<Prepared, PrepareError> {
    let (incoming, bytes, kind) = spawn_blocking(move || {
        let mut incoming = incoming;
        let mut bytes = Vec::new();
        incoming.file.rewind()?;
        incoming.file.read_to_end(&mut bytes)?;
        let kind = Kind::of(&bytes);
        io::Result::Ok((incoming, bytes, kind))
    })
    .await??;
    let format = match kind {
        _ if bytes.is_empty() => return Err(Unfit::Empty.into()),
        Kind::Pdf => Some(Format::Pdf),
        Kind::Zip => Some(Format::Docx),
        Kind::Png | Kind::Jpeg | Kind::Gif | Kind::WebP | Kind::Other => None,
    };
    let read_out = match format {
        Some(format) => Some(apart.read(format, incoming.file.try_clone()?).await?),
        None => None,
    };
    let prepared = spawn_blocking(move || match (kind, read_out) {
        (_, Some(text)) => Ok(document(incoming, &bytes, kind, text)),
        (Kind::Other, None) => plain(incoming, &bytes),
        (_, None) => picture(&bytes, kind),
    });
    Ok(prepared.await??)
}

fn document(incoming: Incoming, bytes: &[u8], kind: Kind, text: String) -> Prepared {
    Prepared {
        content: Content::AsItCame(incoming),
        hash: hash_of(bytes),
        bytes: bytes.len() as u64,
        kind: AttachmentKind::Text,
        media_type: kind.media_type(),
        tokens: estimated_tokens(&text),
        text: {
            let hash = hash_of(text.as_bytes());
            Text::ReadOut(text, hash)
        },
    }
}

fn plain(incoming: Incoming, bytes: &[u8]) -> Result<Prepared, Unfit> {
    let text = text::decode(bytes).ok_or(Unfit::Kind)?;
    if text.len() > MAX_TEXT_BYTES {
        return Err(Unfit::Text);
    }
    if text.trim().is_empty() {
        return Err(Unfit::Empty);
    }
    let itself = matches!(&text, Cow::Borrowed(text) if text.len() == bytes.len());
    let prepared = document(incoming, bytes, Kind::Other, text.into_owned());
    Ok(if itself { Prepared { text: Text::Itself, ..prepared } } else { prepared })
}

fn picture(bytes: &[u8], kind: Kind) -> Result<Prepared, Unfit> {
    let picture = Picture::of(kind, bytes)?;
    Ok(Prepared {
        hash: hash_of(&picture.bytes),
        bytes: picture.bytes.len() as u64,
        kind: AttachmentKind::Image { width: picture.width, height: picture.height },
        media_type: kind.media_type(),
        tokens: picture.tokens(),
        content: Content::Cleaned(picture.bytes),
        text: Text::None,
    })
}
