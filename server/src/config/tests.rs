use super::*;
use std::{collections::HashMap, io};

mod models;
mod sign_in;

#[derive(Default)]
struct Env {
    variables: HashMap<String, String>,
    files: HashMap<String, String>,
}

impl Env {
    fn of(pairs: &[(&str, &str)]) -> Self {
        Self { variables: pairs.iter().map(|&(k, v)| (k.into(), v.into())).collect(), ..Self::default() }
    }

    fn file(mut self, path: &str, text: &str) -> Self {
        self.files.insert(path.into(), text.into());
        self
    }
}

impl Source for Env {
    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }

    fn names(&self) -> Vec<String> {
        self.variables.keys().cloned().collect()
    }

    fn file(&self, path: &str) -> io::Result<String> {
        self.files.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

fn faults(pairs: &[(&str, &str)]) -> Vec<String> {
    Config::parse(&Env::of(pairs)).expect_err("faults").into_iter().map(|fault| fault.variable).collect()
}

const LONG: &str = "0123456789abcdef0123456789abcdef";

#[test]
fn without_any_variable_everything_has_a_default() {
    let config = Config::parse(&Env::default()).expect("defaults");
    assert_eq!(config.listen.to_string(), "127.0.0.1:3210");
    assert_eq!(config.public.origin(), "http://127.0.0.1:3210");
    assert_eq!(config.database_url, "sqlite:data/confab.db");
    assert_eq!(config.local_model, LocalModel::IfThere);
    assert!(config.models.providers.len() == 1 && config.secrets.is_empty());
}

#[test]
fn an_empty_value_counts_as_unset() {
    let names: Vec<(&str, &str)> = SETTINGS.iter().flat_map(|s| s.names).map(|name| (*name, "  ")).collect();
    assert!(Config::parse(&Env::of(&names)).is_ok());
}

#[test]
fn every_fault_is_told_at_once_and_never_a_value() {
    let wrong = [
        ("AUTH_SECRET", "hunter2"),
        ("CONFAB_LISTEN", "0.0.0.0:80"),
        ("PORT", "seventy"),
        ("APP_URL", "somewhere"),
        ("DATABASE_URL", "mysql://user:pw@host/db"),
        ("CONFAB_MAX_FILE_MB", "0.5"),
        ("CONFAB_FILES_QUOTA_MB", "-7"),
        ("CONFAB_LOG_FORMAT", "xml"),
        ("OPENAI_PROXY_URL", "nowhere"),
    ];
    let told = faults(&wrong);
    assert_eq!(told, wrong.map(|(variable, _)| variable));
    let text: String = Config::parse(&Env::of(&wrong)).expect_err("faults").iter().map(ToString::to_string).collect();
    for (_, value) in wrong {
        assert!(!text.contains(value), "{value} is shown in: {text}");
    }
}

#[test]
fn all_generations_of_names_are_read_and_the_first_one_counts() {
    for name in ["APP_URL", "AUTH_URL", "NEXTAUTH_URL"] {
        let config = Config::parse(&Env::of(&[(name, "https://chat.example.com/api/auth")])).expect(name);
        assert_eq!(config.public.origin(), "https://chat.example.com");
    }
    let both = Env::of(&[("NEXTAUTH_URL", "https://old.example.com"), ("APP_URL", "https://new.example.com:8443/")]);
    let public = Config::parse(&both).expect("both").public;
    assert_eq!(
        (public.origin().as_str(), public.host().as_str()),
        ("https://new.example.com:8443", "new.example.com:8443")
    );
}

#[test]
fn a_secret_may_stand_in_a_file_and_never_in_both_places() {
    let from_file = Env::of(&[("NEXT_AUTH_SECRET_FILE", "/run/s")]).file("/run/s", &format!("{LONG}\r\n"));
    assert_eq!(Config::parse(&from_file).expect("a file").secrets, [Secret::new(LONG)]);
    assert_eq!(faults(&[("NEXT_AUTH_SECRET_FILE", "/run/absent")]), ["NEXT_AUTH_SECRET_FILE"]);
    assert_eq!(faults(&[("AUTH_SECRET", LONG), ("AUTH_SECRET_FILE", "/run/s")]), ["AUTH_SECRET_FILE"]);
}

#[test]
fn a_list_of_secrets_is_a_rotation_and_debug_shows_none() {
    let config = Config::parse(&Env::of(&[("AUTH_SECRET", &format!("{LONG}, {LONG}x"))])).expect("two");
    assert_eq!(config.secrets.len(), 2);
    assert!(!format!("{config:?}").contains(LONG));
}

#[test]
fn port_overrides_the_port_only() {
    let config = Config::parse(&Env::of(&[("CONFAB_LISTEN", "[::1]:80"), ("PORT", "8080")])).expect("both");
    assert_eq!(config.listen.to_string(), "[::1]:8080");
}

#[test]
fn the_documentation_is_printed_from_the_table() {
    let page = include_str!("../../../docs/configuration.md");
    assert_eq!(page, as_markdown(), "run `cargo run -p server -- settings > docs/configuration.md`");
}
