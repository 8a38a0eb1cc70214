//! What everybody has used.

mod chart;

use super::{
    Page, Place, page, value,
    words::{counted, short},
};
use crate::{
    api::admin::{all_models, limits, people, usage},
    components::{Avatar, AvatarSize, Button, ButtonSize, IconName},
    context::PageFacts,
    error::AppError,
    pages::chat::words::count,
};
use chart::Chart;
use chat::{
    ModelRef, User,
    limits::dollars,
    ports::PeopleFilter,
    report::{Period, Report},
};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use std::collections::HashMap;

/// How many models and people are ranked.
const RANKED: usize = 10;

/// What the server answered, for whom, and what it cost.
#[component]
pub fn UsagePage() -> impl IntoView {
    page(|user, query| Box::pin(load(user, query)))
}

async fn load(user: User, query: ParamsMap) -> Result<AnyView, AppError> {
    let period = Period::of(&value(&query, "days"));
    let report = usage(period).await?;
    let names: HashMap<ModelRef, String> =
        all_models().await?.into_iter().map(|model| (model.id, model.name)).collect();
    let people = people(&PeopleFilter::default()).await?.all;
    let (limits, used) = limits().await?;
    let share = limits.monthly_cost.map(|limit| used.monthly_cost.saturating_mul(100) / limit.max(1));
    let facts = Facts { people, share };
    Ok(view! { <Usage user period report names facts/> }.into_any())
}

/// What stands beside the figures.
#[derive(Clone, Copy)]
struct Facts {
    /// How many have an account.
    people: u64,
    /// How much of the limit of this month is used up, in hundredths.
    share: Option<u64>,
}

/// The name of a model to show: that of one on offer, or else its id.
fn name_of(names: &HashMap<ModelRef, String>, model: &ModelRef) -> String {
    names.get(model).cloned().unwrap_or_else(|| model.model.clone())
}

#[component]
fn Usage(user: User, period: Period, report: Report, names: HashMap<ModelRef, String>, facts: Facts) -> impl IntoView {
    let PageFacts { now, .. } = expect_context();
    let lead = "What the server answered, for whom, and what it cost. Message text is never shown here.";
    let acts = view! { <Periods period/> <Export period/> }.into_any();
    let acts = Some(acts);
    let last = ["Last ", &period.days().to_string(), " days"].concat();
    let models: Vec<String> = report.models.iter().map(|(model, _)| name_of(&names, model)).collect();
    let by_model = models.iter().zip(&report.models).map(|(name, (_, sum))| (name.clone(), sum.tokens)).collect();
    let by_person = report.people.iter().map(|(_, name, sum)| (name.clone(), sum.tokens)).collect();
    view! {
        <Page user here=Place::Usage title="Usage".into() lead=lead.into() wide=true acts>
            <Figures report=report.clone() facts/>
            <section class="sect">
                <h2>"Tokens per day" <small>{last}</small></h2>
                <Chart period days=report.days models now/>
            </section>
            <div class="two">
                <Ranks title="By model" ranks=by_model/>
                <Ranks title="By person" ranks=by_person faces=true/>
            </div>
        </Page>
    }
    .into_any()
}

/// Which days: a form, since no script runs here.
#[component]
fn Periods(period: Period) -> impl IntoView {
    let choice = move |other: Period| {
        let (days, checked) = (other.days().to_string(), other == period);
        let words = [&days, " days"].concat();
        view! {
            <label>
                <input type="radio" name="days" value=days checked=checked aria-label=words.clone()/>
                <span>{words}</span>
            </label>
        }
    };
    view! {
        <form class="periods" method="get" action="/admin/usage">
            <div class="seg" role="radiogroup" aria-label="Period">{Period::ALL.map(choice).collect_view()}</div>
            <Button submit=true size=ButtonSize::Medium>"Show"</Button>
        </form>
    }
    .into_any()
}

/// Saves the same as a table.
#[component]
fn Export(period: Period) -> impl IntoView {
    view! {
        <form method="get" action="/admin/usage.csv">
            <input type="hidden" name="days" value=period.days()/>
            <Button submit=true icon=IconName::Download>"Export CSV"</Button>
        </form>
    }
    .into_any()
}

#[component]
fn Figures(report: Report, facts: Facts) -> impl IntoView {
    let Report { all, people, .. } = report;
    let active = people.iter().filter(|(_, _, sum)| sum.tokens > 0 || sum.turns > 0).count() as u64;
    let cost = match facts.share {
        Some(share) => [&count(share), "% of this month’s limit"].concat(),
        None => "As far as prices are known".to_owned(),
    };
    let cached = match all.cached {
        0 => String::new(),
        tokens => [&short(tokens), " of them cached"].concat(),
    };
    let figures = [
        ("Replies", count(all.turns), String::new()),
        ("Tokens", short(all.tokens), cached),
        ("People active", count(active), ["of ", &counted(facts.people, "account", "accounts")].concat()),
        ("Provider cost", cost_of(all.cost), cost),
    ];
    let figure = |(term, figure, note): (&'static str, String, String)| {
        let note = (!note.is_empty()).then(|| view! { <small>{note}</small> });
        view! { <div><dt>{term}</dt><dd>{figure} {note}</dd></div> }
    };
    view! { <dl class="figs">{figures.map(figure).collect_view()}</dl> }.into_any()
}

/// `$212.40`; less than a cent is told as such.
fn cost_of(nano: u64) -> String {
    match nano {
        1..10_000_000 => "under $0.01".to_owned(),
        _ => ["$", &dollars(nano)].concat(),
    }
}

/// Those with the most tokens, with a bar for each.
#[component]
fn Ranks(
    title: &'static str,
    ranks: Vec<(String, u64)>,
    /// They are people.
    #[prop(optional)]
    faces: bool,
) -> impl IntoView {
    let most = ranks.first().map_or(1, |(_, tokens)| (*tokens).max(1));
    let more = ranks.len().saturating_sub(RANKED);
    let empty = ranks.is_empty();
    let rank = |(place, (name, tokens)): (usize, (String, u64))| {
        let width = [&(tokens * 100 / most).max(1).to_string(), "%"].concat();
        let face = faces.then(|| view! { <Avatar name=name.clone() size=AvatarSize::Small/> });
        view! {
            <li class="rank">
                <div>
                    <span class="who">{face}<span class="truncate">{name}</span></span>
                    <span class="num">{short(tokens)}</span>
                </div>
                <svg class="meter" class:on=place == 0 aria-hidden="true"><rect width=width height="100%"></rect></svg>
            </li>
        }
    };
    let rows = ranks.into_iter().take(RANKED).enumerate().map(rank).collect_view();
    view! {
        <section class="sect">
            <h2>{title} <small>"Tokens"</small></h2>
            <ol role="list">{rows}</ol>
            {empty.then(|| view! { <p class="set hint">"Nothing in these days."</p> })}
            {(more > 0).then(|| view! { <p class="hint more">"And " {count(more as u64)} " more. Export CSV has all."</p> })}
        </section>
    }
    .into_any()
}
