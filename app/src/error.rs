//! What a browser may know of an error.

use chat::ports::{
    AddFolderError, BeginError, BeginSignInError, ClaimError, DeleteError, SaveProviderError, SendError, StoreError,
    SummariseError,
};
use serde::{Deserialize, Serialize};
use server_fn::{codec::JsonEncoding, error::FromServerFnError, error::ServerFnErrorErr};

const STILL_RUNNING: &str = "A reply is still being written here. Wait for it, or stop it first.";

/// Why a server function did not do what it was asked; its text may be shown as it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppError {
    /// Nobody is signed in (any more).
    #[error("You are signed out. Sign in again to go on; what you typed stays here.")]
    SignedOut,
    /// The user may not do this.
    #[error("Your account may not do this.")]
    Forbidden,
    /// There is no such thing, or it belongs to somebody else.
    #[error("This is not here any more.")]
    NotFound,
    /// What was sent can't be used: which field, and what to change.
    #[error("{message}")]
    Invalid {
        /// The name of the field.
        field: String,
        /// What is wrong and what to do.
        message: String,
    },
    /// It can't be done at the moment; nothing was changed.
    #[error("{0}")]
    Busy(String),
    /// A fault of the server; the reference stands in its log too.
    #[error("Something broke on our side. Nothing you wrote is lost. Reference {0}.")]
    Internal(String),
    /// The browser did not reach the server.
    #[error("The server can't be reached. Nothing was sent.")]
    Offline,
}

impl AppError {
    /// A field that can't be used, with the reason in words.
    pub fn invalid(field: &str, reason: impl std::fmt::Display) -> Self {
        Self::Invalid { field: field.into(), message: reason.to_string() }
    }

    /// The status of a response that carries this error (RFC 9110, section 15).
    pub fn status(&self) -> u16 {
        match self {
            Self::SignedOut => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Invalid { .. } => 422,
            Self::Busy(_) => 503,
            Self::Internal(_) | Self::Offline => 500,
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Offline,
            _ => {
                // A request that could not be read is the sender's fault, not the server's.
                #[cfg(feature = "ssr")]
                crate::context::set_status(422);
                Self::invalid(
                    "request",
                    "This page and the server do not understand each other. Reload it and try again.",
                )
            }
        }
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::Busy("The server is busy. Nothing was changed; try again in a moment.".into()),
            StoreError::Full => {
                Self::Busy("The server's disk is full, so nothing can be stored. Tell its administrator.".into())
            }
            StoreError::Failed(error) => crate::context::internal(&*error),
        }
    }
}

impl From<AddFolderError> for AppError {
    fn from(error: AddFolderError) -> Self {
        match error {
            AddFolderError::TooMany => {
                Self::invalid("name", format!("You have {} folders already. Delete one first.", AddFolderError::MOST))
            }
            AddFolderError::Store(error) => error.into(),
        }
    }
}

impl From<SendError> for AppError {
    fn from(error: SendError) -> Self {
        match error {
            SendError::NotFound => Self::NotFound,
            SendError::StillRunning => Self::invalid("text", STILL_RUNNING),
            SendError::NoSuchModel => {
                Self::invalid("model", "This model is not on offer any more. Choose another one.")
            }
            SendError::NoModel => Self::invalid(
                "model",
                "No model is set up. Set OPENAI_API_KEY, or run `cargo xtask model` for the built-in one, and restart.",
            ),
            SendError::NoSuchFile => {
                Self::invalid("attachments", "One of the files is gone. Remove it and attach it again.")
            }
            SendError::TooMany => Self::Busy(
                "You have many replies waiting already. Your message is kept: send it when some are done.".into(),
            ),
            SendError::LimitReached(reached) => Self::invalid("limit", reached),
            SendError::Stopping => Self::Busy("The server is restarting. Try again in a moment.".into()),
            SendError::Store(error) => error.into(),
        }
    }
}

impl From<BeginError> for AppError {
    fn from(error: BeginError) -> Self {
        SendError::from(error).into()
    }
}

impl From<DeleteError> for AppError {
    fn from(error: DeleteError) -> Self {
        match error {
            DeleteError::NotFound => Self::NotFound,
            DeleteError::StillRunning => Self::invalid("message", STILL_RUNNING),
            DeleteError::Store(error) => error.into(),
        }
    }
}

impl From<SummariseError> for AppError {
    fn from(error: SummariseError) -> Self {
        match error {
            SummariseError::NotFound => Self::NotFound,
            SummariseError::TooShort => Self::invalid(
                "summary",
                "There is nothing to summarise yet: the last message and its reply are always read in full.",
            ),
            SummariseError::NoSuchModel => SendError::NoSuchModel.into(),
            SummariseError::NoModel => SendError::NoModel.into(),
            SummariseError::LimitReached(reached) => SendError::LimitReached(reached).into(),
            SummariseError::Failed(failure) => {
                Self::invalid("summary", ["No summary was made. ", &failure.message].concat())
            }
            SummariseError::Stopping => SendError::Stopping.into(),
            SummariseError::Store(error) => error.into(),
        }
    }
}

impl From<ClaimError> for AppError {
    fn from(error: ClaimError) -> Self {
        match error {
            ClaimError::Gone => Self::NotFound,
            ClaimError::Store(error) => error.into(),
        }
    }
}

impl From<SaveProviderError> for AppError {
    fn from(error: SaveProviderError) -> Self {
        match error {
            SaveProviderError::Invalid { field, problem } => Self::invalid(field, problem),
            SaveProviderError::NotFound => Self::NotFound,
            SaveProviderError::Changed => Self::invalid(
                "version",
                "Somebody else has changed this provider meanwhile. Compare with what it is now, and save again.",
            ),
            SaveProviderError::Store(error) => error.into(),
        }
    }
}

impl From<BeginSignInError> for AppError {
    fn from(error: BeginSignInError) -> Self {
        match error {
            BeginSignInError::NoSuchProvider => Self::invalid(
                "provider",
                "This way to sign in is not on offer any more. Reload the page and choose again.",
            ),
            BeginSignInError::Unreachable(text) => Self::Busy(text),
        }
    }
}
