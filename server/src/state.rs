//! Where ports meet their adapters: the only place that knows both.

use crate::{
    assets,
    auth::{
        SessionLayerParts,
        cookie::SessionCookie,
        keys::{self, Purpose, Sealer},
        oidc::{Oidc, SignInKeys},
        picture::PictureKeeper,
    },
    clock::System,
    config::{Config, PublicAddress},
    guard::Guarded,
    http::{client::TrustedProxies, error::report, events::OpenStreams},
    llm,
    store::sqlite::Sqlite,
    turns::{RunnerParts, TurnRunner},
};
use app::{Assets, context::Services};
use axum::extract::FromRef;
use chat::ports::{Clock, Ids, LoginLinks, Models};
use leptos::config::LeptosOptions;
use std::{io, sync::Arc};

/// What the router hands to its routes.
#[derive(Clone, FromRef)]
pub struct AppState {
    /// The ports that pages and server functions call.
    pub services: Services,
    /// Sessions.
    pub sessions: SessionLayerParts,
    /// The session cookie.
    pub cookie: SessionCookie,
    /// The streams of events that are open.
    pub streams: OpenStreams,
    /// Sign-in providers.
    pub oidc: Oidc,
    /// Users' pictures.
    pub pictures: PictureKeeper,
    /// Login links.
    pub links: Arc<dyn LoginLinks>,
    /// The address that users type.
    pub public: PublicAddress,
    /// The proxies that are believed about where a request comes from.
    pub proxies: TrustedProxies,
    /// The files that a page names.
    pub assets: Assets,
    /// What leptos wants to know; its defaults.
    pub leptos: LeptosOptions,
}

/// The adapters that tests exchange.
#[derive(Clone)]
pub struct World {
    /// Where everything is kept.
    pub store: Sqlite,
    /// What answers.
    pub models: Arc<dyn Models>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn Ids>,
}

impl World {
    /// The real one: an opened store, the configured models, the system's clock.
    pub fn real(store: Sqlite, config: &Config) -> Self {
        Self { store, models: Arc::new(llm::Catalog::new(config)), clock: Arc::new(System), ids: Arc::new(System) }
    }

    /// The runner of turns in this world.
    pub fn runner(&self) -> TurnRunner {
        TurnRunner::new(RunnerParts {
            turns: Arc::new(self.store.clone()),
            conversations: Arc::new(self.store.clone()),
            models: self.models.clone(),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
        })
    }

    /// Everything that the router needs.
    ///
    /// # Errors
    /// The server's own secret, or a certificate, can't be read or made.
    pub fn state(&self, config: &Config, runner: TurnRunner) -> io::Result<AppState> {
        let store = Arc::new(self.store.clone());
        let secrets = match config.secrets.as_slice() {
            [] => vec![keys::kept_secret(&config.data_dir)?],
            configured => configured.to_vec(),
        };
        let cookie = SessionCookie::new(keys::keys(&secrets, Purpose::SessionCookie), config.public.is_https());
        let seal = |purpose| Sealer::new(keys::keys(&secrets, purpose));
        let sign_in_keys = SignInKeys { attempts: seal(Purpose::SignInAttempt), tokens: seal(Purpose::ProviderTokens) };
        let oidc = Oidc::new(&config.sign_in, &config.public, sign_in_keys, self.clock.clone())?;
        let services = Services {
            conversations: store.clone(),
            models: self.models.clone(),
            runner: Arc::new(runner),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
            report,
            host: config.public.host().into(),
        };
        Ok(AppState {
            services,
            sessions: SessionLayerParts::new(store.clone(), store.clone(), self.clock.clone()),
            streams: OpenStreams::default(),
            oidc,
            pictures: PictureKeeper {
                pictures: store.clone(),
                clock: self.clock.clone(),
                guarded: Guarded::new().ok(),
            },
            cookie,
            links: store,
            public: config.public.clone(),
            proxies: TrustedProxies(config.trusted_proxies.clone().into()),
            assets: assets::manifest().unwrap_or_else(unbuilt),
            leptos: LeptosOptions::builder().output_name("app").build(),
        })
    }
}

/// Addresses that lead nowhere: pages can be read, but do not wake up. For tests of the server alone.
fn unbuilt() -> Assets {
    tracing::warn!("the site has not been built (`cargo xtask run` does); pages will not wake up");
    Assets {
        js: "/pkg/app.js".into(),
        wasm: "/pkg/app.wasm".into(),
        css: "/pkg/app.css".into(),
        font: "/pkg/font.woff2".into(),
        reload: assets::reloads(),
    }
}
