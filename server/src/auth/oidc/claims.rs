//! What a provider says about a person, read leniently: every provider says it in another shape.

use serde_json::Value;

/// The longest text that is kept of a claim, in characters.
const LONGEST: usize = 200;
/// The longest address of a picture, in bytes.
const LONGEST_URL: usize = 2_000;
/// The most groups that are kept. More than this no administrator has meant.
const MOST_GROUPS: usize = 1_000;

/// A person, as far as the claims tell (OpenID Connect Core 1.0, section 5.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    /// The name to show.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// Whether the provider vouches for the address.
    pub email_verified: bool,
    /// The groups; none when the provider does not tell, which is not the same as no group.
    pub groups: Option<Vec<String>>,
    /// Where a picture is.
    pub picture: Option<String>,
}

impl Claims {
    /// Reads the claims of a token's payload or of the userinfo endpoint.
    pub fn read(json: &Value) -> Self {
        let text = |name: &str| json.get(name).and_then(Value::as_str).and_then(clean);
        let names = ["name", "preferred_username", "nickname", "given_name"];
        Self {
            name: names.into_iter().find_map(text),
            email: text("email").filter(|email| email.contains('@')),
            email_verified: match json.get("email_verified") {
                Some(Value::Bool(verified)) => *verified,
                Some(Value::String(text)) => text == "true",
                _ => false,
            },
            groups: json.get("groups").and_then(groups),
            picture: json
                .get("picture")
                .and_then(Value::as_str)
                .filter(|url| url.len() <= LONGEST_URL)
                .map(str::to_owned),
        }
    }

    /// These claims, and what they lack from others of the same person.
    pub fn or(self, other: Self) -> Self {
        // Whether an address is vouched for belongs to the address.
        let (email, email_verified) = match self.email {
            Some(email) => (Some(email), self.email_verified),
            None => (other.email, other.email_verified),
        };
        Self {
            name: self.name.or(other.name),
            email,
            email_verified,
            groups: self.groups.or(other.groups),
            picture: self.picture.or(other.picture),
        }
    }

    /// Whether there is something left to ask the userinfo endpoint for.
    pub fn are_incomplete(&self) -> bool {
        self.name.is_none() || self.email.is_none() || self.groups.is_none()
    }
}

/// A list of texts, or one text. Anything else names no group.
fn groups(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Null => None,
        Value::String(one) => Some(clean(one).into_iter().collect()),
        Value::Array(all) => Some(all.iter().filter_map(Value::as_str).filter_map(clean).take(MOST_GROUPS).collect()),
        _ => Some(Vec::new()),
    }
}

/// Cut to what is kept, without control characters and those that turn the direction of writing.
fn clean(text: &str) -> Option<String> {
    let unseen = |c: char| {
        c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let kept: String = text.trim().chars().filter(|c| !unseen(*c)).take(LONGEST).collect();
    (!kept.is_empty()).then_some(kept)
}

#[cfg(test)]
mod tests;
