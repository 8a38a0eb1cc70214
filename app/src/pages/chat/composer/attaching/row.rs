//! The row of attached files above the text.

use super::{
    super::FIELD,
    Attaching,
    list::{self, Entry, State},
};
use crate::{
    browser,
    components::{Icon, IconName, IconSize, Spinner, each},
    pages::chat::{
        attachments::{address, glyph},
        model_picker::current_model,
        words::{size, tokens},
    },
    reactive::{effect, memo},
};
use leptos::prelude::*;

/// The row, as long as there is something in it.
pub(super) fn row(attaching: Attaching) -> AnyView {
    let entries = RwSignal::from(list::of(attaching.conversation));
    effect(move || attaching.busy.set(entries.with(|entries| entries.iter().any(Entry::is_uploading))));
    let some = memo(move || entries.with(|entries| !entries.is_empty()));
    let rows = move || {
        some.get().then(|| {
            let row = move |entry: Entry| view! { <Row entry attaching/> }.into_any();
            view! {
                <ul class="attach" role="list" aria-label="Attachments">
                    {each(move || entries.get(), |entry| entry.key.to_string(), row)}
                </ul>
            }
        })
    };
    let unseen = move || {
        let pictures = entries.with(|entries| entries.iter().any(Entry::is_picture));
        let blind = current_model(attaching.chat).filter(|model| pictures && !model.vision);
        blind.map(|model| view! { <p class="hint attach-note">{model.name} " can't see images"</p> })
    };
    view! {
        {rows}
        {unseen}
    }
    .into_any()
}

#[component]
fn Row(entry: Entry, attaching: Attaching) -> impl IntoView {
    let state = RwSignal::from(entry.state.clone());
    let refused = memo(move || state.with(|state| matches!(state, State::Refused(_))));
    let picture = move || match state.get() {
        State::Uploading => view! { <span class="glyph"><Spinner/></span> }.into_any(),
        State::Refused(_) => glyph(IconName::CircleAlert),
        State::Done(file) if file.is_image() => {
            view! { <span class="thumb"><img src=address(&file) alt=""/></span> }.into_any()
        }
        State::Done(_) => glyph(IconName::FileText),
    };
    let about = move || match state.get() {
        State::Uploading => view! { <small>"Uploading…"</small> }.into_any(),
        State::Refused(reason) => view! { <small role="alert">{reason}</small> }.into_any(),
        State::Done(file) if file.is_image() => view! { <small>{size(file.bytes)}</small> }.into_any(),
        State::Done(file) => view! { <small>{tokens(file.tokens)}</small> }.into_any(),
    };
    let name = entry.name.as_str().to_owned();
    let label = ["Remove ", &name].concat();
    let remove = move |_| {
        list::remove(attaching.conversation, &entry);
        browser::focus_field(FIELD);
    };
    view! {
        <li class=move || if refused.get() { "file file-bad" } else { "file" }>
            {picture}
            <span>
                <b title=name.clone()>{name.clone()}</b>
                {about}
            </span>
            <button class="ib ib-sm" type="button" aria-label=label.clone() title=label on:click=remove>
                <Icon name=IconName::X size=IconSize::Small/>
            </button>
        </li>
    }
    .into_any()
}
