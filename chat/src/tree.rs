//! Branches: a conversation is a tree of messages, of which one branch is shown.

use crate::{id::MessageId, message::Message};

/// The branch that ends in `leaf`, from the root downwards.
///
/// `messages` come in the order in which they were made, each after its parent. Empty when `leaf` is not
/// among them.
pub fn branch_to(messages: Vec<Message>, leaf: MessageId) -> Vec<Message> {
    let mut wanted = Some(leaf);
    let mut branch: Vec<Message> = Vec::new();
    for message in messages.into_iter().rev() {
        if Some(message.id()) == wanted {
            wanted = message.parent();
            branch.push(message);
        }
    }
    branch.reverse();
    branch
}

/// The branch in which something was said last: a retried reply stands in the place of the one before it.
pub fn newest_branch(messages: Vec<Message>) -> Vec<Message> {
    match messages.last().map(Message::id) {
        Some(leaf) => branch_to(messages, leaf),
        None => messages,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Timestamp, UserMessage};
    use uuid::Uuid;

    fn id(n: u128) -> MessageId {
        MessageId(Uuid::from_u128(n))
    }

    fn messages(edges: &[(u128, u128)]) -> Vec<Message> {
        let message = |&(n, parent): &(u128, u128)| {
            let parent = (parent != 0).then(|| id(parent));
            Message::User(UserMessage { id: id(n), parent, text: String::new(), created_at: Timestamp(0) })
        };
        edges.iter().map(message).collect()
    }

    fn numbers(branch: &[Message]) -> Vec<u128> {
        branch.iter().map(|m| m.id().0.as_u128()).collect()
    }

    #[test]
    fn the_branch_of_the_newest_message_is_shown() {
        let shown = |edges: &[(u128, u128)]| numbers(&newest_branch(messages(edges)));
        assert_eq!(shown(&[]), [0u128; 0]);
        assert_eq!(shown(&[(1, 0), (2, 1), (3, 2)]), [1, 2, 3]);
        assert_eq!(shown(&[(1, 0), (2, 1), (3, 1)]), [1, 3]);
        assert_eq!(shown(&[(1, 0), (2, 1), (3, 1), (4, 2)]), [1, 2, 4]);
        assert_eq!(shown(&[(1, 0), (2, 1), (3, 0)]), [3]);
    }

    #[test]
    fn a_branch_ends_in_its_leaf() {
        let tree = [(1, 0), (2, 1), (3, 1), (4, 3)];
        assert_eq!(numbers(&branch_to(messages(&tree), id(2))), [1, 2]);
        assert!(branch_to(messages(&tree), id(9)).is_empty());
    }
}
