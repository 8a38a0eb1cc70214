//! The ports: what the domain needs of the world. The crate `server` implements them.
//!
//! Rules that hold for every port: a method that reads a user's data takes the owner, and what belongs to
//! somebody else is the same as what does not exist. Time and ids are parameters. A method that writes has
//! committed when it returns `Ok`. Dropping a future never leaves half a write behind.

mod accounts;
mod audit;
mod conversations;
mod exports;
mod files;
mod folders;
mod imports;
mod models;
mod people;
mod providers;
mod rules;
mod runner;
mod search;
mod shares;
mod sign_in;
mod turns;
mod usage;

pub use accounts::{
    LiveSession, LoginLinks, NewSession, Picture, Pictures, ProviderLogout, ProviderSession, SessionSummary,
    SessionToAsk, Sessions, TokenHash, Users,
};
pub use audit::Audit;
pub use conversations::{Conversations, DeleteError, Deletion};
pub use exports::{Exports, WholeConversation};
pub use files::{AddFileError, FileHash, Files, KeptFile, NewFile, Removal};
pub use folders::{AddFolderError, Folders, Shift};
pub use imports::Imports;
pub use models::{ModelEvent, ModelStream, Models, StopReason};
pub use people::{People, PeopleFilter, PeoplePage, Person, PersonChange, Standing};
pub use providers::{
    AddedProvider, KeptKeys, ProviderDraft, ProviderFields, ProviderHealth, ProviderOrigin, ProviderOverview,
    ProviderRecord, ProviderRecords, Providers, RefusedForm, SaveProviderError, SavedProvider, TypedKey,
};
pub use rules::Rules;
pub use runner::{
    Draft, FileContents, FrameStream, Runner, Said, SendError, Sent, SentTemporary, SummariseError, TemporaryDraft,
};
pub use search::Search;
pub use shares::Shares;
pub use sign_in::{BeginSignInError, ClaimError, ProviderButton, SignIn};
pub use turns::{BeginError, Begun, DayUsage, NewAttempt, NewTurn, Place, Progress, Spent, Turns};
pub use usage::{PersonDay, UsageReport};

use crate::time::Timestamp;
use std::error::Error;
use uuid::Uuid;

/// Where time comes from.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;
}

/// Where ids come from.
pub trait Ids: Send + Sync {
    /// A new one: unique, and later ones sort after earlier ones (UUID version 7).
    fn new_id(&self) -> Uuid;
}

/// A store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Others held it for too long: the same call may succeed in a moment.
    #[error("the database is busy")]
    Busy,
    /// There is no room left to write; reading goes on.
    #[error("the disk is full")]
    Full,
    /// Anything else, for the log.
    #[error("the database failed")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
}
