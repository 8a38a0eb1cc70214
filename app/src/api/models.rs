//! Models.

#[cfg(feature = "ssr")]
use crate::context::{respond, services, signed_in};
use crate::error::AppError;
use chat::ModelInfo;
use leptos::server;

/// The models that the user may choose; the first one is the default.
#[server(prefix = "/api", endpoint = "models/list")]
pub async fn list_models() -> Result<Vec<ModelInfo>, AppError> {
    let user = respond(signed_in())?;
    let refused = respond(services().rules.refused_models(user.id).await)?;
    let offered = services().models.list().await;
    Ok(offered.into_iter().filter(|model| !refused.contains(&model.id)).collect())
}
