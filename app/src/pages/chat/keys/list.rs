//! The list of all keys in a dialog.

use crate::{
    browser,
    components::{Button, Dialog},
    pages::shortcuts::Shortcuts,
};
use leptos::prelude::*;

pub(super) fn list(open: RwSignal<bool>) -> AnyView {
    view! {
        <Dialog id="keys" title="Keyboard shortcuts" open>
            <Shortcuts mac=browser::has_command_key()/>
            <div class="row">
                <Button autofocus=true on_click=Callback::new(move |_| open.set(false))>"Close"</Button>
            </div>
        </Dialog>
    }
    .into_any()
}
