//! CSS without its comments and its layout, and nothing else: no value is rewritten, so nothing new in CSS can break it.

use anyhow::{Result, ensure};

/// Takes out what a browser skips, and comments that run from `//` to the end of the line, which it would stumble over.
///
/// Fails at what only Sass understands: a browser would skip it, with all that follows.
pub fn minify(css: &str) -> Result<String> {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(next) = rest.chars().next() {
        let length = match next {
            '/' if comment(rest) > 0 => {
                space(&mut out);
                comment(rest)
            }
            '"' | '\'' => copy(&mut out, rest, string(rest, next)),
            'u' if rest.starts_with("url(") => copy(&mut out, rest, address(rest)),
            c if c.is_ascii_whitespace() => {
                space(&mut out);
                1
            }
            _ => {
                let line = rest.lines().next().unwrap_or_default();
                ensure!(!is_sass(rest), "only Sass understands this: `{line}`");
                tighten(&mut out, next);
                copy(&mut out, rest, next.len_utf8())
            }
        };
        rest = &rest[length..];
    }
    Ok(out.trim_end().to_owned())
}

/// The length of the comment that begins here; 0 if none does.
fn comment(rest: &str) -> usize {
    let end = |mark: &str| rest.find(mark).map_or(rest.len(), |at| at + mark.len());
    match rest.as_bytes() {
        [b'/', b'*', ..] => end("*/"),
        [b'/', b'/', ..] => end("\n"),
        _ => 0,
    }
}

fn is_sass(rest: &str) -> bool {
    const WORDS: [&str; 10] =
        ["@use", "@forward", "@mixin", "@include", "@extend", "@function", "@each", "#{", "&-", "&_"];
    let variable = rest.strip_prefix('$').is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()));
    variable || WORDS.iter().any(|word| rest.starts_with(word))
}

fn copy(out: &mut String, rest: &str, length: usize) -> usize {
    out.push_str(&rest[..length]);
    length
}

/// White space and comments become one space, where one has to stay. After a `:` of a declaration none has to, and a
/// selector has none there; before a `:` it may be the descendant combinator.
fn space(out: &mut String) {
    if !out.is_empty() && !out.ends_with([' ', '{', '}', ';', ',', ':', '(']) {
        out.push(' ');
    }
}

fn tighten(out: &mut String, next: char) {
    if ['{', '}', ';', ',', ')'].contains(&next) && out.ends_with(' ') {
        out.pop();
    }
    if next == '}' && out.ends_with(';') {
        out.pop();
    }
}

/// The length of the string that begins here, quotes and escapes included.
fn string(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of the `url(…)` that begins here; of `url(` alone if a string follows.
fn address(rest: &str) -> usize {
    let inner = rest["url(".len()..].trim_start();
    if inner.starts_with(['"', '\'']) { "url(".len() } else { rest.find(')').map_or(rest.len(), |end| end + 1) }
}

#[cfg(test)]
mod tests;
