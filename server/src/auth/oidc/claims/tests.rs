use super::*;
use serde_json::json;

#[test]
fn authentiks_claims_are_read() {
    let claims = Claims::read(&json!({
        "name": "Alice Example", "preferred_username": "alice", "email": "alice@example.org",
        "email_verified": false, "groups": ["chat", "authentik Admins"],
    }));
    assert_eq!(claims.name.as_deref(), Some("Alice Example"));
    assert_eq!(claims.email.as_deref(), Some("alice@example.org"));
    assert!(!claims.email_verified);
    assert_eq!(claims.groups.expect("groups"), ["chat", "authentik Admins"]);
}

#[test]
fn a37_hostile_claims_are_bounded_and_harmless() {
    let long = "x".repeat(1_000_000);
    let claims = Claims::read(&json!({ "name": long, "email": "", "groups": {"a": 1} }));
    assert_eq!(claims.name.expect("a name").len(), LONGEST);
    assert_eq!((claims.email, claims.groups), (None, Some(vec![])));
    let turned = Claims::read(&json!({ "name": " \u{202e}nnA\n\0 ", "email": "no address" }));
    assert_eq!((turned.name.as_deref(), turned.email), (Some("nnA"), None));
    let odd =
        Claims::read(&json!({ "name": null, "nickname": 7, "preferred_username": "ann", "email_verified": "true" }));
    assert_eq!((odd.name.as_deref(), odd.email_verified), (Some("ann"), true));
    assert_eq!(Claims::read(&json!([1, 2])), Claims::default());
}

#[test]
fn a35_groups_come_in_every_shape() {
    let read = |groups: Value| Claims::read(&json!({ "groups": groups })).groups;
    assert_eq!(read(json!("chat")), Some(vec!["chat".into()]));
    assert_eq!(read(json!(["a", 1, null, ["b"], {"c": 1}, "d"])), Some(vec!["a".into(), "d".into()]));
    assert_eq!(read(json!(null)), None);
    assert_eq!(Claims::read(&json!({})).groups, None);
    let many: Vec<String> = (0..10_000).map(|n| format!("g{n}")).collect();
    assert_eq!(read(json!(many)).expect("groups").len(), MOST_GROUPS);
}

#[test]
fn an_address_is_only_vouched_for_by_who_told_it() {
    let token = Claims { email: Some("a@b.example".into()), ..Claims::default() };
    let userinfo = Claims {
        email: Some("c@d.example".into()),
        email_verified: true,
        name: Some("Ann".into()),
        ..Claims::default()
    };
    let both = token.or(userinfo);
    assert_eq!((both.email.as_deref(), both.email_verified), (Some("a@b.example"), false));
    assert_eq!(both.name.as_deref(), Some("Ann"));
}
