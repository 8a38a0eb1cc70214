//! Who somebody is here, by what the provider says: one account for each subject, and nothing else makes one.

use super::{
    bed::{Bed, arrive, assert_fails, whoami},
    log::Log,
};
use crate::support::hostile_op::{Endpoint, Person};
use futures::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn id_of(bed: &Bed, person: &Person) -> Value {
    whoami(&mut bed.signed_in(person).await).await.expect("signed in")["id"].clone()
}

#[tokio::test]
async fn a34_the_same_address_is_not_the_same_person() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada").with("email_verified", json!(true));
    let first = id_of(&bed, &ada).await;
    let mallory = || Person::new("Mallory");
    let mut ids = BTreeSet::from([first.to_string()]);
    for (n, person) in [
        mallory().with("email", json!("ada@example.test")).with("email_verified", json!(true)),
        mallory().with("email", json!("ada@example.test")),
        mallory().with("email", json!("ADA@EXAMPLE.TEST")).with("email_verified", json!(true)),
        mallory().with("email", json!("аda@example.test")).with("email_verified", json!(true)),
        mallory().with("email", json!("ada@example.test\u{0}")),
        mallory().with("email", json!("")),
        mallory().without("email"),
        mallory().with("name", json!("Ada")).with("preferred_username", json!("ada")),
        mallory().known_as(&ada.sub.to_uppercase()),
        mallory().known_as(&format!("{} ", ada.sub)),
    ]
    .into_iter()
    .enumerate()
    {
        let sub = if person.sub == mallory().sub { format!("mallory-{n}") } else { person.sub.clone() };
        assert!(ids.insert(id_of(&bed, &person.known_as(&sub)).await.to_string()), "{n} became somebody else");
    }
    assert_eq!(id_of(&bed, &ada).await, first, "who was first stays who they are");
    assert_eq!(bed.users().await, 11);
}

#[tokio::test]
async fn a34_somebody_who_changes_name_and_address_stays_who_they_are() {
    let bed = Bed::start().await;
    let mut browser = bed.signed_in(&Person::new("Ada")).await;
    let before = whoami(&mut browser).await.expect("signed in");
    let married = Person::new("Ada").with("name", json!("Ada King")).with("email", json!("king@example.test"));
    let after = whoami(&mut bed.signed_in(&married).await).await.expect("signed in");
    assert_eq!((&after["id"], after["name"].as_str()), (&before["id"], Some("Ada King")));
    assert_eq!(whoami(&mut browser).await.expect("still in")["email"], "king@example.test");
    assert_eq!(bed.users().await, 1);
}

#[tokio::test]
async fn a43_another_sub_mode_makes_new_accounts_and_merges_none() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada");
    let log = Log::listen();
    let mut ids = BTreeSet::new();
    // Authentik's modes: a hash, the number, the UUID, the user name, the address.
    let subs = [&ada.sub, "7", "0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee", "ada", "ada@example.test"];
    for sub in subs {
        ids.insert(id_of(&bed, &ada.clone().known_as(sub)).await.to_string());
        assert_eq!(log.text().contains("subject mode has changed"), ids.len() > 1, "the administrator is told");
    }
    assert_eq!((ids.len(), bed.users().await), (subs.len(), subs.len() as i64));
    assert!(ids.contains(&id_of(&bed, &ada).await.to_string()), "turned back, the first account is there again");
}

#[tokio::test]
async fn a36_fifty_first_sign_ins_at_once_are_one_account_and_no_administrator() {
    let bed = Bed::start().await;
    let mut coming = Vec::new();
    for n in 0..50 {
        let mut browser = bed.app.browser();
        // Half of them are the same person.
        let person = if n % 2 == 0 { Person::new("Ada") } else { Person::new(&format!("Person {n}")) };
        let callback = bed.visit(&mut browser, "/", &person).await;
        coming.push(async move { (arrive(&mut browser, &callback).await.status, browser) });
    }
    let mut ids = BTreeSet::new();
    for (status, mut browser) in join_all(coming).await {
        assert_eq!(status, 303);
        ids.insert(whoami(&mut browser).await.expect("signed in")["id"].to_string());
    }
    assert_eq!((ids.len(), bed.users().await, bed.rows("sessions").await), (26, 26, 50));
    let roles: BTreeSet<String> = bed.column("SELECT role FROM users").await.into_iter().collect();
    assert_eq!(roles, BTreeSet::from(["member".to_owned()]), "who is first has no right to anything");
    assert_eq!(bed.op.count(Endpoint::Discovery), 1);
}

#[tokio::test]
async fn a36_administrators_are_those_of_the_named_groups() {
    let bed = Bed::with(&[("AUTH_ADMIN_GROUPS", "chat-admins, other admins")]).await;
    for (groups, role) in [
        (json!(["chat-users", "chat-admins"]), "admin"),
        (json!(["other admins"]), "admin"),
        (json!("chat-admins"), "admin"),
        (json!(["Chat-Admins", "chat-admins "]), "admin"),
        (json!(["chat-admin"]), "member"),
        (json!(["chat-admins,other"]), "member"),
        (json!([["chat-admins"]]), "member"),
        (json!({ "chat-admins": true }), "member"),
        (json!([]), "member"),
        (Value::Null, "member"),
    ] {
        let person = Person::new("Ada").with("groups", groups.clone());
        bed.signed_in(&person).await;
        assert_eq!(bed.column("SELECT role FROM users").await, [role], "{groups}");
    }
}

#[tokio::test]
async fn a35_who_may_not_enter_is_told_so_and_not_taken_in() {
    let rules = [("AUTH_ALLOWED_GROUPS", "chat-users"), ("AUTH_ALLOWED_EMAILS", "guest@example.test, corp.example")];
    let bed = Bed::with(&rules).await;
    let ann = || Person::new("Ann").with("groups", json!([]));
    for (what, person) in [
        ("no group", ann()),
        ("no groups claim", ann().without("groups")),
        ("another group", ann().with("groups", json!(["chat-users-2"]))),
        ("groups as an object", ann().with("groups", json!({ "chat-users": true }))),
        ("an address that nobody vouches for", ann().with("email", json!("guest@example.test"))),
        ("two @", ann().with("email", json!("a@evil@corp.example")).with("email_verified", json!(true))),
        ("a longer domain", ann().with("email", json!("a@corp.example.evil")).with("email_verified", json!(true))),
    ] {
        let mut browser = bed.app.browser();
        let reply = bed.sign_in(&mut browser, &person).await;
        assert_eq!(reply.status, 403, "{what}: {}", reply.text);
        assert_fails(&mut browser, &reply, what).await;
        assert!(reply.text.contains("Ann"), "{what}: it tells which account it was");
        assert!(reply.text.contains("again=1"), "{what}: another account can be chosen");
    }
    assert_eq!((bed.users().await, bed.rows("sessions").await), (0, 0));
    bed.signed_in(&ann().with("groups", json!("chat-users"))).await;
    let guest = ann().with("email", json!("GUEST@example.test")).with("email_verified", json!("true"));
    bed.signed_in(&guest).await;
}

#[tokio::test]
async fn a41_what_a_person_may_do_follows_at_the_next_sign_in() {
    let rules = [("AUTH_ADMIN_GROUPS", "admins"), ("AUTH_ALLOWED_GROUPS", "users")];
    let bed = Bed::with(&rules).await;
    let ada = |groups: Value| Person::new("Ada").with("groups", groups);
    let roles = async || bed.column("SELECT role FROM users").await;
    bed.signed_in(&ada(json!(["users", "admins"]))).await;
    assert_eq!(roles().await, ["admin"]);
    bed.signed_in(&ada(json!(["users"]))).await;
    assert_eq!(roles().await, ["member"], "no administrator any more");
    let mut browser = bed.app.browser();
    let reply = bed.sign_in(&mut browser, &ada(json!([]))).await;
    assert_eq!(reply.status, 403, "{}", reply.text);
    assert_fails(&mut browser, &reply, "removed from the group").await;
    // Groups that are not told are none (and not those of before).
    bed.signed_in(&ada(json!(["admins"]))).await;
    assert_eq!(roles().await, ["admin"]);
    let mut browser = bed.app.browser();
    assert_eq!(bed.sign_in(&mut browser, &Person::new("Ada").without("groups")).await.status, 403);
    bed.signed_in(&ada(json!(["users"]))).await;
    assert_eq!(roles().await, ["member"]);
}

#[tokio::test]
async fn a41_a_user_who_was_deleted_is_out_at_once() {
    let bed = Bed::start().await;
    let mut browser = bed.signed_in(&Person::new("Ada")).await;
    let before = whoami(&mut browser).await.expect("signed in")["id"].clone();
    let pool = sqlx::SqlitePool::connect(&bed.app.config.database_url).await.unwrap();
    sqlx::query("DELETE FROM users").execute(&pool).await.unwrap();
    assert_eq!(whoami(&mut browser).await, None);
    assert_eq!(browser.call("/api/conversations/list", &[]).await.status, 401);
    assert_ne!(id_of(&bed, &Person::new("Ada")).await, before, "a new account, not the old one");
}

#[tokio::test]
async fn a37_hostile_claims_are_kept_short_and_shown_as_text() {
    let bed = Bed::start().await;
    // Documentation's addresses (RFC 5737): nobody is asked.
    let evil = "https://192.0.2.1/x.png";
    let ada = || Person::new("Ada");
    for (what, person) in [
        ("markup", ada().with("name", json!("<img src=x onerror=alert(1)>\"'&"))),
        ("the end of a script", ada().with("name", json!("</script><script>alert(1)</script><!--"))),
        ("another direction", ada().with("name", json!("\u{202e}nimda\u{2066}\u{200f}"))),
        ("control characters", ada().with("name", json!("A\r\nSet-Cookie: x=1\u{0}\u{1b}[2J"))),
        ("100 kB", ada().with("name", json!("x".repeat(100_000)))),
        ("100 kB of wide characters", ada().with("name", json!("漢".repeat(30_000)))),
        ("a picture elsewhere", ada().with("picture", json!(evil))),
        ("a picture inside", ada().with("picture", json!("http://169.254.169.254/latest/"))),
        ("a picture that is code", ada().with("picture", json!("javascript:alert(1)"))),
        ("no name", ada().with("name", Value::Null)),
        ("nested groups", ada().with("groups", json!([[["a"]], { "b": "c" }, 7, null, "d"]))),
        ("ten thousand groups", ada().with("groups", (0..10_000).map(|n| json!(format!("g{n}"))).collect())),
        ("email_verified as a text", ada().with("email_verified", json!("true"))),
        ("an address that is code", ada().with("email", json!("<script>alert(1)</script>@x.example"))),
    ] {
        let mut browser = bed.signed_in(&person).await;
        let page = browser.get("/").await;
        assert_eq!(page.status, 200, "{what}");
        for markup in
            ["<img src=x", "<script>alert(1)", "192.0.2.1", "169.254", "javascript:alert", "\u{202e}", "\u{0}"]
        {
            assert!(!page.text.contains(markup), "{what}: {markup:?} is in the page");
        }
        assert!(page.text.len() < 100_000, "{what}: a page of {} bytes", page.text.len());
        let user = whoami(&mut browser).await.expect("signed in");
        let name = user["name"].as_str().unwrap();
        assert!((1..=200).contains(&name.chars().count()) && !name.contains(char::is_control), "{what}: {name:.300}");
        assert_eq!(user["image"], Value::Null, "{what}");
    }
    assert_eq!(bed.users().await, 1);
}

#[tokio::test]
async fn a37_a_date_as_text_keeps_nobody_out() {
    let bed = Bed::start().await;
    // As Auth0 sends it; OpenID Connect Core 1.0, section 5.1, wants a number.
    for value in [json!("2026-11-23T09:00:00.000Z"), json!(1_795_424_400), json!(null)] {
        let person = Person::new("Ada").with("updated_at", value.clone());
        let reply = bed.sign_in(&mut bed.app.browser(), &person).await;
        assert_eq!(reply.status, 303, "{value}");
    }
}

#[tokio::test]
async fn a37_a_megabyte_at_userinfo_is_cut_too() {
    let bed = Bed::start().await;
    bed.op.switches().userinfo_claims.insert("name".into(), json!("x".repeat(1_000_000)));
    let nobody = Person::new("Ada").without("name").without("preferred_username").without("nickname");
    let mut browser = bed.signed_in(&nobody.without("given_name")).await;
    assert_eq!(whoami(&mut browser).await.expect("signed in")["name"].as_str().unwrap().len(), 200);
}
