//! A server and a provider that know each other, and the steps of a sign-in.

use crate::support::{
    Ask, Browser, Reply, TestApp, TestClock,
    browser::Events,
    hostile_op::{CLIENT_SECRET, Endpoint, HostileOp, Person, Switches},
};
use axum::{
    body::Body,
    http::{HeaderValue, Method, header},
};
use chat::ports::Sent;
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use url::Url;

/// The server's own secret.
pub const SECRET: &str = "an-auth-secret-of-forty-characters-12345";
/// The address that users type.
pub const ORIGIN: &str = "http://127.0.0.1:3210";

pub struct Bed {
    pub app: TestApp,
    pub op: HostileOp,
}

/// A way to be wrong: its name, and the switches to turn. The number is the provider's time.
pub type Fault = (&'static str, fn(&mut Switches, i64));

impl Bed {
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// With these variables set, or set otherwise.
    pub async fn with(more: &[(&str, &str)]) -> Self {
        let clock = Arc::<TestClock>::default();
        let op = HostileOp::start(clock.clone()).await;
        let app = app(clock, &op.issuer(), more).await;
        Self { app, op }
    }

    /// Asks to sign in and gives the provider's address.
    pub async fn begin(&self, browser: &mut Browser, back: &str) -> String {
        let reply = begin_reply(browser, back).await;
        assert_eq!(reply.status, 303, "{}", reply.text);
        reply.header("location").to_owned()
    }

    /// Goes to the provider as this person and gives the address to come back to.
    pub async fn visit(&self, browser: &mut Browser, back: &str, person: &Person) -> String {
        let authorize = self.begin(browser, back).await;
        self.op.visit(&authorize, person.clone())
    }

    /// The whole way; the reply is the callback's.
    pub async fn sign_in(&self, browser: &mut Browser, person: &Person) -> Reply {
        let callback = self.visit(browser, "/", person).await;
        arrive(browser, &callback).await
    }

    /// A browser in which this person is signed in.
    pub async fn signed_in(&self, person: &Person) -> Browser {
        let mut browser = self.app.browser();
        let reply = self.sign_in(&mut browser, person).await;
        assert_eq!((reply.status, reply.header("location")), (303, "/"), "{}", reply.text);
        browser
    }

    /// How many people the server has taken in.
    pub async fn users(&self) -> i64 {
        self.rows("users").await
    }

    /// How many rows a table has.
    pub async fn rows(&self, table: &str) -> i64 {
        self.column(&format!("SELECT CAST(count(*) AS TEXT) FROM {table}")).await[0].parse().unwrap()
    }

    /// A column of texts, as the database has it.
    pub async fn column(&self, query: &str) -> Vec<String> {
        let pool = sqlx::SqlitePool::connect(&self.app.config.database_url).await.unwrap();
        sqlx::query_scalar(sqlx::AssertSqlSafe(query.to_owned())).fetch_all(&pool).await.unwrap()
    }

    /// A sign-in that has to fail for the provider's answer, with one of these statuses: nobody is signed in or taken
    /// in, userinfo is not asked, and the page tells no secret. Gives the page.
    pub async fn refused(&self, what: &str, statuses: &[u16]) -> Reply {
        let users = self.users().await;
        let asked = self.op.count(Endpoint::Userinfo);
        let mut browser = self.app.browser();
        let reply = self.sign_in(&mut browser, &Person::new("Ada")).await;
        assert!(statuses.contains(&reply.status), "{what}: {} {}", reply.status, reply.text);
        assert_fails(&mut browser, &reply, what).await;
        assert!(!reply.text.contains(&self.op.last_id_token()) || self.op.last_id_token().is_empty(), "{what}");
        assert_eq!(self.users().await, users, "{what}: somebody was taken in");
        assert_eq!(self.op.count(Endpoint::Userinfo), asked, "{what}: userinfo was asked after a bad token");
        reply
    }

    /// Each of these faults makes a sign-in fail with 400, and without them it works.
    pub async fn refuses(&self, faults: &[Fault]) {
        for (what, fault) in faults {
            let now = self.op.now();
            // So that a token that was believed would lead to userinfo.
            let switches = || self.op.switches();
            let good = switches().clone();
            switches().only_at_userinfo = true;
            fault(&mut switches(), now);
            self.refused(what, &[400]).await;
            *switches() = good;
        }
        self.signed_in(&Person::new("Ada")).await;
    }

    /// None of these changes keeps anybody out.
    pub async fn accepts(&self, changes: &[Fault]) {
        for (what, change) in changes {
            let now = self.op.now();
            let good = self.op.switches().clone();
            change(&mut self.op.switches(), now);
            let reply = self.sign_in(&mut self.app.browser(), &Person::new("Ada")).await;
            assert_eq!(reply.status, 303, "{what}: {}", reply.text);
            *self.op.switches() = good;
        }
    }

    /// A request that waits for an endpoint of the provider which says nothing: half a minute passes at once.
    pub async fn give_up(&self, browser: &mut Browser, endpoint: Endpoint, address: &str) -> Reply {
        let number = self.op.count(endpoint) + 1;
        let passes = async {
            self.op.arrived(endpoint, number).await;
            tokio::time::pause();
            tokio::time::advance(Duration::from_secs(30)).await;
            tokio::time::resume();
        };
        let (reply, ()) = tokio::join!(arrive(browser, address), passes);
        reply
    }
}

/// A server that knows a provider.
pub async fn app(clock: Arc<TestClock>, issuer: &str, more: &[(&str, &str)]) -> TestApp {
    let usual = [
        ("AUTH_SECRET", SECRET),
        ("AUTH_SSO_PROVIDERS", "authentik"),
        ("AUTH_AUTHENTIK_ID", "chat"),
        ("AUTH_AUTHENTIK_SECRET", CLIENT_SECRET),
        ("AUTH_AUTHENTIK_ISSUER", issuer),
        ("APP_URL", ORIGIN),
    ];
    TestApp::at(clock, &[more, &usual].concat()).await
}

/// What somebody has open while a reply is written: its events, and the pen that writes it.
pub struct Open {
    pub sent: Sent,
    pub events: Events,
    pub ask: Ask,
}

/// Sends the first message of this browser's user and watches the reply, which has begun.
pub async fn watch_a_reply(app: &TestApp, browser: &mut Browser) -> Open {
    let fields = [("key", "0199aaaa-0000-7000-8000-000000000001"), ("text", "Count")];
    let sent: Sent = browser.call("/api/turns/send", &fields).await.json();
    let ask = app.models.next().await;
    let mut events = browser.watch(&format!("/api/turns/{}/events", sent.turn.id)).await;
    ask.text("one");
    assert!(events.next().await.is_some(), "it has begun");
    Open { sent, events, ask }
}

impl Open {
    /// The events go no further, though nobody has written an end.
    pub async fn is_cut_off(&mut self) {
        let rest = tokio::time::timeout(Duration::from_secs(5), self.events.rest()).await.expect("the events end");
        assert!(rest.iter().all(|event| event.name != "end"), "they are cut off: {rest:?}");
    }

    /// The events come as they are written.
    pub async fn goes_on(&mut self) {
        self.ask.text("still here");
        let written = async {
            while let Some(event) = self.events.next().await {
                if event.data.contains("still here") {
                    return true;
                }
            }
            false
        };
        assert!(tokio::time::timeout(Duration::from_secs(5), written).await.expect("events"), "they were cut off");
    }
}

/// Asks to sign in and to come back to a place.
pub async fn begin_reply(browser: &mut Browser, back: &str) -> Reply {
    let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("callbackUrl", back).finish();
    browser.get(&format!("/api/auth/signin/authentik?{query}")).await
}

/// Follows an address of this server to which another site sends the browser.
pub async fn arrive(browser: &mut Browser, address: &str) -> Reply {
    let url = Url::parse(ORIGIN).unwrap().join(address).unwrap();
    let path = [url.path(), url.query().map(|query| format!("?{query}")).unwrap_or_default().as_str()].concat();
    let mut request = browser.request(Method::GET, &path).header(header::ACCEPT, "text/html");
    request.headers_mut().unwrap().insert("sec-fetch-site", HeaderValue::from_static("cross-site"));
    browser.send(request.body(Body::empty()).unwrap()).await
}

/// The members of an address's query.
pub fn query(address: &str) -> BTreeMap<String, String> {
    Url::parse(ORIGIN).unwrap().join(address).unwrap().query_pairs().into_owned().collect()
}

/// Who is signed in.
pub async fn whoami(browser: &mut Browser) -> Option<Value> {
    let reply = browser.get("/api/auth/session").await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let session: Value = reply.json();
    (!session.is_null()).then(|| session["user"].clone())
}

/// The attempt cookies of a browser: name and sealed value.
pub fn attempts(browser: &Browser) -> Vec<(String, String)> {
    let cookies = browser.cookies.iter().map(|(name, value)| (name.clone(), value.clone()));
    cookies.filter(|(name, _)| name.trim_start_matches("__Host-").starts_with("confab-signin-")).collect()
}

/// The page of a sign-in that failed: for people, with a way on, and without secrets or a session.
pub async fn assert_fails(browser: &mut Browser, reply: &Reply, what: &str) {
    assert!(reply.header("content-type").starts_with("text/html"), "{what}: {:?}", reply.headers);
    assert!(reply.text.contains("<h1"), "{what}: no page for people: {}", reply.text);
    assert!(reply.text.contains("/signin"), "{what}: the page leads nowhere");
    for secret in [CLIENT_SECRET, SECRET, "eyJ"] {
        assert!(!reply.text.contains(secret), "{what}: the page tells {secret}");
    }
    assert!(!browser.cookies.contains_key("confab"), "{what}: a session began");
    assert_eq!(whoami(browser).await, None, "{what}");
}
