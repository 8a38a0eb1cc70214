//! What has to be known of a provider before it can be asked.

use super::model_list::ModelList;
use crate::secret::Secret;
use chat::Dialect;
use std::time::Duration;
use url::Url;

/// How long an answer may take, and how long it may be. The same for all providers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Without a single byte, from the request on.
    pub idle: Duration,
    /// From the first request to the end.
    pub total: Duration,
    /// From the model's last word to the end of the stream, in which the usage may come.
    pub after_finish: Duration,
    /// The most bytes of text and thinking.
    pub max_text: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            idle: Duration::from_secs(120),
            total: Duration::from_secs(60 * 60),
            after_finish: Duration::from_secs(5),
            max_text: 4 << 20,
        }
    }
}

/// A provider of models: what is set of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderSettings {
    /// Its id in [`chat::ModelRef`]s, such as `openai`.
    pub id: String,
    /// Its name to show, such as `OpenAI`.
    pub name: String,
    /// The language that it speaks.
    pub dialect: Dialect,
    /// Where it is asked, at least one.
    pub endpoints: Vec<Endpoint>,
    /// Which models.
    pub models: ModelList,
    /// Who has set it.
    pub origin: Origin,
    /// It is there only if it answers: nobody has named it.
    pub if_it_answers: bool,
}

/// An address of a provider, and the keys that belong to it. They are sent nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The base address, such as `https://api.openai.com/v1`, with or without a slash at its end.
    pub base: Url,
    /// The keys, each used in turn; some servers want none.
    pub keys: Vec<Secret>,
}

/// Who has set a provider, and so where it is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Variables that begin like this, such as `OPENAI`.
    Environment(String),
    /// An administrator, in the running server.
    Administrator,
}

impl Origin {
    /// What the key is called.
    pub fn key(&self) -> String {
        self.place("_API_KEY", "its key")
    }

    /// What the address is called.
    pub fn address(&self) -> String {
        self.place("_PROXY_URL", "its address")
    }

    /// What the list of models is called.
    pub fn list(&self) -> String {
        self.place("_MODEL_LIST", "its list of models")
    }

    fn place(&self, ending: &str, what: &str) -> String {
        match self {
            Self::Environment(prefix) => [prefix, ending].concat(),
            Self::Administrator => format!("{what} in the administration"),
        }
    }
}

/// The address, the key or the list can't be used. Says why and what to do, never the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadSettings(pub String);

impl ProviderSettings {
    /// A provider that an administrator adds: one address, its keys, and a list of models in LobeChat's grammar.
    ///
    /// # Errors
    /// What is wrong with the address, a key or the list, in a sentence.
    pub fn added(
        id: impl Into<String>,
        name: impl Into<String>,
        dialect: Dialect,
        base: &str,
        keys: Vec<Secret>,
        models: &str,
    ) -> Result<Self, BadSettings> {
        let bad = |(problem, fix): (&str, &str)| BadSettings(format!("The address {problem} {fix}"));
        let base = parse_base(base, dialect).map_err(bad)?;
        let models = ModelList::parse(models).map_err(|faults| BadSettings(faults.join(" ")))?;
        if keys.iter().any(|key| !is_key(key)) {
            return Err(BadSettings("The key has a character in it that no key has, such as a line break.".into()));
        }
        let endpoints = vec![Endpoint { base, keys }];
        let origin = Origin::Administrator;
        Ok(Self { id: id.into(), name: name.into(), dialect, endpoints, models, origin, if_it_answers: false })
    }
}

/// Whether a key can be sent in a header.
pub fn is_key(key: &Secret) -> bool {
    reqwest::header::HeaderValue::from_str(key.expose()).is_ok()
}

/// Ports of services that are no web servers and could be made to do something (a part of the Fetch standard's
/// "bad ports").
const OTHER_PORTS: &[u16] =
    &[21, 22, 23, 25, 53, 110, 119, 139, 143, 389, 465, 514, 587, 636, 993, 995, 2049, 6000, 6667, 6697];

/// Reads a base address.
///
/// # Errors
/// What is wrong with it, and what to do; never a part of it.
pub fn parse_base(text: &str, dialect: Dialect) -> Result<Url, (&'static str, &'static str)> {
    const LIKE: &str = "Write it like https://api.openai.com/v1.";
    let mut url = Url::parse(text.trim()).map_err(|_| ("is not an address.", LIKE))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(("should begin with http:// or https://.", LIKE));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(("has a user name or password in it.", "Leave it out: the key is set by itself."));
    }
    if url.port().is_some_and(|port| OTHER_PORTS.contains(&port)) {
        return Err(("has a port at which no model is served.", LIKE));
    }
    url.set_fragment(None);
    // Ollama answers in OpenAI's language below `/v1`, where people have pointed others to.
    if let (Dialect::Ollama, Some(above)) = (dialect, url.path().trim_end_matches('/').strip_suffix("/v1")) {
        let above = above.to_owned();
        url.set_path(&above);
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(base: &str, key: &str, models: &str) -> Result<ProviderSettings, String> {
        let keys = vec![Secret::new(key)];
        ProviderSettings::added("a", "A", Dialect::OpenAi, base, keys, models).map_err(|error| error.to_string())
    }

    #[test]
    fn f07_only_web_addresses_are_base_addresses() {
        for base in ["https://api.openai.com/v1", "http://10.0.0.5:11434", "http://[::1]:8080/", "http://ollama"] {
            assert!(added(base, "k", "").is_ok(), "{base}");
        }
        let hidden = "https://user:hidden@a.example";
        let bad =
            ["", "a.example", "file:///etc/passwd", "gopher://a.example", "ftp://a.example", "unix:/run/a", hidden];
        let ports = ["http://a.example:22/", "http://a.example:25/v1", "https://a.example:6667"];
        for base in bad.iter().chain(&ports) {
            let told = added(base, "k", "").expect_err(base);
            assert!(told.starts_with("The address ") && !told.contains("hidden"), "{base}: {told}");
        }
    }

    #[test]
    fn f09_a_key_is_one_value_of_one_header() {
        for key in ["sk\r\nhost: b.example", "sk\n", "sk\0"] {
            let told = added("https://a.example", key, "").expect_err(key);
            assert!(told.starts_with("The key ") && !told.contains("sk"), "{told}");
        }
    }

    #[test]
    fn l12_a_list_that_cannot_be_read_is_told() {
        assert_eq!(added("https://a.example", "k", "=Name"), Err("“=Name” names no model.".into()));
    }

    #[test]
    fn ollama_is_asked_above_the_place_where_it_speaks_like_openai() {
        for (base, own) in [
            ("http://ollama:11434/v1", "http://ollama:11434/"),
            ("http://ollama:11434/v1/", "http://ollama:11434/"),
            ("http://ollama:11434", "http://ollama:11434/"),
            ("https://a.example/ollama/v1", "https://a.example/ollama"),
        ] {
            assert_eq!(parse_base(base, Dialect::Ollama).expect("an address").as_str(), own);
        }
    }
}
