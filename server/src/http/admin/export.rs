//! `/admin/audit.csv` and `/admin/usage.csv`: what the pages of the same names show, as tables to save.

use super::{
    Administrator,
    csv::{day, file, line, moment},
};
use crate::{http::error::report, state::AppState};
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chat::{
    Timestamp,
    audit::{AuditEntry, AuditFilter, AuditQuery},
    ports::{PersonDay, StoreError},
    report::Period,
};
use futures::stream;
use serde::Deserialize;

/// How many entries are read at a time.
const AT_ONCE: u32 = 1_000;
const DAY_MS: i64 = 86_400_000;

fn failed(error: &StoreError) -> Response {
    match error {
        StoreError::Busy | StoreError::Full => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        StoreError::Failed(_) => {
            let text = format!("Something broke on our side. Reference {}.", report(error));
            (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
        }
    }
}

/// `GET /admin/audit.csv`: the entries that the page finds with the same query, the newest first.
pub async fn audit(
    State(state): State<AppState>,
    admin: Administrator,
    query: Result<Query<AuditQuery>, QueryRejection>,
) -> Response {
    let wanted = query.map(|Query(query)| query).unwrap_or_default().filter();
    let first = match state.services.audit.entries(&wanted, AT_ONCE).await {
        Ok(first) => first,
        Err(error) => return failed(&error),
    };
    let head = line(["Time", "Who", "What", "Event", "Subject", "From", "Details"]);
    let log = state.services.audit.clone();
    let rest = stream::unfold(Some((wanted, head, Some(first))), move |next| {
        let log = log.clone();
        async move {
            let (wanted, before, entries) = next?;
            let entries = match entries {
                Some(entries) => entries,
                None => log.entries(&wanted, AT_ONCE).await.unwrap_or_else(|error| {
                    report(&error);
                    Vec::new()
                }),
            };
            let lines = entries.iter().map(audit_line).fold(before, |lines, line| lines + &line);
            let last = entries.last().filter(|_| entries.len() == AT_ONCE as usize).map(|entry| entry.number);
            let next = last.map(|before| (AuditFilter { before: Some(before), ..wanted }, String::new(), None));
            Some((lines, next))
        }
    });
    file(&format!("confab-audit-{}.csv", day(admin.by.at)), rest)
}

fn audit_line(entry: &AuditEntry) -> String {
    let address = entry.address.map(|address| address.to_string()).unwrap_or_default();
    let details = entry.details.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("; ");
    let (time, what) = (moment(entry.at), entry.sentence());
    line([&*time, &entry.name, &what, &entry.kind, &entry.subject, &address, &details])
}

/// Which days.
#[derive(Deserialize, Default)]
pub struct Days {
    days: Option<String>,
}

/// `GET /admin/usage.csv`: what each used of each model on each day of the period.
pub async fn usage(
    State(state): State<AppState>,
    admin: Administrator,
    query: Result<Query<Days>, QueryRejection>,
) -> Response {
    let days = query.map(|Query(Days { days })| days).unwrap_or_default().unwrap_or_default();
    let (from, to) = Period::of(&days).ends(admin.by.at);
    let rows = match state.services.usage.usage_of_all(from, to).await {
        Ok(rows) => rows,
        Err(error) => return failed(&error),
    };
    let head = [
        "Day",
        "Person",
        "E-mail",
        "Model",
        "Turns",
        "Input tokens",
        "Cached input tokens",
        "Output tokens",
        "Reasoning tokens",
        "Cost in US dollars",
    ];
    let text = rows.iter().map(usage_line).fold(line(head), |text, line| text + &line);
    file(&format!("confab-usage-{}.csv", day(to)), stream::iter([text]))
}

fn usage_line(PersonDay { name, email, usage, .. }: &PersonDay) -> String {
    let on = day(Timestamp(usage.day * DAY_MS));
    let model = usage.model.to_string();
    let [turns, input, cached, output, reasoning] =
        [usage.turns, usage.input, usage.cached, usage.output, usage.reasoning].map(|number| number.to_string());
    let cost = format!("{}.{:09}", usage.cost / 1_000_000_000, usage.cost % 1_000_000_000);
    let email = email.as_deref().unwrap_or_default();
    line([&*on, name, email, &model, &turns, &input, &cached, &output, &reasoning, &cost])
}
