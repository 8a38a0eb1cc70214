//! `POST /c/{id}/share`: gives a conversation a link to a snapshot, renews the snapshot, or ends the link.

use super::{admin::see_other, client::ClientAddress, error::report};
use crate::{
    auth::{audit::record, token::new_token},
    state::AppState,
};
use app::context::Visitor;
use axum::{
    Extension, Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chat::{
    ConversationId, User,
    audit::{AuditKind, By, NewAuditEntry},
    ports::StoreError,
    share::{NewShare, Share, ShareToken, snapshot},
};
use serde::Deserialize;
use std::error::Error;

/// What is to be done: `share` or `end`, and where it was asked for.
#[derive(Deserialize)]
pub struct Wish {
    #[serde(default)]
    act: String,
    /// `data`: the page *Your data*.
    #[serde(default)]
    from: String,
}

/// Does it, and leads back to the page.
pub async fn share(
    State(state): State<AppState>,
    Extension(Visitor(visitor)): Extension<Visitor>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    Path(id): Path<String>,
    Form(wish): Form<Wish>,
) -> Response {
    let Some(user) = visitor else { return StatusCode::UNAUTHORIZED.into_response() };
    let Ok(id) = id.parse::<ConversationId>() else { return StatusCode::NOT_FOUND.into_response() };
    let by = By { user: Some(user.id), name: user.name.clone(), address, at: state.services.clock.now() };
    let done = match wish.act.as_str() {
        "share" => take(&state, &user, id, &by).await,
        "end" => state.services.shares.end_share(user.id, id).await.map_err(Into::into),
        _ => return StatusCode::UNPROCESSABLE_ENTITY.into_response(),
    };
    match done {
        Ok(true) => {
            let kind = if wish.act == "share" { AuditKind::Shared } else { AuditKind::ShareEnded };
            record(&*state.services.audit, NewAuditEntry::new(by, kind, "")).await;
            let page = if wish.from == "data" { "/settings/data".to_owned() } else { format!("/c/{id}/share") };
            see_other(&format!("{page}?done={}", wish.act))
        }
        Ok(false) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            let text = format!("Something broke on our side. Reference {}.", report(&*error));
            (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
        }
    }
}

/// Takes the snapshot. False when there is no such conversation.
async fn take(
    state: &AppState,
    user: &User,
    id: ConversationId,
    by: &By,
) -> Result<bool, Box<dyn Error + Send + Sync>> {
    let Some(transcript) = state.services.conversations.transcript(user.id, id).await? else { return Ok(false) };
    let token = ShareToken::parse(&new_token()?).ok_or(StoreError::Busy)?;
    let share = Share {
        title: transcript.conversation.title,
        author: user.name.clone(),
        messages: snapshot(&transcript.messages),
        created_at: by.at,
    };
    let new = NewShare { owner: user.id, conversation: id, token, share };
    Ok(state.services.shares.share(&new).await?.is_some())
}
