//! A button and the menu it opens.

use std::sync::Mutex;

use leptos::{
    ev::{Event, KeyboardEvent},
    html,
    prelude::*,
};

mod item;
mod keyboard;

pub use item::MenuItem;

/// Where a menu appears, seen from its button. It changes sides by itself when there is no room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MenuPlace {
    /// Below, ending where the button ends.
    #[default]
    BelowEnd,
    /// Below, starting where the button starts.
    BelowStart,
    /// Above and as wide as the button.
    AboveSpan,
}

impl MenuPlace {
    const fn class(self) -> &'static str {
        match self {
            Self::BelowEnd => "menu pop pop-end",
            Self::BelowStart => "menu pop pop-start",
            Self::AboveSpan => "menu pop pop-span",
        }
    }
}

/// A button and the menu it opens; its children are [`MenuItem`]s and `<hr/>`s, direct ones.
///
/// The menu is a native popover: opening, Escape, a press elsewhere and giving the focus back to the button are the
/// browser's work and need no script. The script adds what the ARIA menu pattern asks for: the focus goes to the first
/// item, arrows, Home, End and typing move it, Tab closes.
#[component]
pub fn Menu(
    /// Unique on the page.
    #[prop(into)]
    id: String,
    /// The menu's name.
    #[prop(into)]
    label: Signal<String>,
    /// Look of the button: `ib`, `ib ib-sm`, `user`.
    #[prop(default = "ib")]
    button_class: &'static str,
    /// Name and tooltip of the button; without it its content is its name.
    #[prop(optional, into)]
    button_label: MaybeProp<String>,
    /// What the button shows.
    button: AnyView,
    #[prop(optional)] place: MenuPlace,
    /// Puts the items into the page at once, not at the first opening: for a menu that should work before
    /// the script does.
    #[prop(optional)]
    eager: bool,
    /// Called whenever the menu opens.
    #[prop(optional, into)]
    on_open: Option<Callback<()>>,
    children: Children,
) -> impl IntoView {
    let opener = NodeRef::<html::Button>::new();
    let list = NodeRef::<html::Div>::new();
    let open = RwSignal::new(false);
    let wanted = RwSignal::new(eager);
    // Made once, and kept when the menu closes.
    let children = Mutex::new(Some(children));
    let items = move || {
        let first = wanted.get().then(|| children.lock().ok()?.take()).flatten();
        first.map(|children| children())
    };

    let toggled = move |event: Event| {
        let now = keyboard::is_open(&event);
        open.set(now);
        if now {
            if !wanted.get_untracked() {
                wanted.set(true);
            }
            if let Some(on_open) = on_open {
                on_open.run(());
            }
            // Items that were asked for just now are there with the next frame.
            request_animation_frame(move || {
                if let Some(list) = list.get_untracked() {
                    keyboard::focus_first(&list);
                }
            });
        }
    };
    let opener_key = move |event: KeyboardEvent| {
        if !open.get_untracked()
            && matches!(event.key().as_str(), "ArrowDown" | "ArrowUp")
            && let Some(button) = opener.get_untracked()
        {
            event.prevent_default();
            button.click();
        }
    };
    let typed = StoredValue::new(keyboard::Typed::default());
    let menu_key = move |event: KeyboardEvent| {
        if let Some(list) = list.get_untracked() {
            typed.update_value(|typed| keyboard::handle(&event, &list, typed));
        }
    };
    view! {
        <button
            node_ref=opener
            class=button_class
            type="button"
            aria-label=move || button_label.get()
            title=move || button_label.get()
            aria-haspopup="menu"
            aria-expanded=move || open.get().to_string()
            popovertarget=id.clone()
            on:keydown=opener_key
        >
            {button}
        </button>
        <div
            node_ref=list
            class=place.class()
            id=id
            role="menu"
            aria-label=label
            popover="auto"
            on:toggle=toggled
            on:keydown=menu_key
        >
            {items}
        </div>
    }
    .into_any()
}
