//! The domain of Confab: users, conversations, messages, turns and models, and the ports through which
//! the world is reached.
//!
//! Nothing here does input or output, reads a clock or draws a random number, so everything compiles for
//! the browser too and tests are exact. Adapters for the [`ports`] live in the crate `server`.

pub mod access;
pub mod attachment;
pub mod audit;
pub mod conversation;
pub mod event;
pub mod folder;
pub mod id;
pub mod limits;
pub mod message;
pub mod model;
pub mod parameters;
pub mod ports;
pub mod prompt;
pub mod report;
pub mod search;
pub mod share;
pub mod time;
pub mod transfer;
pub mod tree;
pub mod turn;
pub mod user;
pub mod visible;

pub use attachment::{Attachment, AttachmentKind, FileContent, FileName, Image};
pub use conversation::{Conversation, ConversationSummary, Fork, Summary, Title, Transcript};
pub use event::{Frame, Numbered, Seq, TurnEvent, Usage};
pub use folder::{Act, Folder, FolderName, Shelf};
pub use id::{ConversationId, FileId, FolderId, MessageId, SendKey, TurnId, UserId};
pub use message::{Message, Prompt, PromptError, UserMessage};
pub use model::{Dialect, ModelInfo, ModelRef, Prices};
pub use parameters::{Effort, Hundredths, Parameters, ParametersError, Sampling};
pub use time::Timestamp;
pub use turn::{Failure, FailureKind, Outcome, Phase, Turn, TurnState};
pub use user::{LinkedUser, Role, User};
