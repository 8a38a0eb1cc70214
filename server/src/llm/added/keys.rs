//! Keys of providers, sealed: each opens for one provider and one address only.

use super::fields::invalid;
use crate::{auth::keys::Sealer, llm::settings::is_key, secret::Secret};
use chat::ports::{KeptKeys, ProviderDraft, ProviderRecord, SaveProviderError, TypedKey};
use url::Url;

/// The longest key, in bytes.
const MAX_KEY_BYTES: usize = 4096;
/// The most keys of one provider.
const MAX_KEYS: usize = 20;

/// Seals keys under the id of their provider and the origin of its address (RFC 6454), so that nobody who changes the
/// address, be it in the database, has a key sent to another server.
#[derive(Clone)]
pub struct KeyBox(Sealer);

/// What is to be kept of keys.
pub(super) struct KeysAfter {
    /// Sealed; empty for none.
    pub sealed: String,
    /// How many.
    pub count: u32,
    /// Those that were kept are gone, since they belong to another address.
    pub forgotten: bool,
}

impl KeyBox {
    /// Seals by this.
    pub fn new(sealer: Sealer) -> Self {
        Self(sealer)
    }

    fn name(id: &str, base: &Url) -> String {
        format!("{id} {}", base.origin().ascii_serialization())
    }

    fn seal(&self, id: &str, base: &Url, keys: &[Secret]) -> Option<String> {
        if keys.is_empty() {
            return Some(String::new());
        }
        // No key has a line break in it.
        let texts: Vec<&str> = keys.iter().map(Secret::expose).collect();
        self.0.seal(&Self::name(id, base), &texts.join("\n"))
    }

    /// The keys of a provider at an address; none when they are another's, or no secret opens them.
    pub(super) fn open(&self, id: &str, base: &Url, sealed: &str) -> Option<Vec<Secret>> {
        if sealed.is_empty() {
            return Some(Vec::new());
        }
        let text = self.0.open(&Self::name(id, base), sealed)?;
        Some(text.lines().map(Secret::new).collect())
    }

    /// The keys of a record.
    pub(super) fn open_record(&self, record: &ProviderRecord) -> Option<Vec<Secret>> {
        self.open(&record.id, &Url::parse(&record.address).ok()?, &record.sealed_keys)
    }

    /// What is kept after a provider is saved.
    pub(super) fn after(
        &self,
        id: &str,
        before: Option<&ProviderRecord>,
        draft: &ProviderDraft,
        base: &Url,
    ) -> Result<KeysAfter, SaveProviderError> {
        let typed = typed(&draft.key)?;
        let kept = match before.filter(|_| draft.kept != KeptKeys::Forget) {
            None => Some(Vec::new()),
            // Under another address nothing opens them.
            Some(record) => self.open(id, base, &record.sealed_keys),
        };
        let same_place = |record: &&ProviderRecord| {
            Url::parse(&record.address).is_ok_and(|address| address.origin() == base.origin())
        };
        let keys = match (typed, kept, before.filter(same_place)) {
            // What can't be opened now may be when the secret is back.
            (None, None, Some(record)) => {
                return Ok(KeysAfter { sealed: record.sealed_keys.clone(), count: record.keys, forgotten: false });
            }
            (None, None, None) => {
                return Ok(KeysAfter { sealed: String::new(), count: 0, forgotten: true });
            }
            (None, Some(kept), _) => kept,
            (Some(key), Some(kept), _) if draft.kept == KeptKeys::Beside => {
                kept.into_iter().filter(|other| *other != key).chain([key.clone()]).collect()
            }
            (Some(key), ..) => vec![key],
        };
        if keys.len() > MAX_KEYS {
            return Err(invalid("key", "These are too many keys. Forget some first."));
        }
        let no_secret = || invalid("key", "There is no secret to seal a key with. Set AUTH_SECRET.");
        let sealed = self.seal(id, base, &keys).ok_or_else(no_secret)?;
        Ok(KeysAfter { sealed, count: u32::try_from(keys.len()).unwrap_or(u32::MAX), forgotten: false })
    }
}

/// The key that was typed; none when the field was left empty.
fn typed(key: &TypedKey) -> Result<Option<Secret>, SaveProviderError> {
    let key = Secret::new(key.0.trim());
    match key.expose() {
        "" => Ok(None),
        text if text.len() > MAX_KEY_BYTES => Err(invalid("key", "This is too long for a key.")),
        // It becomes a part of a header: a line break would begin another one.
        text if text.contains(char::is_control) || !is_key(&key) => {
            Err(invalid("key", "The key has a character in it that no key has, such as a line break."))
        }
        _ => Ok(Some(key)),
    }
}
