//! Signing in through OpenID Connect providers (OpenID Connect Core 1.0), Authentik first of all.
//!
//! `routes` are the addresses that a browser and a provider call; `flow` is the code flow from the button to an
//! identity; `discovery` knows a provider's metadata and keys; `token` verifies what it signs; `fault` is everything
//! that can go wrong, in words.

pub mod attempt;
pub mod claims;
pub mod discovery;
pub mod examine;
pub mod fault;
pub mod fetch;
pub mod flow;
pub mod logout;
pub mod refresh;
pub mod refusals;
pub mod routes;
pub mod token;

use super::keys::Sealer;
use crate::config::{Provider as Settings, PublicAddress, SignIn};
use attempt::AttemptCookies;
use chat::{
    access::Access,
    ports::{Clock, ProviderButton},
};
use discovery::Discovery;
use fault::Fault;
use fetch::Fetcher;
use refusals::Refusals;
use std::{io, sync::Arc};
use tokio::sync::Mutex;
use url::Url;

/// The providers of this server.
#[derive(Clone)]
pub struct Oidc(Arc<Inner>);

/// What all providers share.
pub struct Inner {
    providers: Vec<Provider>,
    access: Access,
    auto_redirect: bool,
    public: PublicAddress,
    cookies: AttemptCookies,
    tokens: Sealer,
    clock: Arc<dyn Clock>,
    refusals: Refusals,
    /// Held while providers are asked again: a refresh token that two ask with at once ends its session.
    asking: Mutex<()>,
}

/// One provider.
pub struct Provider {
    /// Its settings.
    pub settings: Settings,
    /// What it tells of itself.
    pub discovery: Discovery,
}

/// The keys that signing in needs.
pub struct SignInKeys {
    /// Seals attempts in cookies.
    pub attempts: Sealer,
    /// Seals a provider's tokens in the database.
    pub tokens: Sealer,
}

impl Oidc {
    /// The configured providers. Nothing is asked of them yet.
    ///
    /// # Errors
    /// The certificates can't be read.
    pub fn new(settings: &SignIn, public: &PublicAddress, keys: SignInKeys, clock: Arc<dyn Clock>) -> io::Result<Self> {
        let ca = settings.ca_file.as_deref();
        let provider = |settings: &Settings| {
            let fetcher = Fetcher::new(ca, settings.internal_url.clone(), &settings.issuer)?;
            let discovery = Discovery::new(settings.issuer.clone(), fetcher, clock.clone());
            Ok(Provider { settings: settings.clone(), discovery })
        };
        Ok(Self(Arc::new(Inner {
            providers: settings.providers.iter().map(provider).collect::<io::Result<_>>()?,
            access: settings.access.clone(),
            auto_redirect: settings.auto_redirect,
            public: public.clone(),
            cookies: AttemptCookies::new(keys.attempts, public.is_https()),
            tokens: keys.tokens,
            clock,
            refusals: Refusals::default(),
            asking: Mutex::default(),
        })))
    }

    /// A provider by its id.
    ///
    /// # Errors
    /// None of this id is set up.
    pub fn provider(&self, id: &str) -> Result<&Provider, Fault> {
        self.0.providers.iter().find(|provider| provider.settings.id == id).ok_or(Fault::NoSuchProvider)
    }

    /// The providers, as the sign-in page offers them.
    pub fn buttons(&self) -> Vec<ProviderButton> {
        let button = |Provider { settings, .. }: &Provider| ProviderButton {
            id: settings.id.clone(),
            label: settings.label.clone(),
            account: account_page(&settings.id, &settings.issuer),
        };
        self.0.providers.iter().map(button).collect()
    }

    /// Whether the sign-in page goes straight on to the only provider.
    pub fn auto_redirect(&self) -> bool {
        self.0.auto_redirect
    }

    /// The origins to which a sign-in form may lead (Content Security Policy Level 3, `form-action`).
    pub fn form_targets(&self) -> Vec<String> {
        let mut origins: Vec<String> =
            self.0.providers.iter().flat_map(|provider| provider.discovery.origins()).collect();
        origins.sort();
        origins.dedup();
        origins
    }

    /// Where a provider sends the browser back to.
    pub fn callback(&self, provider: &Provider) -> String {
        [&self.0.public.origin(), "/api/auth/callback/", &provider.settings.id].concat()
    }
}

/// Where people change their accounts: known of Authentik, whose issuer lies at its own origin.
fn account_page(id: &str, issuer: &str) -> Option<String> {
    let origin = Url::parse(issuer).ok()?.origin();
    (id == "authentik" && origin.is_tuple()).then(|| [&origin.ascii_serialization(), "/if/user/#/settings"].concat())
}

#[cfg(test)]
mod tests {
    use super::account_page;

    #[test]
    fn people_change_their_accounts_where_authentik_has_the_page_for_it() {
        let issuer = "https://auth.example.com:8443/application/o/confab/";
        let page = "https://auth.example.com:8443/if/user/#/settings";
        assert_eq!(account_page("authentik", issuer).as_deref(), Some(page));
        assert_eq!(account_page("keycloak", "https://auth.example.com/realms/home"), None);
        assert_eq!(account_page("authentik", "nonsense"), None);
    }
}
