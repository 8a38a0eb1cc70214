//! The browser tests, and what has to be there before they run: node packages, Chromium, the server, the model.

use crate::{
    doctor, model, shell,
    site::{self, Build},
};
use anyhow::{Context, Result, bail};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

const FOLDER: &str = "end2end";

/// Runs Playwright with `args` after everything it needs has been built.
pub fn run(args: &[&str]) -> Result<()> {
    let chromium = ready()?;
    doctor::wasm_target()?;
    site::compile(Build::Release)?;
    site::assemble(Build::Release)?;
    let server = shell::debug_server()?;
    let model = model::for_tests()?;
    let mut playwright = npm("npx");
    playwright.args(["--no-install", "playwright", "test"]).args(args);
    playwright.env("CONFAB_BIN", server).env("CHROMIUM", chromium).env("CONFAB_LOCAL_MODEL", model);
    shell::run(&mut playwright)
}

/// Sees to it that there are the node packages and Chromium, and gives the path of the latter.
pub fn ready() -> Result<PathBuf> {
    node_packages()?;
    chromium()
}

/// Installs what `package-lock.json` says, unless that was done for the very same file.
pub fn node_packages() -> Result<()> {
    for program in ["node", "npm"] {
        shell::on_path(program)
            .with_context(|| format!("the browser tests need Node.js 20 or newer: no {program} here"))?;
    }
    let lock = fs::read_to_string(Path::new(FOLDER).join("package-lock.json"))?;
    let stamp = Path::new(FOLDER).join("node_modules/.installed-from");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    eprintln!("Installing the node packages of the browser tests");
    shell::run(npm("npm").arg("ci").env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))?;
    Ok(fs::write(stamp, lock)?)
}

fn npm(program: &str) -> Command {
    let mut command = Command::new(shell::on_path(program).unwrap_or_else(|| program.into()));
    command.current_dir(FOLDER);
    command
}

/// `$CHROMIUM`, or the one on the PATH, or the one that Debian has.
fn chromium() -> Result<PathBuf> {
    if let Some(path) = env::var_os("CHROMIUM").filter(|path| !path.is_empty()) {
        return Ok(path.into());
    }
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let on_path = || names.into_iter().find_map(shell::on_path);
    if let Some(path) = on_path() {
        return Ok(path);
    }
    let root = shell::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !root || shell::on_path("apt-get").is_none() {
        bail!("the browser tests need Chromium or Chrome: install it, or put its path into CHROMIUM");
    }
    eprintln!("There is no Chromium here: installing Debian's package");
    let apt = |args: &[&str]| shell::run(Command::new("apt-get").args(args).env("DEBIAN_FRONTEND", "noninteractive"));
    apt(&["update"])?;
    apt(&["install", "-y", "chromium"])?;
    on_path().context("Debian's package chromium brought no program of that name")
}
