//! Many turns at once: who waits, and that none is lost (catalogue rows H09, I18).

use crate::support::{
    Ask, TestApp,
    counting::CountingTurns,
    turns::{ask_of, draft, said, until, user, watched},
};
use chat::{
    Outcome, Phase, Turn, TurnState,
    ports::{Conversations, Runner, SendError, Turns},
};
use server::turns::{Limits, RunnerParts, TurnRunner};
use std::{collections::HashMap, sync::Arc};

fn queued(ahead: u32) -> impl Fn(&Turn) -> bool {
    move |turn| turn.state == TurnState::Running(Phase::Queued(ahead))
}

#[tokio::test]
async fn h09_a_hundred_tabs_of_one_user_wait_for_each_other_and_for_nobody_else() {
    let app = TestApp::start().await;
    let (ada, bob) = (user(&app, "Ada").await, user(&app, "Bob").await);
    let mut sent = Vec::new();
    for n in 0..24 {
        sent.push(app.runner.send(ada, draft(n, &format!("tab {n}"))).await.unwrap());
    }
    for n in 24..100 {
        let refused = app.runner.send(ada, draft(n, "one too many")).await;
        assert!(matches!(refused, Err(SendError::TooMany)), "{refused:?}");
    }
    assert_eq!(app.store.list(ada, 200).await.unwrap().len(), 24, "nothing is stored of what is refused");
    let again = app.runner.send(ada, draft(23, "tab 23")).await.unwrap();
    assert_eq!(again.turn.id, sent[23].turn.id, "the same send again is no other one");

    let (mut kept, mut asks) = (HashMap::new(), Vec::new());
    for n in 0..4 {
        asks.push(ask_of(&app, &mut kept, &format!("tab {n}")).await);
    }
    assert!(!app.models.has_been_asked().await);
    until(&app, ada, sent[4].turn.id, queued(1)).await;
    until(&app, ada, sent[23].turn.id, queued(20)).await;
    app.runner.send(bob, draft(0, "Bob's")).await.unwrap();
    ask_of(&app, &mut kept, "Bob's").await.end();

    assert!(app.runner.stop(ada, sent[4].turn.id).await.unwrap());
    let stopped = app.store.turn(ada, sent[4].turn.id).await.unwrap().unwrap();
    assert_eq!((stopped.outcome(), stopped.text.as_str()), (Some(&Outcome::Stopped), ""));
    until(&app, ada, sent[5].turn.id, queued(1)).await;
    assert!(!app.models.has_been_asked().await, "what was stopped in the queue is never asked");
    asks[2].end();
    ask_of(&app, &mut kept, "tab 5").await.end();
    assert_eq!(watched(&app.runner, ada, sent[5].turn.id).await.outcome(), Some(&Outcome::Complete));
    app.runner.send(ada, draft(200, "room again")).await.unwrap();
}

#[tokio::test]
async fn h09_the_whole_server_has_a_limit_too_and_users_take_turns() {
    let app = TestApp::with(&[("CONFAB_TURNS_AT_ONCE", "1")]).await;
    let (ada, bob) = (user(&app, "Ada").await, user(&app, "Bob").await);
    let first = app.runner.send(ada, draft(1, "Ada 1")).await.unwrap();
    app.runner.send(ada, draft(2, "Ada 2")).await.unwrap();
    app.runner.send(ada, draft(3, "Ada 3")).await.unwrap();
    app.runner.send(bob, draft(1, "Bob 1")).await.unwrap();
    for expected in ["Ada 1", "Ada 2", "Bob 1", "Ada 3"] {
        let ask = app.models.next().await;
        assert_eq!(said(&ask), [expected]);
        assert!(!app.models.has_been_asked().await);
        ask.end();
    }
    assert_eq!(watched(&app.runner, ada, first.turn.id).await.outcome(), Some(&Outcome::Complete));
}

/// A runner over a store that counts, with the world of `app` otherwise.
fn counting(app: &TestApp, per_user: usize) -> (TurnRunner, CountingTurns) {
    let turns = CountingTurns::over(app.store.clone());
    let parts = RunnerParts {
        turns: Arc::new(turns.clone()),
        conversations: Arc::new(app.store.clone()),
        files: Arc::new(app.state.files.clone()),
        models: app.models.clone(),
        rules: Arc::new(app.store.clone()),
        clock: app.clock.clone(),
        ids: app.state.services.ids.clone(),
        limits: Limits { per_user, at_once: 512 },
    };
    (TurnRunner::new(parts), turns)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn i18_five_hundred_streams_at_once_are_all_whole_and_share_their_transactions() {
    const STREAMS: u128 = 500;
    let app = TestApp::start().await;
    let ada = user(&app, "Ada").await;
    let (runner, turns) = counting(&app, 500);
    let mut sent = Vec::new();
    for n in 0..STREAMS {
        sent.push(runner.send(ada, draft(n, &format!("{n}"))).await.unwrap());
    }
    let watchers: Vec<_> = sent
        .iter()
        .map(|sent| {
            let (runner, turn) = (runner.clone(), sent.turn.id);
            tokio::spawn(async move { watched(&runner, ada, turn).await })
        })
        .collect();
    let mut asks = Vec::new();
    for _ in 0..STREAMS {
        asks.push(app.models.next().await);
    }
    let (began, before) = (tokio::time::Instant::now(), turns.transactions());
    for round in 0..40 {
        asks.iter().for_each(|ask| ask.text(&format!("{}:{round} ", ask.request.parts[0].text)));
        tokio::task::yield_now().await;
    }
    asks.iter().for_each(Ask::end);
    for (n, watcher) in watchers.into_iter().enumerate() {
        let expected: String = (0..40).map(|round| format!("{n}:{round} ")).collect();
        let shown = watcher.await.unwrap();
        assert_eq!((shown.outcome(), &shown.text), (Some(&Outcome::Complete), &expected));
        assert_eq!(app.store.turn(ada, shown.id).await.unwrap(), Some(shown));
    }
    let transactions = u128::from(turns.transactions() - before);
    let ticks = began.elapsed().as_millis() / 200;
    assert!(transactions <= ticks + STREAMS / 5, "{transactions} transactions in {ticks} fifths of a second");
}
