//! The dialogs that ask before something is done to a conversation.

use super::Asked;
use crate::{
    api::conversations::{delete_conversation, rename_conversation},
    browser,
    components::{Button, ButtonVariant, Dialog, Icon, IconName, IconSize, TextField, Toast},
    error::AppError,
    pages::chat::{
        drawer::focus_next,
        open_path,
        state::{ChatState, chat_state},
    },
    reactive::effect,
};
use chat::{ConversationId, Title};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// The dialog that renames and the one that deletes.
pub(super) fn both(asked: Asked) -> AnyView {
    view! {
        <RenameDialog asked/>
        <DeleteDialog asked/>
    }
    .into_any()
}

const NAME_FIELD: &str = "#rename-name";

#[component]
fn RenameDialog(asked: Asked) -> impl IntoView {
    let state = chat_state();
    let open = asked.rename;
    let name = RwSignal::new(String::new());
    let error = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    effect(move || {
        if open.get() {
            error.set(String::new());
            name.set(asked.title());
            request_animation_frame(|| browser::select(NAME_FIELD));
        }
    });
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(id) = asked.id().filter(|_| !busy.get_untracked()) else { return };
        match Title::parse(&name.read_untracked()) {
            Ok(title) => {
                busy.set(true);
                spawn_local(async move {
                    let result = rename(state, id, title).await;
                    busy.set(false);
                    settle(state, result, open, error);
                });
            }
            Err(reason) => error.set(reason.to_string()),
        }
    };
    view! {
        <Dialog id="rename" title="Rename conversation" open>
            <form on:submit=save novalidate>
                <TextField id="rename-name" label="Name" value=name error autofocus=true/>
                <div class="row">
                    <Button variant=ButtonVariant::Quiet on_click=move |_| open.set(false)>"Cancel"</Button>
                    <Button variant=ButtonVariant::Primary submit=true busy>"Rename"</Button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

async fn rename(state: ChatState, id: ConversationId, title: Title) -> Result<(), AppError> {
    rename_conversation(id.to_string(), title.as_str().to_owned()).await?;
    state.rename(id, &title);
    Ok(())
}

#[component]
fn DeleteDialog(asked: Asked) -> impl IntoView {
    let state = chat_state();
    let open = asked.delete;
    let error = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let path = open_path();
    let navigate = use_navigate();
    effect(move || {
        if open.get() {
            error.set(String::new());
        }
    });
    let delete = move |_| {
        let Some(id) = asked.id() else { return };
        let navigate = navigate.clone();
        busy.set(true);
        spawn_local(async move {
            let result = delete(state, id).await;
            busy.set(false);
            let deleted = result.is_ok();
            settle(state, result, open, error);
            if deleted && path.with_untracked(|path| path.ends_with(&id.to_string())) {
                navigate("/", NavigateOptions { replace: true, ..Default::default() });
            } else if deleted {
                focus_next("#side .srow-link");
            }
        });
    };
    view! {
        <Dialog id="delete" title="Delete this conversation?" open>
            <p>"“" {move || asked.title()} "” and everything in it will be gone for good."</p>
            {move || {
                error.with(|error| !error.is_empty()).then(|| view! {
                    <p class="hint hint-bad" role="alert">
                        <Icon name=IconName::CircleAlert size=IconSize::ExtraSmall/>
                        {error}
                    </p>
                })
            }}
            <div class="row">
                <Button variant=ButtonVariant::Quiet autofocus=true on_click=move |_| open.set(false)>"Cancel"</Button>
                <Button variant=ButtonVariant::DangerFill busy on_click=delete>"Delete"</Button>
            </div>
        </Dialog>
    }
    .into_any()
}

/// What somebody else has deleted already is deleted.
async fn delete(state: ChatState, id: ConversationId) -> Result<(), AppError> {
    match delete_conversation(id.to_string()).await {
        Ok(()) | Err(AppError::NotFound) => {
            state.remove(id);
            state.toast.set(Some(Toast::new("Conversation deleted")));
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// Closes the dialog when it has done its work; otherwise says why not, in the dialog while it is still open.
fn settle(state: ChatState, result: Result<(), AppError>, open: RwSignal<bool>, error: RwSignal<String>) {
    match result {
        Ok(()) => open.set(false),
        Err(reason) if open.get_untracked() => error.set(reason.to_string()),
        Err(reason) => state.tell(&reason),
    }
}
