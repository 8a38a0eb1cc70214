//! How many uploads a user has at once.

use chat::UserId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Places for uploads, some for each user.
#[derive(Clone)]
pub(super) struct AtOnce {
    places: usize,
    users: Arc<Mutex<HashMap<UserId, Arc<Semaphore>>>>,
}

impl AtOnce {
    pub(super) fn new(places: usize) -> Self {
        Self { places, users: Arc::default() }
    }

    /// Waits for a place, which is held until the value is dropped. None never comes.
    pub(super) async fn enter(&self, user: UserId) -> Option<OwnedSemaphorePermit> {
        let places = {
            let mut users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
            // Who has nothing under way is forgotten.
            users.retain(|_, places| Arc::strong_count(places) > 1);
            users.entry(user).or_insert_with(|| Arc::new(Semaphore::new(self.places))).clone()
        };
        places.acquire_owned().await.ok()
    }
}
