//! Watching a turn: from anywhere, at any time, every word exactly once (catalogue rows I02, I03, I16, I17).

use crate::support::{
    Ask, Browser, TestApp,
    browser::{Event, Events},
};
use chat::{Frame, Numbered, SendKey, Seq, Turn, TurnId, ports::Sent};
use std::sync::Arc;
use uuid::Uuid;

async fn send(app: &TestApp, browser: &mut Browser) -> (Sent, Ask) {
    let key = SendKey(Uuid::from_u128(1)).to_string();
    let sent = browser.call("/api/turns/send", &[("key", &key), ("text", "Count")]).await.json();
    (sent, app.models.next().await)
}

fn frame(event: &Event) -> Option<Frame> {
    match event.name.as_str() {
        "snapshot" => Some(Frame::Snapshot(serde_json::from_str(&event.data).unwrap())),
        "event" => Some(Frame::Event(Arc::new(serde_json::from_str(&event.data).unwrap()))),
        _ => None,
    }
}

/// What a page that was rendered with `turn` shows after these events.
fn folded(mut turn: Turn, events: &[Event]) -> Turn {
    for frame in events.iter().filter_map(frame) {
        match frame {
            Frame::Snapshot(snapshot) => turn = snapshot,
            Frame::Event(event) => turn.apply(&event).expect("no gap and no repetition"),
        }
    }
    turn
}

fn path(turn: TurnId, after: u64) -> String {
    format!("/api/turns/{turn}/events?after={after}")
}

/// Events up to the one that brings a text. What comes at once may come as one piece.
async fn until(events: &mut Events, text: &str) -> Vec<Event> {
    let mut seen = Vec::new();
    loop {
        let event = events.next().await.expect("the stream goes on");
        let found = event.data.contains(text);
        seen.push(event);
        if found {
            return seen;
        }
    }
}

#[tokio::test]
async fn i02_a_reload_in_the_middle_loses_and_repeats_nothing() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let (sent, ask) = send(&app, &mut browser).await;

    let mut first = browser.watch(&path(sent.turn.id, 0)).await;
    let mut whole = String::new();
    for n in 0..50 {
        let piece = format!("{n} ");
        whole.push_str(&piece);
        ask.text(&piece);
    }
    let mut seen = until(&mut first, "49 \"").await;
    // The page is loaded again: rendered from what had been stored, then it watches from there.
    let id = sent.conversation.id.to_string();
    let rendered: chat::Transcript = browser.call("/api/conversations/transcript", &[("id", &id)]).await.json();
    let rendered = rendered.running().expect("it runs").clone();
    let mut second = browser.watch(&path(sent.turn.id, rendered.seq.0)).await;
    let mut other_device = app.signed_in("Ada").await;
    let mut third = other_device.watch(&path(sent.turn.id, 0)).await;
    for n in 50..100 {
        let piece = format!("{n} ");
        whole.push_str(&piece);
        ask.text(&piece);
    }
    ask.end();

    seen.extend(first.rest().await);
    assert_eq!(folded(sent.turn.clone(), &seen).text, whole);
    assert_eq!(folded(rendered, &second.rest().await).text, whole);
    assert_eq!(folded(sent.turn.clone(), &third.rest().await).text, whole);
}

#[tokio::test]
async fn a_watcher_who_is_where_the_turn_is_gets_no_snapshot() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let (sent, ask) = send(&app, &mut browser).await;
    let mut first = browser.watch(&path(sent.turn.id, 0)).await;
    ask.text("a");
    let seen = until(&mut first, "a\"").await;
    let last: Numbered = serde_json::from_str(&seen.last().unwrap().data).unwrap();
    assert_eq!(seen.last().unwrap().id, last.seq.0.to_string());

    let mut second = browser.watch(&path(sent.turn.id, last.seq.0)).await;
    ask.text("b");
    ask.end();
    let names: Vec<String> = second.rest().await.into_iter().map(|event| event.name).collect();
    assert_eq!(names, ["event", "event", "end"]);
}

#[tokio::test]
async fn i16_a_position_that_makes_no_sense_gets_a_snapshot_of_this_turn_only() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let (sent, ask) = send(&app, &mut browser).await;
    ask.text("whole");
    ask.end();
    let mut first = browser.watch(&path(sent.turn.id, 0)).await;
    first.rest().await;
    for position in ["9999", "-1", "garbage", "", "18446744073709551616"] {
        let mut events = browser.watch(&format!("/api/turns/{}/events?after={position}", sent.turn.id)).await;
        let events = events.rest().await;
        let names: Vec<&str> = events.iter().map(|event| event.name.as_str()).collect();
        assert_eq!(names, ["snapshot", "end"], "{position}");
        assert_eq!(folded(sent.turn.clone(), &events).text, "whole");
    }
    // One that runs, at positions beyond its end and before its beginning.
    let key = SendKey(Uuid::from_u128(2)).to_string();
    let other: Sent = browser.call("/api/turns/send", &[("key", &key), ("text", "Other")]).await.json();
    let ask = app.models.next().await;
    ask.text("other");
    until(&mut browser.watch(&path(other.turn.id, 0)).await, "other").await;
    for position in ["9999", "-1", "garbage"] {
        let mut events = browser.watch(&format!("/api/turns/{}/events?after={position}", other.turn.id)).await;
        let first = events.next().await.unwrap();
        assert_eq!(first.name, "snapshot", "{position}");
        assert_eq!(folded(other.turn.clone(), &[first]).text, "other");
    }
}

#[tokio::test]
async fn i17_a_slow_watcher_slows_nobody_and_catches_up() {
    const PIECES: u32 = 2_000;
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let (sent, ask) = send(&app, &mut browser).await;
    let mut slow = browser.watch(&path(sent.turn.id, 0)).await;
    let mut quick = browser.watch(&path(sent.turn.id, 0)).await;
    let mut whole = String::new();
    for n in 0..PIECES {
        let piece = format!("{n} ");
        whole.push_str(&piece);
        ask.text(&piece);
        // Each piece is an event of its own: the model waits until it has been shown.
        until(&mut quick, &piece).await;
    }
    ask.end();
    quick.rest().await;
    let events = slow.rest().await;
    assert!(events.len() < 500, "the slow one gets a snapshot for what it missed: {}", events.len());
    assert_eq!(folded(sent.turn.clone(), &events).text, whole);
}

#[tokio::test]
async fn i14_the_stream_is_not_buffered_compressed_or_kept_and_says_its_type() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let (sent, ask) = send(&app, &mut browser).await;
    ask.end();
    let events = browser.watch(&path(sent.turn.id, Seq::default().0)).await;
    assert_eq!(events.status, 200);
    assert_eq!(events.headers["content-type"], "text/event-stream");
    assert_eq!(events.headers["x-accel-buffering"], "no");
    assert!(!events.headers.contains_key("content-encoding"), "{:?}", events.headers);
    assert!(events.headers["cache-control"].to_str().unwrap().contains("no-store"), "{:?}", events.headers);
}
