//! Branches: a conversation is a tree of messages, of which one branch is shown.

use crate::{conversation::Fork, id::MessageId, message::Message};
use std::collections::{HashMap, HashSet};

/// The messages of a conversation, of all branches.
///
/// Deleted ones stay in their places until they are forgotten, so that what follows them stays where it was and a
/// deletion can be undone; they are neither shown nor told to a model.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    messages: Vec<Message>,
    deleted: HashSet<MessageId>,
}

impl Tree {
    /// A tree of messages in the order in which they were made, each after its parent.
    pub fn new(messages: Vec<Message>, deleted: HashSet<MessageId>) -> Self {
        Self { messages, deleted }
    }

    /// The end of the branch through a message that was written to last; the message itself when nothing follows it.
    /// With no message, or one that is not there, that of the whole conversation. None when all is deleted.
    pub fn newest_leaf(&self, through: Option<MessageId>) -> Option<MessageId> {
        let through = through.filter(|id| self.messages.iter().any(|message| message.id() == *id));
        let mut below: HashSet<MessageId> = through.into_iter().collect();
        let mut newest = None;
        for message in &self.messages {
            let inside = match through {
                None => true,
                Some(id) => message.id() == id || message.parent().is_some_and(|parent| below.contains(&parent)),
            };
            if inside {
                below.insert(message.id());
                newest = Some(message.id()).filter(|id| !self.deleted.contains(id)).or(newest);
            }
        }
        newest
    }

    /// A message and everything that follows it.
    pub fn below(&self, top: MessageId) -> Vec<MessageId> {
        let mut below = Vec::new();
        let mut seen = HashSet::from([top]);
        for message in &self.messages {
            let id = message.id();
            if id == top || message.parent().is_some_and(|parent| seen.contains(&parent)) {
                seen.insert(id);
                below.push(id);
            }
        }
        below
    }

    /// The branch that ends in `leaf`, from the first message downwards, and the versions of its messages. Empty when
    /// `leaf` is not among them.
    pub fn branch(self, leaf: MessageId) -> (Vec<Message>, Vec<Fork>) {
        let mut wanted = Some(leaf);
        let mut on_branch = HashSet::new();
        for message in self.messages.iter().rev() {
            if Some(message.id()) == wanted {
                on_branch.insert(message.id());
                wanted = message.parent();
            }
        }
        let forks = self.forks(&on_branch);
        let shown = |message: &Message| on_branch.contains(&message.id()) && !self.deleted.contains(&message.id());
        (self.messages.into_iter().filter(shown).collect(), forks)
    }

    /// The messages that are not deleted, each with the one that it follows among them.
    pub fn kept(self) -> Vec<(Message, Option<MessageId>)> {
        let mut above: HashMap<MessageId, Option<MessageId>> = HashMap::new();
        let mut kept = Vec::new();
        for message in self.messages {
            let id = message.id();
            let parent = message.parent().and_then(|parent| above.get(&parent).copied().flatten());
            let deleted = self.deleted.contains(&id);
            above.insert(id, if deleted { parent } else { Some(id) });
            if !deleted {
                kept.push((message, parent));
            }
        }
        kept
    }

    /// The versions of those messages that have several.
    fn forks(&self, on_branch: &HashSet<MessageId>) -> Vec<Fork> {
        let mut versions: HashMap<Option<MessageId>, Vec<MessageId>> = HashMap::new();
        for message in self.messages.iter().filter(|message| !self.deleted.contains(&message.id())) {
            versions.entry(message.parent()).or_default().push(message.id());
        }
        let fork = |message: &Message| {
            let versions = versions.get(&message.parent()).filter(|versions| versions.len() > 1)?.clone();
            Some(Fork { shown: message.id(), versions })
        };
        let shown = |message: &&Message| on_branch.contains(&message.id()) && !self.deleted.contains(&message.id());
        self.messages.iter().filter(shown).filter_map(fork).collect()
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

    fn tree(edges: &[(u128, u128)], deleted: &[u128]) -> Tree {
        let message = |&(n, parent): &(u128, u128)| {
            let parent = (parent != 0).then(|| id(parent));
            let (text, attachments) = (String::new(), Vec::new());
            Message::User(UserMessage { id: id(n), parent, text, attachments, created_at: Timestamp(0) })
        };
        Tree::new(edges.iter().map(message).collect(), deleted.iter().map(|n| id(*n)).collect())
    }

    fn numbers(ids: impl IntoIterator<Item = MessageId>) -> Vec<u128> {
        ids.into_iter().map(|id| id.0.as_u128()).collect()
    }

    fn shown(tree: &Tree, through: Option<u128>) -> Vec<u128> {
        let leaf = tree.newest_leaf(through.map(id));
        let branch = leaf.map(|leaf| tree.clone().branch(leaf).0).unwrap_or_default();
        numbers(branch.iter().map(Message::id))
    }

    #[test]
    fn the_branch_that_was_written_to_last_is_shown() {
        let shown = |edges: &[(u128, u128)]| shown(&tree(edges, &[]), None);
        assert_eq!(shown(&[]), [0u128; 0]);
        assert_eq!(shown(&[(1, 0), (2, 1), (3, 2)]), [1, 2, 3]);
        assert_eq!(shown(&[(1, 0), (2, 1), (3, 1)]), [1, 3]);
        assert_eq!(shown(&[(1, 0), (2, 1), (3, 1), (4, 2)]), [1, 2, 4]);
        assert_eq!(shown(&[(1, 0), (2, 1), (3, 0)]), [3]);
    }

    #[test]
    fn choosing_a_version_shows_what_was_said_after_it_last() {
        let edges = [(1, 0), (2, 1), (3, 1), (4, 2), (5, 4), (6, 2), (7, 3)];
        let tree = tree(&edges, &[]);
        assert_eq!(shown(&tree, Some(2)), [1, 2, 6]);
        assert_eq!(shown(&tree, Some(4)), [1, 2, 4, 5]);
        assert_eq!(shown(&tree, Some(99)), [1, 3, 7]);
        assert_eq!(numbers(tree.below(id(2))), [2, 4, 5, 6]);
    }

    #[test]
    fn versions_stand_beside_each_other() {
        let (_, forks) = tree(&[(1, 0), (2, 1), (3, 1), (4, 3), (5, 0)], &[]).branch(id(4));
        let forks: Vec<_> = forks.into_iter().map(|fork| (fork.shown.0.as_u128(), numbers(fork.versions))).collect();
        assert_eq!(forks, [(1, vec![1, 5]), (3, vec![2, 3])]);
    }

    #[test]
    fn what_is_kept_follows_the_last_that_is_kept_before_it() {
        let kept = tree(&[(1, 0), (2, 1), (3, 2), (4, 3), (5, 1)], &[2, 3]).kept();
        let edges: Vec<_> =
            kept.iter().map(|(one, parent)| (one.id().0.as_u128(), parent.map(|id| id.0.as_u128()))).collect();
        assert_eq!(edges, [(1, None), (4, Some(1)), (5, Some(1))]);
    }

    #[test]
    fn what_is_deleted_is_not_shown_and_what_follows_it_is() {
        let edges = [(1, 0), (2, 1), (3, 2), (4, 3), (5, 3)];
        assert_eq!(shown(&tree(&edges, &[2]), None), [1, 3, 5]);
        assert_eq!(shown(&tree(&edges, &[5]), None), [1, 2, 3, 4]);
        assert_eq!(shown(&tree(&edges, &[1, 2, 3, 4, 5]), None), [0u128; 0]);
        assert!(tree(&edges, &[5]).branch(id(4)).1.is_empty(), "a deleted version is none");
    }
}
