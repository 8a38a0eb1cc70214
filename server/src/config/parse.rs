//! From variables to settings. Pure: variables and files come through [`Source`].

use super::{
    Config, FileLimits, LocalModel, LogFormat, PublicAddress, Setting, models, near_miss, reader::Reader,
    settings as table, sign_in,
};
use crate::secret::Secret;
use ipnet::{IpNet, Ipv4Net};
use std::{
    collections::BTreeSet,
    fmt, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
};
use url::Url;

/// Where variables and the files that they name come from.
pub trait Source {
    /// The value of a variable.
    fn variable(&self, name: &str) -> Option<String>;
    /// The contents of a file.
    fn file(&self, path: &str) -> io::Result<String>;
    /// The names of all variables, to find misspelt ones.
    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A setting that can't be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The variable.
    pub variable: String,
    /// What is wrong with it, without its value.
    pub problem: String,
    /// What to do.
    pub fix: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} {}", self.variable, self.problem, self.fix)
    }
}

pub(super) fn parse(source: &dyn Source) -> Result<Config, Vec<Fault>> {
    let mut reader = Reader::new(source);
    let secrets = secrets(&mut reader);
    let sign_in = sign_in::parse(&mut reader, !secrets.is_empty());
    let listen = listen(&mut reader, !sign_in.providers.is_empty());
    let public = public(&mut reader, listen);
    let trusted_proxies = trusted_proxies(&mut reader);
    let data_dir = reader.get(table::DATA_DIR).map_or_else(|| PathBuf::from("data"), |found| found.value.into());
    let database_url = database(&mut reader, &data_dir);
    let files = FileLimits {
        max_file_bytes: megabytes(&mut reader, table::MAX_FILE, 20, 2_000),
        quota_bytes: megabytes(&mut reader, table::FILES_QUOTA, 1_000, 1_000_000_000),
    };
    let log_format = log_format(&mut reader);
    let (models, own_providers) = models::parse(&mut reader);
    let local_model = match reader.get(table::LOCAL_MODEL).map(|found| found.value) {
        None => LocalModel::IfThere,
        Some(value) if value.eq_ignore_ascii_case("off") => LocalModel::Off,
        Some(path) => LocalModel::File(path.into()),
    };
    let others = reader.warnings.len();
    near_miss::warn(&mut reader, &source.names(), &own_providers);
    let Reader { faults, warnings, .. } = reader;
    if faults.is_empty() {
        Ok(Config {
            secrets,
            sign_in,
            listen,
            public,
            trusted_proxies,
            data_dir,
            database_url,
            files,
            log_format,
            models,
            local_model,
            warnings,
        })
    } else {
        // A misspelt variable is most often why another one is missing.
        Err(faults.into_iter().chain(warnings.into_iter().skip(others)).collect())
    }
}

/// The shortest secret: 32 bytes, as `openssl rand -base64 32` has at least.
const SECRET_BYTES: usize = 32;

/// Secrets that somebody published, in examples that people copy.
const PUBLISHED: [&str; 3] = [
    "NX2kaPE923dt6BL2U8e9oSre5RfoT7hg",
    "Tfhi2t2pelSMEA8eaV61KaqPNEndFFdMIxDaJnS1CUI=",
    "Kix2wcUONd4CX51E/ZPAd36BqM4wzJgKjPtz2sGztqQ=",
];
/// What stands where a secret should be put.
const PLACEHOLDERS: [&str; 6] = ["changeme", "change-me", "change_me", "your-secret", "your_secret", "placeholder"];
/// Fewer different characters than this no random secret has.
const FEWEST_CHARACTERS: usize = 8;

fn secrets(reader: &mut Reader) -> Vec<Secret> {
    let Some((variable, parts)) = reader.list(table::SECRET) else { return Vec::new() };
    const FIX: &str = "Make one with `openssl rand -base64 32`.";
    if parts.iter().any(|part| part.len() < SECRET_BYTES) {
        reader.fault(&variable, format!("is shorter than {SECRET_BYTES} bytes."), FIX);
    } else if parts.iter().any(|part| is_known(part)) {
        reader.fault(&variable, "is an example that everybody knows.", FIX);
    }
    parts.into_iter().map(Secret::new).collect()
}

fn is_known(secret: &str) -> bool {
    let lower = secret.to_lowercase();
    let characters: BTreeSet<char> = secret.chars().collect();
    PUBLISHED.contains(&secret)
        || PLACEHOLDERS.iter().any(|known| lower.contains(known))
        || characters.len() < FEWEST_CHARACTERS
}

fn listen(reader: &mut Reader, has_provider: bool) -> SocketAddr {
    let mut address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3210);
    if let Some(found) = reader.get(table::LISTEN) {
        match found.value.parse() {
            Ok(parsed) => address = parsed,
            Err(_) => reader.fault(
                &found.variable,
                "is not an IP address with a port.",
                "Write it like 127.0.0.1:3210 or [::1]:3210.",
            ),
        }
        if !address.ip().is_loopback() && !has_provider {
            reader.fault(
                &found.variable,
                "is not a loopback address, and no sign-in provider is set up.",
                "Set up a provider (docs/authentik.md), or listen on 127.0.0.1 or [::1]: whoever else reaches the server could not sign in anyway.",
            );
        }
    }
    if let Some(found) = reader.get(table::PORT) {
        match found.value.parse() {
            Ok(port) => address.set_port(port),
            Err(_) => reader.fault(&found.variable, "is not a port.", "Write a number up to 65535."),
        }
    }
    address
}

fn public(reader: &mut Reader, listen: SocketAddr) -> PublicAddress {
    let derived = || PublicAddress(loopback_url(listen));
    let Some(found) = reader.get(table::PUBLIC) else {
        if !listen.ip().is_loopback() {
            let problem = format!("is missing, so {} is taken for the address that users type.", loopback_url(listen));
            reader.warn(
                table::PUBLIC.names[0],
                problem,
                "Set it to the address in the browser, like https://chat.example.com.",
            );
        }
        return derived();
    };
    match Url::parse(&found.value) {
        Ok(mut url) if matches!(url.scheme(), "http" | "https") && url.host_str().is_some() => {
            if !url.username().is_empty() || url.password().is_some() {
                reader.fault(&found.variable, "contains a user name or password.", "Write the address without them.");
            }
            // LobeChat's variable ends in the path of its sign-in.
            if !matches!(url.path(), "/" | "/api/auth" | "/api/auth/") {
                let problem = "has a path, which is not used: Confab stands at the top of its host.";
                reader.warn(&found.variable, problem, "Give it a host of its own.");
            }
            url.set_path("");
            url.set_query(None);
            url.set_fragment(None);
            PublicAddress(url)
        }
        _ => {
            reader.fault(&found.variable, "is not an address.", "Write it like https://chat.example.com.");
            derived()
        }
    }
}

fn trusted_proxies(reader: &mut Reader) -> Vec<IpNet> {
    networks(reader, table::TRUSTED_PROXIES).unwrap_or_else(|| {
        vec![Ipv4Net::new_assert(Ipv4Addr::LOCALHOST, 8).trunc().into(), IpAddr::V6(Ipv6Addr::LOCALHOST).into()]
    })
}

/// Addresses and networks, if the setting is there.
pub(super) fn networks(reader: &mut Reader, setting: Setting) -> Option<Vec<IpNet>> {
    let (variable, entries) = reader.list(setting)?;
    let network = |text: &String| text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).ok();
    let networks: Option<Vec<IpNet>> = entries.iter().map(network).collect();
    Some(networks.unwrap_or_else(|| {
        reader.fault(
            &variable,
            "has an entry that is no address and no network.",
            "Write it like 10.0.0.5, 172.16.0.0/12.",
        );
        Vec::new()
    }))
}

fn loopback_url(listen: SocketAddr) -> Url {
    // All addresses of a machine together are none that a browser can open.
    let host = if listen.ip().is_unspecified() { format!("localhost:{}", listen.port()) } else { listen.to_string() };
    Url::parse(&format!("http://{host}")).expect("a socket address after http:// is an address")
}

fn database(reader: &mut Reader, data_dir: &std::path::Path) -> String {
    let default = format!("sqlite:{}", data_dir.join("confab.db").display());
    let Some(found) = reader.get(table::DATABASE) else { return default };
    if found.value.strip_prefix("sqlite:").is_some_and(|path| !path.is_empty()) {
        found.value
    } else if found.value.starts_with("postgres") {
        // LobeChat's: whoever comes from there starts with the same variables.
        let problem = "is a PostgreSQL database, which Confab does not use: it keeps its data in SQLite.";
        reader.warn(&found.variable, problem, "Unset it, or write sqlite:/var/lib/confab/confab.db.");
        default
    } else {
        reader.fault(&found.variable, "is not an SQLite database.", "Write it like sqlite:/var/lib/confab/confab.db.");
        default
    }
}

/// A number of MB, given in bytes.
fn megabytes(reader: &mut Reader, setting: Setting, default: u64, most: u64) -> u64 {
    let number = match reader.get(setting) {
        None => default,
        Some(found) => match found.value.parse() {
            Ok(number) if (1..=most).contains(&number) => number,
            _ => {
                reader.fault(
                    &found.variable,
                    "is no such number of MB.",
                    format!("Write a whole one from 1 to {most}."),
                );
                default
            }
        },
    };
    number * 1_000_000
}

fn log_format(reader: &mut Reader) -> Option<LogFormat> {
    let found = reader.get(table::LOG_FORMAT)?;
    match found.value.to_ascii_lowercase().as_str() {
        "text" => Some(LogFormat::Text),
        "json" => Some(LogFormat::Json),
        _ => {
            reader.fault(&found.variable, "is neither text nor json.", "Write one of the two.");
            None
        }
    }
}
