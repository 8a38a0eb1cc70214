//! A session, and what can be done about it.

use super::{
    browser::Browser,
    moment::{ago, moment},
};
use crate::{
    components::{Button, ButtonSize, ButtonVariant, Icon, IconName},
    context::PageFacts,
    pages::chat::words::machine_time,
};
use chat::ports::SessionSummary;
use leptos::prelude::*;

/// One session.
#[component]
pub(super) fn Row(session: SessionSummary) -> impl IntoView {
    let browser = Browser::of(&session.user_agent);
    let (label, current) = (browser.label(), session.current);
    let icon = if browser.is_handheld() { IconName::Smartphone } else { IconName::Monitor };
    let times_id = ["session-", &session.id].concat();
    let times = view! { <Times session=session.clone() id=times_id.clone()/> };
    let control = if current {
        view! { <SignOut/> }.into_any()
    } else {
        view! { <Revoke id=session.id label=label.clone() times_id/> }.into_any()
    };
    view! {
        <li class="set lead">
            <span class="glyph" class:on=current><Icon name=icon/></span>
            <div>
                <span class="name">
                    {label}
                    {current.then(|| view! { " " <span class="badge badge-accent">"This device"</span> })}
                </span>
                {times}
            </div>
            <div class="ctl">{control}</div>
        </li>
    }
    .into_any()
}

/// When it was used last, and when it began. For the one that looks at it, only when it began.
#[component]
fn Times(session: SessionSummary, id: String) -> impl IntoView {
    let PageFacts { now, preferences, .. } = expect_context();
    let SessionSummary { address, created_at, last_seen_at, current, .. } = session;
    let seen = (!current).then(|| {
        let text = ago(last_seen_at, now, preferences.offset);
        view! { "Active " <time datetime=machine_time(last_seen_at)>{text}</time> ". " }
    });
    let address = address.map(|address| [&address.to_string(), ". "].concat());
    let began = moment(created_at, now, preferences.offset);
    view! { <small id=id>{address} {seen} "Signed in " <time datetime=machine_time(created_at)>{began}</time></small> }
        .into_any()
}

#[component]
fn SignOut() -> impl IntoView {
    view! {
        <form method="post" action="/api/auth/signout">
            <Button submit=true size=ButtonSize::Small>"Sign out"</Button>
        </form>
    }
    .into_any()
}

/// Its name says which browser it is about, and its description tells two of the same kind apart.
#[component]
fn Revoke(id: String, label: String, times_id: String) -> impl IntoView {
    let (variant, size) = (ButtonVariant::Danger, ButtonSize::Small);
    view! {
        <form method="post" action="/api/auth/revoke">
            <input type="hidden" name="id" value=id/>
            <Button submit=true variant size attr:aria-describedby=times_id>
                "Revoke" <span class="sr">" session: " {label}</span>
            </Button>
        </form>
    }
    .into_any()
}

/// Ends all sessions but this one.
#[component]
pub(super) fn Others(
    /// How many those are.
    count: usize,
) -> impl IntoView {
    let what = match count {
        1 => "Ends the other session and keeps this one".to_owned(),
        _ => ["Ends the ", &count.to_string(), " other sessions and keeps this one"].concat(),
    };
    let (variant, size) = (ButtonVariant::Danger, ButtonSize::Small);
    view! {
        <section class="sect">
            <h2>"Everything else"</h2>
            <form class="set keep" method="post" action="/api/auth/revoke-others">
                <div>
                    <span class="name">"Sign out everywhere else"</span>
                    <small>{what}</small>
                </div>
                <div class="ctl">
                    <Button submit=true variant size>"Sign out others"</Button>
                </div>
            </form>
        </section>
    }
    .into_any()
}
