//! A shared conversation: a snapshot that whoever has the link may read. It comes without scripts.

use super::{ErrorPage, chat, solo::Oops, title::PageTitle};
use crate::{
    api::shares::shared,
    components::{Brand, ButtonLink, ButtonSize, ButtonVariant, Icon, IconName, IconSize},
    context::PageFacts,
    error::AppError,
};
use ::chat::{
    Timestamp,
    share::{Share, SharedMessage},
};
use http::{HeaderName, HeaderValue};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_router::hooks::use_params_map;

/// What is behind a link.
#[component]
pub fn SharedPage() -> impl IntoView {
    // In a header, so that it holds for whatever is answered here.
    expect_context::<ResponseOptions>()
        .insert_header(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow"));
    let token = use_params_map().with_untracked(|params| params.get("token").unwrap_or_default());
    let page = move || {
        let token = token.clone();
        Suspend::new(async move {
            match shared(&token).await {
                Ok(share) => view! { <Page share/> }.into_any(),
                Err(AppError::NotFound) => view! { <Gone/> }.into_any(),
                Err(error) => view! { <ErrorPage error/> }.into_any(),
            }
        })
    };
    view! { <Suspense>{page}</Suspense> }.into_any()
}

#[component]
fn Gone() -> impl IntoView {
    view! {
        <Oops
            status=404
            title="This link leads nowhere"
            text="Whoever shared the conversation has ended the link or deleted the conversation, or the address is not complete."
        >
            <ButtonLink href="/" variant=ButtonVariant::Primary>"To Confab"</ButtonLink>
        </Oops>
    }
    .into_any()
}

#[component]
fn Page(share: Share) -> impl IntoView {
    let facts = expect_context::<PageFacts>();
    let (way, words) = if facts.visitor.is_some() { ("/", "Open Confab") } else { ("/signin", "Sign in") };
    let Share { title, author, messages, created_at } = share;
    let title = String::from(title);
    view! {
        <PageTitle text=title.clone()/>
        <a class="skip" href="#main">"Skip to conversation"</a>
        <div class="public">
            <header class="public-top">
                <a href="/" aria-label="Confab home"><Brand/></a>
                <ButtonLink href=way size=ButtonSize::Small external=true>{words}</ButtonLink>
            </header>
            <main class="column" id="main">
                <Head title author models=models(&messages) at=created_at/>
                <div class="log" role="log" aria-label="Conversation" aria-live="off">
                    {messages.into_iter().map(|message| view! { <Message message/> }).collect_view()}
                </div>
                <footer class="public-foot">
                    <span>"A snapshot. Later messages aren’t included."</span>
                    <span>"Answers can be wrong. Check what matters."</span>
                </footer>
            </main>
        </div>
    }
    .into_any()
}

/// The names of the models that answered, each once, in their order.
fn models(messages: &[SharedMessage]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in messages.iter().filter_map(|message| message.model.as_deref()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

#[component]
fn Head(title: String, author: String, models: String, at: Timestamp) -> impl IntoView {
    let wall = at.on_wall(expect_context::<PageFacts>().preferences.offset);
    let day = [&wall.day.to_string(), " ", wall.month_name(), " ", &wall.year.to_string()].concat();
    let dot = || view! { <span aria-hidden="true">"·"</span> };
    let models = (!models.is_empty()).then(|| view! { {dot()} <span>{models}</span> });
    view! {
        <header class="title">
            <h1>{title}</h1>
            <p>
                <span>{["Shared by ", &author].concat()}</span>
                {dot()}
                <time datetime=chat::words::machine_time(at)>{day}</time>
                {models}
            </p>
        </header>
    }
    .into_any()
}

#[component]
fn Message(message: SharedMessage) -> impl IntoView {
    let SharedMessage { model, text, reasoning, files, .. } = message;
    let Some(model) = model else {
        let files = (!files.is_empty()).then(|| {
            let file = |name: ::chat::FileName| {
                view! {
                    <li>
                        <span class="file">
                            <span class="glyph"><Icon name=IconName::FileText size=IconSize::Small/></span>
                            <span><b>{name.as_str().to_owned()}</b><small>"Not shared"</small></span>
                        </span>
                    </li>
                }
            };
            view! {
                <ul class="attach" role="list" aria-label="Attachments">{files.into_iter().map(file).collect_view()}</ul>
            }
        });
        return view! {
            <article class="msg msg-user" aria-label="Message">{files}<div class="bubble">{text}</div></article>
        }
        .into_any();
    };
    let thinking = (!reasoning.is_empty()).then(|| {
        view! {
            <details class="think">
                <summary>
                    <span>"Thinking"</span>
                    <svg class="i i-xs chev" aria-hidden="true"><use href=IconName::ChevronRight.href()></use></svg>
                </summary>
                <div class="thought" inner_html=chat::document(&reasoning)></div>
            </details>
        }
    });
    let label = ["Reply from ", &model].concat();
    view! {
        <article class="msg" aria-label=label>
            <div class="msg-by">
                <span class="glyph glyph-sm"><Icon name=IconName::Sparkles size=IconSize::ExtraSmall/></span>
                <b>{model}</b>
            </div>
            {thinking}
            <div class="prose" inner_html=chat::document(&text)></div>
        </article>
    }
    .into_any()
}
