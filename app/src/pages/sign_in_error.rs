//! The page of a sign-in that failed: what happened, what to change, and the ways on.

use super::{NotFound, solo::Solo, title::PageTitle};
use crate::{
    components::{ButtonLink, ButtonSize, ButtonVariant, Mark},
    context::{SignInFailure, set_status},
};
use details::Details;
use leptos::prelude::*;

mod details;
mod facts;

/// The sign-in page as it stands: it does not go straight on to the provider from which somebody just comes.
const BACK: &str = "/signin?error=1";

/// A sign-in that failed. The server has the page rendered at the address at which it did; nobody comes here otherwise.
#[component]
pub fn SignInErrorPage() -> impl IntoView {
    let Some(failure) = use_context::<SignInFailure>() else { return view! { <NotFound/> }.into_any() };
    set_status(failure.status);
    view! {
        <PageTitle text=failure.title.clone()/>
        {if failure.status == 403 {
            view! { <Denied failure/> }.into_any()
        } else {
            view! { <Failed failure/> }.into_any()
        }}
    }
    .into_any()
}

/// Something is wrong with the sign-in.
#[component]
fn Failed(failure: SignInFailure) -> impl IntoView {
    let SignInFailure { title, text, facts, fix, details, retry, .. } = failure;
    let (can_retry, large) = (retry.is_some(), ButtonSize::Large);
    let back = if can_retry { ButtonVariant::Line } else { ButtonVariant::Primary };
    view! {
        <Solo>
            <div class="signin wide">
                <header>
                    <Mark/>
                    <h1>{title}</h1>
                    <p>{text}</p>
                </header>
                <div class="fault" role="alert">{facts::list(fix, facts)}</div>
                <div class="acts-col">
                    {retry.map(|href| view! { <Retry href size=large block=true/> })}
                    <ButtonLink href=BACK variant=back size=large block=true external=true>"Back to sign-in"</ButtonLink>
                    <Details details/>
                </div>
            </div>
        </Solo>
    }
    .into_any()
}

/// The provider knows the account, and it may not enter here.
#[component]
fn Denied(failure: SignInFailure) -> impl IntoView {
    let SignInFailure { status, title, text, facts, fix, details, retry, other } = failure;
    let another = other.map(|href| view! { <ButtonLink href external=true>"Use another account"</ButtonLink> });
    view! {
        <Solo brand=true>
            <div class="oops">
                <p class="no">{status}</p>
                <h1>{title}</h1>
                <p>{text}</p>
                {facts::list(fix, facts)}
                <div class="row">
                    {retry.map(|href| view! { <Retry href/> })}
                    {another}
                    <ButtonLink href=BACK external=true>"Back to sign-in"</ButtonLink>
                </div>
                <Details details/>
            </div>
        </Solo>
    }
    .into_any()
}

#[component]
fn Retry(href: String, #[prop(optional)] size: ButtonSize, #[prop(optional)] block: bool) -> impl IntoView {
    view! { <ButtonLink href size block variant=ButtonVariant::Primary external=true>"Try again"</ButtonLink> }
        .into_any()
}
