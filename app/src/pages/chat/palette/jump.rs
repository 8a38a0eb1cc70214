//! Going to a message.

use crate::{
    api::conversations::choose_branch,
    browser,
    components::Toast,
    error::AppError,
    pages::chat::{items::Item, thread::Thread, work::element_id},
};
use chat::MessageId;
use leptos::{prelude::*, task::spawn_local};

/// Shows a message of an open conversation, on its own branch when it is on another, and gives it the focus.
pub(super) fn to(thread: Thread, message: MessageId) {
    if show(thread, message) {
        return;
    }
    spawn_local(async move {
        match choose_branch(thread.id.to_string(), message.to_string()).await {
            Err(AppError::NotFound) => {
                thread.chat.toast.set(Some(Toast::new("This message is not there any more")));
            }
            answer => {
                thread.take(answer);
                show(thread, message);
            }
        }
    });
}

/// False when it is not on the branch that is shown.
fn show(thread: Thread, message: MessageId) -> bool {
    let place = |items: &Vec<Item>| items.iter().find(|item| item.id() == message).map(|item| item.key);
    let Some(key) = thread.items.try_with_untracked(place).flatten() else { return false };
    thread.scroll.stay();
    // The page may have just been made, and goes to its end then.
    request_animation_frame(move || {
        request_animation_frame(move || {
            thread.scroll.stay();
            browser::go_to(&["#", &element_id(key)].concat());
        });
    });
    true
}
