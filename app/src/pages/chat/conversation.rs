//! A conversation.

use super::{
    Bar, ConversationMenu,
    composer::{Composer, Hooks},
    model_picker::{Picking, current_model},
    net::NetBanner,
    palette,
    scroller::ToEnd,
    state::chat_state,
    thread::Thread,
    transcript,
    work::Act,
};
use crate::{
    api::calls::open_conversation,
    components::{IconLink, IconName, each},
    error::AppError,
    pages::{ErrorPage, title::PageTitle},
    reactive::memo,
};
use chat::Transcript;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;

/// The conversation that the address names. Another one is another page, so that nothing of this one stays behind.
#[component]
pub fn ConversationPage() -> impl IntoView {
    let params = use_params_map();
    let id = memo(move || params.read().get("id").unwrap_or_default());
    each(move || vec![id.get()], String::clone, |id| view! { <Opening id/> }.into_any())
}

/// Opens a conversation: the one that came with the page at once, any other after it has been loaded.
#[component]
fn Opening(id: String) -> impl IntoView {
    let state = chat_state();
    let title = id.parse().ok().and_then(|id| untrack(|| state.title(id)));
    // A server loads nothing later: what it did not find by the address is not there.
    let arrived = state.arrived(&id).or(cfg!(feature = "ssr").then_some(Err(AppError::NotFound)));
    let opened = RwSignal::new(arrived);
    if opened.with_untracked(Option::is_none) {
        spawn_local(async move {
            let answer = open_conversation(id).await;
            opened.try_set(Some(answer));
        });
    }
    let gone = Callback::new(move |()| opened.set(Some(Err(AppError::NotFound))));
    move || match opened.get() {
        None => view! { <Loading title=title.clone()/> }.into_any(),
        Some(Ok(transcript)) => view! { <Conversation transcript gone/> }.into_any(),
        Some(Err(error)) => view! { <ErrorPage error/> }.into_any(),
    }
}

#[component]
fn Conversation(transcript: Transcript, gone: Callback<()>) -> impl IntoView {
    let state = chat_state();
    let first_title = String::from(transcript.conversation.title.clone());
    let shelf = transcript.conversation.shelf;
    let thread = Thread::new(transcript, gone);
    thread.wake();
    palette::follow_address(thread);
    let title = memo(move || state.title(thread.id).unwrap_or_else(|| first_title.clone()));
    let share = ["/c/", &thread.id.to_string(), "/share"].concat();
    let menu = view! {
        <IconLink icon=IconName::Share label="Share conversation" href=share/>
        <ConversationMenu id=thread.id title in_bar=true shelf/>
    }
    .into_any();
    let hooks = Hooks {
        paint: Callback::new(move |outgoing| thread.paint(&outgoing)),
        take_back: Callback::new(move |outgoing| thread.take_back(&outgoing)),
        sent: Callback::new(move |(outgoing, sent)| thread.sent(&outgoing, sent)),
        stop: Callback::new(move |()| thread.stop()),
        edit: Callback::new(move |()| thread.edit_last()),
    };
    let picking = Picking {
        retry: thread.choosing_for,
        chosen_for: Callback::new(move |(turn, model)| thread.act(Act::Retry(turn, Some(model)))),
    };
    let placeholder = Signal::derive(move || {
        current_model(state).map_or_else(|| "Reply".into(), |model| ["Reply to ", &model.name].concat())
    });
    view! {
        <PageTitle text=title/>
        <NetBanner net=thread.net/>
        <Bar title end=menu/>
        <transcript::Transcript thread/>
        <div class="dock">
            <div class="column">
                <ToEnd scroll=thread.scroll/>
                <Composer conversation=Some(thread.id) placeholder running=thread.running hooks picking/>
                <p class="dock-note">"Answers can be wrong. Check what matters."</p>
            </div>
        </div>
    }
    .into_any()
}

/// The shape of a conversation that is on its way, under its title if that is known.
#[component]
fn Loading(title: Option<String>) -> impl IntoView {
    let known = title.is_some();
    view! {
        <Bar title=title.unwrap_or_else(|| "Loading conversation".into()) visually_hidden=!known/>
        <div class="scroll" role="region" aria-label="Messages" aria-busy="true">
            <div class="column">
                <div class="log log-loading skel-late">
                    <span class="skel skel-bubble"></span>
                    <div class="skel-lines">
                        <span class="skel skel-by"></span>
                        <span class="skel"></span>
                        <span class="skel"></span>
                        <span class="skel"></span>
                        <span class="skel"></span>
                    </div>
                </div>
            </div>
        </div>
    }
    .into_any()
}
