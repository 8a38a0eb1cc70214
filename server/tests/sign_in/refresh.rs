//! Asking the provider again in the background (catalogue row A41), and users' pictures (row A37).

use super::bed::{Bed, watch_a_reply, whoami};
use crate::support::{
    Browser,
    hostile_op::{Answer, Endpoint, Person},
};
use chat::{Role, UserId, ports::Users};
use serde_json::{Value, json};
use server::auth::oidc::refresh::{ASK_AFTER_SECONDS, ask_again};
use std::time::Duration;

/// Time passes, the browser is used, and the server asks.
async fn later(bed: &Bed, browser: &mut Browser) {
    bed.app.clock.advance(ASK_AFTER_SECONDS + 1);
    whoami(browser).await;
    ask_again(&bed.app.state).await;
}

async fn role(bed: &Bed, browser: &mut Browser) -> Role {
    let id: UserId = whoami(browser).await.expect("signed in")["id"].as_str().unwrap().parse().unwrap();
    bed.app.store.user(id).await.unwrap().expect("a user").role
}

fn in_group(group: &str) -> Person {
    Person::new("Ada").with("groups", json!([group]))
}

#[tokio::test]
async fn a41_who_lost_the_group_is_out_with_everything_that_is_open() {
    let bed = Bed::with(&[("AUTH_ALLOWED_GROUPS", "chat-users")]).await;
    let mut browser = bed.signed_in(&in_group("chat-users")).await;
    let mut other = bed.signed_in(&in_group("chat-users").in_session("another")).await;
    let mut reply = watch_a_reply(&bed.app, &mut browser).await;
    bed.op.switches().claim("groups", json!(["contractors"]));
    later(&bed, &mut browser).await;
    assert_eq!(whoami(&mut browser).await, None);
    assert_eq!(whoami(&mut other).await, None, "all sessions of the user");
    reply.is_cut_off().await;
}

#[tokio::test]
async fn a41_the_role_follows_the_groups_both_ways() {
    let bed = Bed::with(&[("AUTH_ADMIN_GROUPS", "admins")]).await;
    let mut browser = bed.signed_in(&in_group("chat-users")).await;
    assert_eq!(role(&bed, &mut browser).await, Role::Member);
    for (group, expected) in [("admins", Role::Admin), ("chat-users", Role::Member)] {
        bed.op.switches().claim("groups", json!([group]));
        later(&bed, &mut browser).await;
        assert_eq!(role(&bed, &mut browser).await, expected, "{group}");
    }
}

#[tokio::test]
async fn a41_groups_that_only_userinfo_tells_are_read_there() {
    let bed = Bed::with(&[("AUTH_ALLOWED_GROUPS", "chat-users")]).await;
    bed.op.switches().only_at_userinfo = true;
    let mut browser = bed.signed_in(&in_group("chat-users")).await;
    later(&bed, &mut browser).await;
    assert!(whoami(&mut browser).await.is_some());
    bed.op.switches().userinfo_claims.insert("groups".into(), json!([]));
    later(&bed, &mut browser).await;
    assert_eq!(whoami(&mut browser).await, None);
}

#[tokio::test]
async fn a41_whom_the_provider_does_not_know_any_more_is_out() {
    let bed = Bed::start().await;
    let mut browser = bed.signed_in(&Person::new("Ada")).await;
    bed.op.switches().token = Answer::json(400, &json!({ "error": "invalid_grant" }));
    later(&bed, &mut browser).await;
    assert_eq!(whoami(&mut browser).await, None);
}

#[tokio::test]
async fn a41_an_answer_about_somebody_else_ends_the_session_and_changes_nobody() {
    let bed = Bed::start().await;
    let mut browser = bed.signed_in(&Person::new("Ada")).await;
    bed.op.switches().claim("sub", "somebody-else");
    bed.op.switches().claim("name", "Mallory");
    later(&bed, &mut browser).await;
    assert_eq!(whoami(&mut browser).await, None);
    assert_eq!(bed.column("SELECT name FROM users").await, ["Ada"]);
}

#[tokio::test]
async fn a29_an_outage_keeps_nobody_out_and_is_followed_by_another_try() {
    let bed = Bed::with(&[("AUTH_ALLOWED_GROUPS", "chat-users")]).await;
    let mut browser = bed.signed_in(&in_group("chat-users")).await;
    bed.op.switches().token = Answer::html(503);
    later(&bed, &mut browser).await;
    assert!(whoami(&mut browser).await.is_some());
    bed.op.behave();
    bed.op.switches().claim("groups", json!([]));
    ask_again(&bed.app.state).await;
    assert_eq!(whoami(&mut browser).await, None, "asked again at the next look, without another five minutes");
}

#[tokio::test]
async fn each_refresh_token_is_used_once_and_what_is_new_is_kept() {
    let bed = Bed::start().await;
    let mut browser = bed.signed_in(&Person::new("Ada")).await;
    for _ in 0..3 {
        // The provider takes each of them once.
        later(&bed, &mut browser).await;
        assert!(whoami(&mut browser).await.is_some());
    }
    assert_eq!(bed.op.count(Endpoint::Token), 4);
    bed.op.switches().claim("name", "Ada Lovelace");
    later(&bed, &mut browser).await;
    assert_eq!(whoami(&mut browser).await.expect("signed in")["name"], "Ada Lovelace");
    let kept = bed.column("SELECT hex(provider_tokens) FROM sessions").await.concat();
    assert!(kept.len() > 100, "there is something");
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02X}")).collect::<String>();
    assert!(!kept.contains(&hex("refresh")) && !kept.contains(&hex("eyJ")), "the tokens are sealed");
}

#[tokio::test]
async fn only_sessions_in_use_are_asked_about() {
    let bed = Bed::start().await;
    let mut browser = bed.signed_in(&Person::new("Ada")).await;
    later(&bed, &mut browser).await;
    let asked = bed.op.count(Endpoint::Token);
    for _ in 0..3 {
        bed.app.clock.advance(3_600);
        ask_again(&bed.app.state).await;
    }
    assert_eq!(bed.op.count(Endpoint::Token), asked);
    later(&bed, &mut browser).await;
    assert_eq!(bed.op.count(Endpoint::Token), asked + 1);
}

/// The user's picture, when it has come: nobody waits for it at the sign-in.
async fn picture(browser: &mut Browser) -> String {
    let wait = async {
        loop {
            let image = whoami(browser).await.expect("signed in")["image"].clone();
            if let Value::String(address) = image {
                return address;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait).await.expect("a picture")
}

#[tokio::test]
async fn a37_a_picture_is_fetched_once_and_served_from_here() {
    let bed = Bed::start().await;
    let person = Person::new("Ada").with("picture", json!(bed.op.address("/media/ada.png")));
    let mut browser = bed.signed_in(&person).await;
    let address = picture(&mut browser).await;
    assert!(address.starts_with("/api/auth/picture"), "{address}");
    let reply = browser.get(&address).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "image/png"));
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    bed.sign_in(&mut browser, &person).await;
    picture(&mut browser).await;
    assert_eq!(bed.op.count(Endpoint::Media), 1);
    assert_eq!(bed.app.browser().get("/api/auth/picture").await.status, 401);
    let mut other = bed.signed_in(&Person::new("Bob")).await;
    assert_eq!(other.get("/api/auth/picture").await.status, 404);
}
