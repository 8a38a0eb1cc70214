//! What has to be on the machine besides cargo.

use crate::shell;
use anyhow::{Context, Result};
use std::{env, path::Path, process::Command};

/// The target of what runs in the browser.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Adds the wasm target to the Rust toolchain in use, unless it is there.
pub fn wasm_target() -> Result<()> {
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    let library = shell::output(rustc.args(["--print", "target-libdir", "--target", WASM]))?;
    if Path::new(library.trim()).exists() {
        return Ok(());
    }
    eprintln!("Adding the target {WASM} to the Rust toolchain");
    shell::run(Command::new("rustup").args(["target", "add", WASM]))
        .with_context(|| format!("Rust's standard library for {WASM} is missing: install it as you installed Rust"))
}
