//! Taking in a file that somebody exported elsewhere.

use super::import::{self, Unreadable};
use chat::{
    ConversationId, UserId,
    ports::{Ids, Imports, StoreError},
    transfer::{ImportReport, ImportedConversation, Skipped},
};
use futures::{Stream, StreamExt};
use std::{
    error::Error,
    fs::File,
    io::{self, Seek},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::AsyncWriteExt,
    sync::{Semaphore, mpsc},
    task::{JoinError, spawn_blocking},
    time::timeout,
};

/// The largest file, in bytes.
pub const FILE_BYTES: u64 = 300_000_000;
/// How long an upload may be silent.
const PATIENCE: Duration = Duration::from_secs(30);
/// Messages that are stored in one transaction, so that others who write need not wait for long.
const BATCH: usize = 500;

/// Nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The form came without a file.
    #[error("Choose a file first.")]
    NoFile,
    /// Larger than [`FILE_BYTES`].
    #[error("Files to import may have up to {} MB. This one is larger.", FILE_BYTES / 1_000_000)]
    TooLarge,
    /// It stood still, or broke off.
    #[error("The upload broke off. Try again.")]
    Broken,
    /// Imports are made one after the other.
    #[error("Another import is being made on this server. Try again when it has ended.")]
    OneAtATime,
    /// The file is none that can be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// There is no room left.
    #[error("The server's disk is full, so nothing can be stored. Tell its administrator.")]
    Full,
    /// Others held the store for too long.
    #[error("The server is busy. Try again in a moment.")]
    Busy,
    /// The store or the disk failed.
    #[error(transparent)]
    Failed(Box<dyn Error + Send + Sync>),
}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::Busy,
            StoreError::Full => Self::Full,
            StoreError::Failed(error) => Self::Failed(error),
        }
    }
}

impl From<io::Error> for ImportError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Failed(error.into()),
        }
    }
}

impl From<JoinError> for ImportError {
    fn from(error: JoinError) -> Self {
        Self::Failed(error.into())
    }
}

/// Imports files. Cloning it is cheap; all clones are the same importer.
#[derive(Clone)]
pub struct Importer {
    imports: Arc<dyn Imports>,
    ids: Arc<dyn Ids>,
    /// Where a file is kept while it is read.
    folder: PathBuf,
    one_at_a_time: Arc<Semaphore>,
}

impl Importer {
    /// Into these conversations.
    pub fn new(imports: Arc<dyn Imports>, ids: Arc<dyn Ids>, folder: &Path) -> Self {
        Self { imports, ids, folder: folder.into(), one_at_a_time: Arc::new(Semaphore::new(1)) }
    }

    /// Imports a file that is being uploaded: all that can be read of it, or nothing.
    pub async fn take<E>(
        &self,
        owner: UserId,
        body: impl Stream<Item = Result<impl AsRef<[u8]>, E>> + Unpin,
    ) -> Result<ImportReport, ImportError> {
        let Ok(place) = self.one_at_a_time.clone().try_acquire_owned() else { return Err(ImportError::OneAtATime) };
        let file = self.receive(body).await?;
        // To its end, also when nobody waits for it any more: half of a file is not what was asked for.
        let importer = self.clone();
        let import = tokio::spawn(async move {
            let _place = place;
            importer.import(owner, file).await
        });
        import.await?
    }

    async fn receive<E>(
        &self,
        mut body: impl Stream<Item = Result<impl AsRef<[u8]>, E>> + Unpin,
    ) -> Result<File, ImportError> {
        let folder = self.folder.clone();
        let file = spawn_blocking(move || tempfile::tempfile_in(folder)).await??;
        let mut writer = tokio::fs::File::from_std(file.try_clone()?);
        let mut received = 0;
        while let Some(piece) = timeout(PATIENCE, body.next()).await.map_err(|_| ImportError::Broken)? {
            let piece = piece.map_err(|_| ImportError::Broken)?;
            received += piece.as_ref().len() as u64;
            if received > FILE_BYTES {
                return Err(ImportError::TooLarge);
            }
            writer.write_all(piece.as_ref()).await?;
        }
        writer.flush().await?;
        if received == 0 { Err(ImportError::NoFile) } else { Ok(file) }
    }

    /// Imports a file. It is read twice: to its end before anything of it is stored.
    ///
    /// # Errors
    /// Nothing of it is there then.
    pub async fn import(&self, owner: UserId, mut file: File) -> Result<ImportReport, ImportError> {
        let again = file.try_clone()?;
        spawn_blocking(move || {
            file.rewind().map_err(Unreadable::Failed)?;
            import::read(file, &mut |_| true)
        })
        .await??;
        let mut imported = Vec::new();
        let stored = self.store(owner, again, &mut imported).await;
        if stored.is_err() {
            self.imports.take_back(owner, &imported).await?;
        }
        stored
    }

    async fn store(
        &self,
        owner: UserId,
        mut file: File,
        imported: &mut Vec<ConversationId>,
    ) -> Result<ImportReport, ImportError> {
        let (sender, mut batches) = mpsc::channel(2);
        let reading = spawn_blocking(move || {
            file.rewind().map_err(Unreadable::Failed)?;
            read_in_batches(file, &sender)
        });
        let mut report = ImportReport::default();
        while let Some(batch) = batches.recv().await {
            batch.skipped.into_iter().for_each(|skipped| report.skip(skipped));
            for id in self.imports.import(owner, &batch.conversations, &*self.ids).await? {
                match id {
                    Some(id) => imported.push(id),
                    None => report.known += 1,
                }
            }
        }
        reading.await??;
        report.imported = imported.len();
        Ok(report)
    }
}

/// Some of what is in a file.
#[derive(Default)]
struct Batch {
    conversations: Vec<ImportedConversation>,
    skipped: Vec<Skipped>,
    messages: usize,
}

fn read_in_batches(file: File, sender: &mpsc::Sender<Batch>) -> Result<(), Unreadable> {
    let mut batch = Batch::default();
    import::read(file, &mut |one| {
        match one {
            Ok(conversation) => {
                batch.messages += conversation.messages.len();
                batch.conversations.push(conversation);
            }
            Err(skipped) => batch.skipped.push(skipped),
        }
        batch.messages + batch.skipped.len() < BATCH || sender.blocking_send(std::mem::take(&mut batch)).is_ok()
    })?;
    // Nobody waits for it any more when this fails.
    _ = sender.blocking_send(batch);
    Ok(())
}
