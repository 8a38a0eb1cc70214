//! Users.

use super::{
    Sqlite,
    value::{Key, failed, unreadable},
};
use async_trait::async_trait;
use chat::{
    Role, Timestamp, User, UserId,
    ports::{StoreError, Users},
    user::Identity,
};

pub(super) struct UserRow {
    pub(super) id: Key,
    pub(super) name: String,
    pub(super) email: Option<String>,
    pub(super) role: String,
    pub(super) picture: Option<i64>,
}

impl UserRow {
    pub(super) fn user(self) -> Result<User, StoreError> {
        let role = match self.role.as_str() {
            "member" => Role::Member,
            "admin" => Role::Admin,
            other => {
                return Err(unreadable(sqlx::Error::Decode(format!("no role: {other}").into())));
            }
        };
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
            sqlx::query_as!(
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
            .fetch_one(tx)
            .await
            .map_err(failed)?
            .user()
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

    async fn refresh(&self, id: UserId, identity: &Identity, role: Role) -> Result<(), StoreError> {
        let Identity { name, email, groups, .. } = identity;
        let groups = groups_json(groups)?;
        let (id, role) = (Key(id.0), role_name(role));
        self.write(async |tx| {
            sqlx::query!(
                "UPDATE users SET name = ?, email = ?, role = ?, groups = ? WHERE id = ?",
                name,
                email,
                role,
                groups,
                id
            )
            .execute(tx)
            .await
            .map_err(failed)?;
            Ok(())
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

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Member => "member",
        Role::Admin => "admin",
    }
}
