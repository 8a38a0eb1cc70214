//! Which conversations the sidebar lists, and under which headings.

use crate::case::lower;
use chat::{ConversationId, ConversationSummary, Timestamp, conversation::by_period, time::UtcOffset};

/// Conversations that stand under one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// The heading.
    pub heading: String,
    /// The conversations, newest first.
    pub members: Vec<ConversationId>,
}

impl Group {
    /// The `id` of the heading's element.
    pub fn heading_id(&self) -> String {
        "g-".to_owned() + &lower(&self.heading).replace(' ', "-")
    }
}

/// The conversations under their headings.
pub(super) fn groups(list: &[ConversationSummary], now: Timestamp, offset: UtcOffset) -> Vec<Group> {
    by_period(list.to_vec(), now, offset)
        .into_iter()
        .map(|(period, members)| Group {
            heading: period.heading().to_owned(),
            members: members.into_iter().map(|c| c.id).collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests;
