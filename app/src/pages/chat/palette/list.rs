//! What the palette lists, and what is asked of the server for it.

use super::{
    actions::{self, Action},
    row::option_id,
};
use crate::{api::search::search, browser, case::lower, pages::chat::state::ChatState, reactive::memo};
use chat::{ConversationSummary, search::Hit};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// How long after a key the server is asked, if no other key follows.
const PAUSE: Duration = Duration::from_millis(120);
/// So many conversations are listed before anything is typed.
const RECENT: usize = 6;

/// What can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    /// A conversation of the sidebar.
    Recent(ConversationSummary),
    /// What the server has found.
    Found(Hit),
    /// Something to do.
    Action(Action),
}

/// What the server has said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// Nothing was asked.
    None,
    /// What it found, and for what.
    Found(String, Vec<Hit>),
    /// It did not answer.
    Failed(String),
}

/// The list, and the field above it.
#[derive(Clone, Copy)]
pub(super) struct List {
    pub chat: ChatState,
    pub query: RwSignal<String>,
    pub answer: RwSignal<Answer>,
    /// The place of the one that Enter chooses.
    pub active: RwSignal<usize>,
    pub entries: Memo<Vec<Entry>>,
    /// Counts what was asked, so that an answer that comes late changes nothing.
    asked: StoredValue<u32>,
    /// Enter was pressed before the answer came.
    hurried: StoredValue<bool>,
}

impl List {
    pub(super) fn new(chat: ChatState) -> Self {
        let (query, answer) = (RwSignal::new(String::new()), RwSignal::new(Answer::None));
        let entries = memo(move || entries(chat, query, answer));
        Self {
            chat,
            query,
            answer,
            active: RwSignal::new(0),
            entries,
            asked: StoredValue::new(0),
            hurried: StoredValue::new(false),
        }
    }

    /// Takes what is typed, and asks when typing pauses.
    pub(super) fn typed(self, text: String) {
        let number = self.asked.get_value().wrapping_add(1);
        self.asked.set_value(number);
        self.hurried.set_value(false);
        self.active.set(0);
        let blank = text.trim().is_empty();
        self.query.set(text);
        if blank {
            self.answer.set(Answer::None);
        } else {
            set_timeout(move || self.ask(number), PAUSE);
        }
    }

    /// Asks for the same once more.
    pub(super) fn again(self) {
        self.ask(self.asked.get_value());
    }

    fn ask(self, number: u32) {
        if self.asked.try_get_value() != Some(number) {
            return;
        }
        let query = self.query.get_untracked();
        spawn_local(async move {
            let answer = match search(query.clone()).await {
                Ok(hits) => Answer::Found(query, hits),
                Err(error) => Answer::Failed(error.to_string()),
            };
            if self.asked.try_get_value() == Some(number) {
                let press = self.hurried.get_value() && matches!(answer, Answer::Found(..));
                self.hurried.set_value(false);
                self.answer.set(answer);
                if press {
                    request_animation_frame(move || self.press(false));
                }
            }
        });
    }

    /// Whether what is listed is not for what stands in the field: the answer is on its way.
    pub(super) fn is_waiting(self) -> bool {
        let query = self.query.get();
        self.answer.with(|answer| match answer {
            Answer::None => !query.trim().is_empty(),
            Answer::Found(asked, _) => *asked != query,
            Answer::Failed(_) => false,
        })
    }

    /// Chooses the one that is marked; `beside` opens what it leads to in another tab. Who has typed and pressed Enter at
    /// once means what will be found.
    pub(super) fn press(self, beside: bool) {
        let active = self.active.get_untracked();
        if active == 0 && untrack(|| self.is_waiting()) {
            self.hurried.set_value(true);
        } else {
            browser::press(&["#", &option_id(active)].concat(), beside);
        }
    }

    /// Moves by so many entries, round the ends.
    pub(super) fn step(self, by: isize) {
        let length = self.entries.with_untracked(Vec::len);
        if length > 0 {
            let to = self.active.get_untracked() as isize + by;
            self.active.set(to.rem_euclid(length as isize) as usize);
        }
    }
}

fn entries(chat: ChatState, query: RwSignal<String>, answer: RwSignal<Answer>) -> Vec<Entry> {
    let typed = query.get();
    let typed = typed.trim();
    let mut entries: Vec<Entry> = match answer.get() {
        _ if typed.is_empty() => chat
            .conversations
            .with(|list| list.iter().filter(|c| !c.shelf.archived).take(RECENT).cloned().map(Entry::Recent).collect()),
        Answer::Found(_, hits) => hits.into_iter().map(Entry::Found).collect(),
        Answer::None | Answer::Failed(_) => Vec::new(),
    };
    let doing = actions::all().into_iter().filter(|action| matches(action, typed));
    let about = (!typed.is_empty()).then(|| Action::NewChatAbout(typed.to_owned()));
    entries.extend(doing.chain(about).map(Entry::Action));
    entries
}

/// Whether every word that is typed begins a word of what the action is called.
fn matches(action: &Action, typed: &str) -> bool {
    let name = lower(&action.name());
    let begins = |word: &str| name.split(' ').any(|part| part.starts_with(word));
    lower(typed).split_whitespace().all(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_found_by_the_beginnings_of_its_words() {
        for (typed, found) in [("", true), ("sign", true), ("OUT sig", true), ("ign", false), ("sign in", false)] {
            assert_eq!(matches(&Action::SignOut, typed), found, "{typed}");
        }
    }
}
