//! Files in messages (rows C05, F13).

use super::{PNG, REPORT, sent_with, uploaded};
use crate::support::TestApp;
use chat::{Attachment, FileContent, Message, SendKey, Transcript, ports::FileContents};
use std::collections::HashMap;
use uuid::Uuid;

const RANDOM: &str = "0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee";

#[tokio::test]
async fn files_stay_with_the_message_and_are_read_for_models() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let latin = uploaded(&mut ada, "old.txt", b"Gr\xfc\xdfe").await;
    let files = [uploaded(&mut ada, "a.png", PNG).await, latin, uploaded(&mut ada, "r.pdf", REPORT).await];
    let ids = files.each_ref().map(|file| file.id.to_string()).join(",");
    let sent = sent_with(&app, &mut ada, 1, "Look", &format!("{ids}, {}", files[0].id)).await;
    let Message::User(message) = &sent.message else { panic!("a user's message") };
    assert_eq!(message.attachments, files, "each once, in their order");
    let id = sent.conversation.id.to_string();
    let transcript: Transcript = ada.call("/api/conversations/transcript", &[("id", &id)]).await.json();
    assert_eq!(transcript.messages[0], sent.message);

    let user = app.user("Ada").await.id;
    let contents = app.state.files.contents(user, &files).await.unwrap();
    let text = |file: &Attachment| match &contents[&file.id] {
        FileContent::Text(text) => text.to_string(),
        FileContent::Image(_) => panic!("a text"),
    };
    assert_eq!(text(&files[1]), "Grüße");
    assert!(text(&files[2]).contains("Apples 12"));
    let FileContent::Image(image) = &contents[&files[0].id] else { panic!("a picture") };
    assert_eq!((image.media_type.as_str(), &*image.bytes), ("image/png", PNG));

    let eve = app.user("Eve").await.id;
    assert_eq!(app.state.files.contents(eve, &files).await.unwrap(), HashMap::new(), "of somebody else");
}

#[tokio::test]
async fn c05_a_foreign_file_can_not_be_attached() {
    let app = TestApp::start().await;
    let (mut ada, mut eve) = (app.signed_in("Ada").await, app.signed_in("Eve").await);
    let hers = uploaded(&mut ada, "secret.txt", b"secret of Ada").await.id.to_string();
    let own = uploaded(&mut eve, "own.txt", b"text").await.id.to_string();
    let key = SendKey(Uuid::from_u128(1)).to_string();
    let mut answers = Vec::new();
    for files in [&hers, RANDOM, "../../etc", &format!("{own},{hers}")] {
        let fields = [("key", key.as_str()), ("text", "Read it to me"), ("attachments", files)];
        let reply = eve.call("/api/turns/send", &fields).await;
        assert_eq!(reply.status, 422, "{files}: {}", reply.text);
        answers.push((reply.text, reply.headers));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "foreign and missing look the same: {answers:?}");
    assert!(answers[0].0.contains("One of the files is gone."));
    assert!(!app.models.has_been_asked().await);
    let list: Vec<chat::ConversationSummary> = eve.call("/api/conversations/list", &[]).await.json();
    assert_eq!(list, [], "nothing was written");

    let many = vec![RANDOM; 30].join(",");
    let fields = [("key", key.as_str()), ("text", "Many"), ("attachments", many.as_str())];
    assert_eq!(eve.call("/api/turns/send", &fields).await.status, 422);
    let many: Vec<String> = (0..21_u128).map(|n| Uuid::from_u128(n).to_string()).collect();
    let fields = [("key", key.as_str()), ("text", "Many"), ("attachments", &many.join(","))];
    assert!(eve.call("/api/turns/send", &fields).await.text.contains("20 files at most"));
}

#[tokio::test]
async fn f13_an_address_in_a_message_is_fetched_by_nobody() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let here = listener.local_addr().unwrap();
    let text = format!("![cat](http://{here}/cat.png) <img src=\"http://{here}/dog.png\"> http://{here}/");
    let file = uploaded(&mut ada, "links.md", text.as_bytes()).await;
    let key = SendKey(Uuid::from_u128(1)).to_string();
    let fields = [("key", key.as_str()), ("text", text.as_str()), ("attachments", &file.id.to_string())];
    let sent: chat::ports::Sent = ada.call("/api/turns/send", &fields).await.json();
    let ask = app.models.next().await;
    assert!(ask.request.parts.iter().all(|part| part.images.is_empty()));
    assert!(ask.request.parts.last().unwrap().text.ends_with(&text));
    ask.text(&text);
    ask.end();
    ada.watch(&format!("/api/turns/{}/events", sent.turn.id)).await.rest().await;
    ada.get(&format!("/c/{}", sent.conversation.id)).await;
    let asked = futures::FutureExt::now_or_never(listener.accept());
    assert!(asked.is_none(), "somebody asked {here}");
}
