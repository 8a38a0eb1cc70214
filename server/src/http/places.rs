//! Counting what each one holds, so that nobody holds everything.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

/// How much each holder has at this moment.
#[derive(Debug, Clone)]
pub struct Places<K>(Arc<Mutex<HashMap<K, usize>>>);

/// One place that is held; given back when the value goes.
#[derive(Debug)]
pub struct Place<K: Eq + Hash> {
    places: Places<K>,
    holder: K,
}

impl<K> Default for Places<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Eq + Hash + Clone> Places<K> {
    /// One more place; none when the holder has `limit` already.
    pub fn hold(&self, holder: K, limit: usize) -> Option<Place<K>> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let held = counts.get(&holder).copied().unwrap_or(0);
        if held >= limit {
            return None;
        }
        counts.insert(holder.clone(), held + 1);
        Some(Place { places: Self(self.0.clone()), holder })
    }
}

impl<K: Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        let mut counts = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.get_mut(&self.holder) {
            Some(held) if *held > 1 => *held -= 1,
            _ => _ = counts.remove(&self.holder),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn places_are_counted_by_holder_and_given_back() {
        let places = Places::default();
        let held: Vec<_> = (0..2).map(|_| places.hold("ann", 2).expect("a place")).collect();
        assert!(places.hold("ann", 2).is_none());
        assert!(places.hold("eve", 2).is_some());
        drop(held);
        assert!(places.hold("ann", 2).is_some());
        assert!(places.0.lock().expect("a lock").is_empty(), "nothing is kept about who holds nothing");
    }
}
