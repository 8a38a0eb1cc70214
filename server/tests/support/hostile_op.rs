//! An OpenID provider on the loopback address, laid out like Authentik, that does everything right until a test tells
//! it to do something wrong.

pub mod keys;
pub mod person;
mod routes;
pub mod switches;
mod token_endpoint;
mod tokens;

pub use keys::{Key, Signature};
pub use person::Person;
pub use switches::{Answer, Switches};
pub use tokens::{LOGOUT_EVENT, LogoutToken};

use super::TestClock;
use chat::ports::Clock;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicI64, Ordering},
    },
};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};
use url::Url;

/// The client that the provider knows.
pub const CLIENT_ID: &str = "chat";
/// Its secret.
pub const CLIENT_SECRET: &str = "chat-secret-0123456789abcdef";

/// The one place to which the provider sends people back.
const CALLBACK_PATH: &str = "/api/auth/callback/authentik";

/// Where a request went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    Discovery,
    Jwks,
    Token,
    Userinfo,
    /// The picture of Ada.
    Media,
    /// Where nobody has any business: pages for people, and addresses that only a trap names.
    Elsewhere,
}

/// The provider. It stops when it is dropped.
pub struct HostileOp {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// What the endpoints share.
struct Shared {
    host: &'static str,
    port: u16,
    clock: Arc<TestClock>,
    /// Seconds that the provider's own clock is ahead.
    ahead: AtomicI64,
    switches: Mutex<Switches>,
    book: Mutex<Book>,
    counts: watch::Sender<BTreeMap<Endpoint, usize>>,
    /// Whether what hangs may go on.
    gate: watch::Sender<bool>,
}

/// What the provider remembers.
#[derive(Default)]
struct Book {
    /// For each code what it was given for.
    grants: HashMap<String, Grant>,
    /// Whom an access or a refresh token stands for.
    people: HashMap<String, Grant>,
    /// How many codes and tokens there have been.
    issued: u64,
    last_token_request: Vec<(String, String)>,
    last_id_token: String,
}

/// What somebody agreed to at the authorization endpoint.
#[derive(Debug, Clone)]
struct Grant {
    person: Person,
    nonce: String,
    challenge: String,
    redirect_uri: String,
    used: bool,
}

impl HostileOp {
    /// Starts one on a free port. Its tokens are of this clock's time.
    pub async fn start(clock: Arc<TestClock>) -> Self {
        Self::called("127.0.0.1", clock).await
    }

    /// Starts one whose addresses have this name for the loopback address.
    pub async fn called(host: &'static str, clock: Arc<TestClock>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let shared = Arc::new(Shared {
            host,
            port: listener.local_addr().unwrap().port(),
            clock,
            ahead: AtomicI64::new(0),
            switches: Mutex::default(),
            book: Mutex::default(),
            counts: watch::Sender::default(),
            gate: watch::Sender::default(),
        });
        let router = routes::router(shared.clone());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { shared, task }
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.shared.port
    }

    /// Its issuer, with the slash that Authentik writes.
    pub fn issuer(&self) -> String {
        self.shared.issuer()
    }

    /// An address of the same server.
    pub fn address(&self, path: &str) -> String {
        self.shared.address(path)
    }

    /// What it does wrong; to be changed.
    pub fn switches(&self) -> MutexGuard<'_, Switches> {
        self.shared.switches.lock().unwrap()
    }

    /// Everything as it should be again.
    pub fn behave(&self) {
        *self.switches() = Switches::default();
    }

    /// Sets its own clock ahead by so many seconds, or back.
    pub fn run_ahead(&self, seconds: i64) {
        self.shared.ahead.store(seconds, Ordering::SeqCst);
    }

    /// Its time, in seconds since 1970.
    pub fn now(&self) -> i64 {
        self.shared.now()
    }

    /// How many requests an endpoint has had.
    pub fn count(&self, endpoint: Endpoint) -> usize {
        self.shared.counts.borrow().get(&endpoint).copied().unwrap_or_default()
    }

    /// Waits until an endpoint has had this many requests.
    pub async fn arrived(&self, endpoint: Endpoint, number: usize) {
        let mut counts = self.shared.counts.subscribe();
        counts.wait_for(|counts| counts.get(&endpoint).is_some_and(|count| *count >= number)).await.unwrap();
    }

    /// The form of the last token request.
    pub fn last_token_request(&self) -> Vec<(String, String)> {
        self.shared.book().last_token_request.clone()
    }

    /// The last ID token that was given out.
    pub fn last_id_token(&self) -> String {
        self.shared.book().last_id_token.clone()
    }

    /// Plays the browser of a person who follows the address and agrees: gives the address that the provider sends
    /// it back to.
    pub fn visit(&self, authorize: &str, person: Person) -> String {
        let url = Url::parse(authorize).unwrap();
        assert_eq!(url.as_str().split('?').next(), Some(self.address("/application/o/authorize/").as_str()));
        let asked: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!(asked["response_type"], "code", "{authorize}");
        assert_eq!(asked["client_id"], CLIENT_ID, "{authorize}");
        assert_eq!(asked["code_challenge_method"], "S256", "{authorize}");
        assert!(asked["scope"].split(' ').any(|scope| scope == "openid"), "{authorize}");
        assert!(asked["redirect_uri"].ends_with(CALLBACK_PATH), "{authorize}");
        let grant = Grant {
            person,
            nonce: asked["nonce"].clone(),
            challenge: asked["code_challenge"].clone(),
            redirect_uri: asked["redirect_uri"].clone(),
            used: false,
        };
        let mut back = Url::parse(&grant.redirect_uri).unwrap();
        let code = self.shared.fresh("code");
        back.query_pairs_mut().append_pair("code", &code).append_pair("state", &asked["state"]);
        if let Some(issuer) = &self.switches().callback_iss {
            back.query_pairs_mut().append_pair("iss", issuer);
        }
        self.shared.book().grants.insert(code, grant);
        back.into()
    }
}

impl Drop for HostileOp {
    fn drop(&mut self) {
        self.shared.gate.send_replace(true);
        self.task.abort();
    }
}

impl Shared {
    fn address(&self, path: &str) -> String {
        format!("http://{}:{}{path}", self.host, self.port)
    }

    fn issuer(&self) -> String {
        self.address("/application/o/chat/")
    }

    fn now(&self) -> i64 {
        self.clock.now().0 / 1000 + self.ahead.load(Ordering::SeqCst)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap()
    }

    fn switches(&self) -> Switches {
        self.switches.lock().unwrap().clone()
    }

    /// A new code or token: 64 hexadecimal digits.
    fn fresh(&self, kind: &str) -> String {
        let mut book = self.book();
        book.issued += 1;
        hex(format!("{kind} {} of {}", book.issued, self.port).as_bytes())
    }

    fn note(&self, endpoint: Endpoint) {
        self.counts.send_modify(|counts| *counts.entry(endpoint).or_default() += 1);
    }
}

/// The SHA-256 hash of some bytes, in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
