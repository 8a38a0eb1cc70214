//! Asks before somebody is deleted.

use super::{Page, Place, page};
use crate::{
    api::admin::person,
    components::{Button, ButtonLink, ButtonVariant, Icon, IconName, IconSize},
    error::AppError,
};
use chat::{User, ports::Person};
use leptos::prelude::*;
use leptos_router::{hooks::use_params_map, params::ParamsMap};

/// What deleting somebody would do, and a field for the name of whom it is about.
#[component]
pub fn DeletePersonPage() -> impl IntoView {
    page(|user, query| {
        let id = use_params_map().with_untracked(|params| params.get("id").unwrap_or_default());
        Box::pin(load(user, query, id))
    })
}

async fn load(user: User, query: ParamsMap, id: String) -> Result<AnyView, AppError> {
    let Person { user: whom, .. } = person(&id).await?;
    let refused = query.get_str("refused").is_some();
    let title = ["Delete ", &whom.name].concat();
    let lead = "Their conversations, files and sessions are deleted for good. What they did stays in the audit log. Who may sign in through a provider gets a new, empty account the next time; to keep somebody out, disable them.";
    let name = whom.name;
    let note = match refused {
        true => view! {
            <p class="hint hint-bad" id="name-note">
                <Icon name=IconName::CircleAlert size=IconSize::ExtraSmall/>
                <span>"This is not the name. Nothing was deleted."</span>
            </p>
        }
        .into_any(),
        false => view! { <p class="hint" id="name-note">"It cannot be undone."</p> }.into_any(),
    };
    let label = ["Type “", &name, "” to delete the account"].concat();
    Ok(view! {
        <Page user here=Place::People title lead=lead.into()>
            <form class="provider" method="post" action="/api/admin/people/delete" autocomplete="off">
                <input type="hidden" name="id" value=id/>
                <div class="field">
                    <label class="label" for="name">{label}</label>
                    <input
                        class="input"
                        id="name"
                        name="name"
                        required
                        autofocus
                        autocapitalize="none"
                        spellcheck="false"
                        aria-invalid=refused.then_some("true")
                        aria-describedby="name-note"
                    />
                    {note}
                </div>
                <div class="row">
                    <Button submit=true variant=ButtonVariant::DangerFill>"Delete account"</Button>
                    <ButtonLink href="/admin/people" variant=ButtonVariant::Quiet>"Cancel"</ButtonLink>
                </div>
            </form>
        </Page>
    }
    .into_any())
}
