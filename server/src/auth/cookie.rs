//! The session cookie on the wire: sealed, and removed with the attributes it was set with.
//!
//! tower-sessions sees and writes the session's id in clear; this layer stands in front of it. It opens what
//! the browser sent with any of the keys and seals what is sent with the first one, so secrets can be
//! rotated. The removal cookie is made here, because a browser ignores one for a `__Host-` name that lacks
//! `Secure` (RFC 6265bis, section 4.1.3.2).

use super::keys::Sealer;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use cookie::{Cookie, Key, SameSite, time::Duration};

/// How the session cookie is named, sealed and kept.
#[derive(Clone)]
pub struct SessionCookie {
    sealer: Sealer,
    secure: bool,
}

/// The longest sealed value that is looked at, in bytes; ours have under 100.
const MAX_SEALED_BYTES: usize = 512;

impl SessionCookie {
    /// Sealed with the first key; `secure` when browsers come by https.
    pub fn new(keys: Vec<Key>, secure: bool) -> Self {
        Self { sealer: Sealer::new(keys), secure }
    }

    /// Its name. The prefix `__Host-` keeps sibling domains from setting it.
    pub fn name(&self) -> &'static str {
        if self.secure { "__Host-confab" } else { "confab" }
    }

    /// Whether it is sent over https only.
    pub fn secure(&self) -> bool {
        self.secure
    }

    /// The session's id in a sealed value; none when no key opens it.
    pub fn open(&self, sealed: &str) -> Option<String> {
        if sealed.len() > MAX_SEALED_BYTES {
            return None;
        }
        self.sealer.open(self.name(), sealed)
    }

    /// Seals a session's id with the first key; none without a key.
    pub fn seal(&self, id: &str) -> Option<String> {
        self.sealer.seal(self.name(), id)
    }

    /// The same cookie for the browser: sealed, or removed when it is to be removed.
    fn outgoing(&self, clear: Cookie<'static>) -> Option<Cookie<'static>> {
        let removed = clear.value().is_empty();
        let (value, max_age) =
            if removed { (String::new(), Some(Duration::ZERO)) } else { (self.seal(clear.value())?, clear.max_age()) };
        let mut cookie = Cookie::new(self.name(), value);
        cookie.set_path("/");
        cookie.set_http_only(true);
        cookie.set_secure(self.secure);
        cookie.set_same_site(SameSite::Lax);
        cookie.set_max_age(max_age);
        Some(cookie)
    }

    /// The browser's cookies with ours opened; what does not open is left out.
    fn incoming(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let (ours, others): (Vec<&str>, Vec<&str>) = lines
            .flat_map(|line| line.split(';').map(str::trim))
            .filter(|pair| !pair.is_empty())
            .partition(|pair| pair.split('=').next() == Some(self.name()));
        let opened = ours.iter().filter_map(|pair| pair.split_once('=')).find_map(|(_, value)| self.open(value));
        let mut pairs: Vec<String> = others.into_iter().map(str::to_owned).collect();
        pairs.extend(opened.map(|id| format!("{}={id}", self.name())));
        if pairs.is_empty() { None } else { HeaderValue::from_str(&pairs.join("; ")).ok() }
    }
}

/// The layer: opens the session cookie of a request and seals the one of its response.
pub async fn sealed(State(cookie): State<SessionCookie>, mut request: Request, next: Next) -> Response {
    match cookie.incoming(request.headers()) {
        Some(cookies) => request.headers_mut().insert(header::COOKIE, cookies),
        None => request.headers_mut().remove(header::COOKIE),
    };
    let mut response = next.run(request).await;
    let sent: Vec<HeaderValue> = response.headers().get_all(header::SET_COOKIE).iter().cloned().collect();
    response.headers_mut().remove(header::SET_COOKIE);
    for value in sent {
        let ours = value.to_str().ok().and_then(|text| Cookie::parse(text.to_owned()).ok());
        let value = match ours.filter(|parsed| parsed.name() == cookie.name()) {
            Some(clear) => cookie.outgoing(clear).and_then(|sealed| HeaderValue::from_str(&sealed.to_string()).ok()),
            None => Some(value),
        };
        if let Some(value) = value {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}
