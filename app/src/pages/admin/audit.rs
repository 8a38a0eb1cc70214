//! The audit log.

use super::{FilterBox, Page, Place, SearchBox, address, page, value};
use crate::{
    api::admin::{ENTRIES, audit, authors},
    components::{Button, ButtonLink, EmptyState, IconName},
    context::PageFacts,
    error::AppError,
    pages::{chat::words::machine_time, found::day},
};
use chat::{
    Timestamp, User, UserId,
    audit::{AuditEntry, AuditKind, AuditQuery, KEPT_DAYS},
    time::UtcOffset,
};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

/// What was done here, the newest first.
#[component]
pub fn AuditPage() -> impl IntoView {
    page(|user, query| Box::pin(load(user, query)))
}

async fn load(user: User, query: ParamsMap) -> Result<AnyView, AppError> {
    let get = |name| value(&query, name);
    let query = AuditQuery { q: get("q"), person: get("person"), event: get("event"), before: get("before") };
    let mut entries = audit(&query.filter()).await?;
    let more = entries.len() > ENTRIES as usize;
    entries.truncate(ENTRIES as usize);
    let older = entries.last().filter(|_| more).map(|last| last.number.to_string());
    let authors = authors().await?;
    Ok(view! { <Log user query entries older authors/> }.into_any())
}

#[component]
fn Log(
    user: User,
    query: AuditQuery,
    entries: Vec<AuditEntry>,
    /// Where older ones begin, if there are any.
    older: Option<String>,
    authors: Vec<(UserId, String)>,
) -> impl IntoView {
    let lead = ["Every sign-in and change of settings, kept for ", &KEPT_DAYS.to_string(), " days."].concat();
    let acts = Some(export(&query));
    let older = older.map(|before| {
        let fields = [("q", &*query.q), ("person", &query.person), ("event", &query.event), ("before", &before)];
        let href = address("/admin/audit", &fields);
        view! { <div class="pages"><ButtonLink href>"Load older entries"</ButtonLink></div> }
    });
    let table = if entries.is_empty() {
        let text = "No entry matches. Try fewer words, or another person or event.";
        view! { <EmptyState icon=IconName::ScrollText title="Nothing found" text/> }.into_any()
    } else {
        let rows = entries.into_iter().map(|entry| view! { <Row entry/> }).collect_view();
        view! { <Table>{rows}</Table> }.into_any()
    };
    let newest = (!query.before.is_empty()).then(|| {
        let href = address("/admin/audit", &[("q", &*query.q), ("person", &query.person), ("event", &query.event)]);
        view! { <p class="hint">"These are older entries. " <a class="link" href=href>"Back to the newest"</a></p> }
    });
    view! {
        <Page user here=Place::Audit title="Audit log".into() lead wide=true acts>
            <Filters query authors/>
            {newest}
            {table}
            {older}
        </Page>
    }
    .into_any()
}

/// Saves what the page finds, as a table.
fn export(query: &AuditQuery) -> AnyView {
    let fields = [("q", &query.q), ("person", &query.person), ("event", &query.event)];
    let hidden = fields.map(|(name, value)| view! { <input type="hidden" name=name value=value.clone()/> });
    view! {
        <form method="get" action="/admin/audit.csv">
            {hidden.collect_view()}
            <Button submit=true icon=IconName::Download>"Export CSV"</Button>
        </form>
    }
    .into_any()
}

#[component]
fn Filters(query: AuditQuery, authors: Vec<(UserId, String)>) -> impl IntoView {
    let everyone = (String::new(), "Everyone".to_owned());
    let people = authors.into_iter().map(|(id, name)| (id.to_string(), name));
    let people = std::iter::once(everyone).chain(people).collect();
    let all = (String::new(), "All events".to_owned());
    let events = AuditKind::ALL.iter().map(|kind| (kind.word().to_owned(), kind.label().to_owned()));
    let events = std::iter::once(all).chain(events).collect();
    view! {
        <form class="filters" method="get" action="/admin/audit" role="search" aria-label="Audit log">
            <SearchBox label="Search audit log" placeholder="Search the log" value=query.q/>
            <FilterBox name="person" label="Filter by person" options=people chosen=query.person/>
            <FilterBox name="event" label="Filter by event" options=events chosen=query.event/>
            <Button submit=true>"Show"</Button>
        </form>
    }
    .into_any()
}

#[component]
fn Table(children: Children) -> impl IntoView {
    view! {
        <div class="tablewrap" tabindex="0" role="region" aria-label="Table: audit log">
            <table class="table stack">
                <thead>
                    <tr>
                        <th scope="col">"Time"</th>
                        <th scope="col">"Who"</th>
                        <th scope="col">"What"</th>
                        <th scope="col" class="r hide-s">"From"</th>
                    </tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Row(entry: AuditEntry) -> impl IntoView {
    let PageFacts { now, preferences, .. } = expect_context();
    let when = moment(entry.at, now, preferences.offset);
    let what = if entry.is_refusal() {
        view! { <span class="status bad refusal">{entry.sentence()}</span> }.into_any()
    } else {
        entry.sentence().into_any()
    };
    let nowhere = if entry.user.is_some() { "unknown" } else { "this server" };
    let address = entry.address.map_or_else(|| nowhere.to_owned(), |address| address.to_string());
    view! {
        <tr>
            <td class="num muted"><time datetime=machine_time(entry.at)>{when}</time></td>
            <td>{entry.name}</td>
            <td>{what}</td>
            <td class="num muted r hide-s">{address}</td>
        </tr>
    }
    .into_any()
}

/// `09:41:07`, `Yesterday 22:15`, `19 Nov 22:15`.
fn moment(then: Timestamp, now: Timestamp, offset: UtcOffset) -> String {
    let clock = then.on_wall(offset).clock();
    match then.days_until(now, offset) {
        i64::MIN..=0 => {
            let second = then.0.div_euclid(1000).rem_euclid(60);
            [&*clock, if second < 10 { ":0" } else { ":" }, &second.to_string()].concat()
        }
        _ => [&day(then, now, offset), " ", &clock].concat(),
    }
}
