//! The page *Your data*: what was said elsewhere is taken in here. It is a plain form that comes without scripts.

use super::{chat::turn_away, title::PageTitle};
use crate::{
    components::{Button, ButtonLink, ButtonSize, ButtonVariant, Callout, IconName, Tone},
    context::{Imported, PageFacts},
    pages::sessions::frame::{Frame, Place},
};
use chat::transfer::{ImportReport, Skipped};
use leptos::prelude::*;

/// The user's data.
#[component]
pub fn DataPage() -> impl IntoView {
    let Some(user) = expect_context::<PageFacts>().visitor else {
        turn_away();
        return ().into_any();
    };
    let outcome = use_context::<Imported>().map(|imported| imported.0);
    view! {
        <PageTitle text="Your data"/>
        <Frame user here=Place::Data>
            <header>
                <h1>"Your data"</h1>
                <p>"Everything you wrote is yours to take away. What you said elsewhere can go on here."</p>
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
