//! `/api/admin/people/*`: what is done about somebody's account.

use super::{Administrator, not_stored, see_other, with_query};
use crate::{
    auth::{audit::record, oidc::refresh::ask_about_all},
    state::AppState,
};
use axum::{Form, extract::State, response::Response};
use chat::{
    UserId,
    audit::{AuditKind, NewAuditEntry},
    ports::{PersonChange, StoreError},
};
use serde::Deserialize;
use std::time::Duration;
use tokio::time::timeout;

const PAGE: &str = "/admin/people";

/// How long the answer waits for providers; they are asked to the end in any case.
const PATIENCE: Duration = Duration::from_secs(8);

/// Whom a form is about.
#[derive(Deserialize)]
pub struct Whom {
    #[serde(default)]
    id: String,
    /// Typed by whoever is sure.
    #[serde(default)]
    name: String,
}

/// `POST /api/admin/people/disable`: somebody may not enter any more, and is out at once.
pub async fn disable(State(state): State<AppState>, admin: Administrator, Form(whom): Form<Whom>) -> Response {
    set_disabled(&state, admin, &whom, true).await
}

/// `POST /api/admin/people/enable`: somebody may enter again.
pub async fn enable(State(state): State<AppState>, admin: Administrator, Form(whom): Form<Whom>) -> Response {
    set_disabled(&state, admin, &whom, false).await
}

async fn set_disabled(state: &AppState, admin: Administrator, whom: &Whom, disabled: bool) -> Response {
    let word = if disabled { "disabled" } else { "enabled" };
    let Ok(id) = whom.id.parse() else { return back("gone", "") };
    let change = async {
        let change = state.services.people.set_disabled(id, disabled, &admin.by).await?;
        if disabled && change == PersonChange::Done {
            throw_out(state, id).await?;
        }
        Ok(change)
    };
    told(change.await, word, &whom.id)
}

/// Ends whatever is open for a user, and what runs.
async fn throw_out(state: &AppState, id: UserId) -> Result<(), StoreError> {
    state.sessions.end_all(id, None).await?;
    state.services.runner.stop_all(id).await;
    Ok(())
}

/// `POST /api/admin/people/end-sessions`: somebody has to sign in again, everywhere.
pub async fn end_sessions(State(state): State<AppState>, admin: Administrator, Form(whom): Form<Whom>) -> Response {
    let Ok(id) = whom.id.parse() else { return back("gone", "") };
    let change = async {
        let Some(person) = state.services.people.person(id, admin.by.at).await? else {
            return Ok(PersonChange::NotFound);
        };
        state.sessions.end_all(id, None).await?;
        let subject = ["all sessions of ", &person.user.name].concat();
        record(&*state.services.audit, NewAuditEntry::new(admin.by, AuditKind::SessionsRevoked, subject)).await;
        Ok(PersonChange::Done)
    };
    told(change.await, "ended", &whom.id)
}

/// `POST /api/admin/people/delete`: deletes somebody with everything of theirs, if their name was typed as it is.
pub async fn delete(State(state): State<AppState>, admin: Administrator, Form(whom): Form<Whom>) -> Response {
    let Ok(id) = whom.id.parse() else { return back("gone", "") };
    let change = async {
        let Some(person) = state.services.people.person(id, admin.by.at).await? else {
            return Ok(Some(PersonChange::NotFound));
        };
        if whom.name.trim() != person.user.name.trim() {
            return Ok(None);
        }
        let sessions = state.sessions.of_user(id).await?;
        let change = state.services.people.delete(id, &admin.by).await?;
        if change == PersonChange::Done {
            sessions.iter().for_each(|(hash, _)| state.sessions.tell_ended(*hash));
            state.services.runner.stop_all(id).await;
            // What their files held lies beside the database.
            let files = state.files.clone();
            tokio::spawn(async move { files.sweep(admin.by.at).await });
        }
        Ok(Some(change))
    };
    match change.await {
        Ok(None) => see_other(&[PAGE, "/", &whom.id, "/delete?refused=1"].concat()),
        Ok(Some(change)) => told(Ok(change), "deleted", ""),
        Err(error) => not_stored(PAGE, &error),
    }
}

/// `POST /api/admin/people/refresh`: asks the sign-in providers about everybody whom they can be asked about.
pub async fn refresh(State(state): State<AppState>, _: Administrator) -> Response {
    // To its end, even if nobody waits for it any more.
    let asked = tokio::spawn(async move { ask_about_all(&state).await });
    match timeout(PATIENCE, asked).await {
        Ok(_) => back("refreshed", ""),
        Err(_) => back("refreshing", ""),
    }
}

fn told(change: Result<PersonChange, StoreError>, done: &str, id: &str) -> Response {
    match change {
        Ok(PersonChange::Done) => back(done, id),
        Ok(PersonChange::NotFound) => back("gone", ""),
        Ok(PersonChange::LastAdministrator) => back("last", ""),
        Err(error) => not_stored(PAGE, &error),
    }
}

fn back(done: &str, id: &str) -> Response {
    match id {
        "" => see_other(&with_query(PAGE, &[("done", done)])),
        id => see_other(&with_query(PAGE, &[("done", done), ("who", id)])),
    }
}
