//! Turns, asked of the runner itself: stopping, several at once, going on (catalogue rows I10, I12, I13, J05).

use crate::support::{
    Ask, TestApp,
    turns::{draft, said, transcript, until, user, watched, within},
};
use chat::{
    Message, Outcome, SendKey, Usage, UserId,
    ports::{Conversations, ModelEvent, Runner, SendError, Sent, StopReason, Turns},
};
use futures::future::join_all;
use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};
use std::time::Duration;
use uuid::Uuid;

#[tokio::test]
async fn i10_stop_works_before_the_first_word_in_the_middle_and_after_the_end() {
    let app = TestApp::start().await;
    let ada = user(&app, "Ada").await;
    for (n, pieces) in [(1, 0), (2, 1), (3, 500)] {
        let sent = app.runner.send(ada, draft(n, "Hello")).await.unwrap();
        let ask = app.models.next().await;
        let text = "word ".repeat(pieces);
        (0..pieces).for_each(|_| ask.text("word "));
        until(&app, ada, sent.turn.id, |turn| turn.text == text).await;
        // Twice, as from two tabs.
        let stops = [(); 2].map(|()| app.runner.stop(ada, sent.turn.id));
        assert!(join_all(stops).await.into_iter().all(Result::unwrap));
        ask.dropped.cancelled().await;
        let stored = app.store.turn(ada, sent.turn.id).await.unwrap().unwrap();
        assert_eq!((stored.outcome(), &stored.text), (Some(&Outcome::Stopped), &text));
    }
    let sent = app.runner.send(ada, draft(9, "Hello")).await.unwrap();
    let ask = app.models.next().await;
    ask.text("Hi.");
    ask.end();
    watched(&app.runner, ada, sent.turn.id).await;
    assert!(app.runner.stop(ada, sent.turn.id).await.unwrap(), "after the end it is no fault");
    let stored = app.store.turn(ada, sent.turn.id).await.unwrap().unwrap();
    assert_eq!(stored.outcome(), Some(&Outcome::Complete));
}

#[tokio::test]
async fn i12_two_tabs_that_send_at_once_have_an_order_and_a_deleted_chat_leaves_no_orphan() {
    let app = TestApp::start().await;
    let ada = user(&app, "Ada").await;
    let first = app.runner.send(ada, draft(1, "First")).await.unwrap();
    let id = first.conversation.id;
    app.models.next().await.end();
    watched(&app.runner, ada, first.turn.id).await;

    let tabs = [2, 3].map(|n| app.runner.send(ada, within(id, draft(n, "From a tab"))));
    let mut sent = join_all(tabs).await;
    sent.sort_by_key(Result::is_err);
    assert!(matches!(sent[1], Err(SendError::StillRunning)), "{sent:?}");
    let one = sent.swap_remove(0).unwrap();
    let retried = app.runner.retry(ada, first.turn.id, SendKey(Uuid::from_u128(4)), None).await;
    assert!(matches!(retried, Err(SendError::StillRunning)), "{retried:?}");
    assert_eq!(transcript(&app, ada, id).await.messages.len(), 4);

    let ask = app.models.next().await;
    ask.text("to nobody");
    app.runner.stop_conversation(ada, id).await.unwrap();
    assert!(app.store.delete(ada, id).await.unwrap());
    ask.dropped.cancelled().await;
    app.runner.idle().await;
    assert_eq!(app.store.turn(ada, one.turn.id).await.unwrap(), None);
    assert!(app.runner.watch(ada, one.turn.id, None).await.unwrap().is_none());
}

#[tokio::test]
async fn i13_words_land_in_their_own_chat() {
    let app = TestApp::start().await;
    let ada = user(&app, "Ada").await;
    let mut sent = Vec::new();
    let mut asks = Vec::new();
    for n in 0..4 {
        sent.push(app.runner.send(ada, draft(n, &format!("chat {n}"))).await.unwrap());
        asks.push(app.models.next().await);
    }
    for round in 0..50 {
        asks.iter().enumerate().for_each(|(n, ask)| ask.text(&format!("{n}:{round} ")));
        tokio::task::yield_now().await;
    }
    asks.iter().for_each(Ask::end);
    for (n, sent) in sent.iter().enumerate() {
        let expected: String = (0..50).map(|round| format!("{n}:{round} ")).collect();
        assert_eq!(watched(&app.runner, ada, sent.turn.id).await.text, expected);
        let messages = transcript(&app, ada, sent.conversation.id).await.messages;
        assert!(matches!(&messages[1], Message::Reply(turn) if turn.text == expected));
    }
}

#[tokio::test]
async fn j05_no_transaction_is_open_while_a_model_is_asked() {
    let app = TestApp::start().await;
    let ada = user(&app, "Ada").await;
    app.runner.send(ada, draft(1, "Hello")).await.unwrap();
    let ask = app.models.next().await;
    let options = SqliteConnectOptions::new().filename(app.dir.path().join("confab.db")).busy_timeout(Duration::ZERO);
    let mut other = options.connect().await.unwrap();
    // The flusher, which may be at it, is quick; a transaction of the turn would be there until its end.
    loop {
        let folded = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut other).await;
        if folded.is_ok_and(|(busy, _, _): (i64, i64, i64)| busy == 0) {
            break;
        }
        tokio::task::yield_now().await;
    }
    ask.end();
}

async fn cut(app: &TestApp, owner: UserId, text: &str) -> Sent {
    let sent = app.runner.send(owner, draft(1, "Tell a story")).await.unwrap();
    let ask = app.models.next().await;
    ask.text(text);
    ask.event(ModelEvent::Usage(Usage { input: Some(10), output: Some(20), ..Usage::default() }));
    ask.event(ModelEvent::End(StopReason::Length));
    watched(&app.runner, owner, sent.turn.id).await;
    sent
}

#[tokio::test]
async fn a_cut_answer_goes_on_where_it_was_and_repeated_words_are_dropped() {
    let app = TestApp::start().await;
    let ada = user(&app, "Ada").await;
    let first = cut(&app, ada, "Once upon a time there").await;
    let key = SendKey(Uuid::from_u128(2));
    let second = app.runner.go_on(ada, first.turn.id, key).await.unwrap();
    assert_eq!(second.message.id(), first.turn.parent);
    let ask = app.models.next().await;
    assert_eq!(said(&ask), ["Tell a story", "Once upon a time there"], "it ends in what the model is to go on with");
    ask.text("a time th");
    ask.text("ere was");
    ask.text(" a fox.");
    ask.event(ModelEvent::Usage(Usage { input: Some(30), output: Some(5), ..Usage::default() }));
    ask.end();
    let shown = watched(&app.runner, ada, second.turn.id).await;
    assert_eq!((shown.text.as_str(), shown.outcome()), ("Once upon a time there was a fox.", Some(&Outcome::Complete)));
    assert_eq!((shown.usage.input, shown.usage.output), (Some(30), Some(5)), "what this attempt used");
    assert_eq!(app.store.turn(ada, shown.id).await.unwrap().as_ref(), Some(&shown));
    let messages = transcript(&app, ada, first.conversation.id).await.messages;
    assert_eq!(
        (messages.len(), &messages[1]),
        (2, &Message::Reply(shown.clone())),
        "it stands in the place of the cut one"
    );

    let again = app.runner.go_on(ada, first.turn.id, key).await.unwrap();
    assert_eq!(again.turn.id, shown.id, "the same key again is the same attempt");
    let whole = app.runner.go_on(ada, shown.id, SendKey(Uuid::from_u128(3))).await;
    assert!(matches!(whole, Err(SendError::NotFound)), "what was not cut does not go on: {whole:?}");
    let eve = user(&app, "Eve").await;
    let foreign = app.runner.go_on(eve, first.turn.id, SendKey(Uuid::from_u128(4))).await;
    assert!(matches!(foreign, Err(SendError::NotFound)), "{foreign:?}");
    assert!(!app.models.has_been_asked().await);
}

#[tokio::test]
async fn what_was_held_back_as_a_repetition_is_not_lost_when_the_answer_ends_or_is_stopped() {
    let app = TestApp::start().await;
    let ada = user(&app, "Ada").await;
    for (n, stops) in [(2, false), (3, true)] {
        let first = cut(&app, ada, "say: hello hello").await;
        let second = app.runner.go_on(ada, first.turn.id, SendKey(Uuid::from_u128(n))).await.unwrap();
        let ask = app.models.next().await;
        ask.event(ModelEvent::Reasoning("hm".into()));
        ask.text("hel");
        if stops {
            until(&app, ada, second.turn.id, |turn| turn.reasoning == "hm").await;
            // The piece after it has been taken too when this one has been.
            ask.event(ModelEvent::Reasoning("!".into()));
            until(&app, ada, second.turn.id, |turn| turn.reasoning == "hm!").await;
            app.runner.stop(ada, second.turn.id).await.unwrap();
        } else {
            ask.end();
        }
        assert_eq!(watched(&app.runner, ada, second.turn.id).await.text, "say: hello hellohel");
        app.store.delete(ada, first.conversation.id).await.unwrap();
    }
}
