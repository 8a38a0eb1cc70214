//! What the tests of the whole server share: the true router over a temporary database, a clock that tests
//! set, a model whose answers tests write, and a browser that keeps its cookies.

pub mod browser;
pub mod counting;
pub mod gated_llm;
pub mod hostile_op;
pub mod live;
pub mod models;
pub mod process;
pub mod scripted_llm;
pub mod talk;
pub mod tls;
pub mod turns;

pub use browser::{Browser, Reply};
pub use models::{Ask, ScriptedModels};
pub use talk::Talk;

use axum::Router;
use chat::{
    Role, Timestamp, User, UserId,
    ports::{Clock, Ids, LoginLinks, Users},
    user::Identity,
};
use server::{
    auth::token,
    clock::System,
    config::{Config, Source},
    files::apart::Apart,
    llm::Catalog,
    router,
    state::{AppState, World, file_keeper},
    store::sqlite::Sqlite,
    turns::TurnRunner,
};
use std::{
    io,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};
use tempfile::TempDir;

/// 2026-11-23T09:00:00Z.
pub const START: Timestamp = Timestamp(1_795_424_400_000);

/// A clock that stands still until a test moves it.
pub struct TestClock(AtomicI64);

impl Default for TestClock {
    fn default() -> Self {
        Self(AtomicI64::new(START.0))
    }
}

impl TestClock {
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// The settings of a test.
pub struct Variables(pub Vec<(String, String)>);

impl Source for Variables {
    fn variable(&self, name: &str) -> Option<String> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    fn file(&self, path: &str) -> io::Result<String> {
        std::fs::read_to_string(path)
    }
}

/// A whole server without a socket.
pub struct TestApp {
    pub router: Router,
    pub state: AppState,
    pub store: Sqlite,
    pub clock: Arc<TestClock>,
    pub models: Arc<ScriptedModels>,
    pub runner: TurnRunner,
    pub config: Config,
    pub dir: TempDir,
}

impl TestApp {
    /// A server on http, as on somebody's own machine.
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// A server with these variables set.
    pub async fn with(variables: &[(&str, &str)]) -> Self {
        Self::at(Arc::default(), variables).await
    }

    /// A server with these variables set and a clock that others look at too.
    pub async fn at(clock: Arc<TestClock>, variables: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut pairs = vec![("CONFAB_DATA_DIR".to_owned(), path_text(dir.path()))];
        pairs.extend(variables.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())));
        let config = Config::parse(&Variables(pairs)).unwrap();
        let store = Sqlite::open(&config.database_url).await.unwrap();
        store.migrate().await.unwrap();
        let models = Arc::new(ScriptedModels::default());
        let files = file_keeper(&store, &config, Apart::new(env!("CARGO_BIN_EXE_confab").into()));
        let (ids, catalog) = (Arc::new(System), Arc::new(Catalog::new(&config)));
        let world = World { store: store.clone(), models: models.clone(), catalog, clock: clock.clone(), ids, files };
        let runner = world.runner(&config);
        let state = world.state(&config, runner.clone()).unwrap();
        Self { router: router(state.clone()), state, store, clock, models, runner, config, dir }
    }

    /// A browser that has never been here.
    pub fn browser(&self) -> Browser {
        Browser::new(self.router.clone(), self.config.public.origin())
    }

    /// A user of this name.
    pub async fn user(&self, name: &str) -> User {
        let id = UserId(System.new_id());
        self.store.sign_in(&Identity::local(name), Role::Member, id, self.clock.now()).await.unwrap()
    }

    /// A browser in which somebody is signed in who administers.
    pub async fn administrator(&self) -> Browser {
        let id = UserId(System.new_id());
        let owner = self.store.sign_in(&Identity::owner(), Role::Admin, id, self.clock.now()).await.unwrap();
        self.signed_in_as(&owner).await
    }

    /// The token of a login link for a user.
    pub async fn login_token(&self, user: &User) -> String {
        let token = token::new_token().unwrap();
        let now = self.clock.now();
        LoginLinks::create(&self.store, token::hash(&token), user.id, now, now.plus_seconds(600)).await.unwrap();
        token
    }

    /// A browser in which a user of this name is signed in.
    pub async fn signed_in(&self, name: &str) -> Browser {
        self.signed_in_as(&self.user(name).await).await
    }

    async fn signed_in_as(&self, user: &User) -> Browser {
        let token = self.login_token(user).await;
        let mut browser = self.browser();
        let reply = browser.form("/api/auth/claim", &[("token", &token)]).await;
        assert_eq!((reply.status, reply.header("location")), (303, "/"), "{}", reply.text);
        browser
    }
}

pub fn path_text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}
