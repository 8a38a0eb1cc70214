//! What of a text can be seen.
//!
//! Unicode has characters that change what a reader sees without being seen themselves: controls, among them the escapes of
//! terminals; overrides, which turn the text around them ("Trojan Source", CVE-2021-42574); tag characters, which carry
//! whole sentences to a model past the eye; characters of no width. And marks can be piled onto a letter until they cover
//! the lines around it. Other characters that are not seen belong to what is written: joiners make an emoji of several,
//! and shape Persian and Hindi.

use std::borrow::Cow;

/// How many marks one letter may carry. Biblical Hebrew has four, the Vietnamese of decomposed text two.
const MOST_MARKS: usize = 8;

/// The text without what hides in it.
///
/// Controls other than line end and tab, overrides and isolates, tag characters outside flags, and what has no width are
/// left out; so are marks beyond the eighth on a letter, and joiners and selectors that repeat each other.
pub fn visible(text: &str) -> Cow<'_, str> {
    let plain = |byte: u8| (0x20..0x7f).contains(&byte) || matches!(byte, b'\n' | b'\t');
    if text.bytes().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let (mut before, mut marks) = (Kind::Seen, 0);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (taken, after) = rest.split_at(c.len_utf8() + if c == FLAG { flag_tags(&rest[c.len_utf8()..]) } else { 0 });
        rest = after;
        let kind = Kind::of(c);
        match kind {
            Kind::Mark => marks += 1,
            // What is between marks and not seen does not begin anew.
            Kind::Seen => marks = 0,
            _ => {}
        }
        let repeats = kind == before && matches!(kind, Kind::Joiner | Kind::Selector);
        if kind == Kind::Hidden || (kind == Kind::Mark && marks > MOST_MARKS) || repeats {
            continue;
        }
        before = kind;
        kept.push_str(taken);
    }
    if kept.len() == text.len() { Cow::Borrowed(text) } else { Cow::Owned(kept) }
}

/// As [`visible`], for what somebody sends. What a browser shows came from the server, which had a look at it: there it costs
/// nothing.
pub(crate) fn sieved(text: &str) -> Cow<'_, str> {
    if cfg!(target_arch = "wasm32") { Cow::Borrowed(text) } else { visible(text) }
}

/// Whether a character hides wherever it stands.
pub fn is_hidden(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{200b}' | '\u{180e}' | '\u{feff}' => true,
        // The bidirectional overrides, embeddings and isolates, and the operators that are not seen. The plain direction
        // marks are no danger.
        '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        // Letters without a shape.
        '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}' | '\u{ffa0}' => true,
        // What annotates between lines, and what is no character.
        '\u{fff0}'..='\u{fffb}' | '\u{fdd0}'..='\u{fdef}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' => {
            true
        }
        '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}' => true,
        c => c.is_control(),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Seen,
    Hidden,
    /// Stands upon the letter before it.
    Mark,
    /// Joins what is around it, or keeps it apart.
    Joiner,
    /// Chooses one of the shapes of the character before it.
    Selector,
}

impl Kind {
    fn of(c: char) -> Self {
        match c {
            '\u{200c}' | '\u{200d}' => Self::Joiner,
            '\u{180b}'..='\u{180d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => Self::Selector,
            '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' => Self::Mark,
            '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e4}' => Self::Mark,
            '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{eb1}'..='\u{ecd}' => Self::mark_of_lao(c),
            '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' => Self::Mark,
            '\u{302a}'..='\u{302f}' | '\u{3099}' | '\u{309a}' | '\u{fe20}'..='\u{fe2f}' => Self::Mark,
            c if is_hidden(c) => Self::Hidden,
            _ => Self::Seen,
        }
    }

    /// Between the marks of Lao there are letters.
    fn mark_of_lao(c: char) -> Self {
        if matches!(c, '\u{ebd}'..='\u{ec7}') { Self::Seen } else { Self::Mark }
    }
}

const FLAG: char = '\u{1f3f4}';

/// The length in bytes of the tag characters that make a black flag the flag of a region, such as Scotland's.
fn flag_tags(rest: &str) -> usize {
    const LONGEST: usize = 7;
    let mut length = 0;
    for c in rest.chars().take(LONGEST) {
        match c {
            '\u{e0030}'..='\u{e0039}' | '\u{e0061}'..='\u{e007a}' => length += c.len_utf8(),
            '\u{e007f}' if length > 0 => return length + c.len_utf8(),
            _ => return 0,
        }
    }
    0
}

#[cfg(test)]
mod tests;
