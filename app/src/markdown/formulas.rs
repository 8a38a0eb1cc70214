//! Where formulas stand in a text.
//!
//! They are found before the text is parsed and put aside, each behind a mark that is a letter to the parser: so neither
//! takes the other's signs for its own, and no line of a formula can begin a list. Recognised are `$…$` and `\(…\)` within a
//! line, and `$$…$$` and `\[…\]`, which may have several lines but no empty one. What looks like money is no formula, nor is
//! anything in code.

use std::borrow::Cow;

/// What stands around the number of a formula in the text. No text has these: they are no characters of Unicode.
const MARK: char = '\u{fdd0}';
const END: char = '\u{fdd1}';

/// More than this are not looked for in one text.
const MOST: usize = 2_000;

/// One formula.
pub(super) struct Formula<'s> {
    /// As it stands in the text, with what is around it.
    pub source: &'s str,
    /// The formula itself.
    pub tex: Cow<'s, str>,
    /// It stands by itself.
    pub display: bool,
    /// Its end has not been written yet.
    pub open: bool,
}

/// A text whose formulas have been put aside.
pub(super) struct Formulas<'s> {
    /// The text with marks in it.
    pub text: Cow<'s, str>,
    list: Vec<Formula<'s>>,
}

/// A piece of a text with marks.
pub(super) enum Piece<'a, 's> {
    Text(&'a str),
    Formula(&'a Formula<'s>),
}

impl<'s> Formulas<'s> {
    /// Puts the formulas of a text aside.
    pub(super) fn find(source: &'s str) -> Self {
        let may_have = source.contains('$') || source.contains("\\(") || source.contains("\\[");
        if !may_have || source.contains([MARK, END]) {
            return Self { text: Cow::Borrowed(source), list: Vec::new() };
        }
        let mut search = Search { source, text: String::new(), copied: 0, list: Vec::new(), unclosed_until: 0 };
        search.lines();
        if search.list.is_empty() {
            return Self { text: Cow::Borrowed(source), list: Vec::new() };
        }
        search.text.push_str(&source[search.copied..]);
        Self { text: Cow::Owned(search.text), list: search.list }
    }

    /// Whether there is one to render.
    pub(super) fn any(&self) -> bool {
        self.list.iter().any(|formula| !formula.open)
    }

    /// The pieces of a part of the text.
    pub(super) fn pieces<'a>(&'a self, part: &'a str) -> impl Iterator<Item = Piece<'a, 's>> {
        part.split_inclusive([MARK, END]).filter_map(move |piece| {
            if let Some(number) = piece.strip_suffix(END) {
                return number.parse::<usize>().ok().and_then(|at| self.list.get(at)).map(Piece::Formula);
            }
            let words = piece.strip_suffix(MARK).unwrap_or(piece);
            (!words.is_empty()).then_some(Piece::Text(words))
        })
    }

    /// A part of the text as it was written.
    pub(super) fn written<'a>(&self, part: &'a str) -> Cow<'a, str> {
        if self.list.is_empty() || !part.contains(MARK) {
            return Cow::Borrowed(part);
        }
        let pieces = self.pieces(part).map(|piece| match piece {
            Piece::Text(words) => words,
            Piece::Formula(formula) => formula.source,
        });
        Cow::Owned(pieces.collect())
    }
}

struct Search<'s> {
    source: &'s str,
    /// The text so far.
    text: String,
    /// How much of the source is in it.
    copied: usize,
    list: Vec<Formula<'s>>,
    /// No `\]` stands before this place.
    unclosed_until: usize,
}

/// A closed formula, as byte ranges of the source.
struct Found {
    end: usize,
    inside: (usize, usize),
}

impl<'s> Search<'s> {
    fn lines(&mut self) {
        let mut fence: Option<&'s str> = None;
        let mut at = 0;
        while at < self.source.len() && self.list.len() < MOST {
            let end = line_end(self.source, at);
            let line = &self.source[at..end];
            let body = at + container(line).len();
            let run = fence_run(&self.source[body..end]);
            match (fence, run) {
                (Some(open), Some(run)) if closes(open, run, &self.source[body..end]) => fence = None,
                (Some(_), _) => {}
                (None, Some(run)) => fence = Some(run),
                (None, None) => {
                    at = self.line(at, body, end);
                    continue;
                }
            }
            at = end + 1;
        }
    }

    /// Looks through the line that begins at `start`, and gives the place where the next one begins: a formula may have
    /// taken in some.
    fn line(&mut self, start: usize, body: usize, mut end: usize) -> usize {
        let bytes = self.source.as_bytes();
        let mut at = body;
        while at < end && self.list.len() < MOST {
            let taken = match (bytes[at], bytes.get(at + 1)) {
                (b'`', _) => {
                    at = after_code(&self.source[..end], at);
                    continue;
                }
                (b'\\', Some(b'(')) => self.within(at, end, "\\)").map(|found| (found, false)),
                (b'\\', Some(b'[')) => self.standing(at, body, end, "\\]"),
                (b'$', Some(b'$')) => self.standing(at, body, end, "$$"),
                (b'$', _) => self.dollars(at, end).map(|found| (found, false)),
                _ => None,
            };
            match taken {
                Some((found, display)) => {
                    at = self.put_aside(at, start, found, display);
                    if at > end {
                        end = line_end(self.source, at);
                    }
                }
                // What is escaped begins nothing.
                None if bytes[at] == b'\\' && at + 1 < end => at += 2,
                None if self.source[at..].starts_with("$$") => at += 2,
                None => at += 1,
            }
            while !self.source.is_char_boundary(at) {
                at += 1;
            }
        }
        end + 1
    }

    /// `\(…\)` or the like, closed before `end`.
    fn within(&self, at: usize, end: usize, close: &str) -> Option<Found> {
        let inside = at + 2;
        let length = find_close(self.source.get(inside..end)?, close)?;
        let found = Found { end: inside + length + 2, inside: (inside, inside + length) };
        (!self.source[inside..inside + length].trim().is_empty()).then_some(found)
    }

    /// `$…$`, unless it looks like money or like shell.
    fn dollars(&self, at: usize, end: usize) -> Option<Found> {
        let inside = at + 1;
        let rest = self.source.get(inside..end)?;
        let length = find_close(rest, "$")?;
        let (tex, after) = (&rest[..length], &rest[length + 1..]);
        let before = self.source[..at].chars().next_back();
        let free = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && !"\\/$&?%#@".contains(c));
        let tight = !tex.is_empty() && !tex.starts_with(char::is_whitespace) && !tex.ends_with(char::is_whitespace);
        let ends = after.chars().next().is_none_or(|c| !c.is_alphanumeric() && c != '$');
        let plausible = free(before) && tight && ends && !tex.contains('`') && !is_money(tex);
        plausible.then_some(Found { end: inside + length + 1, inside: (inside, inside + length) })
    }

    /// `$$…$$` or `\[…\]`: on one line, or over several where it begins or ends its line. Without an end it is open as long
    /// as one may come.
    fn standing(&mut self, at: usize, body: usize, end: usize, close: &str) -> Option<(Found, bool)> {
        if let Some(found) = self.within(at, end, close) {
            let inside = &self.source[found.inside.0..found.inside.1];
            // `\[1\]` is a number in brackets, `\[a\](b)` a link that shall be none.
            let brackets = close == "\\]"
                && (inside.bytes().all(|byte| byte.is_ascii_digit()) || self.source[found.end..].starts_with('('));
            let plausible = !brackets && !inside.contains('`') && !self.source[found.end..].starts_with('$');
            return plausible.then_some((found, true));
        }
        let rest = &self.source[at + 2..end];
        if at != body && !rest.trim().is_empty() || rest.contains('`') || (close == "\\]" && end < self.unclosed_until)
        {
            return None;
        }
        let mut line = end + 1;
        while line <= self.source.len() {
            let line_end = line_end(self.source, line.min(self.source.len()));
            let text = self.source.get(line..line_end).unwrap_or_default();
            let is_last = line_end == self.source.len();
            if let Some(length) = find_close(text, close) {
                return Some((Found { end: line + length + 2, inside: (at + 2, line + length) }, true));
            }
            if is_last {
                break;
            }
            if text.trim_matches([' ', '\t', '\r', '>']).is_empty() {
                if close == "\\]" {
                    self.unclosed_until = line_end;
                }
                return None;
            }
            line = line_end + 1;
        }
        Some((Found { end: self.source.len(), inside: (at + 2, self.source.len()) }, true))
    }

    /// Puts a formula aside, and gives the place behind it.
    fn put_aside(&mut self, at: usize, start: usize, found: Found, display: bool) -> usize {
        let (from, to) = found.inside;
        let (source, inside) = (&self.source[at..found.end], &self.source[from..to]);
        let quotes = container(&self.source[start..]).matches('>').count();
        let tex = if inside.contains('\n') && quotes > 0 {
            Cow::Owned(inside.split('\n').map(|line| unquoted(line, quotes)).collect::<Vec<_>>().join("\n"))
        } else {
            Cow::Borrowed(inside)
        };
        self.text.push_str(&self.source[self.copied..at]);
        self.text.push(MARK);
        self.text.push_str(&self.list.len().to_string());
        self.text.push(END);
        self.list.push(Formula { source, tex, display, open: found.end == to });
        self.copied = found.end;
        found.end
    }
}

fn line_end(source: &str, from: usize) -> usize {
    source[from..].find('\n').map_or(source.len(), |length| from + length)
}

/// What stands before the words of a line: spaces, the marks of quotes and list items.
fn container(line: &str) -> &str {
    let bytes = line.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let before_space = |at: usize| matches!(bytes.get(at), Some(b' ' | b'\t'));
        match byte {
            b' ' | b'\t' | b'>' => at += 1,
            b'-' | b'*' | b'+' if before_space(at + 1) => at += 2,
            _ if (1..10).contains(&digits)
                && matches!(bytes.get(at + digits), Some(b'.' | b')'))
                && before_space(at + digits + 1) =>
            {
                at += digits + 2;
            }
            _ => break,
        }
    }
    &line[..at]
}

/// The run of ticks or tildes with which a line opens or closes a code block.
fn fence_run(body: &str) -> Option<&str> {
    let tick = body.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = body.len() - body.trim_start_matches(tick).len();
    let is_fence = length >= 3 && !(tick == '`' && body[length..].contains('`'));
    is_fence.then(|| &body[..length])
}

fn closes(open: &str, run: &str, body: &str) -> bool {
    run.starts_with(open) && body[run.len()..].trim().is_empty()
}

/// The place after the code that begins with a tick at `at`; after the ticks when it has no end on its line.
fn after_code(line: &str, at: usize) -> usize {
    let run = |from: usize| line[from..].len() - line[from..].trim_start_matches('`').len();
    let length = run(at);
    let mut next = at + length;
    while let Some(found) = line[next..].find('`') {
        let closing = run(next + found);
        next += found + closing;
        if closing == length {
            return next;
        }
    }
    at + length
}

/// Where `close` first stands in `text` and is not escaped.
fn find_close(text: &str, close: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at..].starts_with(close.as_bytes()) {
            return Some(at);
        }
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    None
}

/// "5 and", "20/month, or": a sum, and words up to the next one.
fn is_money(tex: &str) -> bool {
    let number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let rest = tex.trim_start_matches(number);
    let is_word = |word: &str| word.len() > 1 && word.chars().all(char::is_alphabetic);
    rest.len() < tex.len()
        && rest.split(|c: char| !c.is_alphanumeric() && c != '\\').any(is_word)
        && !rest.contains(['\\', '^', '_', '='])
}

/// A line without the marks of the quotes around it.
fn unquoted(line: &str, quotes: usize) -> &str {
    (0..quotes).fold(line, |line, _| line.trim_start().strip_prefix('>').unwrap_or(line))
}

#[cfg(test)]
mod tests;
