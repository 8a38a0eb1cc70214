//! Turning any text into HTML text. The result is safe both between tags and inside a double-quoted
//! attribute.

/// Appends `text` with the five characters that mean something in HTML replaced, and hidden
/// characters left out.
pub(super) fn push_text(out: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let (mut from, mut at) = (0, 0);
    while at < bytes.len() {
        let (replacement, width) = match bytes[at] {
            b'&' => ("&amp;", 1),
            b'<' => ("&lt;", 1),
            b'>' => ("&gt;", 1),
            b'"' => ("&quot;", 1),
            b'\'' => ("&#39;", 1),
            // The lead bytes of every character that `is_hidden` knows, and of the flag.
            0..=0x1f | 0x7f | 0xc2 | 0xe2 | 0xf0 | 0xf3 => {
                let Some(c) = text[at..].chars().next() else { break };
                if !is_hidden(c) {
                    at += c.len_utf8() + if c == FLAG { flag_tags(&text[at + c.len_utf8()..]) } else { 0 };
                    continue;
                }
                ("", c.len_utf8())
            }
            _ => {
                at += 1;
                continue;
            }
        };
        out.push_str(&text[from..at]);
        out.push_str(replacement);
        at += width;
        from = at;
    }
    out.push_str(&text[from..]);
}

/// Characters that change what a reader sees without being seen: controls, the bidirectional
/// overrides and isolates (they can reverse a host name or a line of code), and the tag characters
/// that smuggle text past the eye. Joiners and the plain direction marks stay: Persian, Hindi and
/// emoji need them.
pub(super) fn is_hidden(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
        || (c.is_control() && c != '\n' && c != '\t')
}

const FLAG: char = '\u{1f3f4}';

/// The length in bytes of the tag characters that make a black flag the flag of a region, such as
/// Scotland's.
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

/// The first `chars` characters of `text`, with an ellipsis when something is left out.
pub(super) fn cut(text: &str, chars: usize) -> String {
    let mut kept: String = text.chars().take(chars).collect();
    if kept.len() < text.len() {
        kept.pop();
        kept.push('…');
    }
    kept
}
