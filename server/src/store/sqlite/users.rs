//! Users.

use super::{
    Sqlite, audit,
    value::{Key, failed, unreadable},
};
use async_trait::async_trait;
use chat::{
    Role, Timestamp, User, UserId,
    audit::{AuditKind, NewAuditEntry},
    ports::{StoreError, Users},
    user::Identity,
};
use sqlx::SqliteConnection;

pub(super) struct UserRow {
    pub(super) id: Key,
    pub(super) name: String,
    pub(super) email: Option<String>,
    pub(super) role: String,
    pub(super) picture: Option<i64>,
}

impl UserRow {
    pub(super) fn user(self) -> Result<User, StoreError> {
        let role = role_of(&self.role)?;
        let picture = self.picture.map(Timestamp);
        Ok(User { id: UserId(self.id.0), name: self.name, email: self.email, role, picture })
    }
}

#[async_trait]
impl Users for Sqlite {
    async fn sign_in(&self, identity: &Identity, role: Role, id: UserId, now: Timestamp) -> Result<User, StoreError> {
        let Identity { issuer, subject, name, email, groups, .. } = identity;
        let groups = groups_json(groups)?;
        let (id, role) = (Key(id.0), role_name(role));
        self.write(async |tx| {
            let before = role_before(tx, issuer, subject).await?;
            let user = sqlx::query_as!(
                UserRow,
                r#"INSERT INTO users (id, issuer, subject, name, email, role, groups, created_at, last_sign_in_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)
                   ON CONFLICT (issuer, subject) DO UPDATE SET
                       name = excluded.name, email = excluded.email, role = excluded.role, groups = excluded.groups,
                       last_sign_in_at = excluded.last_sign_in_at
                   RETURNING id AS "id!: Key", name AS "name!", email, role AS "role!",
                       (SELECT fetched_at FROM pictures WHERE user_id = users.id) AS "picture?: i64""#,
                id,
                issuer,
                subject,
                name,
                email,
                role,
                groups,
                now.0
            )
            .fetch_one(&mut *tx)
            .await
            .map_err(failed)?
            .user()?;
            note_role(tx, Key(user.id.0), before, role, now).await?;
            Ok(user)
        })
        .await
    }

    async fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        let id = Key(id.0);
        let row = sqlx::query_as!(
            UserRow,
            r#"SELECT id AS "id: Key", name, email, role,
                   (SELECT fetched_at FROM pictures WHERE user_id = users.id) AS "picture?: i64"
               FROM users WHERE id = ? AND disabled_at IS NULL"#,
            id
        );
        let row = row.fetch_optional(&mut *self.reader().await?).await.map_err(failed)?;
        row.map(UserRow::user).transpose()
    }

    async fn has_namesake(&self, id: UserId) -> Result<bool, StoreError> {
        let id = Key(id.0);
        sqlx::query_scalar!(
            r#"SELECT EXISTS (
                   SELECT 1 FROM users one JOIN users other
                   ON other.issuer = one.issuer AND other.email = one.email AND other.id <> one.id
                   WHERE one.id = ?
               ) AS "found!: bool""#,
            id
        )
        .fetch_one(&mut *self.reader().await?)
        .await
        .map_err(failed)
    }

    async fn refresh(&self, id: UserId, identity: &Identity, role: Role, now: Timestamp) -> Result<(), StoreError> {
        let Identity { name, email, groups, .. } = identity;
        let groups = groups_json(groups)?;
        let (id, role) = (Key(id.0), role_name(role));
        self.write(async |tx| {
            let before = sqlx::query_scalar!("SELECT role FROM users WHERE id = ?", id);
            let before = before.fetch_optional(&mut *tx).await.map_err(failed)?;
            sqlx::query!(
                "UPDATE users SET name = ?, email = ?, role = ?, groups = ? WHERE id = ?",
                name,
                email,
                role,
                groups,
                id
            )
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
            note_role(tx, id, before, role, now).await
        })
        .await
    }

    async fn disable(&self, id: UserId, since: Option<Timestamp>) -> Result<bool, StoreError> {
        let (id, since) = (Key(id.0), since.map(|at| at.0));
        self.write(async |tx| {
            let found = sqlx::query!("UPDATE users SET disabled_at = ? WHERE id = ?", since, id)
                .execute(tx)
                .await
                .map_err(failed)?;
            Ok(found.rows_affected() == 1)
        })
        .await
    }
}

fn groups_json(groups: &[String]) -> Result<String, StoreError> {
    serde_json::to_string(groups).map_err(|error| StoreError::Failed(error.into()))
}

/// The role of a row.
pub(super) fn role_of(name: &str) -> Result<Role, StoreError> {
    match name {
        "member" => Ok(Role::Member),
        "admin" => Ok(Role::Admin),
        other => Err(unreadable(sqlx::Error::Decode(format!("no role: {other}").into()))),
    }
}

/// The role that the user of an identity has had up to now; none for one who is new.
async fn role_before(db: &mut SqliteConnection, issuer: &str, subject: &str) -> Result<Option<String>, StoreError> {
    let role = sqlx::query_scalar!("SELECT role FROM users WHERE issuer = ? AND subject = ?", issuer, subject);
    role.fetch_optional(db).await.map_err(failed)
}

/// Writes down that somebody has another role now. It follows from what their provider says, so that they count as the
/// ones who did it.
async fn note_role(
    db: &mut SqliteConnection,
    id: Key,
    before: Option<String>,
    role: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(before) = before.filter(|before| before != role) else { return Ok(()) };
    let by = audit::user(db, id, None, now).await?;
    let entry = NewAuditEntry::new(by, AuditKind::RoleChanged, "").with("from", before).with("to", role);
    audit::write(db, &entry).await
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Member => "member",
        Role::Admin => "admin",
    }
}
