//! Where a message is written.

use super::{
    model_picker::{ModelPicker, Picking},
    state::chat_state,
};
use crate::{
    browser,
    components::{Icon, IconName, IconSize},
    error::AppError,
    reactive::memo,
};
use attaching::AttachButton;
use chat::{ConversationId, Prompt, PromptError, TurnId, ports::Sent};
use leptos::{
    ev::{KeyboardEvent, MouseEvent, SubmitEvent},
    prelude::*,
};
use writing::Writing;

pub(super) use writing::{NEW_DRAFT, Outgoing};

mod attaching;
mod writing;

const FIELD: &str = "#message";

/// What the page around does about what is sent.
#[derive(Clone, Copy)]
pub(super) struct Hooks {
    /// The message is on its way: paint it.
    pub paint: Callback<Outgoing>,
    /// It was not sent: take it back.
    pub take_back: Callback<Outgoing>,
    /// It was sent.
    pub sent: Callback<(Outgoing, Sent)>,
    /// Stop the turn that runs.
    pub stop: Callback<()>,
    /// Edit what was said last.
    pub edit: Callback<()>,
}

/// The field for a message, the choice of a model, and the button that sends or stops. Before the page is awake it is a
/// plain form.
#[component]
pub fn Composer(
    /// The conversation; none for a new one.
    conversation: Option<ConversationId>,
    #[prop(into)] placeholder: Signal<String>,
    /// The turn that runs.
    #[prop(into)]
    running: Signal<Option<TurnId>>,
    hooks: Hooks,
    picking: Picking,
) -> impl IntoView {
    let writing = Writing::new(conversation);
    writing.wake();
    let files = writing.files;
    let send = move || {
        if running.get_untracked().is_none() {
            writing.send(hooks);
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    let key = move |event: KeyboardEvent| match event.key().as_str() {
        // 229: Safari ends a composition before it tells of the key that ended it.
        _ if event.is_composing() || event.key_code() == 229 => {}
        // With a modifier it sends in any case; alone it does what was chosen under Appearance.
        "Enter"
            if event.meta_key()
                || event.ctrl_key()
                || !event.shift_key() && !browser::exists("[data-choices~=lines]") =>
        {
            event.prevent_default();
            send();
        }
        "Escape" if !event.shift_key() && running.get_untracked().is_some() => {
            event.prevent_default();
            hooks.stop.run(());
        }
        "ArrowUp" if writing.is_empty() && !event.alt_key() => {
            event.prevent_default();
            hooks.edit.run(());
        }
        _ => {}
    };
    let id = conversation.map(|id| id.to_string()).unwrap_or_default();
    let state = chat_state();
    let model = move || state.chosen_model.get().map(String::from).unwrap_or_default();
    view! {
        <form
            class="composer"
            aria-label="Message composer"
            method="post"
            action="/api/turns/send"
            autocomplete="off"
            data-drag=move || files.is_dragging().then_some("")
            on:submit=submit
            on:paste=move |event| files.pasted(&event)
            on:dragover=move |event| files.dragged_over(&event)
            on:dragleave=move |event| files.dragged_away(&event)
            on:drop=move |event| files.dropped(&event)
        >
            <input type="hidden" name="key" value=move || writing.key().to_string()/>
            <input type="hidden" name="conversation" value=id/>
            <input type="hidden" name="model" value=model/>
            {files.row()}
            <textarea
                node_ref=writing.field
                id="message"
                name="text"
                rows="1"
                aria-label="Message"
                aria-describedby=move || writing.problem().is_some().then_some("message-problem")
                placeholder=placeholder
                enterkeyhint="send"
                required=move || !writing.is_awake()
                on:input=move |event| writing.typed(event_target_value(&event))
                on:keydown=key
            ></textarea>
            <Problem writing/>
            <div class="composer-bar">
                <AttachButton writing/>
                <div class="end">
                    <ModelPicker picking/>
                    <SendButton writing running stop=hooks.stop/>
                </div>
            </div>
        </form>
    }
    .into_any()
}

/// Sends, or while a turn runs stops it. It is one button, so that it keeps the focus.
#[component]
fn SendButton(writing: Writing, running: Signal<Option<TurnId>>, stop: Callback<()>) -> impl IntoView {
    let runs = memo(move || running.get().is_some());
    let label = move || if runs.get() { "Stop generating" } else { "Send message" };
    let title = move || if !runs.get() && writing.files.is_busy() { "Files are still on their way" } else { label() };
    let click = move |event: MouseEvent| {
        if runs.get_untracked() {
            event.prevent_default();
            // The second click of a double click on Send means Send.
            if event.detail() < 2 {
                stop.run(());
            }
        }
    };
    view! {
        <button
            class=move || if runs.get() { "send stop" } else { "send" }
            type="submit"
            name=move || runs.get().then_some("turn")
            value=move || running.get().map(|turn| turn.to_string())
            formaction=move || runs.get().then_some("/api/turns/stop")
            formnovalidate=move || runs.get()
            aria-label=label
            title=title
            disabled=move || !runs.get() && writing.is_awake() && !writing.can_be_sent()
            on:click=click
        >
            {move || (!runs.get()).then(|| view! { <Icon name=IconName::ArrowUp/> })}
        </button>
    }
    .into_any()
}

/// Why the message was not, or can't be, sent.
#[component]
fn Problem(writing: Writing) -> impl IntoView {
    let state = chat_state();
    let no_model = memo(move || state.models.with(Vec::is_empty));
    let missing = move || {
        (no_model.get() && writing.problem().is_none()).then(|| {
            view! {
                <p class="hint composer-note">
                    "No model is set up. Set " <code>"OPENAI_API_KEY"</code> ", or run " <code>"cargo xtask model"</code>
                    " for the built-in one, and restart the server."
                </p>
            }
        })
    };
    let problem = move || {
        writing.problem().map(|error| {
            let sign_in = (error == AppError::SignedOut)
                .then(|| view! { " " <a class="link" href="/signin" target="_blank">"Sign in"</a> });
            view! {
                <p class="hint hint-bad composer-hint" id="message-problem" role="alert">
                    <Icon name=IconName::CircleAlert size=IconSize::ExtraSmall/>
                    <span>{error.to_string()} {sign_in}</span>
                </p>
            }
        })
    };
    view! {
        {problem}
        {missing}
    }
    .into_any()
}

/// Why a text can't be sent, as far as that is worth saying: a blank one speaks for itself.
fn refusal(text: &str) -> Option<AppError> {
    let refused = (text.len() > Prompt::MAX_BYTES).then(|| Prompt::parse(text).err()).flatten();
    refused.filter(|reason| *reason != PromptError::Blank).map(|reason| AppError::invalid("text", reason))
}
