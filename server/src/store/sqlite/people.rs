//! Everybody who has an account.

use super::{
    Sqlite, audit,
    usage::DAY_MS,
    users,
    value::{Key, failed},
};
use async_trait::async_trait;
use chat::{
    Timestamp, User, UserId,
    audit::{AuditKind, By, NewAuditEntry},
    ports::{People, PeopleFilter, PeoplePage, Person, PersonChange, Standing, StoreError},
};
use sqlx::SqliteConnection;

/// How many days the tokens of a person are those of.
const USAGE_DAYS: i64 = 30;

struct Row {
    id: Key,
    name: String,
    email: Option<String>,
    role: String,
    owner: bool,
    groups: String,
    disabled: bool,
    picture: Option<i64>,
    last_seen_at: i64,
    tokens: i64,
    found: i64,
}

impl Row {
    fn person(self) -> Result<Person, StoreError> {
        let role = users::role_of(&self.role)?;
        let standing = match (self.disabled, role.administers()) {
            (true, _) => Standing::Disabled,
            (false, true) => Standing::Admin,
            (false, false) => Standing::Member,
        };
        let picture = self.picture.map(Timestamp);
        Ok(Person {
            user: User { id: UserId(self.id.0), name: self.name, email: self.email, role, picture },
            standing,
            owner: self.owner,
            groups: serde_json::from_str(&self.groups).unwrap_or_default(),
            last_seen_at: Timestamp(self.last_seen_at),
            tokens: self.tokens.unsigned_abs(),
        })
    }
}

/// Those who are wanted, or one by id.
async fn select(
    db: &mut SqliteConnection,
    wanted: &PeopleFilter,
    id: Option<UserId>,
    limit: u32,
    now: Timestamp,
) -> Result<Vec<Row>, StoreError> {
    let PeopleFilter { text, group, standing, skip } = wanted;
    let (text, standing) = (text.trim().to_ascii_lowercase(), standing.map(Standing::word));
    let (id, since) = (id.map(|id| Key(id.0)), now.0.div_euclid(DAY_MS) - USAGE_DAYS);
    sqlx::query_as!(
        Row,
        r#"SELECT u.id AS "id: Key", u.name, u.email, u.role, u.groups,
               u.issuer = 'local' AND u.subject = 'owner' AS "owner!: bool",
               u.disabled_at IS NOT NULL AS "disabled!: bool",
               (SELECT fetched_at FROM pictures WHERE user_id = u.id) AS "picture?: i64",
               max(u.last_sign_in_at, coalesce((SELECT max(last_seen_at) FROM sessions WHERE user_id = u.id), 0))
                   AS "last_seen_at!: i64",
               coalesce((SELECT sum(input_tokens + output_tokens) FROM usage_days WHERE user_id = u.id AND day > ?1), 0)
                   AS "tokens!: i64",
               count(*) OVER () AS "found!: i64"
           FROM users u
           WHERE (?2 IS NULL OR u.id = ?2)
             AND (?3 = '' OR instr(lower(u.name), ?3) OR instr(lower(coalesce(u.email, '')), ?3))
             AND (?4 IS NULL OR EXISTS (SELECT 1 FROM json_each(u.groups) WHERE value = ?4))
             AND (?5 IS NULL OR ?5 = CASE WHEN u.disabled_at IS NULL THEN u.role ELSE 'disabled' END)
           ORDER BY lower(u.name), u.id LIMIT ?6 OFFSET ?7"#,
        since,
        id,
        text,
        group,
        standing,
        limit,
        skip
    )
    .fetch_all(db)
    .await
    .map_err(failed)
}

/// Whether somebody is the only one left who administers.
async fn is_last_administrator(db: &mut SqliteConnection, id: Key) -> Result<bool, StoreError> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM users WHERE id = ?1 AND role = 'admin' AND disabled_at IS NULL)
               AND NOT EXISTS (SELECT 1 FROM users WHERE id <> ?1 AND role = 'admin' AND disabled_at IS NULL)
               AS "last!: bool""#,
        id
    )
    .fetch_one(db)
    .await
    .map_err(failed)
}

/// The name of somebody, and whether they are disabled.
async fn known(db: &mut SqliteConnection, id: Key) -> Result<Option<(String, bool)>, StoreError> {
    let row = sqlx::query!(r#"SELECT name, disabled_at IS NOT NULL AS "disabled!: bool" FROM users WHERE id = ?"#, id);
    let row = row.fetch_optional(db).await.map_err(failed)?;
    Ok(row.map(|row| (row.name, row.disabled)))
}

#[async_trait]
impl People for Sqlite {
    async fn people(&self, wanted: &PeopleFilter, limit: u32, now: Timestamp) -> Result<PeoplePage, StoreError> {
        let mut reader = self.reader().await?;
        let all = sqlx::query_scalar!("SELECT count(*) FROM users").fetch_one(&mut *reader).await.map_err(failed)?;
        let rows = select(&mut reader, wanted, None, limit, now).await?;
        let found = rows.first().map_or(0, |row| row.found).unsigned_abs();
        let people = rows.into_iter().map(Row::person).collect::<Result<_, _>>()?;
        Ok(PeoplePage { people, found, all: all.unsigned_abs() })
    }

    async fn person(&self, id: UserId, now: Timestamp) -> Result<Option<Person>, StoreError> {
        let mut reader = self.reader().await?;
        let rows = select(&mut reader, &PeopleFilter::default(), Some(id), 1, now).await?;
        rows.into_iter().next().map(Row::person).transpose()
    }

    async fn groups(&self) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query_scalar!(
            r#"SELECT DISTINCT CAST(member.value AS TEXT) AS "name!: String"
               FROM users JOIN json_each(users.groups) member
               ORDER BY lower(member.value), member.value"#
        );
        rows.fetch_all(&mut *self.reader().await?).await.map_err(failed)
    }

    async fn set_disabled(&self, id: UserId, disabled: bool, by: &By) -> Result<PersonChange, StoreError> {
        let (id, since) = (Key(id.0), disabled.then_some(by.at.0));
        self.write(async |tx| {
            let Some((name, was_disabled)) = known(tx, id).await? else { return Ok(PersonChange::NotFound) };
            if was_disabled == disabled {
                return Ok(PersonChange::Done);
            }
            if disabled && is_last_administrator(tx, id).await? {
                return Ok(PersonChange::LastAdministrator);
            }
            sqlx::query!("UPDATE users SET disabled_at = ? WHERE id = ?", since, id)
                .execute(&mut *tx)
                .await
                .map_err(failed)?;
            let kind = if disabled { AuditKind::UserDisabled } else { AuditKind::UserEnabled };
            audit::write(tx, &NewAuditEntry::new(by.clone(), kind, name)).await?;
            Ok(PersonChange::Done)
        })
        .await
    }

    async fn delete(&self, id: UserId, by: &By) -> Result<PersonChange, StoreError> {
        let id = Key(id.0);
        self.write(async |tx| {
            let Some((name, _)) = known(tx, id).await? else { return Ok(PersonChange::NotFound) };
            if is_last_administrator(tx, id).await? {
                return Ok(PersonChange::LastAdministrator);
            }
            // Messages before files: a file stays for as long as a message has it.
            sqlx::query!("DELETE FROM conversations WHERE user_id = ?", id).execute(&mut *tx).await.map_err(failed)?;
            sqlx::query!("DELETE FROM users WHERE id = ?", id).execute(&mut *tx).await.map_err(failed)?;
            audit::write(tx, &NewAuditEntry::new(by.clone(), AuditKind::UserDeleted, name)).await?;
            Ok(PersonChange::Done)
        })
        .await
    }
}
