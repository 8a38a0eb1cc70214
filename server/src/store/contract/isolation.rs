//! Two users in one store, who must never notice each other.

use super::{Ports, at, from_start};
use chat::{
    ConversationId, MessageId, Title, TurnEvent, TurnId, UserId,
    ports::{BeginError, NewAttempt, Place},
};

/// All that a user has: what must be the same before and after somebody else's attempts.
async fn everything_of(ports: &Ports, owner: UserId) -> String {
    let list = ports.conversations.list(owner, 100).await.expect("a list");
    let mut all = format!("{list:?}");
    for summary in list {
        let transcript = ports.conversations.transcript(owner, summary.id).await.expect("read").expect("a transcript");
        all.push_str(&format!("{transcript:?}"));
    }
    all
}

pub async fn c01_what_is_foreign_is_the_same_as_what_does_not_exist(ports: &Ports) {
    let (ann, eve) = (ports.user("ann").await, ports.user("eve").await);
    let hers = ports.running(ann, "secret", at(1)).await;
    let before = everything_of(ports, ann).await;
    let nowhere = (ConversationId(ports.id()), TurnId(ports.id()));
    let title = Title::parse("taken over").expect("a title");

    for (conversation, turn) in [(hers.conversation.id, hers.turn.id), nowhere] {
        assert_eq!(ports.conversations.transcript(eve, conversation).await.expect("read"), None);
        assert!(!ports.conversations.rename(eve, conversation, &title).await.expect("answered"));
        ports.conversations.suggest_title(eve, conversation, &title).await.expect("no error");
        assert!(!ports.conversations.delete(eve, conversation).await.expect("answered"));
        assert_eq!(ports.conversations.running_turns(eve, conversation).await.expect("read"), []);
        assert_eq!(ports.turns.turn(eve, turn).await.expect("read"), None);
        let again = ports.turns.begin_attempt(&ports.attempt(eve, turn, at(2))).await;
        assert!(matches!(again, Err(BeginError::NotFound)), "{again:?}");
    }
    assert_eq!(everything_of(ports, ann).await, before);
    assert_eq!(ports.conversations.list(eve, 100).await.expect("a list"), []);
}

pub async fn c01_a_list_holds_the_users_own_conversations_only(ports: &Ports) {
    let (ann, bob) = (ports.user("ann").await, ports.user("bob").await);
    let hers = ports.complete(ann, "hers", at(1)).await;
    let his = ports.complete(bob, "his", at(2)).await;
    for (user, own) in [(ann, hers), (bob, his)] {
        let ids: Vec<_> =
            ports.conversations.list(user, 100).await.expect("a list").iter().map(|summary| summary.id).collect();
        assert_eq!(ids, [own.conversation.id]);
    }
}

pub async fn c03_a_message_into_a_foreign_conversation_is_not_found_and_not_written(ports: &Ports) {
    let (ann, eve) = (ports.user("ann").await, ports.user("eve").await);
    let hers = ports.complete(ann, "hers", at(1)).await;
    let running = ports.running(ann, "running", at(1)).await.conversation.id;
    let own = ports.complete(eve, "own", at(2)).await;
    let (hers_id, own_id) = (hers.conversation.id, own.conversation.id);
    let before = (everything_of(ports, ann).await, everything_of(ports, eve).await);

    let places = [
        ("foreign conversation", Place::After(hers_id, None)),
        ("foreign conversation and parent", Place::After(hers_id, Some(hers.turn.reply))),
        ("foreign conversation, own parent", Place::After(hers_id, Some(own.turn.reply))),
        ("own conversation, foreign parent", Place::After(own_id, Some(hers.turn.reply))),
        ("own conversation, foreign user's message", Place::After(own_id, Some(hers.turn.parent))),
        ("foreign conversation in which a turn runs", Place::After(running, None)),
        ("no such conversation", Place::After(ConversationId(ports.id()), None)),
        ("no such parent", Place::After(own_id, Some(MessageId(ports.id())))),
    ];
    for (what, place) in places {
        let new = ports.message(eve, place, "let me in", at(3));
        let refused = ports.turns.begin(&new).await;
        assert!(matches!(refused, Err(BeginError::NotFound)), "{what}: {refused:?}");
        assert_eq!(ports.turns.turn(eve, new.turn).await.expect("read"), None, "{what}");
    }
    assert_eq!((everything_of(ports, ann).await, everything_of(ports, eve).await), before);
}

pub async fn c04_a_parent_of_another_conversation_is_not_found_and_not_written(ports: &Ports) {
    let (ann, eve) = (ports.user("ann").await, ports.user("eve").await);
    let (one, other) = (ports.complete(ann, "one", at(1)).await, ports.complete(ann, "other", at(2)).await);
    let before = everything_of(ports, ann).await;
    let place = Place::After(one.conversation.id, Some(other.turn.reply));
    let mixed = ports.turns.begin(&ports.message(ann, place, "both hers, but not together", at(3))).await;
    assert!(matches!(mixed, Err(BeginError::NotFound)), "{mixed:?}");
    assert_eq!(everything_of(ports, ann).await, before);

    // A key that somebody else has used is no way to what they sent with it.
    let running = ports.first_message(ann, "third", at(4));
    let mut begun = ports.turns.begin(&running).await.expect("a turn");
    let attempt = NewAttempt { key: running.key, ..ports.attempt(eve, running.turn, at(5)) };
    let stolen = ports.turns.begin_attempt(&attempt).await;
    assert!(matches!(stolen, Err(BeginError::NotFound)), "{stolen:?}");
    begun.turn.record(TurnEvent::Text("for Ann".into()), at(6));
    ports.turns.store(&[from_start(&begun.turn)]).await.expect("stored");
    assert_eq!(ports.stored(ann, running.turn).await.text, "for Ann");
}
