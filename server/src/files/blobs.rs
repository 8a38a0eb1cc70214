//! Where contents are kept: in files that are named by their hash, in folders that nobody else may enter.
//!
//! A file is written under another name first, and is on the disk before it gets its own. So what has a name is whole.

use chat::ports::FileHash;
use sha2::{Digest, Sha256};
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

/// The folder, within the data folder.
const FOLDER: &str = "files";
/// The folder, within that, for what is still coming in.
const INCOMING: &str = "incoming";

/// The contents of files.
#[derive(Debug, Clone)]
pub struct Blobs {
    folder: Arc<Path>,
}

/// A file that is coming in. It goes when it is dropped, unless it was kept.
#[derive(Debug)]
pub struct Incoming {
    pub(super) file: File,
    path: PathBuf,
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // It has its own name already, or goes at the next start.
        let _ = fs::remove_file(&self.path);
    }
}

/// The hash of contents.
pub(super) fn hash_of(bytes: &[u8]) -> FileHash {
    FileHash(Sha256::digest(bytes).into())
}

impl Blobs {
    /// Contents in a data folder, which has to be there before the first one is kept.
    pub fn new(data_dir: &Path) -> Self {
        Self { folder: data_dir.join(FOLDER).into() }
    }

    /// A new file to write to. `name` is one that no other has.
    pub(super) fn incoming(&self, name: &str) -> io::Result<Incoming> {
        private_folder(&self.folder)?;
        let folder = self.folder.join(INCOMING);
        private_folder(&folder)?;
        let path = folder.join(name);
        let file = private_file().read(true).write(true).create_new(true).open(&path)?;
        Ok(Incoming { file, path })
    }

    /// Keeps what has come in under its hash.
    pub(super) fn keep(&self, incoming: Incoming, hash: FileHash) -> io::Result<()> {
        incoming.file.sync_all()?;
        let path = self.path(hash);
        let folder = self.folder_of(hash);
        private_folder(&folder)?;
        fs::rename(&incoming.path, path)?;
        // A name is on the disk when its folder is.
        File::open(&folder)?.sync_all()?;
        File::open(&self.folder)?.sync_all()
    }

    /// Keeps bytes under their hash. `name` is as for [`Blobs::incoming`].
    pub(super) fn keep_bytes(&self, name: &str, bytes: &[u8], hash: FileHash) -> io::Result<()> {
        let mut incoming = self.incoming(name)?;
        incoming.file.write_all(bytes)?;
        self.keep(incoming, hash)
    }

    /// Opens contents. Nothing that is a link is followed.
    pub(super) fn open(&self, hash: FileHash) -> io::Result<File> {
        must_be_folder(&self.folder)?;
        must_be_folder(&self.folder_of(hash))?;
        let file = private_file().read(true).open(self.path(hash))?;
        if file.metadata()?.is_file() { Ok(file) } else { Err(no_file()) }
    }

    /// Removes contents; what is not there is no error.
    pub(super) fn remove(&self, hash: FileHash) -> io::Result<()> {
        match fs::remove_file(self.path(hash)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// The hashes of everything that is kept.
    pub(super) fn all(&self) -> io::Result<Vec<FileHash>> {
        let mut all = Vec::new();
        for folder in entries(&self.folder)? {
            let is_own = folder.file_name().is_some_and(|name| name.len() == 2);
            if is_own && must_be_folder(&folder).is_ok() {
                let files = entries(&folder)?;
                all.extend(files.iter().filter_map(|file| parse(file.file_name()?.to_str()?)));
            }
        }
        Ok(all)
    }

    /// Removes what was coming in when the server was last stopped. Before anything comes in.
    pub(super) fn clear_incoming(&self) -> io::Result<()> {
        for file in entries(&self.folder.join(INCOMING))? {
            fs::remove_file(file)?;
        }
        Ok(())
    }

    fn folder_of(&self, hash: FileHash) -> PathBuf {
        self.folder.join(&hash.to_string()[..2])
    }

    fn path(&self, hash: FileHash) -> PathBuf {
        self.folder_of(hash).join(hash.to_string())
    }
}

fn parse(name: &str) -> Option<FileHash> {
    let digits: Option<Vec<u8>> = (0..32).map(|n| u8::from_str_radix(name.get(2 * n..2 * n + 2)?, 16).ok()).collect();
    let hash = FileHash(digits?.try_into().ok()?);
    // One thing has one name.
    (hash.to_string() == name).then_some(hash)
}

/// What is in a folder; nothing when it is not there.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| entry.map(|entry| entry.path())).collect(),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Makes a folder that only this user may enter, unless it is there.
fn private_folder(path: &Path) -> io::Result<()> {
    let mut folder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    match folder.create(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => must_be_folder(path),
        made => made,
    }
}

fn must_be_folder(path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path)?.is_dir() { Ok(()) } else { Err(no_file()) }
}

fn no_file() -> io::Error {
    io::Error::other("something else is where files are kept; links are not followed")
}

/// Opens or makes a file that only this user may read, and no link to one.
fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600).custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed());
    }
    options
}

/// Whether everybody on this machine may write to a folder.
pub fn open_to_others(folder: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(folder).is_ok_and(|found| found.permissions().mode() & 0o002 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        false
    }
}

#[cfg(test)]
mod tests;
