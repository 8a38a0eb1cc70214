//! Two users and a stranger: nobody reaches what belongs to somebody else (catalogue rows C).
//!
//! The matrix is generated: every server function that is registered and every plain route needs a rule
//! here, so that a new one without a rule fails. The pages and routes of administrators have theirs in `admin.rs`.

use crate::support::{Browser, Reply, TestApp};
use axum::http::Method;
use chat::{
    Attachment, Folder, SendKey,
    ports::{Sent, SessionSummary},
};
use std::collections::BTreeMap;
use uuid::Uuid;

const RANDOM: &str = "0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee";

/// What a server function is told about: the field with somebody's id, and the fields beside it.
struct Rule {
    id_field: Option<&'static str>,
    /// Whose id goes there.
    id: Id,
    others: &'static [(&'static str, &'static str)],
    /// Strangers may call it.
    open: bool,
    /// What somebody else's id is answered with.
    refused: u16,
    /// Only administrators may call it.
    admin: bool,
}

#[derive(Clone, Copy)]
enum Id {
    Conversation,
    /// A reply.
    Message,
    /// What the user said.
    Question,
    Turn,
    Session,
    File,
    Folder,
    Nothing,
}

const KEY: (&str, &str) = ("key", "0199aaaa-0000-7000-8000-000000000001");

fn rules() -> BTreeMap<&'static str, Vec<Rule>> {
    let plain = |open| Rule { id_field: None, id: Id::Nothing, others: &[], open, refused: 404, admin: false };
    let rule = |id_field, id, others| Rule { id_field: Some(id_field), id, others, ..plain(false) };
    let admin = |others| Rule { others, admin: true, ..plain(false) };
    BTreeMap::from([
        ("/api/auth/login-link", vec![Rule { others: &[("token", "x")], ..plain(true) }]),
        ("/api/auth/claim", vec![Rule { others: &[("token", "x")], ..plain(true) }]),
        ("/api/auth/signin", vec![Rule { others: &[("provider", "x")], ..plain(true) }]),
        ("/api/auth/signout", vec![plain(true)]),
        ("/api/auth/me", vec![plain(true)]),
        ("/api/auth/sessions", vec![plain(false)]),
        ("/api/auth/revoke", vec![rule("id", Id::Session, &[])]),
        ("/api/auth/revoke-others", vec![plain(false)]),
        (
            "/api/conversations/choose",
            vec![
                rule("id", Id::Conversation, &[("message", RANDOM)]),
                rule("message", Id::Message, &[("id", "own")]),
                rule("message", Id::Message, &[("id", "foreign")]),
            ],
        ),
        ("/api/conversations/configure", vec![rule("id", Id::Conversation, &[("instructions", "Obey Ada.")])]),
        // That only one's own is listed: `organise.rs`.
        ("/api/conversations/archived", vec![plain(false)]),
        ("/api/conversations/list", vec![plain(false)]),
        (
            "/api/conversations/organise",
            vec![
                rule("ids", Id::Conversation, &[("act", "pin")]),
                rule("ids", Id::Conversation, &[("act", "archive")]),
                rule("ids", Id::Conversation, &[("act", "move")]),
                rule("ids", Id::Conversation, &[("act", "delete")]),
                rule("folder", Id::Folder, &[("act", "move"), ("ids", "own")]),
                rule("folder", Id::Folder, &[("act", "move"), ("ids", "foreign")]),
            ],
        ),
        ("/api/folders/add", vec![Rule { others: &[("name", "x")], ..plain(false) }]),
        ("/api/folders/close", vec![rule("id", Id::Folder, &[("closed", "true")])]),
        ("/api/folders/delete", vec![rule("id", Id::Folder, &[])]),
        ("/api/folders/list", vec![plain(false)]),
        ("/api/folders/rename", vec![rule("id", Id::Folder, &[("name", "Mine now")])]),
        ("/api/folders/shift", vec![rule("id", Id::Folder, &[("to", "up")])]),
        ("/api/conversations/transcript", vec![rule("id", Id::Conversation, &[])]),
        ("/api/conversations/rename", vec![rule("id", Id::Conversation, &[("title", "Mine now")])]),
        ("/api/conversations/summarise", vec![rule("id", Id::Conversation, &[])]),
        ("/api/conversations/delete", vec![rule("id", Id::Conversation, &[])]),
        (
            "/api/messages/delete",
            vec![
                rule("conversation", Id::Conversation, &[("message", RANDOM), ("scope", "one")]),
                rule("message", Id::Message, &[("conversation", "own"), ("scope", "branch")]),
                rule("message", Id::Message, &[("conversation", "foreign"), ("scope", "branch")]),
            ],
        ),
        ("/api/messages/restore", vec![rule("conversation", Id::Conversation, &[("deleted_at", "0")])]),
        ("/api/models/list", vec![plain(false)]),
        ("/api/providers/find", vec![admin(&[("id", "x")])]),
        ("/api/providers/list", vec![plain(false)]),
        ("/api/providers/refused", vec![admin(&[])]),
        ("/api/providers/remove", vec![admin(&[("id", "x")])]),
        (
            "/api/providers/save",
            vec![
                admin(&[("name", "x"), ("dialect", "openai"), ("address", "https://a.example.com")]),
                admin(&[("id", "x"), ("version", "1"), ("name", ""), ("dialect", ""), ("address", "")]),
            ],
        ),
        // That only one's own is found: `search.rs`.
        ("/api/search", vec![Rule { others: &[("query", "secret")], ..plain(false) }]),
        (
            "/api/turns/send",
            vec![
                rule("conversation", Id::Conversation, &[KEY, ("text", "hi")]),
                rule("parent", Id::Message, &[KEY, ("text", "hi"), ("conversation", "own")]),
                rule("parent", Id::Message, &[KEY, ("text", "hi"), ("conversation", "foreign")]),
                rule("instead_of", Id::Question, &[KEY, ("text", "hi"), ("conversation", "own")]),
                rule("instead_of", Id::Question, &[KEY, ("text", "hi"), ("conversation", "foreign")]),
                // The composer says which part of the message it is about.
                Rule { refused: 422, ..rule("attachments", Id::File, &[KEY, ("text", "hi")]) },
                Rule { refused: 422, ..rule("attachments", Id::File, &[KEY, ("text", "hi"), ("conversation", "own")]) },
            ],
        ),
        ("/api/turns/continue", vec![rule("turn", Id::Turn, &[KEY])]),
        ("/api/turns/retry", vec![rule("turn", Id::Turn, &[KEY])]),
        ("/api/turns/stop", vec![rule("turn", Id::Turn, &[])]),
        ("/api/turns/temporary", vec![Rule { others: &[KEY, ("text", "hi")], ..plain(false) }]),
    ])
}

/// A user with a conversation in which a turn has ended.
async fn settled(app: &TestApp, name: &str, key: u128) -> (Browser, Sent) {
    let mut browser = app.signed_in(name).await;
    let key = SendKey(Uuid::from_u128(key)).to_string();
    let secret = format!("secret of {name}");
    let sent: Sent = browser.call("/api/turns/send", &[("key", &key), ("text", &secret)]).await.json();
    let ask = app.models.next().await;
    ask.text("an answer");
    ask.end();
    browser.watch(&format!("/api/turns/{}/events", sent.turn.id)).await.rest().await;
    (browser, sent)
}

fn id_of(kind: Id, sent: &Sent, session: &SessionSummary, file: &Attachment, folder: &Folder) -> String {
    match kind {
        Id::Conversation => sent.conversation.id.to_string(),
        Id::Message => sent.turn.reply.to_string(),
        Id::Question => sent.message.id().to_string(),
        Id::Turn => sent.turn.id.to_string(),
        Id::Session => session.id.clone(),
        Id::File => file.id.to_string(),
        Id::Folder => folder.id.to_string(),
        Id::Nothing => String::new(),
    }
}

async fn call(browser: &mut Browser, path: &str, rule: &Rule, id: &str, own: &Sent, foreign: &Sent) -> Reply {
    let own = own.conversation.id.to_string();
    let foreign = foreign.conversation.id.to_string();
    let resolve = |value: &'static str| match value {
        "own" => own.clone(),
        "foreign" => foreign.clone(),
        other => other.to_owned(),
    };
    let mut fields: Vec<(&str, String)> = rule.others.iter().map(|(name, value)| (*name, resolve(value))).collect();
    fields.extend(rule.id_field.map(|field| (field, id.to_owned())));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.call(path, &fields).await
}

#[tokio::test]
async fn c01_every_server_function_has_a_rule_and_keeps_to_it() {
    let app = TestApp::start().await;
    let rules = rules();
    let mut registered: Vec<String> = server_fn::axum::server_fn_paths()
        .map(|(path, method)| {
            assert_eq!(method, Method::POST, "{path}: what GET can call, a link can call");
            path.to_owned()
        })
        .collect();
    registered.sort();
    let known: Vec<String> = rules.keys().map(|path| (*path).to_owned()).collect();
    assert_eq!(registered, known, "each server function needs a rule in this test");

    let (mut ada, of_ada) = settled(&app, "Ada", 1).await;
    let (mut bob, of_bob) = settled(&app, "Bob", 2).await;
    let sessions: Vec<SessionSummary> = bob.call("/api/auth/sessions", &[]).await.json();
    let upload = bob.request(Method::POST, "/api/files?name=secret.txt").body("secret of Bob".into()).unwrap();
    let file: Attachment = bob.send(upload).await.json();
    let folder: Folder = bob.call("/api/folders/add", &[("name", "secret of Bob")]).await.json();
    for (path, rules) in &rules {
        for rule in rules.iter().filter(|rule| !rule.open) {
            let id = id_of(rule.id, &of_bob, &sessions[0], &file, &folder);
            let mut stranger = app.browser();
            let reply = call(&mut stranger, path, rule, &id, &of_ada, &of_bob).await;
            assert_eq!(reply.status, 401, "{path} for a stranger: {}", reply.text);
            if rule.admin {
                let member = call(&mut ada, path, rule, &id, &of_ada, &of_bob).await;
                assert_eq!(member.status, 403, "{path} for a member: {}", member.text);
            }
            if rule.id_field.is_none() {
                continue;
            }
            let foreign = call(&mut ada, path, rule, &id, &of_ada, &of_bob).await;
            let missing = call(&mut ada, path, rule, RANDOM, &of_ada, &of_bob).await;
            let malformed = call(&mut ada, path, rule, "../../etc", &of_ada, &of_bob).await;
            for reply in [&foreign, &missing, &malformed] {
                assert_eq!(reply.status, rule.refused, "{path}: {}", reply.text);
                assert_eq!(reply.text, foreign.text, "{path}: foreign and missing look the same");
                assert_eq!(reply.headers, foreign.headers, "{path}: foreign and missing look the same");
            }
        }
    }
    assert!(!app.models.has_been_asked().await, "nobody's message reached a model");
    // Bob is still signed in, too.
    let kept: chat::Transcript =
        bob.call("/api/conversations/transcript", &[("id", &of_bob.conversation.id.to_string())]).await.json();
    assert_eq!(kept.messages.len(), 2);
    assert_eq!(kept.conversation.parameters, chat::Parameters::default());
    assert_eq!(kept.conversation.title.as_str(), "secret of Bob");
    assert_eq!(kept.conversation.shelf, chat::Shelf::default());
    let folders: Vec<Folder> = bob.call("/api/folders/list", &[]).await.json();
    assert_eq!(folders, [folder]);
}

#[tokio::test]
async fn c02_nobody_watches_or_stops_anothers_turn() {
    let app = TestApp::start().await;
    let (mut ada, _) = settled(&app, "Ada", 1).await;
    let mut bob = app.signed_in("Bob").await;
    let key = SendKey(Uuid::from_u128(3)).to_string();
    let running: Sent = bob.call("/api/turns/send", &[("key", &key), ("text", "private")]).await.json();
    let ask = app.models.next().await;
    for id in [running.turn.id.to_string(), RANDOM.into(), "x".into()] {
        let path = format!("/api/turns/{id}/events");
        let foreign = ada.get(&path).await;
        assert_eq!((foreign.status, foreign.text.as_str()), (404, ""), "{path}");
        assert_eq!(app.browser().get(&path).await.status, 401);
        assert_eq!(ada.call("/api/turns/stop", &[("turn", &id)]).await.status, 404);
    }
    assert!(!ask.dropped.is_cancelled(), "it still runs");
    ask.end();
    bob.watch(&format!("/api/turns/{}/events", running.turn.id)).await.rest().await;
}

#[tokio::test]
async fn c03_a_message_never_lands_in_anothers_conversation() {
    let app = TestApp::start().await;
    let (mut ada, of_ada) = settled(&app, "Ada", 1).await;
    let (mut bob, of_bob) = settled(&app, "Bob", 2).await;
    let own = of_ada.conversation.id.to_string();
    let foreign = of_bob.conversation.id.to_string();
    let (own_parent, foreign_parent) = (of_ada.turn.reply.to_string(), of_bob.turn.reply.to_string());
    for (conversation, parent) in
        [(&foreign, ""), (&foreign, &foreign_parent), (&own, &foreign_parent), (&foreign, &own_parent)]
    {
        let fields = [KEY, ("conversation", conversation.as_str()), ("parent", parent), ("text", "hi")];
        assert_eq!(ada.call("/api/turns/send", &fields).await.status, 404, "{conversation} {parent}");
    }
    // A parent without a conversation would begin a new one below somebody's message.
    let orphan = ada.call("/api/turns/send", &[KEY, ("parent", &foreign_parent), ("text", "hi")]).await;
    assert_eq!(orphan.status, 404, "{}", orphan.text);
    assert!(!app.models.has_been_asked().await);
    let unchanged: chat::Transcript = bob.call("/api/conversations/transcript", &[("id", &foreign)]).await.json();
    assert_eq!(unchanged.messages.len(), 2);
    let lists: Vec<chat::ConversationSummary> = ada.call("/api/conversations/list", &[]).await.json();
    assert_eq!(lists.len(), 1);
}

#[tokio::test]
async fn c04_a_message_of_another_conversation_is_no_parent() {
    let app = TestApp::start().await;
    let (mut ada, first) = settled(&app, "Ada", 1).await;
    let (_, second) = settled(&app, "Ada", 2).await;
    let fields = [
        KEY,
        ("conversation", &first.conversation.id.to_string()),
        ("parent", &second.turn.reply.to_string()),
        ("text", "hi"),
    ];
    assert_eq!(ada.call("/api/turns/send", &fields).await.status, 404);
    assert!(!app.models.has_been_asked().await);
}

#[tokio::test]
async fn c14_a_foreign_page_looks_like_one_that_is_not_there() {
    let app = TestApp::start().await;
    let (mut ada, _) = settled(&app, "Ada", 1).await;
    let (_, of_bob) = settled(&app, "Bob", 2).await;
    // The nonce and the key of the next message are fresh in each page, and the address is its own.
    let normal = |reply: Reply, id: &str| {
        let nonce = reply
            .header("content-security-policy")
            .split("'nonce-")
            .nth(1)
            .unwrap()
            .split('\'')
            .next()
            .unwrap()
            .to_owned();
        let text = reply.text.replace(&nonce, "NONCE").replace(id, "ID");
        let key =
            text.split("send_key").nth(1).unwrap().split(['"', '\\']).find(|part| part.len() == 36).unwrap().to_owned();
        (reply.status, text.replace(&key, "KEY"))
    };
    let foreign_id = of_bob.conversation.id.to_string();
    let foreign = normal(ada.get(&format!("/c/{foreign_id}")).await, &foreign_id);
    let missing = normal(ada.get(&format!("/c/{RANDOM}")).await, RANDOM);
    assert_eq!(foreign.0, 404);
    assert_eq!(foreign, missing);
}

#[tokio::test]
async fn c15_a_page_holds_nothing_of_others_and_no_secret() {
    let canary = "sk-canary-0123456789abcdef";
    let secret = "canary-secret-0123456789abcdef0123456789";
    let app = TestApp::with(&[("OPENAI_API_KEY", canary), ("AUTH_SECRET", secret)]).await;
    let (mut ada, of_ada) = settled(&app, "Ada", 1).await;
    let (_, of_bob) = settled(&app, "Bob", 2).await;
    for path in ["/".to_owned(), format!("/c/{}", of_ada.conversation.id), format!("/c/{}", of_bob.conversation.id)] {
        let page = ada.get(&path).await;
        for hidden in ["secret of Bob", canary, secret, "sqlite", app.dir.path().to_str().unwrap()] {
            assert!(!page.text.contains(hidden), "{path} contains {hidden}");
        }
        if page.status == 404 {
            assert!(!page.text.contains(&of_bob.turn.id.to_string()));
        }
    }
    assert!(ada.get(&format!("/c/{}", of_ada.conversation.id)).await.text.contains("secret of Ada"));
}

#[tokio::test]
async fn signed_out_pages_lead_to_the_sign_in_and_come_back() {
    let app = TestApp::start().await;
    let mut stranger = app.browser();
    for (path, target) in [
        ("/", "/signin?callbackUrl=%2F"),
        ("/c/x?a=b", "/signin?callbackUrl=%2Fc%2Fx%3Fa%3Db"),
        ("/settings/sessions", "/signin?callbackUrl=%2Fsettings%2Fsessions"),
        ("/settings/models", "/signin?callbackUrl=%2Fsettings%2Fmodels"),
        ("/settings/models/new", "/signin?callbackUrl=%2Fsettings%2Fmodels%2Fnew"),
    ] {
        let reply = stranger.get(path).await;
        assert_eq!((reply.status, reply.header("location")), (303, target));
    }
}
