//! Asking a provider again, without the user, whether somebody who is signed in may still be (OpenID Connect Core 1.0,
//! section 12): who was disabled there is out, and who changed groups has the rights of the new ones.
//!
//! Only sessions that are in use are asked about, so that the provider is left alone at night.

use super::{
    Oidc,
    claims::Claims,
    discovery::Metadata,
    fault::Fault,
    flow::{TokenAnswer, Tokens, identity},
    token::{self, Verified},
};
use crate::{auth::audit, state::AppState};
use chat::{
    Role, UserId,
    audit::{AuditKind, By, NewAuditEntry},
    ports::{SessionToAsk, StoreError},
    user::Identity,
};
use futures::{StreamExt, stream};
use serde_json::Value;

/// Seconds after which a provider is asked again. With the minute between two looks, this is how long it takes until
/// what an administrator changes at the provider counts here.
pub const ASK_AFTER_SECONDS: i64 = 300;
/// How many sessions are asked about in one go; the others follow in the next.
const AT_ONCE: u32 = 500;
/// How many sessions are asked about when it is all of them.
const MOST: u32 = 20_000;
/// How many questions are open at a time.
const ABREAST: usize = 8;

/// What the provider says of a session.
enum Verdict {
    /// The user may stay, as this person with this role.
    Stays(Box<Identity>, Role, Tokens),
    /// The session ends: the provider does not know it any more.
    SessionEnds,
    /// All sessions of the user end: the rules of this server do not admit the person any more.
    UserEnds,
}

/// Asks about each session whose time has come.
pub async fn ask_again(state: &AppState) {
    let _alone = state.oidc.0.asking.lock().await;
    let parts = &state.sessions;
    let now = parts.clock.now();
    let before = now.plus_seconds(-ASK_AFTER_SECONDS);
    match parts.sessions.to_ask(now, parts.idle_since(), before, AT_ONCE).await {
        Ok(due) => stream::iter(due).for_each_concurrent(ABREAST, |session| ask(state, session)).await,
        Err(error) => tracing::warn!(%error, "could not look which sign-ins are to be asked about"),
    }
}

/// Asks about every session that can be asked about, whether it is used or not: when somebody does not want to wait until
/// what they changed at the provider counts here.
pub async fn ask_about_all(state: &AppState) {
    let _alone = state.oidc.0.asking.lock().await;
    let parts = &state.sessions;
    match parts.sessions.all_to_ask(parts.clock.now(), parts.idle_since(), MOST).await {
        Ok(all) => stream::iter(all).for_each_concurrent(ABREAST, |session| ask(state, session)).await,
        Err(error) => tracing::warn!(%error, "could not look which sign-ins can be asked about"),
    }
}

async fn ask(state: &AppState, session: SessionToAsk) {
    let (user, provider) = (session.user, session.provider.provider.clone());
    match state.oidc.verdict(&session).await {
        // An outage keeps nobody out; the next look comes in a minute.
        Err(fault) => tracing::warn!(%user, provider, %fault, "could not ask whether a user may still enter"),
        Ok(verdict) => {
            if let Err(error) = carry_out(state, &session, verdict).await {
                tracing::warn!(%user, %error, "could not store what the provider says of a user");
            }
        }
    }
}

async fn carry_out(state: &AppState, session: &SessionToAsk, verdict: Verdict) -> Result<(), StoreError> {
    let (parts, user) = (&state.sessions, session.user);
    match verdict {
        Verdict::Stays(identity, role, tokens) => {
            parts.users.refresh(user, &identity, role, parts.clock.now()).await?;
            parts.sessions.asked(session.hash, &state.oidc.seal(&tokens), parts.clock.now()).await
        }
        Verdict::SessionEnds => {
            tracing::info!(%user, "a session ended: the provider does not vouch for it any more");
            parts.end(session.hash).await?;
            note(state, user, "the provider does not vouch for it any more").await;
            Ok(())
        }
        Verdict::UserEnds => {
            tracing::info!(%user, "a user's sessions ended: the account may not enter any more");
            parts.end_all(user, None).await?;
            note(state, user, "no rule of this server admits them any more").await;
            Ok(())
        }
    }
}

/// Writes down that somebody's sessions ended, and why.
async fn note(state: &AppState, user: UserId, why: &str) {
    let now = state.sessions.clock.now();
    let person = state.services.people.person(user, now).await.ok().flatten();
    let name = person.map(|person| person.user.name).unwrap_or_default();
    let by = By { user: Some(user), name, address: None, at: now };
    let entry = NewAuditEntry::new(by, AuditKind::SessionsRevoked, "").with("why", why);
    audit::record(&*state.services.audit, entry).await;
}

impl Oidc {
    async fn verdict(&self, session: &SessionToAsk) -> Result<Verdict, Fault> {
        let Ok(provider) = self.provider(&session.provider.provider) else { return Ok(Verdict::SessionEnds) };
        let metadata = provider.discovery.metadata().await?;
        let tokens = self.unseal(&session.provider.tokens).filter(|_| metadata.issuer == session.issuer);
        let Some((id_token, refresh_token)) = tokens.and_then(|tokens| Some((tokens.id_token, tokens.refresh_token?)))
        else {
            return Ok(Verdict::SessionEnds);
        };
        let form = [("grant_type", "refresh_token"), ("refresh_token", &refresh_token)];
        let answer = match self.tokens(provider, &metadata, &form).await {
            // RFC 6749, section 5.2.
            Err(Fault::TokenEndpoint { error, .. }) if error == "invalid_grant" => return Ok(Verdict::SessionEnds),
            answer => answer?,
        };
        let Some(claims) = self.claims_again(session, &metadata, &answer).await? else {
            return Ok(Verdict::SessionEnds);
        };
        let person = identity(&metadata, session.subject.clone(), claims);
        let tokens = Tokens {
            id_token: answer.id_token.unwrap_or(id_token),
            refresh_token: Some(answer.refresh_token.unwrap_or(refresh_token)),
        };
        Ok(match self.0.access.role(&person) {
            Ok(role) => Verdict::Stays(Box::new(person), role, tokens),
            Err(_) => Verdict::UserEnds,
        })
    }

    /// What the provider says of the person now; none when it speaks of somebody else.
    async fn claims_again(
        &self,
        session: &SessionToAsk,
        metadata: &Metadata,
        answer: &TokenAnswer,
    ) -> Result<Option<Claims>, Fault> {
        let provider = self.provider(&session.provider.provider)?;
        let access_token = answer.access_token.as_deref();
        let verified = match &answer.id_token {
            // Without a nonce: nobody has asked for this one.
            Some(token) => token::verify(provider, metadata, token, access_token, None, self.0.clock.now()).await?,
            None => Verified { subject: session.subject.clone(), sid: None, payload: Value::Null },
        };
        if verified.subject != session.subject {
            return Ok(None);
        }
        let claims = Claims::read(&verified.payload);
        let more = if claims.are_incomplete() {
            self.userinfo(provider, metadata, &verified.subject, access_token).await?
        } else {
            None
        };
        Ok(Some(claims.or(more.unwrap_or_default())))
    }
}
