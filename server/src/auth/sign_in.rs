//! Signing in by a link and signing out, for the browser that makes a request.

use super::{
    session::{USER, USER_AGENT},
    token,
};
use async_trait::async_trait;
use axum::http::{HeaderMap, header};
use chat::{
    LinkedUser, UserId,
    ports::{ClaimError, Clock, LoginLinks, SignIn, StoreError},
};
use std::sync::Arc;
use tower_sessions::Session;

/// Seconds for which a login link is good: ten minutes.
pub const LINK_SECONDS: i64 = 600;

/// Longest user agent that is kept, in bytes.
const MAX_AGENT_BYTES: usize = 300;

/// The [`SignIn`] of one request.
pub struct BrowserSignIn {
    /// Its session.
    pub session: Session,
    /// How the browser names itself.
    pub user_agent: String,
    /// Login links.
    pub links: Arc<dyn LoginLinks>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// How the browser names itself, cut to what is kept.
pub fn user_agent(headers: &HeaderMap) -> String {
    let text = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.chars().take(MAX_AGENT_BYTES).collect()
}

fn failed(error: tower_sessions::session::Error) -> StoreError {
    StoreError::Failed(Box::new(error))
}

impl BrowserSignIn {
    /// Begins a session for a user, with a new id: one that was known before is dead afterwards.
    async fn begin(&self, user: UserId) -> Result<(), StoreError> {
        self.session.cycle_id().await.map_err(failed)?;
        self.session.insert(USER, user).await.map_err(failed)?;
        self.session.insert(USER_AGENT, &self.user_agent).await.map_err(failed)?;
        // Saved here and not by the layer, so that a failure is told as one.
        self.session.save().await.map_err(failed)
    }
}

#[async_trait]
impl SignIn for BrowserSignIn {
    async fn linked_user(&self, token: &str) -> Result<Option<LinkedUser>, StoreError> {
        self.links.find(token::hash(token), self.clock.now()).await
    }

    async fn claim(&self, token: &str) -> Result<(), ClaimError> {
        let user = self.links.use_up(token::hash(token), self.clock.now()).await?.ok_or(ClaimError::Gone)?;
        self.begin(user).await?;
        tracing::info!(%user, "signed in by a login link");
        Ok(())
    }

    async fn sign_out(&self) -> Result<(), StoreError> {
        self.session.flush().await.map_err(failed)
    }
}
