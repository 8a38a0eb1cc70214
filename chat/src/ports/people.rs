//! Everybody who has an account, for administrators.

use super::StoreError;
use crate::{audit::By, id::UserId, time::Timestamp, user::User};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// How somebody stands here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// May administer.
    Admin,
    /// May chat.
    Member,
    /// May not enter.
    Disabled,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Admin, Self::Member, Self::Disabled];

    /// The word for it in addresses and queries.
    pub fn word(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Member => "member",
            Self::Disabled => "disabled",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.word() == word)
    }
}

/// Somebody who has an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub user: User,
    /// How they stand.
    pub standing: Standing,
    /// The owner of this server, who signs in by login links only.
    pub owner: bool,
    /// The groups that their provider named last.
    pub groups: Vec<String>,
    /// When they signed in last, or were here last.
    pub last_seen_at: Timestamp,
    /// Read and written tokens of the last 30 days.
    pub tokens: u64,
}

/// Whom somebody wants to see.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PeopleFilter {
    /// Those who have this in their name or address, whatever its case (of ASCII letters); all when empty.
    pub text: String,
    /// Those in a group.
    pub group: Option<String>,
    /// Those who stand so.
    pub standing: Option<Standing>,
    /// How many to pass over.
    pub skip: u32,
}

/// Some of those who were wanted, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeoplePage {
    /// Them.
    pub people: Vec<Person>,
    /// How many were wanted.
    pub found: u64,
    /// How many there are.
    pub all: u64,
}

/// What became of a change of somebody's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonChange {
    /// It is so; also when it was so before, which is not written down again.
    Done,
    /// There is nobody with this id.
    NotFound,
    /// Nothing was changed: nobody would be left who administers.
    LastAdministrator,
}

/// Everybody who has an account. Who may ask is decided before. What is changed is written into the audit log in the same
/// transaction.
#[async_trait]
pub trait People: Send + Sync {
    /// Some of those who are wanted, at most `limit`.
    async fn people(&self, wanted: &PeopleFilter, limit: u32, now: Timestamp) -> Result<PeoplePage, StoreError>;

    /// One of them.
    async fn person(&self, id: UserId, now: Timestamp) -> Result<Option<Person>, StoreError>;

    /// The groups that anybody is in, by name.
    async fn groups(&self) -> Result<Vec<String>, StoreError>;

    /// Disables somebody, or lets them in again. Their sessions are not ended by this.
    async fn set_disabled(&self, id: UserId, disabled: bool, by: &By) -> Result<PersonChange, StoreError>;

    /// Deletes somebody with everything of theirs. Contents of files are left to the sweep.
    async fn delete(&self, id: UserId, by: &By) -> Result<PersonChange, StoreError>;
}
