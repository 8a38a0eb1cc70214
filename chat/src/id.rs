//! Identifiers. One type each, so that a turn can never be asked for by a conversation's id.
//!
//! They are UUIDs (RFC 9562) made at the edge, through [`crate::ports::Ids`].

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// The text was not an identifier. To a user it is the same as one that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct BadId;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            /// Takes the hyphenated form only, so that one thing has one address.
            fn from_str(text: &str) -> Result<Self, BadId> {
                match Uuid::try_parse(text) {
                    Ok(id) if text.len() == 36 => Ok(Self(id)),
                    _ => Err(BadId),
                }
            }
        }
    };
}

id!(
    /// A user of this server.
    UserId
);
id!(
    /// A conversation, as in the address `/c/{id}`.
    ConversationId
);
id!(
    /// A folder for conversations.
    FolderId
);
id!(
    /// A message of a user or a reply of an assistant.
    MessageId
);
id!(
    /// A turn: one attempt of a model to reply to one message.
    TurnId
);
id!(
    /// A file that a user has uploaded.
    FileId
);
id!(
    /// Chosen by the sender once per message, so that a repeated send is one turn (an idempotency key).
    SendKey
);
