//! Writing down what happens when people sign in and out.

use super::oidc::fault::Fault;
use chat::{
    Timestamp,
    audit::{AuditKind, By, NewAuditEntry},
    ports::Audit,
};
use std::net::IpAddr;

/// Writes something down that has happened already. What can't be written is logged: nothing is undone for it.
pub async fn record(audit: &dyn Audit, entry: NewAuditEntry) {
    if let Err(error) = audit.record(&entry).await {
        let kind = entry.kind.word();
        tracing::error!(kind, error = &error as &dyn std::error::Error, "the audit log could not be written");
    }
}

/// What is written down of a sign-in that came to nothing: only where a provider vouches for the person, so that nobody
/// fills the log from outside.
pub fn refusal(fault: &Fault, provider: &str, address: Option<IpAddr>, at: Timestamp) -> Option<NewAuditEntry> {
    let (identity, why) = match fault {
        Fault::Denied { identity, .. } => (identity, "no matching rule"),
        Fault::Disabled(identity) => (identity, "the account is disabled"),
        _ => return None,
    };
    let name = identity.email.clone().unwrap_or_else(|| identity.name.clone());
    let by = By { user: None, name, address, at };
    Some(NewAuditEntry::new(by, AuditKind::SignInRefused, "").with("why", why).with("through", provider))
}
