//! Everything that can go wrong with a sign-in, in words: what was expected, what came, what to change.

mod words;

use super::{discovery::DiscoveryError, fetch::FetchError, token::TokenError};
use crate::config::prefix;
use app::context::SignInFailure;
use chat::user::Identity;
use words::{discovery, sentence, token, token_endpoint, unreachable};

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// No provider of this id is set up.
    #[error("there is no such sign-in provider")]
    NoSuchProvider,
    /// This browser began no such sign-in, or too long ago.
    #[error("this browser began no such sign-in, or more than ten minutes ago")]
    NoAttempt,
    /// The answer comes from somebody else than it was asked of.
    #[error("the answer does not come from {expected}")]
    OtherIssuer {
        /// Whom it was asked of.
        expected: String,
    },
    /// The person said no, or the provider did.
    #[error("the provider refused: {error}")]
    Refused {
        /// The provider's code.
        error: String,
        /// The provider's words.
        description: String,
    },
    /// The answer has neither a code nor an error.
    #[error("the provider's answer has no code")]
    NoCode,
    /// The metadata can't be had or used.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    /// The provider can't be asked.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// It gave no tokens.
    #[error("the token endpoint answered {status} {error}")]
    TokenEndpoint {
        /// The status.
        status: u16,
        /// The provider's code.
        error: String,
    },
    /// It gave tokens, but no ID token.
    #[error("the token endpoint's answer has no ID token")]
    NoIdToken,
    /// The ID token can't be believed.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// This person may not enter.
    #[error("this account may not enter")]
    Denied {
        /// Who it is.
        identity: Box<Identity>,
        /// The groups that may enter.
        allowed: Vec<String>,
    },
    /// This person was disabled here.
    #[error("this account is disabled")]
    Disabled(Box<Identity>),
    /// The session could not be stored.
    #[error("the session could not be stored")]
    Store(#[from] chat::ports::StoreError),
    /// The attempt could not be sealed.
    #[error("the attempt could not be sealed")]
    Unsealed,
}

/// What a page and `confab check` say about a fault.
pub struct Diagnosis {
    /// What happened.
    pub title: String,
    /// What it means.
    pub text: String,
    /// What to change, and where.
    pub fix: Option<String>,
    /// Facts to compare.
    pub facts: Vec<(String, String)>,
}

/// Which account was used.
fn account(identity: &Identity, label: &str) -> Vec<(String, String)> {
    let mut facts = vec![("Signed in as".to_owned(), identity.name.clone())];
    if let Some(email) = &identity.email {
        let unverified =
            if identity.email_verified { String::new() } else { format!(" ({label} has not verified it)") };
        facts.push(("E-mail".to_owned(), email.clone() + &unverified));
    }
    facts
}

/// The longest foreign text that is shown or logged, in characters.
const LONGEST: usize = 200;

fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

impl Fault {
    /// The provider's refusal, cut to what can be shown.
    pub fn refused(error: &str, description: Option<&str>) -> Self {
        Self::Refused { error: shown(error), description: shown(description.unwrap_or_default()) }
    }

    /// The token endpoint's refusal, cut to what can be shown.
    pub fn token_endpoint(status: u16, error: &str) -> Self {
        Self::TokenEndpoint { status, error: shown(error) }
    }

    /// The status of the page (RFC 9110, section 15).
    pub fn status(&self) -> u16 {
        match self {
            Self::NoSuchProvider => 404,
            Self::Denied { .. } | Self::Disabled(_) => 403,
            Self::Discovery(_) | Self::Fetch(_) | Self::Token(TokenError::Keys(_)) => 502,
            Self::TokenEndpoint { status, .. } if *status >= 500 => 502,
            Self::Store(_) | Self::Unsealed => 503,
            _ => 400,
        }
    }

    /// In words. `label` is the provider's name, `prefix` how its variables begin, such as `AUTH_AUTHENTIK`.
    pub fn diagnose(&self, label: &str, prefix: &str, callback: &str) -> Diagnosis {
        let (title, text, fix) = match self {
            Self::NoSuchProvider => {
                ("No such sign-in".into(), "This server has no such sign-in provider.".into(), None)
            }
            Self::NoAttempt => (
                "This sign-in is over".into(),
                "It was finished already, began in another browser or under another address of this server, or began \
                 more than ten minutes ago. Nothing was changed."
                    .into(),
                None,
            ),
            Self::OtherIssuer { .. } => (
                format!("This answer is not {label}’s"),
                "The answer names another provider than the one that was asked. Nobody was signed in.".into(),
                None,
            ),
            Self::Refused { error, .. } if error == "access_denied" => (
                "The sign-in was cancelled".into(),
                format!("{label} was told not to continue. Nobody was signed in."),
                None,
            ),
            Self::Refused { .. } => (
                format!("{label} refused the sign-in"),
                format!("{label} sent the browser back without signing anybody in."),
                Some(format!("Compare the application’s settings in {label} with the facts below.")),
            ),
            Self::NoCode | Self::NoIdToken => (
                format!("{label}’s answer is incomplete"),
                "What a sign-in needs was missing from it. Nobody was signed in.".into(),
                Some(format!("In {label}, allow the authorization code flow and the scope openid.")),
            ),
            Self::TokenEndpoint { error, .. } => token_endpoint(label, prefix, error),
            Self::Discovery(error) | Self::Token(TokenError::Keys(error)) => discovery(label, prefix, error),
            Self::Fetch(error) => (
                format!("{label} can’t be reached"),
                format!("Nobody was signed in. Who is signed in already stays so. {}.", sentence(error)),
                unreachable(prefix, error),
            ),
            Self::Token(error) => token(label, error),
            Self::Denied { .. } => (
                "This account may not enter".into(),
                "Signing in worked, but this server is not open to this account.".into(),
                None,
            ),
            Self::Disabled(_) => {
                ("This account is disabled".into(), "An administrator of this server has disabled it.".into(), None)
            }
            Self::Store(_) | Self::Unsealed => (
                "Not at the moment".into(),
                "The sign-in could not be stored. Nothing was changed; try again in a moment.".into(),
                None,
            ),
        };
        Diagnosis { title, text, fix, facts: self.facts(label, callback) }
    }

    fn facts(&self, label: &str, callback: &str) -> Vec<(String, String)> {
        let fact = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        match self {
            Self::Denied { identity, allowed } => {
                let groups = if identity.groups.is_empty() { "none".into() } else { identity.groups.join(", ") };
                let mut facts = account(identity, label);
                facts.push(fact("Your groups", &shown(&groups)));
                facts.extend((!allowed.is_empty()).then(|| fact("Allowed", &shown(&allowed.join(", ")))));
                facts
            }
            Self::Disabled(identity) => account(identity, label),
            Self::Refused { error, description } => {
                vec![fact("Code", error), fact(&format!("{label} says"), description), fact("Redirect URI", callback)]
            }
            Self::OtherIssuer { expected } => vec![fact("Expected", expected)],
            Self::TokenEndpoint { status, error } => {
                vec![fact("Status", &status.to_string()), fact("Code", error), fact("Redirect URI", callback)]
            }
            Self::Discovery(error) | Self::Token(TokenError::Keys(error)) => {
                vec![fact("What came", &error.to_string())]
            }
            Self::Fetch(error) => vec![fact("What came", &error.to_string())],
            Self::Token(error) => vec![fact("What came", &shown(&error.to_string()))],
            Self::NoAttempt => vec![fact("Address", callback.split("/api/").next().unwrap_or_default())],
            _ => Vec::new(),
        }
    }

    /// What the page shows.
    pub fn failure(&self, label: &str, id: &str, callback: &str, reference: &str, host: &str) -> SignInFailure {
        let Diagnosis { title, text, fix, facts } = self.diagnose(label, &prefix(id), callback);
        let lines: String = facts.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        let fix_line = fix.as_ref().map(|fix| format!("What to change: {fix}\n")).unwrap_or_default();
        let details = format!("{title}\n{text}\n{fix_line}{lines}Server: {host}\nReference: {reference}\n");
        let again = format!("/api/auth/signin/{id}");
        let denied = matches!(self, Self::Denied { .. } | Self::Disabled(_));
        SignInFailure {
            status: self.status(),
            title,
            text,
            facts: facts.into_iter().chain([("Reference".to_owned(), reference.to_owned())]).collect(),
            fix,
            details,
            retry: (!matches!(self, Self::NoSuchProvider)).then(|| again.clone()),
            other: denied.then(|| again + "?again=1"),
        }
    }
}
