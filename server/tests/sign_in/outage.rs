//! A provider that is not there, slow, or not itself: at start-up and later.

use super::bed::{Bed, Open, app, arrive, assert_fails, begin_reply, watch_a_reply, whoami};
use crate::support::{
    Browser, TestApp,
    hostile_op::{Answer, Endpoint, Person},
};
use futures::future::join_all;
use serde_json::json;
use std::{sync::Arc, time::Duration};

const BEGIN: &str = "/api/auth/signin/authentik?callbackUrl=%2F";

/// Ways to be down that are told at once, as they are given out for one endpoint.
fn outages(bed: &Bed) -> Vec<(&'static str, Answer)> {
    let spaces = |bytes| Answer::Text(200, "application/json", " ".repeat(bytes) + "{}");
    vec![
        ("503", Answer::html(503)),
        ("500 with JSON", Answer::json(500, &json!({ "error": "server_error" }))),
        ("HTML with 200", Answer::html(200)),
        ("nothing", Answer::Text(200, "application/json", String::new())),
        ("three megabytes", spaces(3_000_000)),
        ("ten megabytes", Answer::Huge),
        ("a redirect", Answer::Redirect(bed.op.address("/elsewhere"))),
    ]
}

/// Each endpoint answers like this.
fn everywhere(bed: &Bed, answer: &Answer) {
    let mut op = bed.op.switches();
    (op.discovery, op.jwks, op.token) = (answer.clone(), answer.clone(), answer.clone());
}

/// Both ways to begin tell that the provider can't be reached, and nobody is signed in.
async fn is_told(app: &TestApp, what: &str) {
    let mut browser = app.browser();
    let reply = begin_reply(&mut browser, "/").await;
    assert_eq!(reply.status, 502, "{what}: {}", reply.text);
    assert_fails(&mut browser, &reply, what).await;
    let form = browser.form("/api/auth/signin", &[("provider", "authentik"), ("back", "/c/1")]).await;
    let page = form.header("location");
    assert!(page.starts_with("/signin?error=unreachable&provider=authentik"), "{what}: {} {page}", form.status);
    assert_eq!(form.status, 303, "{what}");
    let page = browser.get(page).await;
    assert_eq!(page.status, 200, "{what}: the sign-in page can be seen");
    let called = browser.call("/api/auth/signin", &[("provider", "authentik"), ("back", "/")]).await;
    assert_eq!(called.status, 503, "{what}: {}", called.text);
}

#[tokio::test]
async fn a29_a_server_starts_and_serves_while_its_provider_is_down() {
    // Bound, so that nobody else gets the port, and not listening.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let issuer = format!("http://{}/application/o/chat/", socket.local_addr().unwrap());
    let app = app(Arc::default(), &issuer, &[]).await;
    is_told(&app, "a closed port").await;
    // A login link is the way in.
    let mut owner = app.signed_in("Ada").await;
    assert_eq!(owner.get("/").await.status, 200);
    assert_eq!(app.browser().get("/health").await.status, 200);
    assert_eq!(app.browser().get("/ready").await.status, 200);
}

#[tokio::test]
async fn a29_each_outage_is_told_and_the_next_try_works() {
    let bed = Bed::start().await;
    for (what, answer) in outages(&bed) {
        bed.op.switches().discovery = answer;
        is_told(&bed.app, what).await;
        bed.op.behave();
        bed.signed_in(&Person::new("Ada")).await;
        // Metadata and keys are used for an hour.
        bed.app.clock.advance(3_601);
    }
    assert_eq!(bed.op.count(Endpoint::Elsewhere), 0, "a redirect is not followed");
}

#[tokio::test]
async fn a29_who_is_in_stays_in_while_the_provider_is_down() {
    let bed = Bed::start().await;
    let mut ada = bed.signed_in(&Person::new("Ada")).await;
    let mut open: Open = watch_a_reply(&bed.app, &mut ada).await;
    for (what, answer) in outages(&bed) {
        everywhere(&bed, &answer);
        bed.app.clock.advance(3_601);
        is_told(&bed.app, what).await;
        assert_eq!(ada.get("/").await.status, 200, "{what}");
        assert!(whoami(&mut ada).await.is_some(), "{what}");
        open.goes_on().await;
    }
}

#[tokio::test]
async fn a29_metadata_is_used_for_an_hour_whatever_becomes_of_it() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada");
    bed.signed_in(&ada).await;
    bed.op.switches().discovery = Answer::html(503);
    bed.op.switches().jwks = Answer::html(503);
    bed.app.clock.advance(3_599);
    bed.signed_in(&ada).await;
    bed.app.clock.advance(2);
    is_told(&bed.app, "an hour later").await;
}

#[tokio::test]
async fn a29_keys_that_can_not_be_had_are_told() {
    for (what, answer) in outages(&Bed::start().await) {
        let bed = Bed::start().await;
        bed.op.switches().jwks = answer;
        bed.refused(what, &[502]).await;
        bed.op.behave();
        bed.signed_in(&Person::new("Ada")).await;
    }
}

#[tokio::test]
async fn a29_silence_is_given_up_after_five_seconds() {
    for answer in [Answer::Hang, Answer::Drip] {
        let bed = Bed::start().await;
        bed.op.switches().discovery = answer.clone();
        let mut browser = bed.app.browser();
        let reply = bed.give_up(&mut browser, Endpoint::Discovery, BEGIN).await;
        assert_eq!(reply.status, 502, "{}", reply.text);
        assert_fails(&mut browser, &reply, "discovery").await;
        assert!(reply.text.contains("5 seconds"), "it tells how long it waited: {}", reply.text);

        bed.op.behave();
        let callback = bed.visit(&mut browser, "/", &Person::new("Ada")).await;
        bed.op.switches().jwks = answer;
        let reply = bed.give_up(&mut browser, Endpoint::Jwks, &callback).await;
        assert_eq!(reply.status, 502, "{}", reply.text);
        assert_fails(&mut browser, &reply, "keys").await;
    }
}

#[tokio::test]
async fn a29_many_who_wait_for_a_silent_provider_wait_together() {
    let bed = Bed::start().await;
    bed.op.switches().discovery = Answer::Hang;
    let mut browsers: Vec<Browser> = (0..20).map(|_| bed.app.browser()).collect();
    let pressed = join_all(browsers.iter_mut().map(|browser| arrive(browser, BEGIN)));
    let silence = async {
        bed.op.arrived(Endpoint::Discovery, 1).await;
        // From here on time passes as soon as everybody waits.
        tokio::time::pause();
    };
    let began = tokio::time::Instant::now();
    let (replies, ()) = tokio::join!(pressed, silence);
    assert!(replies.iter().all(|reply| reply.status == 502));
    let waited = began.elapsed();
    assert!(waited < Duration::from_secs(11), "twenty people waited one after the other: {waited:?}");
}
