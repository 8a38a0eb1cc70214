//! What is done to a message.

use super::{Act, Scope, Step, focus_in};
use crate::{
    api::{
        conversations::{choose_branch, open_conversation},
        messages::{delete_message, restore_messages},
        turns::{continue_turn, retry_turn},
    },
    browser,
    components::{Toast, ToastAction},
    error::AppError,
    pages::chat::{send_key::new_key, thread::Thread},
};
use chat::{MessageId, ModelRef, Timestamp, TurnId, ports::Sent};
use leptos::{prelude::*, task::spawn_local};

/// Does it, unless something else is on its way.
pub(super) fn act(thread: Thread, act: Act) {
    if !thread.is_idle() {
        return;
    }
    thread.begin();
    spawn_local(async move {
        let done = match act {
            Act::Choose(message, step) => choose(thread, message, step).await,
            Act::Retry(turn, model) => retry(thread, turn, model).await,
            Act::GoOn(turn) => go_on(thread, turn).await,
            Act::Delete(key, scope) => delete(thread, key, scope).await,
        };
        thread.end();
        if let Err(error) = done {
            thread.chat.tell(&error);
            thread.reload();
        }
    });
}

async fn choose(thread: Thread, message: MessageId, step: Step) -> Result<(), AppError> {
    let transcript = choose_branch(thread.id.to_string(), message.to_string()).await?;
    // What was read stays where it is, as far as that goes.
    thread.scroll.stay();
    thread.take(Ok(transcript));
    if let Some(place) = untrack(|| thread.versions(message)) {
        thread.chat.status.set(["Version ", &place.number.to_string(), " of ", &place.count.to_string()].concat());
    }
    focus_in(
        message,
        match step {
            Step::Back => ".branch button:first-of-type",
            Step::On => ".branch button:last-of-type",
        },
    );
    Ok(())
}

async fn retry(thread: Thread, turn: TurnId, model: Option<ModelRef>) -> Result<(), AppError> {
    let Some(key) = new_key() else { return Ok(()) };
    let model = model.map(String::from).unwrap_or_default();
    put_in_place(thread, turn, retry_turn(key.to_string(), turn.to_string(), model).await?);
    Ok(())
}

async fn go_on(thread: Thread, turn: TurnId) -> Result<(), AppError> {
    let Some(key) = new_key() else { return Ok(()) };
    put_in_place(thread, turn, continue_turn(key.to_string(), turn.to_string()).await?);
    Ok(())
}

/// Shows another attempt where the reply of a turn was.
fn put_in_place(thread: Thread, turn: TurnId, sent: Sent) {
    // If it is not to be seen any more, all has to be loaded anew.
    thread.end();
    match thread.reply_of(turn) {
        Some(reply) => thread.put(reply, None, &sent.conversation, sent.turn),
        None => thread.reload(),
    }
    focus_box();
}

async fn delete(thread: Thread, key: MessageId, scope: Scope) -> Result<(), AppError> {
    let Some(message) = thread.id_at(key) else { return Ok(()) };
    let (word, words) = match scope {
        Scope::One => ("one", "Message deleted"),
        Scope::Branch => ("branch", "Message and what follows deleted"),
    };
    let id = thread.id.to_string();
    let at = delete_message(id.clone(), message.to_string(), word.into()).await?;
    let undo = Callback::new(move |()| undo(thread, at));
    let action = Some(ToastAction { label: "Undo".into(), run: undo });
    thread.chat.toast.set(Some(Toast { text: words.into(), action }));
    thread.scroll.stay();
    thread.take(open_conversation(id).await);
    focus_box();
    Ok(())
}

fn undo(thread: Thread, at: Timestamp) {
    spawn_local(async move {
        match restore_messages(thread.id.to_string(), at).await {
            Err(error) => thread.chat.tell(&error),
            Ok(_) if thread.items.is_disposed() => {}
            Ok(transcript) => {
                thread.take(Ok(transcript));
                thread.chat.status.set("Brought back".into());
                focus_box();
            }
        }
    });
}

/// Whoever pressed a button that is gone goes on at the message box.
pub(super) fn focus_box() {
    request_animation_frame(|| browser::focus_field("#message"));
}
