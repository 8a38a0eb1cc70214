//! The order of the conversations in the sidebar: what is pinned, archived, put into folders, dragged and selected, and
//! how wide the sidebar is. All of it is a chunk, loaded when somebody first does any of it: opens a menu, drags a row,
//! selects one, takes the sidebar by its edge.

use super::state::{ChatState, chat_state};
use crate::{
    browser,
    chunk::{self, chunk},
    components::{Icon, IconName, IconSize, Menu},
    context::{PageFacts, SidebarWidth},
    reactive::{effect, memo},
};
use chat::{ConversationId, Folder, FolderId, Shelf};
use leptos::{
    prelude::*,
    task::spawn_local,
    web_sys::{Element, Event},
};

mod acts;
mod ask;
mod dialogs;
mod drag;
mod edge;
mod gesture;
mod items;
mod selecting;
mod words;

/// What brings order to the list, beside the conversations themselves.
#[derive(Default)]
pub(super) struct Order {
    /// The user's folders, in their order.
    pub folders: Vec<Folder>,
    /// The chunk, once it is there.
    chunk: Option<Organising>,
    /// Conversations are being selected.
    selecting: bool,
}

impl Order {
    pub(super) fn new(folders: Vec<Folder>) -> Self {
        Self { folders, ..Self::default() }
    }
}

/// What a menu is about.
#[derive(Clone, Copy)]
pub(super) enum About {
    /// The list.
    List,
    /// One of the folders.
    Folder(FolderId),
    /// A conversation with its title, and where it is while no list tells.
    Conversation(ConversationId, Signal<String>, Shelf),
}

/// What the chunk hands over.
#[derive(Clone, Copy)]
struct Organising {
    items: fn(ChatState, About) -> AnyView,
    gesture: fn(ChatState, &Event),
    select: fn(ChatState),
    list: fn(ChatState) -> AnyView,
    dialogs: fn(ChatState) -> AnyView,
}

chunk! {
    /// What brings order.
    fn organising() -> Organising {
        Organising {
            items: items::of,
            gesture: gesture::follow,
            select: |state| selecting::begin(state, None),
            list: selecting::list,
            dialogs: dialogs::all,
        }
    }
}

/// A row of the list, by its link.
pub(super) const ROW: &str = ".side-list .srow > a";

/// Whether something happened to what this CSS selector names, or inside of it.
pub(super) fn within(event: &Event, selector: &str) -> bool {
    event_target::<Element>(event).closest(selector).is_ok_and(|found| found.is_some())
}

impl ChatState {
    /// Follows what is done in the sidebar with mouse or keyboard.
    pub(super) fn gesture(self, event: Event) {
        self.load_order(Box::new(move |chunk| (chunk.gesture)(self, &event)));
    }

    /// Loads the items of a menu that has opened.
    pub(super) fn opened(self) -> Callback<()> {
        Callback::new(move |()| self.load_order(Box::new(|_| {})))
    }

    /// The items of a menu, as soon as they are there.
    pub(super) fn items(self, about: About) -> AnyView {
        self.made(self.has_chunk(), Box::new(move |chunk| (chunk.items)(self, about)))
    }

    /// Begins to select conversations.
    pub(super) fn select(self) {
        self.load_order(Box::new(move |chunk| (chunk.select)(self)));
    }

    fn load_order(self, then: Box<dyn FnOnce(Organising)>) {
        spawn_local(async move {
            match organising().load().await {
                Some(chunk) => {
                    if self.order.with_untracked(|order| order.chunk.is_none()) {
                        self.order.update(|order| order.chunk = Some(chunk));
                    }
                    then(chunk);
                }
                None => self.toast.set(Some(chunk::missing())),
            }
        });
    }

    fn has_chunk(self) -> Memo<bool> {
        memo(move || self.order.with(|order| order.chunk.is_some()))
    }

    /// What the chunk makes, for as long as it is wanted.
    fn made(self, wanted: Memo<bool>, make: Box<dyn Fn(Organising) -> AnyView + Send>) -> AnyView {
        let chunk = move || self.order.with_untracked(|order| order.chunk);
        (move || wanted.get().then(chunk).flatten().map(&make)).into_any()
    }
}

/// What stands in the place of the list while conversations are selected.
pub(super) fn selection(state: ChatState) -> AnyView {
    let selecting = memo(move || state.order.with(|order| order.selecting));
    state.made(selecting, Box::new(move |chunk| (chunk.list)(state)))
}

/// What is asked before something is done.
pub(super) fn dialogs(state: ChatState) -> AnyView {
    state.made(state.has_chunk(), Box::new(move |chunk| (chunk.dialogs)(state)))
}

/// The menu of the list, or of a folder with this name.
#[component]
pub(super) fn OrderMenu(about: About, #[prop(into)] label: Signal<String>) -> impl IntoView {
    let state = chat_state();
    let (id, class) = match about {
        About::Folder(id) => (id.to_string(), "ib ib-sm folder-options scripted"),
        _ => ("list".to_owned(), "ib ib-sm list-options scripted"),
    };
    view! {
        <Menu
            id=["order-", &id].concat()
            label
            button_class=class
            button_label=label
            on_open=state.opened()
            button=view! { <Icon name=IconName::Ellipsis size=IconSize::Small/> }.into_any()
        >
            {state.items(about)}
        </Menu>
    }
    .into_any()
}

/// What the chunk hears of, beside clicks and keys.
const GESTURES: [&str; 4] = ["dragstart", "dragend", "pointerdown", "dblclick"];

/// The edge of the sidebar, by which it is made wider and narrower. It is written as text, as nothing of it changes here.
pub(super) fn edge(state: ChatState) -> AnyView {
    let pixels = expect_context::<PageFacts>().preferences.sidebar_width.pixels().to_string();
    effect(move || {
        browser::listen("#side", &GESTURES, move |event| {
            let drag = event.type_().starts_with("drag");
            if drag {
                // Later, when the chunk is there, it is too late to say so.
                browser::may_be_moved(&event);
            }
            if drag || within(&event, ".side-edge") {
                state.gesture(event);
            }
        });
    });
    let html = [
        r#"<div class="side-edge" role="separator" tabindex="0" aria-orientation="vertical" aria-label="Width of the sidebar" "#,
        r#"aria-controls="side" aria-valuemin="220" aria-valuemax="420" aria-valuenow=""#,
        &pixels,
        r#""></div>"#,
    ];
    view! { <div inner_html=html.concat()></div> }.into_any()
}

/// The class of the page's frame, with the width of the sidebar as the page came; the chunk changes it.
pub(super) fn frame_class() -> String {
    class(expect_context::<PageFacts>().preferences.sidebar_width)
}

fn class(width: SidebarWidth) -> String {
    ["app w", &width.pixels().to_string()].concat()
}
