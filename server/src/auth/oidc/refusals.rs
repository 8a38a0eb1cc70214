//! Who keeps sending what is no logout token is not listened to for a while: each has its signature checked.

use chat::Timestamp;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

/// How often an address is refused in a minute before it is not listened to.
pub const MOST: u32 = 100;
/// How many addresses are remembered; more than this many attackers are no matter for this program.
const MOST_ADDRESSES: usize = 10_000;

/// How often each address was refused in this minute.
#[derive(Default)]
pub struct Refusals(Mutex<(i64, HashMap<Option<IpAddr>, u32>)>);

impl Refusals {
    /// Whether an address was refused too often in this minute.
    pub fn are_too_many(&self, address: Option<IpAddr>, now: Timestamp) -> bool {
        self.in_minute(now, |counts| counts.get(&address).is_some_and(|count| *count >= MOST))
    }

    /// Counts one more.
    pub fn note(&self, address: Option<IpAddr>, now: Timestamp) {
        self.in_minute(now, |counts| {
            if counts.len() < MOST_ADDRESSES || counts.contains_key(&address) {
                *counts.entry(address).or_default() += 1;
            }
        });
    }

    fn in_minute<T>(&self, now: Timestamp, look: impl FnOnce(&mut HashMap<Option<IpAddr>, u32>) -> T) -> T {
        // Counts are whole whatever another thread did while it held them.
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = now.0.div_euclid(60_000);
        if held.0 != minute {
            *held = (minute, HashMap::new());
        }
        look(&mut held.1)
    }
}
