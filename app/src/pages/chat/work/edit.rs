//! The field in which a message of the user is edited, in the place of its bubble.

use super::{acts::focus_box, focus_in};
use crate::{
    api::turns::send_message,
    components::{Button, ButtonSize, ButtonVariant, Icon, IconName, IconSize},
    error::AppError,
    pages::chat::{send_key::new_key, thread::Thread},
};
use chat::{MessageId, Prompt, SendKey};
use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    html,
    prelude::*,
    task::spawn_local,
};

/// The field for the message at a place of the page.
pub(super) fn field(thread: Thread, key: MessageId) -> AnyView {
    view! { <Field edit=Edit::new(thread, key)/> }.into_any()
}

/// What becomes of a message.
#[derive(Clone, Copy)]
struct Edit {
    thread: Thread,
    key: MessageId,
    text: RwSignal<String>,
    error: RwSignal<Option<AppError>>,
    busy: RwSignal<bool>,
    /// What was tried to send last. The same text again has the same key, so it is the same message.
    tried: StoredValue<Option<(Prompt, SendKey)>>,
}

impl Edit {
    fn new(thread: Thread, key: MessageId) -> Self {
        let text = RwSignal::new(thread.said_at(key).unwrap_or_default());
        let (error, busy, tried) = (RwSignal::new(None), RwSignal::new(false), StoredValue::new(None));
        Self { thread, key, text, error, busy, tried }
    }

    /// Shows the message again, as it was.
    fn cancel(self) {
        self.thread.editing.set(None);
        focus_in(self.key, "[data-edit]");
    }

    fn send(self) {
        if self.busy.get_untracked() {
            return;
        }
        match self.text.with_untracked(|text| Prompt::parse(text)) {
            Ok(prompt) => self.carry(prompt),
            Err(reason) => self.error.set(Some(AppError::invalid("text", reason))),
        }
    }

    fn carry(self, prompt: Prompt) {
        let Self { thread, .. } = self;
        let before = self.tried.get_value().filter(|(tried, _)| *tried == prompt).map(|(_, key)| key);
        let (Some(key), Some(of)) = (before.or_else(new_key), thread.id_at(self.key)) else { return };
        if !thread.is_idle() {
            return;
        }
        self.tried.set_value(Some((prompt.clone(), key)));
        self.busy.set(true);
        thread.begin();
        // Another version of a message has the same files.
        let files = thread.files_at(self.key);
        spawn_local(async move {
            let model = thread.chat.chosen_model.get_untracked().map(String::from).unwrap_or_default();
            let (key, id, none) = (key.to_string(), thread.id.to_string(), String::new());
            let answer = send_message(key, id, none, of.to_string(), prompt.into(), model, files).await;
            thread.end();
            self.busy.try_set(false);
            match answer {
                Ok(sent) => {
                    thread.editing.try_set(None);
                    thread.put(of, Some(sent.message), &sent.conversation, sent.turn);
                    focus_box();
                }
                Err(error) => _ = self.error.try_set(Some(error)),
            }
        });
    }
}

#[component]
fn Field(edit: Edit) -> impl IntoView {
    let node = NodeRef::<html::Textarea>::new();
    request_animation_frame(move || {
        if let Some(field) = node.try_get_untracked().flatten() {
            let end = field.value().encode_utf16().count() as u32;
            _ = field.focus();
            _ = field.set_selection_range(end, end);
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        edit.send();
    };
    let key = move |event: KeyboardEvent| match event.key().as_str() {
        // 229: Safari ends a composition before it tells of the key that ended it.
        _ if event.is_composing() || event.key_code() == 229 => {}
        "Enter" if !event.shift_key() => {
            event.prevent_default();
            edit.send();
        }
        "Escape" if !event.shift_key() => {
            event.prevent_default();
            edit.cancel();
        }
        _ => {}
    };
    let blank = move || edit.text.with(|text| text.trim().is_empty());
    view! {
        <form class="msg-edit" aria-label="Edit message" autocomplete="off" on:submit=submit>
            <textarea
                node_ref=node
                rows="1"
                aria-label="Edit message"
                aria-describedby=move || edit.error.with(Option::is_some).then_some("edit-problem")
                enterkeyhint="send"
                prop:value=edit.text
                on:input=move |event| edit.text.set(event_target_value(&event))
                on:keydown=key
            ></textarea>
            <Problem edit/>
            <div class="row">
                <Button variant=ButtonVariant::Quiet size=ButtonSize::Small on_click=move |_| edit.cancel()>
                    "Cancel"
                </Button>
                <Button
                    variant=ButtonVariant::Primary
                    size=ButtonSize::Small
                    submit=true
                    disabled=Signal::derive(blank)
                    busy=edit.busy
                >
                    "Send"
                </Button>
            </div>
        </form>
    }
    .into_any()
}

/// Why it was not sent.
#[component]
fn Problem(edit: Edit) -> impl IntoView {
    move || {
        edit.error.get().map(|error| {
            let sign_in = (error == AppError::SignedOut)
                .then(|| view! { " " <a class="link" href="/signin" target="_blank">"Sign in"</a> });
            view! {
                <p class="hint hint-bad" id="edit-problem" role="alert">
                    <Icon name=IconName::CircleAlert size=IconSize::ExtraSmall/>
                    <span>{error.to_string()} {sign_in}</span>
                </p>
            }
        })
    }
}
