//! Everything that a user has, in one archive.

use super::export::{Format, file_name};
use chat::{
    UserId,
    ports::{Exports, StoreError},
};
use std::{
    collections::HashSet,
    fs::File,
    io::{self, Seek, Write},
    path::Path,
};
use tokio::{sync::mpsc, task::spawn_blocking};
use zip::{ZipWriter, write::SimpleFileOptions};

/// No archive was made.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The disk failed.
    #[error(transparent)]
    Failed(#[from] io::Error),
}

/// Writes all conversations of a user into an archive, one after the other, as a file of a folder that nobody else sees.
pub async fn everything(
    exports: &dyn Exports,
    owner: UserId,
    format: Format,
    folder: &Path,
) -> Result<File, ArchiveError> {
    let folder = folder.to_owned();
    let (sender, entries) = mpsc::channel(4);
    let writing = spawn_blocking(move || write(tempfile::tempfile_in(folder)?, entries));
    let mut taken = HashSet::new();
    for id in exports.conversations(owner).await? {
        let Some(whole) = exports.whole(owner, id).await? else { continue };
        let mut name = file_name(&whole, format);
        if !taken.insert(name.clone()) {
            name = format!("{id} {name}");
        }
        if sender.send((format!("conversations/{name}"), format.write(&whole))).await.is_err() {
            break;
        }
    }
    drop(sender);
    Ok(writing.await.map_err(io::Error::other)??)
}

fn write(file: File, mut entries: mpsc::Receiver<(String, String)>) -> io::Result<File> {
    let mut archive = ZipWriter::new(file);
    while let Some((name, text)) = entries.blocking_recv() {
        archive.start_file(name, SimpleFileOptions::default())?;
        archive.write_all(text.as_bytes())?;
    }
    let mut file = archive.finish()?;
    file.rewind()?;
    Ok(file)
}
