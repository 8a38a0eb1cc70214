//! Users, their sessions, and what a sign-in leaves behind.

use super::StoreError;
use crate::{
    id::UserId,
    time::Timestamp,
    user::{Identity, LinkedUser, Role, User},
};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::{fmt, net::IpAddr};

/// Users.
#[async_trait]
pub trait Users: Send + Sync {
    /// The user of an identity, made at the first sign-in and refreshed at each later one. `id` is for the
    /// user that may have to be made. Two calls at once make one user.
    async fn sign_in(&self, identity: &Identity, role: Role, id: UserId, now: Timestamp) -> Result<User, StoreError>;

    /// A user by id, unless disabled.
    async fn user(&self, id: UserId) -> Result<Option<User>, StoreError>;

    /// Whether another user of the same issuer has the same e-mail address. The two stay two: this is for a warning.
    async fn has_namesake(&self, id: UserId) -> Result<bool, StoreError>;

    /// Takes over what the provider says of a user now, between two sign-ins.
    async fn refresh(&self, id: UserId, identity: &Identity, role: Role, now: Timestamp) -> Result<(), StoreError>;

    /// Disables a user, or lets one in again. `false` when there is no such user.
    async fn disable(&self, id: UserId, since: Option<Timestamp>) -> Result<bool, StoreError>;
}

/// A picture of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The address that it came from.
    pub source: String,
    /// Its media type (RFC 9110, section 8.3.1).
    pub media_type: String,
    /// The file; at most 1 MiB.
    pub bytes: Vec<u8>,
}

/// Pictures of users. A user has one at most.
#[async_trait]
pub trait Pictures: Send + Sync {
    /// A user's picture.
    async fn picture(&self, owner: UserId) -> Result<Option<Picture>, StoreError>;

    /// Gives a user a picture in place of the one before; none takes it away.
    async fn set_picture(&self, owner: UserId, picture: Option<&Picture>, now: Timestamp) -> Result<(), StoreError>;
}

/// SHA-256 of a secret token: what a database may know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl fmt::Display for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A session that begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// The hash of its id.
    pub hash: TokenHash,
    /// Whose it is.
    pub user: UserId,
    /// The browser that it began in, as it names itself; at most 500 bytes.
    pub user_agent: String,
    /// The IP address that it begins at.
    pub address: Option<IpAddr>,
    /// When it begins.
    pub created_at: Timestamp,
    /// When it ends, however much it is used.
    pub expires_at: Timestamp,
    /// The sign-in provider that vouched for the user; none after a login link.
    pub provider: Option<ProviderSession>,
}

/// A session's other end, at the sign-in provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderSession {
    /// The provider's id here, such as `authentik`.
    pub provider: String,
    /// The claim `sid` (OpenID Connect Back-Channel Logout 1.0, section 2.1), when there is one.
    pub sid: Option<String>,
    /// The tokens that are kept for signing out there and for asking again; sealed.
    pub tokens: Vec<u8>,
    /// The provider can be asked again whether the user may still enter.
    pub can_be_asked: bool,
}

/// A session whose provider is to be asked again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionToAsk {
    /// Which session.
    pub hash: TokenHash,
    /// Whose it is.
    pub user: UserId,
    /// The user's issuer.
    pub issuer: String,
    /// The user's subject there.
    pub subject: String,
    /// The provider's end.
    pub provider: ProviderSession,
}

/// A provider's wish to end sessions (OpenID Connect Back-Channel Logout 1.0).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderLogout {
    /// The hash of what tells its logout token from others.
    pub token: TokenHash,
    /// When the token ends.
    pub expires_at: Timestamp,
    /// The provider's id here.
    pub provider: String,
    /// The issuer of the users concerned.
    pub issuer: String,
    /// The session at the provider. Sessions of the subject that know no `sid` are meant too: they may be this one.
    pub sid: Option<String>,
    /// The user there; without a `sid` all of their sessions are meant.
    pub subject: Option<String>,
}

/// A session as its user sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionSummary {
    /// Which session: tells it from the others of its user and opens nothing.
    pub id: String,
    /// The browser that it began in, as it named itself.
    pub user_agent: String,
    /// The IP address that it was last used from.
    pub address: Option<IpAddr>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// It is the one that asks.
    pub current: bool,
}

/// A session that is alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveSession {
    /// Whose it is.
    pub user: User,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// When it ends, however much it is used.
    pub expires_at: Timestamp,
}

/// Sessions. No method but [`Sessions::create`] ever makes one, so that nothing revives one that ended.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Begins a session. `false` when its hash is taken.
    async fn create(&self, session: &NewSession) -> Result<bool, StoreError>;

    /// A session that is neither revoked, nor past its end, nor unused since `idle_since`, nor that of a disabled user.
    async fn find(
        &self,
        hash: TokenHash,
        now: Timestamp,
        idle_since: Timestamp,
    ) -> Result<Option<LiveSession>, StoreError>;

    /// Notes that a session is in use, if it is not revoked, and from where.
    async fn touch(&self, hash: TokenHash, now: Timestamp, address: Option<IpAddr>) -> Result<(), StoreError>;

    /// Ends a session for good. Ending an ended or unknown one is no error.
    async fn revoke(&self, hash: TokenHash, now: Timestamp) -> Result<(), StoreError>;

    /// The provider's end of a session, whether it is alive or not.
    async fn provider_session(&self, hash: TokenHash) -> Result<Option<ProviderSession>, StoreError>;

    /// Sessions that are alive, were used since their provider was asked, and whose provider was asked at `asked_before`
    /// or earlier; those longest ago first, at most `limit`.
    async fn to_ask(
        &self,
        now: Timestamp,
        idle_since: Timestamp,
        asked_before: Timestamp,
        limit: u32,
    ) -> Result<Vec<SessionToAsk>, StoreError>;

    /// All sessions that are alive and whose provider can be asked, those asked longest ago first, at most `limit`.
    async fn all_to_ask(
        &self,
        now: Timestamp,
        idle_since: Timestamp,
        limit: u32,
    ) -> Result<Vec<SessionToAsk>, StoreError>;

    /// Notes that a session's provider was asked; its tokens may be new.
    async fn asked(&self, hash: TokenHash, tokens: &[u8], now: Timestamp) -> Result<(), StoreError>;

    /// Ends the sessions that a provider wants ended, and gives their hashes; none when its logout token had been used
    /// before. Both happen or neither. Notes of tokens past their end are forgotten.
    async fn log_out(&self, logout: &ProviderLogout, now: Timestamp) -> Result<Option<Vec<TokenHash>>, StoreError>;

    /// The sessions of a user that are alive, with their hashes, the last used first.
    async fn of_user(
        &self,
        user: UserId,
        now: Timestamp,
        idle_since: Timestamp,
    ) -> Result<Vec<(TokenHash, SessionSummary)>, StoreError>;

    /// Forgets sessions that ended, by whatever means, before `before` (idle ones: unused since `idle_since`).
    async fn purge(&self, before: Timestamp, idle_since: Timestamp) -> Result<u64, StoreError>;
}

/// Login links: addresses that sign one user in, once.
#[async_trait]
pub trait LoginLinks: Send + Sync {
    /// Makes a link for a user.
    async fn create(
        &self,
        hash: TokenHash,
        user: UserId,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Whom a link would sign in, if it is neither used up nor expired.
    async fn find(&self, hash: TokenHash, now: Timestamp) -> Result<Option<LinkedUser>, StoreError>;

    /// Uses a link up and tells whose it was. Of two calls at once, one gets the user.
    async fn use_up(&self, hash: TokenHash, now: Timestamp) -> Result<Option<UserId>, StoreError>;
}
