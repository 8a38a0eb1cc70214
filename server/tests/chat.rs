//! The main job, without a browser: send, watch, stop, try again; conversations.

use crate::support::{Browser, TestApp};
use app::error::AppError;
use chat::{
    ConversationSummary, Failure, FailureKind, Message, Outcome, SendKey, Transcript, Turn, TurnState,
    ports::{ModelEvent, Sent},
};
use uuid::Uuid;

fn key(n: u128) -> String {
    SendKey(Uuid::from_u128(n)).to_string()
}

async fn send(browser: &mut Browser, n: u128, conversation: &str, text: &str) -> Sent {
    let fields = [("key", key(n)), ("conversation", conversation.into()), ("text", text.into())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let reply = browser.call("/api/turns/send", &fields).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()
}

async fn open(browser: &mut Browser, sent: &Sent) -> Transcript {
    browser.call("/api/conversations/transcript", &[("id", &sent.conversation.id.to_string())]).await.json()
}

async fn list(browser: &mut Browser) -> Vec<ConversationSummary> {
    browser.call("/api/conversations/list", &[]).await.json()
}

fn last_turn(transcript: &Transcript) -> &Turn {
    match transcript.messages.last() {
        Some(Message::Reply(turn)) => turn,
        other => panic!("not a reply: {other:?}"),
    }
}

/// Waits until a turn has ended, by watching it.
async fn ended(browser: &mut Browser, sent: &Sent) -> Transcript {
    let path = format!("/api/turns/{}/events", sent.turn.id);
    let events = browser.watch(&path).await.rest().await;
    assert_eq!(events.last().unwrap().name, "end");
    open(browser, sent).await
}

#[tokio::test]
async fn a_message_is_answered_kept_and_titled() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let sent = send(&mut browser, 1, "", "Why is the sky blue?").await;
    assert_eq!(sent.conversation.title.as_str(), "Why is the sky blue?");
    let ask = app.models.next().await;
    assert_eq!(ask.request.parts.len(), 1);
    ask.text("Because of ");
    ask.text("**Rayleigh** scattering.");
    ask.end();
    let transcript = ended(&mut browser, &sent).await;
    assert_eq!(last_turn(&transcript).text, "Because of **Rayleigh** scattering.");
    assert_eq!(last_turn(&transcript).outcome(), Some(&Outcome::Complete));

    let again = send(&mut browser, 2, &sent.conversation.id.to_string(), "And red at dusk?").await;
    let ask = app.models.next().await;
    let said: Vec<&str> = ask.request.parts.iter().map(|part| part.text.as_str()).collect();
    assert_eq!(said, ["Why is the sky blue?", "Because of **Rayleigh** scattering.", "And red at dusk?"]);
    assert!(list(&mut browser).await[0].running);
    ask.end();
    let transcript = ended(&mut browser, &again).await;
    assert_eq!(transcript.messages.len(), 4);
    assert!(!list(&mut browser).await[0].running);
}

#[tokio::test]
async fn a_model_that_is_no_demo_gives_the_conversation_a_title_unless_its_user_did() {
    for renamed in [false, true] {
        let app = TestApp::start().await;
        let mut browser = app.signed_in("Ada").await;
        let fields = [("key", key(1)), ("text", "hello there".into()), ("model", "scripted/titled".into())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let sent: Sent = browser.call("/api/turns/send", &fields).await.json();
        let id = sent.conversation.id.to_string();
        let ask = app.models.next().await;
        ask.text("Hi.");
        ask.end();
        let title = app.models.next().await;
        if renamed {
            browser.call("/api/conversations/rename", &[("id", &id), ("title", "Mine")]).await;
        }
        title.text("\"A friendly greeting\"");
        title.end();
        app.runner.idle().await;
        let expected = if renamed { "Mine" } else { "A friendly greeting" };
        assert_eq!(list(&mut browser).await[0].title.as_str(), expected);
    }
}

#[tokio::test]
async fn stop_keeps_what_had_arrived_and_lets_go_of_the_provider() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let sent = send(&mut browser, 1, "", "Tell a story").await;
    let ask = app.models.next().await;
    ask.text("Once upon");
    let mut events = browser.watch(&format!("/api/turns/{}/events?after=0", sent.turn.id)).await;
    while !events.next().await.unwrap().data.contains("Once upon") {}
    let id = sent.turn.id.to_string();
    assert_eq!(browser.call("/api/turns/stop", &[("turn", &id)]).await.status, 200);
    ask.dropped.cancelled().await;
    let transcript = open(&mut browser, &sent).await;
    assert_eq!(last_turn(&transcript).outcome(), Some(&Outcome::Stopped));
    assert_eq!(last_turn(&transcript).text, "Once upon");
    assert_eq!(browser.call("/api/turns/stop", &[("turn", &id)]).await.status, 200, "stopping twice is no fault");
}

#[tokio::test]
async fn i01_a_turn_goes_on_when_every_browser_has_left() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let sent = send(&mut browser, 1, "", "Tell a story").await;
    let ask = app.models.next().await;
    let mut events = browser.watch(&format!("/api/turns/{}/events?after=0", sent.turn.id)).await;
    ask.text("Once ");
    events.next().await.unwrap();
    drop(events);
    ask.text("upon a time.");
    ask.end();
    let transcript = ended(&mut browser, &sent).await;
    assert_eq!(last_turn(&transcript).text, "Once upon a time.");
    assert_eq!(last_turn(&transcript).outcome(), Some(&Outcome::Complete));
}

#[tokio::test]
async fn i11_the_same_send_twice_is_one_message_and_one_turn() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let first = send(&mut browser, 7, "", "Hello").await;
    let second = send(&mut browser, 7, "", "Hello").await;
    assert_eq!((first.turn.id, first.conversation.id), (second.turn.id, second.conversation.id));
    let ask = app.models.next().await;
    ask.end();
    let transcript = ended(&mut browser, &first).await;
    assert_eq!(transcript.messages.len(), 2);
    let third = send(&mut browser, 7, "", "Hello").await;
    assert_eq!(third.turn.id, first.turn.id, "also when the turn has ended");
    assert_eq!(list(&mut browser).await.len(), 1);
    assert!(!app.models.has_been_asked().await);
}

#[tokio::test]
async fn i11_a_hundred_sends_at_once_are_one_turn() {
    let app = TestApp::start().await;
    let browser = app.signed_in("Ada").await;
    let sends = (0..100).map(|_| {
        let mut browser = browser.clone();
        tokio::spawn(async move { send(&mut browser, 9, "", "Hello").await.turn.id })
    });
    let mut turns = Vec::new();
    for send in sends {
        turns.push(send.await.unwrap());
    }
    turns.dedup();
    assert_eq!(turns.len(), 1);
    app.models.next().await.end();
    assert!(!app.models.has_been_asked().await);
}

#[tokio::test]
async fn a_second_message_waits_for_the_reply_and_nothing_is_stored_of_it() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let sent = send(&mut browser, 1, "", "First").await;
    let ask = app.models.next().await;
    let id = sent.conversation.id.to_string();
    let refused = browser.call("/api/turns/send", &[("key", &key(2)), ("conversation", &id), ("text", "Second")]).await;
    assert_eq!(refused.status, 422);
    assert!(matches!(refused.json(), AppError::Invalid { field, .. } if field == "text"));
    ask.end();
    assert_eq!(ended(&mut browser, &sent).await.messages.len(), 2);
    let accepted = send(&mut browser, 2, &id, "Second").await;
    assert_eq!(accepted.conversation.id, sent.conversation.id, "the same key may be sent again after a refusal");
}

#[tokio::test]
async fn a_failed_turn_keeps_its_text_and_can_be_tried_again() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let sent = send(&mut browser, 1, "", "Hello").await;
    let ask = app.models.next().await;
    ask.text("Half an ans");
    ask.fail(Failure { kind: FailureKind::Provider, message: "The provider broke down.".into() });
    let transcript = ended(&mut browser, &sent).await;
    assert_eq!(last_turn(&transcript).text, "Half an ans");
    assert!(
        matches!(last_turn(&transcript).outcome(), Some(Outcome::Failed(failure)) if failure.kind == FailureKind::Provider)
    );

    let fields = [("key", key(2)), ("turn", sent.turn.id.to_string()), ("model", "scripted/two".into())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let retried: Sent = browser.call("/api/turns/retry", &fields).await.json();
    let ask = app.models.next().await;
    assert_eq!(ask.request.parts.len(), 1, "the failed reply is not part of the question");
    assert_eq!(ask.request.model.to_string(), "scripted/two");
    ask.text("A whole answer.");
    ask.end();
    let transcript = ended(&mut browser, &retried).await;
    assert_eq!(transcript.messages.len(), 2, "the new reply stands in the place of the failed one");
    assert_eq!(last_turn(&transcript).text, "A whole answer.");
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_not_complete() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let sent = send(&mut browser, 1, "", "Hello").await;
    let ask = app.models.next().await;
    ask.text("Half");
    drop(ask);
    let transcript = ended(&mut browser, &sent).await;
    assert!(
        matches!(last_turn(&transcript).outcome(), Some(Outcome::Failed(failure)) if failure.kind == FailureKind::Incomplete)
    );
    assert_eq!(last_turn(&transcript).text, "Half");
}

#[tokio::test]
async fn h08_a_panic_in_a_turn_fails_that_turn_and_nothing_else() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let other = send(&mut browser, 1, "", "Still running").await;
    let ask = app.models.next().await;
    app.models.panic_when_asked();
    let sent = send(&mut browser, 2, "", "Hello").await;
    let transcript = ended(&mut browser, &sent).await;
    assert!(
        matches!(last_turn(&transcript).outcome(), Some(Outcome::Failed(failure)) if failure.kind == FailureKind::Internal)
    );
    ask.text("Unharmed.");
    ask.end();
    assert_eq!(last_turn(&ended(&mut browser, &other).await).text, "Unharmed.");
}

#[tokio::test]
async fn bad_input_is_told_by_field_and_stores_nothing() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let long = "x".repeat(200_001);
    let new_key = key(1);
    for (fields, field) in [
        (vec![("key", new_key.as_str()), ("text", "  \n ")], "text"),
        (vec![("key", &new_key), ("text", &long)], "text"),
        (vec![("key", "no uuid"), ("text", "a")], "key"),
        (vec![("key", &new_key), ("text", "a"), ("model", "gpt")], "model"),
        (vec![("key", &new_key), ("text", "a"), ("model", "scripted/unknown")], "model"),
        (vec![("text", "a")], "request"),
    ] {
        let reply = browser.call("/api/turns/send", &fields).await;
        match reply.json() {
            AppError::Invalid { field: told, message } => {
                assert_eq!((told.as_str(), reply.status), (field, 422), "{message}");
                assert!(message.ends_with('.'), "{message}");
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(list(&mut browser).await.is_empty());
    assert!(!app.models.has_been_asked().await);
}

#[tokio::test]
async fn conversations_are_renamed_and_deleted() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let sent = send(&mut browser, 1, "", "Hello").await;
    let id = sent.conversation.id.to_string();
    let ask = app.models.next().await;
    let blank = browser.call("/api/conversations/rename", &[("id", &id), ("title", " ")]).await;
    assert_eq!(blank.json::<AppError>().to_string(), "Give the conversation a name.");
    assert_eq!(browser.call("/api/conversations/rename", &[("id", &id), ("title", " New\nname ")]).await.status, 200);
    assert_eq!(list(&mut browser).await[0].title.as_str(), "New name");

    assert_eq!(browser.call("/api/conversations/delete", &[("id", &id)]).await.status, 200);
    ask.dropped.cancelled().await;
    assert!(list(&mut browser).await.is_empty());
    for path in ["/api/conversations/transcript", "/api/conversations/delete"] {
        assert_eq!(browser.call(path, &[("id", &id)]).await.status, 404, "{path}");
    }
    assert_eq!(browser.get(&format!("/c/{id}")).await.status, 404);
}

#[tokio::test]
async fn before_the_page_wakes_up_plain_forms_do_the_same() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let sent = browser.form("/api/turns/send", &[("key", &key(1)), ("text", "From a form")]).await;
    assert_eq!(sent.status, 303);
    let path = sent.header("location").to_owned();
    assert!(path.starts_with("/c/"), "{path}");
    let ask = app.models.next().await;
    ask.text("An *answer*.");
    ask.end();
    let id = path.trim_start_matches("/c/").to_owned();
    loop {
        let transcript: Transcript = browser.call("/api/conversations/transcript", &[("id", &id)]).await.json();
        match &last_turn(&transcript).state {
            TurnState::Ended(_) => break,
            TurnState::Running(_) => tokio::task::yield_now().await,
        }
    }
    let page = browser.get(&path).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("From a form") && page.text.contains("<em>answer</em>"), "{}", page.text);
}

#[tokio::test]
async fn a_server_that_stops_interrupts_its_turns_and_keeps_their_text() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let sent = send(&mut browser, 1, "", "Hello").await;
    let ask = app.models.next().await;
    let mut events = browser.watch(&format!("/api/turns/{}/events?after=0", sent.turn.id)).await;
    ask.event(ModelEvent::Text("Half".into()));
    while !events.next().await.unwrap().data.contains("Half") {}
    app.runner.shut_down().await;
    assert_eq!(events.rest().await.last().unwrap().name, "end", "whoever watches is told");
    let transcript = open(&mut browser, &sent).await;
    assert_eq!(last_turn(&transcript).outcome(), Some(&Outcome::Interrupted));
    assert_eq!(last_turn(&transcript).text, "Half");
    let refused = browser.call("/api/turns/send", &[("key", &key(2)), ("text", "More")]).await;
    assert_eq!(refused.status, 503);
}

#[tokio::test]
async fn i19_signing_out_ends_what_is_shown_and_the_turn_runs_on() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let sent = send(&mut browser, 1, "", "Hello").await;
    let ask = app.models.next().await;
    ask.text("Half");
    let mut events = browser.watch(&format!("/api/turns/{}/events?after=0", sent.turn.id)).await;
    while !events.next().await.unwrap().data.contains("Half") {}
    let mut leaving = browser.clone();
    leaving.form("/api/auth/signout", &[]).await;
    assert_eq!(events.rest().await, [], "it ends without a word, although the model has more to say");
    let again = browser.watch(&format!("/api/turns/{}/events", sent.turn.id)).await;
    assert_eq!(again.status, 401);
    ask.text(" and half.");
    ask.end();
    let mut later = app.signed_in("Ada").await;
    assert_eq!(last_turn(&ended(&mut later, &sent).await).text, "Half and half.");
}
