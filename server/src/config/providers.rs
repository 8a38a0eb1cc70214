//! The table of sign-in providers: what one needs to know of each, and nothing else. They all speak OpenID Connect.

/// Where a provider's issuer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issuer {
    /// The administrator names it.
    Named,
    /// There is one for the whole world.
    Fixed(&'static str),
    /// The administrator names it, or a tenant that goes between these two.
    Tenant(&'static str, &'static str),
}

/// One row.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// As in `AUTH_SSO_PROVIDERS` and in the redirect URI.
    pub id: &'static str,
    /// What its button says.
    pub label: &'static str,
    /// Where its issuer comes from.
    pub issuer: Issuer,
    /// What is asked for. Some refuse what they do not know, so each gets what it has.
    pub scopes: &'static str,
}

const fn known(id: &'static str, label: &'static str, scopes: &'static str) -> Known {
    Known { id, label, issuer: Issuer::Named, scopes }
}

const PLAIN: &str = "openid profile email";
const OFFLINE: &str = "openid profile email offline_access";

/// All that can be used.
pub const KNOWN: [Known; 11] = [
    // It leaves out what it does not know. The groups come with `profile`.
    known("authentik", "Authentik", "openid profile email offline_access entitlements"),
    known("generic-oidc", "Single sign-on", PLAIN),
    known("keycloak", "Keycloak", PLAIN),
    known("authelia", "Authelia", "openid profile email groups"),
    known("zitadel", "Zitadel", OFFLINE),
    known("auth0", "Auth0", OFFLINE),
    known("okta", "Okta", OFFLINE),
    Known { issuer: Issuer::Fixed("https://accounts.google.com"), ..known("google", "Google", PLAIN) },
    Known {
        issuer: Issuer::Tenant("https://login.microsoftonline.com/", "/v2.0"),
        ..known("microsoft-entra-id", "Microsoft", OFFLINE)
    },
    known("logto", "Logto", OFFLINE),
    known("casdoor", "Casdoor", PLAIN),
];

/// How a provider's variables begin: `authentik` → `AUTH_AUTHENTIK`.
pub fn prefix(id: &str) -> String {
    ["AUTH_", &upper(id)].concat()
}

fn upper(id: &str) -> String {
    id.to_uppercase().replace('-', "_")
}

impl Known {
    /// The variables of one kind, such as `ID`, `SECRET` or `ISSUER`: today's name and the older one.
    pub fn names(&self, kind: &str) -> Vec<String> {
        let older = match kind {
            "ID" | "SECRET" => Some(format!("{}_CLIENT_{kind}", upper(self.id))),
            "ISSUER" => Some(format!("{}_{kind}", upper(self.id))),
            _ => None,
        };
        [Some(format!("{}_{kind}", prefix(self.id))), older].into_iter().flatten().collect()
    }

    /// All settings that this provider may have: the variables of each, and whether it is a secret.
    pub fn settings(&self) -> Vec<(Vec<String>, bool)> {
        let kinds = ["ID", "SECRET", "ISSUER", "LABEL", "INTERNAL_URL", "SCOPES"];
        let tenant = matches!(self.issuer, Issuer::Tenant(..)).then_some("TENANT_ID");
        kinds.into_iter().chain(tenant).map(|kind| (self.names(kind), kind == "SECRET")).collect()
    }
}
