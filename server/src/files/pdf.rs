//! The text of a PDF (ISO 32000). For [`super::apart`] only: the crate that does it may panic, and take any time and
//! memory.

use super::{MAX_TEXT_BYTES, unfit::Unfit};
use pdf_extract::{Document, PlainTextOutput, output_doc_page};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The most pages that are read.
pub(super) const MAX_PAGES: usize = 500;

/// The text of all pages. A page that can't be read is told as such in its place.
pub(super) fn text(bytes: &[u8]) -> Result<String, Unfit> {
    let document = Document::load_mem(bytes).map_err(|_| Unfit::Unreadable)?;
    // One that is locked with an empty password, so that readers forbid printing, has been opened by now.
    if document.trailer.get(b"Encrypt").is_ok() {
        return Err(Unfit::Locked);
    }
    let pages = document.get_pages();
    if pages.len() > MAX_PAGES {
        return Err(Unfit::Pages);
    }
    let (mut text, mut read) = (String::new(), 0);
    for number in pages.keys() {
        match page(&document, *number) {
            Some(page) => {
                read += usize::from(!page.trim().is_empty());
                text.push_str(page.trim_end());
            }
            None => text.push_str(&format!("\n(page {number} could not be read)")),
        }
        text.push_str("\n\n");
        if text.len() > MAX_TEXT_BYTES {
            return Err(Unfit::Text);
        }
    }
    if read > 0 { Ok(text.trim().to_owned()) } else { Err(Unfit::NoText) }
}

fn page(document: &Document, number: u32) -> Option<String> {
    let mut text = String::new();
    let read = AssertUnwindSafe(|| output_doc_page(document, &mut PlainTextOutput::new(&mut text), number));
    let done = catch_unwind(read);
    done.ok()?.ok()?;
    Some(text)
}

#[cfg(test)]
mod tests;
