//! One person, and what can be done about them.

use super::super::words::{seen, short};
use crate::{
    components::{Avatar, Icon, IconName, IconSize},
    context::PageFacts,
    pages::chat::words::machine_time,
};
use chat::{
    UserId,
    ports::{Person, Standing},
};
use leptos::prelude::*;

/// The name of a role.
pub(super) fn role_name(standing: Standing) -> &'static str {
    match standing {
        Standing::Admin => "Admin",
        Standing::Member => "Member",
        Standing::Disabled => "Disabled",
    }
}

/// One person.
#[component]
pub(super) fn Row(
    person: Person,
    /// Tells the row from the others of its page.
    place: usize,
    /// Who looks at it.
    own: UserId,
) -> impl IntoView {
    let PageFacts { now, preferences, .. } = expect_context();
    let Person { user, standing, owner, groups, last_seen_at, tokens } = person.clone();
    let role = match (standing, owner) {
        (Standing::Disabled, _) => view! { <span class="badge badge-bad">"Disabled"</span> }.into_any(),
        (Standing::Admin, true) => "Owner".into_any(),
        (standing, _) => role_name(standing).into_any(),
    };
    let groups = if groups.is_empty() {
        view! { <span class="faint">"None"</span> }.into_any()
    } else {
        groups.into_iter().map(|group| view! { <span class="badge">{group}</span> }).collect_view().into_any()
    };
    let when = seen(last_seen_at, now, preferences.offset);
    view! {
        <tr>
            <td>
                <div class="person">
                    <Avatar name=user.name.clone()/>
                    <span>
                        <b>{user.name} {(user.id == own).then_some(" (you)")}</b>
                        {user.email.map(|email| view! { <small>{email}</small> })}
                    </span>
                </div>
            </td>
            <td class="hide-s"><div class="badges">{groups}</div></td>
            <td>{role}</td>
            <td class="muted num hide-s"><time datetime=machine_time(last_seen_at)>{when}</time></td>
            <td class="r num">{short(tokens)}</td>
            <td class="r"><Options person place/></td>
        </tr>
    }
    .into_any()
}

/// A button, and what it opens: a native popover, which needs no script.
#[component]
fn Options(person: Person, place: usize) -> impl IntoView {
    let Person { user, standing, .. } = person;
    let (id, label) = (["options-", &place.to_string()].concat(), ["Options for ", &user.name].concat());
    let whom = user.id.to_string();
    let delete = ["/admin/people/", &whom, "/delete"].concat();
    let (action, words) = match standing {
        Standing::Disabled => ("/api/admin/people/enable", "Enable"),
        Standing::Admin | Standing::Member => ("/api/admin/people/disable", "Disable"),
    };
    let post = |action: &'static str, words: &'static str, whom: String| {
        view! {
            <form method="post" action=action>
                <input type="hidden" name="id" value=whom/>
                <button class="menu-item" type="submit">{words}</button>
            </form>
        }
    };
    view! {
        <button class="ib ib-sm" type="button" aria-label=label.clone() title=label.clone() popovertarget=id.clone()>
            <Icon name=IconName::Ellipsis size=IconSize::Small/>
        </button>
        <div class="menu pop pop-end" id=id role="group" aria-label=label popover="auto">
            {post(action, words, whom.clone())}
            {post("/api/admin/people/end-sessions", "End sessions", whom)}
            <hr/>
            <a class="menu-item bad" href=delete>"Delete…"</a>
        </div>
    }
    .into_any()
}
