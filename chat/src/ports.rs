//! The ports: what the domain needs of the world. The crate `server` implements them.
//!
//! Rules that hold for every port: a method that reads a user's data takes the owner, and what belongs to
//! somebody else is the same as what does not exist. Time and ids are parameters. A method that writes has
//! committed when it returns `Ok`. Dropping a future never leaves half a write behind.

use crate::{
    conversation::{Conversation, ConversationSummary, Title, Transcript},
    event::{Frame, Seq, Usage},
    id::{ConversationId, MessageId, SendKey, TurnId, UserId},
    message::{Message, Prompt},
    model::{ModelInfo, ModelRef},
    prompt::ChatRequest,
    time::Timestamp,
    turn::{Failure, Phase, Turn},
    user::{Identity, LinkedUser, Role, User},
};
use async_trait::async_trait;
use futures_core::Stream;
use serde::{Deserialize, Serialize};
use std::{error::Error, fmt, pin::Pin};
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

/// Users.
#[async_trait]
pub trait Users: Send + Sync {
    /// The user of an identity, made at the first sign-in and refreshed at each later one. `id` is for the
    /// user that may have to be made. Two calls at once make one user.
    async fn sign_in(&self, identity: &Identity, role: Role, id: UserId, now: Timestamp) -> Result<User, StoreError>;

    /// A user by id, unless disabled.
    async fn user(&self, id: UserId) -> Result<Option<User>, StoreError>;

    /// Takes over what the provider says of a user now, between two sign-ins.
    async fn refresh(&self, id: UserId, identity: &Identity, role: Role) -> Result<(), StoreError>;

    /// Disables a user, or lets one in again. `false` when there is no such user.
    async fn disable(&self, id: UserId, since: Option<Timestamp>) -> Result<bool, StoreError>;
}

/// A picture of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The address that it came from.
    pub source: String,
    /// Its media type (RFC 9110, section 8.3.1).
    pub media_type: String,
    /// The file; at most 1 MiB.
    pub bytes: Vec<u8>,
}

/// Pictures of users. A user has one at most.
#[async_trait]
pub trait Pictures: Send + Sync {
    /// A user's picture.
    async fn picture(&self, owner: UserId) -> Result<Option<Picture>, StoreError>;

    /// Gives a user a picture in place of the one before; none takes it away.
    async fn set_picture(&self, owner: UserId, picture: Option<&Picture>, now: Timestamp) -> Result<(), StoreError>;
}

/// SHA-256 of a secret token: what a database may know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl fmt::Display for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A session that begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// The hash of its id.
    pub hash: TokenHash,
    /// Whose it is.
    pub user: UserId,
    /// The browser that it began in, as it names itself; at most 500 bytes.
    pub user_agent: String,
    /// When it begins.
    pub created_at: Timestamp,
    /// When it ends, however much it is used.
    pub expires_at: Timestamp,
    /// The sign-in provider that vouched for the user; none after a login link.
    pub provider: Option<ProviderSession>,
}

/// A session's other end, at the sign-in provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderSession {
    /// The provider's id here, such as `authentik`.
    pub provider: String,
    /// The claim `sid` (OpenID Connect Back-Channel Logout 1.0, section 2.1), when there is one.
    pub sid: Option<String>,
    /// The tokens that are kept for signing out there and for asking again; sealed.
    pub tokens: Vec<u8>,
    /// The provider can be asked again whether the user may still enter.
    pub can_be_asked: bool,
}

/// A session whose provider is to be asked again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionToAsk {
    /// Which session.
    pub hash: TokenHash,
    /// Whose it is.
    pub user: UserId,
    /// The user's issuer.
    pub issuer: String,
    /// The user's subject there.
    pub subject: String,
    /// The provider's end.
    pub provider: ProviderSession,
}

/// Which sessions a provider wants ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProviderSessions {
    /// The one with this `sid`.
    Sid(String),
    /// All those of this subject.
    Subject(String),
}

/// A provider's wish to end sessions (OpenID Connect Back-Channel Logout 1.0).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderLogout {
    /// The hash of what tells its logout token from others.
    pub token: TokenHash,
    /// When the token ends.
    pub expires_at: Timestamp,
    /// The provider's id here.
    pub provider: String,
    /// The issuer of the users concerned.
    pub issuer: String,
    /// Which sessions.
    pub which: ProviderSessions,
}

/// A session as its user sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionSummary {
    /// Which session: tells it from the others of its user and opens nothing.
    pub id: String,
    /// The browser that it began in, as it named itself.
    pub user_agent: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// It is the one that asks.
    pub current: bool,
}

/// A session that is alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiveSession {
    /// Whose it is.
    pub user: UserId,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// When it ends, however much it is used.
    pub expires_at: Timestamp,
}

/// Sessions. No method but [`Sessions::create`] ever makes one, so that nothing revives one that ended.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Begins a session. `false` when its hash is taken.
    async fn create(&self, session: &NewSession) -> Result<bool, StoreError>;

    /// A session that is neither revoked, nor past its end, nor unused since `idle_since`.
    async fn find(
        &self,
        hash: TokenHash,
        now: Timestamp,
        idle_since: Timestamp,
    ) -> Result<Option<LiveSession>, StoreError>;

    /// Notes that a session is in use, if it is not revoked.
    async fn touch(&self, hash: TokenHash, now: Timestamp) -> Result<(), StoreError>;

    /// Ends a session for good. Ending an ended or unknown one is no error.
    async fn revoke(&self, hash: TokenHash, now: Timestamp) -> Result<(), StoreError>;

    /// The provider's end of a session, whether it is alive or not.
    async fn provider_session(&self, hash: TokenHash) -> Result<Option<ProviderSession>, StoreError>;

    /// Sessions that are alive, were used since their provider was asked, and whose provider was asked at `asked_before`
    /// or earlier; those longest ago first, at most `limit`.
    async fn to_ask(
        &self,
        now: Timestamp,
        idle_since: Timestamp,
        asked_before: Timestamp,
        limit: u32,
    ) -> Result<Vec<SessionToAsk>, StoreError>;

    /// Notes that a session's provider was asked; its tokens may be new.
    async fn asked(&self, hash: TokenHash, tokens: &[u8], now: Timestamp) -> Result<(), StoreError>;

    /// Ends the sessions that a provider wants ended, and gives their hashes; none when its logout token had been used
    /// before. Both happen or neither. Notes of tokens past their end are forgotten.
    async fn log_out(&self, logout: &ProviderLogout, now: Timestamp) -> Result<Option<Vec<TokenHash>>, StoreError>;

    /// The sessions of a user that are alive, with their hashes, the last used first.
    async fn of_user(
        &self,
        user: UserId,
        now: Timestamp,
        idle_since: Timestamp,
    ) -> Result<Vec<(TokenHash, SessionSummary)>, StoreError>;

    /// Forgets sessions that ended, by whatever means, before `before` (idle ones: unused since `idle_since`).
    async fn purge(&self, before: Timestamp, idle_since: Timestamp) -> Result<u64, StoreError>;
}

/// Login links: addresses that sign one user in, once.
#[async_trait]
pub trait LoginLinks: Send + Sync {
    /// Makes a link for a user.
    async fn create(
        &self,
        hash: TokenHash,
        user: UserId,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Whom a link would sign in, if it is neither used up nor expired.
    async fn find(&self, hash: TokenHash, now: Timestamp) -> Result<Option<LinkedUser>, StoreError>;

    /// Uses a link up and tells whose it was. Of two calls at once, one gets the user.
    async fn use_up(&self, hash: TokenHash, now: Timestamp) -> Result<Option<UserId>, StoreError>;
}

/// Conversations.
#[async_trait]
pub trait Conversations: Send + Sync {
    /// A user's conversations, the newest first, at most `limit`.
    async fn list(&self, owner: UserId, limit: u32) -> Result<Vec<ConversationSummary>, StoreError>;

    /// A conversation with the branch in which something was said last.
    async fn transcript(&self, owner: UserId, id: ConversationId) -> Result<Option<Transcript>, StoreError>;

    /// Gives it a title that its user chose. `false` when there is no such conversation.
    async fn rename(&self, owner: UserId, id: ConversationId, title: &Title) -> Result<bool, StoreError>;

    /// Gives it a title that a model made, unless its user has chosen one.
    async fn suggest_title(&self, owner: UserId, id: ConversationId, title: &Title) -> Result<(), StoreError>;

    /// Deletes it with everything in it. `false` when there is no such conversation.
    async fn delete(&self, owner: UserId, id: ConversationId) -> Result<bool, StoreError>;

    /// The turns that run in a conversation; none for one that does not exist.
    async fn running_turns(&self, owner: UserId, id: ConversationId) -> Result<Vec<TurnId>, StoreError>;
}

/// Where a new message goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// At the start of a new conversation, with this id and title.
    NewConversation(ConversationId, Title),
    /// After a message of a conversation; after its newest message when none is named.
    After(ConversationId, Option<MessageId>),
}

/// A message to store and the turn that will reply to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTurn {
    /// Who sends.
    pub owner: UserId,
    /// The same key again is the same send.
    pub key: SendKey,
    /// Where the message goes.
    pub place: Place,
    /// The id of the user's message.
    pub message: MessageId,
    /// What the user wrote.
    pub prompt: Prompt,
    /// The id of the reply.
    pub reply: MessageId,
    /// The id of the turn.
    pub turn: TurnId,
    /// What shall answer.
    pub model: ModelRef,
    /// Its name.
    pub model_name: String,
    /// When.
    pub now: Timestamp,
}

/// Another attempt at a reply, beside one that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAttempt {
    /// Whose conversation it is.
    pub owner: UserId,
    /// The same key again is the same attempt.
    pub key: SendKey,
    /// The turn to be tried again.
    pub of: TurnId,
    /// The id of the new reply.
    pub reply: MessageId,
    /// The id of the new turn.
    pub turn: TurnId,
    /// What shall answer.
    pub model: ModelRef,
    /// Its name.
    pub model_name: String,
    /// When.
    pub now: Timestamp,
}

/// A turn that has been stored and may start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// Its conversation.
    pub conversation: Conversation,
    /// The branch up to and with the user's message.
    pub branch: Vec<Message>,
    /// The turn.
    pub turn: Turn,
    /// The send had been seen before: its turn has started already, and maybe ended.
    pub repeated: bool,
}

/// A turn can't begin.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// The conversation, the parent message or the turn is not there, or not this user's.
    #[error("there is no such conversation")]
    NotFound,
    /// A turn is running in this conversation.
    #[error("a reply is still being written in this conversation")]
    StillRunning,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Pieces of a running turn that are to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The turn as it is now; its text and reasoning are stored from the given lengths on.
    pub turn: &'a Turn,
    /// The number up to which it was stored before.
    pub stored_seq: Seq,
    /// Bytes of the text that were stored before.
    pub stored_text: usize,
    /// Bytes of the reasoning that were stored before.
    pub stored_reasoning: usize,
}

/// Turns.
#[async_trait]
pub trait Turns: Send + Sync {
    /// Stores a user's message, an empty reply and a running turn, in one transaction.
    async fn begin(&self, new: &NewTurn) -> Result<Begun, BeginError>;

    /// Stores an empty reply beside an ended one, and a running turn, in one transaction.
    async fn begin_attempt(&self, new: &NewAttempt) -> Result<Begun, BeginError>;

    /// Stores what a turn has gathered, text and number together, and its end when it has ended.
    /// Storing the same progress twice changes nothing. A turn that was deleted is no error.
    async fn store(&self, progress: Progress<'_>) -> Result<(), StoreError>;

    /// A turn as it was last stored.
    async fn turn(&self, owner: UserId, id: TurnId) -> Result<Option<Turn>, StoreError>;

    /// Marks every running turn as interrupted: no one runs when the server starts. Tells how many.
    async fn interrupt_all(&self, now: Timestamp) -> Result<u64, StoreError>;
}

/// Why a model stopped of its own accord.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// It had said everything.
    Done,
    /// It reached the limit of tokens.
    Length,
    /// The provider withheld the rest.
    Filtered,
}

/// What comes out of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelEvent {
    /// What it does until it writes.
    Phase(Phase),
    /// A piece of its thinking.
    Reasoning(String),
    /// A piece of its answer.
    Text(String),
    /// Tokens used so far.
    Usage(Usage),
    /// The end. A stream without it was cut off.
    End(StopReason),
}

/// A model's answer. Dropping it stops the model.
pub type ModelStream = Pin<Box<dyn Stream<Item = Result<ModelEvent, Failure>> + Send>>;

/// The models of every provider.
#[async_trait]
pub trait Models: Send + Sync {
    /// The models that users may choose; the first one is the default.
    async fn list(&self) -> Vec<ModelInfo>;

    /// Asks a model. Every fault is an item of the stream, after which nothing follows.
    fn ask(&self, request: ChatRequest) -> ModelStream;
}

/// A message as it comes from the composer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The same key again is the same send.
    pub key: SendKey,
    /// The conversation; a new one when none.
    pub conversation: Option<ConversationId>,
    /// The message that this one follows; the newest when none.
    pub parent: Option<MessageId>,
    /// The text.
    pub prompt: Prompt,
    /// What shall answer; the default model when none.
    pub model: Option<ModelRef>,
}

/// A message has been stored and its turn runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The conversation, new or old.
    pub conversation: Conversation,
    /// The user's message that is replied to.
    pub message: Message,
    /// The turn that replies.
    pub turn: Turn,
}

/// A message could not be sent. It has not been stored.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The conversation, the parent message or the turn is not there, or not this user's.
    #[error("there is no such conversation")]
    NotFound,
    /// A turn is running in this conversation.
    #[error("a reply is still being written in this conversation")]
    StillRunning,
    /// The model is not on offer.
    #[error("this model is not on offer")]
    NoSuchModel,
    /// There is no model at all.
    #[error("no model is set up")]
    NoModel,
    /// The server is going down.
    #[error("the server is stopping")]
    Stopping,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BeginError> for SendError {
    fn from(error: BeginError) -> Self {
        match error {
            BeginError::NotFound => Self::NotFound,
            BeginError::StillRunning => Self::StillRunning,
            BeginError::Store(error) => Self::Store(error),
        }
    }
}

/// What a watcher of a turn receives, until the turn ends.
pub type FrameStream = Pin<Box<dyn Stream<Item = Frame> + Send>>;

/// Runs turns. A turn belongs to no request: it goes on when everybody has left.
#[async_trait]
pub trait Runner: Send + Sync {
    /// Stores a message and starts the turn that replies to it.
    async fn send(&self, owner: UserId, draft: Draft) -> Result<Sent, SendError>;

    /// Starts another attempt at a turn that ended; by the same model when none is named.
    async fn retry(
        &self,
        owner: UserId,
        turn: TurnId,
        key: SendKey,
        model: Option<ModelRef>,
    ) -> Result<Sent, SendError>;

    /// Stops a running turn; what had arrived is kept. `false` when there is no such turn. Stopping one that
    /// has ended is no error.
    async fn stop(&self, owner: UserId, turn: TurnId) -> Result<bool, StoreError>;

    /// Stops whatever runs in a conversation, before it is deleted.
    async fn stop_conversation(&self, owner: UserId, id: ConversationId) -> Result<(), StoreError>;

    /// Watches a turn from the event after `seen`. The stream begins with a snapshot unless `seen` is where
    /// the turn is, has no gap and no repetition, and ends with the turn. None when there is no such turn.
    async fn watch(&self, owner: UserId, turn: TurnId, seen: Option<Seq>) -> Result<Option<FrameStream>, StoreError>;
}

/// A claimed login link did not sign anybody in.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// It was used up, has expired or never existed.
    #[error("the link has been used or has expired")]
    Gone,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A way to sign in, as the sign-in page offers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderButton {
    /// The provider's id, as in `/api/auth/signin/{id}`.
    pub id: String,
    /// Its name, as in "Continue with NAME".
    pub label: String,
}

/// A sign-in through a provider can't begin.
#[derive(Debug, thiserror::Error)]
pub enum BeginSignInError {
    /// No provider of this id is set up.
    #[error("there is no such sign-in provider")]
    NoSuchProvider,
    /// The provider does not answer, or not as it should. The text is for the page: what happened and what to do.
    #[error("{0}")]
    Unreachable(String),
}

/// Signing in and out of the browser that makes the request at hand.
#[async_trait]
pub trait SignIn: Send + Sync {
    /// The providers that are set up, in their order on the page.
    fn providers(&self) -> Vec<ProviderButton>;

    /// Begins a sign-in and gives the provider's address to go to. `back` is where to come back to afterwards; only a
    /// path of this server counts.
    async fn begin(&self, provider: &str, back: &str) -> Result<String, BeginSignInError>;

    /// The user's sessions.
    async fn sessions(&self) -> Result<Vec<SessionSummary>, StoreError>;

    /// Ends one of the user's sessions, by its [`SessionSummary::id`]. `false` when there is none.
    async fn revoke(&self, id: &str) -> Result<bool, StoreError>;

    /// Ends all of the user's sessions but the one that asks.
    async fn revoke_others(&self) -> Result<(), StoreError>;

    /// Whom a login link would sign in.
    async fn linked_user(&self, token: &str) -> Result<Option<LinkedUser>, StoreError>;

    /// Uses a login link up and begins a session with a new id.
    async fn claim(&self, token: &str) -> Result<(), ClaimError>;

    /// Ends the session. Gives the provider's address at which its session ends too, when it has one
    /// (OpenID Connect RP-Initiated Logout 1.0).
    async fn sign_out(&self) -> Result<Option<String>, StoreError>;
}
