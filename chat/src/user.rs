//! Users and what they may do.

use crate::{id::UserId, time::Timestamp};
use serde::{Deserialize, Serialize};

/// The issuer of users that this server made itself, by a login link.
pub const LOCAL_ISSUER: &str = "local";
/// The subject of the user who owns this server, under [`LOCAL_ISSUER`].
pub const OWNER_SUBJECT: &str = "owner";

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// May chat.
    Member,
    /// May administer the server too.
    Admin,
}

/// A person who can sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Stays the same for as long as the user exists.
    pub id: UserId,
    /// The name to show; never empty.
    pub name: String,
    /// The address to show, when there is one. It never identifies a user.
    pub email: Option<String>,
    /// What the user may do.
    pub role: Role,
    /// When the user's picture was fetched; none without one.
    pub picture: Option<Timestamp>,
}

/// Who somebody is, by whoever vouches for them. The key is (issuer, subject) and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The provider's issuer, or [`LOCAL_ISSUER`].
    pub issuer: String,
    /// Who it is there.
    pub subject: String,
    /// The name to show.
    pub name: String,
    /// The address to show.
    pub email: Option<String>,
    /// Whether the issuer vouches for the address. It is shown in any case; only rules about addresses ask.
    pub email_verified: bool,
    /// The groups it is in there.
    pub groups: Vec<String>,
    /// Where a picture of it is.
    pub picture: Option<String>,
}

impl Identity {
    /// The user who owns this server.
    pub fn owner() -> Self {
        Self {
            issuer: LOCAL_ISSUER.into(),
            subject: OWNER_SUBJECT.into(),
            name: "Owner".into(),
            email: None,
            email_verified: false,
            groups: Vec::new(),
            picture: None,
        }
    }

    /// A user known to this server only, by name.
    pub fn local(name: &str) -> Self {
        let name = name.trim();
        Self {
            issuer: LOCAL_ISSUER.into(),
            subject: format!("user:{}", name.to_lowercase()),
            name: name.into(),
            email: None,
            email_verified: false,
            groups: Vec::new(),
            picture: None,
        }
    }
}

/// Whom a login link signs in, for the page that asks before it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedUser {
    /// The user's name.
    pub name: String,
    /// Whether this is the owner of the server.
    pub owner: bool,
}
