//! Turns: how one grows and ends. How it begins is in [`super::begin`].

use super::{
    Sqlite, begin,
    rows::{MessageRow, state_columns},
    value::{Key, failed},
};
use async_trait::async_trait;
use chat::{
    Seq, Timestamp, Turn, TurnId, UserId,
    ports::{BeginError, Begun, NewAttempt, NewTurn, Progress, StoreError, Turns},
};
use sqlx::SqliteConnection;

#[async_trait]
impl Turns for Sqlite {
    async fn begin(&self, new: &NewTurn) -> Result<Begun, BeginError> {
        self.write(async |tx| begin::turn(tx, new).await).await
    }

    async fn begin_attempt(&self, new: &NewAttempt) -> Result<Begun, BeginError> {
        self.write(async |tx| begin::attempt(tx, new).await).await
    }

    async fn store(&self, progress: Progress<'_>) -> Result<(), StoreError> {
        self.write(async |tx| {
            let turn = progress.turn;
            match stored_seq(tx, turn.id).await? {
                // It was deleted, or has ended, or this is a repetition.
                None => return Ok(()),
                Some(stored) if stored >= turn.seq => return Ok(()),
                Some(stored) => write_text(tx, &progress, stored).await?,
            }
            write_state(tx, turn).await
        })
        .await
    }

    async fn turn(&self, owner: UserId, id: TurnId) -> Result<Option<Turn>, StoreError> {
        let (owner, id) = (Key(owner.0), Key(id.0));
        sqlx::query_as!(
            MessageRow,
            r#"SELECT messages.id AS "id: Key", messages.parent_id AS "parent: Key", text, reasoning, seq,
                   messages.created_at, turns.id AS "turn: Key", model, model_name, state, failure_kind,
                   failure_message, input_tokens AS "input_tokens: u32", output_tokens AS "output_tokens: u32",
                   first_reasoning_at, first_text_at, ended_at
               FROM turns JOIN messages ON messages.id = turns.reply_id
               WHERE turns.id = ? AND turns.user_id = ?"#,
            id,
            owner
        )
        .fetch_optional(&mut *self.reader().await?)
        .await
        .map_err(failed)?
        .map(MessageRow::turn)
        .transpose()
    }

    async fn interrupt_all(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.write(async |tx| {
            // The end of a turn is an event, and has a number as every event has.
            sqlx::query!(
                "UPDATE messages SET seq = seq + 1 WHERE id IN (SELECT reply_id FROM turns WHERE state = 'running')"
            )
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
            let ended =
                sqlx::query!("UPDATE turns SET state = 'interrupted', ended_at = ? WHERE state = 'running'", now.0)
                    .execute(tx)
                    .await
                    .map_err(failed)?;
            Ok(ended.rows_affected())
        })
        .await
    }
}

/// The number up to which a running turn is stored.
async fn stored_seq(db: &mut SqliteConnection, turn: TurnId) -> Result<Option<Seq>, StoreError> {
    let turn = Key(turn.0);
    let seq = sqlx::query_scalar!(
        "SELECT seq FROM turns JOIN messages ON messages.id = turns.reply_id
         WHERE turns.id = ? AND state = 'running'",
        turn
    )
    .fetch_optional(db)
    .await
    .map_err(failed)?;
    Ok(seq.map(|seq| Seq(seq.unsigned_abs())))
}

/// Brings text and reasoning up to the turn's number, together with that number.
async fn write_text(db: &mut SqliteConnection, progress: &Progress<'_>, stored: Seq) -> Result<(), StoreError> {
    let turn = progress.turn;
    let (reply, seq) = (Key(turn.reply.0), seq_column(turn.seq));
    let new_text = turn.text.get(progress.stored_text..);
    let new_reasoning = turn.reasoning.get(progress.stored_reasoning..);
    let query = match (new_text, new_reasoning) {
        (Some(text), Some(reasoning)) if stored == progress.stored_seq => sqlx::query!(
            "UPDATE messages SET text = text || ?, reasoning = reasoning || ?, seq = ? WHERE id = ?",
            text,
            reasoning,
            seq,
            reply
        ),
        // An earlier piece was committed though the caller never heard of it, as when it stopped waiting.
        _ => sqlx::query!(
            "UPDATE messages SET text = ?, reasoning = ?, seq = ? WHERE id = ?",
            turn.text,
            turn.reasoning,
            seq,
            reply
        ),
    };
    query.execute(db).await.map_err(failed)?;
    Ok(())
}

/// Stores how far the turn is, apart from its text.
async fn write_state(db: &mut SqliteConnection, turn: &Turn) -> Result<(), StoreError> {
    let id = Key(turn.id.0);
    let (state, failure_kind, failure_message) = state_columns(&turn.state);
    let [first_reasoning, first_text, ended] =
        [turn.first_reasoning_at, turn.first_text_at, turn.ended_at].map(|time| time.map(|time| time.0));
    sqlx::query!(
        "UPDATE turns SET state = ?, failure_kind = ?, failure_message = ?, input_tokens = ?, output_tokens = ?,
             first_reasoning_at = ?, first_text_at = ?, ended_at = ?
         WHERE id = ?",
        state,
        failure_kind,
        failure_message,
        turn.usage.input,
        turn.usage.output,
        first_reasoning,
        first_text,
        ended,
        id
    )
    .execute(db)
    .await
    .map_err(failed)?;
    Ok(())
}

/// A turn has far fewer events than an INTEGER can count.
fn seq_column(seq: Seq) -> i64 {
    i64::try_from(seq.0).unwrap_or(i64::MAX)
}
