//! Turning any text into HTML text. The result is safe both between tags and inside a double-quoted
//! attribute.

use chat::visible::visible;

/// Appends `text` with the five characters that mean something in HTML replaced, and without what hides in it.
pub(super) fn push_text(out: &mut String, text: &str) {
    let text = visible(text);
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let replacement = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        out.push_str(replacement);
        from = at + 1;
    }
    out.push_str(&text[from..]);
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
