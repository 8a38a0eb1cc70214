//! Markdown to HTML: the one renderer of messages, for the server's pages, for a running answer and
//! for the browser.
//!
//! What comes in was written by a model or a stranger; what goes out is put into the page as it is.
//! So the writer is built the safe way round: it has no means of passing anything through. It emits
//! tags and attributes of its own, and everything from the source is escaped text or an address
//! that `address` has let pass. Nothing it emits makes a browser load anything before the reader
//! clicks.
//!
//! The language is CommonMark 0.31 with the tables, task lists, strikethrough and bare web
//! addresses of GitHub's Markdown, with formulas of TeX, and with these differences: raw HTML is shown
//! as text; images are links; relative links are text; headings start at `h2`, because `h1` is the page's.

mod address;
mod code;
mod escape;
mod formulas;
mod highlight;
mod language;
mod links;
pub(crate) mod math;
mod set;
mod tables;
#[cfg(test)]
mod tests;
mod writer;

use escape::push_text;
use formulas::Formulas;

/// One top-level block of a document: a paragraph, a list, a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// HTML that is safe to put into a page, for instance through `inner_html`.
    pub html: String,
}

/// Longer sources, in bytes, are shown as they are. A model's longest answers are about this long.
const LONGEST_SOURCE: usize = 512 * 1024;

/// More list and quote marks than this at the start of one line are an attack on the parser, whose
/// time per line grows with the depth of nesting.
const MOST_MARKS_PER_LINE: usize = 64;

/// Renders a document; the blocks in order are the whole of it.
///
/// Made for text that grows: when a line is added, all blocks but the last stay as they were, so
/// that only the end of the page has to change. Where a line is still incomplete this holds for all
/// but the last two. The exceptions are a link reference definition, which may turn earlier words
/// into links, and a text that outgrows a limit.
///
/// Sources beyond half a megabyte, and those made to exhaust the parser, come back as plain text.
/// The time is proportional to the length of the source.
pub fn blocks(source: &str) -> Vec<Block> {
    blocks_with(source, Some(math::mathml)).0
}

/// Sets a formula, as [`math::mathml`] does.
pub(crate) type Render = fn(&str, bool) -> Option<String>;

/// As [`blocks`], with whoever sets formulas. Without, they are shown as they are written, and it is told whether there are
/// any.
pub(crate) fn blocks_with(source: &str, render: Option<Render>) -> (Vec<Block>, bool) {
    let mut out = Vec::new();
    let mut lines = source.split(['\n', '\r']);
    if source.len() > LONGEST_SOURCE || lines.any(|line| marks(line) > MOST_MARKS_PER_LINE) {
        push_plain(&mut out, source);
        return (out, false);
    }
    let formulas = Formulas::find(source);
    if let Some(rest) = writer::write(&formulas, render, &mut out) {
        push_plain(&mut out, &formulas.written(rest));
    }
    (out, formulas.any())
}

/// A document as it was written: for a browser that can't get the renderer.
#[cfg(feature = "hydrate")]
pub(crate) fn plain(source: &str) -> Vec<Block> {
    let mut out = Vec::new();
    push_plain(&mut out, source);
    out
}

/// Counts the marks at the start of a line that open a list or a quote.
fn marks(line: &str) -> usize {
    let (mut count, mut after_digit) = (0, false);
    let mut bytes = line.bytes().peekable();
    while let Some(byte) = bytes.next() {
        let before_space = matches!(bytes.peek(), Some(b' ' | b'\t') | None);
        match byte {
            b' ' | b'\t' | b'0'..=b'9' => {}
            b'>' => count += 1,
            b'-' | b'*' | b'+' if before_space => count += 1,
            b'.' | b')' if before_space && after_digit => count += 1,
            _ => break,
        }
        after_digit = byte.is_ascii_digit();
    }
    count
}

/// Shows `source` as it is, in pieces that end with a line, so that a growing text changes only its
/// last piece.
fn push_plain(out: &mut Vec<Block>, source: &str) {
    const PIECE: usize = 16 * 1024;
    let mut rest = source;
    while !rest.is_empty() {
        let break_at = rest.bytes().skip(PIECE).position(|b| b == b'\n');
        let (piece, after) = rest.split_at(break_at.map_or(rest.len(), |at| PIECE + at + 1));
        let piece = piece.trim_end();
        if !piece.is_empty() {
            let mut html = String::from("<pre class=\"plain\">");
            push_text(&mut html, piece);
            html.push_str("</pre>");
            out.push(Block { html });
        }
        rest = after;
    }
}
