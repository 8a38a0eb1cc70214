//! Who may use which model, and how much.

use super::{
    Sqlite, audit,
    usage::DAY_MS,
    value::{Key, failed, unreadable},
};
use async_trait::async_trait;
use chat::{
    ModelRef, Timestamp, UserId,
    audit::{AuditKind, By, NewAuditEntry},
    limits::{self, Limits, Used},
    ports::{Rules, StoreError},
};
use sqlx::SqliteConnection;
use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};
use tokio::sync::Mutex;

/// The rules as they are stored, once they have been read. Every message that is sent asks for them, and they change
/// about once a month. Nobody else changes them: one server has one database.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownRules(Arc<Mutex<Option<StoredRules>>>);

#[derive(Debug, Clone)]
struct StoredRules {
    limits: Limits,
    model_groups: Arc<BTreeMap<ModelRef, Vec<String>>>,
}

impl Sqlite {
    async fn stored_rules(&self) -> Result<StoredRules, StoreError> {
        // Held while they are read, so that what is changed meanwhile is not overlooked.
        let mut known = self.rules.0.lock().await;
        if let Some(rules) = &*known {
            return Ok(rules.clone());
        }
        let mut reader = self.reader().await?;
        let model_groups = Arc::new(read_model_groups(&mut reader).await?);
        Ok(known.insert(StoredRules { limits: read_limits(&mut reader).await?, model_groups }).clone())
    }

    /// Changes the rules, and forgets what was known of them, also when that fails.
    async fn write_rules(
        &self,
        work: impl AsyncFnOnce(&mut SqliteConnection) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut known = self.rules.0.lock().await;
        *known = None;
        self.write(work).await
    }
}

async fn read_model_groups(db: &mut SqliteConnection) -> Result<BTreeMap<ModelRef, Vec<String>>, StoreError> {
    let rows = sqlx::query!("SELECT model, group_name FROM model_groups ORDER BY model, group_name");
    let mut all = BTreeMap::<ModelRef, Vec<String>>::new();
    for row in rows.fetch_all(db).await.map_err(failed)? {
        all.entry(row.model.parse().map_err(unreadable)?).or_default().push(row.group_name);
    }
    Ok(all)
}

async fn read_limits(db: &mut SqliteConnection) -> Result<Limits, StoreError> {
    let row = sqlx::query!("SELECT monthly_cost, monthly_cost_each, daily_tokens_each FROM limits");
    let row = row.fetch_optional(db).await.map_err(failed)?;
    Ok(row.map_or_else(Limits::default, |row| Limits {
        monthly_cost: limit(row.monthly_cost),
        monthly_cost_each: limit(row.monthly_cost_each),
        daily_tokens_each: limit(row.daily_tokens_each),
    }))
}

/// Zero stands for no limit.
fn limit(stored: i64) -> Option<u64> {
    Some(stored.unsigned_abs()).filter(|limit| *limit > 0)
}

fn stored(limit: Option<u64>) -> i64 {
    i64::try_from(limit.unwrap_or(0)).unwrap_or(i64::MAX)
}

#[async_trait]
impl Rules for Sqlite {
    async fn model_groups(&self) -> Result<BTreeMap<ModelRef, Vec<String>>, StoreError> {
        Ok((*self.stored_rules().await?.model_groups).clone())
    }

    async fn set_model_groups(&self, model: &ModelRef, groups: &[String], by: &By) -> Result<(), StoreError> {
        let name = model.to_string();
        let entry = NewAuditEntry::new(by.clone(), AuditKind::AccessChanged, name.as_str());
        let entry = if groups.is_empty() { entry } else { entry.with("groups", groups.join(", ")) };
        self.write_rules(async |tx| {
            sqlx::query!("DELETE FROM model_groups WHERE model = ?", name).execute(&mut *tx).await.map_err(failed)?;
            for group in groups {
                sqlx::query!(
                    "INSERT INTO model_groups (model, group_name) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    name,
                    group
                )
                .execute(&mut *tx)
                .await
                .map_err(failed)?;
            }
            audit::write(tx, &entry).await
        })
        .await
    }

    async fn refused_models(&self, user: UserId) -> Result<HashSet<ModelRef>, StoreError> {
        if self.stored_rules().await?.model_groups.is_empty() {
            return Ok(HashSet::new());
        }
        let user = Key(user.0);
        let rows = sqlx::query_scalar!(
            r#"SELECT DISTINCT model FROM model_groups
               WHERE NOT EXISTS (SELECT 1 FROM users WHERE id = ?1 AND role = 'admin')
                 AND model NOT IN (
                     SELECT admitted.model FROM model_groups admitted
                     JOIN users ON users.id = ?1
                     JOIN json_each(users.groups) member ON member.value = admitted.group_name)"#,
            user
        );
        let rows = rows.fetch_all(&mut *self.reader().await?).await.map_err(failed)?;
        rows.into_iter().map(|model| model.parse().map_err(unreadable)).collect()
    }

    async fn limits(&self) -> Result<Limits, StoreError> {
        Ok(self.stored_rules().await?.limits)
    }

    async fn set_limits(&self, limits: Limits, by: &By) -> Result<(), StoreError> {
        let Limits { monthly_cost, monthly_cost_each, daily_tokens_each } = limits;
        let told = |number: Option<u64>| number.map_or_else(|| "none".to_owned(), |number| number.to_string());
        let cost =
            |nano: Option<u64>| nano.map_or_else(|| "none".to_owned(), |nano| format!("${}", nano / 1_000_000_000));
        let entry = NewAuditEntry::new(by.clone(), AuditKind::LimitsChanged, "")
            .with("monthly cost", cost(monthly_cost))
            .with("monthly cost per person", cost(monthly_cost_each))
            .with("daily tokens", told(daily_tokens_each));
        let [all, each, tokens] = [monthly_cost, monthly_cost_each, daily_tokens_each].map(stored);
        self.write_rules(async |tx| {
            sqlx::query!(
                "INSERT INTO limits (only, monthly_cost, monthly_cost_each, daily_tokens_each) VALUES (1, ?, ?, ?)
                 ON CONFLICT DO UPDATE SET monthly_cost = excluded.monthly_cost,
                     monthly_cost_each = excluded.monthly_cost_each, daily_tokens_each = excluded.daily_tokens_each",
                all,
                each,
                tokens
            )
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
            audit::write(tx, &entry).await
        })
        .await
    }

    async fn used(&self, user: UserId, now: Timestamp) -> Result<Used, StoreError> {
        let (user, today) = (Key(user.0), now.0.div_euclid(DAY_MS));
        let (first, next) = limits::month_of(now);
        let built_in = [limits::BUILT_IN, "/"].concat();
        let row = sqlx::query!(
            r#"SELECT coalesce(sum(cost), 0) AS "all!: i64",
                   coalesce(sum(CASE WHEN user_id = ?1 THEN cost END), 0) AS "each!: i64",
                   coalesce(sum(CASE WHEN user_id = ?1 AND day = ?2 AND instr(model, ?3) <> 1
                            THEN input_tokens + output_tokens END), 0) AS "tokens!: i64"
               FROM usage_days WHERE day >= ?4 AND day < ?5"#,
            user,
            today,
            built_in,
            first,
            next
        )
        .fetch_one(&mut *self.reader().await?)
        .await
        .map_err(failed)?;
        let [monthly_cost, monthly_cost_each, daily_tokens_each] =
            [row.all, row.each, row.tokens].map(i64::unsigned_abs);
        Ok(Used { monthly_cost, monthly_cost_each, daily_tokens_each })
    }
}
