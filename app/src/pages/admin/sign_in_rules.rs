//! Who may enter and who administers, as the settings of the server say.

use chat::access::{Access, EmailRule};
use leptos::prelude::*;
use std::sync::Arc;

/// The rules, each with the variable that sets it.
#[component]
pub(super) fn SignInRules(
    access: Arc<Access>,
    /// The names of the sign-in providers.
    providers: Vec<String>,
) -> impl IntoView {
    let group = |name: &str| view! { "Group " <code>{name.to_owned()}</code> " may sign in" }.into_any();
    let mut rules: Vec<(AnyView, &'static str)> = Vec::new();
    for name in &access.admin_groups {
        rules.push((view! { {group(name)} " and is an " <b>"admin"</b> }.into_any(), "AUTH_ADMIN_GROUPS"));
    }
    rules.extend(access.groups.iter().map(|name| (group(name), "AUTH_ALLOWED_GROUPS")));
    for rule in &access.emails {
        let words = match rule {
            EmailRule::Address(address) => {
                view! { "The address " <code>{address.clone()}</code> " may sign in" }.into_any()
            }
            EmailRule::Domain(domain) => {
                view! { "Addresses ending in " <code>"@" {domain.clone()}</code> " may sign in" }.into_any()
            }
        };
        rules.push((words, "AUTH_ALLOWED_EMAILS"));
    }
    let open = access.groups.is_empty() && access.emails.is_empty();
    let rest = match (providers.is_empty(), open) {
        (true, _) => "No sign-in provider is set up: people come in by login links",
        (false, true) => "Everyone else whom the provider lets through may sign in",
        (false, false) => "Everyone else is turned away",
    };
    let count = rules.len();
    let rows = rules.into_iter().enumerate().map(|(place, (words, variable))| {
        view! {
            <li class="rule">
                <span class="num">{place + 1}</span>
                <p>{words}</p>
                <code class="variable">{variable}</code>
            </li>
        }
    });
    view! {
        <section class="sect">
            <h2>"Who may sign in"</h2>
            <ol role="list">
                {rows.collect_view()}
                <li class="rule">
                    <span class="num">{count + 1}</span>
                    <p class="muted">{rest}</p>
                    <span class="badge">"Always last"</span>
                </li>
            </ol>
            <p class="hint more">
                "Rules run from the top, and the first that matches decides. They are set where this server is started, by the variables beside them. A login link made with " <code>"--admin"</code> " gives the role of an admin too."
            </p>
        </section>
    }
    .into_any()
}
