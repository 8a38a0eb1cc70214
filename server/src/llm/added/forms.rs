//! Forms that were not saved: what was typed is shown again. Never a key.

use chat::{UserId, ports::RefusedForm};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// The last one of each administrator. A restart forgets them.
#[derive(Default)]
pub(super) struct Forms(Mutex<HashMap<UserId, RefusedForm>>);

impl Forms {
    pub(super) fn remember(&self, user: UserId, form: RefusedForm) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(user, form);
    }

    pub(super) fn remembered(&self, user: UserId) -> Option<RefusedForm> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&user).cloned()
    }
}
