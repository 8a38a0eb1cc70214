//! Why a file can't be attached.

use super::{MAX_TEXT_BYTES, pdf::MAX_PAGES};

/// Why a file can't be attached, in words for whoever attached it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Nothing is in it.
    #[error("This file is empty.")]
    Empty,
    /// Of a kind that is not read.
    #[error(
        "Files of this kind can't be read. Attach pictures (PNG, JPEG, WebP, GIF), text, Markdown, code, CSV, PDF or \
         Word (.docx)."
    )]
    Kind,
    /// No picture, although it begins like one.
    #[error("This picture is damaged, so it can't be attached.")]
    Picture,
    /// A picture of too many pixels.
    #[error("This picture is larger than 50 megapixels, or than 12,000 pixels along a side. Make it smaller.")]
    Pixels,
    /// More text than is read.
    #[error("This file holds more than {} MB of text. Attach the part that matters.", MAX_TEXT_BYTES / 1_000_000)]
    Text,
    /// More pages than are read.
    #[error("This PDF has more than {MAX_PAGES} pages. Attach those that matter.")]
    Pages,
    /// Nothing to read in it.
    #[error("No text was found in this file. If its pages are scanned, attach them as pictures.")]
    NoText,
    /// Needs a password.
    #[error("This PDF is locked with a password. Save a copy without one and attach that.")]
    Locked,
    /// Anything else: damaged, or made to do harm.
    #[error("This file could not be read. It may be damaged.")]
    Unreadable,
}
