//! What draws diagrams, in a frame of its own: mermaid (MIT), which is too large for the repository, and the few lines that
//! stand between it and the page. No page loads it before somebody wants to see a diagram.

use crate::shell;
use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const VERSION: &str = "12.3.0";
const SHA256: &str = "336df803d87a38b70a01e736e666c8f7601d2ce42f5e47c8fafe5d721074b9a3";
/// Kept between builds, under a name of its content.
const CACHE: &str = "target/mermaid";

/// The script of the frame; none when the library can't be had: then diagrams are shown as their source.
pub fn script() -> Result<Option<Vec<u8>>> {
    match library() {
        Ok(library) => Ok(Some([&*notice(), library.as_slice(), include_bytes!("diagram/frame.js")].concat())),
        Err(error) => {
            eprintln!("      (mermaid is not to be had, so diagrams are shown as their source: {error:#})");
            Ok(None)
        }
    }
}

/// What its licence asks to be kept with it.
fn notice() -> Vec<u8> {
    format!("/*! mermaid {VERSION}\n{}*/\n", include_str!("diagram/LICENSE.txt")).into_bytes()
}

fn library() -> Result<Vec<u8>> {
    let place = Path::new(CACHE).join(format!("{SHA256}.js"));
    if let Ok(kept) = fs::read(&place).map_err(Into::into).and_then(verified) {
        return Ok(kept);
    }
    let scratch = Path::new(CACHE).join("unfinished");
    let _ = fs::remove_dir_all(&scratch);
    fs::create_dir_all(&scratch)?;
    let library = unpacked(&scratch, &packed(&scratch)?)?;
    let unfinished = scratch.join("mermaid.js");
    fs::write(&unfinished, &library)?;
    fs::rename(&unfinished, &place)?;
    fs::remove_dir_all(&scratch)?;
    Ok(library)
}

fn verified(library: Vec<u8>) -> Result<Vec<u8>> {
    let hash: String = Sha256::digest(&library).iter().map(|byte| format!("{byte:02x}")).collect();
    ensure!(hash == SHA256, "the file has the SHA-256 {hash} instead of {SHA256}");
    Ok(library)
}

/// By npm, with the registry it is configured for.
fn packed(scratch: &Path) -> Result<PathBuf> {
    let npm = shell::on_path("npm").context("there is no npm here")?;
    let name = format!("mermaid@{VERSION}");
    shell::output(Command::new(npm).args(["pack", "--silent", &name]).current_dir(scratch))?;
    Ok(scratch.join(archive_name()))
}

fn archive_name() -> String {
    format!("mermaid-{VERSION}.tgz")
}

fn unpacked(scratch: &Path, archive: &Path) -> Result<Vec<u8>> {
    const FILE: &str = "package/dist/mermaid.min.js";
    let archive = archive.file_name().context("an archive has a name")?;
    shell::output(Command::new("tar").arg("-xzf").arg(archive).arg(FILE).current_dir(scratch))?;
    verified(fs::read(scratch.join(FILE))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_else_is_taken_for_the_library() {
        assert!(verified(b"alert(1)".to_vec()).is_err());
    }

    #[test]
    fn the_licence_stays_with_the_library() {
        let notice = String::from_utf8(notice()).expect("words");
        assert!(notice.contains("MIT License") && notice.contains("Knut Sveidqvist"));
        assert_eq!(notice.matches("*/").count(), 1, "the notice ends where it should");
    }
}
