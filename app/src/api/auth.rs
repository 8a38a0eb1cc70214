//! Signing in by a link or through a provider, signing out, and the sessions that are open.

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::{RequestSignIn, form_leaves_for, local_path, respond, see_other_for_forms, services, signed_in},
    pages::escape,
};
#[cfg(feature = "ssr")]
use chat::ports::Person;
use chat::{LinkedUser, User, ports::SessionSummary};
#[cfg(feature = "ssr")]
use leptos::prelude::expect_context;
use leptos::server;

/// The page of the user's sessions.
#[cfg(feature = "ssr")]
const SESSIONS: &str = "/settings/sessions";

/// Whom a login link would sign in; none when it has been used or has expired.
#[server(prefix = "/api", endpoint = "auth/login-link")]
pub async fn login_link(token: String) -> Result<Option<LinkedUser>, AppError> {
    let RequestSignIn(sign_in) = expect_context();
    respond(sign_in.linked_user(&token).await)
}

/// Uses a login link up and signs its user in. As a plain form it leads to the first page, or back to the
/// link's own page, which then tells that it is gone.
#[server(prefix = "/api", endpoint = "auth/claim")]
pub async fn claim(token: String) -> Result<(), AppError> {
    let RequestSignIn(sign_in) = expect_context();
    let result = respond(sign_in.claim(&token).await);
    see_other_for_forms(if result.is_ok() { "/" } else { "/login/used" });
    result
}

/// Begins a sign-in through a provider and gives the provider's address to go to; `back` is the path to come back to.
/// As a plain form it leads there, or back to the sign-in page, which then tells that the provider does not answer.
#[server(prefix = "/api", endpoint = "auth/signin")]
pub async fn begin_sign_in(provider: String, #[server(default)] back: String) -> Result<String, AppError> {
    let RequestSignIn(sign_in) = expect_context();
    let result = respond(sign_in.begin(&provider, &back).await);
    match &result {
        Ok(address) => form_leaves_for(address),
        Err(_) => {
            let (provider, back) = (escape(&provider), escape(local_path(&back)));
            see_other_for_forms(&["/signin?error=unreachable&provider=", &provider, "&callbackUrl=", &back].concat());
        }
    }
    result
}

/// Signs out, and gives the provider's address at which its session ends too. As a plain form it leads there, or to the
/// sign-in page.
#[server(prefix = "/api", endpoint = "auth/signout")]
pub async fn sign_out() -> Result<Option<String>, AppError> {
    let RequestSignIn(sign_in) = expect_context();
    let result = respond(sign_in.sign_out().await);
    match &result {
        Ok(Some(address)) => form_leaves_for(address),
        _ => see_other_for_forms("/signin?signedOut=1"),
    }
    result
}

/// Who is signed in; none when nobody is.
#[server(prefix = "/api", endpoint = "auth/me")]
pub async fn who_am_i() -> Result<Option<User>, AppError> {
    Ok(signed_in().ok())
}

/// The account of whoever asks, for the page that only the server renders.
#[cfg(feature = "ssr")]
pub async fn my_account() -> Result<Person, AppError> {
    let (user, services) = (signed_in()?, services());
    services.people.person(user.id, services.clock.now()).await?.ok_or(AppError::SignedOut)
}

/// The user's sessions, the last used first.
#[server(prefix = "/api", endpoint = "auth/sessions")]
pub async fn my_sessions() -> Result<Vec<SessionSummary>, AppError> {
    respond(signed_in())?;
    let RequestSignIn(sign_in) = expect_context();
    respond(sign_in.sessions().await)
}

/// Ends one of the user's sessions. As a plain form it leads back to their page.
#[server(prefix = "/api", endpoint = "auth/revoke")]
pub async fn revoke_session(id: String) -> Result<(), AppError> {
    respond(signed_in())?;
    let RequestSignIn(sign_in) = expect_context();
    let found = sign_in.revoke(&id).await.map_err(AppError::from);
    let result = respond(found.and_then(|found| found.then_some(()).ok_or(AppError::NotFound)));
    back_to_sessions(&result);
    result
}

/// Ends all of the user's sessions but the one that asks. As a plain form it leads back to their page.
#[server(prefix = "/api", endpoint = "auth/revoke-others")]
pub async fn revoke_other_sessions() -> Result<(), AppError> {
    respond(signed_in())?;
    let RequestSignIn(sign_in) = expect_context();
    let result = respond(sign_in.revoke_others().await);
    back_to_sessions(&result);
    result
}

/// A session that is not there has ended: its page shows that by itself. Anything else has to be told.
#[cfg(feature = "ssr")]
fn back_to_sessions(result: &Result<(), AppError>) {
    match result {
        Ok(()) | Err(AppError::NotFound) => see_other_for_forms(SESSIONS),
        Err(_) => see_other_for_forms(&[SESSIONS, "?failed=1"].concat()),
    }
}
