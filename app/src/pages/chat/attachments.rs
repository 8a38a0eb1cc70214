//! The files of a message.

use super::words::tokens;
use crate::components::{Icon, IconName, IconSize};
use chat::{Attachment, AttachmentKind};
use leptos::prelude::*;

/// The files of a message: pictures as such, others by name.
#[component]
pub fn Attachments(files: Vec<Attachment>) -> impl IntoView {
    (!files.is_empty()).then(|| {
        view! {
            <ul class="attach" role="list" aria-label="Attachments">
                {files.into_iter().map(file).collect_view()}
            </ul>
        }
        .into_any()
    })
}

fn file(file: Attachment) -> AnyView {
    let (href, name) = (address(&file), file.name.as_str().to_owned());
    match file.kind {
        AttachmentKind::Image { width, height } => view! {
            <li class="shot">
                <a href=href target="_blank" data-look="picture">
                    <img src=href.clone() alt=name width=width height=height loading="lazy"/>
                </a>
            </li>
        }
        .into_any(),
        AttachmentKind::Text => view! {
            <li>
                <a class="file" href=href download=name>
                    {glyph(IconName::FileText)}
                    <span>
                        <b>{name.clone()}</b>
                        <small>{tokens(file.tokens)}</small>
                    </span>
                </a>
            </li>
        }
        .into_any(),
    }
}

/// Where a file is.
pub(super) fn address(file: &Attachment) -> String {
    ["/api/files/", &file.id.to_string()].concat()
}

/// What stands before the name of a file that is no picture.
pub(super) fn glyph(name: IconName) -> AnyView {
    view! { <span class="glyph"><Icon name size=IconSize::Small/></span> }.into_any()
}
