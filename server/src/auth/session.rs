//! Sessions: who is signed in, in which browser.
//!
//! A session holds its user and nothing else. It is written at sign-in and sign-out only, so no request that
//! is still under way can change or revive it; everything else lives in ordinary tables. Who the user is by now is
//! read together with it, once for each request.

use super::{cookie::SessionCookie, token};
use crate::http::client::ClientAddress;
use app::context::Visitor;
use async_trait::async_trait;
use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use chat::{
    Timestamp, User, UserId,
    ports::{Clock, NewSession, ProviderSession, SessionSummary, Sessions, StoreError, TokenHash, Users},
};
use std::{fmt, sync::Arc};
use time::OffsetDateTime;
use tokio::sync::broadcast;
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
pub(super) const ADDRESS: &str = "address";
/// The members of a [`ProviderSession`], while the session is being made.
pub(super) const PROVIDER: &str = "provider";
/// The [`User`] as of this request: read, never written.
const VISITOR: &str = "visitor";
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
    /// Tells of each session that has ended before its time, so that what is open for it ends too.
    pub ended: broadcast::Sender<TokenHash>,
}

/// The session of a request, for those who only want to know when it ends; none of a stranger.
#[derive(Debug, Clone, Copy)]
pub struct OwnSession(Option<TokenHash>);

/// How many ends of sessions a listener may be behind before it has to look for itself.
const ENDS_KEPT: usize = 256;

impl SessionLayerParts {
    /// Over these stores.
    pub fn new(sessions: Arc<dyn Sessions>, users: Arc<dyn Users>, clock: Arc<dyn Clock>) -> Self {
        Self { sessions, users, clock, ended: broadcast::Sender::new(ENDS_KEPT) }
    }

    /// Ends a session.
    pub async fn end(&self, hash: TokenHash) -> std::result::Result<(), StoreError> {
        self.sessions.revoke(hash, self.clock.now()).await?;
        self.tell_ended(hash);
        Ok(())
    }

    /// Ends all sessions of a user, but for one that may be kept.
    pub async fn end_all(&self, user: UserId, kept: Option<TokenHash>) -> std::result::Result<(), StoreError> {
        for (hash, _) in self.of_user(user).await? {
            if Some(hash) != kept {
                self.end(hash).await?;
            }
        }
        Ok(())
    }

    /// Disables a user, or lets one in again. Who is disabled is out at once, with everything that is open.
    pub async fn disable(&self, user: UserId, disabled: bool) -> std::result::Result<bool, StoreError> {
        let found = self.users.disable(user, disabled.then(|| self.clock.now())).await?;
        if found && disabled {
            self.end_all(user, None).await?;
        }
        Ok(found)
    }

    /// Tells whatever is open for a session that it has ended.
    pub fn tell_ended(&self, hash: TokenHash) {
        // Nobody may be listening.
        _ = self.ended.send(hash);
    }

    /// The sessions of a user that are alive.
    pub async fn of_user(&self, user: UserId) -> std::result::Result<Vec<(TokenHash, SessionSummary)>, StoreError> {
        self.sessions.of_user(user, self.clock.now(), self.idle_since()).await
    }

    /// When a session ends, however much it is used (RFC 3339).
    pub async fn expires_at(&self, session: &Session) -> Option<String> {
        let found = self.sessions.find(hash(&session.id()?), self.clock.now(), self.idle_since()).await.ok()??;
        let at = OffsetDateTime::from_unix_timestamp(found.expires_at.0 / 1000).ok()?;
        at.format(&time::format_description::well_known::Rfc3339).ok()
    }

    /// Waits until a session has ended. None when it is not alive to begin with.
    pub async fn end_of(&self, own: OwnSession) -> Option<impl Future<Output = ()> + Send + use<>> {
        // Listening first: what ends in between is heard.
        let mut ended = self.ended.subscribe();
        let hash = own.0?;
        self.sessions.find(hash, self.clock.now(), self.idle_since()).await.ok()??;
        Some(async move {
            loop {
                match ended.recv().await {
                    Ok(other) if other != hash => {}
                    // Who is too far behind ends too; the browser comes back and is looked at anew.
                    Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return,
                    Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
                }
            }
        })
    }

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

    /// Sessions that were last used then, or before, have ended.
    pub fn idle_since(&self) -> Timestamp {
        self.clock.now().plus_seconds(-IDLE_SECONDS)
    }

    async fn touch(&self, session: &Session, address: ClientAddress) {
        let now = self.clock.now();
        let seen = session.get::<i64>(LAST_SEEN).await.ok().flatten().map(Timestamp);
        let Some(id) = session.id().filter(|_| seen.is_some_and(|seen| now >= seen.plus_seconds(TOUCH_SECONDS))) else {
            return;
        };
        if let Err(error) = self.sessions.touch(hash(&id), now, address.0).await {
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

/// What is stored of a session's id.
pub(super) fn hash(id: &Id) -> TokenHash {
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
            address: text(ADDRESS).parse().ok(),
            created_at: now,
            expires_at: now.plus_seconds(LIFETIME_SECONDS),
            provider: record.data.get(PROVIDER).and_then(|value| {
                let (provider, sid, tokens, can_be_asked) = serde_json::from_value(value.clone()).ok()?;
                Some(ProviderSession { provider, sid, tokens, can_be_asked })
            }),
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
        let Some(live) = found else { return Ok(None) };
        let visitor = serde_json::to_value(&live.user).map_err(|error| Error::Encode(error.to_string()))?;
        let data =
            [(USER, live.user.id.to_string().into()), (VISITOR, visitor), (LAST_SEEN, live.last_seen_at.0.into())];
        Ok(Some(Record {
            id: *id,
            data: data.map(|(name, value)| (name.into(), value)).into(),
            expiry_date: OffsetDateTime::from_unix_timestamp(live.expires_at.0 / 1000)
                .unwrap_or(OffsetDateTime::UNIX_EPOCH),
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.end(hash(id)).await.map_err(backend)
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
    match session.get::<User>(VISITOR).await {
        Ok(user) => {
            if user.is_some() {
                let address = request.extensions().get().copied().unwrap_or_default();
                parts.touch(&session, address).await;
            }
            request.extensions_mut().insert(OwnSession(session.id().map(|id| hash(&id))));
            request.extensions_mut().insert(Visitor(user));
            next.run(request).await
        }
        Err(error) => {
            tracing::error!(%error, "sessions can't be read");
            let retry = [(header::RETRY_AFTER, "5")];
            (StatusCode::SERVICE_UNAVAILABLE, retry, "The server can't tell who you are at the moment. Try again.")
                .into_response()
        }
    }
}
