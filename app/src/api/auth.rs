//! Signing in by a link, and signing out.

#[cfg(feature = "ssr")]
use crate::context::{RequestSignIn, respond, see_other_for_forms};
use crate::error::AppError;
use chat::LinkedUser;
#[cfg(feature = "ssr")]
use leptos::prelude::expect_context;
use leptos::server;

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

/// Signs out. As a plain form it leads to the sign-in page.
#[server(prefix = "/api", endpoint = "auth/signout")]
pub async fn sign_out() -> Result<(), AppError> {
    let RequestSignIn(sign_in) = expect_context();
    let result = respond(sign_in.sign_out().await);
    see_other_for_forms("/signin?signedOut=1");
    result
}
