//! Everybody who has an account.

mod row;

use super::{FilterBox, Page, Place, SearchBox, address, done, not_done, page, store_trouble, value, words::counted};
use crate::{
    api::admin::{PEOPLE, groups, people, person, sign_in_providers},
    components::{Button, ButtonLink, ButtonVariant, EmptyState, IconName},
    error::AppError,
};
use chat::{
    User,
    ports::{PeopleFilter, PeoplePage as Found, Standing},
};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use row::Row;

/// Everybody who has an account, and what can be done about them.
#[component]
pub fn PeoplePage() -> impl IntoView {
    page(|user, query| Box::pin(load(user, query)))
}

/// What the address asks for.
#[derive(Clone)]
struct Wanted {
    q: String,
    group: String,
    role: String,
    /// The first page is 0.
    page: u32,
}

impl Wanted {
    fn of(query: &ParamsMap) -> Self {
        let page = value(query, "page").parse::<u32>().unwrap_or(1).clamp(1, 100_000) - 1;
        Self { q: value(query, "q"), group: value(query, "group"), role: value(query, "role"), page }
    }

    fn filter(&self) -> PeopleFilter {
        PeopleFilter {
            text: self.q.chars().take(200).collect(),
            group: Some(self.group.clone()).filter(|group| !group.is_empty()),
            standing: Standing::parse(&self.role),
            skip: self.page * PEOPLE,
        }
    }

    fn on_page(&self, page: u32) -> String {
        let fields = [("q", &*self.q), ("group", &self.group), ("role", &self.role), ("page", &(page + 1).to_string())];
        address("/admin/people", &fields)
    }
}

async fn load(user: User, query: ParamsMap) -> Result<AnyView, AppError> {
    let wanted = Wanted::of(&query);
    let found = people(&wanted.filter()).await?;
    let groups = groups().await?;
    let who = match query.get_str("who") {
        Some(id) => person(id).await.ok().map(|person| person.user.name),
        None => None,
    };
    let notice = store_trouble(&query).or_else(|| notice(query.get_str("done")?, who));
    let providers = sign_in_providers();
    Ok(view! { <People user wanted found groups providers notice/> }.into_any())
}

/// What was done, as far as it can be told of the person that it was done to.
fn notice(what: &str, who: Option<String>) -> Option<AnyView> {
    let name = || who.unwrap_or_else(|| "This person".into());
    Some(match what {
        "disabled" => done(name() + " is disabled, and signed out everywhere."),
        "enabled" => done(name() + " may enter again."),
        "ended" => done(name() + " is signed out everywhere."),
        "deleted" => done("The account is deleted, with everything that belonged to it."),
        "refreshed" => done("Asked. What the provider says of everybody who is signed in counts now."),
        "refreshing" => done("The provider is being asked. Reload in a moment to see what it says."),
        "gone" => not_done("This person is not here any more", "Somebody else has deleted the account."),
        "last" => not_done(
            "Nobody would be left who administers",
            "Nothing was changed. Make somebody else an administrator first.",
        ),
        _ => return None,
    })
}

#[component]
fn People(
    user: User,
    wanted: Wanted,
    found: Found,
    groups: Vec<String>,
    /// The names of the sign-in providers.
    providers: Vec<String>,
    notice: Option<AnyView>,
) -> impl IntoView {
    let lead = match providers.as_slice() {
        [] => "Accounts come from login links. Roles are given when a link is made.".to_owned(),
        [one] => ["Accounts and groups arrive from ", one, ". Roles follow groups, so change them there."].concat(),
        _ => "Accounts and groups arrive from the sign-in providers. Roles follow groups, so change them there.".into(),
    };
    let acts = (!providers.is_empty()).then(|| {
        let whom = if providers.len() == 1 { providers[0].clone() } else { "the providers".into() };
        view! {
            <form method="post" action="/api/admin/people/refresh">
                <Button submit=true icon=IconName::RefreshCw>"Refresh from " {whom}</Button>
            </form>
        }
        .into_any()
    });
    let own = user.id;
    let table = if found.people.is_empty() {
        let text = "Nobody has this in their name or address, in this group and with this role.";
        view! { <EmptyState icon=IconName::Users title="Nobody found" text/> }.into_any()
    } else {
        let rows = found.people.clone().into_iter().enumerate();
        let rows = rows.map(|(place, person)| view! { <Row person place own/> }).collect_view();
        view! { <Table>{rows}</Table> }.into_any()
    };
    view! {
        <Page user here=Place::People title="People".into() lead wide=true acts>
            {notice}
            <Filters wanted=wanted.clone() groups/>
            {table}
            <Pages wanted found/>
        </Page>
    }
    .into_any()
}

#[component]
fn Table(children: Children) -> impl IntoView {
    view! {
        <div class="tablewrap" tabindex="0" role="region" aria-label="Table: people">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col" class="hide-s">"Groups"</th>
                        <th scope="col">"Role"</th>
                        <th scope="col" class="hide-s">"Last seen"</th>
                        <th scope="col" class="r">"Tokens" <span class="hide-s">", 30 days"</span></th>
                        <th scope="col"><span class="sr">"Options"</span></th>
                    </tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Filters(wanted: Wanted, groups: Vec<String>) -> impl IntoView {
    let groups = groups.into_iter().map(|group| (group.clone(), group));
    let groups = std::iter::once((String::new(), "All groups".to_owned())).chain(groups).collect();
    let role = |standing: Standing| (standing.word().to_owned(), row::role_name(standing).to_owned());
    let roles = std::iter::once((String::new(), "All roles".to_owned())).chain(Standing::ALL.map(role)).collect();
    view! {
        <form class="filters" method="get" action="/admin/people" role="search" aria-label="People">
            <SearchBox label="Search people" placeholder="Search people" value=wanted.q/>
            <FilterBox name="group" label="Filter by group" options=groups chosen=wanted.group/>
            <FilterBox name="role" label="Filter by role" options=roles chosen=wanted.role/>
            <Button submit=true>"Show"</Button>
        </form>
    }
    .into_any()
}

/// Which of them are shown, and the way to the others.
#[component]
fn Pages(wanted: Wanted, found: Found) -> impl IntoView {
    let shown = found.people.len() as u64;
    let first = u64::from(wanted.page * PEOPLE) + 1;
    let all = counted(found.all, "person", "people");
    let text = match shown {
        0 => ["Showing none of ", &all].concat(),
        _ if shown == found.found => ["Showing ", &shown.to_string(), " of ", &all].concat(),
        _ => {
            let (first, last) = (first.to_string(), (first + shown - 1).to_string());
            ["Showing ", &first, " to ", &last, " of ", &counted(found.found, "person", "people")].concat()
        }
    };
    let before = (wanted.page > 0).then(|| wanted.on_page(wanted.page - 1));
    let after = (first + shown <= found.found && shown > 0).then(|| wanted.on_page(wanted.page + 1));
    let link = |href: String, words: &'static str| {
        view! { <ButtonLink href variant=ButtonVariant::Line>{words}</ButtonLink> }
    };
    view! {
        <div class="pages">
            <p class="hint">{text}</p>
            {before.map(|href| link(href, "Previous page"))}
            {after.map(|href| link(href, "Next page"))}
        </div>
    }
    .into_any()
}
