//! What turns used, by day.

use super::{Ports, at, from_start, whole};
use chat::{
    ModelRef, Outcome, Turn, TurnEvent, Usage,
    ports::{DayUsage, Spent},
};

const DAY: i64 = 24 * 3600;

fn used(n: u32) -> Usage {
    Usage { input: Some(10 * n), cached: Some(n), output: Some(2 * n), reasoning: None }
}

fn end(turn: &mut Turn, usage: Usage) {
    let now = turn.started_at.plus_seconds(1);
    turn.record(TurnEvent::Usage(usage), now);
    turn.record(TurnEvent::Cost(100), now);
    turn.record(TurnEvent::Finished(Outcome::Stopped), now);
}

pub async fn what_a_turn_used_is_counted_once_on_its_day_and_outlives_it(ports: &Ports) {
    let (ann, bob) = (ports.user("ann").await, ports.user("bob").await);
    let mut conversations = Vec::new();
    for (n, second) in [(1, 0), (2, 10), (3, DAY)] {
        let mut begun = ports.running(ann, "Hello", at(second)).await;
        assert_eq!(ports.turns.usage(ann, at(second), at(second)).await.expect("read").len(), usize::from(n == 2));
        end(&mut begun.turn, used(n));
        // As often as it may be stored.
        for progress in [from_start(&begun.turn), from_start(&begun.turn), whole(&begun.turn)] {
            ports.turns.store(&[progress]).await.expect("stored");
        }
        conversations.push(begun.conversation.id);
    }
    for id in conversations {
        assert!(ports.conversations.delete(ann, id).await.expect("deleted"));
    }
    let day = at(0).0.div_euclid(DAY * 1000);
    let one = DayUsage {
        day,
        model: ModelRef::new("openai", "gpt/large"),
        turns: 2,
        input: 30,
        cached: 3,
        output: 6,
        reasoning: 0,
        cost: 200,
    };
    let two = DayUsage { day: day + 1, turns: 1, cost: 100, input: 30, ..one.clone() };
    assert_eq!(ports.turns.usage(ann, at(0), at(DAY)).await.expect("read"), [one.clone(), two.clone()]);
    assert_eq!(ports.turns.usage(ann, at(0), at(1)).await.expect("read"), [one]);
    assert_eq!(ports.turns.usage(ann, at(DAY), at(9 * DAY)).await.expect("read"), [two]);
    assert_eq!(ports.turns.usage(bob, at(0), at(9 * DAY)).await.expect("read"), []);
}

pub async fn what_was_used_without_a_stored_turn_is_counted_too(ports: &Ports) {
    let ann = ports.user("ann").await;
    let model = ModelRef::new("openai", "gpt/large");
    let spent = |turns, cost| Spent { at: at(0), model: model.clone(), turns, usage: used(1), cost };
    ports.turns.count(ann, &spent(1, Some(7))).await.expect("counted");
    ports.turns.count(ann, &spent(0, None)).await.expect("counted");
    let usage = ports.turns.usage(ann, at(0), at(0)).await.expect("read");
    assert_eq!(usage.iter().map(|day| (day.turns, day.input, day.cost)).collect::<Vec<_>>(), [(1, 20, 7)]);
    assert_eq!(ports.conversations.list(ann, 9).await.expect("a list"), []);
}
