//! What a page shows when its data could not be loaded.

use super::{NotFound, chat::ChatState, solo::Oops};
use crate::{
    components::{Button, ButtonLink, ButtonVariant, IconName, copy_text},
    context::PageFacts,
    error::AppError,
};
use chat::{Timestamp, time::UtcOffset};
use leptos::prelude::*;

const BROKEN: &str = "Something broke on our side";
/// In place of a reference: the browser did not understand the answer, so nothing was logged.
const UNLOGGED: &str = "none";

/// What a page shows when its data could not be loaded: what happened, what is safe, what to do. On the server it sets
/// the status of the response.
#[component]
pub fn ErrorPage(error: AppError) -> impl IntoView {
    let status = error.status();
    match error {
        AppError::NotFound => view! { <NotFound/> }.into_any(),
        AppError::Internal(reference) if reference == UNLOGGED => view! {
            <Oops status title=BROKEN text="Your conversations are safe. The server’s answer could not be read.">
                <Reload/>
            </Oops>
        }
        .into_any(),
        AppError::Internal(reference) => view! { <Broken reference/> }.into_any(),
        AppError::SignedOut => view! {
            <Oops status title="You are signed out" text="Your conversations are safe. Sign in again to read them.">
                <ButtonLink href="/signin" external=true variant=ButtonVariant::Primary>"Sign in"</ButtonLink>
            </Oops>
        }
        .into_any(),
        AppError::Offline => view! {
            <Oops
                status=None
                title="The server can’t be reached"
                text="Your conversations are safe. Check your connection, then reload."
            >
                <Reload/>
            </Oops>
        }
        .into_any(),
        AppError::Forbidden | AppError::Invalid { .. } | AppError::Busy(_) => {
            let title = if status == 503 { "Not at the moment" } else { "This can’t be shown" };
            view! { <Oops status title text=error.to_string()><Reload/></Oops> }.into_any()
        }
    }
}

/// A fault of the server, with the reference under which it is logged.
#[component]
fn Broken(reference: String) -> impl IntoView {
    let copied = RwSignal::new(false);
    let now =
        use_context::<ChatState>().map_or_else(|| expect_context::<PageFacts>().now, |state| state.now.get_untracked());
    let facts = view! {
        <dt>"Reference"</dt>
        <dd><code>{reference.clone()}</code></dd>
        <dt>"Time"</dt>
        <dd>{when(now)}</dd>
    };
    let copy = move |_| copy_text(reference.clone(), move |ok| _ = copied.try_set(ok));
    view! {
        <Oops
            status=500
            title=BROKEN
            text="Your conversations are safe. The page could not be built, and the details are in the server log under this reference."
            facts=facts.into_any()
        >
            <Reload/>
            <Button icon=IconName::Copy on_click=copy>
                {move || if copied.get() { "Copied" } else { "Copy reference" }}
            </Button>
        </Oops>
    }
    .into_any()
}

/// Where the log is kept, clocks show UTC.
fn when(time: Timestamp) -> String {
    let wall = time.on_wall(UtcOffset::default());
    let (day, year) = (wall.day.to_string(), wall.year.to_string());
    [&day, " ", wall.month_name(), " ", &year, ", ", &wall.clock(), " UTC"].concat()
}

/// Asks for the same page again.
#[component]
fn Reload() -> impl IntoView {
    view! { <ButtonLink href="" external=true variant=ButtonVariant::Primary>"Reload"</ButtonLink> }.into_any()
}
