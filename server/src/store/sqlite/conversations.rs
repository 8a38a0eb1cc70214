//! Conversations.

use super::{
    Sqlite, tree,
    value::{Key, failed, unreadable},
};
use async_trait::async_trait;
use chat::{
    Conversation, ConversationId, ConversationSummary, FolderId, MessageId, Parameters, Shelf, Summary, Timestamp,
    Title, Transcript, TurnId, UserId,
    ports::{Conversations, DeleteError, Deletion, StoreError},
};
use sqlx::SqliteConnection;

#[async_trait]
impl Conversations for Sqlite {
    async fn list(&self, owner: UserId, limit: u32) -> Result<Vec<ConversationSummary>, StoreError> {
        let owner = Key(owner.0);
        // Three parts, each of which an index has in its order.
        let rows = sqlx::query_file!("src/store/sqlite/conversations/list.sql", owner, limit)
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(failed)?;
        rows.iter()
            .map(|row| {
                let (id, title) = (ConversationId(row.id.0), Title::stored(&row.title));
                let shelf = Shelf { pinned: row.pinned, archived: false, folder: folder_id(row.folder) };
                let (updated_at, running) = (Timestamp(row.updated_at), row.running);
                Ok(ConversationSummary { id, title, updated_at, running, shelf })
            })
            .collect()
    }

    async fn transcript(&self, owner: UserId, id: ConversationId) -> Result<Option<Transcript>, StoreError> {
        let mut reader = self.reader().await?;
        let Some(conversation) = conversation(&mut reader, owner, id).await? else {
            return Ok(None);
        };
        // A conversation begins with a message: one without has been deleted since the line above.
        let Some(messages) = tree::messages(&mut reader, owner, id).await? else { return Ok(None) };
        let tree::Branch { messages, forks, summary } = messages.shown();
        Ok(Some(Transcript { conversation, messages, forks, summary }))
    }

    async fn choose(&self, owner: UserId, id: ConversationId, message: MessageId) -> Result<bool, StoreError> {
        self.choose_branch(owner, id, message).await
    }

    async fn configure(&self, owner: UserId, id: ConversationId, parameters: &Parameters) -> Result<bool, StoreError> {
        let (owner, id, parameters) = (Key(owner.0), Key(id.0), parameters_column(parameters)?);
        self.write(async |tx| {
            let set = sqlx::query!(
                "UPDATE conversations SET parameters = ? WHERE id = ? AND user_id = ?",
                parameters,
                id,
                owner
            )
            .execute(tx)
            .await
            .map_err(failed)?;
            Ok(set.rows_affected() == 1)
        })
        .await
    }

    async fn summarise(&self, owner: UserId, id: ConversationId, summary: &Summary) -> Result<bool, StoreError> {
        self.store_summary(owner, id, summary).await
    }

    async fn delete_message(&self, deletion: &Deletion) -> Result<(), DeleteError> {
        self.delete_from_tree(deletion).await
    }

    async fn restore(&self, owner: UserId, id: ConversationId, deleted_at: Timestamp) -> Result<bool, StoreError> {
        self.restore_into_tree(owner, id, deleted_at).await
    }

    async fn purge_deleted(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.purge_tree(before).await
    }

    async fn rename(&self, owner: UserId, id: ConversationId, title: &Title) -> Result<bool, StoreError> {
        let (owner, id, title) = (Key(owner.0), Key(id.0), title.as_str());
        self.write(async |tx| {
            let renamed = sqlx::query!(
                "UPDATE conversations SET title = ?, title_source = 'user' WHERE id = ? AND user_id = ?",
                title,
                id,
                owner
            )
            .execute(tx)
            .await
            .map_err(failed)?;
            Ok(renamed.rows_affected() == 1)
        })
        .await
    }

    async fn suggest_title(&self, owner: UserId, id: ConversationId, title: &Title) -> Result<(), StoreError> {
        let (owner, id, title) = (Key(owner.0), Key(id.0), title.as_str());
        self.write(async |tx| {
            sqlx::query!(
                "UPDATE conversations SET title = ?, title_source = 'model'
                 WHERE id = ? AND user_id = ? AND title_source <> 'user'",
                title,
                id,
                owner
            )
            .execute(tx)
            .await
            .map_err(failed)?;
            Ok(())
        })
        .await
    }

    async fn delete(&self, owner: UserId, id: ConversationId) -> Result<bool, StoreError> {
        let (owner, id) = (Key(owner.0), Key(id.0));
        self.write(async |tx| {
            let deleted = sqlx::query!("DELETE FROM conversations WHERE id = ? AND user_id = ?", id, owner)
                .execute(tx)
                .await
                .map_err(failed)?;
            Ok(deleted.rows_affected() == 1)
        })
        .await
    }

    async fn delete_all(&self, owner: UserId) -> Result<u64, StoreError> {
        let (owner, mut all) = (Key(owner.0), 0);
        loop {
            let some = self.write(async |tx| {
                let deleted = sqlx::query!(
                    "DELETE FROM conversations
                     WHERE id IN (SELECT id FROM conversations WHERE user_id = ?1 LIMIT 100) AND user_id = ?1",
                    owner
                )
                .execute(tx)
                .await
                .map_err(failed)?;
                Ok::<_, StoreError>(deleted.rows_affected())
            });
            match some.await? {
                0 => return Ok(all),
                some => all += some,
            }
        }
    }

    async fn running_turns(&self, owner: UserId, id: ConversationId) -> Result<Vec<TurnId>, StoreError> {
        let (owner, id) = (Key(owner.0), Key(id.0));
        let running = sqlx::query_scalar!(
            r#"SELECT id AS "id: Key" FROM turns
               WHERE conversation_id = ? AND user_id = ? AND state = 'running'"#,
            id,
            owner
        )
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(failed)?;
        Ok(running.into_iter().map(|id| TurnId(id.0)).collect())
    }
}

/// A conversation of a user.
pub(super) async fn conversation(
    db: &mut SqliteConnection,
    owner: UserId,
    id: ConversationId,
) -> Result<Option<Conversation>, StoreError> {
    let (owner, key) = (Key(owner.0), Key(id.0));
    let row = sqlx::query!(
        r#"SELECT title, parameters, created_at, updated_at, pinned_at IS NOT NULL AS "pinned!: bool",
               archived_at IS NOT NULL AS "archived!: bool", folder_id AS "folder: Key"
           FROM conversations WHERE id = ? AND user_id = ?"#,
        key,
        owner
    )
    .fetch_optional(db)
    .await
    .map_err(failed)?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Conversation {
        id,
        title: Title::stored(&row.title),
        parameters: match row.parameters.as_str() {
            "" => Parameters::default(),
            json => serde_json::from_str(json).map_err(unreadable)?,
        },
        shelf: Shelf { pinned: row.pinned, archived: row.archived, folder: folder_id(row.folder) },
        created_at: Timestamp(row.created_at),
        updated_at: Timestamp(row.updated_at),
    }))
}

fn folder_id(key: Option<Key>) -> Option<FolderId> {
    key.map(|key| FolderId(key.0))
}

/// As they are kept; nothing when nothing is set.
pub(super) fn parameters_column(parameters: &Parameters) -> Result<String, StoreError> {
    match *parameters == Parameters::default() {
        true => Ok(String::new()),
        false => serde_json::to_string(parameters).map_err(unreadable),
    }
}
