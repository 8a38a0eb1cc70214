//! Files that users attach, and the messages that have them.

use super::{
    Sqlite,
    value::{Hash, Key, failed, unreadable},
};
use async_trait::async_trait;
use chat::{
    Attachment, AttachmentKind, ConversationId, FileId, FileName, MessageId, Timestamp, UserId,
    ports::{AddFileError, BeginError, FileHash, Files, KeptFile, NewFile, NewTurn, Removal, StoreError},
};
use sqlx::SqliteConnection;
use std::collections::{HashMap, HashSet};

#[async_trait]
impl Files for Sqlite {
    async fn add(&self, file: &NewFile, quota: u64) -> Result<(), AddFileError> {
        self.write(async |tx| {
            let used = used(tx, file.owner).await?;
            if used.saturating_add(file.stored_bytes) > quota {
                return Err(AddFileError::OverQuota);
            }
            Ok(insert(tx, file).await?)
        })
        .await
    }

    async fn find(&self, owner: UserId, id: FileId) -> Result<Option<KeptFile>, StoreError> {
        let (owner, id) = (Key(owner.0), Key(id.0));
        let row = sqlx::query!(
            r#"SELECT id AS "id: Key", name, media_type, width, height, bytes, tokens AS "tokens: u32",
                   hash AS "hash: Hash", text_hash AS "text_hash: Hash"
               FROM files WHERE id = ? AND user_id = ?"#,
            id,
            owner
        )
        .fetch_optional(&mut *self.reader().await?)
        .await
        .map_err(failed)?;
        let Some(row) = row else { return Ok(None) };
        let columns = FileColumns {
            id: row.id,
            name: row.name,
            media_type: row.media_type,
            width: row.width,
            height: row.height,
            bytes: row.bytes,
            tokens: row.tokens,
        };
        let hash = |hash: Hash| FileHash(hash.0.0);
        Ok(Some(KeptFile { attachment: columns.attachment()?, hash: hash(row.hash), text: row.text_hash.map(hash) }))
    }

    async fn used(&self, owner: UserId) -> Result<u64, StoreError> {
        used(&mut *self.reader().await?, owner).await
    }

    async fn remove(&self, owner: UserId, id: FileId) -> Result<Removal, StoreError> {
        let (owner, id) = (Key(owner.0), Key(id.0));
        self.write(async |tx| {
            let sent = sqlx::query_scalar!(
                r#"SELECT EXISTS (SELECT 1 FROM message_files WHERE file_id = files.id) AS "sent: bool"
                   FROM files WHERE id = ? AND user_id = ?"#,
                id,
                owner
            );
            match sent.fetch_optional(&mut *tx).await.map_err(failed)? {
                None => return Ok(Removal::NotFound),
                Some(true) => return Ok(Removal::InMessage),
                Some(false) => {}
            }
            let gone = sqlx::query!("DELETE FROM files WHERE id = ? AND user_id = ?", id, owner);
            gone.execute(tx).await.map_err(failed)?;
            Ok(Removal::Removed)
        })
        .await
    }

    async fn purge_unsent(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.write(async |tx| {
            let purged = sqlx::query!(
                "DELETE FROM files
                 WHERE created_at < ? AND NOT EXISTS (SELECT 1 FROM message_files WHERE file_id = files.id)",
                before.0
            )
            .execute(tx)
            .await
            .map_err(failed)?;
            Ok(purged.rows_affected())
        })
        .await
    }

    async fn hashes_in_use(&self) -> Result<HashSet<FileHash>, StoreError> {
        let hashes = sqlx::query_scalar!(
            r#"SELECT hash AS "hash!: Hash" FROM files
               UNION SELECT text_hash FROM files WHERE text_hash IS NOT NULL"#
        )
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(failed)?;
        Ok(hashes.into_iter().map(|hash| FileHash(hash.0.0)).collect())
    }
}

async fn used(db: &mut SqliteConnection, owner: UserId) -> Result<u64, StoreError> {
    let owner = Key(owner.0);
    let used = sqlx::query_scalar!(
        r#"SELECT coalesce(sum(stored_bytes), 0) AS "used: i64" FROM files WHERE user_id = ?"#,
        owner
    );
    Ok(used.fetch_one(db).await.map_err(failed)?.unsigned_abs())
}

async fn insert(db: &mut SqliteConnection, new: &NewFile) -> Result<(), StoreError> {
    let KeptFile { attachment, hash, text } = &new.file;
    let (id, owner) = (Key(attachment.id.0), Key(new.owner.0));
    let (hash, text) = (&hash.0[..], text.as_ref().map(|text| &text.0[..]));
    let (kind, width, height) = match attachment.kind {
        AttachmentKind::Image { width, height } => ("image", Some(width), Some(height)),
        AttachmentKind::Text => ("text", None, None),
    };
    let (name, media_type) = (attachment.name.as_str(), &attachment.media_type);
    let [bytes, stored] = [attachment.bytes, new.stored_bytes].map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX));
    sqlx::query!(
        "INSERT INTO files
             (id, user_id, hash, text_hash, name, media_type, kind, width, height, bytes, stored_bytes, tokens, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        id,
        owner,
        hash,
        text,
        name,
        media_type,
        kind,
        width,
        height,
        bytes,
        stored,
        attachment.tokens,
        new.now.0
    )
    .execute(db)
    .await
    .map_err(failed)?;
    Ok(())
}

/// Puts the files of a new message beside it. Each has to be its sender's.
pub(super) async fn attach(db: &mut SqliteConnection, new: &NewTurn) -> Result<(), BeginError> {
    let (message, owner) = (Key(new.message.0), Key(new.owner.0));
    for (position, file) in (0_i64..).zip(&new.attachments) {
        let file = Key(file.0);
        let attached = sqlx::query!(
            "INSERT INTO message_files (message_id, position, file_id)
             SELECT ?, ?, id FROM files WHERE id = ? AND user_id = ?",
            message,
            position,
            file,
            owner
        );
        if attached.execute(&mut *db).await.map_err(failed)?.rows_affected() != 1 {
            return Err(BeginError::NoSuchFile);
        }
    }
    Ok(())
}

/// The files of all messages of a user's conversation, in their order.
pub(super) async fn of_conversation(
    db: &mut SqliteConnection,
    owner: UserId,
    id: ConversationId,
) -> Result<HashMap<MessageId, Vec<Attachment>>, StoreError> {
    let (owner, id) = (Key(owner.0), Key(id.0));
    let rows = sqlx::query!(
        r#"SELECT message_id AS "message: Key", files.id AS "id: Key", name, media_type, width, height, bytes,
               tokens AS "tokens: u32"
           FROM messages
           JOIN message_files ON message_id = messages.id
           JOIN files ON files.id = file_id
           WHERE messages.conversation_id = ? AND files.user_id = ?
           ORDER BY message_id, position"#,
        id,
        owner
    )
    .fetch_all(db)
    .await
    .map_err(failed)?;
    let mut files: HashMap<MessageId, Vec<Attachment>> = HashMap::new();
    for row in rows {
        let columns = FileColumns {
            id: row.id,
            name: row.name,
            media_type: row.media_type,
            width: row.width,
            height: row.height,
            bytes: row.bytes,
            tokens: row.tokens,
        };
        files.entry(MessageId(row.message.0)).or_default().push(columns.attachment()?);
    }
    Ok(files)
}

/// Takes the files away from messages that were deleted before a moment.
pub(super) async fn detach_deleted(db: &mut SqliteConnection, before: Timestamp) -> Result<(), StoreError> {
    let query = sqlx::query!(
        "DELETE FROM message_files WHERE message_id IN (SELECT id FROM messages WHERE deleted_at < ?)",
        before.0
    );
    query.execute(db).await.map_err(failed)?;
    Ok(())
}

/// What an attachment is made of.
struct FileColumns {
    id: Key,
    name: String,
    media_type: String,
    width: Option<i64>,
    height: Option<i64>,
    bytes: i64,
    tokens: u32,
}

impl FileColumns {
    fn attachment(self) -> Result<Attachment, StoreError> {
        let kind = match (self.width, self.height) {
            (Some(width), Some(height)) => AttachmentKind::Image {
                width: width.try_into().map_err(unreadable)?,
                height: height.try_into().map_err(unreadable)?,
            },
            _ => AttachmentKind::Text,
        };
        Ok(Attachment {
            id: FileId(self.id.0),
            name: FileName::parse(&self.name),
            kind,
            media_type: self.media_type,
            bytes: self.bytes.unsigned_abs(),
            tokens: self.tokens,
        })
    }
}
