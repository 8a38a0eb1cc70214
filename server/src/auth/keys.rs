//! Keys, derived from the configured secrets: one purpose each (HKDF-SHA256, RFC 5869).

use crate::secret::Secret;
use cookie::{Cookie, CookieJar, Key};
use hkdf::Hkdf;
use sha2::Sha256;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::Path,
    sync::Arc,
};

/// What a key is for. A value sealed for one purpose can't be opened for another.
#[derive(Debug, Clone, Copy)]
pub enum Purpose {
    /// The cookie that carries a session's id.
    SessionCookie,
    /// The cookies of sign-ins that have begun.
    SignInAttempt,
    /// The tokens of sign-in providers in the database.
    ProviderTokens,
    /// The keys of providers of models in the database.
    ModelKeys,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Self::SessionCookie => b"session-cookie",
            Self::SignInAttempt => b"oidc-tx-cookie",
            Self::ProviderTokens => b"provider-tokens",
            Self::ModelKeys => b"model-keys",
        }
    }
}

const SALT: &[u8] = b"confab/v1";

/// One key for each secret, in their order: seal with the first, open with any.
pub fn keys(secrets: &[Secret], purpose: Purpose) -> Vec<Key> {
    let derive = |secret: &Secret| {
        let mut bytes = [0; 64];
        Hkdf::<Sha256>::new(Some(SALT), secret.expose().as_bytes())
            .expand(purpose.label(), &mut bytes)
            .expect("64 bytes are fewer than HKDF-SHA256 can give");
        Key::from(&bytes)
    };
    secrets.iter().map(derive).collect()
}

/// Seals texts (AES-256-GCM) under a name that belongs to them: what was sealed under one does not open under another.
#[derive(Clone)]
pub struct Sealer(Arc<[Key]>);

impl Sealer {
    /// Seals with the first key, opens with any.
    pub fn new(keys: Vec<Key>) -> Self {
        Self(keys.into())
    }

    /// The sealed text, fit for a cookie; none without a key.
    pub fn seal(&self, name: &str, text: &str) -> Option<String> {
        let mut jar = CookieJar::new();
        jar.private_mut(self.0.first()?).add(Cookie::new(name.to_owned(), text.to_owned()));
        jar.get(name).map(|cookie| cookie.value().to_owned())
    }

    /// The text; none when no key opens it.
    pub fn open(&self, name: &str, sealed: &str) -> Option<String> {
        let cookie = Cookie::new(name.to_owned(), sealed.to_owned());
        let open = |key| CookieJar::new().private(key).decrypt(cookie.clone());
        self.0.iter().find_map(open).map(|cookie| cookie.value().to_owned())
    }
}

/// The secret that a server without a configured one keeps in its data folder, made at the first start and
/// readable by its user only.
///
/// # Errors
/// The file can't be read or written, or the system has no randomness.
pub fn kept_secret(data_dir: &Path) -> io::Result<Secret> {
    let path = data_dir.join("secret");
    match fs::read_to_string(&path) {
        Ok(text) if text.trim().len() >= 32 => return Ok(Secret::new(text.trim())),
        Ok(_) => return Err(io::Error::new(io::ErrorKind::InvalidData, "the file `secret` is too short")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let secret = super::token::new_token().map_err(io::Error::other)?;
    let mut file = create_private(&path)?;
    file.write_all(secret.as_bytes())?;
    file.sync_all()?;
    Ok(Secret::new(secret))
}

fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kept_secret_is_made_once_and_private() {
        let dir = tempfile::tempdir().expect("a folder");
        let first = kept_secret(dir.path()).expect("made");
        assert_eq!(kept_secret(dir.path()).expect("kept"), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(dir.path().join("secret")).expect("the file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_damaged_secret_is_told_and_not_replaced() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("secret"), "short").expect("written");
        assert!(kept_secret(dir.path()).is_err());
        assert_eq!(fs::read_to_string(dir.path().join("secret")).expect("kept"), "short");
    }

    #[test]
    fn each_secret_gives_its_own_key() {
        let secrets = [Secret::new("a".repeat(32)), Secret::new("b".repeat(32))];
        let keys = keys(&secrets, Purpose::SessionCookie);
        assert_eq!(keys.len(), 2);
        assert!(keys[0] != keys[1]);
    }
}
