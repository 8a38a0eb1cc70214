//! A server that answers as a real Authentik did once, at the addresses that it had then.
//!
//! The recordings name 127.0.0.1:9000. The server under test reaches that by another address, as in a network of
//! containers (`AUTH_AUTHENTIK_INTERNAL_URL`), so nobody has to have this port.

use crate::sign_in::bed::SECRET;
use crate::support::{Browser, TestApp, TestClock};
use axum::{
    Form, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use chat::ports::Clock;
use serde_json::Value;
use server::{
    auth::{
        keys::{Purpose, Sealer, keys},
        oidc::{
            attempt::{Attempt, AttemptCookies},
            token::payload_of,
        },
    },
    secret::Secret,
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use tokio::{net::TcpListener, task::JoinHandle};
use url::Url;

/// One recorded sign-in.
#[derive(Clone, Copy)]
pub struct Recording {
    pub name: &'static str,
    client_id: &'static str,
    discovery: &'static str,
    jwks: &'static str,
    pub token: &'static str,
    token_request: &'static str,
    /// The address that the browser came back by.
    pub callback: &'static str,
}

macro_rules! recording {
    ($name:literal, $client_id:literal) => {
        Recording {
            name: $name,
            client_id: $client_id,
            discovery: include_str!(concat!("../../fixtures/oidc/authentik/", $name, "/discovery.json")),
            jwks: include_str!(concat!("../../fixtures/oidc/authentik/", $name, "/jwks.json")),
            token: include_str!(concat!("../../fixtures/oidc/authentik/", $name, "/token.json")),
            token_request: include_str!(concat!("../../fixtures/oidc/authentik/", $name, "/token-request.txt")),
            callback: include_str!(concat!("../../fixtures/oidc/authentik/", $name, "/callback.txt")),
        }
    };
}

pub const RS256: Recording = recording!("rs256", "chat-client-id");
pub const ES256: Recording = recording!("es256", "chat-es-id");
pub const HS256: Recording = recording!("hs256", "chat-hs-id");
pub const JWE: Recording = recording!("jwe", "chat-jwe-id");

impl Recording {
    fn json(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    fn member(&self, name: &str) -> String {
        Self::json(self.token)[name].as_str().unwrap().to_owned()
    }

    pub fn id_token(&self) -> String {
        self.member("id_token")
    }

    pub fn access_token(&self) -> String {
        self.member("access_token")
    }

    /// What the ID token says. An encrypted one says nothing to us: it is of the time of the others.
    pub fn payload(&self) -> Value {
        payload_of(&self.id_token()).unwrap_or_else(|| RS256.payload())
    }

    /// The form that was sent for the tokens.
    pub fn token_request(&self) -> BTreeMap<String, String> {
        url::form_urlencoded::parse(self.token_request.trim().as_bytes()).into_owned().collect()
    }
}

/// A recording that is played, and a server that listens to it. It stops when it is dropped.
pub struct Replay {
    pub app: TestApp,
    recording: Recording,
    stage: Arc<Stage>,
    task: JoinHandle<()>,
}

struct Stage {
    /// The host that Authentik was asked by, after which it names itself.
    host: String,
    recording: Recording,
    /// What the token endpoint answers.
    token: Mutex<(StatusCode, String)>,
    last_form: Mutex<BTreeMap<String, String>>,
}

impl Drop for Replay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Replay {
    /// Plays a recording at the time that it was made.
    pub async fn start(recording: Recording) -> Self {
        let issuer = Recording::json(recording.discovery)["issuer"].as_str().unwrap().to_owned();
        let stage = Arc::new(Stage {
            host: Url::parse(&issuer).unwrap()[url::Position::BeforeHost..url::Position::AfterPort].to_owned(),
            recording,
            token: Mutex::new((StatusCode::OK, recording.token.to_owned())),
            last_form: Mutex::default(),
        });
        let below = Url::parse(&issuer).unwrap().path().to_owned();
        let router = Router::new()
            .route(&format!("{below}.well-known/openid-configuration"), get(discovery))
            .route(&format!("{below}jwks/"), get(jwks))
            .route("/application/o/token/", post(token))
            .with_state(stage.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let inside = format!("http://{}", listener.local_addr().unwrap());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let app = app(recording, &issuer, &inside).await;
        Self { app, recording, stage, task }
    }

    pub fn issuer(&self) -> String {
        Recording::json(self.recording.discovery)["issuer"].as_str().unwrap().to_owned()
    }

    /// Answers a token request with something else.
    pub fn answer_with(&self, text: &str) {
        *self.stage.token.lock().unwrap() = (StatusCode::OK, text.to_owned());
    }

    /// Refuses a token request with this.
    pub fn refuse_with(&self, text: &str) {
        *self.stage.token.lock().unwrap() = (StatusCode::BAD_REQUEST, text.to_owned());
    }

    /// The form of the last token request.
    pub fn last_form(&self) -> BTreeMap<String, String> {
        self.stage.last_form.lock().unwrap().clone()
    }

    /// A column of texts, as the database has it.
    pub async fn rows(&self, query: &str) -> Vec<String> {
        let pool = sqlx::SqlitePool::connect(&self.app.config.database_url).await.unwrap();
        sqlx::query_scalar(sqlx::AssertSqlSafe(query.to_owned())).fetch_all(&pool).await.unwrap()
    }

    /// The browser that began the recorded sign-in.
    pub fn browser_that_began(&self) -> Browser {
        let callback = Url::parse(self.recording.callback.trim()).unwrap();
        let (_, state) = callback.query_pairs().find(|(name, _)| name == "state").unwrap();
        let payload = self.recording.payload();
        let verifier = &self.recording.token_request()["code_verifier"];
        self.browser_that_began_with(&state, payload["nonce"].as_str().unwrap(), verifier)
    }

    /// A browser that has begun a sign-in with what was made at random then.
    pub fn browser_that_began_with(&self, state: &str, nonce: &str, verifier: &str) -> Browser {
        let sealer = Sealer::new(keys(&[Secret::new(SECRET)], Purpose::SignInAttempt));
        let attempt = Attempt {
            provider: "authentik".into(),
            issuer: self.issuer(),
            state: state.into(),
            nonce: nonce.into(),
            verifier: verifier.into(),
            back: "/c/1".into(),
            began_at: self.app.clock.now(),
        };
        let line = AttemptCookies::new(sealer, false).keep(&attempt).unwrap();
        let cookie = cookie::Cookie::parse(line.to_str().unwrap().to_owned()).unwrap();
        let mut browser = self.app.browser();
        browser.cookies.insert(cookie.name().into(), cookie.value().into());
        browser
    }
}

async fn app(recording: Recording, issuer: &str, inside: &str) -> TestApp {
    let clock = Arc::<TestClock>::default();
    clock.advance(recording.payload()["iat"].as_i64().unwrap() - clock.now().0 / 1000);
    let secret = recording.token_request().remove("client_secret").unwrap_or_else(|| "in-the-header".into());
    let variables = [
        ("AUTH_SECRET", SECRET),
        ("AUTH_AUTHENTIK_ID", recording.client_id),
        ("AUTH_AUTHENTIK_SECRET", &secret),
        ("AUTH_AUTHENTIK_ISSUER", issuer),
        ("AUTH_AUTHENTIK_INTERNAL_URL", inside),
        ("AUTH_ADMIN_GROUPS", "chat-admins"),
        ("APP_URL", "http://127.0.0.1:3000"),
    ];
    TestApp::at(clock, &variables).await
}

type At = State<Arc<Stage>>;

fn json(status: StatusCode, text: &str) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], text.to_owned()).into_response()
}

/// Whoever is asked by another name names itself otherwise, and so has nothing to play.
fn is_asked(stage: &Stage, headers: &HeaderMap) -> bool {
    headers.get(header::HOST).is_some_and(|host| host == stage.host.as_str())
}

async fn discovery(State(stage): At, headers: HeaderMap) -> Response {
    if !is_asked(&stage, &headers) {
        return StatusCode::MISDIRECTED_REQUEST.into_response();
    }
    json(StatusCode::OK, stage.recording.discovery)
}

async fn jwks(State(stage): At, headers: HeaderMap) -> Response {
    if !is_asked(&stage, &headers) {
        return StatusCode::MISDIRECTED_REQUEST.into_response();
    }
    json(StatusCode::OK, stage.recording.jwks)
}

async fn token(State(stage): At, Form(form): Form<BTreeMap<String, String>>) -> Response {
    *stage.last_form.lock().unwrap() = form;
    let (status, text) = stage.token.lock().unwrap().clone();
    json(status, &text)
}
