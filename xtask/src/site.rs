//! The site: what a browser loads, under `target/site`.
//!
//! `pkg/` holds files named by their content, each with a `.br` and a `.gz` beside it; `manifest.json` says which is
//! which; the files of `public/` keep their names. A file that stays the same is not written again: the server embeds the folder
//! and would otherwise be built anew each time.

mod compress;
mod diagram;
pub mod folder;
mod glue;
mod package;
mod script;
pub mod sizes;
mod style;

use crate::{doctor, shell};
use anyhow::{Context, Result};
use package::Package;
use std::{
    fs,
    path::{Path, PathBuf},
};

const SITE: &str = "target/site";
const FONT: &str = "fonts/confab-sans.woff2";

/// How the page is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Build {
    /// Quickly, with function names in stack traces, not compressed.
    Dev,
    /// As small as it gets.
    Release,
}

impl Build {
    fn profile(self) -> &'static str {
        match self {
            Self::Dev => "wasm-dev",
            Self::Release => "wasm-release",
        }
    }

    /// What cargo makes of the front end.
    pub fn wasm(self) -> PathBuf {
        [shell::TARGET, doctor::WASM, self.profile(), "frontend.wasm"].iter().collect()
    }
}

/// Compiles the front end. This is the long part.
pub fn compile(build: Build) -> Result<()> {
    let what = ["rustc", "--package", "frontend", "--lib", "--target", doctor::WASM, "--profile", build.profile()];
    let mut cargo = shell::cargo(what);
    if build == Build::Release {
        // Chunks are split off along the references from code to code, which the linker leaves in.
        cargo.args(["--features", "split", "--", "-C", "link-arg=--emit-relocs"]);
    }
    shell::run(&mut cargo)
}

/// Makes the site of the compiled front end, the style sheets and `public/`, and tells what each file weighs.
pub fn assemble(build: Build) -> Result<Vec<sizes::Row>> {
    let mut package = Package::new(build);
    let sheets = style::read(Path::new("style"))?;
    for (key, css) in [("css", sheets.main), (package::PLAIN, sheets.plain)] {
        let css = style::with_files(&css, |file| {
            let bytes = asset(file)?;
            let (stem, extension) = package::stem_and_extension(file);
            let key = (file == FONT).then_some("font");
            Ok(format!("/pkg/{}", package.add(key, stem, extension, bytes)?))
        })?;
        let stem = if key == "css" { "app" } else { key };
        package.add(Some(key), stem, "css", css.into_bytes())?;
    }
    let glue = glue::bind(build)?;
    package.add(Some("wasm"), "app", "wasm", glue.wasm)?;
    let js = package.add_snippets(glue.js, glue.snippets)?;
    let js = package.add_chunks(js, glue.chunks)?;
    let js = if build == Build::Release { script::small(js) } else { js };
    package.add(Some("js"), "app", "js", js.into_bytes())?;

    if let Some(script) = diagram::script()? {
        package.add(Some("diagram"), "diagram", "js", script)?;
    }
    for (name, bytes) in folder::read(Path::new("public"))? {
        package.add_public(&name, bytes)?;
    }

    let (files, sizes) = package.finish()?;
    folder::write(Path::new(SITE), &files)?;
    Ok(sizes)
}

/// A file that a style sheet names.
fn asset(name: &str) -> Result<Vec<u8>> {
    let places = ["style", "public"].map(|folder| Path::new(folder).join(name));
    let found = places.iter().find(|path| path.is_file()).unwrap_or(&places[0]);
    fs::read(found).with_context(|| format!("a style sheet asks for {}", found.display()))
}
