//! What only the server knows of a request.

use super::{Look, PageFacts, Preferences};
use crate::error::AppError;
use chat::{
    SendKey, User,
    access::Access,
    audit::By,
    ports::{
        Audit, Clock, Conversations, Folders, Ids, Models, People, Providers, Rules, Runner, Search, Shares,
        UsageReport,
    },
    transfer::ImportReport,
};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use leptos::prelude::{expect_context, use_context};
use leptos_axum::ResponseOptions;
use std::{collections::HashMap, error::Error, net::IpAddr, sync::Arc};

/// The ports that server functions call; the same for every request.
#[derive(Clone)]
pub struct Services {
    /// Conversations.
    pub conversations: Arc<dyn Conversations>,
    /// The order that users give to them.
    pub folders: Arc<dyn Folders>,
    /// What finds what was said.
    pub search: Arc<dyn Search>,
    /// What users share.
    pub shares: Arc<dyn Shares>,
    /// Models.
    pub models: Arc<dyn Models>,
    /// Their providers, for the settings.
    pub providers: Arc<dyn Providers>,
    /// Who may use which model, and how much.
    pub rules: Arc<dyn Rules>,
    /// Everybody who has an account.
    pub people: Arc<dyn People>,
    /// What everybody has used.
    pub usage: Arc<dyn UsageReport>,
    /// The audit log.
    pub audit: Arc<dyn Audit>,
    /// Who may enter, as the settings of the server say.
    pub access: Arc<Access>,
    /// The runner of turns.
    pub runner: Arc<dyn Runner>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn Ids>,
    /// Logs an internal fault with its chain of causes and gives the reference to show.
    pub report: fn(&(dyn Error + 'static)) -> String,
    /// The public name of this server.
    pub host: Arc<str>,
    /// Its scheme, host and port, as users type them.
    pub origin: Arc<str>,
}

/// Who makes the request.
#[derive(Clone, Debug, Default)]
pub struct Visitor(pub Option<User>);

/// The IP address that the request comes from; none when it is not known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Caller(pub Option<IpAddr>);

/// What a plain form has sent to the page that it stands on, by the names of its fields.
#[derive(Clone, Debug, Default)]
pub struct Posted(pub HashMap<String, String>);

/// What became of the file that the form of *Your data* has brought, or why nothing was imported.
#[derive(Clone, Debug)]
pub struct Imported(pub Result<ImportReport, String>);

/// The ports.
pub fn services() -> Services {
    expect_context()
}

/// The user who makes the request: the first line of every server function that serves users only.
pub fn signed_in() -> Result<User, AppError> {
    use_context::<Visitor>().and_then(|visitor| visitor.0).ok_or(AppError::SignedOut)
}

/// The user who makes the request, if they administer: the first line of every server function that serves
/// administrators only.
pub fn administrator() -> Result<User, AppError> {
    signed_in().and_then(|user| if user.role.administers() { Ok(user) } else { Err(AppError::Forbidden) })
}

/// A user who makes the request, for the audit log.
pub fn by(user: &User) -> By {
    let Caller(address) = use_context().unwrap_or_default();
    By { user: Some(user.id), name: user.name.clone(), address, at: services().clock.now() }
}

/// Logs an internal fault and makes what the browser may know of it.
pub(crate) fn internal(error: &(dyn Error + 'static)) -> AppError {
    AppError::Internal((services().report)(error))
}

/// Passes a server function's result on, with the status that belongs to an error. While a page is
/// rendered the status is left alone: it is the page's to choose.
pub(crate) fn respond<T, E: Into<AppError>>(result: Result<T, E>) -> Result<T, AppError> {
    let result = result.map_err(Into::into);
    if let Err(error) = &result
        && is_server_function_call()
    {
        set_status(error.status());
    }
    result
}

fn is_server_function_call() -> bool {
    use_context::<Parts>().is_some_and(|parts| parts.uri.path().starts_with("/api/"))
}

/// Sets the status of the response at hand.
pub fn set_status(status: u16) {
    if let (Some(response), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
        response.set_status(status);
    }
}

/// Sends the browser to a page of ours with GET (303, RFC 9110, section 15.4.4). What is no path of this server
/// leads nowhere.
pub fn see_other(path: &str) {
    if is_path(path) {
        redirect(path);
    }
}

/// Like [`see_other`], but only when a plain form was sent, before the page woke up. Afterwards the
/// page moves by itself.
pub(crate) fn see_other_for_forms(path: &str) {
    if is_plain_form() {
        see_other(path);
    }
}

/// Sends a plain form to an address of somebody else, such as a sign-in provider's. Only for addresses that the
/// settings of this server vouch for, never for what a request brought along.
pub(crate) fn form_leaves_for(address: &str) {
    let absolute = address.starts_with("https://") || address.starts_with("http://");
    if absolute && is_plain_form() {
        redirect(address);
    }
}

fn redirect(address: &str) {
    if let (Some(response), Ok(address)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(address)) {
        response.insert_header(header::LOCATION, address);
        response.set_status(StatusCode::SEE_OTHER);
    }
}

/// Browsers take two slashes, of either kind, for the beginning of another server's name (URL Standard, "relative
/// slash state").
pub(super) fn is_path(address: &str) -> bool {
    address.starts_with('/') && !address[1..].starts_with(['/', '\\'])
}

fn is_plain_form() -> bool {
    let headers = use_context::<Parts>().map(|parts| parts.headers).unwrap_or_default();
    text_of(&headers, header::ACCEPT).contains("text/html")
}

/// The facts for the page that is being rendered.
pub fn page_facts() -> PageFacts {
    let services = services();
    let headers = use_context::<Parts>().map(|parts| parts.headers).unwrap_or_default();
    PageFacts {
        visitor: use_context::<Visitor>().unwrap_or_default().0,
        preferences: Preferences::from_cookies(text_of(&headers, header::COOKIE)),
        now: services.clock.now(),
        send_key: SendKey(services.ids.new_id()),
        host: services.host.to_string(),
    }
}

/// What was chosen on the page *Appearance* in the browser that asks.
pub fn look() -> Look {
    let headers = use_context::<Parts>().map(|parts| parts.headers).unwrap_or_default();
    Look::from_cookies(text_of(&headers, header::COOKIE))
}

/// Whether the browser's keyboard has a ⌘ where others have Ctrl, as far as it tells.
pub fn has_command_key() -> bool {
    let headers = use_context::<Parts>().map(|parts| parts.headers).unwrap_or_default();
    let agent = text_of(&headers, header::USER_AGENT);
    ["Macintosh", "iPhone", "iPad"].iter().any(|name| agent.contains(name))
}

/// The path and query that the browser asked for.
pub fn requested_path() -> String {
    let path = use_context::<Parts>().and_then(|parts| parts.uri.path_and_query().map(ToString::to_string));
    path.unwrap_or_else(|| "/".into())
}

fn text_of(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
