//! Shared conversations, for pages that only the server renders.

use crate::{
    context::{services, signed_in},
    error::AppError,
};
use chat::{
    ConversationId, Title,
    share::{Share, ShareLink, ShareToken},
};

/// The title of a conversation, and its link if it is shared.
pub async fn share_of(id: &str) -> Result<(Title, Option<ShareLink>), AppError> {
    let (user, services) = (signed_in()?, services());
    let id: ConversationId = id.parse().map_err(|_| AppError::NotFound)?;
    let transcript = services.conversations.transcript(user.id, id).await?.ok_or(AppError::NotFound)?;
    Ok((transcript.conversation.title, services.shares.link_of(user.id, id).await?))
}

/// The links of whoever asks.
pub async fn my_links() -> Result<Vec<ShareLink>, AppError> {
    Ok(services().shares.links(signed_in()?.id).await?)
}

/// What is behind a link, for anybody.
pub async fn shared(token: &str) -> Result<Share, AppError> {
    let token = ShareToken::parse(token).ok_or(AppError::NotFound)?;
    services().shares.shared(&token).await?.ok_or(AppError::NotFound)
}
