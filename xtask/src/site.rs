//! The site: what a browser loads, under `target/site`.
//!
//! `pkg/` holds files named by their content, each with a `.br` and a `.gz` beside it; `manifest.json` says which is
//! which; the files of `public/` keep their names. A file that stays the same is not written again: the server embeds the folder
//! and would otherwise be built anew each time.

mod compress;
pub mod folder;
mod glue;
mod package;
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

    /// What cargo makes of the front end, kept under the name of one of the [`PROGRAMS`].
    pub fn wasm(self, program: &str) -> PathBuf {
        Path::new(shell::TARGET).join("frontend").join(self.profile()).join(format!("{program}.wasm"))
    }
}

/// The programs for the browser: the page, and what the page loads when it is first needed. Cargo makes both of the same
/// package.
const PROGRAMS: [&str; 2] = [PAGE, "renderer"];
/// The program that is split into chunks.
const PAGE: &str = "app";

/// Compiles the front end. This is the long part.
pub fn compile(build: Build) -> Result<()> {
    for program in PROGRAMS {
        let what = ["rustc", "--package", "frontend", "--lib", "--target", doctor::WASM, "--profile", build.profile()];
        let mut cargo = shell::cargo(what);
        if program != PAGE {
            cargo.args(["--features", program]);
        } else if build == Build::Release {
            // Chunks are split off along the references from code to code, which the linker leaves in.
            cargo.args(["--features", "split", "--", "-C", "link-arg=--emit-relocs"]);
        }
        shell::run(&mut cargo)?;
        // Cargo makes both under the same name.
        let made: PathBuf = [shell::TARGET, doctor::WASM, build.profile(), "frontend.wasm"].iter().collect();
        let kept = build.wasm(program);
        fs::create_dir_all(kept.parent().unwrap_or(&kept))?;
        fs::copy(&made, &kept).with_context(|| format!("keeping {}", made.display()))?;
    }
    Ok(())
}

/// Makes the site of the compiled front end, the style sheets and `public/`, and tells what each file weighs.
pub fn assemble(build: Build) -> Result<Vec<sizes::Row>> {
    let mut package = Package::new(build);
    let css = style::with_files(&style::read(Path::new("style"))?, |file| {
        let bytes = asset(file)?;
        let (stem, extension) = package::stem_and_extension(file);
        let key = (file == FONT).then_some("font");
        Ok(format!("/pkg/{}", package.add(key, stem, extension, bytes)?))
    })?;
    package.add(Some("css"), "app", "css", css.into_bytes())?;
    for (program, keys) in [(PAGE, ["wasm", "js"]), ("renderer", ["renderer_wasm", "renderer_js"])] {
        let glue = glue::bind(program, build)?;
        package.add(Some(keys[0]), program, "wasm", glue.wasm)?;
        let js = package.add_snippets(glue.js, glue.snippets)?;
        let js = package.add_chunks(js, glue.chunks)?;
        package.add(Some(keys[1]), program, "js", js.into_bytes())?;
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
