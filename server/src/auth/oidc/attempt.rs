//! A sign-in that has begun: what only the browser that began it can finish it with.
//!
//! Each attempt is a sealed cookie of its own, named after its state, so that several tabs can sign in at once and a
//! stranger's callback address finds nothing (RFC 9700, section 4.7).

use crate::auth::{keys::Sealer, token};
use axum::http::{HeaderMap, HeaderValue, header};
use chat::{Timestamp, ports::TokenHash};
use cookie::{Cookie, SameSite, time::Duration};
use serde::{Deserialize, Serialize};
use std::{collections::HashMap, sync::Mutex};

/// Seconds in which an attempt has to be finished.
pub const ATTEMPT_SECONDS: i64 = 600;

/// How many sign-ins a browser may have begun at a time.
pub const MOST_ATTEMPTS: usize = 5;

/// What is remembered of a sign-in until the provider sends the browser back.
#[derive(Clone, Serialize, Deserialize)]
pub struct Attempt {
    /// The provider's id.
    pub provider: String,
    /// The provider's issuer when it began.
    pub issuer: String,
    /// Names the attempt in the provider's answer.
    pub state: String,
    /// Binds the ID token to the attempt.
    pub nonce: String,
    /// The secret of PKCE (RFC 7636).
    pub verifier: String,
    /// The local path to go to afterwards.
    pub back: String,
    /// When it began.
    pub began_at: Timestamp,
}

/// Attempts as cookies.
pub struct AttemptCookies {
    sealer: Sealer,
    secure: bool,
    /// Attempts whose code was sent to the provider, and when.
    used: Mutex<HashMap<TokenHash, Timestamp>>,
}

impl AttemptCookies {
    /// `secure` when browsers come by https.
    pub fn new(sealer: Sealer, secure: bool) -> Self {
        Self { sealer, secure, used: Mutex::default() }
    }

    /// The cookie that keeps an attempt; none when it can't be sealed.
    pub fn keep(&self, attempt: &Attempt) -> Option<HeaderValue> {
        let name = self.name(&attempt.state);
        let value = self.sealer.seal(&name, &serde_json::to_string(attempt).ok()?)?;
        self.cookie(name, value, Duration::seconds(ATTEMPT_SECONDS))
    }

    /// The attempt of this state that the browser has; none when there is no such, or it is too old.
    pub fn find(&self, headers: &HeaderMap, state: &str, now: Timestamp) -> Option<Attempt> {
        let name = self.name(state);
        let sealed = pairs(headers).find(|(known, _)| *known == name)?.1;
        let attempt = self.open(&name, sealed)?;
        (attempt.state == state && is_recent(attempt.began_at, now)).then_some(attempt)
    }

    /// The cookies that forget the oldest attempts of a browser, so that there is room for one more: a proxy refuses
    /// requests with too many.
    pub fn forget_oldest(&self, headers: &HeaderMap) -> Vec<HeaderValue> {
        let ours = pairs(headers).filter(|(name, _)| name.starts_with(self.prefix()));
        let began_at = |(name, sealed)| (self.open(name, sealed).map(|attempt| attempt.began_at.0), name);
        let mut attempts: Vec<(Option<i64>, &str)> = ours.map(began_at).collect();
        attempts.sort();
        let surplus = (attempts.len() + 1).saturating_sub(MOST_ATTEMPTS);
        let forget = |(_, name): (_, &str)| self.cookie(name.to_owned(), String::new(), Duration::ZERO);
        attempts.into_iter().take(surplus).filter_map(forget).collect()
    }

    fn open(&self, name: &str, sealed: &str) -> Option<Attempt> {
        serde_json::from_str(&self.sealer.open(name, sealed)?).ok()
    }

    /// Takes note that an attempt's code is sent to the provider; `false` when one was before. The cookie can't tell: a
    /// second click sends it again before the browser has heard of the first one's end, and a provider that sees a code
    /// twice may take back what it gave for it (RFC 6749, section 4.1.2).
    pub fn use_up(&self, attempt: &Attempt, now: Timestamp) -> bool {
        let Ok(mut used) = self.used.lock() else { return false };
        // An attempt that is older is not found any more.
        used.retain(|_, began_at| is_recent(*began_at, now));
        used.insert(token::hash(&attempt.state), attempt.began_at).is_none()
    }

    /// The cookie that forgets the attempt of this state.
    pub fn forget(&self, state: &str) -> Option<HeaderValue> {
        self.cookie(self.name(state), String::new(), Duration::ZERO)
    }

    fn name(&self, state: &str) -> String {
        let hash = token::hash(state).to_string();
        [self.prefix(), &hash[..16]].concat()
    }

    fn prefix(&self) -> &'static str {
        if self.secure { "__Host-confab-signin-" } else { "confab-signin-" }
    }

    fn cookie(&self, name: String, value: String, age: Duration) -> Option<HeaderValue> {
        let mut cookie = Cookie::new(name, value);
        cookie.set_path("/");
        cookie.set_http_only(true);
        cookie.set_secure(self.secure);
        cookie.set_same_site(SameSite::Lax);
        cookie.set_max_age(age);
        HeaderValue::from_str(&cookie.to_string()).ok()
    }
}

/// The cookies that a browser sent, by name and value.
fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='))
}

fn is_recent(began_at: Timestamp, now: Timestamp) -> bool {
    (-60_000..ATTEMPT_SECONDS * 1000).contains(&(now.0 - began_at.0))
}
