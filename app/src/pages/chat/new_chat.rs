//! The start of a conversation.

use super::{
    Bar,
    composer::{Composer, Hooks, Outgoing},
    model_picker::Picking,
    net::NetBanner,
    state::chat_state,
    temporary,
    user_message::Said,
};
use crate::{
    chunk::{self, chunk},
    components::{IconButton, IconName},
    live::{self, Net},
    pages::title::PageTitle,
    reactive::{effect, memo},
};
use chat::ports::Sent;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

chunk! {
    /// A temporary chat, loaded when the first one begins.
    fn temporary_chat() -> fn(Net) -> AnyView { temporary::begin }
}

/// The page on which a conversation begins, or a temporary chat.
#[component]
pub fn NewChat() -> impl IntoView {
    let state = chat_state();
    let net = Net::new();
    let on_its_way = RwSignal::new(None::<Outgoing>);
    let navigate = use_navigate();
    let sent = move |(_, sent): (Outgoing, Sent)| {
        let path = ["/c/", &sent.conversation.id.to_string()].concat();
        if sent.turn.is_running() {
            state.begun(sent);
        }
        navigate(&path, Default::default());
    };
    let hooks = Hooks {
        paint: Callback::new(move |outgoing| on_its_way.set(Some(outgoing))),
        take_back: Callback::new(move |_| on_its_way.set(None)),
        sent: Callback::new(sent),
        stop: Callback::new(|()| {}),
        edit: Callback::new(|()| {}),
    };
    let picking = Picking { retry: RwSignal::new(None), chosen_for: Callback::new(|_| {}) };
    effect(move || {
        let offline = window_event_listener_untyped("offline", move |_| live::check(net, Callback::new(|()| {})));
        let online = window_event_listener_untyped("online", move |_| net.hurry());
        on_cleanup(move || {
            offline.remove();
            online.remove();
        });
    });
    let temporary = RwSignal::new(false);
    let failed = move || {
        temporary.set(false);
        state.toast.set(Some(chunk::missing()));
    };
    let begun = temporary_chat().view(move || temporary.get(), failed, move |begin| begin(net));
    let switch = view! {
        <IconButton
            icon=IconName::Clock
            label="Temporary chat"
            class="scripted"
            pressed=temporary
            disabled=Signal::derive(move || on_its_way.with(Option::is_some))
            on_click=move |_| temporary.update(|on| *on = !*on)
        />
    };
    let painted = move || {
        on_its_way.get().map(|outgoing| {
            view! {
                <div class="column">
                    <div class="log"><Said text=outgoing.text files=outgoing.files/></div>
                </div>
            }
        })
    };
    view! {
        <PageTitle text="New chat"/>
        <NetBanner net/>
        <Bar title="New chat" visually_hidden=true end=switch.into_any()/>
        {move || match temporary.get() {
            true => begun().unwrap_or_else(|| ().into_any()),
            false => view! {
                <div class="scroll" tabindex="0" role="region" aria-label="Start">
                    <div class="column hello" hidden=move || on_its_way.with(Option::is_some)>
                        <Greeting/>
                        <Composer conversation=None placeholder="Ask anything" running=None hooks picking/>
                    </div>
                    {painted}
                </div>
            }.into_any(),
        }}
    }
    .into_any()
}

#[component]
fn Greeting() -> impl IntoView {
    let state = chat_state();
    let words = memo(move || {
        let hour = state.now.get().on_wall(state.offset.get()).hour;
        let first_visit = state.conversations.with(Vec::is_empty);
        state.user.with_value(|user| greeting(&user.name, hour, first_visit))
    });
    view! { <h2>{words}</h2> }
}

/// Greets by the first word of the name, by the hour on the user's wall.
fn greeting(name: &str, hour: u8, first_visit: bool) -> String {
    let words = match hour {
        _ if first_visit => "Welcome",
        0..12 => "Good morning",
        12..18 => "Good afternoon",
        _ => "Good evening",
    };
    match name.split_whitespace().next() {
        Some(first) => [words, ", ", first].concat(),
        None => words.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::greeting;

    #[test]
    fn greets_by_the_hour_and_the_first_name() {
        for (hour, expected) in [
            (0, "Good morning, Maya"),
            (11, "Good morning, Maya"),
            (12, "Good afternoon, Maya"),
            (17, "Good afternoon, Maya"),
            (18, "Good evening, Maya"),
            (23, "Good evening, Maya"),
        ] {
            assert_eq!(greeting("Maya Lindqvist", hour, false), expected);
        }
        assert_eq!(greeting("  Maya ", 9, true), "Welcome, Maya");
        assert_eq!(greeting(" ", 9, true), "Welcome");
    }
}
