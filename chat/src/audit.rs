//! The audit log: what happened that administrators may want to know.

mod words;

use crate::{id::UserId, time::Timestamp};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, net::IpAddr};

/// Days for which an entry is kept.
pub const KEPT_DAYS: i64 = 365;

/// Who does something, when and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// The user; none for who has no account.
    pub user: Option<UserId>,
    /// The name at that time.
    pub name: String,
    /// The IP address that it is done from.
    pub address: Option<IpAddr>,
    /// When.
    pub at: Timestamp,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $word:literal $label:literal)*) => {
        /// What kinds of things happen.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum AuditKind { $($(#[$doc])* $kind,)* }

        impl AuditKind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// The word for it in tables and addresses. It never changes.
            pub fn word(self) -> &'static str {
                match self { $(Self::$kind => $word,)* }
            }

            /// Its name to show.
            pub fn label(self) -> &'static str {
                match self { $(Self::$kind => $label,)* }
            }
        }
    };
}

kinds! {
    /// Somebody signed in. Details: `through`, the provider; none after a login link.
    SignedIn "signed_in" "Signed in"
    /// A provider vouched for somebody who may not enter. Details: `why`, `through`.
    SignInRefused "sign_in_refused" "Turned away"
    /// Somebody signed out.
    SignedOut "signed_out" "Signed out"
    /// Sessions were ended before their time. The subject is a browser, or whose all of them were. Details: `why`.
    SessionsRevoked "sessions_revoked" "Sessions ended"
    /// A login link was made. The subject is whom it signs in.
    LoginLinkMade "login_link_made" "Login link made"
    /// The subject may not enter any more.
    UserDisabled "user_disabled" "Person disabled"
    /// The subject may enter again.
    UserEnabled "user_enabled" "Person enabled"
    /// The subject was deleted with everything of theirs.
    UserDeleted "user_deleted" "Person deleted"
    /// Who it is has another role. Details: `from`, `to`.
    RoleChanged "role_changed" "Role changed"
    /// A provider of models was added.
    ProviderAdded "provider_added" "Provider added"
    /// A provider of models was changed.
    ProviderChanged "provider_changed" "Provider changed"
    /// A provider of models was removed.
    ProviderRemoved "provider_removed" "Provider removed"
    /// Other groups may use the subject, a model. Details: `groups`; none for everyone.
    AccessChanged "access_changed" "Access changed"
    /// Other limits hold. Details: each of them.
    LimitsChanged "limits_changed" "Limits changed"
    /// Somebody gave a conversation a link, or took a new snapshot for it.
    Shared "shared" "Shared"
    /// Somebody ended such a link.
    ShareEnded "share_ended" "Share ended"
    /// Somebody took a copy of all their data. Details: `as`.
    Exported "exported" "Exported"
    /// Somebody deleted all their conversations. Details: `conversations`, how many.
    Erased "erased" "Erased"
    /// Somebody brought conversations in. Details: `conversations`, how many.
    Imported "imported" "Imported"
}

impl AuditKind {
    /// From its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }
}

/// What is to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAuditEntry {
    /// Who does it.
    pub by: By,
    /// What it is.
    pub kind: AuditKind,
    /// Whom or what it is done to; empty when there is nothing else than who does it.
    pub subject: String,
    /// More. Never a secret, never what somebody said.
    pub details: BTreeMap<String, String>,
}

impl NewAuditEntry {
    /// Something without details.
    pub fn new(by: By, kind: AuditKind, subject: impl Into<String>) -> Self {
        Self { by, kind, subject: subject.into(), details: BTreeMap::new() }
    }

    /// The same with one more detail.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }
}

/// What was written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Later entries have higher ones.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// Who did it; none for who has no account.
    pub user: Option<UserId>,
    /// The name at that time.
    pub name: String,
    /// What it was, by its word; a newer version may have written one that this one does not know.
    pub kind: String,
    /// Whom or what it was done to.
    pub subject: String,
    /// From where.
    pub address: Option<IpAddr>,
    /// More.
    pub details: BTreeMap<String, String>,
}

/// Which entries somebody wants to see.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditFilter {
    /// Those that have this in them, whatever its case (of ASCII letters); all when empty.
    pub text: String,
    /// Those of one user.
    pub user: Option<UserId>,
    /// Those of one kind.
    pub kind: Option<AuditKind>,
    /// Those with a lower number than this one.
    pub before: Option<i64>,
}

/// The longest text that is looked for, in characters.
const LONGEST: usize = 200;

/// Which entries somebody wants to see, as an address has it. What makes no sense counts as absent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditQuery {
    /// What is looked for.
    pub q: String,
    /// The id of a user.
    pub person: String,
    /// The word of a kind.
    pub event: String,
    /// The number of an entry.
    pub before: String,
}

impl AuditQuery {
    /// What it stands for.
    pub fn filter(&self) -> AuditFilter {
        AuditFilter {
            text: self.q.trim().chars().take(LONGEST).collect(),
            user: self.person.parse().ok(),
            kind: AuditKind::parse(&self.event),
            before: self.before.parse().ok(),
        }
    }
}
