//! The addresses that a browser, a bookmark or the provider calls.

use super::{
    Oidc,
    fault::Fault,
    flow::{Answer, Entered},
};
use crate::{
    auth::{
        audit,
        session::SessionLayerParts,
        sign_in::{BrowserSignIn, ask_again},
        token,
    },
    http::{client::ClientAddress, error::report},
    state::AppState,
};
use app::context::{Services, SignInFailure, Visitor, local_path};
use axum::{
    Extension, Form, Json,
    body::Body,
    extract::{
        Path, Query, Request, State,
        rejection::{FormRejection, QueryRejection},
    },
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use chat::{
    UserId,
    audit::{AuditKind, By, NewAuditEntry},
    ports::{ProviderLogout, ProviderSession, StoreError},
};
use serde::Deserialize;
use serde_json::json;
use tower_sessions::Session;

/// Where a sign-in shall lead, and how.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    #[serde(rename = "callbackUrl", default)]
    back: String,
    /// The provider shall ask even who is signed in there.
    #[serde(default)]
    again: String,
}

/// `GET /api/auth/signin/{provider}`: begins a sign-in, for bookmarks and a provider's launch button.
pub async fn begin(
    State(state): State<AppState>,
    Path(provider): Path<String>,
    wanted: Result<Query<Wanted>, QueryRejection>,
    request: Request,
) -> Response {
    let wanted = wanted.map(|Query(wanted)| wanted).unwrap_or_default();
    let again = !wanted.again.is_empty() || ask_again::is_set(request.headers());
    match state.oidc.begin(&provider, &wanted.back, again, request.headers()).await {
        Ok(begun) => see_other(&begun.address, begun.cookies),
        Err(fault) => fail(&state, &provider, &fault, request).await,
    }
}

/// `GET /api/auth/callback/{provider}`: the provider sends the browser back here.
pub async fn callback(
    State(state): State<AppState>,
    Path(provider): Path<String>,
    answer: Result<Query<Answer>, QueryRejection>,
    Extension(Visitor(visitor)): Extension<Visitor>,
    Extension(session): Extension<Session>,
    request: Request,
) -> Response {
    // What only looks must not spend the code.
    if request.method() != Method::GET {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET")]).into_response();
    }
    let answer = answer.map(|Query(answer)| answer).unwrap_or_default();
    let forget = answer.state.as_deref().and_then(|given| state.oidc.0.cookies.forget(given));
    let (parts, body) = request.into_parts();
    let entered = match state.oidc.finish(&provider, answer, &parts.headers).await {
        Ok(entered) => enter(&state, &provider, entered, session, &parts).await,
        Err(fault) => Err(fault),
    };
    match entered {
        Ok(back) => see_other(&back, forget.into_iter().chain([ask_again::forget()])),
        // The same address again, by the back button or a double click: whoever is in already stays in.
        Err(Fault::NoAttempt) if visitor.is_some() => see_other("/", []),
        Err(fault) => {
            let ClientAddress(address) = parts.extensions.get().copied().unwrap_or_default();
            if let Some(entry) = audit::refusal(&fault, &provider, address, state.sessions.clock.now()) {
                audit::record(&*state.services.audit, entry).await;
            }
            let request = Request::from_parts(parts, body);
            let mut response = fail(&state, &provider, &fault, request).await;
            forget.into_iter().for_each(|cookie| _ = response.headers_mut().append(header::SET_COOKIE, cookie));
            response
        }
    }
}

/// Makes or refreshes the user and begins the session. Gives the path to go to.
async fn enter(
    state: &AppState,
    provider: &str,
    entered: Entered,
    session: Session,
    request: &Parts,
) -> Result<String, Fault> {
    let Entered { identity, role, sid, tokens, back } = entered;
    let (parts, now) = (&state.sessions, state.sessions.clock.now());
    let new_id = UserId(state.services.ids.new_id());
    let user = parts.users.sign_in(&identity, role, new_id, now).await?;
    if user.id == new_id && parts.users.has_namesake(user.id).await? {
        let what = "a new account has the e-mail address of another one of this provider. If they are one person, the \
                    provider's subject mode has changed: put it back (docs/authentik.md)";
        tracing::warn!(user = %user.id, provider, what);
    }
    if parts.users.user(user.id).await?.is_none() {
        return Err(Fault::Disabled(Box::new(identity)));
    }
    let ending = ProviderSession {
        provider: provider.into(),
        sid,
        tokens: state.oidc.seal(&tokens),
        can_be_asked: tokens.refresh_token.is_some(),
    };
    let (keeper, oidc, id) = (state.pictures.clone(), state.oidc.clone(), provider.to_owned());
    tokio::spawn(async move {
        if let Ok(provider) = oidc.provider(&id) {
            keeper.update(provider, user.id, identity.picture).await;
        }
    });
    BrowserSignIn::of(state, session, request, None).enter(user.id, Some(ending)).await?;
    tracing::info!(user = %user.id, provider, "signed in");
    Ok(local_path(&back).to_owned())
}

/// The page that says what went wrong. Logged once, under the reference that it shows.
async fn fail(state: &AppState, provider: &str, fault: &Fault, request: Request) -> Response {
    let known = state.oidc.provider(provider).ok();
    let reference = report_fault(provider, fault);
    let (label, id, callback) = known.map_or(("Sign-in", "", String::new()), |known| {
        (known.settings.label.as_str(), known.settings.id.as_str(), state.oidc.callback(known))
    });
    let failure: SignInFailure = fault.failure(label, id, &callback, &reference, &state.public.host());
    // Whatever the page makes of it: a failure is never a 200.
    let status = StatusCode::from_u16(failure.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = crate::failure_page(state, failure, request).await;
    *response.status_mut() = status;
    response
}

fn report_fault(provider: &str, fault: &Fault) -> String {
    let provider: String = provider.chars().filter(|c| !c.is_control()).take(50).collect();
    match fault {
        Fault::Store(error) => report(error),
        expected => {
            let reference = crate::http::error::reference();
            tracing::warn!(reference, provider, fault = %expected, "nobody was signed in");
            reference
        }
    }
}

/// Sends the browser on with GET (RFC 9110, section 15.4.4).
pub fn see_other(address: &str, cookies: impl IntoIterator<Item = HeaderValue>) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(address) = HeaderValue::from_str(address) {
        response.headers_mut().insert(header::LOCATION, address);
    }
    cookies.into_iter().for_each(|cookie| _ = response.headers_mut().append(header::SET_COOKIE, cookie));
    response
}

/// What a provider posts to end sessions.
#[derive(Deserialize)]
pub struct LogoutForm {
    logout_token: String,
}

/// `POST /api/auth/backchannel-logout/{provider}` (OpenID Connect Back-Channel Logout 1.0, section 2.5).
pub async fn backchannel_logout(
    State(oidc): State<Oidc>,
    State(sessions): State<SessionLayerParts>,
    State(services): State<Services>,
    Path(provider): Path<String>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    form: Result<Form<LogoutForm>, FormRejection>,
) -> Response {
    let now = oidc.0.clock.now();
    if oidc.0.refusals.are_too_many(address, now) {
        return (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "60")]).into_response();
    }
    let refuse = |why: &str| {
        oidc.0.refusals.note(address, now);
        tracing::warn!(provider, why, "refused a logout token");
        (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_request" }))).into_response()
    };
    let Ok(known) = oidc.provider(&provider) else { return StatusCode::NOT_FOUND.into_response() };
    let Ok(Form(form)) = form else { return refuse("there is none") };
    match oidc.logout_token(known, &form.logout_token).await {
        Err(error) => refuse(&error.to_string()),
        Ok(logout) => match end_sessions(&sessions, &provider, logout).await {
            Ok(Some(count)) => {
                tracing::info!(provider, count, "the provider ended sessions");
                if count > 0 {
                    let by = By { user: None, name: known.settings.label.clone(), address, at: now };
                    let why = format!("the provider wanted {count} of them ended");
                    let entry = NewAuditEntry::new(by, AuditKind::SessionsRevoked, "").with("why", why);
                    audit::record(&*services.audit, entry).await;
                }
                (StatusCode::OK, [(header::CACHE_CONTROL, "no-store")]).into_response()
            }
            Ok(None) => refuse("it was used before"),
            Err(error) => {
                report(&error);
                StatusCode::SERVICE_UNAVAILABLE.into_response()
            }
        },
    }
}

/// Ends the sessions that a logout token means, and what is open for them. None when it was used before.
async fn end_sessions(
    parts: &SessionLayerParts,
    provider: &str,
    logout: super::logout::LogoutToken,
) -> Result<Option<usize>, StoreError> {
    let logout = ProviderLogout {
        token: token::hash(&[provider, " ", &logout.issuer, " ", &logout.id].concat()),
        expires_at: logout.expires_at,
        provider: provider.into(),
        issuer: logout.issuer,
        sid: logout.sid,
        subject: logout.subject,
    };
    let Some(ended) = parts.sessions.log_out(&logout, parts.clock.now()).await? else { return Ok(None) };
    ended.iter().for_each(|hash| parts.tell_ended(*hash));
    Ok(Some(ended.len()))
}

/// `GET /api/auth/session`, in the shape of Auth.js.
pub async fn session(
    State(parts): State<SessionLayerParts>,
    Extension(Visitor(visitor)): Extension<Visitor>,
    Extension(session): Extension<Session>,
) -> Response {
    let Some(user) = visitor else { return Json(json!(null)).into_response() };
    let expires = parts.expires_at(&session).await.unwrap_or_default();
    // Another address for another picture, so that browsers can keep them.
    let image = user.picture.map(|at| format!("/api/auth/picture?v={}", at.0));
    let user = json!({ "id": user.id, "name": user.name, "email": user.email, "image": image });
    Json(json!({ "user": user, "expires": expires })).into_response()
}

/// `GET /api/auth/providers`, in the shape of Auth.js.
pub async fn providers(State(oidc): State<Oidc>) -> Response {
    let provider = |button: chat::ports::ProviderButton| {
        let value = json!({
            "id": button.id,
            "name": button.label,
            "type": "oidc",
            "signinUrl": format!("/api/auth/signin/{}", button.id),
            "callbackUrl": format!("/api/auth/callback/{}", button.id),
        });
        (button.id, value)
    };
    let all: serde_json::Map<String, serde_json::Value> = oidc.buttons().into_iter().map(provider).collect();
    Json(all).into_response()
}

/// A body that is nothing: what a page is rendered for when its request was taken apart.
pub fn without_body(request: Request) -> Request {
    let (parts, _) = request.into_parts();
    Request::from_parts(parts, Body::empty())
}
