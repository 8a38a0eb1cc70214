//! Licence expressions as packages write them: SPDX's (annex D of version 2.3), and the older `MIT/Apache-2.0`.

use anyhow::{Result, bail, ensure};

/// What a package asks of those who use it.
#[derive(Debug, PartialEq, Eq)]
pub enum Licence {
    /// One licence, with its exception if it has one: `Apache-2.0 WITH LLVM-exception`.
    Term(String),
    /// All of them hold.
    All(Vec<Licence>),
    /// The user chooses.
    Any(Vec<Licence>),
}

impl Licence {
    pub fn parse(text: &str) -> Result<Self> {
        let spaced = text.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let mut rest = words.as_slice();
        let licence = any(&mut rest)?;
        ensure!(rest.is_empty(), "`{}` is left over", rest.join(" "));
        Ok(licence)
    }

    /// Whether it can be kept to with the licences that `allowed` knows.
    pub fn is_met(&self, allowed: &impl Fn(&str) -> bool) -> bool {
        match self {
            Self::Term(name) => allowed(name),
            Self::All(parts) => parts.iter().all(|part| part.is_met(allowed)),
            Self::Any(parts) => parts.iter().any(|part| part.is_met(allowed)),
        }
    }
}

fn any(rest: &mut &[&str]) -> Result<Licence> {
    joined(rest, "OR", all, Licence::Any)
}

fn all(rest: &mut &[&str]) -> Result<Licence> {
    joined(rest, "AND", term, Licence::All)
}

fn joined(
    rest: &mut &[&str],
    word: &str,
    part: fn(&mut &[&str]) -> Result<Licence>,
    join: fn(Vec<Licence>) -> Licence,
) -> Result<Licence> {
    let mut parts = vec![part(rest)?];
    while take(rest, word) {
        parts.push(part(rest)?);
    }
    Ok(if parts.len() == 1 { parts.remove(0) } else { join(parts) })
}

fn term(rest: &mut &[&str]) -> Result<Licence> {
    if take(rest, "(") {
        let inner = any(rest)?;
        ensure!(take(rest, ")"), "a `)` is missing");
        return Ok(inner);
    }
    let name = name(rest)?;
    let exception = if take(rest, "WITH") { format!(" WITH {}", self::name(rest)?) } else { String::new() };
    Ok(Licence::Term(format!("{name}{exception}")))
}

fn name<'a>(rest: &mut &[&'a str]) -> Result<&'a str> {
    match rest {
        [name, tail @ ..] if !["(", ")", "AND", "OR", "WITH"].contains(name) => {
            *rest = tail;
            Ok(name)
        }
        _ => bail!("a licence's name is missing"),
    }
}

fn take(rest: &mut &[&str], word: &str) -> bool {
    match rest {
        [first, tail @ ..] if *first == word => {
            *rest = tail;
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
