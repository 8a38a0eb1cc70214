use super::*;

fn person(email: Option<&str>, groups: &[&str]) -> Identity {
    Identity {
        issuer: "https://id.example".into(),
        subject: "7".into(),
        name: "Ann".into(),
        email: email.map(Into::into),
        email_verified: true,
        groups: groups.iter().map(ToString::to_string).collect(),
        picture: None,
    }
}

fn rules(emails: &[&str], groups: &[&str], admins: &[&str]) -> Access {
    let all = |words: &[&str]| words.iter().map(ToString::to_string).collect();
    Access {
        emails: emails.iter().map(|text| EmailRule::parse(text).expect("a rule")).collect(),
        groups: all(groups),
        admin_groups: all(admins),
    }
}

#[test]
fn without_rules_everybody_enters_and_nobody_administers() {
    assert_eq!(Access::default().role(&person(None, &[])), Ok(Role::Member));
    assert_eq!(Access::default().role(&person(Some("a@b.example"), &["admins"])), Ok(Role::Member));
}

#[test]
fn a35_addresses_and_domains_are_read_strictly() {
    let access = rules(&["corp.com", "guest@other.org"], &[], &[]);
    for (email, enters) in [
        ("ann@corp.com", true),
        ("ANN@CORP.COM", true),
        ("guest@other.org", true),
        ("ann@other.org", false),
        ("ann@evil@corp.com", false),
        ("ann@corp.com.evil", false),
        ("ann@sub.corp.com", false),
        ("ann@evilcorp.com", false),
        ("@corp.com", false),
        ("corp.com", false),
        ("", false),
    ] {
        assert_eq!(access.role(&person(Some(email), &[])).is_ok(), enters, "{email}");
    }
    assert_eq!(access.role(&person(None, &[])), Err(Denied), "no address is none that may enter");
    let unverified = Identity { email_verified: false, ..person(Some("ann@corp.com"), &[]) };
    assert_eq!(access.role(&unverified), Err(Denied), "anybody can claim an address");
    for nonsense in ["", "@", "a@b@c.example", "ann@", "no domain", "localhost", "@@corp.com"] {
        assert_eq!(EmailRule::parse(nonsense), None, "{nonsense}");
    }
}

#[test]
fn a35_groups_are_compared_whole_and_absent_ones_admit_nobody() {
    let access = rules(&[], &["chat"], &["chat-admins"]);
    for (groups, expected) in [
        (&["chat"][..], Ok(Role::Member)),
        (&["other", "chat-admins"], Ok(Role::Admin)),
        (&["chat", "chat-admins"], Ok(Role::Admin)),
        (&["Chat"], Err(Denied)),
        (&["chatter"], Err(Denied)),
        (&[], Err(Denied)),
    ] {
        assert_eq!(access.role(&person(Some("a@b.example"), groups)), expected, "{groups:?}");
    }
}
