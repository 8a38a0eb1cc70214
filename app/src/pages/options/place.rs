//! Where a conversation stands in its user's order, as plain forms.

use crate::components::{Button, ButtonVariant, Icon, IconName, IconSize};
use chat::{Act, Folder, FolderName, Shelf, Title};
use leptos::prelude::*;

/// Its name, its place in the list, and how it goes.
#[component]
pub(super) fn Organise(id: String, title: String, shelf: Shelf, folders: Vec<Folder>) -> impl IntoView {
    let pin = if shelf.pinned { (Act::Unpin, "Unpin") } else { (Act::Pin, "Pin") };
    let archive = if shelf.archived { (Act::Unarchive, "Unarchive") } else { (Act::Archive, "Archive") };
    view! {
        <section class="options" aria-labelledby="organise">
            <h2 id="organise">"This conversation"</h2>
            <form class="line" method="post" action="/api/conversations/rename">
                <input type="hidden" name="id" value=id.clone()/>
                <div class="field">
                    <label class="label" for="title">"Name"</label>
                    <input class="input" id="title" name="title" value=title maxlength=Title::MAX_CHARS required autocomplete="off"/>
                </div>
                <Button submit=true>"Rename"</Button>
            </form>
            <MoveForm id=id.clone() shelf folders/>
            <div class="row">
                <ActForm id=id.clone() act=pin.0 icon=IconName::Pin>{pin.1}</ActForm>
                <ActForm id=id.clone() act=archive.0 icon=IconName::Archive>{archive.1}</ActForm>
            </div>
            <details class="confirm">
                <summary class="btn btn-danger">"Delete…"</summary>
                <p>"It and everything in it will be gone for good."</p>
                <ActForm id act=Act::Delete danger=true>"Delete conversation"</ActForm>
            </details>
        </section>
    }
    .into_any()
}

/// Into which folder.
#[component]
fn MoveForm(id: String, shelf: Shelf, folders: Vec<Folder>) -> impl IntoView {
    let option = |folder: Folder| {
        let selected = shelf.folder == Some(folder.id);
        view! { <option value=folder.id.to_string() selected=selected>{String::from(folder.name)}</option> }
    };
    let options = folders.into_iter().map(option).collect_view();
    view! {
        <form class="line" method="post" action="/api/conversations/organise">
            <input type="hidden" name="ids" value=id/>
            <input type="hidden" name="act" value="move"/>
            <div class="field">
                <label class="label" for="folder">"Folder"</label>
                <span class="select">
                    <select class="input" id="folder" name="folder">
                        <option value="">"No folder"</option>
                        {options}
                    </select>
                    <Icon name=IconName::ChevronDown size=IconSize::Small/>
                </span>
            </div>
            <Button submit=true>"Move"</Button>
        </form>
        <p><a class="link" href="/folders">"Folders"</a>" · "<a class="link" href="/archive">"Archived conversations"</a></p>
    }
    .into_any()
}

/// A button that does something to one conversation.
#[component]
pub(in crate::pages) fn ActForm(
    id: String,
    act: Act,
    #[prop(optional)] icon: Option<IconName>,
    #[prop(optional)] danger: bool,
    children: Children,
) -> impl IntoView {
    let variant = if danger { ButtonVariant::DangerFill } else { ButtonVariant::Line };
    let button = match icon {
        Some(icon) => view! { <Button submit=true variant icon>{children()}</Button> }.into_any(),
        None => view! { <Button submit=true variant>{children()}</Button> }.into_any(),
    };
    view! {
        <form method="post" action="/api/conversations/organise">
            <input type="hidden" name="ids" value=id/>
            <input type="hidden" name="act" value=act.word()/>
            {button}
        </form>
    }
    .into_any()
}

/// The most characters of a folder's name, for a field.
pub(in crate::pages) const FOLDER_NAME: usize = FolderName::MAX_CHARS;
