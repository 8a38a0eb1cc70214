//! Pages that only the server renders, for who is signed in: they wait for what they show.

use super::{ErrorPage, chat::turn_away};
use crate::{context::PageFacts, error::AppError};
use chat::User;
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};
use std::{future::Future, pin::Pin};

/// What a page loads, and the view that it makes of it.
pub(super) type Loading = Pin<Box<dyn Future<Output = Result<AnyView, AppError>> + Send>>;

/// A page of what `load` finds for a user and the query of the address. Who is signed out is sent to the sign-in page;
/// whoever may not see it is told so by what `load` asks. A page is made more than once: what changes something is posted
/// to a route of the server.
pub(super) fn page(load: fn(User, ParamsMap) -> Loading) -> AnyView {
    let Some(user) = expect_context::<PageFacts>().visitor else {
        turn_away();
        return ().into_any();
    };
    let query = use_query_map().get_untracked();
    let page = move || {
        let loading = load(user.clone(), query.clone());
        Suspend::new(async move {
            match loading.await {
                Ok(view) => view,
                Err(error) => view! { <ErrorPage error/> }.into_any(),
            }
        })
    };
    view! { <Suspense>{page}</Suspense> }.into_any()
}
