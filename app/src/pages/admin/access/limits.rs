//! How much may be used: a form.

use super::super::value;
use crate::{
    components::{Button, Icon, IconName, IconSize},
    pages::chat::words::count,
};
use chat::limits::{Limits as Set, Used, dollars};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

/// What stands in the fields, and which of them can't be used.
pub(super) struct Typed {
    monthly_cost: String,
    monthly_cost_each: String,
    daily_tokens_each: String,
    wrong: String,
}

impl Typed {
    /// What somebody typed that could not be used, or else what is set.
    pub(super) fn of(query: &ParamsMap, set: Set) -> Self {
        let wrong = value(query, "wrong");
        if !wrong.is_empty() {
            return Self {
                monthly_cost: value(query, "monthly_cost"),
                monthly_cost_each: value(query, "monthly_cost_each"),
                daily_tokens_each: value(query, "daily_tokens_each"),
                wrong,
            };
        }
        let cost = |limit: Option<u64>| limit.map(|nano| ["$", &dollars(nano)].concat()).unwrap_or_default();
        Self {
            monthly_cost: cost(set.monthly_cost),
            monthly_cost_each: cost(set.monthly_cost_each),
            daily_tokens_each: set.daily_tokens_each.map(count).unwrap_or_default(),
            wrong,
        }
    }
}

/// The limits.
#[component]
pub(super) fn Limits(typed: Typed, used: Used) -> impl IntoView {
    let Typed { monthly_cost, monthly_cost_each, daily_tokens_each, wrong } = typed;
    let so_far = ["Spent so far this month (UTC), all together: $", &dollars(used.monthly_cost), "."].concat();
    let money = "Write an amount in US dollars, such as 300 or 12.50, or nothing.";
    let tokens = "Write a number, such as 1,000,000, or nothing.";
    view! {
        <section class="sect">
            <h2>"Limits" <small>"Empty for none"</small></h2>
            <form class="limits" method="post" action="/api/admin/access/limits" autocomplete="off">
                <Limit
                    name="monthly_cost"
                    title="Monthly cost for the server"
                    label="Monthly cost limit"
                    hint=so_far
                    problem=(wrong == "monthly_cost").then_some(money)
                    value=monthly_cost
                />
                <Limit
                    name="monthly_cost_each"
                    title="Cost per person per month"
                    label="Monthly cost per person"
                    hint="Of models whose prices are known.".into()
                    problem=(wrong == "monthly_cost_each").then_some(money)
                    value=monthly_cost_each
                />
                <Limit
                    name="daily_tokens_each"
                    title="Tokens per person per day"
                    label="Daily token limit"
                    hint="Read and written, from 00:00 UTC on. The built-in model doesn’t count.".into()
                    problem=(wrong == "daily_tokens_each").then_some(tokens)
                    value=daily_tokens_each
                />
                <Button submit=true>"Save limits"</Button>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn Limit(
    name: &'static str,
    /// What it limits.
    title: &'static str,
    /// What the field is called.
    label: &'static str,
    hint: String,
    problem: Option<&'static str>,
    value: String,
) -> impl IntoView {
    let note = [name, "-note"].concat();
    let words = match problem {
        Some(problem) => view! {
            <small class="hint-bad" id=note.clone()>
                <Icon name=IconName::CircleAlert size=IconSize::ExtraSmall/>
                <span>{problem} " Nothing was saved."</span>
            </small>
        }
        .into_any(),
        None => view! { <small id=note.clone()>{hint}</small> }.into_any(),
    };
    view! {
        <div class="set keep">
            <div>
                <span class="name">{title}</span>
                {words}
            </div>
            <div class="ctl">
                <input
                    class="input"
                    name=name
                    value=value
                    aria-label=label
                    aria-describedby=note
                    aria-invalid=problem.map(|_| "true")
                    autofocus=problem.is_some()
                    maxlength="30"
                    inputmode="decimal"
                />
            </div>
        </div>
    }
    .into_any()
}
