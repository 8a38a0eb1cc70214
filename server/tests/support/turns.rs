//! What tests of turns share that talk to the runner itself.

use super::{Ask, TestApp};
use chat::{
    ConversationId, Frame, Parameters, Prompt, SendKey, Transcript, Turn, TurnId, UserId,
    ports::{Conversations, Draft, Runner},
};
use futures::StreamExt;
use server::turns::TurnRunner;
use std::collections::HashMap;
use uuid::Uuid;

pub fn draft(n: u128, text: &str) -> Draft {
    Draft {
        key: SendKey(Uuid::from_u128(n)),
        conversation: None,
        parent: None,
        instead_of: None,
        prompt: Prompt::parse(text).unwrap(),
        attachments: Vec::new(),
        parameters: Parameters::default(),
        model: None,
    }
}

pub fn within(conversation: ConversationId, draft: Draft) -> Draft {
    Draft { conversation: Some(conversation), ..draft }
}

pub async fn user(app: &TestApp, name: &str) -> UserId {
    app.user(name).await.id
}

/// Watches a turn to its end and gives it as it was shown.
pub async fn watched(runner: &TurnRunner, owner: UserId, turn: TurnId) -> Turn {
    let mut frames = runner.watch(owner, turn, None).await.unwrap().expect("a turn");
    let mut shown: Option<Turn> = None;
    while let Some(frame) = frames.next().await {
        match (frame, &mut shown) {
            (Frame::Snapshot(turn), shown) => *shown = Some(turn),
            (Frame::Event(event), Some(turn)) => turn.apply(&event).expect("no gap and no repetition"),
            (Frame::Event(event), None) => panic!("no snapshot before {event:?}"),
        }
    }
    shown.expect("a snapshot")
}

/// Waits until a turn that runs is in a state.
pub async fn until(app: &TestApp, owner: UserId, turn: TurnId, is: impl Fn(&Turn) -> bool) {
    let mut frames = app.runner.watch(owner, turn, None).await.unwrap().expect("a turn");
    let mut shown: Option<Turn> = None;
    while !shown.as_ref().is_some_and(&is) {
        match (frames.next().await.expect("it goes on"), &mut shown) {
            (Frame::Snapshot(turn), shown) => *shown = Some(turn),
            (Frame::Event(event), turn) => turn.as_mut().unwrap().apply(&event).unwrap(),
        }
    }
}

pub async fn transcript(app: &TestApp, owner: UserId, id: ConversationId) -> Transcript {
    app.store.transcript(owner, id).await.unwrap().expect("a conversation")
}

pub fn said(ask: &Ask) -> Vec<&str> {
    ask.request.parts.iter().map(|part| part.text.as_str()).collect()
}

/// The question with this text; others are kept for later.
pub async fn ask_of(app: &TestApp, kept: &mut HashMap<String, Ask>, text: &str) -> Ask {
    loop {
        if let Some(ask) = kept.remove(text) {
            return ask;
        }
        let ask = app.models.next().await;
        let last = ask.request.parts.last().unwrap().text.clone();
        kept.insert(last, ask);
    }
}
