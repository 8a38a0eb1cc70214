//! The ways to a provider: each address with each of its keys. They are used in turn; one that was refused rests.

use super::{dialect::Dialect, settings::Endpoint, site::host_of};
use reqwest::header::{HeaderName, HeaderValue, InvalidHeaderValue};
use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::time::Instant;
use url::Url;

/// An address and a key that belongs to it.
pub struct Route {
    /// The base address.
    pub base: Url,
    /// Its host, to show.
    pub host: String,
    /// The header with the key, if there is one.
    pub authorization: Option<(HeaderName, HeaderValue)>,
    rests_until: Mutex<Option<Instant>>,
}

/// The ways to a provider.
pub struct Routes {
    all: Vec<Route>,
    next: AtomicUsize,
}

impl Routes {
    /// The ways over these endpoints.
    ///
    /// # Errors
    /// A key can't be sent.
    pub fn new(dialect: &dyn Dialect, endpoints: &[Endpoint]) -> Result<Self, InvalidHeaderValue> {
        let mut all = Vec::new();
        for Endpoint { base, keys } in endpoints {
            let route = |authorization| {
                let rests_until = Mutex::default();
                Route { base: base.clone(), host: host_of(base), authorization, rests_until }
            };
            if keys.is_empty() {
                all.push(route(None));
            }
            for key in keys {
                all.push(route(Some(dialect.authorize(key)?)));
            }
        }
        Ok(Self { all, next: AtomicUsize::new(0) })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// One of them.
    pub fn get(&self, place: usize) -> &Route {
        &self.all[place]
    }

    /// The place of the next one to try: first those that neither rest nor were tried for this question, then those
    /// that were tried.
    pub fn pick(&self, tried: &[usize]) -> usize {
        let first = self.next.fetch_add(1, Ordering::Relaxed);
        let in_turn = || (0..self.all.len()).map(|step| (first.wrapping_add(step)) % self.all.len());
        let fresh = in_turn().find(|place| !tried.contains(place) && !self.rests(*place));
        fresh.or_else(|| in_turn().find(|place| !self.rests(*place))).unwrap_or(first % self.all.len())
    }

    /// Whether there is another one that neither rests nor was tried.
    pub fn has_other(&self, tried: &[usize]) -> bool {
        (0..self.all.len()).any(|place| !tried.contains(&place) && !self.rests(place))
    }

    /// Passes one over for a while.
    pub fn rest(&self, place: usize, time: Duration) {
        *self.all[place].rests_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + time);
    }

    fn rests(&self, place: usize) -> bool {
        let until = *self.all[place].rests_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }
}
