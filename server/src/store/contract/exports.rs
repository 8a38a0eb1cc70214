//! What users take away.

use super::{Ports, at};
use chat::ports::Deletion;

pub async fn everything_is_taken_away_but_what_was_deleted(ports: &Ports) {
    let ann = ports.user("ann").await;
    let begun = ports.complete(ann, "Hello", at(1)).await;
    let id = begun.conversation.id;
    let mut other =
        ports.turns.begin_attempt(&ports.attempt(ann, begun.turn.id, at(2))).await.expect("another attempt");
    ports.finish(&mut other.turn, "second answer").await;
    let whole = ports.exports.whole(ann, id).await.expect("read").expect("there");
    assert_eq!((whole.messages.len(), whole.shown), (3, Some(other.turn.reply)));
    assert_eq!(whole.messages[2].1, Some(begun.branch[0].id()));

    let deletion = Deletion { owner: ann, conversation: id, message: begun.turn.reply, with_branch: false, now: at(3) };
    ports.conversations.delete_message(&deletion).await.expect("deleted");
    assert_eq!(ports.exports.whole(ann, id).await.expect("read").expect("there").messages.len(), 2);
    let newer = ports.complete(ann, "Newer", at(9)).await.conversation.id;
    assert_eq!(ports.exports.conversations(ann).await.expect("read"), [id, newer]);
}

pub async fn c01_only_ones_own_conversations_are_taken_away(ports: &Ports) {
    let (ann, bob) = (ports.user("ann").await, ports.user("bob").await);
    let id = ports.complete(ann, "Hello", at(1)).await.conversation.id;
    assert_eq!(ports.exports.whole(bob, id).await.expect("read"), None);
    assert_eq!(ports.exports.conversations(bob).await.expect("read"), []);
}
