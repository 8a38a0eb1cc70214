//! The pages of the providers of models: what is on offer for everybody, forms for administrators.

use super::{
    ErrorPage,
    chat::turn_away,
    sessions::frame::{Frame, Place},
    title::PageTitle,
};
use crate::{
    api::{models::list_models, providers::list_providers},
    components::{Button, IconName},
    context::PageFacts,
    error::AppError,
};
use chat::{ModelInfo, User, ports::ProviderOverview};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use notice::{Done, Notice};
use offer::Offer;
use provider::Row;

mod field;
mod form;
mod notice;
mod offer;
mod provider;
mod remove;
mod words;

pub use form::{NewProviderPage, ProviderPage};

/// Where answers come from. Administrators find the providers here, everybody else what is on offer. Who is signed out
/// is sent to the sign-in page.
#[component]
pub fn ModelsPage() -> impl IntoView {
    let Some(user) = expect_context::<PageFacts>().visitor else {
        turn_away();
        return ().into_any();
    };
    let done = use_query_map().with_untracked(Done::of);
    let page = move || {
        let (user, done) = (user.clone(), done.clone());
        Suspend::new(async move {
            match loaded().await {
                Ok((_, providers)) if user.role.administers() => view! { <Providers user providers done/> }.into_any(),
                Ok((models, providers)) => view! { <OnOffer user models providers/> }.into_any(),
                Err(error) => view! { <ErrorPage error/> }.into_any(),
            }
        })
    };
    view! { <Suspense>{page}</Suspense> }.into_any()
}

/// The models first: that looks at providers that were not asked yet.
async fn loaded() -> Result<(Vec<ModelInfo>, Vec<ProviderOverview>), AppError> {
    Ok((list_models().await?, list_providers().await?))
}

/// The page of an administrator.
#[component]
fn Providers(user: User, providers: Vec<ProviderOverview>, done: Done) -> impl IntoView {
    let notice = view! { <Notice done providers=providers.clone()/> };
    let rows = providers.into_iter().map(|provider| view! { <Row provider/> });
    view! {
        <PageTitle text="Models"/>
        <Frame user here=Place::Models>
            <header>
                <h1>"Models"</h1>
                <p>"Where answers come from. Keys are encrypted on this server and never shown again."</p>
            </header>
            {notice}
            <section class="sect">
                <h2>"Providers"</h2>
                <ul role="list">{rows.collect_view()}</ul>
            </section>
            <form class="after" action="/settings/models/new">
                <Button submit=true icon=IconName::Plus>"Add provider"</Button>
            </form>
        </Frame>
    }
    .into_any()
}

/// The page of everybody else.
#[component]
fn OnOffer(user: User, models: Vec<ModelInfo>, providers: Vec<ProviderOverview>) -> impl IntoView {
    view! {
        <PageTitle text="Models"/>
        <Frame user here=Place::Models>
            <header>
                <h1>"Models"</h1>
                <p>"What can answer you here. Your administrator sets it up."</p>
            </header>
            <Offer models providers/>
        </Frame>
    }
    .into_any()
}
