//! The sign-in page.

use super::{escape, solo::Solo, title::PageTitle};
use crate::{
    components::{Button, ButtonSize, ButtonVariant, Callout, Icon, IconName, IconSize, Mark, Tone},
    context::{AutoRedirect, PageFacts, RequestSignIn, local_path, see_other},
};
use chat::ports::ProviderButton;
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

/// What the address says beside where the page is.
struct Asked {
    /// The path to come back to; empty when none is named.
    back: String,
    signed_out: bool,
    /// Something went wrong before; its word.
    error: Option<String>,
    /// The id of the provider with which it did.
    provider: String,
}

impl Asked {
    fn of(query: &ParamsMap) -> Self {
        let get = |name| query.get_str(name).map(ToOwned::to_owned);
        Self {
            back: get("callbackUrl").map(|wanted| local_path(&wanted).to_owned()).unwrap_or_default(),
            signed_out: query.get_str("signedOut").is_some(),
            error: get("error"),
            provider: get("provider").unwrap_or_default(),
        }
    }

    /// The only provider's address, for who would have nothing else to choose. Not for who has just signed out or comes
    /// from a sign-in that failed: they would go round in circles.
    fn straight_on(&self, providers: &[ProviderButton]) -> Option<String> {
        let [only] = providers else { return None };
        let undisturbed = !self.signed_out && self.error.is_none();
        let back = if self.back.is_empty() { "/" } else { &self.back };
        undisturbed.then(|| ["/api/auth/signin/", &escape(&only.id), "?callbackUrl=", &escape(back)].concat())
    }

    /// The name of the provider that did not answer.
    fn unreachable(&self, providers: &[ProviderButton]) -> Option<String> {
        let told = self.error.as_deref() == Some("unreachable");
        let provider = providers.iter().find(|provider| told && provider.id == self.provider)?;
        Some(provider.label.clone())
    }
}

/// The way in. Who is in already is sent on.
#[component]
pub fn SignInPage() -> impl IntoView {
    let asked = use_query_map().with_untracked(Asked::of);
    if expect_context::<PageFacts>().visitor.is_some() {
        see_other(local_path(&asked.back));
        return ().into_any();
    }
    let providers = expect_context::<RequestSignIn>().0.providers();
    let AutoRedirect(auto) = use_context().unwrap_or_default();
    if let Some(address) = asked.straight_on(&providers).filter(|_| auto) {
        see_other(&address);
        return ().into_any();
    }
    let lead = if providers.is_empty() {
        "No sign-in provider is set up here, so you sign in by a link: the one that Confab printed when it started, or a new one."
    } else {
        "A place of your own to think with AI. Conversations are kept on this server."
    };
    view! {
        <PageTitle text="Sign in"/>
        <Solo>
            <div class="signin">
                <header>
                    <Mark/>
                    <h1>"Sign in to Confab"</h1>
                    {asked.signed_out.then(|| view! { <p role="status">"You are signed out."</p> })}
                    <p>{lead}</p>
                </header>
                <Ways providers asked/>
            </div>
        </Solo>
    }
    .into_any()
}

/// What there is to press, or in place of it how to make a login link.
#[component]
fn Ways(providers: Vec<ProviderButton>, asked: Asked) -> impl IntoView {
    if providers.is_empty() {
        return view! { <div class="acts-col"><NewLinkCommand/></div> }.into_any();
    }
    let place = match &*providers {
        [only] => "at ".to_owned() + &only.label,
        _ => "there".to_owned(),
    };
    let (unreachable, back) = (asked.unreachable(&providers), asked.back);
    let forms = providers.into_iter().enumerate().map(|(index, provider)| {
        let back = back.clone();
        view! { <Way provider back first=index == 0/> }
    });
    let without = unreachable.clone().map(|label| view! { <WithoutProvider label/> });
    view! {
        {unreachable.map(|label| view! { <Unreachable label/> })}
        <div class="acts-col">
            {forms.collect_view()}
            <p class="fine">"You’ll confirm " {place} " and come back here."</p>
            {without}
        </div>
    }
    .into_any()
}

/// One provider.
#[component]
fn Way(provider: ProviderButton, back: String, first: bool) -> impl IntoView {
    let ProviderButton { id, label, .. } = provider;
    let variant = if first { ButtonVariant::Primary } else { ButtonVariant::Line };
    view! {
        <form method="post" action="/api/auth/signin">
            <input type="hidden" name="provider" value=id/>
            <input type="hidden" name="back" value=back/>
            <Button submit=true variant size=ButtonSize::Large block=true>
                "Continue with " {label}
                <Icon name=IconName::ArrowRight size=IconSize::Small/>
            </Button>
        </form>
    }
    .into_any()
}

#[component]
fn Unreachable(label: String) -> impl IntoView {
    let title = label + " can’t be reached at the moment";
    view! {
        <Callout tone=Tone::Bad alert=true title>
            "Nobody was signed in, and whoever is signed in stays so. It is safe to try again."
        </Callout>
    }
    .into_any()
}

/// The way in that needs no provider.
#[component]
fn WithoutProvider(label: String) -> impl IntoView {
    view! {
        <p class="fine">
            "If " {label} " stays away: " <code>"confab login-link"</code>
            ", run on the server, makes a link that signs its owner in."
        </p>
    }
    .into_any()
}

/// How to make a login link, for who has none that works.
#[component]
pub fn NewLinkCommand() -> impl IntoView {
    view! {
        <p class="fine">"To make a new link, run this on the server:"</p>
        <div class="command"><code>"confab login-link"</code></div>
        <p class="fine">"A link works once, within ten minutes."</p>
    }
    .into_any()
}

#[cfg(test)]
mod tests;
