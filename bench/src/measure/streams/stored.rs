//! What Confab has stored, read from its database.

use crate::{
    confab::Installation,
    script::{self, Story, TOKENS},
};
use anyhow::Result;
use sqlx::SqliteConnection;

/// The turns that begin after this was made.
pub struct Stored {
    database: SqliteConnection,
    after: i64,
}

impl Stored {
    /// From now on.
    pub async fn begin(installation: &Installation) -> Result<Self> {
        let mut database = installation.database().await?;
        let query = sqlx::query_scalar("SELECT coalesce(max(rowid), 0) FROM turns");
        let after = query.fetch_one(&mut database).await?;
        Ok(Self { database, after })
    }

    /// How many of them are complete and hold the story that was asked for, to the letter.
    pub async fn whole(mut self) -> Result<usize> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT questions.text, replies.text
             FROM turns
             JOIN messages AS questions ON questions.id = turns.parent_id
             JOIN messages AS replies ON replies.id = turns.reply_id
             WHERE turns.rowid > ? AND state = 'complete'",
        )
        .bind(self.after)
        .fetch_all(&mut self.database)
        .await?;
        let stories = Story::all(TOKENS);
        let as_told = |(question, reply): &&(String, String)| {
            stories.iter().enumerate().any(|(n, story)| script::question(n) == *question && story.text == *reply)
        };
        Ok(rows.iter().filter(as_told).count())
    }
}
