//! Entries of the audit log in words.

use super::{AuditEntry, AuditKind};

impl AuditEntry {
    /// What happened, as the rest of a sentence that begins with who it was.
    pub fn sentence(&self) -> String {
        use AuditKind::*;
        let subject = self.subject.as_str();
        let detail = |name: &str| self.details.get(name).map(String::as_str).filter(|text| !text.is_empty());
        let on = |words: &str| [words, " ", subject].concat();
        let Some(kind) = AuditKind::parse(&self.kind) else { return on(&self.kind) };
        match kind {
            SignedIn => match detail("through") {
                Some(provider) => ["Signed in through ", provider].concat(),
                None => "Signed in by a login link".into(),
            },
            SignInRefused => ["Turned away: ", detail("why").unwrap_or("no reason was written down")].concat(),
            SignedOut => "Signed out".into(),
            SessionsRevoked => match (subject, detail("why")) {
                ("", Some(why)) => ["Sessions ended: ", why].concat(),
                _ => on("Ended"),
            },
            LoginLinkMade => on("Made a login link for"),
            UserDisabled => on("Disabled"),
            UserEnabled => on("Enabled"),
            UserDeleted => on("Deleted the account of"),
            RoleChanged => ["Role changed to ", detail("to").unwrap_or("another one")].concat(),
            ProviderAdded => on("Added the provider"),
            ProviderChanged => on("Changed the provider"),
            ProviderRemoved => on("Removed the provider"),
            AccessChanged => [&on("Changed access to"), ": ", detail("groups").unwrap_or("everyone")].concat(),
            LimitsChanged => {
                let all = self.details.iter().map(|(name, value)| [name.as_str(), " ", value].concat());
                ["Changed the limits: ", &all.collect::<Vec<_>>().join(", ")].concat()
            }
            Exported => {
                ["Exported their data", &detail("as").map(|form| [" as ", form].concat()).unwrap_or_default()].concat()
            }
            Shared => "Shared a conversation by a link".into(),
            ShareEnded => "Ended the link of a shared conversation".into(),
            Erased => match detail("conversations") {
                Some("1") => "Deleted their only conversation".into(),
                Some(count) => ["Deleted all their ", count, " conversations"].concat(),
                None => "Deleted all their conversations".into(),
            },
            Imported => match detail("conversations") {
                Some("1") => "Imported one conversation".into(),
                Some(count) => ["Imported ", count, " conversations"].concat(),
                None => "Imported conversations".into(),
            },
        }
    }

    /// Whether somebody was kept out.
    pub fn is_refusal(&self) -> bool {
        self.kind == AuditKind::SignInRefused.word()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

    fn entry(kind: &str, subject: &str, details: &[(&str, &str)]) -> AuditEntry {
        AuditEntry {
            number: 1,
            at: Timestamp(0),
            user: None,
            name: "Ada".into(),
            kind: kind.into(),
            subject: subject.into(),
            address: None,
            details: details.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect(),
        }
    }

    #[test]
    fn every_kind_has_a_word_of_its_own_and_a_sentence() {
        let mut words: Vec<_> = AuditKind::ALL.iter().map(|kind| kind.word()).collect();
        for kind in AuditKind::ALL {
            assert_eq!(AuditKind::parse(kind.word()), Some(*kind));
            assert!(!entry(kind.word(), "Bob", &[]).sentence().is_empty());
        }
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), AuditKind::ALL.len());
    }

    #[test]
    fn entries_are_told_in_words() {
        for (kind, subject, details, expected) in [
            ("signed_in", "", &[("through", "Authentik")][..], "Signed in through Authentik"),
            ("signed_in", "", &[], "Signed in by a login link"),
            ("sign_in_refused", "", &[("why", "no matching rule")], "Turned away: no matching rule"),
            ("sessions_revoked", "Chrome on Windows", &[], "Ended Chrome on Windows"),
            (
                "access_changed",
                "openai/gpt",
                &[("groups", "family, staff")],
                "Changed access to openai/gpt: family, staff",
            ),
            ("access_changed", "openai/gpt", &[], "Changed access to openai/gpt: everyone"),
            ("imported", "", &[("conversations", "1")], "Imported one conversation"),
            ("erased", "", &[("conversations", "3")], "Deleted all their 3 conversations"),
            ("exported", "", &[("as", "JSON")], "Exported their data as JSON"),
            ("from_the_future", "x", &[], "from_the_future x"),
        ] {
            assert_eq!(entry(kind, subject, details).sentence(), expected);
        }
    }
}
