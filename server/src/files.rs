//! Files that users attach: taken in, looked at, kept beside the database, and read for models.
//!
//! What a file is its content says, never its name or what a browser calls it. Of pictures only the picture is kept.
//! The text of documents is read out once, by a process of its own ([`apart`]), and kept beside them.

pub mod apart;
mod at_once;
mod blobs;
mod contents;
mod docx;
mod image;
mod keeper;
mod kind;
mod pdf;
mod prepare;
mod text;
mod unfit;

pub use blobs::{Blobs, open_to_others};
pub use keeper::{FileKeeper, Limits, TakeError, Upload};
pub use unfit::Unfit;

/// The most text, in bytes of UTF-8, that is read from one file: some 300,000 tokens.
pub const MAX_TEXT_BYTES: usize = 1_000_000;
