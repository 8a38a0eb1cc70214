//! Who may enter, and who administers: from what a provider says about a person.

use crate::user::{Identity, Role};
use std::fmt;

/// Whose e-mail addresses may enter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EmailRule {
    /// One address, in lower case.
    Address(String),
    /// Every address of a domain, in lower case; not of its subdomains.
    Domain(String),
}

/// The rules of this server. Without a rule everybody enters whom the provider lets through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Access {
    /// Addresses that may enter, where the provider vouches for them.
    pub emails: Vec<EmailRule>,
    /// Groups that may enter.
    pub groups: Vec<String>,
    /// Groups that administer.
    pub admin_groups: Vec<String>,
}

/// This person may not enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this account may not enter")]
pub struct Denied;

impl Role {
    /// May change what concerns everybody, such as the providers of models.
    pub fn administers(self) -> bool {
        self == Self::Admin
    }
}

impl EmailRule {
    /// Reads `ann@example.org`, `example.org` or `@example.org`; none for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let sound = |part: &str| !part.is_empty() && !part.contains(|c: char| c == '@' || c.is_whitespace());
        match text.strip_prefix('@').unwrap_or(&text).split_once('@') {
            Some((name, domain)) if !text.starts_with('@') && sound(name) && is_domain(domain) => {
                Some(Self::Address(text))
            }
            None => {
                let domain = text.trim_start_matches('@');
                is_domain(domain).then(|| Self::Domain(domain.to_owned()))
            }
            Some(_) => None,
        }
    }

    /// Whether an address is meant. One with two `@` is nobody's.
    fn admits(&self, email: &str) -> bool {
        let email = email.to_lowercase();
        let Some((name, domain)) = email.split_once('@') else { return false };
        if name.is_empty() || domain.contains('@') {
            return false;
        }
        match self {
            Self::Address(address) => *address == email,
            Self::Domain(wanted) => wanted == domain,
        }
    }
}

fn is_domain(text: &str) -> bool {
    text.contains('.') && !text.starts_with('.') && text.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-')
}

impl fmt::Display for EmailRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(text) | Self::Domain(text) => f.write_str(text),
        }
    }
}

impl Access {
    /// What somebody may do here. Whoever administers may enter; otherwise one of the rules has to admit them, and
    /// without any rule all may enter.
    ///
    /// # Errors
    /// No rule admits them.
    pub fn role(&self, identity: &Identity) -> Result<Role, Denied> {
        let in_any = |groups: &[String]| identity.groups.iter().any(|group| groups.contains(group));
        if in_any(&self.admin_groups) {
            return Ok(Role::Admin);
        }
        let open = self.emails.is_empty() && self.groups.is_empty();
        let verified = identity.email.as_deref().filter(|_| identity.email_verified);
        let by_email = || verified.is_some_and(|email| self.emails.iter().any(|rule| rule.admits(email)));
        if open || in_any(&self.groups) || by_email() { Ok(Role::Member) } else { Err(Denied) }
    }
}

#[cfg(test)]
mod tests;
