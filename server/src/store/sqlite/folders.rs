//! The order that users give to their conversations: folders, pins, the archive.

use super::{
    Sqlite,
    value::{Key, failed, unreadable},
};
use async_trait::async_trait;
use chat::{
    Act, ConversationId, ConversationSummary, Folder, FolderId, FolderName, Shelf, Timestamp, Title, UserId,
    ports::{AddFolderError, Folders, Shift, StoreError},
};
use sqlx::SqliteConnection;

#[async_trait]
impl Folders for Sqlite {
    async fn folders(&self, owner: UserId) -> Result<Vec<Folder>, StoreError> {
        let owner = Key(owner.0);
        let rows = sqlx::query!(
            r#"SELECT id AS "id: Key", name, closed AS "closed: bool" FROM folders WHERE user_id = ? ORDER BY position"#,
            owner
        )
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(failed)?;
        let folder = |id: Key, name: &str, closed| {
            Ok(Folder { id: FolderId(id.0), name: FolderName::parse(name).map_err(unreadable)?, closed })
        };
        rows.iter().map(|row| folder(row.id, &row.name, row.closed)).collect()
    }

    async fn add_folder(&self, owner: UserId, new: &Folder, now: Timestamp) -> Result<(), AddFolderError> {
        let (owner, id, name) = (Key(owner.0), Key(new.id.0), new.name.as_str());
        self.write(async |tx| {
            let added = sqlx::query!(
                "INSERT INTO folders (id, user_id, name, position, closed, created_at)
                 SELECT ?1, ?2, ?3, (SELECT coalesce(max(position), 0) + 1 FROM folders WHERE user_id = ?2), ?4, ?5
                 WHERE (SELECT count(*) FROM folders WHERE user_id = ?2) < ?6",
                id,
                owner,
                name,
                new.closed,
                now.0,
                AddFolderError::MOST
            )
            .execute(tx)
            .await
            .map_err(failed)?;
            if added.rows_affected() == 1 { Ok(()) } else { Err(AddFolderError::TooMany) }
        })
        .await
    }

    async fn rename_folder(&self, owner: UserId, id: FolderId, name: &FolderName) -> Result<bool, StoreError> {
        let (owner, id, name) = (Key(owner.0), Key(id.0), name.as_str());
        self.write(async |tx| {
            let renamed = sqlx::query!("UPDATE folders SET name = ? WHERE id = ? AND user_id = ?", name, id, owner)
                .execute(tx)
                .await
                .map_err(failed)?;
            Ok(renamed.rows_affected() == 1)
        })
        .await
    }

    async fn close_folder(&self, owner: UserId, id: FolderId, closed: bool) -> Result<bool, StoreError> {
        let (owner, id) = (Key(owner.0), Key(id.0));
        self.write(async |tx| {
            let done = sqlx::query!("UPDATE folders SET closed = ? WHERE id = ? AND user_id = ?", closed, id, owner)
                .execute(tx)
                .await
                .map_err(failed)?;
            Ok(done.rows_affected() == 1)
        })
        .await
    }

    async fn shift_folder(&self, owner: UserId, id: FolderId, shift: Shift) -> Result<bool, StoreError> {
        self.write(async |tx| shifted(tx, Key(owner.0), Key(id.0), shift).await).await
    }

    async fn delete_folder(&self, owner: UserId, id: FolderId) -> Result<bool, StoreError> {
        let (owner, id) = (Key(owner.0), Key(id.0));
        self.write(async |tx| {
            let deleted = sqlx::query!("DELETE FROM folders WHERE id = ? AND user_id = ?", id, owner)
                .execute(tx)
                .await
                .map_err(failed)?;
            Ok(deleted.rows_affected() == 1)
        })
        .await
    }

    async fn organise(
        &self,
        owner: UserId,
        ids: &[ConversationId],
        act: Act,
        now: Timestamp,
    ) -> Result<Vec<ConversationId>, StoreError> {
        let (owner, ids) = (Key(owner.0), list(ids)?);
        let done = self
            .write(async |tx| match act {
                Act::Pin => pin(tx, owner, &ids, Some(now)).await,
                Act::Unpin => pin(tx, owner, &ids, None).await,
                Act::Archive => archive(tx, owner, &ids, Some(now)).await,
                Act::Unarchive => archive(tx, owner, &ids, None).await,
                Act::Move(folder) => put(tx, owner, &ids, folder.map(|folder| Key(folder.0))).await,
                Act::Delete => delete(tx, owner, &ids).await,
            })
            .await?;
        Ok(done.into_iter().map(|id| ConversationId(id.0)).collect())
    }

    async fn archived(
        &self,
        owner: UserId,
        after: Option<(Timestamp, ConversationId)>,
        limit: u32,
    ) -> Result<Vec<(Timestamp, ConversationSummary)>, StoreError> {
        // Nothing is archived after the end of time.
        let (at, id) = after.map_or((i64::MAX, Key(uuid::Uuid::max())), |(at, id)| (at.0, Key(id.0)));
        let owner = Key(owner.0);
        let rows = sqlx::query!(
            r#"SELECT id AS "id: Key", title, updated_at, archived_at AS "archived_at!",
                   pinned_at IS NOT NULL AS "pinned!: bool", folder_id AS "folder: Key",
                   EXISTS (SELECT 1 FROM turns WHERE conversation_id = conversations.id AND state = 'running')
                       AS "running: bool"
               FROM conversations
               WHERE user_id = ?1 AND archived_at IS NOT NULL AND (archived_at, id) < (?2, ?3)
               ORDER BY archived_at DESC, id DESC
               LIMIT ?4"#,
            owner,
            at,
            id,
            limit
        )
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(failed)?;
        rows.iter()
            .map(|row| {
                let folder = row.folder.map(|folder| FolderId(folder.0));
                let shelf = Shelf { pinned: row.pinned, archived: true, folder };
                let (id, title) = (ConversationId(row.id.0), Title::stored(&row.title));
                let (updated_at, running) = (Timestamp(row.updated_at), row.running);
                Ok((Timestamp(row.archived_at), ConversationSummary { id, title, updated_at, running, shelf }))
            })
            .collect()
    }
}

/// Changes the places of a folder and its neighbour. `false` when there is no such folder.
async fn shifted(db: &mut SqliteConnection, owner: Key, id: Key, shift: Shift) -> Result<bool, StoreError> {
    let own = sqlx::query_scalar!("SELECT position FROM folders WHERE id = ? AND user_id = ?", id, owner)
        .fetch_optional(&mut *db)
        .await
        .map_err(failed)?;
    let Some(own) = own else { return Ok(false) };
    // Towards the end is towards the beginning of the order turned round.
    let sign = match shift {
        Shift::Up => 1,
        Shift::Down => -1,
    };
    let neighbour = sqlx::query!(
        r#"SELECT id AS "id: Key", position FROM folders
           WHERE user_id = ?1 AND position * ?2 < ?3 * ?2
           ORDER BY position * ?2 DESC LIMIT 1"#,
        owner,
        sign,
        own
    )
    .fetch_optional(&mut *db)
    .await
    .map_err(failed)?;
    let Some(neighbour) = neighbour else { return Ok(true) };
    for (folder, position) in [(id, neighbour.position), (neighbour.id, own)] {
        sqlx::query!("UPDATE folders SET position = ? WHERE id = ? AND user_id = ?", position, folder, owner)
            .execute(&mut *db)
            .await
            .map_err(failed)?;
    }
    Ok(true)
}

/// Ids as a list in JSON, in hexadecimal digits.
fn list(ids: &[ConversationId]) -> Result<String, StoreError> {
    let ids: Vec<String> = ids.iter().map(|id| id.0.simple().to_string()).collect();
    serde_json::to_string(&ids).map_err(unreadable)
}

/// What was pinned already stays so since when it was.
async fn pin(db: &mut SqliteConnection, owner: Key, ids: &str, now: Option<Timestamp>) -> Result<Vec<Key>, StoreError> {
    let now = now.map(|now| now.0);
    sqlx::query_scalar!(
        r#"UPDATE conversations SET pinned_at = iif(?1 IS NULL, NULL, coalesce(pinned_at, ?1))
           WHERE id IN (SELECT unhex(value) FROM json_each(?2)) AND user_id = ?3
           RETURNING id AS "id: Key""#,
        now,
        ids,
        owner
    )
    .fetch_all(db)
    .await
    .map_err(failed)
}

async fn archive(
    db: &mut SqliteConnection,
    owner: Key,
    ids: &str,
    now: Option<Timestamp>,
) -> Result<Vec<Key>, StoreError> {
    let now = now.map(|now| now.0);
    sqlx::query_scalar!(
        r#"UPDATE conversations SET archived_at = iif(?1 IS NULL, NULL, coalesce(archived_at, ?1))
           WHERE id IN (SELECT unhex(value) FROM json_each(?2)) AND user_id = ?3
           RETURNING id AS "id: Key""#,
        now,
        ids,
        owner
    )
    .fetch_all(db)
    .await
    .map_err(failed)
}

async fn put(db: &mut SqliteConnection, owner: Key, ids: &str, folder: Option<Key>) -> Result<Vec<Key>, StoreError> {
    sqlx::query_scalar!(
        r#"UPDATE conversations SET folder_id = ?1, pinned_at = iif(?1 IS NULL, pinned_at, NULL)
           WHERE id IN (SELECT unhex(value) FROM json_each(?2)) AND user_id = ?3
               AND (?1 IS NULL OR EXISTS (SELECT 1 FROM folders WHERE id = ?1 AND user_id = ?3))
           RETURNING id AS "id: Key""#,
        folder,
        ids,
        owner
    )
    .fetch_all(db)
    .await
    .map_err(failed)
}

async fn delete(db: &mut SqliteConnection, owner: Key, ids: &str) -> Result<Vec<Key>, StoreError> {
    sqlx::query_scalar!(
        r#"DELETE FROM conversations
           WHERE id IN (SELECT unhex(value) FROM json_each(?1)) AND user_id = ?2
           RETURNING id AS "id: Key""#,
        ids,
        owner
    )
    .fetch_all(db)
    .await
    .map_err(failed)
}
