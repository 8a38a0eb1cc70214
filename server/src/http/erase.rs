//! `POST /settings/data/erase`: deletes everything of whoever asks, or their account.

use super::{
    admin::{see_other, with_query},
    client::ClientAddress,
    error::report,
};
use crate::{auth::audit::record, state::AppState};
use app::context::Visitor;
use axum::{
    Extension, Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chat::{
    audit::{AuditKind, By, NewAuditEntry},
    ports::{PersonChange, StoreError},
};
use serde::Deserialize;

const PAGE: &str = "/settings/data/erase";

/// What is to be deleted, and the word that says that it is meant.
#[derive(Deserialize)]
pub struct Wish {
    #[serde(default)]
    what: String,
    #[serde(default)]
    word: String,
}

/// Deletes it, if the word was typed, and leads to what is left.
pub async fn erase(
    State(state): State<AppState>,
    Extension(Visitor(visitor)): Extension<Visitor>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    Form(wish): Form<Wish>,
) -> Response {
    let Some(user) = visitor else { return StatusCode::UNAUTHORIZED.into_response() };
    if !wish.word.trim().trim_matches(['“', '”', '"']).eq_ignore_ascii_case("delete") {
        return refused(&wish.what, "word");
    }
    let by = By { user: Some(user.id), name: user.name, address, at: state.services.clock.now() };
    let erased = match wish.what.as_str() {
        "account" => account(&state, &by).await,
        "conversations" => conversations(&state, by).await,
        _ => return StatusCode::UNPROCESSABLE_ENTITY.into_response(),
    };
    erased.unwrap_or_else(|error| {
        let text = format!("Something broke on our side. Reference {}.", report(&error));
        (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
    })
}

async fn conversations(state: &AppState, by: By) -> Result<Response, StoreError> {
    let Some(owner) = by.user else { return Ok(StatusCode::UNAUTHORIZED.into_response()) };
    state.services.runner.stop_all(owner).await;
    let count = state.services.conversations.delete_all(owner).await?.to_string();
    sweep(state, &by);
    record(&*state.services.audit, NewAuditEntry::new(by, AuditKind::Erased, "").with("conversations", &count)).await;
    Ok(see_other(&with_query("/settings/data", &[("erased", &count)])))
}

async fn account(state: &AppState, by: &By) -> Result<Response, StoreError> {
    let Some(id) = by.user else { return Ok(StatusCode::UNAUTHORIZED.into_response()) };
    let sessions = state.sessions.of_user(id).await?;
    match state.services.people.delete(id, by).await? {
        PersonChange::LastAdministrator => return Ok(refused("account", "last")),
        PersonChange::Done | PersonChange::NotFound => {}
    }
    sessions.iter().for_each(|(hash, _)| state.sessions.tell_ended(*hash));
    state.services.runner.stop_all(id).await;
    sweep(state, by);
    Ok(see_other("/signin?signedOut=1"))
}

/// What files held lies beside the database.
fn sweep(state: &AppState, by: &By) {
    let (files, at) = (state.files.clone(), by.at);
    tokio::spawn(async move { files.sweep(at).await });
}

fn refused(what: &str, why: &str) -> Response {
    see_other(&with_query(PAGE, &[("what", what), ("refused", why)]))
}
