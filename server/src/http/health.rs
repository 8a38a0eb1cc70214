//! Whether the server is alive, and whether it can serve.

use crate::auth::SessionLayerParts;
use axum::{extract::State, http::StatusCode};
use chat::UserId;
use uuid::Uuid;

/// `GET /health`: the process answers.
pub async fn health() -> &'static str {
    "ok"
}

/// `GET /ready`: the database answers too.
pub async fn ready(State(parts): State<SessionLayerParts>) -> (StatusCode, &'static str) {
    match parts.users.user(UserId(Uuid::nil())).await {
        Ok(_) => (StatusCode::OK, "ready"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer"),
    }
}
