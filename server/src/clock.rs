//! The time and new ids, from the system.

use chat::{
    Timestamp,
    ports::{Clock, Ids},
};
use std::time::{SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// The system's clock and its source of ids.
#[derive(Debug, Clone, Copy, Default)]
pub struct System;

impl Clock for System {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

impl Ids for System {
    #[expect(clippy::disallowed_methods, reason = "this is the source of ids")]
    fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }
}
