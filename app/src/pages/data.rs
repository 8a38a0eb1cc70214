//! The page *Your data*: what was said elsewhere is taken in here. It is a plain form that comes without scripts.

use super::{chat::turn_away, title::PageTitle};
use crate::{
    api::shares::my_links,
    components::{Button, ButtonLink, ButtonSize, ButtonVariant, Callout, IconName, Tone},
    context::{Imported, PageFacts},
    pages::sessions::frame::{Frame, Place},
};
use chat::{
    share::ShareLink,
    transfer::{ImportReport, Skipped},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The user's data.
#[component]
pub fn DataPage() -> impl IntoView {
    let Some(user) = expect_context::<PageFacts>().visitor else {
        turn_away();
        return ().into_any();
    };
    let erased = use_query_map().with_untracked(|query| query.get_str("erased").and_then(|count| count.parse().ok()));
    let outcome = use_context::<Imported>().map(|imported| imported.0);
    view! {
        <PageTitle text="Your data"/>
        <Frame user here=Place::Data>
            <header>
                <h1>"Your data"</h1>
                <p>"Everything you wrote is yours to take away or erase. What you said elsewhere can go on here."</p>
            </header>
            <section class="sect">
                <h2>"Export"</h2>
                <Export
                    name="All conversations"
                    hint="With all versions of each message. Confab can import it again. Attached files are not in it."
                    format="json"
                    label="Export archive"
                />
                <Export name="As Markdown" hint="One file for each conversation, readable anywhere" format="markdown" label="Export Markdown"/>
            </section>
            <section class="sect">
                <h2>"Import"</h2>
                <Import/>
                {outcome.map(|outcome| view! { <Outcome outcome/> })}
            </section>
            <Links/>
            <section class="sect">
                <h2>"Erase"</h2>
                {erased.map(|count| view! { <Erased count/> })}
                <Erase
                    name="Delete all conversations"
                    hint="Your account and settings stay"
                    what="conversations"
                    label="Delete all…"
                />
                <Erase
                    name="Delete my account here"
                    hint="The account at your sign-in provider is not touched"
                    what="account"
                    label="Delete account…"
                />
            </section>
        </Frame>
    }
    .into_any()
}

#[component]
fn Export(name: &'static str, hint: &'static str, format: &'static str, label: &'static str) -> impl IntoView {
    let address = ["/settings/data/archive?format=", format].concat();
    view! {
        <div class="set">
            <div><span class="name">{name}</span><small>{hint}</small></div>
            <ButtonLink href=address variant=ButtonVariant::Line size=ButtonSize::Small icon=IconName::Download external=true>
                {label}
            </ButtonLink>
        </div>
    }
    .into_any()
}

/// The links to what the user shares; nothing when there are none.
#[component]
fn Links() -> impl IntoView {
    let row = |link: ShareLink| {
        let title = String::from(link.title);
        let label = ["Stop sharing ", &title].concat();
        let action = ["/c/", &link.conversation.to_string(), "/share"].concat();
        view! {
            <li class="set keep">
                <a class="name truncate" href=link.token.path()>{title}</a>
                <form method="post" action=action>
                    <input type="hidden" name="act" value="end"/>
                    <input type="hidden" name="from" value="data"/>
                    <Button submit=true size=ButtonSize::Small attr:aria-label=label>"Stop sharing"</Button>
                </form>
            </li>
        }
    };
    let links = move || {
        Suspend::new(async move {
            let links = my_links().await.unwrap_or_default();
            (!links.is_empty()).then(|| {
                view! {
                    <section class="sect">
                        <h2>"Shared links"</h2>
                        <ul role="list">{links.into_iter().map(row).collect_view()}</ul>
                    </section>
                }
            })
        })
    };
    view! { <Suspense>{links}</Suspense> }.into_any()
}

#[component]
fn Erase(name: &'static str, hint: &'static str, what: &'static str, label: &'static str) -> impl IntoView {
    let address = ["/settings/data/erase?what=", what].concat();
    view! {
        <div class="set">
            <div><span class="name">{name}</span><small>{hint}</small></div>
            <ButtonLink href=address variant=ButtonVariant::Danger size=ButtonSize::Small external=true>{label}</ButtonLink>
        </div>
    }
    .into_any()
}

#[component]
fn Erased(count: usize) -> impl IntoView {
    let title = ["Deleted ", &conversations(count)].concat();
    view! { <div class="import-report" role="status"><Callout title=title>"They are gone for good."</Callout></div> }
        .into_any()
}

#[component]
fn Import() -> impl IntoView {
    view! {
        <form class="set import" method="post" enctype="multipart/form-data">
            <div>
                <label class="name" for="file">"From another app"</label>
                <small id="file-hint">
                    "Confab, LobeChat, Open WebUI, LibreChat and ChatGPT exports, as .json or .zip. Attached files are not imported."
                </small>
            </div>
            <div class="ctl">
                <input
                    type="file"
                    id="file"
                    name="file"
                    accept=".json,.zip,application/json,application/zip"
                    aria-describedby="file-hint"
                    required
                />
                <Button size=ButtonSize::Small submit=true icon=IconName::Upload>"Import"</Button>
            </div>
        </form>
    }
    .into_any()
}

#[component]
fn Outcome(outcome: Result<ImportReport, String>) -> impl IntoView {
    match outcome {
        Ok(report) => view! { <Report report/> }.into_any(),
        Err(why) => view! {
            <Callout tone=Tone::Bad alert=true title="Nothing was imported">{why}</Callout>
        }
        .into_any(),
    }
}

#[component]
fn Report(report: ImportReport) -> impl IntoView {
    let ImportReport { imported, known, skipped, skipped_count } = report;
    let title = format!("Imported {}", conversations(imported));
    let rest = skipped_count.saturating_sub(skipped.len());
    let known = (known > 0).then(|| format!("{} had been imported before. ", capital(&conversations(known))));
    let skipping = match skipped_count {
        0 => "Nothing was skipped.".to_owned(),
        count => format!("{} could not be imported:", capital(&conversations(count))),
    };
    let row = |Skipped { title, why }: Skipped| view! { <li><b>{title}</b> ": " {why}</li> };
    view! {
        <div class="import-report" role="status">
            <Callout title=title>{known} {skipping}</Callout>
            <ul>
                {skipped.into_iter().map(row).collect_view()}
                {(rest > 0).then(|| view! { <li>{format!("and {rest} more")}</li> })}
            </ul>
        </div>
    }
    .into_any()
}

fn conversations(count: usize) -> String {
    match count {
        0 => "no conversations".to_owned(),
        1 => "one conversation".to_owned(),
        count => format!("{count} conversations"),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}
