//! Formulas as MathML, which browsers set without script or font.
//!
//! The formula is translated by a crate that knows TeX. What it makes is taken apart again, and put together of elements and
//! attributes from a list: whatever a formula says, nothing else comes out. What the crate does not understand (`\href`,
//! `\includegraphics`, macros) is no formula.

use super::escape::push_text;
use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};
use std::{cell::OnceCell, panic};

mod allowed;

/// Longer formulas, in bytes, are shown as they are written.
const LONGEST: usize = 10_000;
/// So are those that are nested deeper: the crate calls itself.
const DEEPEST: usize = 40;

thread_local! {
    static TRANSLATOR: OnceCell<Option<LatexToMathML>> = const { OnceCell::new() };
}

/// A formula as MathML, safe to put into a page; none when it has to be shown as it is written.
pub fn mathml(tex: &str, display: bool) -> Option<String> {
    if tex.len() > LONGEST || depth(tex) > DEEPEST {
        return None;
    }
    let tex = common(tex);
    let kind = if display { MathDisplay::Block } else { MathDisplay::Inline };
    let made = TRANSLATOR.with(|cell| {
        let translator = cell.get_or_init(translator).as_ref()?;
        // A fault of the crate must not cost the page.
        let translate = panic::AssertUnwindSafe(|| translator.convert_with_local_state(&tex, kind).ok());
        panic::catch_unwind(translate).ok().flatten()
    })?;
    allowed::rebuilt(&made.mathml)
}

fn translator() -> Option<LatexToMathML> {
    let macros = [
        ("boxed", r"\begin{array}{|c|}\hline #1\\\hline\end{array}"),
        ("fbox", r"\begin{array}{|c|}\hline\text{#1}\\\hline\end{array}"),
        ("textcolor", "{#2}"),
        ("label", "{}"),
    ];
    let macros = macros.map(|(name, meaning)| (name.to_owned(), meaning.to_owned())).into();
    LatexToMathML::new(MathCoreConfig { macros, ..MathCoreConfig::default() }).ok()
}

/// Numbered environments as their kin without numbers, which an answer has no room for.
fn common(tex: &str) -> String {
    let mut tex = tex.trim().to_owned();
    for (numbered, plain) in [("align", "aligned"), ("gather", "gathered"), ("equation", "gathered")] {
        if tex.contains(numbered) {
            let plain = ["{", plain, "}"].concat();
            tex = tex.replace(&["{", numbered, "*}"].concat(), &plain).replace(&["{", numbered, "}"].concat(), &plain);
        }
    }
    tex
}

/// How deep a formula may be nested at most. Groups are what is in braces, brackets, environments and between delimiters;
/// commands one after the other may each take the next for an argument; some take all that follows in their group.
fn depth(tex: &str) -> usize {
    const TAKE_THE_REST: &[&str] = &[
        "color",
        "displaystyle",
        "textstyle",
        "scriptstyle",
        "scriptscriptstyle",
        "rm",
        "bf",
        "it",
        "sf",
        "tt",
        "cal",
        "over",
        "atop",
        "choose",
        "brace",
        "brack",
        "above",
        "not",
    ];
    let (mut level, mut run, mut deepest) = (0_usize, 0_usize, 0_usize);
    let mut groups: Vec<usize> = Vec::new();
    let mut rest = tex;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        let mut name = "";
        if c == '\\' {
            let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
            name = &rest[..letters];
            rest = if letters > 0 { &rest[letters..] } else { rest.get(1..).unwrap_or_default() };
        }
        match (c, name) {
            ('{' | '[', _) | (_, "begin" | "left") => {
                groups.push(level);
                level += run + 1;
                run = 0;
            }
            ('}' | ']', _) | (_, "end" | "right") => {
                level = groups.pop().unwrap_or_default();
                run = 0;
            }
            ('\\', name) if TAKE_THE_REST.contains(&name) => level += 1,
            ('\\' | '^' | '_', _) => run += 1,
            (c, _) if c.is_alphanumeric() || c == '&' => run = 0,
            _ => {}
        }
        deepest = deepest.max(level + run);
    }
    deepest
}

#[cfg(test)]
mod tests;
