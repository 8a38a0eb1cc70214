//! A short word about what has just been done.

use std::time::Duration;

use crate::reactive::effect;
use leptos::{html, prelude::*};

use super::{Button, ButtonSize, ButtonVariant};

/// Long enough to read a sentence.
const SHOWN: Duration = Duration::from_secs(6);
/// Long enough to decide on an action as well.
const SHOWN_WITH_ACTION: Duration = Duration::from_secs(12);

/// What a toast offers to do, such as "Undo".
#[derive(Clone, Debug)]
pub struct ToastAction {
    /// The verb on the button.
    pub label: String,
    /// Called once; the toast goes away by itself.
    pub run: Callback<()>,
}

/// A short word about what has just been done.
#[derive(Clone, Debug)]
pub struct Toast {
    /// One sentence without a full stop.
    pub text: String,
    /// At most one thing to do about it.
    pub action: Option<ToastAction>,
}

impl Toast {
    /// A toast that only says something.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), action: None }
    }
}

/// Where toasts appear: once per page. Shows `toast` until its time is up, though never while somebody points at it or
/// has the focus in it, then sets it to `None`.
#[component]
pub fn ToastRegion(toast: RwSignal<Option<Toast>>) -> impl IntoView {
    let region = NodeRef::<html::Div>::new();
    // Counts the toasts, so that the clock of an earlier one does not take away a later one.
    let turn = StoredValue::new(0_u32);

    effect(move || {
        let shown = toast.with(|toast| toast.as_ref().map(|toast| toast.action.is_some()));
        let now = turn.get_value().wrapping_add(1);
        turn.set_value(now);
        if let Some(has_action) = shown {
            expire(toast, region, turn, now, if has_action { SHOWN_WITH_ACTION } else { SHOWN });
        }
    });
    let content = move || {
        toast.get().map(|Toast { text, action }| {
            view! {
                <div class="toast" role="status">
                    <span>{text}</span>
                    {action.map(|ToastAction { label, run }| {
                        let press = move |_| {
                            toast.set(None);
                            run.run(());
                        };
                        view! {
                            <Button variant=ButtonVariant::Quiet size=ButtonSize::Small on_click=press>
                                {label}
                            </Button>
                        }
                    })}
                </div>
            }
        })
    };
    view! { <div class="toasts" aria-live="polite" node_ref=region>{content}</div> }.into_any()
}

/// Takes the toast away after `wait`, or later while it is in use.
fn expire(
    toast: RwSignal<Option<Toast>>,
    region: NodeRef<html::Div>,
    turn: StoredValue<u32>,
    mine: u32,
    wait: Duration,
) {
    let end = move || {
        // The page may be gone when the time is up.
        if turn.try_get_value() != Some(mine) {
            return;
        }
        let in_use =
            region.get_untracked().is_some_and(|region| region.matches(":hover, :focus-within").unwrap_or(false));
        if in_use {
            expire(toast, region, turn, mine, Duration::from_secs(1));
        } else {
            toast.set(None);
        }
    };
    set_timeout(end, wait);
}
