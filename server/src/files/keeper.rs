//! Takes files in, gives them back, and removes what nothing needs.

use super::{
    apart::Apart,
    at_once::AtOnce,
    blobs::{Blobs, Incoming},
    prepare::{Content, PrepareError, Prepared, Text, prepare},
    unfit::Unfit,
};
use chat::{
    Attachment, FileId, FileName, Timestamp, UserId,
    ports::{AddFileError, FileHash, Files, KeptFile, NewFile, Removal, StoreError},
};
use futures::{Stream, StreamExt};
use std::{collections::HashSet, fs::File, io, sync::Arc, time::Duration};
use tokio::{
    io::AsyncWriteExt,
    sync::{RwLock, Semaphore},
    task::spawn_blocking,
    time::{Instant, timeout, timeout_at},
};
use tokio_util::sync::CancellationToken;

/// How many files are looked at at once; others wait. Each is in memory meanwhile.
const LOOKED_AT: usize = 4;
/// How long an upload may take in all.
const UPLOAD_TIME: Duration = Duration::from_secs(1_800);
/// How long a file may wait to be sent, in seconds.
const UNSENT_SECONDS: i64 = 24 * 3_600;

/// What uploads are held to.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The largest file, in bytes.
    pub file_bytes: u64,
    /// What all files of a user may take, in bytes.
    pub user_bytes: u64,
    /// How many uploads a user has at once; others wait.
    pub at_once: usize,
    /// How long an upload may be silent.
    pub patience: Duration,
}

/// A file that comes in.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Whose it is.
    pub owner: UserId,
    /// Its id, which no other has.
    pub id: FileId,
    /// Its name.
    pub name: FileName,
    /// When.
    pub now: Timestamp,
}

/// A file was not taken; nothing of it is left.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// Larger than files may be.
    #[error("Files may have up to {} MB. This one is larger.", .0 / 1_000_000)]
    TooLarge(u64),
    /// The user's files would take more than they may.
    #[error("Your files would take more than the {} MB that you have. Delete conversations with files first.", .0 / 1_000_000)]
    OverQuota(u64),
    /// Nothing came for a while, or it took too long in all.
    #[error("The upload stood still, so it was given up. Try again.")]
    Stalled,
    /// It broke off, or was no sound request.
    #[error("The upload broke off. Try again.")]
    Broken,
    /// The server is going down.
    #[error("The server is restarting. Try again in a moment.")]
    Stopping,
    /// It can't be attached.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// The disk is full.
    #[error("The server's disk is full, so nothing can be stored. Tell its administrator.")]
    Full,
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
    /// The folder failed.
    #[error(transparent)]
    Failed(io::Error),
}

impl From<io::Error> for TakeError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Failed(error),
        }
    }
}

impl From<StoreError> for TakeError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::Full,
            other => Self::Store(other),
        }
    }
}

impl From<PrepareError> for TakeError {
    fn from(error: PrepareError) -> Self {
        match error {
            PrepareError::Unfit(unfit) => Self::Unfit(unfit),
            PrepareError::Failed(error) => error.into(),
        }
    }
}

/// Keeps files. Cloning it is cheap; all clones are the same keeper.
#[derive(Clone)]
pub struct FileKeeper {
    pub(super) files: Arc<dyn Files>,
    pub(super) blobs: Blobs,
    /// What uploads are held to.
    pub limits: Limits,
    apart: Apart,
    at_once: AtOnce,
    looking: Arc<Semaphore>,
    /// Held for writing while contents are removed, and for reading from when contents are kept to when it is noted that
    /// they are needed.
    removing: Arc<RwLock<()>>,
    stopping: CancellationToken,
}

impl FileKeeper {
    /// A keeper. There must be one only for a folder of contents.
    pub fn new(files: Arc<dyn Files>, blobs: Blobs, apart: Apart, limits: Limits) -> Self {
        let (at_once, looking) = (AtOnce::new(limits.at_once), Arc::new(Semaphore::new(LOOKED_AT)));
        let (removing, stopping) = Default::default();
        Self { files, blobs, limits, apart, at_once, looking, removing, stopping }
    }

    /// Ends uploads that are under way, for whose ends the server would wait when it stops, and takes no more.
    pub fn shut_down(&self) {
        self.stopping.cancel();
    }

    /// Takes a file in. When this is dropped, nothing of it stays for longer than to the next sweep.
    ///
    /// # Errors
    /// Why it was not taken.
    pub async fn take<E>(
        &self,
        upload: Upload,
        body: impl Stream<Item = Result<impl AsRef<[u8]>, E>> + Unpin,
    ) -> Result<Attachment, TakeError> {
        let _place = self.at_once.enter(upload.owner).await;
        self.refuse_over_quota(upload.owner, 1).await?;
        let incoming = self.receive(upload.id, body).await?;
        let prepared = {
            let _place = self.looking.acquire().await;
            prepare(incoming, &self.apart).await?
        };
        let stored = prepared.bytes + prepared.text.bytes();
        self.refuse_over_quota(upload.owner, stored).await?;
        self.keep(upload, prepared, stored).await
    }

    /// Before anything is written that would have to be removed again. What decides is [`Files::add`].
    async fn refuse_over_quota(&self, owner: UserId, bytes: u64) -> Result<(), TakeError> {
        let used = self.files.used(owner).await?;
        let quota = self.limits.user_bytes;
        if used.saturating_add(bytes) > quota { Err(TakeError::OverQuota(quota)) } else { Ok(()) }
    }

    async fn receive<E>(
        &self,
        id: FileId,
        mut body: impl Stream<Item = Result<impl AsRef<[u8]>, E>> + Unpin,
    ) -> Result<Incoming, TakeError> {
        let (blobs, name) = (self.blobs.clone(), id.to_string());
        let incoming = blocking(move || blobs.incoming(&name)).await?;
        let mut file = tokio::fs::File::from_std(incoming.file.try_clone()?);
        let (end, mut received) = (Instant::now() + UPLOAD_TIME, 0);
        loop {
            let next = tokio::select! {
                biased;
                () = self.stopping.cancelled() => return Err(TakeError::Stopping),
                next = timeout_at(end, timeout(self.limits.patience, body.next())) => next,
            };
            let Ok(Ok(next)) = next else { return Err(TakeError::Stalled) };
            let Some(piece) = next else { break };
            let piece = piece.map_err(|_| TakeError::Broken)?;
            received += piece.as_ref().len() as u64;
            if received > self.limits.file_bytes {
                return Err(TakeError::TooLarge(self.limits.file_bytes));
            }
            file.write_all(piece.as_ref()).await?;
        }
        file.flush().await?;
        Ok(incoming)
    }

    async fn keep(&self, upload: Upload, prepared: Prepared, stored_bytes: u64) -> Result<Attachment, TakeError> {
        let Prepared { content, hash, bytes, kind, media_type, tokens, text } = prepared;
        let Upload { owner, id, name, now } = upload;
        let attachment = Attachment { id, name, kind, media_type: media_type.into(), bytes, tokens };
        let file = KeptFile { attachment: attachment.clone(), hash, text: text.hash(hash) };
        let kept = file.clone();
        let added = {
            let _needed = self.removing.read().await;
            let blobs = self.blobs.clone();
            blocking(move || write(&blobs, &id.to_string(), content, hash, &text)).await?;
            self.files.add(&NewFile { owner, file, stored_bytes, now }, self.limits.user_bytes).await
        };
        let Err(error) = added else { return Ok(attachment) };
        self.drop_unneeded(&kept).await;
        Err(match error {
            AddFileError::OverQuota => TakeError::OverQuota(self.limits.user_bytes),
            AddFileError::Store(error) => error.into(),
        })
    }

    /// A user's file, opened.
    pub async fn open(&self, owner: UserId, id: FileId) -> Result<Option<(KeptFile, File)>, TakeError> {
        let Some(file) = self.files.find(owner, id).await? else { return Ok(None) };
        let (blobs, hash) = (self.blobs.clone(), file.hash);
        let opened = blocking(move || blobs.open(hash)).await?;
        Ok(Some((file, opened)))
    }

    /// Removes a user's file that is in no message.
    pub async fn remove(&self, owner: UserId, id: FileId) -> Result<Removal, StoreError> {
        let Some(file) = self.files.find(owner, id).await? else { return Ok(Removal::NotFound) };
        let removal = self.files.remove(owner, id).await?;
        if removal == Removal::Removed {
            self.drop_unneeded(&file).await;
        }
        Ok(removal)
    }

    /// Removes the contents of a file, unless other files have the same. What fails is left to the next sweep.
    async fn drop_unneeded(&self, file: &KeptFile) {
        let hashes = [Some(file.hash), file.text].into_iter().flatten().collect();
        if let Err(error) = self.remove_unneeded(async || Ok(hashes)).await {
            tracing::warn!(%error, "contents of a file could not be removed; that is tried again within the hour");
        }
    }

    /// Clears away what was coming in when the server was last stopped. To be called before the first upload.
    pub async fn recover(&self) {
        let blobs = self.blobs.clone();
        if let Err(error) = blocking(move || blobs.clear_incoming()).await {
            tracing::warn!(%error, "uploads that had been cut off could not be removed");
        }
    }

    /// Forgets files that were never sent, and removes contents that no file has.
    pub async fn sweep(&self, now: Timestamp) {
        if let Err(error) = self.try_sweep(now).await {
            tracing::warn!(%error, "files that nobody needs could not be removed; that is tried again in an hour");
        }
    }

    async fn try_sweep(&self, now: Timestamp) -> Result<(), TakeError> {
        self.files.purge_unsent(now.plus_seconds(-UNSENT_SECONDS)).await?;
        let blobs = self.blobs.clone();
        self.remove_unneeded(async || Ok(blocking(move || blobs.all()).await?)).await
    }

    /// Removes those of some contents that no file has.
    async fn remove_unneeded(
        &self,
        candidates: impl AsyncFnOnce() -> Result<Vec<FileHash>, TakeError>,
    ) -> Result<(), TakeError> {
        let _alone = self.removing.write().await;
        let mut unneeded: HashSet<FileHash> = candidates().await?.into_iter().collect();
        for needed in self.files.hashes_in_use().await? {
            unneeded.remove(&needed);
        }
        let blobs = self.blobs.clone();
        Ok(blocking(move || unneeded.into_iter().try_for_each(|hash| blobs.remove(hash))).await?)
    }
}

/// Writes a file, and its text when that is another. `name` is one that no other file has.
fn write(blobs: &Blobs, name: &str, content: Content, hash: FileHash, text: &Text) -> io::Result<()> {
    match content {
        Content::AsItCame(incoming) => blobs.keep(incoming, hash)?,
        Content::Cleaned(bytes) => blobs.keep_bytes(name, &bytes, hash)?,
    }
    match text {
        Text::ReadOut(text, hash) => blobs.keep_bytes(&format!("{name}.txt"), text.as_bytes(), *hash),
        Text::None | Text::Itself => Ok(()),
    }
}

/// Does what waits for the disk elsewhere.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error)))
}
