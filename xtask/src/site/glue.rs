//! From rustc's wasm to what a browser can load: wasm-bindgen, and wasm-opt where it is at hand.

mod names;
pub mod split;
mod unused;

use super::{Build, folder, package::Files};
use crate::shell;
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};
use walrus::ModuleConfig;
use wasm_bindgen_cli_support::Bindgen;

const CHUNKS: &str = "chunks";

/// What wasm-bindgen makes.
pub struct Glue {
    pub js: String,
    pub wasm: Vec<u8>,
    /// Scripts that crates bring along, by their path below `snippets/`.
    pub snippets: Files,
    /// Chunks of the program by name; the script calls them by their [`split::address`].
    pub chunks: Files,
}

/// Small, and smaller still for having been made flat in between. Only what browsers have had for years: with all
/// features on, wasm-opt writes modules that none of them loads.
const WASM_OPT: [&str; 12] = [
    // What is put where it is called compresses worse than what is called.
    "--one-caller-inline-max-function-size=0",
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Binds the page for the browser, or takes the result of the last time if nothing it depends on has changed.
pub fn bind(build: Build) -> Result<Glue> {
    let wasm = build.wasm();
    let input = fs::read(&wasm).with_context(|| format!("reading {}", wasm.display()))?;
    let optimiser = if build == Build::Release { wasm_opt() } else { None };
    let key = key(&input, optimiser.as_deref());
    let folder = Path::new(shell::TARGET).join("glue").join(build.profile());
    if !fs::read_to_string(folder.join("key")).is_ok_and(|old| old == key) {
        let _ = fs::remove_dir_all(&folder);
        generate(input, &folder, build)?;
        match &optimiser {
            Some(optimiser) => {
                for wasm in [vec![folder.join("app_bg.wasm")], files_in(&folder.join(CHUNKS))].concat() {
                    optimise(optimiser, &wasm);
                }
            }
            None if build == Build::Release => {
                eprintln!("      (no wasm-opt here: the page is about 1 % larger)")
            }
            None => {}
        }
        fs::write(folder.join("key"), key)?;
    }
    Ok(Glue {
        js: fs::read_to_string(folder.join("app.js"))?,
        wasm: fs::read(folder.join("app_bg.wasm"))?,
        snippets: folder::read(&folder.join("snippets"))?,
        chunks: folder::read(&folder.join(CHUNKS))?,
    })
}

/// The input, the optimiser and this very recipe.
fn key(input: &[u8], optimiser: Option<&Path>) -> String {
    let recipe = [
        include_str!("glue.rs"),
        include_str!("glue/names.rs"),
        include_str!("glue/split.rs"),
        include_str!("glue/split/load.js"),
        include_str!("glue/unused.rs"),
    ];
    let recipe = Sha256::new().chain_update(recipe.concat()).chain_update(input).finalize();
    let hash: String = recipe.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{hash} {}", optimiser.map_or("plain".into(), Path::to_string_lossy))
}

fn generate(input: Vec<u8>, folder: &Path, build: Build) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.out_name("app").typescript(false).omit_default_module_path(true).web(true)?;
    if build == Build::Dev {
        return bindgen.input_bytes("app", input).generate_output()?.emit(folder).context("wasm-bindgen");
    }
    bindgen.remove_name_section(true).remove_producers_section(true).demangle(false);
    let input = unused::cut(&input)?;
    let parts = split::apart(&input, &folder.join("parts"))?;
    // Memory, table and stack are the chunks' too.
    bindgen.input_bytes("app", parts.main.clone()).keep_lld_exports(true);
    let mut output = bindgen.generate_output().context("wasm-bindgen")?;
    unused::cut_exports(output.wasm_mut());
    output.emit(folder).context("wasm-bindgen")?;
    let js = folder.join("app.js");
    fs::write(&js, parts.with_loaders(&fs::read_to_string(&js)?)?)?;
    folder::write(&folder.join(CHUNKS), &parts.chunks)?;
    shorten_names(folder)
}

fn shorten_names(folder: &Path) -> Result<()> {
    let (js, wasm) = (folder.join("app.js"), folder.join("app_bg.wasm"));
    let mut module = ModuleConfig::new().generate_producers_section(false).parse_file(&wasm)?;
    fs::write(&js, names::shorten(&mut module, &fs::read_to_string(&js)?))?;
    module.emit_wasm_file(&wasm)
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    folder::paths(folder).unwrap_or_default().iter().map(|name| folder.join(name)).collect()
}

fn wasm_opt() -> Option<PathBuf> {
    let from_npm = Path::new("end2end/node_modules/.bin/wasm-opt");
    if from_npm.exists() && shell::on_path("node").is_some() {
        return env::current_dir().ok().map(|root| root.join(from_npm));
    }
    shell::on_path("wasm-opt")
}

/// A fault of the optimiser costs a percent, so it is no reason to stop.
fn optimise(program: &Path, wasm: &Path) {
    let smaller = wasm.with_extension("opt");
    let result = shell::run(Command::new(program).args(WASM_OPT).arg(wasm).arg("-o").arg(&smaller));
    if let Err(error) = result.and_then(|()| Ok(fs::rename(&smaller, wasm)?)) {
        eprintln!("      (going on without wasm-opt: {error:#})");
    }
}

#[cfg(test)]
mod tests;
