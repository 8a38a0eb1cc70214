//! Asking again: only before the first word, only what may go better the next time, and not often.

use super::{
    routes::Routes,
    told::{Meaning, Told},
};
use std::time::Duration;

/// How long to wait before the second and the third request; half as much again at the most, by chance.
const WAITS: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(2)];
/// The longest wait that a provider may ask for (`Retry-After`, RFC 9110, section 10.2.3). Who has to wait longer
/// is told so.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// How long a key is passed over that was refused, and one that made too many requests, unless the provider says.
const REFUSED_REST: Duration = Duration::from_secs(5 * 60);
const LIMITED_REST: Duration = Duration::from_secs(30);
/// The longest time for which a provider can take a key out of use.
const LONGEST_REST: Duration = Duration::from_secs(60 * 60);

/// Whether a question may be asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// It would be refused again.
    Never,
    /// In a moment.
    Soon,
    /// The key is refused: with another one, if there is one.
    OtherKey,
    /// There were too many requests with this key: with another one, or when the provider says so.
    Limited(Option<Duration>),
}

impl Again {
    /// After an answer that is no success.
    pub fn after_status(status: u16, retry_after: Option<u64>, told: &Told) -> Self {
        match (status, told.meaning()) {
            (401..=403, _) | (429 | 400, Meaning::NoCredit | Meaning::BadKey) => Self::OtherKey,
            (429, _) => Self::Limited(retry_after.map(Duration::from_secs)),
            (408 | 500 | 502 | 503 | 504 | 529, Meaning::Other | Meaning::Overloaded | Meaning::RateLimited) => {
                match retry_after {
                    Some(seconds) if Duration::from_secs(seconds) > LONGEST_WAIT => Self::Never,
                    _ => Self::Soon,
                }
            }
            _ => Self::Never,
        }
    }

    /// After an error in a stream.
    pub fn after_error(told: &Told) -> Self {
        match told.meaning() {
            Meaning::Overloaded => Self::Soon,
            Meaning::RateLimited => Self::Limited(None),
            Meaning::BadKey | Meaning::NoCredit => Self::OtherKey,
            _ => Self::Never,
        }
    }
}

/// What has been tried for one question.
#[derive(Debug, Default)]
pub struct Retries {
    waits: usize,
    tried: Vec<usize>,
}

impl Retries {
    /// The place of the way to try next.
    pub fn pick(&mut self, routes: &Routes) -> usize {
        let place = routes.pick(&self.tried);
        self.tried.push(place);
        place
    }

    /// How long to wait before the question is asked again; none when it is not. `chance` is any random number.
    pub fn next(&mut self, routes: &Routes, again: Again, chance: u64) -> Option<Duration> {
        let last = self.tried.last().copied()?;
        match again {
            Again::Never => return None,
            Again::OtherKey => routes.rest(last, REFUSED_REST),
            Again::Limited(time) => routes.rest(last, time.unwrap_or(LIMITED_REST).min(LONGEST_REST)),
            Again::Soon => {}
        }
        let wait = match again {
            Again::OtherKey | Again::Limited(_) if routes.has_other(&self.tried) => return Some(Duration::ZERO),
            Again::Never | Again::OtherKey => return None,
            Again::Limited(Some(time)) if time > LONGEST_WAIT => return None,
            Again::Limited(time) => time.unwrap_or_default(),
            Again::Soon => Duration::ZERO,
        };
        let usual = *WAITS.get(self.waits)?;
        self.waits += 1;
        let more = usual.mul_f64(0.5 * (chance % 1_000) as f64 / 1_000.0);
        Some(wait.max(usual) + more)
    }
}
