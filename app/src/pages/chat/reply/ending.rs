//! How a reply ended, when it did not simply end, and what to do then.

use crate::{
    components::{Button, ButtonSize, ButtonVariant, Callout, IconName, Tone},
    context::PageFacts,
    pages::chat::{thread::Thread, work::Act},
    reactive::memo,
};
use chat::{Failure, FailureKind, Outcome, Turn, TurnId, TurnState};
use leptos::{ev::SubmitEvent, prelude::*};

/// How a reply ended, when it did not simply end.
#[component]
pub fn Ending(turn: RwSignal<Turn>, thread: Thread) -> impl IntoView {
    let ending = memo(move || turn.with(Ended::of));
    let id = turn.with_untracked(|turn| turn.id);
    let is_last = memo(move || thread.is_last(id));
    let cut = memo(move || turn.with(Turn::is_cut));
    let how = move || match ending.get()? {
        Ended::Well => None,
        Ended::Early(words) => Some(view! { <Early words id thread goes_on=cut.get() && is_last.get()/> }.into_any()),
        Ended::Badly(trouble) => {
            Some(view! { <Told trouble id thread cut=cut.get() is_last=is_last.get()/> }.into_any())
        }
    };
    let is_first_demo = memo(move || is_first_demo(thread, id));
    let note = move || {
        let said = matches!(ending.get(), Some(Ended::Well | Ended::Early(_)));
        (said && is_first_demo.get()).then(|| view! { <DemoNote/> })
    };
    view! {
        {how}
        {note}
    }
    .into_any()
}

/// How a reply of a temporary chat ended. One asks again by saying it again.
#[component]
pub fn TemporaryEnding(turn: RwSignal<Turn>) -> impl IntoView {
    let ending = memo(move || turn.with(Ended::of));
    move || match ending.get()? {
        Ended::Well => None,
        Ended::Early(words) => Some(view! { <div class="msg-state"><p>{words}</p></div> }.into_any()),
        Ended::Badly(Trouble { title, text, code }) => {
            let tone = if code.is_some() { Tone::Bad } else { Tone::Warn };
            Some(view! { <Callout tone alert=code.is_some() title>{text}</Callout> }.into_any())
        }
    }
}

/// How a turn ended, as the page tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Ended {
    Well,
    /// Before its end, and nothing is wrong.
    Early(&'static str),
    Badly(Trouble),
}

/// What went wrong, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Trouble {
    title: &'static str,
    text: String,
    code: Option<&'static str>,
}

impl Ended {
    /// None while it runs.
    fn of(turn: &Turn) -> Option<Self> {
        let TurnState::Ended(outcome) = &turn.state else { return None };
        let empty = turn.text.trim().is_empty();
        let kept = if empty { "Your message is kept." } else { "What had arrived is kept." };
        Some(match outcome {
            Outcome::Complete | Outcome::Length if empty => {
                Self::Badly(Trouble { title: "The model sent an empty answer.", text: kept.into(), code: None })
            }
            Outcome::Complete => Self::Well,
            Outcome::Length => Self::Early("The model reached its limit of tokens"),
            Outcome::Stopped => Self::Early("Stopped"),
            Outcome::Interrupted => Self::Badly(Trouble {
                title: "The server stopped while this was being written.",
                text: kept.into(),
                code: None,
            }),
            Outcome::Failed(Failure { kind, message }) => {
                Self::Badly(Trouble { title: title_of(*kind), text: message.clone(), code: Some(kind.code()) })
            }
        })
    }
}

fn title_of(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::Unreachable => "The provider can’t be reached",
        FailureKind::Unauthorized => "The provider refused the key",
        FailureKind::NoSuchModel => "The provider does not have this model",
        FailureKind::RateLimited => "The provider has had enough requests",
        FailureKind::TooLong => "The conversation is too long for this model",
        FailureKind::Provider => "The provider reported an error",
        FailureKind::Protocol => "The provider’s answer could not be read",
        FailureKind::Incomplete => "The answer broke off",
        FailureKind::TimedOut => "The provider was silent for too long",
        FailureKind::Internal => "Something broke on our side",
    }
}

/// That a reply is shorter than it would have become, and the way on while nothing has been said since.
#[component]
fn Early(words: &'static str, id: TurnId, thread: Thread, goes_on: bool) -> impl IntoView {
    view! {
        <div class="msg-state">
            <p>{words}</p>
            {goes_on.then(|| view! { <GoOn id thread/> })}
        </div>
    }
    .into_any()
}

/// Has the model go on with what there is. Before the page is awake it is a plain form.
#[component]
fn GoOn(id: TurnId, thread: Thread) -> impl IntoView {
    let key = expect_context::<PageFacts>().send_key.to_string();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        thread.act(Act::GoOn(id));
    };
    view! {
        <form method="post" action="/api/turns/continue" on:submit=submit>
            <input type="hidden" name="key" value=key/>
            <input type="hidden" name="turn" value=id.to_string()/>
            <Button size=ButtonSize::Small icon=IconName::ArrowRight submit=true>"Continue"</Button>
        </form>
    }
    .into_any()
}

/// What went wrong, and what can be done about it while nothing has been said since.
#[component]
fn Told(trouble: Trouble, id: TurnId, thread: Thread, cut: bool, is_last: bool) -> impl IntoView {
    let Trouble { title, text, code } = trouble;
    // What has a code went wrong; without one there is only nothing to read.
    let failed = code.is_some();
    let tone = if failed { Tone::Bad } else { Tone::Warn };
    let actions = is_last.then(|| view! { <Actions id thread cut/> }.into_any());
    view! {
        <Callout tone alert=failed title nostrip:code=code.map(String::from) nostrip:actions=actions>
            {text}
        </Callout>
    }
    .into_any()
}

/// Another attempt, with the same model or another. Before the page is awake the first is a plain form.
#[component]
fn Actions(id: TurnId, thread: Thread, cut: bool) -> impl IntoView {
    let key = expect_context::<PageFacts>().send_key.to_string();
    let again = move |event: SubmitEvent| {
        event.prevent_default();
        thread.act(Act::Retry(id, None));
    };
    let several = memo(move || thread.chat.models.with(|models| models.len() > 1));
    let other = move || {
        several.get().then(|| {
            view! {
                <Button size=ButtonSize::Small on_click=move |_| thread.choosing_for.set(Some(id))>
                    "Continue with another model"
                </Button>
            }
        })
    };
    view! {
        <form method="post" action="/api/turns/retry" on:submit=again>
            <input type="hidden" name="key" value=key/>
            <input type="hidden" name="turn" value=id.to_string()/>
            <Button variant=ButtonVariant::Primary size=ButtonSize::Small icon=IconName::RefreshCw submit=true>
                "Try again"
            </Button>
        </form>
        {cut.then(|| view! { <GoOn id thread/> })}
        {other}
    }
    .into_any()
}

/// Whether this is the first reply of the small built-in model in its conversation.
fn is_first_demo(thread: Thread, id: TurnId) -> bool {
    let demos = thread
        .chat
        .models
        .with(|models| models.iter().filter(|model| model.demo).map(|model| model.id.clone()).collect::<Vec<_>>());
    let by_demo = |turn: &Turn| demos.contains(&turn.model).then_some(turn.id);
    let first = thread
        .items
        .with(|items| items.iter().filter_map(|item| item.turn()).find_map(|turn| turn.with_untracked(by_demo)));
    first == Some(id)
}

#[component]
fn DemoNote() -> impl IntoView {
    view! {
        <p class="demo-note">
            "This is a small demo model that runs on this server; it is often wrong. Add a provider for real answers: set "
            <code>"OPENAI_API_KEY"</code> " and restart the server."
        </p>
    }
}

#[cfg(test)]
mod tests;
