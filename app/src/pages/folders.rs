//! The user's folders: plain forms that work without scripts.

use super::{ErrorPage, archive::Frame, chat::turn_away, options::FOLDER_NAME, title::PageTitle};
use crate::{
    api::folders::list_folders,
    components::{Button, ButtonVariant, EmptyState, IconName},
    context::PageFacts,
};
use chat::Folder;
use leptos::prelude::*;

/// The user's folders, in their order. Who is signed out is sent to the sign-in page.
#[component]
pub fn FoldersPage() -> impl IntoView {
    if expect_context::<PageFacts>().visitor.is_none() {
        turn_away();
        return ().into_any();
    }
    let page = move || {
        Suspend::new(async move {
            match list_folders().await {
                Ok(folders) => view! { <Page folders/> }.into_any(),
                Err(error) => view! { <ErrorPage error/> }.into_any(),
            }
        })
    };
    view! { <Suspense>{page}</Suspense> }.into_any()
}

#[component]
fn Page(folders: Vec<Folder>) -> impl IntoView {
    let none = folders.is_empty();
    let rows = folders.into_iter().map(|folder| view! { <Row folder/> }).collect_view();
    view! {
        <PageTitle text="Folders"/>
        <Frame title="Folders" about="A conversation is put into one by its options. Deleting a folder deletes no conversation.">
            {none.then(|| view! { <EmptyState icon=IconName::Folder title="No folders yet" text="Make the first one below."/> })}
            <ul class="archive" role="list" aria-label="Folders">{rows}</ul>
            <form class="line after" method="post" action="/api/folders/add">
                <div class="field">
                    <label class="label" for="new-folder">"New folder"</label>
                    <input class="input" id="new-folder" name="name" maxlength=FOLDER_NAME required autocomplete="off"/>
                </div>
                <Button variant=ButtonVariant::Primary submit=true>"Create"</Button>
            </form>
            <p class="after"><a class="link" href="/archive">"Archived conversations"</a></p>
        </Frame>
    }
    .into_any()
}

#[component]
fn Row(folder: Folder) -> impl IntoView {
    let (id, name) = (folder.id.to_string(), String::from(folder.name));
    let field = ["name-", &id].concat();
    let shift = |to: &'static str, words: &'static str| {
        view! {
            <form method="post" action="/api/folders/shift">
                <input type="hidden" name="id" value=id.clone()/>
                <input type="hidden" name="to" value=to/>
                <Button submit=true>{words}</Button>
            </form>
        }
    };
    view! {
        <li class="set">
            <form class="line" method="post" action="/api/folders/rename">
                <input type="hidden" name="id" value=id.clone()/>
                <div class="field">
                    <label class="label sr" for=field.clone()>"Name of the folder"</label>
                    <input class="input" id=field name="name" value=name.clone() maxlength=FOLDER_NAME required autocomplete="off"/>
                </div>
                <Button submit=true>"Rename"</Button>
            </form>
            <div class="row" role="group" aria-label=["Folder ", &name].concat()>
                {shift("up", "Move up")}
                {shift("down", "Move down")}
                <form method="post" action="/api/folders/delete">
                    <input type="hidden" name="id" value=id.clone()/>
                    <Button variant=ButtonVariant::Danger submit=true>"Delete"</Button>
                </form>
            </div>
        </li>
    }
    .into_any()
}
