//! From variables to settings. Pure: variables and files come through [`Source`].

use super::{Config, LocalModel, LogFormat, OpenAi, PublicAddress, Setting, settings as table};
use crate::secret::Secret;
use std::{
    fmt, io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};
use url::Url;

/// Where variables and the files that they name come from.
pub trait Source {
    /// The value of a variable.
    fn variable(&self, name: &str) -> Option<String>;
    /// The contents of a file.
    fn file(&self, path: &str) -> io::Result<String>;
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

/// A setting that was found, and the variable that held it.
struct Found {
    variable: String,
    value: String,
}

struct Reader<'a> {
    source: &'a dyn Source,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn fault(&mut self, variable: &str, problem: impl Into<String>, fix: impl Into<String>) {
        self.faults.push(Fault { variable: variable.into(), problem: problem.into(), fix: fix.into() });
    }

    /// The first of a setting's variables that has a value.
    fn get(&mut self, setting: Setting) -> Option<Found> {
        for name in setting.names {
            let direct = self.source.variable(name).filter(|value| !value.trim().is_empty());
            let twin = format!("{name}_FILE");
            let path = if setting.secret { self.source.variable(&twin).filter(|p| !p.trim().is_empty()) } else { None };
            match (direct, path) {
                (Some(_), Some(_)) => {
                    self.fault(&twin, format!("is set, and {name} too."), "Keep one of the two.");
                    return None;
                }
                (Some(value), None) => {
                    return Some(Found { variable: (*name).into(), value: value.trim().to_owned() });
                }
                (None, Some(path)) => return self.read_file(twin, path.trim()),
                (None, None) => {}
            }
        }
        None
    }

    fn read_file(&mut self, variable: String, path: &str) -> Option<Found> {
        match self.source.file(path) {
            Ok(text) if text.trim().is_empty() => {
                self.fault(&variable, "names an empty file.", "Put the value into it.");
                None
            }
            Ok(text) => Some(Found { variable, value: text.trim().to_owned() }),
            Err(error) => {
                self.fault(
                    &variable,
                    format!("names a file that can't be read ({}).", error.kind()),
                    "Check the path and its permissions.",
                );
                None
            }
        }
    }
}

pub(super) fn parse(source: &dyn Source) -> Result<Config, Vec<Fault>> {
    let mut reader = Reader { source, faults: Vec::new() };
    let secrets = secrets(&mut reader);
    let listen = listen(&mut reader);
    let public = public(&mut reader, listen);
    let data_dir = reader.get(table::DATA_DIR).map_or_else(|| PathBuf::from("data"), |found| found.value.into());
    let database_url = database(&mut reader, &data_dir);
    let log_format = log_format(&mut reader);
    let openai = openai(&mut reader);
    let local_model = match reader.get(table::LOCAL_MODEL).map(|found| found.value) {
        None => LocalModel::IfThere,
        Some(value) if value.eq_ignore_ascii_case("off") => LocalModel::Off,
        Some(path) => LocalModel::File(path.into()),
    };
    if reader.faults.is_empty() {
        Ok(Config { secrets, listen, public, data_dir, database_url, log_format, openai, local_model })
    } else {
        Err(reader.faults)
    }
}

/// The shortest secret: 32 bytes, as `openssl rand -base64 32` has at least.
const SECRET_BYTES: usize = 32;

fn secrets(reader: &mut Reader) -> Vec<Secret> {
    let Some(found) = reader.get(table::SECRET) else { return Vec::new() };
    let parts: Vec<&str> = found.value.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.iter().any(|part| part.len() < SECRET_BYTES) {
        let problem = format!("is shorter than {SECRET_BYTES} bytes.");
        reader.fault(&found.variable, problem, "Make one with `openssl rand -base64 32`.");
    }
    parts.into_iter().map(Secret::new).collect()
}

fn listen(reader: &mut Reader) -> SocketAddr {
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
        if !address.ip().is_loopback() {
            reader.fault(
                &found.variable,
                "is not a loopback address, and no sign-in provider is set up.",
                "Listen on 127.0.0.1 or [::1]: whoever else reaches the server could not sign in anyway.",
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
    let Some(found) = reader.get(table::PUBLIC) else { return derived() };
    match Url::parse(&found.value) {
        Ok(mut url) if matches!(url.scheme(), "http" | "https") && url.host_str().is_some() => {
            if !url.username().is_empty() || url.password().is_some() {
                reader.fault(&found.variable, "contains a user name or password.", "Write the address without them.");
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

fn loopback_url(listen: SocketAddr) -> Url {
    Url::parse(&format!("http://{listen}")).expect("a socket address after http:// is an address")
}

fn database(reader: &mut Reader, data_dir: &std::path::Path) -> String {
    let default = format!("sqlite:{}", data_dir.join("confab.db").display());
    let Some(found) = reader.get(table::DATABASE) else { return default };
    if found.value.strip_prefix("sqlite:").is_some_and(|path| !path.is_empty()) {
        found.value
    } else {
        reader.fault(&found.variable, "is not an SQLite database.", "Write it like sqlite:/var/lib/confab/confab.db.");
        default
    }
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

const OPENAI_URL: &str = "https://api.openai.com/v1";

fn openai(reader: &mut Reader) -> Option<OpenAi> {
    let key = reader.get(table::OPENAI_KEY).map(|found| Secret::new(found.value));
    let base = reader.get(table::OPENAI_BASE);
    let model_list = reader.get(table::OPENAI_MODELS).map(|found| found.value).unwrap_or_default();
    if key.is_none() && base.is_none() {
        return None;
    }
    let variable = base.as_ref().map_or("OPENAI_PROXY_URL", |found| &found.variable).to_owned();
    let address = base.map_or_else(|| OPENAI_URL.to_owned(), |found| found.value);
    match Url::parse(&address) {
        Ok(url)
            if matches!(url.scheme(), "http" | "https") && url.host_str().is_some() && url.username().is_empty() =>
        {
            Some(OpenAi { key, base: url, model_list })
        }
        _ => {
            reader.fault(
                &variable,
                "is not an address.",
                "Write it like https://api.openai.com/v1, without a user name.",
            );
            None
        }
    }
}
