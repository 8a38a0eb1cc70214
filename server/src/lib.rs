//! Confab's server: the router, and everything behind it that touches the world.
//!
//! A request passes the layers of [`router`] from the outside in: log line, panics, security headers, the
//! check where it comes from, then the session cookie, the session, the visitor and the body limit, and
//! reaches a page, a server function or one of the few plain routes.

// Views are deeply nested types; rustc's default of 128 is too low for release builds.
#![recursion_limit = "256"]

pub mod assets;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
pub mod files;
pub mod guard;
pub mod http;
pub mod listen;
pub mod llm;
pub mod secret;
pub mod state;
pub mod store;
pub mod telemetry;
pub mod transfer;
pub mod turns;

use ::http::{HeaderValue, header, request::Parts};
use app::{
    App,
    context::{AutoRedirect, Caller, Posted, RequestSignIn, SignInFailure, Visitor},
};
use auth::{oidc::routes, sign_in::BrowserSignIn};
use axum::{
    Form, Router,
    body::Body,
    extract::{DefaultBodyLimit, FromRequest, Request, State},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::client::ClientAddress;
use leptos::{context::provide_context, nonce::use_nonce, prelude::use_context};
use leptos_axum::{LeptosRoutes, ResponseOptions, generate_route_list_with_exclusions};
use state::AppState;
use std::sync::Arc;
use tower_http::{catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer};
use tower_sessions::Session;

/// The largest request, in bytes: a long message, form-encoded, and its fields.
const MAX_BODY_BYTES: usize = 1_000_000;

/// Everything that the server answers.
pub fn router(state: AppState) -> Router {
    let origin = http::origin::OwnOrigin(state.public.origin().into());
    let https = http::headers::Https(state.public.is_https());
    pages(&state)
        .route("/api/turns/{id}/events", get(http::events::watch))
        .route("/c/{id}/options", post(posted_page))
        .route("/c/{id}/share", post(http::share::share))
        .route("/c/{id}/export", get(http::export::conversation))
        .route("/settings/data/archive", get(http::export::everything))
        .route("/settings/data/erase", post(http::erase::erase))
        .route("/settings/appearance", post(http::appearance::save))
        .merge(sign_in())
        .merge(http::admin::routes())
        .layer(RequestBodyLimitLayer::new(MAX_BODY_BYTES))
        .merge(attachments())
        .route("/settings/data", post(http::transfer::import).layer(DefaultBodyLimit::disable()))
        .layer(from_fn_with_state(state.sessions.clone(), auth::session::visitor))
        .layer(state.sessions.layer(&state.cookie))
        .layer(from_fn_with_state(state.cookie.clone(), auth::cookie::sealed))
        .layer(from_fn_with_state(state.proxies.clone(), http::client::locate))
        .merge(files().layer(RequestBodyLimitLayer::new(MAX_BODY_BYTES)))
        .layer(from_fn(http::body::no_slower))
        .layer(from_fn_with_state(origin, http::origin::check))
        .layer(CatchPanicLayer::custom(http::error::panicked))
        .layer(from_fn_with_state(https, http::headers::set))
        .layer(from_fn(http::log::requests))
        .with_state(state)
}

/// The pages and server functions, and the page that says that there is nothing.
fn pages(state: &AppState) -> Router<AppState> {
    let context = {
        let state = state.clone();
        move || provide_request_context(&state)
    };
    let shell = {
        let assets = state.assets.clone();
        move || app::shell(assets.clone())
    };
    let nothing_here = leptos_axum::render_app_async_with_context(context.clone(), shell.clone());
    let own = SIGN_IN_PAGES.map(str::to_owned).to_vec();
    let routes = generate_route_list_with_exclusions(App, Some(own));
    Router::new().leptos_routes_with_context(state, routes, context, shell).fallback(nothing_here)
}

/// What a provider, a bookmark or a script calls about signing in.
fn sign_in() -> Router<AppState> {
    Router::new()
        .route("/api/auth/signin/{provider}", get(routes::begin))
        .route("/api/auth/callback/{provider}", get(routes::callback))
        .route("/api/auth/backchannel-logout/{provider}", post(routes::backchannel_logout))
        .route("/api/auth/session", get(routes::session))
        .route("/api/auth/providers", get(routes::providers))
        .route("/api/auth/picture", get(auth::picture::picture))
}

/// What users attach. Uploads have limits of their own.
fn attachments() -> Router<AppState> {
    Router::new()
        .route("/api/files", post(http::files::upload))
        .route("/api/files/{id}", get(http::files::download).delete(http::files::remove))
}

/// Files and health, which know no user.
fn files() -> Router<AppState> {
    let files = Router::new();
    #[cfg(debug_assertions)]
    let files = files.route("/dev/started", get(http::reload::started));
    files
        .route("/diagram", get(http::diagram::document))
        .route("/pkg/{*path}", get(assets::package))
        .route("/sw.js", get(assets::service_worker))
        .route("/icon-192.png", get(|headers| assets::public("icon-192.png", headers)))
        .route("/icon-512.png", get(|headers| assets::public("icon-512.png", headers)))
        .route("/robots.txt", get(|headers| assets::public("robots.txt", headers)))
        .route("/favicon.svg", get(|headers| assets::public("favicon.svg", headers)))
        .route("/favicon-running.svg", get(|headers| assets::public("favicon-running.svg", headers)))
        .route("/icons-plain.svg", get(|headers| assets::public("icons-plain.svg", headers)))
        .route("/icons.svg", get(|headers| assets::public("icons.svg", headers)))
        .route("/manifest.webmanifest", get(|headers| assets::public("manifest.webmanifest", headers)))
        .route("/health", get(http::health::health))
        .route("/ready", get(http::health::ready))
}

/// Pages that are rendered only when something went wrong at their address, by [`failure_page`].
const SIGN_IN_PAGES: [&str; 2] = ["/api/auth/signin/{provider}", "/api/auth/callback/{provider}"];

/// The page that says why a sign-in failed.
pub(crate) async fn failure_page(state: &AppState, failure: SignInFailure, request: Request) -> Response {
    page_with(state, failure, request).await
}

/// A page to which its own form was posted: it stores what was sent and leads on, or says what is wrong with it.
async fn posted_page(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match Form::from_request(Request::from_parts(parts.clone(), body), &state).await {
        Ok(Form(fields)) => page_with(&state, Posted(fields), Request::from_parts(parts, Body::empty())).await,
        Err(refusal) => refusal.into_response(),
    }
}

/// The page at an address, with something that only this request has brought.
pub(crate) async fn page_with<T: Clone + Send + Sync + 'static>(
    state: &AppState,
    brought: T,
    request: Request,
) -> Response {
    let context = {
        let state = state.clone();
        move || {
            provide_request_context(&state);
            provide_context(brought.clone());
        }
    };
    let assets = state.assets.clone();
    let render = leptos_axum::render_app_async_with_context(context, move || app::shell(assets.clone()));
    render(request).await
}

/// Hands the services and the request's visitor to pages and server functions, and gives a page its policy.
fn provide_request_context(state: &AppState) {
    provide_context(state.services.clone());
    provide_context(AutoRedirect(state.oidc.auto_redirect()));
    if let Some(parts) = use_context::<Parts>() {
        provide_context(parts.extensions.get::<Visitor>().cloned().unwrap_or_default());
        provide_context(Caller(parts.extensions.get::<ClientAddress>().copied().unwrap_or_default().0));
        if let Some(session) = parts.extensions.get::<Session>().cloned() {
            let sign_in = BrowserSignIn::of(state, session, &parts, use_context::<ResponseOptions>());
            provide_context(RequestSignIn(Arc::new(sign_in)));
        }
    }
    if let (Some(response), Some(nonce)) = (use_context::<ResponseOptions>(), use_nonce())
        && let Ok(policy) = HeaderValue::from_str(&http::headers::page_policy(&nonce, &state.oidc.form_targets()))
    {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}
