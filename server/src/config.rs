//! The settings: environment variables, read once, all faults told at once.

mod model_providers;
mod models;
mod near_miss;
mod parse;
mod providers;
mod reader;
mod settings;
mod sign_in;

pub use models::Models;
pub use parse::{Fault, Source};
pub use providers::prefix;
pub use settings::{SETTINGS, Setting, as_markdown};
pub use sign_in::{Provider, SignIn};

use crate::secret::Secret;
use ipnet::IpNet;
use std::{net::SocketAddr, path::PathBuf};
use url::Url;

/// Everything that can be set, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Secrets from which all keys are derived, the first one in use, the others accepted. Empty when the
    /// server shall keep one of its own in the data folder.
    pub secrets: Vec<Secret>,
    /// Sign-in providers and who may enter.
    pub sign_in: SignIn,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The address that users type, without a path.
    pub public: PublicAddress,
    /// The proxies that are believed about where a request comes from.
    pub trusted_proxies: Vec<IpNet>,
    /// Where data is kept.
    pub data_dir: PathBuf,
    /// The database, as `sqlite:PATH`.
    pub database_url: String,
    /// What uploads are held to.
    pub files: FileLimits,
    /// How log lines look; none lets a terminal decide.
    pub log_format: Option<LogFormat>,
    /// The providers of models, and the limits of an answer.
    pub models: Models,
    /// The built-in model.
    pub local_model: LocalModel,
    /// What looks like a mistake, but keeps the server from nothing.
    pub warnings: Vec<Fault>,
}

/// The address that users type: a scheme and a host, never a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicAddress(pub Url);

impl PublicAddress {
    /// The origin as browsers write it in the header `Origin` (RFC 6454, section 6.2).
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// Whether browsers reach the server by https, so that cookies can be `Secure`.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The host to show, with a port that is not the scheme's own.
    pub fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }
}

/// What uploads are held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileLimits {
    /// The largest file, in bytes.
    pub max_file_bytes: u64,
    /// What all files of a user may take, in bytes.
    pub quota_bytes: u64,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// Which model runs in this process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LocalModel {
    /// None.
    Off,
    /// The small one that set-up fetches, if its file is there.
    IfThere,
    /// A `.gguf` file of the owner's.
    File(PathBuf),
}

impl Config {
    /// Reads the settings from a source of variables and files.
    ///
    /// # Errors
    /// Every fault that there is, in the order of the settings; never the value of a secret.
    pub fn parse(source: &dyn Source) -> Result<Self, Vec<Fault>> {
        parse::parse(source)
    }
}

/// Whether the environment can set up a provider of models with this id.
pub fn is_known_provider(id: &str) -> bool {
    model_providers::KNOWN.iter().any(|known| model_providers::prefix(known.id) == model_providers::prefix(id))
}

/// The settings that are set, each by its first name, with the variable that holds it.
pub fn found(source: &dyn Source) -> Vec<(String, String)> {
    let own =
        SETTINGS.iter().map(|setting| (setting.names.iter().map(|name| (*name).to_owned()).collect(), setting.secret));
    let mut found: Vec<(String, String)> = Vec::new();
    let named = source.variable("CONFAB_PROVIDERS").unwrap_or_default();
    let named = named.split([',', '，']).map(|id| vec![model_providers::prefix(id.trim())]);
    let models = model_providers::KNOWN.iter().map(model_providers::Known::prefixes).chain(named);
    let models = models.flat_map(|prefixes| model_providers::settings(&prefixes));
    let sign_in = providers::KNOWN.iter().flat_map(providers::Known::settings);
    let all: Vec<(Vec<String>, bool)> = own.chain(sign_in).chain(models).collect();
    let has_value = |name: &str| source.variable(name).is_some_and(|value| !value.trim().is_empty());
    for (names, secret) in all {
        let twins = |name: &String| [Some(name.clone()), secret.then(|| format!("{name}_FILE"))];
        let variable = names.iter().flat_map(twins).flatten().find(|name| has_value(name));
        if let Some(variable) = variable.filter(|variable| found.iter().all(|(_, known)| known != variable)) {
            found.push((names[0].clone(), variable));
        }
    }
    found
}

#[cfg(test)]
mod tests;
