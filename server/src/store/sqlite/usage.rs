//! What turns used, by user, day and model.

use super::{
    Sqlite,
    value::{Key, failed, unreadable},
};
use async_trait::async_trait;
use chat::{
    Timestamp, Turn, UserId,
    ports::{DayUsage, PersonDay, Spent, StoreError, UsageReport},
};
use sqlx::SqliteConnection;

pub(super) const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Adds a turn that has ended to the day on which it began.
pub(super) async fn add_turn(db: &mut SqliteConnection, owner: Key, turn: &Turn) -> Result<(), StoreError> {
    let model = turn.model.clone();
    add(db, owner, &Spent { at: turn.started_at, model, turns: 1, usage: turn.usage, cost: turn.cost }).await
}

/// Adds what somebody spent to its day.
pub(super) async fn add(db: &mut SqliteConnection, owner: Key, spent: &Spent) -> Result<(), StoreError> {
    let Spent { at, model, turns, usage, cost } = spent;
    let (day, model) = (at.0.div_euclid(DAY_MS), model.to_string());
    let [input, cached, output, reasoning] =
        [usage.input, usage.cached, usage.output, usage.reasoning].map(|tokens| tokens.unwrap_or(0));
    let cost = i64::try_from(cost.unwrap_or(0)).unwrap_or(i64::MAX);
    sqlx::query!(
        "INSERT INTO usage_days
             (user_id, day, model, turns, input_tokens, cached_tokens, output_tokens, reasoning_tokens, cost)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET turns = turns + excluded.turns,
             input_tokens = input_tokens + excluded.input_tokens,
             cached_tokens = cached_tokens + excluded.cached_tokens,
             output_tokens = output_tokens + excluded.output_tokens,
             reasoning_tokens = reasoning_tokens + excluded.reasoning_tokens, cost = cost + excluded.cost",
        owner,
        day,
        model,
        turns,
        input,
        cached,
        output,
        reasoning,
        cost
    )
    .execute(db)
    .await
    .map_err(failed)?;
    Ok(())
}

/// What a user's turns used in the days from one moment to another.
pub(super) async fn by_day(
    db: &mut SqliteConnection,
    owner: UserId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<DayUsage>, StoreError> {
    let (owner, from, to) = (Key(owner.0), from.0.div_euclid(DAY_MS), to.0.div_euclid(DAY_MS));
    let rows = sqlx::query!(
        "SELECT day, model, turns, input_tokens, cached_tokens, output_tokens, reasoning_tokens, cost
         FROM usage_days WHERE user_id = ? AND day BETWEEN ? AND ? ORDER BY day, model",
        owner,
        from,
        to
    )
    .fetch_all(db)
    .await
    .map_err(failed)?;
    let count = i64::unsigned_abs;
    rows.into_iter()
        .map(|row| {
            Ok(DayUsage {
                day: row.day,
                model: row.model.parse().map_err(unreadable)?,
                turns: count(row.turns),
                input: count(row.input_tokens),
                cached: count(row.cached_tokens),
                output: count(row.output_tokens),
                reasoning: count(row.reasoning_tokens),
                cost: count(row.cost),
            })
        })
        .collect()
}

#[async_trait]
impl UsageReport for Sqlite {
    async fn usage_of_all(&self, from: Timestamp, to: Timestamp) -> Result<Vec<PersonDay>, StoreError> {
        let (from, to) = (from.0.div_euclid(DAY_MS), to.0.div_euclid(DAY_MS));
        let rows = sqlx::query!(
            r#"SELECT u.id AS "id: Key", u.name, u.email, d.day, d.model, d.turns, d.input_tokens, d.cached_tokens,
                   d.output_tokens, d.reasoning_tokens, d.cost
               FROM usage_days d JOIN users u ON u.id = d.user_id
               WHERE d.day BETWEEN ? AND ? ORDER BY d.day, lower(u.name), u.id, d.model"#,
            from,
            to
        )
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(failed)?;
        let count = i64::unsigned_abs;
        rows.into_iter()
            .map(|row| {
                let usage = DayUsage {
                    day: row.day,
                    model: row.model.parse().map_err(unreadable)?,
                    turns: count(row.turns),
                    input: count(row.input_tokens),
                    cached: count(row.cached_tokens),
                    output: count(row.output_tokens),
                    reasoning: count(row.reasoning_tokens),
                    cost: count(row.cost),
                };
                Ok(PersonDay { user: UserId(row.id.0), name: row.name, email: row.email, usage })
            })
            .collect()
    }
}
