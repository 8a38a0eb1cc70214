//! A small highlighter for code blocks: one pass from left to right that never looks at a character
//! more than a few times, so its time grows with the text and with nothing else. It is wrong now
//! and then, and that is fine: the text is always complete, only its emphasis is a guess.

use super::escape::push_text;
use super::language::{Shape, Syntax};

/// Longer blocks are shown without emphasis: each word that gets some becomes an element of the
/// page.
const LONGEST: usize = 100_000;

/// Appends `code` with `<span class="…">` around what stands out: `k` keyword, `f` function or key,
/// `s` string, `n` number, `c` comment, `t` type. Returns how many elements it wrote.
pub(super) fn push_code(out: &mut String, code: &str, syntax: Option<&Syntax>) -> usize {
    let Some(syntax) = syntax.filter(|_| code.len() <= LONGEST) else {
        push_text(out, code);
        return 0;
    };
    let bytes = code.as_bytes();
    let mut scanner = Scanner { code, bytes, at: 0, plain_from: 0, spans: 0, syntax, out };
    match syntax.shape {
        Shape::Markup => scanner.markup(),
        _ => scanner.program(),
    }
    scanner.spans
}

struct Scanner<'a> {
    code: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// Where the text begins that has been passed but not written yet.
    plain_from: usize,
    spans: usize,
    syntax: &'a Syntax,
    out: &'a mut String,
}

impl Scanner<'_> {
    fn program(&mut self) {
        while let Some(byte) = self.byte(0) {
            if self.comment() || self.string(byte) {
                continue;
            }
            if byte.is_ascii_digit() || (byte == b'#' && self.syntax.shape == Shape::Css) {
                self.number();
            } else if is_word(byte) || (byte == b'@' && self.syntax.shape == Shape::Css) {
                self.word();
            } else {
                self.at += 1;
            }
        }
        self.flush();
    }

    fn comment(&mut self) -> bool {
        let Some(rest) = self.code.get(self.at..) else { return false };
        let after_space = self.at == 0 || self.bytes[self.at - 1].is_ascii_whitespace();
        let starts = |mark: &&str| rest.starts_with(*mark) && (*mark != "#" || after_space);
        let length = if self.syntax.line_comment.iter().any(starts) {
            rest.find('\n')
        } else if let Some((open, close)) = self.syntax.block_comment
            && let Some(inside) = rest.strip_prefix(open)
        {
            inside.find(close).map(|length| open.len() + length + close.len())
        } else {
            return false;
        };
        self.span("c", self.at + length.unwrap_or(rest.len()));
        true
    }

    fn string(&mut self, byte: u8) -> bool {
        let rest = &self.bytes[self.at..];
        let long = self.syntax.long_quotes.iter().find(|quote| rest.starts_with(quote.as_bytes()));
        let end = if let Some(quote) = long {
            self.string_end(self.at + quote.len(), quote.as_bytes(), true)
        } else if self.syntax.quotes.as_bytes().contains(&byte) {
            if self.is_apostrophe() {
                return false;
            }
            self.string_end(self.at + 1, &[byte], false)
        } else {
            return false;
        };
        let key = self.syntax.shape == Shape::Data && self.is_key(end);
        self.span(if key { "f" } else { "s" }, end);
        true
    }

    /// Where the string ends that is open at `from`: after its quote, or with the line or the text.
    fn string_end(&self, from: usize, quote: &[u8], long: bool) -> usize {
        let mut at = from;
        while let Some(byte) = self.bytes.get(at) {
            match byte {
                b'\\' => at += 1,
                b'\n' if !long => return at,
                _ if self.bytes[at..].starts_with(quote) => return at + quote.len(),
                _ => {}
            }
            at += 1;
        }
        self.bytes.len()
    }

    /// Whether the quote here opens nothing. In Rust it does only when a second one follows: 'a'
    /// and '\n', but not 'static. In data, a quote within a word is an apostrophe.
    fn is_apostrophe(&self) -> bool {
        match self.syntax.shape {
            Shape::Rust => {
                let rest = &self.code[self.at + 1..];
                !rest.starts_with('\\') && rest.chars().nth(1) != Some('\'')
            }
            Shape::Data => self.at > 0 && is_word(self.bytes[self.at - 1]),
            _ => false,
        }
    }

    fn number(&mut self) {
        let mut end = self.at + 1;
        while let Some(byte) = self.bytes.get(end) {
            let decimal = *byte == b'.' && self.bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
            if !(byte.is_ascii_alphanumeric() || *byte == b'_' || *byte == b'%' || decimal) {
                break;
            }
            end += 1;
        }
        self.span("n", end);
    }

    fn word(&mut self) {
        let dashes = matches!(self.syntax.shape, Shape::Css | Shape::Data);
        let mut end = self.at + 1;
        while self.bytes.get(end).is_some_and(|b| is_word(*b) || (dashes && *b == b'-')) {
            end += 1;
        }
        match self.class_of(self.at, end) {
            Some(class) => self.span(class, end),
            None => self.at = end,
        }
    }

    fn class_of(&self, start: usize, end: usize) -> Option<&'static str> {
        let word = &self.code[start..end];
        let (next, after) = (self.bytes.get(end), self.bytes.get(end + 1));
        let call = next == Some(&b'(')
            || (self.syntax.shape == Shape::Rust && next == Some(&b'!') && after.is_some_and(|b| b"([{".contains(b)));
        if matches!(self.syntax.shape, Shape::Data | Shape::Css) && self.is_key(end) {
            Some("f")
        } else if word.starts_with('@') || self.is_keyword(word) {
            Some("k")
        } else if call && !self.syntax.any_case {
            Some("f")
        } else if self.syntax.types
            && word.starts_with(|c: char| c.is_ascii_uppercase())
            && word.bytes().any(|b| b.is_ascii_lowercase())
        {
            Some("t")
        } else {
            None
        }
    }

    fn is_keyword(&self, word: &str) -> bool {
        let any_case = self.syntax.any_case;
        self.syntax.keywords.split(' ').any(|k| k == word || (any_case && k.eq_ignore_ascii_case(word)))
    }

    /// Whether the name that ends at `end` is the key of a value: `name: `, `"name": `, `name = `.
    fn is_key(&self, end: usize) -> bool {
        const FARTHEST: usize = 40;
        let mut rest = self.bytes[end..].iter().take(FARTHEST);
        rest.find(|b| **b != b' ').is_some_and(|b| matches!(b, b':' | b'='))
    }

    fn markup(&mut self) {
        while let Some(byte) = self.byte(0) {
            if self.comment() {
                continue;
            }
            let opens = self.byte(1).is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!' | b'?'));
            if byte == b'<' && opens { self.tag() } else { self.at += 1 }
        }
        self.flush();
    }

    fn tag(&mut self) {
        self.at += if self.byte(1).is_some_and(|b| b.is_ascii_alphabetic()) { 1 } else { 2 };
        let mut class = "k";
        while let Some(byte) = self.byte(0) {
            if byte == b'>' || byte == b'<' {
                return;
            }
            if byte == b'"' || byte == b'\'' {
                let end = self.string_end(self.at + 1, &[byte], true);
                self.span("s", end);
            } else if is_word(byte) {
                let names = |b: &u8| is_word(*b) || matches!(b, b'-' | b':' | b'.' | b'@');
                let length = self.bytes[self.at..].iter().take_while(|b| names(b)).count();
                self.span(class, self.at + length);
            } else {
                self.at += 1;
            }
            class = "t";
        }
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    /// Writes the text up to `end` as one element. `end` is the end of a word, a quote, a line or
    /// the whole text.
    fn span(&mut self, class: &str, end: usize) {
        self.flush();
        self.out.push_str("<span class=\"");
        self.out.push_str(class);
        self.out.push_str("\">");
        push_text(self.out, &self.code[self.at..end]);
        self.out.push_str("</span>");
        self.spans += 1;
        self.at = end;
        self.plain_from = end;
    }

    fn flush(&mut self) {
        push_text(self.out, &self.code[self.plain_from..self.at]);
        self.plain_from = self.at;
    }
}

/// Bytes of a name; those beyond ASCII count, so that words in any script stay whole.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}
