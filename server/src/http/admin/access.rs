//! `/api/admin/access/*`: who may use which model, and how much.

use super::{Administrator, not_stored, see_other, with_query};
use crate::state::AppState;
use axum::{Form, extract::State, response::Response};
use chat::{
    ModelRef,
    limits::{Limits, parse_dollars},
};
use serde::Deserialize;

const PAGE: &str = "/admin/access";
/// How many groups a model may be for, and how long their names may be, in characters.
const MOST_GROUPS: usize = 100;
const LONGEST_GROUP: usize = 200;

/// `POST /api/admin/access/model`: the field `model`, a field `group` for each group that was ticked, and `others`, names
/// with commas between. Without a group the model is for everybody.
pub async fn set_model(
    State(state): State<AppState>,
    admin: Administrator,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let first = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let Some(Ok(model)) = first("model").map(str::parse::<ModelRef>) else {
        return see_other(&with_query(PAGE, &[("done", "gone")]));
    };
    let for_everybody = first("who") == Some("everyone");
    let ticked = fields.iter().filter(|(name, _)| name == "group").map(|(_, value)| value.as_str());
    let others = first("others").unwrap_or_default().split([',', '，']);
    let mut groups: Vec<String> = Vec::new();
    for group in ticked.chain(others).map(str::trim).filter(|group| !group.is_empty() && !for_everybody) {
        if !groups.iter().any(|known| known == group) {
            groups.push(group.chars().filter(|c| !c.is_control()).take(LONGEST_GROUP).collect());
        }
    }
    groups.truncate(MOST_GROUPS);
    let name = model.to_string();
    if groups.is_empty() && !for_everybody {
        return see_other(&with_query("/admin/access/model", &[("model", &name), ("refused", "1")]));
    }
    match state.services.rules.set_model_groups(&model, &groups, &admin.by).await {
        Ok(()) => see_other(&with_query(PAGE, &[("done", "model"), ("model", &name)])),
        Err(error) => not_stored(PAGE, &error),
    }
}

/// The form of the limits; what is empty or 0 is no limit.
#[derive(Deserialize)]
pub struct TypedLimits {
    #[serde(default)]
    monthly_cost: String,
    #[serde(default)]
    monthly_cost_each: String,
    #[serde(default)]
    daily_tokens_each: String,
}

impl TypedLimits {
    /// What was typed, or the name of the first field that can't be used.
    fn limits(&self) -> Result<Limits, &'static str> {
        Ok(Limits {
            monthly_cost: read(&self.monthly_cost, parse_dollars).ok_or("monthly_cost")?,
            monthly_cost_each: read(&self.monthly_cost_each, parse_dollars).ok_or("monthly_cost_each")?,
            daily_tokens_each: read(&self.daily_tokens_each, parse_count).ok_or("daily_tokens_each")?,
        })
    }
}

/// `POST /api/admin/access/limits`.
pub async fn set_limits(
    State(state): State<AppState>,
    admin: Administrator,
    Form(typed): Form<TypedLimits>,
) -> Response {
    let limits = match typed.limits() {
        Ok(limits) => limits,
        Err(wrong) => {
            let shown = |text: &str| text.chars().filter(|c| !c.is_control()).take(30).collect::<String>();
            let [all, each, tokens] =
                [&typed.monthly_cost, &typed.monthly_cost_each, &typed.daily_tokens_each].map(|text| shown(text));
            let typed = [
                ("wrong", wrong),
                ("monthly_cost", all.as_str()),
                ("monthly_cost_each", each.as_str()),
                ("daily_tokens_each", tokens.as_str()),
            ];
            return see_other(&with_query(PAGE, &typed));
        }
    };
    match state.services.rules.set_limits(limits, &admin.by).await {
        Ok(()) => see_other(&with_query(PAGE, &[("done", "limits")])),
        Err(error) => not_stored(PAGE, &error),
    }
}

/// A limit as it was typed: none at all for what is empty or 0; nothing for what is no number.
fn read(text: &str, parse: impl Fn(&str) -> Option<u64>) -> Option<Option<u64>> {
    if text.trim().is_empty() {
        return Some(None);
    }
    // What the database can hold.
    let limit = parse(text).filter(|limit| i64::try_from(*limit).is_ok())?;
    Some(Some(limit).filter(|limit| *limit > 0))
}

/// A number as people type it, with or without commas between its digits.
fn parse_count(text: &str) -> Option<u64> {
    let digits: String = text.chars().filter(|c| *c != ',' && !c.is_whitespace()).collect();
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_and_zero_are_no_limit_and_nonsense_is_refused() {
        for text in ["", "  ", "0", "0,000"] {
            assert_eq!(read(text, parse_count), Some(None), "{text:?}");
        }
        assert_eq!(read("1,000,000", parse_count), Some(Some(1_000_000)));
        for text in ["-1", "many", "1.5", "99999999999999999999"] {
            assert_eq!(read(text, parse_count), None, "{text:?}");
        }
        assert_eq!(read("300", parse_dollars), Some(Some(300_000_000_000)));
        assert_eq!(read("9223372037", parse_dollars), None, "more than the database holds");
    }
}
