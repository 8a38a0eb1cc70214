//! Signing in and out, for the browser that makes a request.

pub mod ask_again;

use super::{
    audit,
    oidc::{Oidc, fault::Fault},
    session::{ADDRESS, PROVIDER, SessionLayerParts, USER, USER_AGENT, hash},
    token,
};
use crate::{http::client::ClientAddress, state::AppState};
use async_trait::async_trait;
use axum::http::{HeaderMap, HeaderValue, header, request::Parts};
use chat::{
    LinkedUser, UserId,
    audit::{AuditKind, By, NewAuditEntry},
    ports::{
        Audit, BeginSignInError, ClaimError, LoginLinks, ProviderButton, ProviderSession, SessionSummary, SignIn,
        StoreError, TokenHash,
    },
};
use leptos_axum::ResponseOptions;
use std::sync::Arc;
use tower_sessions::Session;

/// Seconds for which a login link is good: ten minutes.
pub const LINK_SECONDS: i64 = 600;

/// Longest user agent that is kept, in bytes.
const MAX_AGENT_BYTES: usize = 300;

/// The [`SignIn`] of one request.
pub struct BrowserSignIn {
    session: Session,
    /// How the browser names itself.
    user_agent: String,
    /// From where it comes.
    address: ClientAddress,
    /// The cookies that it sent.
    cookies: HeaderMap,
    links: Arc<dyn LoginLinks>,
    sessions: SessionLayerParts,
    audit: Arc<dyn Audit>,
    oidc: Oidc,
    /// Takes the cookies of the response; none where the caller makes the response itself.
    response: Option<ResponseOptions>,
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
    /// Of the browser that sent this request.
    pub fn of(state: &AppState, session: Session, request: &Parts, response: Option<ResponseOptions>) -> Self {
        Self {
            session,
            user_agent: user_agent(&request.headers),
            address: request.extensions.get().copied().unwrap_or_default(),
            cookies: request
                .headers
                .get_all(header::COOKIE)
                .iter()
                .map(|line| (header::COOKIE, line.clone()))
                .collect(),
            links: state.links.clone(),
            sessions: state.sessions.clone(),
            audit: state.services.audit.clone(),
            oidc: state.oidc.clone(),
            response,
        }
    }

    /// Begins a session for a user, with a new id: one that was known before is dead afterwards.
    ///
    /// # Errors
    /// The store failed.
    pub async fn enter(&self, user: UserId, provider: Option<ProviderSession>) -> Result<(), StoreError> {
        self.session.cycle_id().await.map_err(failed)?;
        self.session.insert(USER, user).await.map_err(failed)?;
        self.session.insert(USER_AGENT, &self.user_agent).await.map_err(failed)?;
        self.session.insert(ADDRESS, self.address.0).await.map_err(failed)?;
        if let Some(ProviderSession { provider, sid, tokens, can_be_asked }) = provider {
            self.session.insert(PROVIDER, (provider, sid, tokens, can_be_asked)).await.map_err(failed)?;
        }
        // Saved here and not by the layer, so that a failure is told as one.
        self.session.save().await.map_err(failed)
    }

    /// Who is signed in here, for the audit log.
    async fn by(&self, user: UserId) -> Result<By, StoreError> {
        let name = self.sessions.users.user(user).await?.map(|user| user.name).unwrap_or_default();
        Ok(By { user: Some(user), name, address: self.address.0, at: self.sessions.clock.now() })
    }

    fn set_cookie(&self, cookie: HeaderValue) {
        if let Some(response) = &self.response {
            response.append_header(header::SET_COOKIE, cookie);
        }
    }

    /// The hash of the session at hand, and whose it is.
    async fn own(&self) -> Result<Option<(TokenHash, UserId)>, StoreError> {
        let user = self.session.get::<UserId>(USER).await.map_err(failed)?;
        Ok(self.session.id().map(|id| hash(&id)).zip(user))
    }
}

#[async_trait]
impl SignIn for BrowserSignIn {
    fn providers(&self) -> Vec<ProviderButton> {
        self.oidc.buttons()
    }

    async fn begin(&self, provider: &str, back: &str) -> Result<String, BeginSignInError> {
        match self.oidc.begin(provider, back, ask_again::is_set(&self.cookies), &self.cookies).await {
            Ok(begun) => {
                begun.cookies.into_iter().for_each(|cookie| self.set_cookie(cookie));
                Ok(begun.address)
            }
            Err(Fault::NoSuchProvider) => Err(BeginSignInError::NoSuchProvider),
            Err(fault) => {
                tracing::warn!(provider, %fault, "a sign-in could not begin");
                let label = self.oidc.provider(provider).map(|known| known.settings.label.clone()).unwrap_or_default();
                Err(BeginSignInError::Unreachable(fault.diagnose(&label, "", "").text))
            }
        }
    }

    async fn sessions(&self) -> Result<Vec<SessionSummary>, StoreError> {
        let Some((own, user)) = self.own().await? else { return Ok(Vec::new()) };
        let all = self.sessions.of_user(user).await?;
        Ok(all.into_iter().map(|(hash, summary)| SessionSummary { current: hash == own, ..summary }).collect())
    }

    async fn revoke(&self, id: &str) -> Result<bool, StoreError> {
        let Some((_, user)) = self.own().await? else { return Ok(false) };
        let all = self.sessions.of_user(user).await?;
        let Some((hash, ended)) = all.into_iter().find(|(_, summary)| summary.id == id) else { return Ok(false) };
        let subject = ["the session in ", &app::browser_label(&ended.user_agent)].concat();
        let entry = NewAuditEntry::new(self.by(user).await?, AuditKind::SessionsRevoked, subject);
        self.sessions.end(hash).await?;
        audit::record(&*self.audit, entry).await;
        Ok(true)
    }

    async fn revoke_others(&self) -> Result<(), StoreError> {
        match self.own().await? {
            Some((own, user)) => {
                let subject = "all of their other sessions";
                let entry = NewAuditEntry::new(self.by(user).await?, AuditKind::SessionsRevoked, subject);
                self.sessions.end_all(user, Some(own)).await?;
                audit::record(&*self.audit, entry).await;
                Ok(())
            }
            None => Ok(()),
        }
    }

    async fn linked_user(&self, token: &str) -> Result<Option<LinkedUser>, StoreError> {
        self.links.find(token::hash(token), self.sessions.clock.now()).await
    }

    async fn claim(&self, token: &str) -> Result<(), ClaimError> {
        let now = self.sessions.clock.now();
        let user = self.links.use_up(token::hash(token), now).await?.ok_or(ClaimError::Gone)?;
        // One who was disabled since the link was made is nobody.
        let user = self.sessions.users.user(user).await?.ok_or(ClaimError::Gone)?.id;
        self.enter(user, None).await?;
        tracing::info!(%user, "signed in by a login link");
        Ok(())
    }

    async fn sign_out(&self) -> Result<Option<String>, StoreError> {
        let own = self.own().await?;
        let ending = match own {
            Some((hash, _)) => self.sessions.sessions.provider_session(hash).await?,
            None => None,
        };
        let by = match own {
            Some((_, user)) => Some(self.by(user).await?),
            None => None,
        };
        // Here first, whatever the provider does.
        self.session.flush().await.map_err(failed)?;
        if let Some(by) = by {
            audit::record(&*self.audit, NewAuditEntry::new(by, AuditKind::SignedOut, "")).await;
        }
        let Some(ending) = ending else { return Ok(None) };
        self.set_cookie(ask_again::set());
        Ok(self.oidc.sign_out_address(&ending).await)
    }
}
