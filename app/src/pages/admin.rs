//! The pages of administrators: what is used, by whom, who may do what, and what was done. They are forms and links, and
//! come without scripts.

mod access;
mod audit;
mod delete_person;
mod model_access;
mod people;
mod sign_in_rules;
mod usage;
mod words;

pub use access::AccessPage;
pub use audit::AuditPage;
pub use delete_person::DeletePersonPage;
pub use model_access::ModelAccessPage;
pub use people::PeoplePage;
pub use usage::UsagePage;

use super::{
    escape,
    loading::page,
    sessions::frame::{Frame, Place},
    title::PageTitle,
};
use crate::components::{Callout, Icon, IconName, IconSize, Tone};
use chat::User;
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

/// The value of a field of the address; empty when there is none.
fn value(query: &ParamsMap, name: &str) -> String {
    query.get(name).unwrap_or_default()
}

/// A path with those fields of a query that are not empty.
fn address(path: &str, fields: &[(&str, &str)]) -> String {
    let set = fields.iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<String> = set.map(|(name, value)| [name, "=", &escape(value)].concat()).collect();
    if pairs.is_empty() { path.to_owned() } else { [path, "?", &pairs.join("&")].concat() }
}

/// The frame, the title and what can be done on the whole page.
#[component]
fn Page(
    user: User,
    here: Place,
    title: String,
    lead: String,
    #[prop(optional)] wide: bool,
    /// Buttons beside the title.
    #[prop(optional_no_strip)]
    acts: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    view! {
        <PageTitle text=title.clone()/>
        <Frame user here wide>
            <Tabs here/>
            <header>
                <div class="withact">
                    <h1>{title}</h1>
                    {acts.map(|acts| view! { <div class="head-acts">{acts}</div> })}
                </div>
                <p>{lead}</p>
            </header>
            {children()}
        </Frame>
    }
    .into_any()
}

/// Where there is no room for the sidebar: the pages of administrators.
#[component]
fn Tabs(here: Place) -> impl IntoView {
    let tab = |place: Place| {
        let (name, href, _) = place.look();
        view! { <a href=href aria-current=(place == here).then_some("page")>{name}</a> }
    };
    view! { <nav class="tabs" aria-label="Admin">{Place::ADMIN.map(tab).collect_view()}</nav> }.into_any()
}

/// A field to search with. The form around it names what is searched.
#[component]
fn SearchBox(label: &'static str, placeholder: &'static str, value: String) -> impl IntoView {
    view! {
        <div class="search">
            <Icon name=IconName::Search size=IconSize::Small/>
            <input
                class="input"
                type="search"
                name="q"
                value=value
                placeholder=placeholder
                aria-label=label
                maxlength="200"
                autocomplete="off"
            />
        </div>
    }
    .into_any()
}

/// One of several, without a label beside it.
#[component]
fn FilterBox(
    name: &'static str,
    label: &'static str,
    /// Values and words; the first one stands for no filter.
    options: Vec<(String, String)>,
    chosen: String,
) -> impl IntoView {
    let options = options.into_iter().map(move |(value, words)| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{words}</option> }
    });
    view! {
        <span class="select">
            <select class="input" name=name aria-label=label>{options.collect_view()}</select>
            <Icon name=IconName::ChevronDown size=IconSize::Small/>
        </span>
    }
    .into_any()
}

/// That something was done.
fn done(text: impl Into<String>) -> AnyView {
    view! { <p class="callout told" role="status">{text.into()}</p> }.into_any()
}

/// That something was not done, and why.
fn not_done(title: &'static str, text: impl Into<String>) -> AnyView {
    let text = text.into();
    view! { <Callout tone=Tone::Bad alert=true title>{text}</Callout> }.into_any()
}

/// What went wrong with the store, if something did.
fn store_trouble(query: &ParamsMap) -> Option<AnyView> {
    let title = "Nothing was changed";
    Some(match query.get_str("done")? {
        "busy" => not_done(title, "The server is busy. Try again in a moment."),
        "full" => not_done(title, "The server’s disk is full, so nothing can be stored."),
        "failed" => {
            let reference = value(query, "reference");
            let reference: String =
                reference.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(9).collect();
            not_done(title, ["Something broke on our side. Reference ", &reference, "."].concat())
        }
        _ => return None,
    })
}
