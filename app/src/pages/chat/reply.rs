//! What a model replied, or is replying.

use super::{
    more::More,
    prose::Prose,
    state::chat_state,
    statistics::Statistics,
    thread::Thread,
    user_message::CopyMessage,
    versions::Versions,
    words::{machine_time, when, whole_seconds},
    work::{Act, element_id},
};
use crate::{
    browser,
    components::{Icon, IconButton, IconName, IconSize},
    reactive::{effect, memo},
};
use chat::{MessageId, Phase, Turn, TurnState};
use ending::{Ending, TemporaryEnding};
use leptos::{html, prelude::*};

mod ending;

/// What a model replied, or is replying: it grows as the turn does.
#[component]
pub fn Reply(
    /// Its place on the page.
    key: MessageId,
    turn: ArcRwSignal<Turn>,
    thread: Thread,
) -> impl IntoView {
    let turn = RwSignal::from(turn);
    let running = memo(move || turn.with(Turn::is_running));
    let name = turn.with_untracked(|turn| turn.model_name.clone());
    let label = ["Reply from ", &name].concat();
    let foot = move || (!running.get()).then(|| view! { <Foot key turn thread/> });
    view! {
        <article
            class="msg"
            id=element_id(key)
            aria-label=label
            aria-busy=move || running.get().then_some("true")
        >
            <By name turn/>
            <Thinking turn/>
            <Waiting turn/>
            <Prose turn=ArcRwSignal::from(turn) part=|turn| &turn.text class="prose" caret=true/>
            <Ending turn thread/>
            {foot}
        </article>
    }
    .into_any()
}

/// A reply of a temporary chat: nothing is offered that needs it to be stored.
#[component]
pub fn TemporaryReply(turn: ArcRwSignal<Turn>) -> impl IntoView {
    let turn = RwSignal::from(turn);
    let running = memo(move || turn.with(Turn::is_running));
    let name = turn.with_untracked(|turn| turn.model_name.clone());
    let label = ["Reply from ", &name].concat();
    let said = memo(move || turn.with(|turn| !turn.is_running() && !turn.text.trim().is_empty()));
    let foot = move || {
        said.get().then(|| {
            view! {
                <footer class="msg-foot">
                    <div class="acts" role="group" aria-label="Message actions">
                        <CopyMessage text=Callback::new(move |()| turn.with_untracked(|turn| turn.text.clone()))/>
                    </div>
                    <Statistics turn/>
                </footer>
            }
        })
    };
    view! {
        <article class="msg" aria-label=label aria-busy=move || running.get().then_some("true")>
            <By name turn/>
            <Thinking turn/>
            <Waiting turn/>
            <Prose turn=ArcRwSignal::from(turn) part=|turn| &turn.text class="prose" caret=true/>
            <TemporaryEnding turn/>
            {foot}
        </article>
    }
    .into_any()
}

/// Who replies, and since when.
#[component]
fn By(name: String, turn: RwSignal<Turn>) -> impl IntoView {
    let state = chat_state();
    let began = turn.with_untracked(|turn| turn.started_at);
    view! {
        <div class="msg-by">
            <span class="glyph glyph-sm"><Icon name=IconName::Sparkles size=IconSize::ExtraSmall/></span>
            <b>{name}</b>
            <time class="num" datetime=machine_time(began)>
                {move || when(began, state.now.get(), state.offset.get())}
            </time>
        </div>
    }
    .into_any()
}

/// What the model thought before it answered. It closes when the answer begins; until then it is open for those who chose
/// so under Appearance.
#[component]
fn Thinking(turn: RwSignal<Turn>) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    let thought = memo(move || turn.with(|turn| !turn.reasoning.is_empty()));
    let took = memo(move || turn.with(Turn::thinking_ms));
    let mut was_done = None;
    effect(move || {
        let Some(details) = node.get() else { return };
        let done = took.get().is_some();
        match (was_done.replace(done), done) {
            (None, false) if browser::exists("[data-choices~=reasoning]") => details.set_open(true),
            (Some(false), true) => details.set_open(false),
            _ => {}
        }
    });
    let summary = move || match took.get() {
        Some(millis) => view! { <span>{["Thought for ", &whole_seconds(millis)].concat()}</span> }.into_any(),
        None => view! { <span class="shimmer">"Thinking"</span> }.into_any(),
    };
    move || {
        thought.get().then(|| {
            view! {
                <details class="think" node_ref=node>
                    <summary>
                        {summary}
                        <svg class="i i-xs chev" aria-hidden="true"><use href=IconName::ChevronRight.href()></use></svg>
                    </summary>
                    <Prose turn=ArcRwSignal::from(turn) part=|turn| &turn.reasoning class="thought"/>
                </details>
            }
        })
    }
}

/// What goes on until there is something to read.
#[component]
fn Waiting(turn: RwSignal<Turn>) -> impl IntoView {
    let phase = memo(move || turn.with(waits_in));
    let name = turn.with_untracked(|turn| turn.model_name.clone());
    move || {
        let words = match phase.get()? {
            Phase::Loading => return Some(view! { <Loading/> }.into_any()),
            Phase::Asked | Phase::Writing => ["Waiting for ", &name].concat(),
            Phase::Queued(others) => [&others.to_string(), " ahead of you"].concat(),
            Phase::Reading => "Reading your message".into(),
        };
        Some(view! { <p class="think"><span class="shimmer">{words}</span></p> }.into_any())
    }
}

/// What a turn does that has nothing to read yet.
fn waits_in(turn: &Turn) -> Option<Phase> {
    match turn.state {
        TurnState::Running(phase) if turn.text.is_empty() && turn.reasoning.is_empty() => Some(phase),
        _ => None,
    }
}

#[component]
fn Loading() -> impl IntoView {
    view! {
        <div class="model-loading">
            <p id="model-loading">"Loading the model into memory. This happens once."</p>
            <progress class="progress" aria-labelledby="model-loading"></progress>
        </div>
    }
    .into_any()
}

/// What can be done with a reply that has ended, and what it took.
#[component]
fn Foot(key: MessageId, turn: RwSignal<Turn>, thread: Thread) -> impl IntoView {
    let said = turn.with_untracked(|turn| !turn.text.trim().is_empty());
    let id = turn.with_untracked(|turn| turn.id);
    let asked = memo(move || thread.has_question(id));
    let copy = said.then(|| {
        view! { <CopyMessage text=Callback::new(move |()| turn.with_untracked(|turn| turn.text.clone()))/> }
    });
    let again = move || {
        asked.get().then(|| {
            view! {
                <IconButton
                    icon=IconName::RefreshCw
                    label="Regenerate response"
                    small=true
                    on_click=move |_| thread.act(Act::Retry(id, None))
                />
            }
        })
    };
    view! {
        <footer class="msg-foot">
            <Versions key label="Response versions" thread/>
            <div class="acts" role="group" aria-label="Message actions">
                {copy}
                {again}
                <More key thread turn/>
            </div>
            {said.then(|| view! { <Statistics turn/> })}
        </footer>
    }
    .into_any()
}
