//! Providers of models in the settings (catalogue rows F08, F10).

use crate::{
    sign_in::log::Log,
    support::{
        Browser, Reply, TestApp,
        scripted_llm::{ScriptedLlm, Step, answer, event_stream},
    },
};
use chat::{
    ModelInfo, SendKey,
    ports::{ProviderOverview, Providers, Sent},
};
use server::{clock::System, router, state::World};
use std::{fs, sync::Arc};
use uuid::Uuid;

const FROM_SETTINGS: &str = "sk-canary-of-the-settings-0123456789";
const FROM_ENVIRONMENT: &str = "sk-canary-of-the-environment-98765";
const LIST: &str = r#"{"data":[{"id":"one"},{"id":"two"}]}"#;

/// A server that asks real providers, on this machine.
struct Bed {
    app: TestApp,
    /// What the environment sets up.
    fixed: ScriptedLlm,
    /// What is added.
    added: ScriptedLlm,
}

impl Bed {
    async fn start() -> Self {
        let (fixed, added) = (ScriptedLlm::start().await, ScriptedLlm::start().await);
        let base = fixed.base();
        let mut app = TestApp::with(&[
            ("OPENAI_PROXY_URL", &*base),
            ("OPENAI_API_KEY", FROM_ENVIRONMENT),
            ("OPENAI_MODEL_LIST", "+one"),
            ("CONFAB_PROVIDER_NETWORKS", "127.0.0.1"),
            ("CONFAB_LOCAL_MODEL", "off"),
            ("ENABLED_OLLAMA", "0"),
        ])
        .await;
        let catalog = Arc::new(server::llm::Catalog::new(&app.config));
        let (store, clock) = (app.store.clone(), app.clock.clone());
        let files = app.state.files.clone();
        let world = World { store, models: catalog.clone(), catalog, clock, ids: Arc::new(System), files };
        app.runner = world.runner(&app.config);
        app.state = world.state(&app.config, app.runner.clone()).unwrap();
        app.router = router(app.state.clone());
        Self { app, fixed, added }
    }

    fn fields<'a>(&self, address: &'a str, key: &'a str) -> Vec<(&'a str, &'a str)> {
        vec![
            ("name", "My lab"),
            ("dialect", "openai"),
            ("address", address),
            ("key", key),
            ("models", "+one"),
            ("enabled", "true"),
        ]
    }
}

/// What the page says, without its tags.
fn words(page: &Reply) -> String {
    let mut text = String::new();
    let body = page.text.split("<body>").nth(1).unwrap_or_default();
    for part in body.split('<').skip(1) {
        text.push_str(part.split_once('>').map_or("", |(_, words)| words));
        text.push(' ');
    }
    text.replace("&#x27;", "'").replace('\u{a0}', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn an_administrator_adds_changes_and_removes_a_provider_by_plain_forms() {
    let bed = Bed::start().await;
    bed.fixed.on("/models", answer(200, "application/json", LIST));
    bed.added.on("/models", answer(200, "application/json", LIST));
    let mut admin = bed.app.administrator().await;
    let page = admin.get("/settings/models").await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(words(&page).contains("From the environment: OPENAI_* . 2 models Connected"), "{}", words(&page));
    assert!(!page.text.contains("/pkg/app.js") && !page.text.contains("Edit 127.0.0.1"), "{}", page.text);
    assert!(page.text.contains("Add provider"));

    let base = bed.added.base();
    let saved = admin.form("/api/providers/save", &bed.fields(&base, FROM_SETTINGS)).await;
    assert_eq!((saved.status, saved.header("location")), (303, "/settings/models?saved=my-lab"), "{}", saved.text);
    let page = admin.get(saved.header("location")).await;
    assert!(words(&page).contains("My lab is saved. It offers 2 models ."), "{}", words(&page));
    assert!(page.text.contains("aria-label=\"Edit My lab\""), "{}", page.text);
    let form = admin.get("/settings/models/my-lab").await;
    assert!(words(&form).contains("A key is kept. Leave this empty to go on with it."), "{}", words(&form));
    assert!(form.text.contains(&format!("value=\"{base}\"")), "{}", form.text);

    let models: Vec<ModelInfo> = admin.call("/api/models/list", &[]).await.json();
    let ids: Vec<String> = models.iter().map(|model| model.id.to_string()).collect();
    assert_eq!(ids, ["openai/one", "openai/two", "my-lab/one", "my-lab/two"]);

    let elsewhere = ScriptedLlm::start().await;
    let address = elsewhere.base();
    let changed: Vec<_> = bed.fields(&address, "").into_iter().chain([("id", "my-lab"), ("version", "1")]).collect();
    let saved = admin.form("/api/providers/save", &changed).await;
    assert_eq!(saved.header("location"), "/settings/models?saved=my-lab&forgotten=1", "f08");
    let page = admin.get(saved.header("location")).await;
    assert!(words(&page).contains("My lab is saved, and its key is forgotten"), "{}", words(&page));
    assert!(elsewhere.received().iter().all(|request| request.header("authorization").is_none()), "f08");

    let stale = admin.form("/api/providers/save", &changed).await;
    assert_eq!(stale.header("location"), "/settings/models/my-lab?refused=1");
    let form = admin.get(stale.header("location")).await;
    assert!(words(&form).contains("Somebody else has changed this provider meanwhile."), "{}", words(&form));

    let removed = admin.form("/api/providers/remove", &[("id", "my-lab")]).await;
    assert_eq!((removed.status, removed.header("location")), (303, "/settings/models?removed=1"));
    assert_eq!(admin.get("/settings/models/my-lab").await.status, 404);
    let gone = admin.form("/api/providers/save", &changed).await;
    assert_eq!(gone.header("location"), "/settings/models?gone=1");
}

#[tokio::test]
async fn what_was_typed_is_still_there_when_a_field_is_wrong() {
    let bed = Bed::start().await;
    let mut admin = bed.app.administrator().await;
    for (address, told) in [
        ("http://169.254.169.254/v1", "It is never asked."),
        ("http://10.0.0.1/v1", "CONFAB_PROVIDER_NETWORKS"),
        ("http://me:pass@a.example.com", "the key has a field of its own"),
    ] {
        let reply = admin.form("/api/providers/save", &bed.fields(address, FROM_SETTINGS)).await;
        assert_eq!((reply.status, reply.header("location")), (303, "/settings/models/new?refused=1"));
        let form = admin.get(reply.header("location")).await;
        assert!(words(&form).contains(told), "{}", words(&form));
        assert!(form.text.contains("value=\"My lab\"") && form.text.contains(&format!("value=\"{address}\"")));
        assert!(!form.text.contains(FROM_SETTINGS), "{}", form.text);
    }
    assert!(!words(&admin.get("/settings/models/new").await).contains("its own"), "a new form is blank");
    let reply = admin.call("/api/providers/save", &bed.fields("file:///etc/passwd", "")).await;
    assert_eq!((reply.status, reply.text.contains("address")), (422, true), "{}", reply.text);
}

#[tokio::test]
async fn f01_members_see_what_is_on_offer_set_no_address_and_learn_none() {
    let bed = Bed::start().await;
    bed.fixed.on("/models", answer(200, "application/json", LIST));
    let base = bed.added.base();
    let mut admin = bed.app.administrator().await;
    let saved = admin.form("/api/providers/save", &bed.fields(&base, "")).await;
    assert_eq!(saved.status, 303, "{}", saved.text);
    let mut member = bed.app.signed_in("Ada").await;
    let page = member.get("/settings/models").await;
    let text = words(&page);
    assert!(
        text.contains("one") && text.contains("My lab 1 model Not working It does not answer as it should."),
        "{text}"
    );
    let place = base.trim_start_matches("http://").trim_end_matches("/v1");
    for hidden in ["OPENAI_*", "Add provider", "Edit", "/api/providers/", place] {
        assert!(!page.text.contains(hidden), "{hidden}: {}", page.text);
    }
    let all: Vec<ProviderOverview> = member.call("/api/providers/list", &[]).await.json();
    assert!(all.iter().all(|provider| provider.address.is_none() && provider.dialect.is_none()), "{all:?}");
    for path in ["/settings/models/new", "/settings/models/my-lab", "/settings/models/nothing"] {
        let page = member.get(path).await;
        assert_eq!(page.status, 403, "{path}");
        assert!(!page.text.contains(&base), "{path}");
    }
    assert_eq!(admin.get("/settings/models/nothing").await.status, 404);

    let before = bed.added.received().len();
    for (path, fields) in [
        ("/api/providers/save", bed.fields(&base, "sk-a")),
        ("/api/providers/refused", vec![("id", "my-lab")]),
        ("/api/providers/remove", vec![("id", "my-lab")]),
    ] {
        let reply = member.call(path, &fields).await;
        assert!([403, 404].contains(&reply.status), "{path}: {} {}", reply.status, reply.text);
    }
    assert_eq!(bed.added.received().len(), before, "nothing was fetched");
}

/// Everything that a browser is told.
struct Told(Vec<(String, String)>);

impl Told {
    async fn get(&mut self, browser: &mut Browser, path: &str) {
        let reply = browser.get(path).await;
        self.note(path, &reply);
    }

    async fn form(&mut self, browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Reply {
        let reply = browser.form(path, fields).await;
        self.note(path, &reply);
        reply
    }

    async fn call(&mut self, browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Reply {
        let reply = browser.call(path, fields).await;
        self.note(path, &reply);
        reply
    }

    fn note(&mut self, path: &str, reply: &Reply) {
        self.0.push((path.to_owned(), format!("{} {:?} {}", reply.status, reply.headers, reply.text)));
    }

    /// Asks a model and watches it answer, or fail.
    async fn chat(&mut self, browser: &mut Browser, model: &str, number: u128) {
        let key = SendKey(Uuid::from_u128(number)).to_string();
        let sent = self.call(browser, "/api/turns/send", &[("key", &key), ("text", "hi"), ("model", model)]).await;
        let sent: Sent = sent.json();
        let mut events = browser.watch(&format!("/api/turns/{}/events", sent.turn.id)).await;
        self.0.push((model.to_owned(), format!("{:?}", events.rest().await)));
        self.get(browser, &format!("/c/{}", sent.conversation.id)).await;
    }
}

/// Servers that quote the key in what they say, as some do.
fn quoting(server: &ScriptedLlm, key: &str) {
    let refusal = format!(r#"{{"error":{{"message":"Incorrect key: {key}","code":"{key}"}}}}"#);
    for path in ["/models", "/chat/completions"] {
        server.on(path, answer(401, "application/json", &refusal));
        server.on(path, answer(500, "application/json", &refusal));
        server.on(path, answer(400, "application/json", &refusal));
    }
    let inside = format!("data: {{\"error\":{{\"message\":\"bad {key}\"}}}}\n\n");
    server.on("/chat/completions", vec![event_stream(), Step::Chunk(inside.into_bytes()), Step::End]);
    server.on("/models", answer(200, "application/json", LIST));
}

#[tokio::test]
async fn f10_a_providers_key_appears_nowhere() {
    let log = Log::listen_to("trace");
    let bed = Bed::start().await;
    quoting(&bed.fixed, FROM_ENVIRONMENT);
    quoting(&bed.added, FROM_SETTINGS);
    let (mut admin, mut member) = (bed.app.administrator().await, bed.app.signed_in("Ada").await);
    let mut told = Told(Vec::new());
    let base = bed.added.base();
    let mut version = 0;
    for address in ["http://10.0.0.1", &*base, "file:///x", &*base] {
        let known = [("id", "my-lab".to_owned()), ("version", version.to_string())];
        let mut fields = bed.fields(address, FROM_SETTINGS);
        if version > 0 {
            fields.extend(known.iter().map(|(name, value)| (*name, value.as_str())));
        }
        let reply = told.form(&mut admin, "/api/providers/save", &fields).await;
        version += u32::from(reply.header("location").contains("saved"));
        told.get(&mut admin, reply.header("location")).await;
        told.call(&mut admin, "/api/providers/save", &fields).await;
        version += u32::from(told.0.last().unwrap().1.starts_with("200"));
    }
    let broken = format!("{FROM_SETTINGS}\r\nhost: evil.example");
    told.form(&mut admin, "/api/providers/save", &bed.fields(&base, &broken)).await;
    for number in 0..4 {
        told.chat(&mut admin, "my-lab/one", 100 + number).await;
        told.chat(&mut member, "openai/one", 200 + number).await;
    }
    for path in ["/settings/models", "/settings/models/new", "/settings/models/my-lab", "/", "/metrics", "/ready", "/x"]
    {
        told.get(&mut admin, path).await;
        told.get(&mut member, path).await;
    }
    for path in ["/api/providers/list", "/api/providers/refused", "/api/models/list", "/api/conversations/list"] {
        told.call(&mut admin, path, &[]).await;
        told.call(&mut member, path, &[]).await;
    }
    told.call(&mut admin, "/api/providers/find", &[("id", "my-lab")]).await;
    // It was there to be told: both servers have it.
    for (server, key) in [(&bed.added, FROM_SETTINGS), (&bed.fixed, FROM_ENVIRONMENT)] {
        let bearer = format!("Bearer {key}");
        let received = server.received();
        assert!(received.iter().all(|request| request.header("authorization") == Some(&*bearer)), "{received:?}");
        assert!(received.iter().any(|request| request.line.contains("/chat/completions")), "{received:?}");
    }
    let kept = bed.app.state.added.find("my-lab").await.unwrap().expect("it is kept");
    assert_eq!((kept.keys, kept.keys_lost), (1, false));

    let log = log.text();
    assert!(log.contains("/api/providers/save") && log.contains("my-lab"), "it was heard: {log:.3000}");
    told.0.push(("the log".into(), log));
    told.0.push(("what is printed of the state".into(), format!("{:?} {kept:?}", bed.app.config)));
    for file in fs::read_dir(bed.app.dir.path()).unwrap().map(Result::unwrap) {
        let bytes = fs::read(file.path()).unwrap();
        told.0.push((file.path().display().to_string(), String::from_utf8_lossy(&bytes).into_owned()));
    }
    for (place, text) in &told.0 {
        for key in [FROM_SETTINGS, FROM_ENVIRONMENT] {
            assert!(!text.contains(key), "{key} in {place}: {text:.2000}");
        }
    }
}
