//! Which groups may use a model: a form.

use super::{Page, Place, page, value};
use crate::{
    api::admin::{access, all_models, groups as all_groups, model_groups},
    components::{Button, ButtonLink, ButtonVariant, Icon, IconName, IconSize},
    error::AppError,
};
use chat::{ModelRef, User};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

/// Which groups may use the model that the address names.
#[component]
pub fn ModelAccessPage() -> impl IntoView {
    page(|user, query| Box::pin(load(user, query)))
}

async fn load(user: User, query: ParamsMap) -> Result<AnyView, AppError> {
    let access = access()?;
    let model: ModelRef = value(&query, "model").parse().map_err(|_| AppError::NotFound)?;
    let chosen = model_groups().await?.remove(&model);
    let offered = all_models().await?.into_iter().find(|offered| offered.id == model);
    if offered.is_none() && chosen.is_none() {
        return Err(AppError::NotFound);
    }
    let name = offered.map_or_else(|| model.model.clone(), |model| model.name);
    let refused = query.get_str("refused").is_some();
    let everyone = chosen.is_none() && !refused;
    let chosen = chosen.unwrap_or_default();
    let mut groups = all_groups().await?;
    groups.extend([&chosen, &access.groups, &access.admin_groups].into_iter().flatten().cloned());
    groups.sort_by_cached_key(|group| (group.to_lowercase(), group.clone()));
    groups.dedup();
    Ok(view! { <Form user model=model.to_string() name groups chosen everyone refused/> }.into_any())
}

#[component]
fn Form(
    user: User,
    model: String,
    /// The model's name.
    name: String,
    /// Those that are known.
    groups: Vec<String>,
    /// Those that may use it.
    chosen: Vec<String>,
    /// Everyone may.
    everyone: bool,
    /// No group was named.
    refused: bool,
) -> impl IntoView {
    let boxes = groups.into_iter().map(move |group| {
        let checked = chosen.contains(&group);
        view! {
            <label class="checked">
                <input class="check" type="checkbox" name="group" value=group.clone() checked=checked/>
                {group}
            </label>
        }
    });
    let note = refused.then(|| {
        view! {
            <p class="hint hint-bad" role="alert">
                <Icon name=IconName::CircleAlert size=IconSize::ExtraSmall/>
                <span>"Choose a group, or everyone. Nothing was saved."</span>
            </p>
        }
    });
    let radio = |value: &'static str, words: &'static str, checked: bool| {
        view! {
            <label class="checked">
                <input class="radio" type="radio" name="who" value=value checked=checked/>
                {words}
            </label>
        }
    };
    view! {
        <Page
            user
            here=Place::Access
            title=["Access to ", &name].concat()
            lead="Who does not belong to one of the groups neither sees the model nor can ask it. Administrators may use every model.".into()
        >
            <form class="provider" method="post" action="/api/admin/access/model" autocomplete="off">
                <input type="hidden" name="model" value=model/>
                <fieldset class="choices">
                    <legend class="label">"Who may use it"</legend>
                    {radio("everyone", "Everyone", everyone)}
                    {radio("groups", "Only these groups", !everyone)}
                    <div class="indent" role="group" aria-label="Groups">{boxes.collect_view()}</div>
                </fieldset>
                <div class="field">
                    <label class="label" for="others">"Other groups"</label>
                    <input
                        class="input"
                        id="others"
                        name="others"
                        maxlength="500"
                        autocapitalize="none"
                        spellcheck="false"
                        aria-describedby="others-note"
                    />
                    <p class="hint" id="others-note">
                        "Groups that nobody here is in yet, with commas between, written exactly as the provider does."
                    </p>
                </div>
                {note}
                <div class="row">
                    <Button submit=true variant=ButtonVariant::Primary>"Save"</Button>
                    <ButtonLink href="/admin/access" variant=ButtonVariant::Quiet>"Cancel"</ButtonLink>
                </div>
            </form>
        </Page>
    }
    .into_any()
}
