//! Sessions with another end at a sign-in provider, pictures, and users who are disabled.

use super::{Ports, at, hash};
use chat::{
    Role, Timestamp, UserId,
    ports::{NewSession, Picture, ProviderLogout, ProviderSession, TokenHash},
    user::Identity,
};

const ISSUER: &str = "https://id.example/";
const NEVER_IDLE: Timestamp = Timestamp(0);

fn person(subject: &str) -> Identity {
    Identity { issuer: ISSUER.into(), subject: subject.into(), ..Identity::local(subject) }
}

async fn user(ports: &Ports, subject: &str) -> UserId {
    let signed_in = ports.users.sign_in(&person(subject), Role::Member, UserId(ports.id()), at(0)).await;
    signed_in.expect("a user").id
}

fn ending(sid: Option<&str>, can_be_asked: bool) -> ProviderSession {
    let sid = sid.map(Into::into);
    ProviderSession { provider: "authentik".into(), sid, tokens: b"sealed".to_vec(), can_be_asked }
}

async fn begin(ports: &Ports, hash: TokenHash, user: UserId, provider: Option<ProviderSession>) {
    let user_agent = "Firefox".into();
    let session =
        NewSession { hash, user, user_agent, address: None, created_at: at(0), expires_at: at(10_000), provider };
    assert!(ports.sessions.create(&session).await.expect("created"));
}

/// With a token that no other has.
fn logout(ports: &Ports, sid: Option<&str>, subject: Option<&str>) -> ProviderLogout {
    let mut token = [0; 32];
    token[..16].copy_from_slice(ports.id().as_bytes());
    ProviderLogout {
        token: TokenHash(token),
        expires_at: at(60),
        provider: "authentik".into(),
        issuer: ISSUER.into(),
        sid: sid.map(Into::into),
        subject: subject.map(Into::into),
    }
}

async fn is_alive(ports: &Ports, hash: TokenHash) -> bool {
    ports.sessions.find(hash, at(1), NEVER_IDLE).await.expect("read").is_some()
}

pub async fn a_session_keeps_its_providers_end(ports: &Ports) {
    let ann = user(ports, "ann").await;
    begin(ports, hash(1), ann, Some(ending(Some("s1"), true))).await;
    begin(ports, hash(2), ann, None).await;
    let of = |hash| ports.sessions.provider_session(hash);
    assert_eq!(of(hash(1)).await.expect("read"), Some(ending(Some("s1"), true)));
    assert_eq!(of(hash(2)).await.expect("read"), None);
    assert_eq!(of(hash(9)).await.expect("read"), None);
}

pub async fn a_provider_ends_the_session_of_a_sid_or_all_of_a_subject(ports: &Ports) {
    let (ann, bob) = (user(ports, "ann").await, user(ports, "bob").await);
    begin(ports, hash(1), ann, Some(ending(Some("s1"), false))).await;
    begin(ports, hash(2), ann, Some(ending(Some("s2"), false))).await;
    begin(ports, hash(3), bob, Some(ending(Some("s3"), false))).await;
    begin(ports, hash(4), ann, None).await;
    let end = async |provider: &str, issuer: &str, (sid, subject): (Option<&str>, Option<&str>)| {
        let logout = ProviderLogout { provider: provider.into(), issuer: issuer.into(), ..logout(ports, sid, subject) };
        ports.sessions.log_out(&logout, at(1)).await.expect("answered").expect("a fresh token")
    };
    let sid = |sid| (Some(sid), None);
    assert_eq!(end("keycloak", ISSUER, sid("s1")).await, [], "another provider's");
    assert_eq!(end("authentik", "https://other.example/", sid("s1")).await, [], "another issuer's");
    assert_eq!(end("authentik", ISSUER, sid("s1")).await, [hash(1)]);
    assert_eq!(end("authentik", ISSUER, sid("s1")).await, [], "it has ended already");
    assert!(!is_alive(ports, hash(1)).await && is_alive(ports, hash(2)).await);
    assert_eq!(end("authentik", ISSUER, (None, Some("ann"))).await, [hash(2)]);
    assert!(is_alive(ports, hash(3)).await, "somebody else's");
    assert!(is_alive(ports, hash(4)).await, "one that no provider began");
}

pub async fn a_session_that_knows_no_sid_ends_with_its_subject(ports: &Ports) {
    let (ann, bob) = (user(ports, "ann").await, user(ports, "bob").await);
    begin(ports, hash(1), ann, Some(ending(None, false))).await;
    begin(ports, hash(2), ann, Some(ending(Some("s2"), false))).await;
    begin(ports, hash(3), bob, Some(ending(None, false))).await;
    let end = async |sid, subject| {
        ports.sessions.log_out(&logout(ports, sid, subject), at(1)).await.expect("answered").expect("a fresh token")
    };
    assert_eq!(end(Some("s1"), None).await, [], "nobody is named");
    assert_eq!(end(Some("s1"), Some("ann")).await, [hash(1)]);
    assert!(is_alive(ports, hash(2)).await, "known to be another one");
    assert!(is_alive(ports, hash(3)).await, "somebody else's");
}

pub async fn a_logout_token_is_used_once(ports: &Ports) {
    let use_up = async |n, now, expires_at| {
        let logout = ProviderLogout { token: hash(n), expires_at, ..logout(ports, Some("s"), None) };
        ports.sessions.log_out(&logout, now).await.expect("answered").is_some()
    };
    assert!(use_up(1, at(0), at(60)).await);
    assert!(!use_up(1, at(59), at(60)).await);
    assert!(use_up(2, at(59), at(90)).await, "others may be used");
    assert!(use_up(3, at(61), at(90)).await, "and the first one is forgotten with that");
    assert!(use_up(1, at(61), at(62)).await);
    assert!(!use_up(2, at(61), at(90)).await);
}

pub async fn sessions_in_use_are_asked_about_now_and_then(ports: &Ports) {
    let ann = user(ports, "ann").await;
    begin(ports, hash(1), ann, Some(ending(None, true))).await;
    begin(ports, hash(2), ann, Some(ending(None, false))).await;
    begin(ports, hash(3), ann, None).await;
    let to_ask = async |now: i64| {
        let found = ports.sessions.to_ask(at(now), NEVER_IDLE, at(now - 300), 10).await.expect("read");
        found.into_iter().map(|session| session.hash).collect::<Vec<_>>()
    };
    assert_eq!(to_ask(300).await, [], "nobody has used it since");
    ports.sessions.touch(hash(1), at(100), None).await.expect("touched");
    assert_eq!(to_ask(299).await, []);
    assert_eq!(to_ask(300).await, [hash(1)]);
    let found = ports.sessions.to_ask(at(300), NEVER_IDLE, at(0), 10).await.expect("read").remove(0);
    assert_eq!((found.user, found.issuer.as_str(), found.subject.as_str()), (ann, ISSUER, "ann"));
    assert_eq!(found.provider, ending(None, true));

    ports.sessions.asked(hash(1), b"newer", at(300)).await.expect("noted");
    let kept = ports.sessions.provider_session(hash(1)).await.expect("read").expect("a provider");
    assert_eq!(kept.tokens, b"newer");
    assert_eq!(to_ask(900).await, [], "nobody has used it since");
    ports.sessions.touch(hash(1), at(900), None).await.expect("touched");
    assert_eq!(to_ask(900).await, [hash(1)]);
    ports.sessions.revoke(hash(1), at(901)).await.expect("revoked");
    assert_eq!(to_ask(2_000).await, []);
}

pub async fn a_users_sessions_are_listed_the_last_used_first(ports: &Ports) {
    let (ann, bob) = (user(ports, "ann").await, user(ports, "bob").await);
    for n in 1..=3 {
        begin(ports, hash(n), ann, None).await;
    }
    begin(ports, hash(4), bob, None).await;
    ports.sessions.touch(hash(2), at(500), None).await.expect("touched");
    ports.sessions.revoke(hash(3), at(1)).await.expect("revoked");
    let found = ports.sessions.of_user(ann, at(600), NEVER_IDLE).await.expect("read");
    let hashes: Vec<TokenHash> = found.iter().map(|(hash, _)| *hash).collect();
    assert_eq!(hashes, [hash(2), hash(1)]);
    assert_eq!((found[0].1.last_seen_at, found[0].1.user_agent.as_str()), (at(500), "Firefox"));
    assert_ne!(found[0].1.id, found[1].1.id);
    assert_eq!(ports.sessions.of_user(ann, at(600), at(0)).await.expect("read").len(), 1, "the other one is idle");
}

pub async fn a_disabled_user_is_nobody_until_enabled_again(ports: &Ports) {
    let ann = user(ports, "ann").await;
    begin(ports, hash(1), ann, None).await;
    assert!(ports.users.disable(ann, Some(at(5))).await.expect("written"));
    assert_eq!(ports.users.user(ann).await.expect("read"), None);
    assert!(!is_alive(ports, hash(1)).await);
    assert_eq!(user(ports, "ann").await, ann, "signing in neither makes another one");
    assert_eq!(ports.users.user(ann).await.expect("read"), None, "nor enables this one");
    assert!(ports.users.disable(ann, None).await.expect("written"));
    assert!(ports.users.user(ann).await.expect("read").is_some());
    assert!(!ports.users.disable(UserId(ports.id()), None).await.expect("answered"));
}

pub async fn a_refresh_takes_over_what_the_provider_says(ports: &Ports) {
    let ann = user(ports, "ann").await;
    let now = Identity { name: "Ann B.".into(), email: Some("ann@example.org".into()), ..person("ann") };
    ports.users.refresh(ann, &now, Role::Admin, at(5)).await.expect("written");
    let found = ports.users.user(ann).await.expect("read").expect("a user");
    assert_eq!(
        (found.name.as_str(), found.email.as_deref(), found.role),
        ("Ann B.", Some("ann@example.org"), Role::Admin)
    );
}

pub async fn a_user_has_one_picture_at_most(ports: &Ports) {
    let (ann, bob) = (user(ports, "ann").await, user(ports, "bob").await);
    let picture =
        |source: &str| Picture { source: source.into(), media_type: "image/png".into(), bytes: vec![1, 2, 3] };
    let (first, second) = (picture("https://a.example/1"), picture("https://a.example/2"));
    ports.pictures.set_picture(ann, Some(&first), at(1)).await.expect("written");
    ports.pictures.set_picture(ann, Some(&second), at(2)).await.expect("written");
    assert_eq!(ports.pictures.picture(ann).await.expect("read"), Some(second));
    assert_eq!(ports.pictures.picture(bob).await.expect("read"), None);
    assert_eq!(ports.users.user(ann).await.expect("read").expect("a user").picture, Some(at(2)));
    ports.pictures.set_picture(ann, None, at(3)).await.expect("written");
    assert_eq!(ports.users.user(ann).await.expect("read").expect("a user").picture, None);
}

pub async fn a_namesake_is_somebody_else_of_the_same_issuer(ports: &Ports) {
    let with_email = |subject: &str| Identity { email: Some("ann@example.org".into()), ..person(subject) };
    let enter = async |who: Identity| {
        ports.users.sign_in(&who, Role::Member, UserId(ports.id()), at(0)).await.expect("a user").id
    };
    let ann = enter(with_email("ann")).await;
    enter(Identity { issuer: "https://other.example/".into(), ..with_email("ann") }).await;
    enter(person("nobody")).await;
    let without_email = enter(person("nobody-else")).await;
    assert!(!ports.users.has_namesake(ann).await.expect("read"));
    assert!(!ports.users.has_namesake(without_email).await.expect("read"));
    let again = enter(with_email("7")).await;
    assert!(ports.users.has_namesake(again).await.expect("read") && again != ann);
}
