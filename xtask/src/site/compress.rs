//! Brotli and gzip, done once for each content.

use anyhow::Result;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeSet,
    fs,
    io::{ErrorKind, Write},
    path::PathBuf,
};

/// A file as it goes over the wire.
pub struct Packed {
    /// RFC 7932, at its highest quality.
    pub brotli: Vec<u8>,
    /// RFC 1952, at its highest level.
    pub gzip: Vec<u8>,
}

/// Compressing takes seconds, so its results are kept between builds.
pub struct Cache {
    folder: PathBuf,
    used: BTreeSet<PathBuf>,
}

impl Cache {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, used: BTreeSet::new() }
    }

    /// Both compressed forms of `bytes`.
    pub fn compress(&mut self, bytes: &[u8]) -> Result<Packed> {
        let name: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Packed {
            brotli: self.kept(format!("{name}.br"), || brotli(bytes))?,
            gzip: self.kept(format!("{name}.gz"), || gzip(bytes))?,
        })
    }

    fn kept(&mut self, name: String, make: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
        let path = self.folder.join(name);
        self.used.insert(path.clone());
        match fs::read(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let bytes = make()?;
                fs::create_dir_all(&self.folder)?;
                // An interrupted write must not pass for a result.
                let unfinished = path.with_extension("part");
                fs::write(&unfinished, &bytes)?;
                fs::rename(&unfinished, &path)?;
                Ok(bytes)
            }
            other => Ok(other?),
        }
    }

    /// Forgets what this build did not ask for.
    pub fn prune(&self) -> Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if !self.used.contains(&path) {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    let best = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &best)?;
    Ok(packed)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(bytes)?;
    Ok(packed.finish()?)
}

#[cfg(test)]
mod tests;
