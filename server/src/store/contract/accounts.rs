//! Users, sessions and login links.

use super::{Ports, at, hash};
use chat::{
    LinkedUser, Role, Timestamp, UserId,
    ports::{LiveSession, NewSession, TokenHash},
    user::Identity,
};
use std::{collections::HashSet, sync::Arc};
use tokio::task::JoinSet;

fn identity(issuer: &str, subject: &str, name: &str, email: Option<&str>) -> Identity {
    Identity {
        issuer: issuer.into(),
        subject: subject.into(),
        name: name.into(),
        email: email.map(Into::into),
        email_verified: false,
        groups: Vec::new(),
        picture: None,
    }
}

pub async fn a_first_sign_in_makes_a_user_and_later_ones_refresh_it(ports: &Ports) {
    let ann = identity("https://id.example", "7", "Ann", None);
    let first = ports.users.sign_in(&ann, Role::Member, UserId(ports.id()), at(0)).await.expect("a user");
    assert_eq!((first.name.as_str(), &first.email, first.role), ("Ann", &None, Role::Member));
    assert_eq!(ports.users.user(first.id).await.expect("read"), Some(first.clone()));

    let married = identity("https://id.example", "7", "Ann B.", Some("ann@example.org"));
    let later = ports.users.sign_in(&married, Role::Admin, UserId(ports.id()), at(9)).await.expect("a user");
    assert_eq!(later.id, first.id);
    assert_eq!((later.name.as_str(), later.email.as_deref()), ("Ann B.", Some("ann@example.org")));
    assert_eq!(later.role, Role::Admin);
    assert_eq!(ports.users.user(first.id).await.expect("read"), Some(later));

    let demoted = ports.users.sign_in(&ann, Role::Member, UserId(ports.id()), at(10)).await.expect("a user");
    assert_eq!((demoted.role, demoted.email), (Role::Member, None));
    assert_eq!(ports.users.user(UserId(ports.id())).await.expect("read"), None);
}

pub async fn a_user_is_an_issuer_and_a_subject_and_nothing_else(ports: &Ports) {
    let all = [
        identity("https://a.example", "7", "Ann", Some("ann@example.org")),
        identity("https://b.example", "7", "Ann", Some("ann@example.org")),
        identity("https://a.example", "8", "Ann", Some("ann@example.org")),
        identity("https://a.example", "7 ", "Ann", Some("ann@example.org")),
        identity("https://A.example", "7", "Ann", Some("ann@example.org")),
    ];
    let mut ids = HashSet::new();
    for who in &all {
        ids.insert(ports.users.sign_in(who, Role::Member, UserId(ports.id()), at(0)).await.expect("a user").id);
    }
    assert_eq!(ids.len(), all.len());
}

pub async fn twenty_first_sign_ins_at_once_make_one_user(ports: &Ports) {
    let mut sign_ins = JoinSet::new();
    for _ in 0..20 {
        let (users, id) = (Arc::clone(&ports.users), UserId(ports.id()));
        sign_ins.spawn(async move { users.sign_in(&Identity::owner(), Role::Admin, id, at(0)).await });
    }
    let users = sign_ins.join_all().await;
    let ids: HashSet<UserId> = users.into_iter().map(|user| user.expect("signed in").id).collect();
    assert_eq!(ids.len(), 1);
}

fn session(hash: TokenHash, user: UserId) -> NewSession {
    NewSession {
        hash,
        user,
        user_agent: "Firefox".into(),
        address: None,
        created_at: at(0),
        expires_at: at(1000),
        provider: None,
    }
}

const NEVER_IDLE: Timestamp = Timestamp(0);

async fn is_alive(ports: &Ports, hash: TokenHash, now: Timestamp, idle_since: Timestamp) -> bool {
    ports.sessions.find(hash, now, idle_since).await.expect("read").is_some()
}

pub async fn a_session_begins_and_ends(ports: &Ports) {
    let user = ports.user("ann").await;
    assert!(ports.sessions.create(&session(hash(1), user)).await.expect("created"));
    assert!(ports.sessions.create(&session(hash(2), user)).await.expect("created"));
    let found = ports.users.user(user).await.expect("read").expect("a user");
    let live = LiveSession { user: found, last_seen_at: at(0), expires_at: at(1000) };
    assert_eq!(ports.sessions.find(hash(1), at(60), NEVER_IDLE).await.expect("read"), Some(live.clone()));

    ports.sessions.touch(hash(1), at(60), None).await.expect("touched");
    let touched = LiveSession { last_seen_at: at(60), ..live };
    assert_eq!(ports.sessions.find(hash(1), at(61), NEVER_IDLE).await.expect("read"), Some(touched));

    ports.sessions.revoke(hash(1), at(70)).await.expect("revoked");
    ports.sessions.revoke(hash(1), at(71)).await.expect("revoking twice is no error");
    ports.sessions.revoke(hash(9), at(71)).await.expect("nor is revoking what never was");
    assert!(!is_alive(ports, hash(1), at(71), NEVER_IDLE).await);
    assert!(is_alive(ports, hash(2), at(71), NEVER_IDLE).await, "the user's other session goes on");
}

pub async fn a_taken_session_hash_is_refused(ports: &Ports) {
    let (ann, bob) = (ports.user("ann").await, ports.user("bob").await);
    assert!(ports.sessions.create(&session(hash(1), ann)).await.expect("created"));
    assert!(!ports.sessions.create(&session(hash(1), bob)).await.expect("answered"));
    let live = ports.sessions.find(hash(1), at(1), NEVER_IDLE).await.expect("read").expect("a session");
    assert_eq!(live.user.id, ann);
}

pub async fn b01_nothing_revives_a_revoked_session(ports: &Ports) {
    let user = ports.user("ann").await;
    ports.sessions.create(&session(hash(1), user)).await.expect("created");
    ports.sessions.revoke(hash(1), at(10)).await.expect("revoked");
    ports.sessions.touch(hash(1), at(11), None).await.expect("a late touch is no error");
    assert!(!ports.sessions.create(&session(hash(1), user)).await.expect("answered"));
    assert!(!is_alive(ports, hash(1), at(11), NEVER_IDLE).await);
    assert!(!is_alive(ports, hash(1), at(5), NEVER_IDLE).await, "nor does a clock that is set back");
}

pub async fn b10_a_session_ends_at_both_limits_to_the_millisecond(ports: &Ports) {
    let user = ports.user("ann").await;
    ports.sessions.create(&session(hash(1), user)).await.expect("created");
    let before = |time: Timestamp| Timestamp(time.0 - 1);

    assert!(is_alive(ports, hash(1), at(100), before(at(0))).await);
    assert!(!is_alive(ports, hash(1), at(100), at(0)).await, "unused for exactly as long as allowed");

    ports.sessions.touch(hash(1), at(900), None).await.expect("touched");
    assert!(is_alive(ports, hash(1), at(999), before(at(900))).await, "use prolongs the one limit");
    assert!(is_alive(ports, hash(1), before(at(1000)), NEVER_IDLE).await);
    assert!(!is_alive(ports, hash(1), at(1000), NEVER_IDLE).await, "and never the other");
}

pub async fn b10_a_clock_that_jumps_neither_ends_nor_prolongs_beyond_its_jump(ports: &Ports) {
    let user = ports.user("ann").await;
    ports.sessions.create(&session(hash(1), user)).await.expect("created");
    ports.sessions.touch(hash(1), at(500), None).await.expect("touched");
    ports.sessions.touch(hash(1), at(100), None).await.expect("touched by a clock that was set back");
    let live = ports.sessions.find(hash(1), at(100), at(-500)).await.expect("read").expect("alive");
    assert_eq!((live.last_seen_at, live.expires_at), (at(500), at(1000)));
}

pub async fn b13_unknown_sessions_are_never_made(ports: &Ports) {
    for n in 0..100 {
        ports.sessions.touch(hash(n), at(0), None).await.expect("no error");
        ports.sessions.revoke(hash(n), at(0)).await.expect("no error");
        assert!(!is_alive(ports, hash(n), at(0), NEVER_IDLE).await);
    }
    assert_eq!(ports.sessions.purge(at(i64::from(i32::MAX)), at(i64::from(i32::MAX))).await.expect("purged"), 0);
}

pub async fn purging_forgets_what_has_ended_and_nothing_else(ports: &Ports) {
    let user = ports.user("ann").await;
    for n in 1..=4 {
        ports.sessions.create(&session(hash(n), user)).await.expect("created");
    }
    let short = NewSession { expires_at: at(50), ..session(hash(5), user) };
    ports.sessions.create(&short).await.expect("created");
    ports.sessions.revoke(hash(1), at(20)).await.expect("revoked long ago");
    ports.sessions.revoke(hash(2), at(90)).await.expect("revoked just now");
    ports.sessions.touch(hash(3), at(80), None).await.expect("in use");

    // Session 4 was never used again, 5 is past its end.
    assert_eq!(ports.sessions.purge(at(60), NEVER_IDLE).await.expect("purged"), 2);
    assert!(is_alive(ports, hash(4), at(100), NEVER_IDLE).await);
    assert_eq!(ports.sessions.purge(at(60), at(0)).await.expect("purged"), 2);
    assert!(is_alive(ports, hash(3), at(100), at(0)).await);
    assert!(!is_alive(ports, hash(2), at(100), NEVER_IDLE).await);
    assert!(ports.sessions.create(&session(hash(1), user)).await.expect("its hash is free again"));
}

pub async fn a_login_link_signs_in_once(ports: &Ports) {
    let owner = ports.users.sign_in(&Identity::owner(), Role::Admin, UserId(ports.id()), at(0)).await.expect("a user");
    let bob = ports.user("Bob").await;
    ports.links.create(hash(1), owner.id, at(0), at(600)).await.expect("a link");
    ports.links.create(hash(2), bob, at(0), at(600)).await.expect("a link");

    let found = ports.links.find(hash(1), at(5)).await.expect("read");
    assert_eq!(found, Some(LinkedUser { name: "Owner".into(), owner: true }));
    let found = ports.links.find(hash(2), at(5)).await.expect("read");
    assert_eq!(found, Some(LinkedUser { name: "Bob".into(), owner: false }));

    assert_eq!(ports.links.use_up(hash(1), at(6)).await.expect("claimed"), Some(owner.id));
    assert_eq!(ports.links.use_up(hash(1), at(7)).await.expect("answered"), None);
    assert_eq!(ports.links.find(hash(1), at(7)).await.expect("read"), None);
    assert_eq!(ports.links.use_up(hash(2), at(7)).await.expect("claimed"), Some(bob), "others are untouched");
    assert_eq!(ports.links.use_up(hash(9), at(7)).await.expect("answered"), None);
}

pub async fn a_login_link_expires_to_the_millisecond(ports: &Ports) {
    let user = ports.user("ann").await;
    ports.links.create(hash(1), user, at(0), at(600)).await.expect("a link");
    assert!(ports.links.find(hash(1), Timestamp(at(600).0 - 1)).await.expect("read").is_some());
    assert!(ports.links.find(hash(1), at(600)).await.expect("read").is_none());
    assert_eq!(ports.links.use_up(hash(1), at(600)).await.expect("answered"), None);

    ports.links.create(hash(2), user, at(700), at(1300)).await.expect("making one sweeps old ones away");
    assert_eq!(ports.links.use_up(hash(1), at(1)).await.expect("answered"), None);
    assert_eq!(ports.links.use_up(hash(2), Timestamp(at(1300).0 - 1)).await.expect("claimed"), Some(user));
}

pub async fn two_claims_at_once_have_one_winner(ports: &Ports) {
    let user = ports.user("ann").await;
    for n in 0..10 {
        ports.links.create(hash(n), user, at(0), at(600)).await.expect("a link");
        let (one, other) = tokio::join!(ports.links.use_up(hash(n), at(1)), ports.links.use_up(hash(n), at(1)));
        let winners: Vec<UserId> = [one, other].into_iter().filter_map(|claim| claim.expect("answered")).collect();
        assert_eq!(winners, [user]);
    }
}
