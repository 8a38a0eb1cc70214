//! Users' pictures: fetched once from where the provider says, kept, and served from here. No browser ever asks the
//! address itself, which would tell a stranger who is looking.

use super::oidc::Provider;
use crate::guard::Guarded;
use app::context::Visitor;
use axum::{
    Extension,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use chat::{
    UserId,
    ports::{Clock, Picture, Pictures, StoreError},
};
use std::sync::Arc;
use url::Url;

/// The largest picture, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// How the kinds of pictures that browsers show begin. SVG is none of them: it can hold scripts.
const KINDS: [(&[u8], &str); 4] = [
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
];

/// What fetches and keeps pictures.
#[derive(Clone)]
pub struct PictureKeeper {
    /// Where they are kept.
    pub pictures: Arc<dyn Pictures>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Asks addresses that strangers name; none when the system gives no certificates.
    pub guarded: Option<Guarded>,
}

impl PictureKeeper {
    /// Takes over what a provider says about a user's picture. It may take a while; nobody has to wait for it.
    pub async fn update(&self, provider: &Provider, user: UserId, source: Option<String>) {
        if let Err(error) = self.try_update(provider, user, source).await {
            tracing::warn!(%user, error, "a picture can't be had; the user's letters are shown");
        }
    }

    async fn try_update(&self, provider: &Provider, user: UserId, source: Option<String>) -> Result<(), String> {
        let told = |error: StoreError| error.to_string();
        let known = self.pictures.picture(user).await.map_err(told)?;
        match (&known, source) {
            (None, None) => Ok(()),
            (Some(known), Some(source)) if known.source == source => Ok(()),
            (_, None) => self.pictures.set_picture(user, None, self.clock.now()).await.map_err(told),
            (_, Some(source)) => {
                let bytes = self.fetch(provider, &source).await?;
                let media_type = kind(&bytes).ok_or("it is no PNG, JPEG, GIF or WebP")?.to_owned();
                let picture = Picture { source, media_type, bytes };
                self.pictures.set_picture(user, Some(&picture), self.clock.now()).await.map_err(told)
            }
        }
    }

    /// From the provider's own host with what reaches it, which may be a private network; from others as from strangers.
    async fn fetch(&self, provider: &Provider, source: &str) -> Result<Vec<u8>, String> {
        let url = Url::parse(source).map_err(|error| error.to_string())?;
        if provider.discovery.fetcher.is_own(&url) {
            return provider.discovery.fetcher.get_bytes(&url, MAX_BYTES).await;
        }
        let guarded = self.guarded.as_ref().ok_or("there are no certificates")?;
        guarded.get(&url, MAX_BYTES).await.map_err(|error| error.to_string())
    }
}

fn kind(bytes: &[u8]) -> Option<&'static str> {
    let (_, kind) = KINDS.iter().find(|(beginning, _)| bytes.starts_with(beginning))?;
    (*kind != "image/webp" || bytes.get(8..12) == Some(b"WEBP")).then_some(kind)
}

/// `GET /api/auth/picture`: the picture of whoever asks.
pub async fn picture(State(keeper): State<PictureKeeper>, Extension(Visitor(visitor)): Extension<Visitor>) -> Response {
    let Some(user) = visitor else { return StatusCode::UNAUTHORIZED.into_response() };
    match keeper.pictures.picture(user.id).await {
        Ok(Some(Picture { media_type, bytes, .. })) => {
            // The page's address of it changes with the picture.
            let headers =
                [(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "private, max-age=86400".to_owned())];
            (headers, bytes).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            crate::http::error::report(&error);
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a37_a_picture_is_what_its_bytes_say() {
        assert_eq!(kind(b"\x89PNG\r\n\x1a\n...."), Some("image/png"));
        assert_eq!(kind(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        assert_eq!(kind(b"GIF89a"), Some("image/gif"));
        assert_eq!(kind(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        for other in [&b"RIFF\0\0\0\0WAVE"[..], b"<svg xmlns=...", b"<html>", b"", b"RIFF"] {
            assert_eq!(kind(other), None);
        }
    }
}
