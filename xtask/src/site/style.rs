//! The style sheets as two: what every page is given, and what only those are given that never wake up.
//!
//! They are the part of SCSS that is CSS: what once took a preprocessor (variables, nesting, colour arithmetic) browsers
//! do themselves, and a preprocessor stumbles over the newest of it. `@use` in `main.scss` and `plain.scss` gives
//! their order.

mod minify;

use super::folder;
use anyhow::{Context, Result, bail, ensure};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The sheets that pages load.
#[derive(Debug, PartialEq, Eq)]
pub struct Sheets {
    /// For every page.
    pub main: String,
    /// For those that never wake up, besides.
    pub plain: String,
}

/// Everything that `main.scss` and `plain.scss` in a folder name, in its order and small; what the sheets name
/// themselves is untouched.
pub fn read(folder: &Path) -> Result<Sheets> {
    let mut taken = BTreeSet::new();
    let sheets =
        Sheets { main: joined(folder, "main.scss", &mut taken)?, plain: joined(folder, "plain.scss", &mut taken)? };
    all_taken(folder, &taken)?;
    Ok(sheets)
}

fn joined(folder: &Path, name: &str, taken: &mut BTreeSet<PathBuf>) -> Result<String> {
    let list = folder.join(name);
    let order = fs::read_to_string(&list).with_context(|| format!("reading {}", list.display()))?;
    taken.insert(list.clone());
    let mut css = String::new();
    for (number, line) in order.lines().enumerate() {
        let Some(name) = imported(line).with_context(|| format!("{}:{}", list.display(), number + 1))? else {
            css.push_str(line);
            css.push('\n');
            continue;
        };
        let path = part(folder, name)?;
        css.push_str(&fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?);
        taken.insert(path);
    }
    minify::minify(&css)
}

/// The sheet that a line names: `@use "tokens";`.
fn imported(line: &str) -> Result<Option<&str>> {
    let line = line.trim();
    let Some(rest) = line.strip_prefix("@use ").or_else(|| line.strip_prefix("@import ")) else {
        return Ok(None);
    };
    let name = rest.strip_suffix(';').map(|name| name.trim().trim_matches(['"', '\'']));
    match name {
        Some(name) if !name.contains(['"', '\'', ' ', '(']) => Ok(Some(name)),
        _ => bail!("expected `@use \"name\";`, found `{line}`"),
    }
}

fn part(folder: &Path, name: &str) -> Result<PathBuf> {
    let names = [name.to_owned(), format!("{name}.css"), format!("{name}.scss")];
    let found = names.iter().map(|name| folder.join(name)).find(|path| path.is_file());
    found.with_context(|| format!("there is no style sheet {}", folder.join(name).display()))
}

/// A sheet that nobody imports looks alive and is not.
fn all_taken(folder: &Path, taken: &BTreeSet<PathBuf>) -> Result<()> {
    let sheet = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "css" || extension == "scss");
    let left = folder::paths(folder)?.into_iter().map(|name| folder.join(name));
    let left: BTreeSet<PathBuf> = left.filter(|path| sheet(path) && !taken.contains(path)).collect();
    ensure!(left.is_empty(), "no list of sheets names {left:?}");
    Ok(())
}

/// Gives each file that the sheet names (relative to `style/`) the address that `address` finds for it.
pub fn with_files(css: &str, mut address: impl FnMut(&str) -> Result<String>) -> Result<String> {
    let mut parts = css.split("url(");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str("url(");
        let (name, rest) = quoted(part);
        if name.is_empty() || name.starts_with(['#', '/']) || name.contains(':') {
            out.push_str(part);
        } else {
            out.push_str(&format!("\"{}\"{rest}", address(name)?));
        }
    }
    Ok(out)
}

/// What stands before the `)` of a `url(`, without its quotes, and the rest from the `)` on.
fn quoted(part: &str) -> (&str, &str) {
    let quote = part.chars().next().filter(|c| ['"', '\''].contains(c));
    let (inner, end) = quote.map_or((part, ")".to_owned()), |quote| (&part[1..], format!("{quote})")));
    let length = inner.find(&end).unwrap_or(0);
    (inner[..length].trim(), &inner[length + end.len() - 1..])
}

#[cfg(test)]
mod tests;
