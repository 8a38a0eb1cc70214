//! The ports of a store, and what stories make with them.

use super::{at, from_start};
use chat::{
    ConversationId, MessageId, ModelRef, Outcome, Parameters, Prompt, SendKey, Timestamp, Title, Turn, TurnEvent,
    TurnId, UserId,
    ports::{
        Audit, Begun, Conversations, Exports, Files, Folders, Ids, Imports, LoginLinks, NewAttempt, NewTurn, People,
        Pictures, Place, ProviderRecords, Rules, Search, Sessions, Shares, Turns, UsageReport, Users,
    },
    user::Identity,
};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use uuid::Uuid;

/// The ports of one store, and ids that no story uses twice.
pub(in crate::store) struct Ports {
    pub users: Arc<dyn Users>,
    pub sessions: Arc<dyn Sessions>,
    pub links: Arc<dyn LoginLinks>,
    pub pictures: Arc<dyn Pictures>,
    pub conversations: Arc<dyn Conversations>,
    pub turns: Arc<dyn Turns>,
    pub files: Arc<dyn Files>,
    pub folders: Arc<dyn Folders>,
    pub providers: Arc<dyn ProviderRecords>,
    pub search: Arc<dyn Search>,
    pub shares: Arc<dyn Shares>,
    pub imports: Arc<dyn Imports>,
    pub exports: Arc<dyn Exports>,
    pub people: Arc<dyn People>,
    pub audit: Arc<dyn Audit>,
    pub rules: Arc<dyn Rules>,
    pub usage: Arc<dyn UsageReport>,
    last_id: AtomicU64,
}

impl Ports {
    pub fn of<S>(store: S) -> Self
    where
        S: Users
            + Sessions
            + LoginLinks
            + Pictures
            + Conversations
            + Turns
            + Files
            + Folders
            + ProviderRecords
            + Search
            + Shares
            + Imports
            + Exports
            + People
            + Audit
            + Rules
            + UsageReport
            + Clone
            + 'static,
    {
        Self {
            users: Arc::new(store.clone()),
            sessions: Arc::new(store.clone()),
            links: Arc::new(store.clone()),
            pictures: Arc::new(store.clone()),
            conversations: Arc::new(store.clone()),
            turns: Arc::new(store.clone()),
            files: Arc::new(store.clone()),
            folders: Arc::new(store.clone()),
            providers: Arc::new(store.clone()),
            search: Arc::new(store.clone()),
            shares: Arc::new(store.clone()),
            imports: Arc::new(store.clone()),
            exports: Arc::new(store.clone()),
            people: Arc::new(store.clone()),
            audit: Arc::new(store.clone()),
            rules: Arc::new(store.clone()),
            usage: Arc::new(store),
            last_id: AtomicU64::new(0),
        }
    }

    pub fn id(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.last_id.fetch_add(1, Ordering::Relaxed)) + 1)
    }

    /// A user who has signed in.
    pub async fn user(&self, name: &str) -> UserId {
        let identity = Identity::local(name);
        let id = UserId(self.id());
        self.users.sign_in(&identity, chat::Role::Member, id, at(0)).await.expect("a user").id
    }

    /// A message that has not been sent.
    pub fn message(&self, owner: UserId, place: Place, text: &str, now: Timestamp) -> NewTurn {
        NewTurn {
            owner,
            key: SendKey(self.id()),
            place,
            message: MessageId(self.id()),
            prompt: Prompt::parse(text).expect("a prompt"),
            attachments: Vec::new(),
            reply: MessageId(self.id()),
            turn: TurnId(self.id()),
            model: ModelRef::new("openai", "gpt/large"),
            model_name: "GPT Large".into(),
            now,
        }
    }

    /// A first message that has not been sent.
    pub fn first_message(&self, owner: UserId, text: &str, now: Timestamp) -> NewTurn {
        let title = Title::parse(text).expect("a title");
        self.message(owner, Place::NewConversation(ConversationId(self.id()), title, Parameters::default()), text, now)
    }

    /// Another attempt that has not been started.
    pub fn attempt(&self, owner: UserId, of: TurnId, now: Timestamp) -> NewAttempt {
        NewAttempt {
            owner,
            key: SendKey(self.id()),
            of,
            continues: false,
            reply: MessageId(self.id()),
            turn: TurnId(self.id()),
            model: ModelRef::new("ollama", "llama"),
            model_name: "Llama".into(),
            now,
        }
    }

    /// A conversation whose only turn runs.
    pub async fn running(&self, owner: UserId, text: &str, now: Timestamp) -> Begun {
        self.turns.begin(&self.first_message(owner, text, now)).await.expect("a turn")
    }

    /// A conversation whose only turn is complete.
    pub async fn complete(&self, owner: UserId, text: &str, now: Timestamp) -> Begun {
        let mut begun = self.running(owner, text, now).await;
        self.finish(&mut begun.turn, "answer").await;
        begun
    }

    /// Lets a turn that has nothing stored answer and end.
    pub async fn finish(&self, turn: &mut Turn, answer: &str) {
        let now = turn.started_at.plus_seconds(1);
        turn.record(TurnEvent::Text(answer.into()), now);
        turn.record(TurnEvent::Finished(Outcome::Complete), now);
        self.turns.store(&[from_start(turn)]).await.expect("stored");
    }

    /// A turn as it is stored.
    pub async fn stored(&self, owner: UserId, turn: TurnId) -> Turn {
        self.turns.turn(owner, turn).await.expect("read").expect("a turn")
    }
}

impl Ids for Ports {
    fn new_id(&self) -> Uuid {
        self.id()
    }
}
