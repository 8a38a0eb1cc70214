//! What users share.

use super::{Ports, at, by};
use chat::{
    UserId,
    ports::Begun,
    share::{NewShare, Share, ShareToken, snapshot},
};

fn token(letter: &str) -> ShareToken {
    ShareToken::parse(&letter.repeat(43)).expect("a token")
}

fn new(owner: UserId, begun: &Begun, letter: &str, seconds: i64) -> NewShare {
    let share = Share {
        title: begun.conversation.title.clone(),
        author: "Ann".into(),
        messages: snapshot(&begun.branch),
        created_at: at(seconds),
    };
    NewShare { owner, conversation: begun.conversation.id, token: token(letter), share }
}

pub async fn c07_a_snapshot_is_read_by_its_link_until_that_ends(ports: &Ports) {
    let ann = ports.user("ann").await;
    let begun = ports.complete(ann, "Hello", at(1)).await;
    let id = begun.conversation.id;
    let first = new(ann, &begun, "a", 2);
    assert_eq!(ports.shares.share(&first).await.expect("stored"), Some(token("a")));
    assert_eq!(ports.shares.shared(&token("a")).await.expect("read"), Some(first.share.clone()));
    assert_eq!(ports.shares.shared(&token("b")).await.expect("read"), None);

    // A later snapshot has the same link.
    let second = new(ann, &begun, "b", 3);
    assert_eq!(ports.shares.share(&second).await.expect("stored"), Some(token("a")));
    assert_eq!(ports.shares.shared(&token("a")).await.expect("read").expect("there").created_at, at(3));
    let links = ports.shares.links(ann).await.expect("read");
    assert_eq!((links.len(), &links[0].token, links[0].conversation), (1, &token("a"), id));
    assert_eq!(ports.shares.link_of(ann, id).await.expect("read").as_ref(), links.first());

    assert!(ports.shares.end_share(ann, id).await.expect("ended"));
    assert!(!ports.shares.end_share(ann, id).await.expect("read"), "it has ended");
    assert_eq!(ports.shares.shared(&token("a")).await.expect("read"), None);
    assert_eq!(ports.shares.links(ann).await.expect("read"), []);
}

pub async fn c07_nobody_shares_or_ends_what_is_somebody_elses(ports: &Ports) {
    let (ann, bob) = (ports.user("ann").await, ports.user("bob").await);
    let begun = ports.complete(ann, "Hello", at(1)).await;
    let id = begun.conversation.id;
    assert_eq!(ports.shares.share(&new(bob, &begun, "b", 2)).await.expect("read"), None);
    ports.shares.share(&new(ann, &begun, "a", 2)).await.expect("stored");
    assert_eq!(ports.shares.share(&new(bob, &begun, "b", 3)).await.expect("read"), None);
    assert!(!ports.shares.end_share(bob, id).await.expect("read"));
    assert_eq!(ports.shares.link_of(bob, id).await.expect("read"), None);
    assert_eq!(ports.shares.links(bob).await.expect("read"), []);
    assert_eq!(ports.shares.shared(&token("a")).await.expect("read").expect("there").created_at, at(2));
}

pub async fn c07_a_link_ends_with_its_conversation_and_rests_while_its_owner_is_disabled(ports: &Ports) {
    let ann = ports.user("ann").await;
    let begun = ports.complete(ann, "Hello", at(1)).await;
    ports.shares.share(&new(ann, &begun, "a", 2)).await.expect("stored");
    for (disabled, there) in [(true, false), (false, true)] {
        ports.people.set_disabled(ann, disabled, &by("Zoe")).await.expect("set");
        assert_eq!(ports.shares.shared(&token("a")).await.expect("read").is_some(), there);
    }
    assert!(ports.conversations.delete(ann, begun.conversation.id).await.expect("deleted"));
    assert_eq!(ports.shares.shared(&token("a")).await.expect("read"), None);
}

pub async fn all_conversations_of_one_user_are_deleted_and_nobody_elses(ports: &Ports) {
    let (ann, bob) = (ports.user("ann").await, ports.user("bob").await);
    for number in 0..3 {
        ports.complete(ann, "Hello", at(number)).await;
    }
    let kept = ports.complete(bob, "Hello", at(1)).await.conversation.id;
    assert_eq!(ports.conversations.delete_all(ann).await.expect("deleted"), 3);
    assert_eq!(ports.conversations.delete_all(ann).await.expect("deleted"), 0);
    assert_eq!(ports.conversations.list(ann, 10).await.expect("read"), []);
    assert_eq!(ports.conversations.list(bob, 10).await.expect("read")[0].id, kept);
}
