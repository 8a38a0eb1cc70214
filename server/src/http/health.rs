//! Whether the server is alive, and whether it can serve.

use crate::auth::SessionLayerParts;
use app::context::Services;
use axum::{extract::State, http::StatusCode};
use chat::UserId;
use uuid::Uuid;

/// `GET /health`: the process answers.
pub async fn health() -> &'static str {
    "ok"
}

/// `GET /ready`: the database answers too, and the server is not about to stop.
pub async fn ready(
    State(parts): State<SessionLayerParts>,
    State(services): State<Services>,
) -> (StatusCode, &'static str) {
    if services.runner.is_closed() {
        return (StatusCode::SERVICE_UNAVAILABLE, "the server is stopping");
    }
    match parts.users.user(UserId(Uuid::nil())).await {
        Ok(_) => (StatusCode::OK, "ready"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer"),
    }
}
