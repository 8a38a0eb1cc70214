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

struct UserRow {
    id: Key,
    name: String,
    email: Option<String>,
    role: String,
}

impl UserRow {
    fn user(self) -> Result<User, StoreError> {
        let role = match self.role.as_str() {
            "member" => Role::Member,
            "admin" => Role::Admin,
            other => {
                return Err(unreadable(sqlx::Error::Decode(format!("no role: {other}").into())));
            }
        };
        Ok(User { id: UserId(self.id.0), name: self.name, email: self.email, role })
    }
}

#[async_trait]
impl Users for Sqlite {
    async fn sign_in(&self, identity: &Identity, role: Role, id: UserId, now: Timestamp) -> Result<User, StoreError> {
        let Identity { issuer, subject, name, email } = identity;
        let (id, role) = (Key(id.0), role_name(role));
        self.write(async |tx| {
            sqlx::query_as!(
                UserRow,
                r#"INSERT INTO users (id, issuer, subject, name, email, role, created_at, last_sign_in_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
                   ON CONFLICT (issuer, subject) DO UPDATE SET
                       name = excluded.name, email = excluded.email, role = excluded.role,
                       last_sign_in_at = excluded.last_sign_in_at
                   RETURNING id AS "id!: Key", name AS "name!", email, role AS "role!""#,
                id,
                issuer,
                subject,
                name,
                email,
                role,
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
        sqlx::query_as!(UserRow, r#"SELECT id AS "id: Key", name, email, role FROM users WHERE id = ?"#, id)
            .fetch_optional(&mut *self.reader().await?)
            .await
            .map_err(failed)?
            .map(UserRow::user)
            .transpose()
    }
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Member => "member",
        Role::Admin => "admin",
    }
}
