//! The settings of models: providers, and the limits of an answer.

use super::{
    model_providers::{KNOWN, Known, Place, prefix},
    parse::networks,
    reader::{Found, Reader},
    settings as table,
};
use crate::{
    llm::{
        Limits,
        model_list::ModelList,
        settings::{Endpoint, Origin, ProviderSettings, is_key, parse_base},
    },
    secret::Secret,
};
use chat::Dialect;
use ipnet::IpNet;
use std::{path::PathBuf, time::Duration};
use url::Url;

/// Everything about models.
#[derive(Debug, Clone, Default)]
pub struct Models {
    /// The providers, in the order in which their models are offered.
    pub providers: Vec<ProviderSettings>,
    /// How long an answer may take and be.
    pub limits: Limits,
    /// Certificates of a private authority.
    pub ca_file: Option<PathBuf>,
    /// Networks that are not public and in which administrators may add providers.
    pub networks: Vec<IpNet>,
}

/// A provider that may be set up: a row of the table, or one of the administrator's own.
struct Candidate {
    id: String,
    prefixes: Vec<String>,
    name: Option<&'static str>,
    dialect: Dialect,
    place: Place,
}

/// Reads the settings, and which variables own providers may have.
pub(super) fn parse(reader: &mut Reader) -> (Models, Vec<Vec<String>>) {
    let own = own(reader);
    let prefixes = own.iter().map(|candidate| candidate.prefixes.clone()).collect();
    let known = KNOWN.iter().map(|known: &Known| Candidate {
        id: known.id.into(),
        prefixes: known.prefixes(),
        name: Some(known.name),
        dialect: known.dialect,
        place: known.place,
    });
    // What somebody has named comes before what everybody knows.
    let providers = own.into_iter().chain(known).filter_map(|candidate| provider(reader, candidate)).collect();
    let limits = limits(reader);
    let ca_file = reader.existing_file(table::MODEL_CA_FILE);
    let networks = networks(reader, table::MODEL_NETWORKS).unwrap_or_default();
    (Models { providers, limits, ca_file, networks }, prefixes)
}

/// The providers of `CONFAB_PROVIDERS`.
fn own(reader: &mut Reader) -> Vec<Candidate> {
    let Some((variable, ids)) = reader.list(table::MODEL_PROVIDERS) else { return Vec::new() };
    let mut candidates: Vec<Candidate> = Vec::new();
    for id in ids {
        let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let id = id.to_lowercase();
        let is_taken = id == "local" || candidates.iter().any(|other| other.id == id);
        if id.len() > 32 || !id.starts_with(|c: char| c.is_ascii_lowercase()) || !id.chars().all(is_word) {
            reader.fault(&variable, "has a name in it that can't be used.", "Use letters, digits and -, as in my-lab.");
        } else if is_taken || KNOWN.iter().any(|known| prefix(known.id) == prefix(&id)) {
            let fix =
                format!("Its variables begin with {}_ without it; leave it out, or take another name.", prefix(&id));
            reader.fault(&variable, format!("has {id} in it, which is known already."), fix);
        } else {
            let (prefixes, dialect) = (vec![prefix(&id)], Dialect::OpenAi);
            candidates.push(Candidate { id, prefixes, name: None, dialect, place: Place::Named });
        }
    }
    candidates
}

impl Candidate {
    fn names(&self, ending: &str) -> Vec<String> {
        self.prefixes.iter().map(|prefix| [prefix, ending].concat()).collect()
    }
}

/// What is set of a provider; none when it is not set up, or wrongly.
fn provider(reader: &mut Reader, candidate: Candidate) -> Option<ProviderSettings> {
    let enabled: Vec<String> = candidate.prefixes.iter().map(|prefix| ["ENABLED_", prefix].concat()).collect();
    if reader.first(&enabled, false).is_some_and(|found| found.value == "0") {
        return None;
    }
    let before = reader.faults.len();
    let key = reader.first(&candidate.names("_API_KEY"), true);
    let address = reader.first(&candidate.names("_PROXY_URL"), false);
    let list = reader.first(&candidate.names("_MODEL_LIST"), false);
    let is_set = key.is_some() || address.is_some();
    let (fixed, if_it_answers) = match candidate.place {
        Place::Known(base) if is_set => (Some(base), false),
        Place::IfItAnswers(base) => (Some(base), !is_set && list.is_none()),
        Place::Named if is_set || candidate.name.is_none() => (None, false),
        _ => return None,
    };
    let dialect = dialect(reader, &candidate);
    let endpoints = endpoints(reader, &candidate, key, address.as_ref(), fixed, dialect);
    let models = list.map(|list| models(reader, &list)).unwrap_or_default();
    let name = reader.first(&candidate.names("_NAME"), false).map(|found| found.value);
    let name = name.unwrap_or_else(|| default_name(&candidate, &endpoints));
    if reader.faults.len() > before {
        return None;
    }
    let origin = Origin::Environment(candidate.prefixes[0].clone());
    Some(ProviderSettings { id: candidate.id, name, dialect, endpoints, models, origin, if_it_answers })
}

/// Another address of OpenAI's is another provider that speaks the same language.
fn default_name(candidate: &Candidate, endpoints: &[Endpoint]) -> String {
    let host = endpoints.first().and_then(|endpoint| endpoint.base.host_str());
    match (candidate.name, host) {
        (Some("OpenAI"), Some(host)) if host != "api.openai.com" => host.to_owned(),
        (Some(name), _) => name.to_owned(),
        (None, _) => candidate.id.clone(),
    }
}

fn dialect(reader: &mut Reader, candidate: &Candidate) -> Dialect {
    let Some(found) = reader.first(&candidate.names("_DIALECT"), false) else { return candidate.dialect };
    Dialect::parse(&found.value.to_lowercase()).unwrap_or_else(|| {
        let words: Vec<&str> = Dialect::ALL.iter().map(|dialect| dialect.word()).collect();
        reader.fault(&found.variable, "is no dialect.", format!("Write one of {}.", words.join(", ")));
        candidate.dialect
    })
}

fn models(reader: &mut Reader, list: &Found) -> ModelList {
    ModelList::parse(&list.value).unwrap_or_else(|faults| {
        for fault in faults {
            reader.fault(&list.variable, "can't be read.", fault);
        }
        ModelList::default()
    })
}

/// Each address with the keys that belong to it: one key for all of them, or the first for the first and so on.
fn endpoints(
    reader: &mut Reader,
    candidate: &Candidate,
    key: Option<Found>,
    address: Option<&Found>,
    fixed: Option<&str>,
    dialect: Dialect,
) -> Vec<Endpoint> {
    let keys = key.map(|found| keys(reader, &found)).unwrap_or_default();
    let bases = match (address, fixed) {
        (Some(found), _) => bases(reader, found, dialect),
        (None, Some(base)) => parse_base(base, dialect).into_iter().collect(),
        (None, None) => {
            reader.fault(&candidate.names("_PROXY_URL")[0], "is missing.", "Write it like http://10.0.0.5:8000/v1.");
            Vec::new()
        }
    };
    match (bases.len(), keys.len()) {
        (_, 0 | 1) | (0 | 1, _) => bases.into_iter().map(|base| Endpoint { base, keys: keys.clone() }).collect(),
        (addresses, of_keys) if addresses == of_keys => {
            bases.into_iter().zip(keys).map(|(base, key)| Endpoint { base, keys: vec![key] }).collect()
        }
        (addresses, of_keys) => {
            let problem = format!("has {addresses} addresses, and there are {of_keys} keys.");
            reader.fault(
                &candidate.names("_PROXY_URL")[0],
                problem,
                "Write one key for all, or a key for each address.",
            );
            Vec::new()
        }
    }
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '，']).map(str::trim).filter(|part| !part.is_empty())
}

fn keys(reader: &mut Reader, found: &Found) -> Vec<Secret> {
    let keys: Vec<Secret> = parts(&found.value).map(Secret::new).collect();
    if !keys.iter().all(is_key) {
        reader.fault(&found.variable, "has a character in it that no key has, such as a line break.", "Copy it again.");
    }
    keys
}

fn bases(reader: &mut Reader, found: &Found, dialect: Dialect) -> Vec<Url> {
    let mut bases = Vec::new();
    for text in parts(&found.value) {
        match parse_base(text, dialect) {
            Ok(base) => bases.push(base),
            Err((problem, fix)) => reader.fault(&found.variable, problem, fix),
        }
    }
    bases
}

fn limits(reader: &mut Reader) -> Limits {
    let usual = Limits::default();
    let mut number = |setting: super::Setting, usual: u64| -> u64 {
        let Some(found) = reader.get(setting) else { return usual };
        found.value.replace('_', "").parse().ok().filter(|number| *number > 0).unwrap_or_else(|| {
            reader.fault(&found.variable, "is no number above 0.", "Write it in digits.");
            usual
        })
    };
    let idle = number(table::MODEL_IDLE, usual.idle.as_secs());
    let total = number(table::MODEL_TOTAL, usual.total.as_secs());
    let max_text = number(table::MODEL_BYTES, usual.max_text as u64);
    // Nobody waits for a year.
    let time = |seconds: u64| Duration::from_secs(seconds.min(365 * 24 * 60 * 60));
    let max_text = usize::try_from(max_text).unwrap_or(usize::MAX);
    Limits { idle: time(idle), total: time(total), max_text, ..usual }
}
