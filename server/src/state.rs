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
    files::{Blobs, FileKeeper, Limits, apart::Apart},
    guard::{Guarded, Reach},
    http::{client::TrustedProxies, error::report, events::OpenStreams},
    llm::{
        self,
        added::{self, AddedProviders, KeyBox},
    },
    store::sqlite::Sqlite,
    transfer::importer::Importer,
    turns::{self, RunnerParts, TurnRunner},
};
use app::{Assets, context::Services};
use axum::extract::FromRef;
use chat::ports::{Clock, Exports, Ids, LoginLinks, Models};
use leptos::config::LeptosOptions;
use std::{io, path::Path, sync::Arc, time::Duration};

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
    /// What users attach.
    pub files: FileKeeper,
    /// What users take away.
    pub exports: Arc<dyn Exports>,
    /// Where files are while they are made.
    pub folder: Arc<Path>,
    /// What takes conversations in from elsewhere.
    pub importer: Importer,
    /// The providers of models that administrators add.
    pub added: Arc<AddedProviders>,
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
    /// What offers the models of providers, those that are added too.
    pub catalog: Arc<llm::Catalog>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn Ids>,
    /// What users attach.
    pub files: FileKeeper,
}

/// How many uploads a user has at once.
const UPLOADS: usize = 4;
/// How long an upload may be silent.
const UPLOAD_PATIENCE: Duration = Duration::from_secs(30);

impl World {
    /// The real one: an opened store, the configured models, the system's clock.
    pub fn real(store: Sqlite, config: &Config) -> Self {
        let files = file_keeper(&store, config, Apart::this_program());
        let catalog = Arc::new(llm::Catalog::new(config));
        let (clock, ids) = (Arc::new(System), Arc::new(System));
        Self { store, models: catalog.clone(), catalog, clock, ids, files }
    }

    /// The runner of turns in this world.
    pub fn runner(&self, config: &Config) -> TurnRunner {
        TurnRunner::new(RunnerParts {
            turns: Arc::new(self.store.clone()),
            conversations: Arc::new(self.store.clone()),
            files: Arc::new(self.files.clone()),
            models: self.models.clone(),
            rules: Arc::new(self.store.clone()),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
            limits: turns::Limits { per_user: config.turns.per_user, at_once: config.turns.at_once },
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
        let added = Arc::new(AddedProviders::new(added::Parts {
            records: store.clone(),
            catalog: self.catalog.clone(),
            keys: KeyBox::new(seal(Purpose::ModelKeys)),
            reach: Reach::new(&config.models.networks),
            clock: self.clock.clone(),
            environment: config.models.providers.clone(),
        }));
        let services = Services {
            conversations: store.clone(),
            folders: store.clone(),
            search: store.clone(),
            shares: store.clone(),
            models: self.models.clone(),
            providers: added.clone(),
            rules: store.clone(),
            people: store.clone(),
            usage: store.clone(),
            audit: store.clone(),
            access: Arc::new(config.sign_in.access.clone()),
            runner: Arc::new(runner),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
            report,
            host: config.public.host().into(),
            origin: config.public.origin().into(),
        };
        Ok(AppState {
            services,
            added,
            sessions: SessionLayerParts::new(store.clone(), store.clone(), self.clock.clone()),
            streams: OpenStreams::default(),
            oidc,
            files: self.files.clone(),
            exports: store.clone(),
            folder: config.data_dir.as_path().into(),
            importer: Importer::new(store.clone(), self.ids.clone(), &config.data_dir),
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

/// What keeps files in the data folder.
pub fn file_keeper(store: &Sqlite, config: &Config, apart: Apart) -> FileKeeper {
    let limits = Limits {
        file_bytes: config.files.max_file_bytes,
        user_bytes: config.files.quota_bytes,
        at_once: UPLOADS,
        patience: UPLOAD_PATIENCE,
    };
    FileKeeper::new(Arc::new(store.clone()), Blobs::new(&config.data_dir), apart, limits)
}

/// Addresses that lead nowhere: pages can be read, but do not wake up. For tests of the server alone.
fn unbuilt() -> Assets {
    tracing::warn!("the site has not been built (`cargo xtask run` does); pages will not wake up");
    Assets {
        js: "/pkg/app.js".into(),
        wasm: "/pkg/app.wasm".into(),
        css: "/pkg/app.css".into(),
        plain: "/pkg/plain.css".into(),
        font: "/pkg/font.woff2".into(),
        reload: assets::reloads(),
    }
}
