//! Short names for what the script and the wasm call each other by.
//!
//! wasm-bindgen's names tell a reader which function of which interface is meant, and end in a hash. Nobody reads them in
//! a release, and hashes do not compress: they are a fiftieth of the page.

use std::collections::BTreeMap;
use walrus::Module;

/// How the names begin that wasm-bindgen and the splitter make up. Others are promises to who uses the module.
const MADE_UP: [&str; 3] = ["__wb", "wasm_bindgen__", "__wasm_split_load_"];

/// Renames the imports and exports of `module`, and gives `js` with the same new names, without its layout.
pub fn shorten(module: &mut Module, js: &str) -> String {
    let mut names = Names::default();
    for import in module.imports.iter_mut() {
        names.shorten(&mut import.name);
    }
    for export in module.exports.iter_mut() {
        names.shorten(&mut export.name);
    }
    js.lines().map(str::trim).filter(|line| is_code(line)).map(|line| names.replace(line) + "\n").collect()
}

fn is_code(line: &str) -> bool {
    !line.is_empty() && !["//", "/**", "*"].iter().any(|mark| line.starts_with(mark))
}

#[derive(Default)]
struct Names(BTreeMap<String, String>);

impl Names {
    fn shorten(&mut self, name: &mut String) {
        if MADE_UP.iter().any(|start| name.starts_with(start)) {
            let next = format!("_{:x}", self.0.len());
            name.clone_from(self.0.entry(name.clone()).or_insert(next));
        }
    }

    /// The line with every word that has a short name in its short form.
    fn replace(&self, line: &str) -> String {
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        let mut out = String::new();
        let mut rest = line;
        while !rest.is_empty() {
            let word = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            out.push_str(self.0.get(&rest[..word]).map_or(&rest[..word], String::as_str));
            let gap = rest[word..].find(is_word).map_or(rest.len(), |gap| word + gap);
            out.push_str(&rest[word..gap]);
            rest = &rest[gap..];
        }
        out
    }
}

#[cfg(test)]
mod tests;
