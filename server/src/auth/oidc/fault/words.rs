//! The words for faults that need more of them.

use crate::auth::oidc::{discovery::DiscoveryError, fetch::FetchError, token::TokenError};

pub(super) fn sentence(error: &FetchError) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Title, text, and what to change.
pub(super) type Words = (String, String, Option<String>);

pub(super) fn token_endpoint(label: &str, prefix: &str, error: &str) -> Words {
    match error {
        "invalid_client" => (
            format!("{label} does not accept this server’s secret"),
            "The client id, its secret or the redirect URI is not the one that the provider knows.".into(),
            Some(format!(
                "Copy the client id and the secret from {label} into {prefix}_ID and {prefix}_SECRET, and the redirect URI below into its Redirect URIs."
            )),
        ),
        "invalid_grant" => (
            "This sign-in is over".into(),
            format!("{label} says that the code was used before or is too old. Nobody was signed in."),
            None,
        ),
        _ => (
            format!("{label} gave no tokens"),
            "Nobody was signed in. Who is signed in already stays so.".into(),
            Some(format!("Look into the log of {label} for the time below.")),
        ),
    }
}

/// What most likely keeps this server from reaching the provider.
pub(super) fn unreachable(prefix: &str, error: &FetchError) -> Option<String> {
    let FetchError::Unreachable(text) = error else { return None };
    Some(if text.contains("certificate") {
        "Put the certificate of the authority that signed the provider’s into a file, and the file’s path into AUTH_CA_FILE."
            .into()
    } else {
        format!(
            "Check {prefix}_ISSUER. If this server reaches the provider under another name than browsers do, put that into {prefix}_INTERNAL_URL."
        )
    })
}

pub(super) fn discovery(label: &str, prefix: &str, error: &DiscoveryError) -> Words {
    let (text, fix) = match error {
        DiscoveryError::Fetch { error: FetchError::Status(404), .. } => (
            "There is no OpenID configuration at the issuer’s address.".into(),
            Some(format!(
                "Copy “OpenID Configuration Issuer” from {label} into {prefix}_ISSUER; the name of the application (its slug) is the last part."
            )),
        ),
        DiscoveryError::Fetch { error, .. } => {
            (format!("{}. Who is signed in already stays so.", sentence(error)), unreachable(prefix, error))
        }
        DiscoveryError::OtherIssuer { expected, found }
            if expected.starts_with("https://") && found.starts_with("http://") =>
        {
            (
                "It calls itself http, not https.".into(),
                Some(format!(
                    "The proxy in front of {label} has to send it the headers X-Forwarded-Proto: https and Host: {label} names itself after them."
                )),
            )
        }
        DiscoveryError::OtherIssuer { .. } => (
            "It names another issuer than the one that is set here.".into(),
            Some(format!(
                "Set {prefix}_ISSUER to the issuer below, or make the provider use this name: it names itself after the host that it is asked by."
            )),
        ),
        DiscoveryError::Unusable(what) => (format!("Its configuration can’t be used: {what}."), None),
    };
    let title = match error {
        DiscoveryError::Fetch { error: FetchError::Status(404), .. } | DiscoveryError::OtherIssuer { .. } => {
            format!("{label}’s address is not right")
        }
        _ => format!("{label} can’t be reached"),
    };
    (title, text, fix)
}

pub(super) fn token(label: &str, error: &TokenError) -> Words {
    match error {
        TokenError::Encrypted => (
            format!("{label} encrypts its tokens"),
            "Confab reads signed tokens, not encrypted ones.".into(),
            Some(format!("In {label}, edit the provider and leave the Encryption Key empty.")),
        ),
        TokenError::Clock(_) => (
            "Two clocks do not agree".into(),
            format!("The times in {label}’s answer do not fit this server’s clock. Nobody was signed in."),
            Some("Set the clock of this server and the provider’s by NTP.".into()),
        ),
        TokenError::Invalid(_) | TokenError::Keys(_) => (
            format!("{label}’s answer can’t be believed"),
            "Its ID token did not pass the checks. Nobody was signed in.".into(),
            Some(format!(
                "In {label}, set a Signing Key for the provider and check that this server’s client id is its own."
            )),
        ),
    }
}
