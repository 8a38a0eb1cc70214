//! Turns: how one grows and ends. How it begins is in [`super::begin`].

use super::{
    Sqlite, begin,
    rows::{MessageRow, state_columns},
    usage,
    value::{Key, failed},
};
use async_trait::async_trait;
use chat::{
    SendKey, Seq, Timestamp, Turn, TurnId, UserId,
    ports::{BeginError, Begun, DayUsage, NewAttempt, NewTurn, Progress, Spent, StoreError, Turns},
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

    async fn store(&self, progress: &[Progress]) -> Result<Vec<TurnId>, StoreError> {
        self.write(async |tx| {
            let mut behind = Vec::new();
            for progress in progress {
                if !store_one(tx, progress).await? {
                    behind.push(progress.turn.id);
                }
            }
            Ok(behind)
        })
        .await
    }

    async fn count(&self, owner: UserId, spent: &Spent) -> Result<(), StoreError> {
        self.write(async |tx| usage::add(tx, Key(owner.0), spent).await).await
    }

    async fn has_begun(&self, owner: UserId, key: SendKey) -> Result<bool, StoreError> {
        Ok(begin::sent_before(&mut *self.reader().await?, owner, key).await?.is_some())
    }

    async fn turn(&self, owner: UserId, id: TurnId) -> Result<Option<Turn>, StoreError> {
        let (owner, id) = (Key(owner.0), Key(id.0));
        sqlx::query_as!(
            MessageRow,
            r#"SELECT messages.id AS "id: Key", messages.parent_id AS "parent: Key", text, reasoning, seq,
                   messages.created_at, deleted_at, summary, turns.id AS "turn: Key", model, model_name, state,
                   stop_reason, failure_kind, failure_message, input_tokens AS "input_tokens: u32",
                   cached_tokens AS "cached_tokens: u32", output_tokens AS "output_tokens: u32",
                   reasoning_tokens AS "reasoning_tokens: u32", cost, first_reasoning_at, first_text_at, ended_at
               FROM turns JOIN messages ON messages.id = turns.reply_id
               WHERE turns.id = ? AND turns.user_id = ? AND deleted_at IS NULL"#,
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

    async fn usage(&self, owner: UserId, from: Timestamp, to: Timestamp) -> Result<Vec<DayUsage>, StoreError> {
        usage::by_day(&mut *self.reader().await?, owner, from, to).await
    }
}

/// Stores what is new in one turn. `false` when more was stored before than the caller knew.
async fn store_one(db: &mut SqliteConnection, progress: &Progress) -> Result<bool, StoreError> {
    let turn = &progress.turn;
    // It was deleted, or has ended, or this is a repetition.
    let Some((owner, stored)) = stored_seq(db, turn.id).await? else { return Ok(true) };
    if stored >= turn.seq {
        return Ok(true);
    }
    if stored != progress.stored_seq && !progress.whole {
        return Ok(false);
    }
    write_text(db, progress).await?;
    write_state(db, turn).await?;
    if turn.ended_at.is_some() {
        usage::add_turn(db, owner, turn).await?;
    }
    Ok(true)
}

/// Whose a running turn is, and the number up to which it is stored.
async fn stored_seq(db: &mut SqliteConnection, turn: TurnId) -> Result<Option<(Key, Seq)>, StoreError> {
    let turn = Key(turn.0);
    let found = sqlx::query!(
        r#"SELECT user_id AS "owner: Key", seq FROM turns JOIN messages ON messages.id = turns.reply_id
           WHERE turns.id = ? AND state = 'running'"#,
        turn
    )
    .fetch_optional(db)
    .await
    .map_err(failed)?;
    Ok(found.map(|row| (row.owner, Seq(row.seq.unsigned_abs()))))
}

/// Brings text and reasoning up to the turn's number, together with that number.
async fn write_text(db: &mut SqliteConnection, progress: &Progress) -> Result<(), StoreError> {
    let (reply, seq) = (Key(progress.turn.reply.0), seq_column(progress.turn.seq));
    let Progress { text, reasoning, .. } = progress;
    let query = if progress.whole {
        sqlx::query!("UPDATE messages SET text = ?, reasoning = ?, seq = ? WHERE id = ?", text, reasoning, seq, reply)
    } else {
        sqlx::query!(
            "UPDATE messages SET text = text || ?, reasoning = reasoning || ?, seq = ? WHERE id = ?",
            text,
            reasoning,
            seq,
            reply
        )
    };
    query.execute(db).await.map_err(failed)?;
    Ok(())
}

/// Stores how far the turn is, apart from its text.
async fn write_state(db: &mut SqliteConnection, turn: &Turn) -> Result<(), StoreError> {
    let (id, state) = (Key(turn.id.0), state_columns(&turn.state));
    let [first_reasoning, first_text, ended] =
        [turn.first_reasoning_at, turn.first_text_at, turn.ended_at].map(|time| time.map(|time| time.0));
    let cost = turn.cost.map(|cost| i64::try_from(cost).unwrap_or(i64::MAX));
    sqlx::query!(
        "UPDATE turns SET state = ?, stop_reason = ?, failure_kind = ?, failure_message = ?, input_tokens = ?,
             cached_tokens = ?, output_tokens = ?, reasoning_tokens = ?, cost = ?, first_reasoning_at = ?,
             first_text_at = ?, ended_at = ?
         WHERE id = ?",
        state.state,
        state.stop_reason,
        state.failure_kind,
        state.failure_message,
        turn.usage.input,
        turn.usage.cached,
        turn.usage.output,
        turn.usage.reasoning,
        cost,
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
