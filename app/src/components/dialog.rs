//! A question that must be answered before anything else.

use crate::reactive::effect;
use leptos::{
    ev::{Event, KeyboardEvent, MouseEvent},
    html,
    prelude::*,
};

/// A modal dialog. The browser keeps the focus inside, makes the rest inert, closes on Escape and gives
/// the focus back to where it was; a press beside the dialog closes it too.
///
/// `open` goes both ways: set it to open or close, read it to know. The last child is usually `<div class="row">` with
/// the buttons. What is inside stays in the document while the dialog is closed.
#[component]
pub fn Dialog(
    /// Unique on the page.
    id: &'static str,
    /// Heading, and the dialog's name.
    #[prop(into)]
    title: Signal<String>,
    open: RwSignal<bool>,
    /// Interrupts a screen reader: for a confirmation of something that cannot be undone.
    #[prop(optional)]
    alert: bool,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let heading = [id, "-title"].concat();
    let named_by = heading.clone();

    effect(move || {
        let Some(dialog) = node.get() else { return };
        match (open.get(), dialog.open()) {
            (true, false) => _ = dialog.show_modal(),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    // The panel fills the dialog: only what lies beside it is the dialog itself. A press that began
    // inside, to mark some text, is none beside it wherever it ends.
    let beside = |event: &MouseEvent| event.target() == event.current_target();
    let began_beside = StoredValue::new(false);
    let release = move |event: MouseEvent| {
        if beside(&event) && began_beside.get_value() {
            open.set(false);
        }
    };
    // The browser closes the dialog; whatever lies below must not take the key for itself.
    let key = |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
        }
    };
    view! {
        <dialog
            node_ref=node
            class="modal"
            id=id
            role=alert.then_some("alertdialog")
            aria-labelledby=named_by
            on:keydown=key
            on:close=move |_: Event| open.set(false)
            on:mousedown=move |event| began_beside.set_value(beside(&event))
            on:click=release
        >
            <div class="dialog">
                <h2 id=heading>{title}</h2>
                {children()}
            </div>
        </dialog>
    }
    .into_any()
}
