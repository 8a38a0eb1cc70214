//! What is attached, by conversation. It stays while one goes from one to another, as a draft does.

#![cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "a server attaches nothing"))]

use super::{Attaching, Files, upload};
use chat::{Attachment, ConversationId, FileName};
use leptos::prelude::*;
use std::cell::{Cell, RefCell};

/// One file of the row.
#[derive(Clone)]
pub(super) struct Entry {
    /// Which one, on this page.
    pub key: u32,
    pub name: FileName,
    pub state: ArcRwSignal<State>,
}

/// How far a file has come.
#[derive(Clone)]
pub(super) enum State {
    /// It is on its way to the server.
    Uploading,
    /// It can't be attached, for this reason.
    Refused(String),
    /// It is there.
    Done(Attachment),
}

type List = ArcRwSignal<Vec<Entry>>;

thread_local! {
    static LISTS: RefCell<Vec<(Option<ConversationId>, List)>> = const { RefCell::new(Vec::new()) };
    static KEYS: Cell<u32> = const { Cell::new(0) };
}

impl Entry {
    fn new(name: FileName, state: State) -> Self {
        KEYS.set(KEYS.get().wrapping_add(1));
        Self { key: KEYS.get(), name, state: ArcRwSignal::new(state) }
    }

    /// Whether it is on its way, followed as that changes.
    pub(super) fn is_uploading(&self) -> bool {
        self.state.with(|state| matches!(state, State::Uploading))
    }

    /// Whether it is a picture that will be sent, followed as that changes.
    pub(super) fn is_picture(&self) -> bool {
        self.state.with(|state| matches!(state, State::Done(file) if file.is_image()))
    }

    fn done(&self) -> Option<Attachment> {
        self.state.with_untracked(|state| match state {
            State::Done(file) => Some(file.clone()),
            _ => None,
        })
    }
}

/// What is attached in a conversation, or in the next one.
pub(super) fn of(conversation: Option<ConversationId>) -> List {
    LISTS.with_borrow_mut(|lists| {
        if let Some((_, list)) = lists.iter().find(|(of, _)| *of == conversation) {
            return list.clone();
        }
        let list = List::new(Vec::new());
        lists.push((conversation, list.clone()));
        list
    })
}

/// Begins to upload files.
pub(super) fn add(attaching: Attaching, files: Files) {
    let list = of(attaching.conversation);
    for (name, file) in upload::files(files) {
        let full = list.with_untracked(Vec::len) >= Attachment::MAX_PER_MESSAGE;
        let state = if full { State::Refused(too_many()) } else { State::Uploading };
        let entry = Entry::new(FileName::parse(&name), state);
        list.update(|entries| entries.push(entry.clone()));
        if !full {
            upload::begin(entry, file, attaching.chat);
        }
    }
}

fn too_many() -> String {
    ["A message has up to ", &Attachment::MAX_PER_MESSAGE.to_string(), " files."].concat()
}

/// Takes a file out of the row. What is not sent need not be kept.
pub(super) fn remove(conversation: Option<ConversationId>, entry: &Entry) {
    of(conversation).update(|entries| entries.retain(|shown| shown.key != entry.key));
    match entry.done() {
        Some(file) => upload::forget(file.id),
        None => upload::abort(entry.key),
    }
}

/// See [`super::Table`].
pub(super) fn take(conversation: Option<ConversationId>) -> Vec<Attachment> {
    let entries = of(conversation).try_update(std::mem::take).unwrap_or_default();
    entries.iter().filter_map(Entry::done).collect()
}

/// See [`super::Table`].
pub(super) fn put_back(conversation: Option<ConversationId>, files: Vec<Attachment>) {
    let entries = files.into_iter().map(|file| Entry::new(file.name.clone(), State::Done(file)));
    of(conversation).update(|shown| _ = shown.splice(0..0, entries));
}

/// See [`super::Table`].
pub(super) fn begun(conversation: ConversationId) {
    LISTS.with_borrow_mut(|lists| {
        lists.iter_mut().filter(|(of, _)| of.is_none()).for_each(|(of, _)| *of = Some(conversation));
    });
}
