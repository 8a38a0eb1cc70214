//! Signing in and out.

use super::{SessionSummary, StoreError};
use crate::user::LinkedUser;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// A claimed login link did not sign anybody in.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// It was used up, has expired or never existed.
    #[error("the link has been used or has expired")]
    Gone,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A way to sign in, as the sign-in page offers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderButton {
    /// The provider's id, as in `/api/auth/signin/{id}`.
    pub id: String,
    /// Its name, as in "Continue with NAME".
    pub label: String,
    /// Where people change their accounts there, if that is known.
    pub account: Option<String>,
}

/// A sign-in through a provider can't begin.
#[derive(Debug, thiserror::Error)]
pub enum BeginSignInError {
    /// No provider of this id is set up.
    #[error("there is no such sign-in provider")]
    NoSuchProvider,
    /// The provider does not answer, or not as it should. The text is for the page: what happened and what to do.
    #[error("{0}")]
    Unreachable(String),
}

/// Signing in and out of the browser that makes the request at hand.
#[async_trait]
pub trait SignIn: Send + Sync {
    /// The providers that are set up, in their order on the page.
    fn providers(&self) -> Vec<ProviderButton>;

    /// Begins a sign-in and gives the provider's address to go to. `back` is where to come back to afterwards; only a
    /// path of this server counts.
    async fn begin(&self, provider: &str, back: &str) -> Result<String, BeginSignInError>;

    /// The user's sessions.
    async fn sessions(&self) -> Result<Vec<SessionSummary>, StoreError>;

    /// Ends one of the user's sessions, by its [`SessionSummary::id`]. `false` when there is none.
    async fn revoke(&self, id: &str) -> Result<bool, StoreError>;

    /// Ends all of the user's sessions but the one that asks.
    async fn revoke_others(&self) -> Result<(), StoreError>;

    /// Whom a login link would sign in.
    async fn linked_user(&self, token: &str) -> Result<Option<LinkedUser>, StoreError>;

    /// Uses a login link up and begins a session with a new id.
    async fn claim(&self, token: &str) -> Result<(), ClaimError>;

    /// Ends the session. Gives the provider's address at which its session ends too, when it has one
    /// (OpenID Connect RP-Initiated Logout 1.0).
    async fn sign_out(&self) -> Result<Option<String>, StoreError>;
}
