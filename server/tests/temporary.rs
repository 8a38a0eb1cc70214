//! Temporary chats and summaries over HTTP. What the runner does is tested in `apart.rs`.

use crate::support::{Browser, Reply, Talk, TestApp, turns::said};
use chat::{SendKey, ports::SentTemporary};
use std::{fs, path::Path, time::Duration};
use uuid::Uuid;

async fn send(browser: &mut Browser, n: u128, said: &[(&str, &str)], text: &str) -> Reply {
    let key = SendKey(Uuid::from_u128(n)).to_string();
    browser.call("/api/turns/temporary", &[&[("key", &*key), ("text", text)], said].concat()).await
}

/// Whether a file of the folder holds the text.
fn holds(folder: &Path, text: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => holds(&path, text),
            false => fs::read(&path).unwrap().windows(text.len()).any(|window| window == text.as_bytes()),
        }
    })
}

#[tokio::test]
async fn a_temporary_chat_is_stored_nowhere_and_is_its_owners() {
    let app = TestApp::start().await;
    let (mut ada, mut eve) = (app.signed_in("Ada").await, app.signed_in("Eve").await);
    let sent: SentTemporary = send(&mut ada, 1, &[], "My heron-secret").await.json();
    let again: SentTemporary = send(&mut ada, 1, &[], "My heron-secret").await.json();
    assert_eq!(sent.turn.id, again.turn.id, "the same key is the same message");
    let path = format!("/api/turns/{}/events", sent.turn.id);
    let ask = app.models.next().await;
    assert_eq!(said(&ask), ["My heron-secret"]);
    assert_eq!(eve.get(&path).await.status, 404);
    assert_eq!(eve.call("/api/turns/stop", &[("turn", &sent.turn.id.to_string())]).await.status, 404);
    ask.text("I keep the stork-secret");
    ask.end();
    let events = ada.watch(&path).await.rest().await;
    assert!(events.iter().any(|event| event.data.contains("stork-secret")));

    let before = [
        ("said[0][by_user]", "true"),
        ("said[0][text]", "My heron-secret"),
        ("said[1][by_user]", "false"),
        ("said[1][text]", "I keep the stork-secret"),
    ];
    let second: SentTemporary = send(&mut ada, 2, &before, "Which one?").await.json();
    let ask = app.models.next().await;
    assert_eq!(said(&ask), ["My heron-secret", "I keep the stork-secret", "Which one?"]);
    ask.end();
    ada.watch(&format!("/api/turns/{}/events", second.turn.id)).await.rest().await;

    app.runner.idle().await;
    assert!(!app.models.has_been_asked().await, "nobody looks for a title");
    let list: Vec<chat::ConversationSummary> = ada.call("/api/conversations/list", &[]).await.json();
    assert_eq!(list, []);
    for secret in ["heron-secret", "stork-secret", "Which one?"] {
        assert!(!holds(app.dir.path(), secret), "{secret} is on the disk");
    }
    assert!(holds(app.dir.path(), "Ada"), "what is stored would be found");
}

#[tokio::test]
async fn a_temporary_message_that_can_not_be_used_says_why() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    for (text, model, sentence) in
        [("  ", "", "Write"), ("Hello", "scripted/none", "not on offer"), ("Hello", "x", "no such model")]
    {
        let key = SendKey(Uuid::from_u128(1)).to_string();
        let reply = ada.call("/api/turns/temporary", &[("key", &key), ("text", text), ("model", model)]).await;
        assert_eq!(reply.status, 422, "{}", reply.text);
        assert!(reply.text.contains(sentence), "{}", reply.text);
    }
    assert!(!app.models.has_been_asked().await);
}

#[tokio::test]
async fn a_temporary_turn_is_forgotten_two_minutes_after_its_end() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let sent: SentTemporary = send(&mut ada, 1, &[], "Hello").await.json();
    let ask = app.models.next().await;
    ask.text("Hi.");
    ask.end();
    let path = format!("/api/turns/{}/events", sent.turn.id);
    ada.watch(&path).await.rest().await;
    app.runner.idle().await;
    assert_eq!(status_after(60, &mut ada, &path).await, 200, "a connection that was lost finds it again");
    assert_eq!(status_after(61, &mut ada, &path).await, 404);
    let again: SentTemporary = send(&mut ada, 1, &[], "Hello").await.json();
    assert_ne!(again.turn.id, sent.turn.id, "its key is forgotten too");
}

/// Lets time pass, and whoever waited for it run first: a quick database would let the request overtake them. The
/// request itself runs while time goes by itself: a database is no timer.
async fn status_after(seconds: u64, browser: &mut Browser, path: &str) -> u16 {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    tokio::task::yield_now().await;
    tokio::time::resume();
    browser.get(path).await.status
}

#[tokio::test]
async fn a_summary_is_asked_for_on_the_page_of_options() {
    let mut talk = Talk::begin("One", "Reply to one").await;
    let path = format!("/c/{}/options", talk.id);
    let short = talk.browser.form(&path, &[("summarise", "1")]).await;
    assert_eq!(short.status, 422);
    assert!(short.text.contains("There is nothing to summarise yet"), "{}", short.text);

    talk.ask("Two", "Reply to two").await;
    let models = &talk.app.models;
    let summarised = async {
        let ask = models.next().await;
        assert!(ask.request.parts.iter().any(|part| part.text.contains("Reply to one")));
        ask.text("They counted.");
        ask.end();
    };
    let (reply, ()) = tokio::join!(talk.browser.form(&path, &[("summarise", "1")]), summarised);
    assert_eq!((reply.status, reply.header("location")), (303, &*format!("/c/{}", talk.id)), "{}", reply.text);
    let page = talk.browser.get(&format!("/c/{}", talk.id)).await.text;
    assert!(page.contains("Summarised above") && page.contains("They counted."));
    assert!(page.contains("Reply to one"), "nothing is deleted");

    let sent = talk.send(&[("text", "Three")]).await;
    let ask = talk.answer(&sent, "Reply to three").await;
    let heard = said(&ask).join("|");
    assert!(heard.contains("They counted.") && !heard.contains("Reply to one"), "{heard}");
}
