//! What is asked before something is done to conversations or folders.

use super::{
    acts::{folders, folders_failed, organise},
    ask::{Ask, asked},
    selecting,
    words::conversations,
};
use crate::{
    api::folders::{add_folder, delete_folder, rename_folder},
    browser,
    components::{Button, ButtonVariant, Dialog, Icon, IconName, TextField, Toast, each},
    error::AppError,
    pages::chat::{open_path, state::ChatState},
    reactive::effect,
};
use chat::{Act, ConversationId, Folder, FolderId, FolderName};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// All of the dialogs.
pub(super) fn all(state: ChatState) -> AnyView {
    view! {
        <Move state/>
        <Name state/>
        <Remove state/>
        <Delete state/>
    }
    .into_any()
}

/// Whether one of the dialogs is open: while that is asked which is its own. Closed, nothing is asked.
fn open_for(own: fn(&Ask) -> bool) -> RwSignal<bool> {
    let open = RwSignal::new(false);
    effect(move || {
        let asked = asked().with(|asked| asked.as_ref().is_some_and(own));
        if open.get_untracked() != asked {
            open.set(asked);
        }
    });
    effect(move || {
        if !open.get() && asked().with_untracked(|asked| asked.as_ref().is_some_and(own)) {
            asked().set(None);
        }
    });
    open
}

/// The conversations that are asked about.
fn about() -> Vec<ConversationId> {
    asked().with(|asked| match asked {
        Some(Ask::Move(ids) | Ask::Delete(ids)) => ids.clone(),
        _ => Vec::new(),
    })
}

#[component]
fn Move(state: ChatState) -> impl IntoView {
    let open = open_for(|ask| matches!(ask, Ask::Move(_)));
    let moved = move |folder: Option<FolderId>| {
        let ids = untrack(about);
        open.set(false);
        selecting::stop(state);
        organise(state, ids, Act::Move(folder));
    };
    let title = move || match about().len() {
        0 | 1 => "Move to folder".to_owned(),
        several => ["Move ", &conversations(several), " to folder"].concat(),
    };
    let choice = move |folder: Folder| {
        let id = folder.id;
        let here = move || about().iter().all(|c| state.shelf(*c).is_some_and(|shelf| shelf.folder == Some(id)));
        let name = move || {
            let name = |folder: &Folder| (folder.id == id).then(|| folder.name.as_str().to_owned());
            state.order.with(|order| order.folders.iter().find_map(name))
        };
        view! {
            <li>
                <button
                    class="menu-item"
                    type="button"
                    aria-current=move || here().then_some("true")
                    on:click=move |_| moved(Some(id))
                >
                    <Icon name=IconName::Folder/>
                    <span class="truncate">{name}</span>
                </button>
            </li>
        }
        .into_any()
    };
    let out = move || {
        let anywhere = about().iter().any(|id| state.shelf(*id).is_some_and(|shelf| shelf.folder.is_some()));
        anywhere.then(|| {
            view! {
                <li>
                    <button class="menu-item" type="button" on:click=move |_| moved(None)>
                        <Icon name=IconName::X/>
                        "No folder"
                    </button>
                </li>
            }
        })
    };
    view! {
        <Dialog id="move" title=Signal::derive(title) open>
            <ul class="folder-choice" role="list" aria-label="Folders">
                {each(move || state.order.with(|order| order.folders.clone()), |folder| folder.id.to_string(), choice)}
                {out}
            </ul>
            <NewFolder id="move-name" state open label="New folder" verb="Create and move" made=Callback::new(move |id| moved(Some(id)))/>
        </Dialog>
    }
    .into_any()
}

/// A field with which a folder is made.
#[component]
fn NewFolder(
    id: &'static str,
    state: ChatState,
    open: RwSignal<bool>,
    label: &'static str,
    verb: &'static str,
    made: Callback<FolderId>,
) -> impl IntoView {
    let (name, error, busy) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(false));
    effect(move || {
        if open.get() {
            name.set(String::new());
            error.set(String::new());
        }
    });
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        match FolderName::parse(&name.read_untracked()) {
            _ if busy.get_untracked() => {}
            Err(reason) => error.set(reason.to_string()),
            Ok(name) => {
                busy.set(true);
                spawn_local(async move {
                    let answer = add_folder(name.into()).await;
                    busy.set(false);
                    match answer {
                        Ok(folder) => {
                            let id = folder.id;
                            state.order.update(|order| order.folders.push(folder));
                            made.run(id);
                        }
                        Err(reason) => error.set(reason.to_string()),
                    }
                });
            }
        }
    };
    view! {
        <form on:submit=save novalidate>
            <TextField id label value=name error/>
            <div class="row">
                <Button variant=ButtonVariant::Quiet on_click=move |_| open.set(false)>"Cancel"</Button>
                <Button variant=ButtonVariant::Primary submit=true busy>{verb}</Button>
            </div>
        </form>
    }
    .into_any()
}

/// Makes a folder, or gives one another name.
#[component]
fn Name(state: ChatState) -> impl IntoView {
    let open = open_for(|ask| matches!(ask, Ask::Name(_)));
    let folder = move || {
        asked().with(|asked| match asked {
            Some(Ask::Name(folder)) => folder.clone(),
            _ => None,
        })
    };
    let title = move || if folder().is_some() { "Rename folder" } else { "New folder" }.to_owned();
    let made = move |_: FolderId| {
        open.set(false);
        state.toast.set(Some(Toast::new("Folder created")));
    };
    let inside = move || match folder() {
        Some(folder) => view! { <Rename state open folder/> }.into_any(),
        None => view! {
            <NewFolder id="folder-name" state open label="Name" verb="Create" made=Callback::new(made)/>
        }
        .into_any(),
    };
    effect(move || {
        if open.get() {
            request_animation_frame(|| browser::select("#folder-name"));
            request_animation_frame(|| browser::focus("#folder-name"));
        }
    });
    view! { <Dialog id="folder" title=Signal::derive(title) open>{inside}</Dialog> }.into_any()
}

#[component]
fn Rename(state: ChatState, open: RwSignal<bool>, folder: Folder) -> impl IntoView {
    let name = RwSignal::new(String::from(folder.name));
    let error = RwSignal::new(String::new());
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        match FolderName::parse(&name.read_untracked()) {
            Err(reason) => error.set(reason.to_string()),
            Ok(name) => {
                let before = folders(state);
                open.set(false);
                state.order.update(|order| {
                    order.folders.iter_mut().filter(|f| f.id == folder.id).for_each(|f| f.name = name.clone());
                });
                spawn_local(async move {
                    match rename_folder(folder.id.to_string(), name.into()).await {
                        Ok(()) => state.toast.set(Some(Toast::new("Folder renamed"))),
                        Err(error) => folders_failed(state, before, &error),
                    }
                });
            }
        }
    };
    view! {
        <form on:submit=save novalidate>
            <TextField id="folder-name" label="Name" value=name error/>
            <div class="row">
                <Button variant=ButtonVariant::Quiet on_click=move |_| open.set(false)>"Cancel"</Button>
                <Button variant=ButtonVariant::Primary submit=true>"Rename"</Button>
            </div>
        </form>
    }
    .into_any()
}

/// Deletes a folder.
#[component]
fn Remove(state: ChatState) -> impl IntoView {
    let open = open_for(|ask| matches!(ask, Ask::Remove(_)));
    let folder = move || {
        asked().with(|asked| match asked {
            Some(Ask::Remove(folder)) => Some(folder.clone()),
            _ => None,
        })
    };
    let name = move || folder().map(|folder| String::from(folder.name)).unwrap_or_default();
    let delete = move |_| {
        let Some(folder) = untrack(folder) else { return };
        open.set(false);
        let before = folders(state);
        state.order.update(|order| order.folders.retain(|f| f.id != folder.id));
        spawn_local(async move {
            match delete_folder(folder.id.to_string()).await {
                Ok(()) | Err(AppError::NotFound) => {
                    state.change(|list| {
                        let inside = list.iter_mut().filter(|c| c.shelf.folder == Some(folder.id));
                        inside.for_each(|c| c.shelf.folder = None);
                    });
                    state.toast.set(Some(Toast::new("Folder deleted")));
                }
                Err(error) => folders_failed(state, before, &error),
            }
        });
    };
    view! {
        <Dialog id="remove-folder" title="Delete this folder?" open>
            <p>"“" {name} "” goes. The conversations in it stay, under their dates."</p>
            <div class="row">
                <Button variant=ButtonVariant::Quiet autofocus=true on_click=move |_| open.set(false)>"Cancel"</Button>
                <Button variant=ButtonVariant::DangerFill on_click=delete>"Delete folder"</Button>
            </div>
        </Dialog>
    }
    .into_any()
}

/// Deletes several conversations.
#[component]
fn Delete(state: ChatState) -> impl IntoView {
    let open = open_for(|ask| matches!(ask, Ask::Delete(_)));
    let count = move || conversations(about().len());
    let (path, navigate) = (open_path(), use_navigate());
    let delete = move |_| {
        let ids = untrack(about);
        open.set(false);
        selecting::stop(state);
        if path.with_untracked(|path| ids.iter().any(|id| path.ends_with(&id.to_string()))) {
            navigate("/", NavigateOptions { replace: true, ..Default::default() });
        } else {
            request_animation_frame(|| browser::focus("#side .srow-link"));
        }
        organise(state, ids, Act::Delete);
    };
    view! {
        <Dialog id="delete-several" title=Signal::derive(move || ["Delete ", &count(), "?"].concat()) open>
            <p>"They and everything in them will be gone for good."</p>
            <div class="row">
                <Button variant=ButtonVariant::Quiet autofocus=true on_click=move |_| open.set(false)>"Cancel"</Button>
                <Button variant=ButtonVariant::DangerFill on_click=delete>
                    {move || ["Delete ", &count()].concat()}
                </Button>
            </div>
        </Dialog>
    }
    .into_any()
}
