//! Looking at a provider for `confab check`: everything about a sign-in that can be tried without a person.

use super::{
    Oidc, Provider,
    discovery::Metadata,
    fault::{Diagnosis, Fault},
    fetch::Answer,
    token::LEEWAY_SECONDS,
};
use crate::config::prefix;
use openidconnect::core::CoreJwsSigningAlgorithm as Alg;
use serde_json::Value;

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grade {
    /// As it should.
    Good,
    /// It works, and there is something to know.
    Note,
    /// It has to be changed.
    Bad,
}

/// Something that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How it stands.
    pub grade: Grade,
    /// What was seen.
    pub text: String,
    /// What to change.
    pub fix: Option<String>,
}

impl Finding {
    /// Something that is as it should be.
    pub fn good(text: impl Into<String>) -> Self {
        Self { grade: Grade::Good, text: text.into(), fix: None }
    }

    /// Something to know.
    pub fn note(text: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { grade: Grade::Note, text: text.into(), fix: Some(fix.into()) }
    }

    /// Something to change.
    pub fn bad(text: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { grade: Grade::Bad, text: text.into(), fix: Some(fix.into()) }
    }
}

impl Oidc {
    /// Looks at a provider: whether it answers, what it signs with, whether it knows this server, and what the rules of
    /// this server need of it.
    pub async fn examine(&self, provider: &Provider) -> Vec<Finding> {
        let metadata = match provider.discovery.metadata().await {
            Ok(metadata) => metadata,
            Err(error) => return vec![self.wrong(provider, &Fault::Discovery(error))],
        };
        let mut findings = vec![Finding::good(format!("answers as {}", metadata.issuer))];
        findings.push(self.signing(provider, &metadata).await);
        if metadata.encrypts {
            let text = "encrypts its tokens, which Confab does not read".to_owned();
            let fix = format!("In {}, edit the provider and leave the Encryption Key empty.", provider.settings.label);
            findings.push(Finding::bad(text, fix));
        }
        findings.extend(self.client(provider, &metadata).await);
        findings.extend(self.rules(provider, &metadata));
        findings
    }

    /// The words of the page that tells of this fault.
    fn wrong(&self, provider: &Provider, fault: &Fault) -> Finding {
        let settings = &provider.settings;
        let Diagnosis { title, text, fix, facts } =
            fault.diagnose(&settings.label, &prefix(&settings.id), &self.callback(provider));
        let facts: String = facts.iter().map(|(name, value)| format!(" {name}: {value}.")).collect();
        Finding { grade: Grade::Bad, text: format!("{title}. {text}{facts}"), fix }
    }

    async fn signing(&self, provider: &Provider, metadata: &Metadata) -> Finding {
        let names: Vec<String> = metadata.algorithms.iter().map(algorithm_name).collect();
        if let Err(error) = provider.discovery.keys(None).await {
            return self.wrong(provider, &Fault::Discovery(error));
        }
        if names.is_empty() {
            return Finding::bad("signs its tokens in no way that Confab knows", "Set a signing key: RSA or EC.");
        }
        let text = format!("signs its tokens with {}", names.join(", "));
        if metadata.algorithms.iter().all(|algorithm| matches!(algorithm, Alg::HmacSha256 | Alg::HmacSha512)) {
            let fix =
                format!("That is the client secret. A Signing Key in {} would be better.", provider.settings.label);
            return Finding::note(text, fix);
        }
        Finding::good(text)
    }

    /// Tries to redeem a code that nobody gave out: a provider that knows the client says that the code is wrong, any
    /// other says that the client is.
    async fn client(&self, provider: &Provider, metadata: &Metadata) -> Vec<Finding> {
        let answer = match self.try_code(provider, metadata).await {
            Ok(answer) => answer,
            Err(error) => return vec![self.wrong(provider, &Fault::Fetch(error))],
        };
        let error = answer.body.get("error").and_then(Value::as_str).unwrap_or_default().to_owned();
        let known = if error == "invalid_grant" {
            Finding::good("knows the client id, its secret and the redirect URI")
        } else {
            self.wrong(provider, &Fault::token_endpoint(answer.status, &error))
        };
        [Some(known), self.clock_apart(&answer)].into_iter().flatten().collect()
    }

    fn clock_apart(&self, answer: &Answer) -> Option<Finding> {
        let apart = answer.date? - self.0.clock.now().0 / 1000;
        (apart.abs() > LEEWAY_SECONDS).then(|| {
            let way = if apart > 0 { "ahead of" } else { "behind" };
            let text = format!("its clock is {} s {way} this server's", apart.abs());
            Finding::bad(text, "Set both clocks by NTP: tokens are valid for a time.")
        })
    }

    /// What the rules about who may enter need.
    fn rules(&self, provider: &Provider, metadata: &Metadata) -> Vec<Finding> {
        let (access, label) = (&self.0.access, &provider.settings.label);
        let mut findings = Vec::new();
        let lacks = |list: &Option<Vec<String>>, name: &str| {
            list.as_ref().is_some_and(|list| !list.iter().any(|known| known == name))
        };
        let by_groups = !access.groups.is_empty() || !access.admin_groups.is_empty();
        if by_groups && lacks(&metadata.claims, "groups") {
            let fix = format!("In {label}, select the scope mapping that brings groups; in Authentik that is profile.");
            findings.push(Finding::bad("does not tell groups, and there are rules about groups here", fix));
        }
        if !access.emails.is_empty() && provider.settings.id == "authentik" {
            let fix = "Use AUTH_ALLOWED_GROUPS, or a scope mapping that sets email_verified.";
            findings.push(Finding::note("calls no e-mail address verified (since 2025.10), and only those count", fix));
        }
        let asked = provider.settings.scopes.split(' ').any(|scope| scope == "offline_access");
        if asked && lacks(&metadata.scopes, "offline_access") {
            let fix = format!("In {label}, select the scope mapping offline_access.");
            findings.push(Finding::note("gives no refresh tokens, so groups are read at sign-in only", fix));
        }
        findings
    }
}

fn algorithm_name(algorithm: &Alg) -> String {
    serde_json::to_value(algorithm).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}
