//! The versions of a message, of which one is shown.

use super::{
    thread::Thread,
    work::{Act, Step},
};
use crate::{
    components::{Icon, IconName, IconSize},
    reactive::memo,
};
use chat::{Fork, MessageId};
use leptos::{ev::MouseEvent, prelude::*};

/// Which of several versions is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Counted from 1.
    pub number: usize,
    pub count: usize,
    /// The versions beside it; at either end itself.
    pub before: MessageId,
    pub after: MessageId,
}

/// Which version is shown of a message that has several.
pub(super) fn place(forks: &[Fork], shown: MessageId) -> Option<Place> {
    let versions = &forks.iter().find(|fork| fork.shown == shown)?.versions;
    let at = versions.iter().position(|version| *version == shown)?;
    let version = |at: usize| versions.get(at).copied().unwrap_or(shown);
    let before = version(at.checked_sub(1).unwrap_or(at));
    Some(Place { number: at + 1, count: versions.len(), before, after: version(at + 1) })
}

/// Takes in that another version of a message is shown, which has just been made.
pub(super) fn add(forks: &mut Vec<Fork>, of: MessageId, version: MessageId) {
    let fork = match forks.iter_mut().find(|fork| fork.versions.contains(&of)) {
        Some(fork) => fork,
        None => {
            forks.push(Fork { shown: of, versions: vec![of] });
            let last = forks.len() - 1;
            &mut forks[last]
        }
    };
    fork.shown = version;
    if !fork.versions.contains(&version) {
        fork.versions.push(version);
    }
}

/// Goes from version to version of a message. Before the page is awake it is a plain form. While a reply is being written
/// it rests.
#[component]
pub fn Versions(
    /// The message's place on the page.
    key: MessageId,
    label: &'static str,
    thread: Thread,
) -> impl IntoView {
    let place = memo(move || thread.versions(key));
    move || {
        place.get().map(|place| {
            let words = [&place.number.to_string(), " / ", &place.count.to_string()].concat();
            view! {
                <form method="post" action="/api/conversations/choose">
                    <input type="hidden" name="id" value=thread.id.to_string()/>
                    <div class="branch" role="group" aria-label=label>
                        <Turner thread step=Step::Back to=place.before at_end=place.number == 1/>
                        <span>{words}</span>
                        <Turner thread step=Step::On to=place.after at_end=place.number == place.count/>
                    </div>
                </form>
            }
        })
    }
}

/// The button to the next version on one side. At the end it rests, but keeps the focus.
#[component]
fn Turner(thread: Thread, step: Step, to: MessageId, at_end: bool) -> impl IntoView {
    let (label, icon) = match step {
        Step::Back => ("Previous version", IconName::ChevronLeft),
        Step::On => ("Next version", IconName::ChevronRight),
    };
    let rests = move || at_end || thread.running.get().is_some();
    let click = move |event: MouseEvent| {
        event.prevent_default();
        if !untrack(rests) {
            thread.act(Act::Choose(to, step));
        }
    };
    view! {
        <button
            class="ib ib-sm"
            type="submit"
            name="message"
            value=to.to_string()
            aria-label=label
            title=label
            aria-disabled=move || rests().then_some("true")
            on:click=click
        >
            <Icon name=icon size=IconSize::Small/>
        </button>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> MessageId {
        ["018f0000-0000-7000-8000-00000000000", &n.to_string()].concat().parse().expect("an id")
    }

    #[test]
    fn versions_are_counted_in_the_order_in_which_they_were_made() {
        let forks = [Fork { shown: id(2), versions: vec![id(1), id(2), id(3)] }];
        let middle = Place { number: 2, count: 3, before: id(1), after: id(3) };
        assert_eq!(place(&forks, id(2)), Some(middle));
        assert_eq!(place(&forks, id(1)), None, "it is not shown");
        let forks = [Fork { shown: id(1), versions: vec![id(1), id(2)] }];
        assert_eq!(place(&forks, id(1)), Some(Place { number: 1, count: 2, before: id(1), after: id(2) }));
    }

    #[test]
    fn a_new_version_is_the_last_and_is_shown() {
        let mut forks = Vec::new();
        add(&mut forks, id(1), id(2));
        assert_eq!(forks, [Fork { shown: id(2), versions: vec![id(1), id(2)] }]);
        add(&mut forks, id(2), id(3));
        add(&mut forks, id(2), id(3));
        assert_eq!(forks, [Fork { shown: id(3), versions: vec![id(1), id(2), id(3)] }]);
    }
}
