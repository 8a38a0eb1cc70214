//! What arrives while a turn runs, and its end.

use super::{Ports, after, at, from_start, whole};
use chat::{Failure, FailureKind, Outcome, Phase, TurnEvent, Usage};

pub async fn a_failed_flush_is_repeated_with_more(ports: &Ports) {
    let ann = ports.user("ann").await;
    let mut turn = ports.running(ann, "Count", at(1)).await.turn;
    let empty = turn.clone();
    turn.record(TurnEvent::Reasoning("hm ".into()), at(2));
    turn.record(TurnEvent::Text("one ".into()), at(3));
    ports.turns.store(&[after(&turn, &empty)]).await.expect("stored");
    ports.turns.store(&[after(&turn, &empty)]).await.expect("storing twice is no error");
    assert_eq!(ports.stored(ann, turn.id).await, turn);

    let stored = turn.clone();
    turn.record(TurnEvent::Text("two ".into()), at(4));
    // This piece never reaches the store; the next one carries it along.
    turn.record(TurnEvent::Text("three".into()), at(5));
    turn.record(TurnEvent::Usage(Usage { input: Some(7), output: Some(3), ..Usage::default() }), at(5));
    ports.turns.store(&[after(&turn, &stored)]).await.expect("stored");
    assert_eq!(ports.stored(ann, turn.id).await, turn);
    assert_eq!(turn.text, "one two three");
}

pub async fn a_flush_that_was_stored_unheard_is_not_lost_nor_doubled(ports: &Ports) {
    let ann = ports.user("ann").await;
    let mut turn = ports.running(ann, "Count", at(1)).await.turn;
    let empty = turn.clone();
    turn.record(TurnEvent::Text("one ".into()), at(2));
    turn.record(TurnEvent::Reasoning("hm ".into()), at(2));
    ports.turns.store(&[after(&turn, &empty)]).await.expect("stored");
    turn.record(TurnEvent::Text("two".into()), at(3));
    turn.record(TurnEvent::Finished(Outcome::Stopped), at(3));
    let behind = ports.turns.store(&[after(&turn, &empty)]).await.expect("no error");
    assert_eq!(behind, [turn.id], "who believes that nothing was stored is told, and nothing is doubled");
    assert!(ports.stored(ann, turn.id).await.is_running());
    assert_eq!(ports.turns.store(&[whole(&turn)]).await.expect("stored"), []);
    assert_eq!(ports.stored(ann, turn.id).await, turn);
}

pub async fn an_old_flush_after_a_new_one_changes_nothing(ports: &Ports) {
    let ann = ports.user("ann").await;
    let mut turn = ports.running(ann, "Count", at(1)).await.turn;
    let empty = turn.clone();
    turn.record(TurnEvent::Text("one ".into()), at(2));
    let old = turn.clone();
    turn.record(TurnEvent::Text("two".into()), at(3));
    ports.turns.store(&[after(&turn, &empty)]).await.expect("stored");
    ports.turns.store(&[after(&old, &empty)]).await.expect("no error");
    assert_eq!(ports.stored(ann, turn.id).await, turn);
}

pub async fn a_turn_that_ended_stays_as_it_ended(ports: &Ports) {
    let ann = ports.user("ann").await;
    let mut turn = ports.running(ann, "Hello", at(1)).await.turn;
    let mut other = turn.clone();
    ports.finish(&mut turn, "Hi.").await;
    for text in ["a", "b", "c"] {
        other.record(TurnEvent::Text(text.into()), at(5));
    }
    other.record(TurnEvent::Finished(Outcome::Stopped), at(6));
    ports.turns.store(&[from_start(&other)]).await.expect("no error");
    assert_eq!(ports.stored(ann, turn.id).await, turn);
    assert_eq!(ports.turns.interrupt_all(at(9)).await.expect("answered"), 0);
    assert_eq!(ports.stored(ann, turn.id).await, turn);
}

pub async fn every_end_of_a_turn_is_stored_whole(ports: &Ports) {
    use FailureKind::*;
    let ann = ports.user("ann").await;
    let kinds = [
        Unreachable,
        Unauthorized,
        NoSuchModel,
        RateLimited,
        TooLong,
        Provider,
        Protocol,
        Incomplete,
        TimedOut,
        Internal,
    ];
    let failed = kinds.map(|kind| Outcome::Failed(Failure { kind, message: format!("It failed: {kind:?}.") }));
    for outcome in
        [Outcome::Complete, Outcome::Length, Outcome::Stopped, Outcome::Interrupted].into_iter().chain(failed)
    {
        let mut turn = ports.running(ann, "Hello", at(1)).await.turn;
        turn.record(TurnEvent::Phase(Phase::Queued(3)), at(2));
        turn.record(TurnEvent::Reasoning("hm".into()), at(3));
        turn.record(TurnEvent::Text("so".into()), at(4));
        turn.record(TurnEvent::Usage(Usage { cached: Some(0), output: Some(u32::MAX), ..Usage::default() }), at(5));
        turn.record(TurnEvent::Cost(12), at(5));
        turn.record(TurnEvent::Finished(outcome), at(6));
        ports.turns.store(&[from_start(&turn)]).await.expect("stored");
        assert_eq!(ports.stored(ann, turn.id).await, turn);
    }
}

pub async fn any_text_is_stored_byte_by_byte(ports: &Ports) {
    let ann = ports.user("ann").await;
    let mut turn = ports.running(ann, "'; DROP TABLE users; -- \u{202e}\u{1F469}\u{200D}\u{1F4BB}", at(1)).await.turn;
    let mut stored = turn.clone();
    for piece in ["\u{0}", "a\u{0}b", "'\"%_\\", "\r\n\t", "\u{feff}e\u{301}", "\u{1F469}", "\u{10FFFF}", ""] {
        turn.record(TurnEvent::Text(piece.into()), at(2));
        turn.record(TurnEvent::Reasoning(piece.into()), at(2));
        ports.turns.store(&[after(&turn, &stored)]).await.expect("stored");
        stored = turn.clone();
    }
    assert_eq!(ports.stored(ann, turn.id).await, turn);
    let list = ports.conversations.list(ann, 9).await.expect("a list");
    assert!(list[0].title.as_str().starts_with("'; DROP TABLE users; --"));
}

pub async fn a_flush_after_a_delete_is_no_error(ports: &Ports) {
    let ann = ports.user("ann").await;
    let begun = ports.running(ann, "Hello", at(1)).await;
    let mut turn = begun.turn;
    turn.record(TurnEvent::Text("gone".into()), at(2));
    assert!(ports.conversations.delete(ann, begun.conversation.id).await.expect("deleted"));
    ports.turns.store(&[from_start(&turn)]).await.expect("no error");
    turn.record(TurnEvent::Finished(Outcome::Stopped), at(3));
    ports.turns.store(&[from_start(&turn)]).await.expect("no error");
    assert_eq!(ports.turns.turn(ann, turn.id).await.expect("read"), None);
    assert_eq!(ports.conversations.list(ann, 9).await.expect("a list"), []);
}

pub async fn interrupting_keeps_what_had_arrived(ports: &Ports) {
    let (ann, bob) = (ports.user("ann").await, ports.user("bob").await);
    let done = ports.complete(ann, "Done", at(1)).await.turn;
    let mut cut = ports.running(ann, "Cut", at(2)).await.turn;
    cut.record(TurnEvent::Reasoning("hm".into()), at(3));
    cut.record(TurnEvent::Text("half a sen".into()), at(4));
    ports.turns.store(&[from_start(&cut)]).await.expect("stored");
    let untouched = ports.running(bob, "Untouched", at(5)).await.turn;

    assert_eq!(ports.turns.interrupt_all(at(100)).await.expect("done"), 2);
    assert_eq!(ports.turns.interrupt_all(at(200)).await.expect("done"), 0);
    let stored = ports.stored(ann, cut.id).await;
    cut.record(TurnEvent::Finished(Outcome::Interrupted), at(100));
    assert_eq!(stored, cut, "as if the end had been an event");
    assert_eq!(ports.stored(bob, untouched.id).await.outcome(), Some(&Outcome::Interrupted));
    assert_eq!(ports.stored(ann, done.id).await, done);
}
