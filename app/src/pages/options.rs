//! The page on which somebody sets how models answer in a conversation. It is a plain form that comes without scripts.

use super::{ErrorPage, chat::turn_away, title::PageTitle};
use crate::{
    api::{
        conversations::{configure_conversation, open_conversation, summarise_conversation},
        folders::list_folders,
    },
    components::{Button, ButtonLink, ButtonVariant, Callout, IconLink, IconName, Tone},
    context::{PageFacts, Posted, see_other, set_status},
    error::AppError,
};
use chat::{Folder, Hundredths, Parameters, Sampling, Shelf};
use field::{Choice, Line, Text};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use place::Organise;

mod field;
mod place;

pub(super) use place::{ActForm, FOLDER_NAME};

/// How models answer in the conversation that the address names. A form that is posted here is stored, and leads back to
/// the conversation; what can't be used is shown again, with what is wrong.
#[component]
pub fn OptionsPage() -> impl IntoView {
    if expect_context::<PageFacts>().visitor.is_none() {
        turn_away();
        return ().into_any();
    }
    let id = use_params_map().with_untracked(|params| params.get("id").unwrap_or_default());
    let page = move || {
        let id = id.clone();
        Suspend::new(async move {
            match answer(&id).await {
                Ok(Some(options)) => view! { <Page options id/> }.into_any(),
                Ok(None) => ().into_any(),
                Err(error) => view! { <ErrorPage error/> }.into_any(),
            }
        })
    };
    view! { <Suspense>{page}</Suspense> }.into_any()
}

/// What the page shows.
struct Options {
    title: String,
    shelf: Shelf,
    folders: Vec<Folder>,
    values: Values,
    error: Option<AppError>,
    /// Why no summary was made.
    no_summary: Option<AppError>,
}

/// What stands in the fields.
#[derive(Clone, Default)]
struct Values {
    instructions: String,
    temperature: String,
    top_p: String,
    max_tokens: String,
    effort: String,
}

impl Values {
    fn of(parameters: Parameters) -> Self {
        let Parameters { instructions, sampling: Sampling { temperature, top_p, max_tokens, effort } } = parameters;
        Self {
            instructions,
            temperature: temperature.map(Hundredths::text).unwrap_or_default(),
            top_p: top_p.map(Hundredths::text).unwrap_or_default(),
            max_tokens: max_tokens.map(|tokens| tokens.to_string()).unwrap_or_default(),
            effort: effort.map(|effort| effort.word().to_owned()).unwrap_or_default(),
        }
    }

    fn posted(Posted(fields): &Posted) -> Self {
        let get = |name: &str| fields.get(name).cloned().unwrap_or_default();
        Self {
            instructions: get("instructions"),
            temperature: get("temperature"),
            top_p: get("top_p"),
            max_tokens: get("max_tokens"),
            effort: get("effort"),
        }
    }
}

/// Makes a summary, when that was asked for, or stores what was posted. None when the browser is sent back to the conversation.
async fn answer(id: &str) -> Result<Option<Options>, AppError> {
    let posted = use_context::<Posted>();
    if posted.as_ref().is_some_and(|Posted(fields)| fields.contains_key(SUMMARISE)) {
        return summarise(id).await;
    }
    let posted = posted.map(|posted| Values::posted(&posted));
    let conversation = open_conversation(id.to_owned()).await?.conversation;
    let (title, shelf) = (String::from(conversation.title), conversation.shelf);
    let folders = list_folders().await?;
    let Some(values) = posted else {
        let values = Values::of(conversation.parameters);
        return Ok(Some(Options { title, shelf, folders, values, error: None, no_summary: None }));
    };
    let Values { instructions, temperature, top_p, max_tokens, effort } = values.clone();
    match configure_conversation(id.to_owned(), instructions, temperature, top_p, max_tokens, effort).await {
        Ok(()) => {
            see_other(&["/c/", id].concat());
            Ok(None)
        }
        Err(AppError::NotFound) => Err(AppError::NotFound),
        Err(error) => {
            set_status(error.status());
            Ok(Some(Options { title, shelf, folders, values, error: Some(error), no_summary: None }))
        }
    }
}

/// The button that asks for a summary.
const SUMMARISE: &str = "summarise";

async fn summarise(id: &str) -> Result<Option<Options>, AppError> {
    match summarise_conversation(id.to_owned()).await {
        Ok(_) => {
            see_other(&["/c/", id].concat());
            Ok(None)
        }
        Err(AppError::NotFound) => Err(AppError::NotFound),
        Err(error) => {
            let conversation = open_conversation(id.to_owned()).await?.conversation;
            set_status(error.status());
            let (shelf, folders) = (conversation.shelf, list_folders().await?);
            let values = Values::of(conversation.parameters);
            let title = conversation.title.into();
            Ok(Some(Options { title, shelf, folders, values, error: None, no_summary: Some(error) }))
        }
    }
}

#[component]
fn Page(options: Options, id: String) -> impl IntoView {
    let Options { title, shelf, folders, values, error, no_summary } = options;
    let name = title.clone();
    let back = ["/c/", &id].concat();
    view! {
        <PageTitle text=["Model parameters of ", &title].concat()/>
        <a class="skip" href="#main">"Skip to content"</a>
        <div class="app alone">
            <main class="main" id="main" tabindex="-1">
                <header class="bar">
                    <IconLink icon=IconName::ArrowLeft label="Back to the conversation" href=back.clone()/>
                </header>
                <div class="scroll" tabindex="0" role="region" aria-label="Model parameters">
                    <div class="page">
                        <header>
                            <h1>"Model parameters"</h1>
                            <p>"How models answer in “" {title} "”, from the next message on. What is empty is left to the model’s provider."</p>
                        </header>
                        <Fields values error back=back.clone()/>
                        <Summarise problem=no_summary action=[&back, "/options"].concat()/>
                        <Export address=[&back, "/export?format="].concat()/>
                        <Organise id title=name shelf folders/>
                    </div>
                </div>
            </main>
        </div>
    }
    .into_any()
}

/// Saves the conversation as a file.
#[component]
fn Export(address: String) -> impl IntoView {
    let link = |format: &str, label: &'static str| {
        let href = [&address, format].concat();
        view! { <ButtonLink href icon=IconName::Download external=true>{label}</ButtonLink> }
    };
    view! {
        <section class="options" aria-labelledby="export">
            <h2 id="export">"Export"</h2>
            <p>"Markdown is the conversation as you read it. JSON has every version of every message, and can be imported again."</p>
            <div class="row">{link("markdown", "Save as Markdown")} {link("json", "Save as JSON")}</div>
        </section>
    }
    .into_any()
}

/// Has the beginning of a long conversation summarised.
#[component]
fn Summarise(problem: Option<AppError>, action: String) -> impl IntoView {
    let problem = problem.map(|error| {
        view! { <Callout tone=Tone::Bad alert=true title="Not summarised">{error.to_string()}</Callout> }
    });
    view! {
        <section class="options" aria-labelledby="summary">
            <h2 id="summary">"Summary"</h2>
            <p>
                "In a long conversation models can read a summary in place of everything before the last message and its reply. Nothing is deleted. Making it can take a minute."
            </p>
            {problem}
            <form method="post" action=action>
                <input type="hidden" name=SUMMARISE value="1"/>
                <Button icon=IconName::FileText submit=true>"Summarise what is above"</Button>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn Fields(values: Values, error: Option<AppError>, back: String) -> impl IntoView {
    let problem = |name: &str| match &error {
        Some(AppError::Invalid { field, message }) if field == name => Some(message.clone()),
        _ => None,
    };
    let general = error.clone().filter(|error| !matches!(error, AppError::Invalid { .. })).map(|error| {
        view! { <Callout tone=Tone::Bad alert=true title="Not saved">{error.to_string()}</Callout> }
    });
    view! {
        {general}
        <form class="options" method="post" autocomplete="off">
            <Text
                name="instructions"
                label="Instructions"
                value=values.instructions
                hint="What the model is told before everything else, such as a role, a tone or a format."
                problem=problem("instructions")
            />
            <div class="pair">
                <Line
                    name="temperature"
                    label="Temperature"
                    value=values.temperature
                    hint="0 to 2. Higher is more surprising."
                    problem=problem("temperature")
                />
                <Line
                    name="top_p"
                    label="Top P"
                    value=values.top_p
                    hint="0.01 to 1. Lower leaves unlikely words out."
                    problem=problem("top_p")
                />
                <Line
                    name="max_tokens"
                    label="Longest answer"
                    value=values.max_tokens
                    hint="Tokens, reasoning included. Models have limits of their own."
                    problem=problem("max_tokens")
                />
                <Choice value=values.effort problem=problem("effort")/>
            </div>
            <div class="row">
                <Button variant=ButtonVariant::Primary submit=true>"Save"</Button>
                <ButtonLink variant=ButtonVariant::Quiet href=back>"Cancel"</ButtonLink>
            </div>
        </form>
    }
    .into_any()
}
