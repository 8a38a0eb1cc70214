//! Who may enter, who may use which model, and how much.

mod limits;

use super::{Page, Place, done, page, sign_in_rules, store_trouble, value};
use crate::{
    api::admin::{access, all_models, limits as read_limits, model_groups, sign_in_providers},
    components::{Button, ButtonSize},
    error::AppError,
};
use chat::{ModelInfo, ModelRef, User};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use limits::Limits;
use sign_in_rules::SignInRules;
use std::collections::BTreeMap;

/// Who may enter, who may use which model, and how much.
#[component]
pub fn AccessPage() -> impl IntoView {
    page(|user, query| Box::pin(load(user, query)))
}

async fn load(user: User, query: ParamsMap) -> Result<AnyView, AppError> {
    let access = access()?;
    let groups = model_groups().await?;
    let models = all_models().await?;
    let (limits, used) = read_limits().await?;
    let providers = sign_in_providers();
    let notice = store_trouble(&query).or_else(|| match query.get_str("done")? {
        "limits" => Some(done("The limits are saved. They hold from the next message on.")),
        "model" => {
            let model: Option<ModelRef> = value(&query, "model").parse().ok();
            let known = model.and_then(|id| models.iter().find(|model| model.id == id));
            let name = known.map_or_else(|| "the model".to_owned(), |model| model.name.clone());
            Some(done(["Who may use ", &name, " is saved."].concat()))
        }
        _ => None,
    });
    let typed = limits::Typed::of(&query, limits);
    Ok(view! {
        <Page
            user
            here=Place::Access
            title="Access".into()
            lead="Who may sign in here, how much they may use, and which models.".into()
        >
            {notice}
            <SignInRules access providers/>
            <Limits typed used/>
            <Models models groups/>
        </Page>
    }
    .into_any())
}

/// The models, and who may use them.
#[component]
fn Models(models: Vec<ModelInfo>, groups: BTreeMap<ModelRef, Vec<String>>) -> impl IntoView {
    let mut rows: Vec<(ModelRef, String, String)> =
        models.into_iter().map(|model| (model.id, model.name, model.provider_name)).collect();
    // Rules stay when a model is not on offer for a while.
    for model in groups.keys() {
        if !rows.iter().any(|(id, ..)| id == model) {
            rows.push((model.clone(), model.model.clone(), "Not on offer at the moment".into()));
        }
    }
    let empty = rows.is_empty();
    let rows = rows.into_iter().map(|(id, name, note)| {
        let badges = match groups.get(&id) {
            None => view! { <span class="badge">"Everyone"</span> }.into_any(),
            Some(groups) => groups
                .iter()
                .map(|group| view! { <span class="badge">{group.clone()}</span> })
                .collect_view()
                .into_any(),
        };
        let label = ["Change access to ", &name].concat();
        view! {
            <li class="set keep">
                <div>
                    <span class="name">{name}</span>
                    <small>{note}</small>
                </div>
                <div class="ctl">
                    <span class="badges">{badges}</span>
                    <form method="get" action="/admin/access/model">
                        <input type="hidden" name="model" value=id.to_string()/>
                        <Button submit=true size=ButtonSize::Small attr:aria-label=label>"Change"</Button>
                    </form>
                </div>
            </li>
        }
    });
    view! {
        <section class="sect">
            <h2>"Models by group" <small>"Administrators may use all"</small></h2>
            <ul role="list">{rows.collect_view()}</ul>
            {empty.then(|| view! { <p class="set hint">"No model is on offer. Add a provider under Models."</p> })}
        </section>
    }
    .into_any()
}
