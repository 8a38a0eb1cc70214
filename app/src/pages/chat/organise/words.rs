//! What is said about what was done.

use super::acts::folder;
use crate::pages::chat::state::ChatState;
use chat::Act;

/// So many conversations, in words.
pub(super) fn conversations(count: usize) -> String {
    if count == 1 { "1 conversation".into() } else { [&count.to_string(), " conversations"].concat() }
}

/// What was done to so many.
pub(super) fn done(state: ChatState, act: Act, count: usize) -> String {
    let what = if count == 1 { "Conversation".into() } else { conversations(count) };
    let name = |id| folder(state, id).map(|folder| String::from(folder.name)).unwrap_or_default();
    match act {
        Act::Pin => [&what, " pinned"].concat(),
        Act::Unpin => [&what, " unpinned"].concat(),
        Act::Archive => [&what, " archived"].concat(),
        Act::Unarchive => [&what, " back from the archive"].concat(),
        Act::Move(Some(id)) => [&what, " moved to “", &name(id), "”"].concat(),
        Act::Move(None) => [&what, " taken out of the folder"].concat(),
        Act::Delete => [&what, " deleted"].concat(),
    }
}
