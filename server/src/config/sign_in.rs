//! The settings of signing in: providers, and who may enter.

use super::{
    Setting,
    providers::{Issuer, KNOWN, Known},
    reader::{Found, Reader},
    settings as table,
};
use crate::secret::Secret;
use chat::access::{Access, EmailRule};
use std::path::PathBuf;
use url::{Host, Url};

/// Everything about signing in through providers.
#[derive(Debug, Clone, Default)]
pub struct SignIn {
    /// The providers, in the order of their buttons.
    pub providers: Vec<Provider>,
    /// Who may enter, and who administers.
    pub access: Access,
    /// With exactly one provider the sign-in page goes straight on to it.
    pub auto_redirect: bool,
    /// Certificates of a private authority.
    pub ca_file: Option<PathBuf>,
}

/// An OpenID Connect provider.
#[derive(Debug, Clone)]
pub struct Provider {
    /// Its id, as in its redirect URI.
    pub id: String,
    /// The name on its button.
    pub label: String,
    /// Who this server is there.
    pub client_id: String,
    /// What proves it.
    pub client_secret: Secret,
    /// Its issuer, as it was configured: with or without a slash, or the address of the whole configuration.
    pub issuer: String,
    /// Where this server reaches it, when that is another address than the browsers'.
    pub internal_url: Option<Url>,
    /// What is asked for (OpenID Connect Core 1.0, section 3.1.2.1).
    pub scopes: String,
}

pub(super) fn parse(reader: &mut Reader, has_secret: bool) -> SignIn {
    let insecure = reader.is_on(table::ALLOW_HTTP);
    let chosen = chosen(reader);
    let providers: Vec<Provider> = chosen.into_iter().filter_map(|known| provider(reader, known, insecure)).collect();
    if !providers.is_empty() && !has_secret {
        let names = table::SECRET.names;
        let told = reader.faults.iter().any(|fault| names.iter().any(|name| fault.variable.starts_with(name)));
        if !told {
            let problem = format!("is missing ({} counts too).", names[1]);
            reader.fault(names[0], problem, "Make one with `openssl rand -base64 32`.");
        }
    }
    SignIn {
        providers,
        access: access(reader),
        auto_redirect: reader.is_on(table::AUTO_REDIRECT),
        ca_file: reader.existing_file(table::CA_FILE),
    }
}

/// The providers that are listed; without a list, those that have a variable set.
fn chosen(reader: &mut Reader) -> Vec<Known> {
    let Some((variable, ids)) = reader.list(table::PROVIDERS) else {
        let is_set = |reader: &mut Reader, known: &Known| {
            ["ID", "SECRET", "ISSUER"].iter().any(|kind| reader.is_set(&known.names(kind)))
        };
        return KNOWN.into_iter().filter(|known| is_set(reader, known)).collect();
    };
    let mut chosen: Vec<Known> = Vec::new();
    for id in ids.iter().map(|id| id.to_lowercase()) {
        match KNOWN.iter().find(|known| known.id == id) {
            Some(known) if chosen.iter().any(|other| other.id == known.id) => {}
            Some(known) => chosen.push(*known),
            None => {
                let names: Vec<&str> = KNOWN.iter().map(|known| known.id).collect();
                let shown: String = id.chars().filter(|c| !c.is_control()).take(40).collect();
                let fix = format!(
                    "Known are {}; anything else that speaks OpenID Connect is generic-oidc.",
                    names.join(", ")
                );
                reader.fault(&variable, format!("names the unknown provider “{shown}”."), fix);
            }
        }
    }
    chosen
}

/// One provider; none when something that it needs is missing or wrong, which has been told then.
fn provider(reader: &mut Reader, known: Known, insecure: bool) -> Option<Provider> {
    let client_id = required(reader, known, "ID", false);
    let client_secret = required(reader, known, "SECRET", true);
    let issuer = issuer(reader, known).and_then(|found| checked_issuer(reader, known, &found, insecure));
    let optional = |reader: &mut Reader, kind| reader.first(&known.names(kind), false);
    let label = optional(reader, "LABEL").map_or_else(|| known.label.to_owned(), |found| found.value);
    let scopes = optional(reader, "SCOPES").map_or_else(|| known.scopes.to_owned(), |found| scopes(&found.value));
    let internal_url = optional(reader, "INTERNAL_URL").and_then(|found| internal(reader, &found));
    Some(Provider {
        id: known.id.into(),
        label: label.chars().filter(|c| !c.is_control()).take(60).collect(),
        client_id: client_id?.value,
        client_secret: Secret::new(client_secret?.value),
        issuer: issuer?,
        internal_url,
        scopes,
    })
}

fn required(reader: &mut Reader, known: Known, kind: &str, secret: bool) -> Option<Found> {
    let names = known.names(kind);
    let before = reader.faults.len();
    let found = reader.first(&names, secret);
    if found.is_none() && reader.faults.len() == before {
        let what = match kind {
            "ID" => "client id",
            "SECRET" => "client secret",
            _ => "issuer",
        };
        reader.fault(&names[0], "is missing.", format!("Copy the {what} from {}.", known.label));
    }
    found
}

fn issuer(reader: &mut Reader, known: Known) -> Option<Found> {
    let names = known.names("ISSUER");
    let variable = names[0].clone();
    let derived = match known.issuer {
        Issuer::Named => None,
        Issuer::Fixed(issuer) => Some(issuer.to_owned()),
        Issuer::Tenant(before, after) => {
            let tenant = reader.first(&known.names("TENANT_ID"), false);
            tenant.map(|tenant| [before, &tenant.value, after].concat())
        }
    };
    match derived {
        Some(value) => reader.first(&names, false).or(Some(Found { variable, value })),
        None => required(reader, known, "ISSUER", false),
    }
}

fn checked_issuer(reader: &mut Reader, known: Known, found: &Found, insecure: bool) -> Option<String> {
    let variable = &found.variable;
    let example = match known.id {
        "authentik" => "https://auth.example.com/application/o/SLUG/",
        _ => "https://auth.example.com/",
    };
    let Ok(url) = Url::parse(&found.value) else {
        reader.fault(variable, "is not an address.", format!("Write it like {example}."));
        return None;
    };
    let odd = !matches!(url.scheme(), "http" | "https")
        || !url.username().is_empty()
        || url.password().is_some()
        || url.query().is_some()
        || url.fragment().is_some();
    if odd {
        let problem = "is not an https address without user name, query and fragment.";
        reader.fault(variable, problem, format!("Write it like {example}."));
        return None;
    }
    if url.scheme() == "http" && !insecure && !is_loopback(&url) {
        let internal = &known.names("INTERNAL_URL")[0];
        let fix = format!(
            "Write the https address that browsers use; if this server reaches the provider by another name, put that into {internal}. In a test network set AUTH_ALLOW_HTTP=1."
        );
        reader.fault(variable, "is not an https address.", fix);
        return None;
    }
    Some(found.value.clone())
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

fn internal(reader: &mut Reader, found: &Found) -> Option<Url> {
    let url = Url::parse(&found.value).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if url.is_none() {
        reader.fault(&found.variable, "is not an address.", "Write it like http://authentik-server:9000.");
    }
    url
}

/// Without `openid` there would be no ID token (OpenID Connect Core 1.0, section 3.1.2.1).
fn scopes(text: &str) -> String {
    let mut scopes: Vec<&str> = text.split([' ', ',']).filter(|scope| !scope.is_empty()).collect();
    if !scopes.contains(&"openid") {
        scopes.insert(0, "openid");
    }
    scopes.join(" ")
}

fn access(reader: &mut Reader) -> Access {
    let groups = |reader: &mut Reader, setting: Setting| reader.list(setting).map(|(_, all)| all).unwrap_or_default();
    let mut emails = Vec::new();
    if let Some((variable, entries)) = reader.list(table::ALLOWED_EMAILS) {
        for (place, entry) in entries.iter().enumerate() {
            match EmailRule::parse(entry) {
                Some(rule) => emails.push(rule),
                None => {
                    let problem =
                        format!("has an entry (number {}) that is neither an address nor a domain.", place + 1);
                    reader.fault(&variable, problem, "Write it like ann@example.org, example.org.");
                }
            }
        }
    }
    Access { emails, groups: groups(reader, table::ALLOWED_GROUPS), admin_groups: groups(reader, table::ADMIN_GROUPS) }
}
