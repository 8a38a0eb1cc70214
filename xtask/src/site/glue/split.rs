//! Splits the page's code: what only some of it needs goes into chunks, which the page loads when it first needs them.
//!
//! A chunk shares memory, table and stack with the page, and is part of the same program: it is cut out of the linked
//! module, along what `wasm_split` marks (see `app/src/chunk.rs`).

use anyhow::{Context, Result, anyhow, ensure};
use std::{collections::BTreeMap, fs, path::Path};
use walrus::{ModuleConfig, passes::gc};
use wasm_split_cli_support::{Options, transform};

/// A program and the chunks that were cut out of it.
pub struct Parts {
    /// What loads with the page.
    pub main: Vec<u8>,
    /// The chunks by name.
    pub chunks: BTreeMap<String, Vec<u8>>,
    /// Which chunks have to be there for what was marked with a name: some are shared.
    needed: BTreeMap<String, Vec<String>>,
}

/// Loads chunks, in wasm-bindgen's script.
const RUNTIME: &str = include_str!("split/load.js");
/// The module from which the program imports what loads its chunks, by the names that the splitter gives it.
const LOADERS: &str = "chunks";
const LOADER: &str = "__wasm_split_load_";

/// Splits a program that the linker has left its references in. `folder` is for what comes in between.
pub fn apart(program: &[u8], folder: &Path) -> Result<Parts> {
    fs::create_dir_all(folder)?;
    let main = folder.join("main.wasm");
    let mut options = Options::new(program);
    (options.output_dir, options.main_out_path, options.link_name) = (folder, &main, LOADERS);
    let made = transform(options).map_err(|fault| anyhow!("{fault:#}")).context("splitting the page")?;
    let mut chunks = BTreeMap::new();
    for path in made.split_modules {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        chunks.insert(name(&stem), slim(&fs::read(&path)?)?);
    }
    let needed =
        made.prefetch_map.into_iter().map(|(mark, stems)| (mark, stems.iter().map(|stem| name(stem)).collect()));
    Ok(Parts { main: fs::read(&main)?, chunks, needed: needed.collect() })
}

/// The splitter's `split_settings` and `chunk_7` without what they begin with.
fn name(stem: &str) -> String {
    stem.split_once('_').map_or(stem, |(_, name)| name).into()
}

/// The chunk without names and without what it does not use.
fn slim(chunk: &[u8]) -> Result<Vec<u8>> {
    let mut module = ModuleConfig::new().generate_name_section(false).generate_producers_section(false).parse(chunk)?;
    gc::run(&mut module);
    Ok(module.emit_wasm())
}

/// How a script names a chunk before the chunk has an address.
pub fn address(name: &str) -> String {
    ["chunk:", name].concat()
}

impl Parts {
    /// wasm-bindgen's script with what loads the chunks in place of the import of it.
    pub fn with_loaders(&self, js: &str) -> Result<String> {
        let imports = |line: &&str| line.starts_with("import ") && line.contains(&format!("from \"{LOADERS}\""));
        let entry = format!("\"{LOADERS}\": import");
        let (mut out, mut found) = (String::new(), false);
        for line in js.lines().filter(|line| !imports(line)) {
            match line.trim_start().starts_with(&entry) {
                // It stands there once for each of them.
                true if found => continue,
                true => out.push_str(&format!("\"{LOADERS}\": {LOADERS},")),
                false => out.push_str(line),
            }
            found |= line.trim_start().starts_with(&entry);
            out.push('\n');
        }
        ensure!(found, "wasm-bindgen's script does not import what loads the chunks");
        let loader = |(mark, names): (&String, &Vec<String>)| {
            let addresses: Vec<_> = names.iter().map(|name| format!("{:?}", address(name))).collect();
            format!("{LOADER}{mark}: loader({}),\n", addresses.join(", "))
        };
        let loaders: String = self.needed.iter().map(loader).collect();
        Ok(format!("{out}{RUNTIME}const {LOADERS} = {{\n{loaders}}};\n"))
    }
}

#[cfg(test)]
mod tests;
