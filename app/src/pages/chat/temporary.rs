//! A temporary chat: what is said is in this page and nowhere else.

use super::{
    model_picker::{ModelPicker, Picking},
    reply::TemporaryReply,
    scroller::{Scroll, Scroller, ToEnd},
    send_key::new_key,
    state::{ChatState, chat_state},
    transcript::clicked,
    user_message::Said,
};
use crate::{
    api::turns::{send_temporary, stop_turn},
    browser,
    components::{Icon, IconName, IconSize, each},
    error::AppError,
    live::{self, Attachment, Net, Told},
    reactive::memo,
};
use chat::{Outcome, Prompt, SendKey, Turn, TurnId, TurnState, ports};
use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    html,
    prelude::*,
    task::spawn_local,
};

const FIELD: &str = "#temporary-message";

/// The most bytes of what was said before that are sent along; requests may not be much larger.
const MOST_SAID: usize = 250_000;

/// A message and, once the server has taken it, its reply.
#[derive(Clone)]
struct Exchange {
    key: SendKey,
    text: String,
    turn: RwSignal<Option<ArcRwSignal<Turn>>>,
}

#[derive(Clone, Copy)]
struct Temporary {
    exchanges: RwSignal<Vec<Exchange>>,
    /// The turn that runs.
    running: Memo<Option<TurnId>>,
    /// A message is on its way.
    sending: RwSignal<bool>,
    error: RwSignal<Option<AppError>>,
    field: NodeRef<html::Textarea>,
    empty: RwSignal<bool>,
    attached: StoredValue<Option<Attachment>>,
    scroll: Scroll,
    net: Net,
    chat: ChatState,
}

/// A temporary chat that begins. Leaving it forgets it.
pub(super) fn begin(net: Net) -> AnyView {
    let chat = Temporary::new(net);
    on_cleanup(move || chat.leave());
    let exchange = |Exchange { text, turn, .. }: Exchange| {
        view! {
            <Said text files=Vec::new()/>
            {move || turn.get().map(|turn| view! { <TemporaryReply turn/> })}
        }
        .into_any()
    };
    view! {
        <Scroller scroll=chat.scroll>
            <div
                class="log"
                role="log"
                aria-label="Conversation"
                aria-live="off"
                on:click=move |event| clicked(chat.chat, chat.scroll, &event)
            >
                <p class="mark-line"><span>"Temporary chat. It is not kept: when you leave or reload, it is gone."</span></p>
                {each(move || chat.exchanges.get(), |exchange| exchange.key.to_string(), exchange)}
            </div>
        </Scroller>
        <div class="dock">
            <div class="column">
                <ToEnd scroll=chat.scroll/>
                <Field chat/>
                <p class="dock-note">"Answers can be wrong. Check what matters."</p>
            </div>
        </div>
    }
    .into_any()
}

/// Where a message is written. No draft of it is kept.
#[component]
fn Field(chat: Temporary) -> impl IntoView {
    let runs = memo(move || chat.running.get().is_some());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if runs.get_untracked() { chat.stop() } else { chat.send() }
    };
    let key = move |event: KeyboardEvent| match event.key().as_str() {
        // 229: Safari ends a composition before it tells of the key that ended it.
        _ if event.is_composing() || event.key_code() == 229 => {}
        "Enter" if !event.shift_key() => {
            event.prevent_default();
            if !runs.get_untracked() {
                chat.send();
            }
        }
        "Escape" if runs.get_untracked() => chat.stop(),
        _ => {}
    };
    let label = move || if runs.get() { "Stop generating" } else { "Send message" };
    let picking = Picking { retry: RwSignal::new(None), chosen_for: Callback::new(|_| {}) };
    view! {
        <form class="composer" aria-label="Message composer" autocomplete="off" on:submit=submit>
            <textarea
                node_ref=chat.field
                id="temporary-message"
                rows="1"
                aria-label="Message"
                aria-describedby=move || chat.error.with(Option::is_some).then_some("message-problem")
                placeholder="Ask anything"
                enterkeyhint="send"
                on:input=move |event| chat.typed(&event_target_value(&event))
                on:keydown=key
            ></textarea>
            {move || chat.error.get().map(problem)}
            <div class="composer-bar">
                <div class="end">
                    <ModelPicker picking/>
                    <button
                        class=move || if runs.get() { "send stop" } else { "send" }
                        type="submit"
                        aria-label=label
                        title=label
                        disabled=move || !runs.get() && (chat.empty.get() || chat.sending.get())
                    >
                        {move || (!runs.get()).then(|| view! { <Icon name=IconName::ArrowUp/> })}
                    </button>
                </div>
            </div>
        </form>
    }
    .into_any()
}

fn problem(error: AppError) -> AnyView {
    view! {
        <p class="hint hint-bad composer-hint" id="message-problem" role="alert">
            <Icon name=IconName::CircleAlert size=IconSize::ExtraSmall/>
            <span>{error.to_string()}</span>
        </p>
    }
    .into_any()
}

impl Temporary {
    fn new(net: Net) -> Self {
        let exchanges = RwSignal::new(Vec::<Exchange>::new());
        let running = memo(move || {
            let last = exchanges.with(|exchanges| exchanges.last().map(|exchange| exchange.turn));
            last?.get()?.with(|turn| turn.is_running().then_some(turn.id))
        });
        Self {
            exchanges,
            running,
            sending: RwSignal::new(false),
            error: RwSignal::new(None),
            field: NodeRef::new(),
            empty: RwSignal::new(true),
            attached: StoredValue::new(None),
            scroll: Scroll::new(),
            net,
            chat: chat_state(),
        }
    }

    fn typed(self, text: &str) {
        #[cfg(feature = "hydrate")]
        crate::renderer::warm();
        self.error.set(None);
        self.empty.set(text.trim().is_empty());
    }

    fn text(self) -> String {
        self.field.get_untracked().map(|field| field.value()).unwrap_or_default()
    }

    fn show(self, text: &str) {
        if let Some(field) = self.field.try_get_untracked().flatten() {
            field.set_value(text);
            self.empty.set(text.trim().is_empty());
            browser::focus_field(FIELD);
        }
    }

    fn send(self) {
        let text = self.text();
        if self.sending.get_untracked() || text.trim().is_empty() {
            return;
        }
        let prompt = match Prompt::parse(&text) {
            Ok(prompt) => String::from(prompt),
            Err(reason) => return self.error.set(Some(AppError::invalid("text", reason))),
        };
        let Some(key) = new_key() else { return };
        let said = self.said();
        let exchange = Exchange { key, text: prompt.clone(), turn: RwSignal::new(None) };
        self.sending.set(true);
        self.error.set(None);
        self.exchanges.update(|exchanges| exchanges.push(exchange.clone()));
        self.show("");
        self.scroll.to_end();
        let model = self.chat.chosen_model.get_untracked().map(String::from).unwrap_or_default();
        spawn_local(async move {
            let answer = send_temporary(key.to_string(), said, prompt, model).await;
            // Whoever has left wants to hear no more of it.
            if self.sending.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(sent) => self.watch(exchange.turn, sent.turn),
                Err(error) => self.take_back(&exchange, error),
            }
        });
    }

    /// What was said before, oldest first, as far as it fits into a request.
    fn said(self) -> Vec<ports::Said> {
        let mut said = Vec::new();
        for Exchange { text, turn, .. } in self.exchanges.get_untracked() {
            let reply = turn.get_untracked().map(|turn| turn.with_untracked(|turn| turn.text.clone()));
            said.push(ports::Said { by_user: true, text });
            said.extend(reply.map(|text| ports::Said { by_user: false, text }));
        }
        let mut bytes = 0;
        let fits = |said: &&ports::Said| {
            bytes += said.text.len();
            bytes <= MOST_SAID
        };
        let kept = said.iter().rev().take_while(fits).count();
        said.split_off(said.len() - kept)
    }

    fn take_back(self, exchange: &Exchange, error: AppError) {
        self.exchanges.update(|exchanges| exchanges.retain(|other| other.key != exchange.key));
        let since = self.text();
        self.show(&if since.is_empty() { exchange.text.clone() } else { [&exchange.text, "\n\n", &since].concat() });
        self.error.set(Some(error));
    }

    fn watch(self, place: RwSignal<Option<ArcRwSignal<Turn>>>, turn: Turn) {
        let turn = ArcRwSignal::new(turn);
        place.set(Some(turn.clone()));
        self.chat.status.set(turn.with_untracked(|turn| [&turn.model_name, " is responding"].concat()));
        let watched = turn.clone();
        let told = Callback::new(move |told| {
            self.detach();
            if matches!(told, Told::Gone) {
                watched.update(|turn| turn.state = TurnState::Ended(Outcome::Interrupted));
            }
            self.chat.status.try_set("Response finished".into());
        });
        self.attached.set_value(Some(live::attach(turn, self.net, told)));
    }

    fn stop(self) {
        let Some(turn) = self.running.get_untracked() else { return };
        spawn_local(async move {
            match stop_turn(turn.to_string()).await {
                Ok(()) | Err(AppError::NotFound) => self.net.hurry(),
                Err(error) => self.chat.tell(&error),
            }
        });
    }

    fn detach(self) {
        if let Some(attachment) = self.attached.try_update_value(Option::take).flatten() {
            attachment.detach();
        }
    }

    /// Nobody can read the answer any more, so it need not be written.
    fn leave(self) {
        self.detach();
        self.chat.status.try_set(String::new());
        if let Some(turn) = self.running.try_get_untracked().flatten() {
            spawn_local(async move { _ = stop_turn(turn.to_string()).await });
        }
    }
}
