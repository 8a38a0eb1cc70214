//! The page's script, as small as it gets.

use crate::shell;
use anyhow::{Context, Result, ensure};
use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

const ESBUILD: &str = "end2end/node_modules/.bin/esbuild";

/// The same script with short names and no spaces; unchanged where esbuild is not at hand, which costs a kilobyte.
pub fn small(js: String) -> String {
    minified(&js).unwrap_or_else(|error| {
        eprintln!("      (going on without esbuild: {error:#})");
        js
    })
}

fn minified(js: &str) -> Result<String> {
    ensure!(Path::new(ESBUILD).exists() && shell::on_path("node").is_some(), "the node packages are not there");
    let mut esbuild = Command::new(ESBUILD)
        .args(["--minify", "--format=esm", "--target=es2022", "--loader=js"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut input = esbuild.stdin.take().context("it reads what it is given")?;
    let text = js.to_owned();
    // Beside reading, or both would wait for the other once a pipe is full.
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = esbuild.wait_with_output()?;
    ensure!(output.status.success() && writer.join().is_ok_and(|written| written.is_ok()), "it failed");
    Ok(String::from_utf8(output.stdout)?)
}
