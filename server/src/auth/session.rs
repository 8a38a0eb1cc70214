//! Sessions: who is signed in, in which browser.
//!
//! A session holds its user and nothing else. It is written at sign-in and sign-out only, so no request that
//! is still under way can change or revive it; everything else lives in ordinary tables.

use super::{cookie::SessionCookie, token};
use app::context::Visitor;
use async_trait::async_trait;
use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use chat::{
    Timestamp, UserId,
    ports::{Clock, NewSession, Sessions, StoreError, TokenHash, Users},
};
use std::{fmt, sync::Arc};
use time::OffsetDateTime;
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store::{Error, Result},
};

/// Seconds that a session lasts at the most: 30 days.
pub const LIFETIME_SECONDS: i64 = 30 * 24 * 3600;
/// Seconds after which a session that is not used ends: 7 days.
pub const IDLE_SECONDS: i64 = 7 * 24 * 3600;
/// Seconds between two notes that a session is in use.
const TOUCH_SECONDS: i64 = 60;

pub(super) const USER: &str = "user";
pub(super) const USER_AGENT: &str = "user_agent";
const LAST_SEEN: &str = "last_seen";

/// What the session layer needs.
#[derive(Clone)]
pub struct SessionLayerParts {
    /// Where sessions are kept.
    pub sessions: Arc<dyn Sessions>,
    /// Whose they are.
    pub users: Arc<dyn Users>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl SessionLayerParts {
    /// The layer that gives each request its [`Session`].
    pub fn layer(&self, cookie: &SessionCookie) -> SessionManagerLayer<Store> {
        SessionManagerLayer::new(self.store())
            .with_name(cookie.name())
            .with_secure(cookie.secure())
            .with_same_site(SameSite::Lax)
            .with_expiry(Expiry::OnInactivity(time::Duration::seconds(LIFETIME_SECONDS)))
    }

    /// The sessions, as tower-sessions sees them.
    pub fn store(&self) -> Store {
        Store(self.clone())
    }

    fn idle_since(&self) -> Timestamp {
        self.clock.now().plus_seconds(-IDLE_SECONDS)
    }

    async fn touch(&self, session: &Session) {
        let now = self.clock.now();
        let seen = session.get::<i64>(LAST_SEEN).await.ok().flatten().map(Timestamp);
        let Some(id) = session.id().filter(|_| seen.is_some_and(|seen| now >= seen.plus_seconds(TOUCH_SECONDS))) else {
            return;
        };
        if let Err(error) = self.sessions.touch(hash(&id), now).await {
            tracing::warn!(%error, "could not note that a session is in use");
        }
    }

    /// Forgets sessions that have ended. To be called now and then.
    pub async fn purge(&self) {
        match self.sessions.purge(self.clock.now(), self.idle_since()).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "forgot sessions that had ended"),
            Err(error) => tracing::warn!(%error, "could not forget ended sessions; the next try is in an hour"),
        }
    }
}

/// Sessions for tower-sessions.
#[derive(Clone)]
pub struct Store(SessionLayerParts);

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

fn hash(id: &Id) -> TokenHash {
    token::hash(&id.to_string())
}

fn backend(error: StoreError) -> Error {
    Error::Backend(error.to_string())
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let text = |key: &str| record.data.get(key).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        let user = text(USER).parse::<UserId>().map_err(|_| Error::Encode("a session belongs to a user".into()))?;
        let now = self.0.clock.now();
        let mut session = NewSession {
            hash: hash(&record.id),
            user,
            user_agent: text(USER_AGENT),
            created_at: now,
            expires_at: now.plus_seconds(LIFETIME_SECONDS),
        };
        while !self.0.sessions.create(&session).await.map_err(backend)? {
            record.id = Id::default();
            session.hash = hash(&record.id);
        }
        Ok(())
    }

    /// A session never changes: there is nothing to save. In particular a request that began before the
    /// sign-out can't write the session back.
    async fn save(&self, _: &Record) -> Result<()> {
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let found = self.0.sessions.find(hash(id), self.0.clock.now(), self.0.idle_since()).await.map_err(backend)?;
        Ok(found.map(|live| Record {
            id: *id,
            data: [(USER.into(), live.user.to_string().into()), (LAST_SEEN.into(), live.last_seen_at.0.into())].into(),
            expiry_date: OffsetDateTime::from_unix_timestamp(live.expires_at.0 / 1000)
                .unwrap_or(OffsetDateTime::UNIX_EPOCH),
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.sessions.revoke(hash(id), self.0.clock.now()).await.map_err(backend)
    }
}

/// The layer inside the session layer: says who makes the request. When sessions can't be read nobody is let
/// in as a stranger: the request fails.
pub async fn visitor(
    State(parts): State<SessionLayerParts>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    let user = match session.get::<UserId>(USER).await {
        Ok(Some(id)) => parts.users.user(id).await.map_err(|error| error.to_string()),
        Ok(None) => Ok(None),
        Err(error) => Err(error.to_string()),
    };
    match user {
        Ok(user) => {
            if user.is_some() {
                parts.touch(&session).await;
            }
            request.extensions_mut().insert(Visitor(user));
            next.run(request).await
        }
        Err(error) => {
            tracing::error!(error, "sessions can't be read");
            let retry = [(header::RETRY_AFTER, "5")];
            (StatusCode::SERVICE_UNAVAILABLE, retry, "The server can't tell who you are at the moment. Try again.")
                .into_response()
        }
    }
}
