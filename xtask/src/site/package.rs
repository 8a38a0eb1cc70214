//! The hashed files of `pkg/` and the manifest that names them.

use super::{
    Build, compress,
    glue::split,
    sizes::{Row, Weight},
};
use anyhow::{Result, ensure};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Path inside the site → content.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The files of `public/` that every page loads.
const FIRST_PUBLIC: [&str; 3] = ["favicon.svg", "icons.svg", "manifest.webmanifest"];
/// How the names of chunks begin, of what draws diagrams, and of the font's less frequent letters: a page loads them when
/// it first needs them.
const CHUNK: &str = "chunk.";
const LATER: [&str; 4] = [CHUNK, "diagram.", "confab-sans-accents.", PLAIN];
/// The sheet of the pages that never wake up: its key, and how the name of its file begins.
pub const PLAIN: &str = "plain";

/// The files of one build while they are collected.
pub struct Package {
    build: Build,
    files: Files,
    names: BTreeMap<String, String>,
    rows: Vec<Row>,
    cache: compress::Cache,
}

impl Package {
    pub fn new(build: Build) -> Self {
        let cache = compress::Cache::new("target/compressed".into());
        Self { build, files: Files::new(), names: BTreeMap::new(), rows: Vec::new(), cache }
    }

    /// Takes a file in under a name of its content, which it gives back; under `key` it goes into the manifest too.
    pub fn add(&mut self, key: Option<&str>, stem: &str, extension: &str, bytes: Vec<u8>) -> Result<String> {
        let name = hashed_name(stem, extension, &bytes);
        self.put(name.clone(), extension != "woff2", bytes)?;
        if let Some(key) = key {
            self.names.insert(key.into(), name.clone());
        }
        Ok(name)
    }

    /// Takes in the scripts that crates bring along, and gives the main script with their new addresses.
    ///
    /// They may import each other by relative path, so the folder carries the hash, not each file.
    pub fn add_snippets(&mut self, js: String, snippets: Files) -> Result<String> {
        if snippets.is_empty() {
            return Ok(js);
        }
        let content: Vec<u8> =
            snippets.iter().flat_map(|(name, bytes)| [name.as_bytes(), bytes]).flatten().copied().collect();
        let folder = format!("snippets-{}", hash(&content));
        for (name, bytes) in snippets {
            self.put(format!("{folder}/{name}"), true, bytes)?;
        }
        Ok(js.replace("./snippets/", &format!("./{folder}/")))
    }

    /// Takes in the chunks of a program, and gives its script with their addresses.
    pub fn add_chunks(&mut self, mut js: String, chunks: Files) -> Result<String> {
        for (name, bytes) in chunks {
            let file = self.add(None, &[CHUNK, &name].concat(), "wasm", bytes)?;
            js = js.replace(&format!("{:?}", split::address(&name)), &format!("\"/pkg/{file}\""));
        }
        Ok(js)
    }

    /// Takes in a file that keeps its name.
    pub fn add_public(&mut self, name: &str, bytes: Vec<u8>) -> Result<()> {
        let path = format!("public/{name}");
        let weight = self.store(&path, true, bytes)?;
        self.rows.push(Row { name: name.into(), weight, first: FIRST_PUBLIC.contains(&name) });
        Ok(())
    }

    fn put(&mut self, name: String, compressible: bool, bytes: Vec<u8>) -> Result<()> {
        let weight = self.store(&format!("pkg/{name}"), compressible, bytes)?;
        let first = !LATER.iter().any(|beginning| name.starts_with(beginning));
        self.rows.push(Row { name, weight, first });
        Ok(())
    }

    fn store(&mut self, path: &str, compressible: bool, bytes: Vec<u8>) -> Result<Weight> {
        let mut weight = Weight { raw: bytes.len(), brotli: bytes.len(), gzip: bytes.len() };
        if compressible && self.build == Build::Release {
            let packed = self.cache.compress(&bytes)?;
            (weight.brotli, weight.gzip) = (packed.brotli.len(), packed.gzip.len());
            self.files.insert(format!("{path}.br"), packed.brotli);
            self.files.insert(format!("{path}.gz"), packed.gzip);
        }
        self.files.insert(path.into(), bytes);
        Ok(weight)
    }

    /// The whole, with its manifest. Fails if one of the files is missing that the server's pages name.
    pub fn finish(mut self) -> Result<(Files, Vec<Row>)> {
        for key in ["js", "wasm", "css", PLAIN, "font"] {
            ensure!(self.names.contains_key(key), "the site has no {key}");
        }
        self.files.insert("manifest.json".into(), serde_json::to_vec(&self.names)?);
        if self.build == Build::Release {
            self.cache.prune()?;
        }
        Ok((self.files, self.rows))
    }
}

/// `fonts/confab-sans.woff2` → (`confab-sans`, `woff2`).
pub fn stem_and_extension(path: &str) -> (&str, &str) {
    let file = path.rsplit_once('/').map_or(path, |(_, file)| file);
    file.rsplit_once('.').unwrap_or((file, "bin"))
}

fn hashed_name(stem: &str, extension: &str, bytes: &[u8]) -> String {
    format!("{stem}.{}.{extension}", hash(bytes))
}

/// Eight hexadecimal digits: enough to tell one build of a file from the next.
fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)[..4].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
