//! Coming back from the provider: only the browser that began a sign-in finishes it, once and in time.

use super::bed::{Bed, app, arrive, assert_fails, attempts, query, whoami};
use crate::support::{
    Browser, TestClock,
    hostile_op::{CLIENT_ID, CLIENT_SECRET, Endpoint, HostileOp, Person},
};
use axum::{
    body::Body,
    http::{Method, header},
};
use server::auth::oidc::attempt::MOST_ATTEMPTS;
use std::{collections::BTreeMap, sync::Arc};

const CALLBACK: &str = "/api/auth/callback/authentik";

#[tokio::test]
async fn a01_somebody_signs_in_and_comes_back_to_where_they_were() {
    let bed = Bed::start().await;
    let (mut browser, ada) = (bed.app.browser(), Person::new("Ada"));
    let authorize = bed.begin(&mut browser, "/c/0199aaaa?a=b").await;
    let asked = query(&authorize);
    let callback = bed.op.visit(&authorize, ada);
    let reply = arrive(&mut browser, &callback).await;
    assert_eq!((reply.status, reply.header("location")), (303, "/c/0199aaaa?a=b"), "{}", reply.text);
    assert!(attempts(&browser).is_empty(), "the attempt is forgotten");

    let form = bed.op.last_token_request();
    let sent: BTreeMap<&str, &str> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(form.len(), sent.len(), "each field once: {form:?}");
    assert_eq!(sent["grant_type"], "authorization_code");
    assert_eq!(sent["code"], query(&callback)["code"]);
    assert_eq!(sent["redirect_uri"], asked["redirect_uri"]);
    assert_eq!((sent["client_id"], sent["client_secret"]), (CLIENT_ID, CLIENT_SECRET));
    assert!(sent["code_verifier"].len() >= 43, "256 bits (RFC 7636, section 7.1)");
    let counts = [Endpoint::Discovery, Endpoint::Token, Endpoint::Jwks, Endpoint::Userinfo, Endpoint::Elsewhere];
    assert_eq!(counts.map(|endpoint| bed.op.count(endpoint)), [1, 1, 1, 0, 0]);

    let user = whoami(&mut browser).await.expect("signed in");
    assert_eq!((user["name"].as_str(), user["email"].as_str()), (Some("Ada"), Some("ada@example.test")));
    assert_eq!(browser.get("/").await.status, 200);
    assert_eq!((bed.users().await, bed.rows("sessions").await), (1, 1));
}

#[tokio::test]
async fn a02_a_callback_without_the_state_of_this_browser_is_refused() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada");
    let mut other = bed.app.browser();
    let foreign = query(&bed.visit(&mut other, "/", &ada).await)["state"].clone();
    let mut browser = bed.app.browser();
    let good = bed.visit(&mut browser, "/", &ada).await;
    let (code, state) = (query(&good)["code"].clone(), query(&good)["state"].clone());
    let damaged = format!("{}x", &state[..state.len() - 1]);
    let twice = format!("{state}{state}");
    for (what, wrong) in [
        ("none", None),
        ("an empty one", Some("")),
        ("another browser's", Some(foreign.as_str())),
        ("a damaged one", Some(damaged.as_str())),
        ("in other letters", Some(state.to_uppercase().as_str())),
        ("twice", Some(twice.as_str())),
        ("a shorter one", Some(&state[..state.len() - 1])),
        ("a line end after it", Some("%0d%0a")),
    ] {
        let state = wrong.map(|wrong| format!("&state={wrong}")).unwrap_or_default();
        // The browser keeps its own attempt, whatever the answer says about cookies.
        let mut browser = browser.clone();
        let reply = arrive(&mut browser, &format!("{CALLBACK}?code={code}{state}")).await;
        assert_eq!(reply.status, 400, "{what}: {}", reply.text);
        assert_fails(&mut browser, &reply, what).await;
    }
    assert_eq!(bed.op.count(Endpoint::Token), 0, "no code was exchanged");
    assert_eq!(arrive(&mut browser, &good).await.status, 303, "the good one still works");
}

#[tokio::test]
async fn a03_the_same_callback_again_changes_nothing_and_spends_no_code() {
    let bed = Bed::start().await;
    let mut browser = bed.app.browser();
    let callback = bed.visit(&mut browser, "/c/1", &Person::new("Ada")).await;
    // The same address in a copy of the browser, as a second click sends it: with the cookies of before.
    let mut second_click = browser.clone();
    assert_eq!(arrive(&mut browser, &callback).await.header("location"), "/c/1");
    let session = browser.cookies.clone();

    for _ in 0..3 {
        let again = arrive(&mut browser, &callback).await;
        assert_eq!((again.status, again.header("location")), (303, "/"), "whoever is in stays in");
        assert_eq!(browser.cookies, session);
    }
    let reply = arrive(&mut second_click, &callback).await;
    assert_eq!(reply.status, 400);
    assert_fails(&mut second_click, &reply, "the second click").await;
    let mut elsewhere = bed.app.browser();
    let reply = arrive(&mut elsewhere, &callback).await;
    assert_eq!(reply.status, 400);
    assert_fails(&mut elsewhere, &reply, "another browser").await;
    assert_eq!(bed.op.count(Endpoint::Token), 1, "a code is exchanged once");
    assert!(whoami(&mut browser).await.is_some());
}

#[tokio::test]
async fn a03_two_clicks_at_once_spend_the_code_once() {
    let bed = Bed::start().await;
    let mut browser = bed.app.browser();
    let callback = bed.visit(&mut browser, "/", &Person::new("Ada")).await;
    let mut second = browser.clone();
    let (one, two) = tokio::join!(arrive(&mut browser, &callback), arrive(&mut second, &callback));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 400]);
    assert_eq!(bed.op.count(Endpoint::Token), 1);
    assert_eq!(bed.rows("sessions").await, 1);
}

#[tokio::test]
async fn a04_an_attackers_callback_signs_nobody_in() {
    let bed = Bed::start().await;
    let mut attacker = bed.app.browser();
    let callback = bed.visit(&mut attacker, "/", &Person::new("Mallory")).await;
    let mut victim = bed.app.browser();
    let reply = arrive(&mut victim, &callback).await;
    assert_eq!(reply.status, 400);
    assert_fails(&mut victim, &reply, "a browser that began nothing").await;
    // With a sign-in of its own under way.
    bed.begin(&mut victim, "/").await;
    assert_eq!(arrive(&mut victim, &callback).await.status, 400);
    assert_eq!(whoami(&mut victim).await, None);
    // Who is signed in stays who they are.
    let mut ada = bed.signed_in(&Person::new("Ada")).await;
    arrive(&mut ada, &callback).await;
    assert_eq!(whoami(&mut ada).await.expect("signed in")["name"], "Ada");
    assert_eq!(bed.op.count(Endpoint::Token), 1, "Ada's");
}

#[tokio::test]
async fn a06_two_tabs_sign_in_side_by_side() {
    let bed = Bed::start().await;
    let (mut browser, ada) = (bed.app.browser(), Person::new("Ada"));
    let first = bed.visit(&mut browser, "/c/first", &ada).await;
    let second = bed.visit(&mut browser, "/c/second", &ada).await;
    assert_eq!(attempts(&browser).len(), 2);
    assert_eq!(arrive(&mut browser, &second).await.header("location"), "/c/second");
    assert_eq!(arrive(&mut browser, &first).await.header("location"), "/c/first");
    assert!(whoami(&mut browser).await.is_some());
    assert!(attempts(&browser).is_empty());
}

#[tokio::test]
async fn a06_an_answer_to_one_provider_is_none_to_another() {
    let (clock, ada) = (Arc::<TestClock>::default(), Person::new("Ada"));
    let authentik = HostileOp::start(clock.clone()).await;
    let keycloak = HostileOp::start(clock.clone()).await;
    let other = [
        ("AUTH_SSO_PROVIDERS", "authentik,keycloak"),
        ("AUTH_KEYCLOAK_ID", CLIENT_ID),
        ("AUTH_KEYCLOAK_SECRET", CLIENT_SECRET),
        ("AUTH_KEYCLOAK_ISSUER", &keycloak.issuer()),
    ];
    let bed = Bed { app: app(clock, &authentik.issuer(), &other).await, op: authentik };
    let mut browser = bed.app.browser();
    let callback = bed.visit(&mut browser, "/", &ada).await;
    let kept = browser.clone();
    let mixed = callback.replace("/callback/authentik", "/callback/keycloak");
    let reply = arrive(&mut browser, &mixed).await;
    assert_eq!(reply.status, 400);
    assert_fails(&mut browser, &reply, "an answer at the wrong door").await;
    assert_eq!((bed.op.count(Endpoint::Token), keycloak.count(Endpoint::Token)), (0, 0));
    assert_eq!(arrive(&mut kept.clone(), &callback).await.status, 303, "at its own door it is right");
    // The reverse: a sign-in at the other provider, answered by this one.
    let begun = browser.get("/api/auth/signin/keycloak").await;
    let state = query(begun.header("location"))["state"].clone();
    assert_eq!(arrive(&mut browser, &format!("{CALLBACK}?code=abc&state={state}")).await.status, 400);
    assert_eq!((bed.op.count(Endpoint::Token), keycloak.count(Endpoint::Token)), (1, 0));
}

#[tokio::test]
async fn a06_an_attempt_belongs_to_the_issuer_that_it_began_with() {
    let bed = Bed::start().await;
    let mut browser = bed.app.browser();
    bed.begin(&mut bed.app.browser(), "/").await;
    bed.app.clock.advance(3_590);
    let callback = bed.visit(&mut browser, "/", &Person::new("Ada")).await;
    // Metadata is asked for again after an hour, and then has another issuer.
    bed.app.clock.advance(20);
    let bare = bed.op.issuer().trim_end_matches('/').to_owned();
    bed.op.switches().metadata.insert("issuer".into(), bare.into());
    let reply = arrive(&mut browser, &callback).await;
    assert_eq!(reply.status, 400);
    assert_fails(&mut browser, &reply, "another issuer than before").await;
    assert_eq!((bed.op.count(Endpoint::Discovery), bed.op.count(Endpoint::Token)), (2, 0));
}

#[tokio::test]
async fn a07_an_attempt_is_no_session_and_a_session_no_attempt() {
    let bed = Bed::start().await;
    let mut browser = bed.app.browser();
    let callback = bed.visit(&mut browser, "/", &Person::new("Ada")).await;
    let (name, attempt) = attempts(&browser).remove(0);
    browser.cookies.insert("confab".into(), attempt);
    assert_eq!(whoami(&mut browser).await, None);

    let ada = bed.signed_in(&Person::new("Ada")).await;
    let exchanged = bed.op.count(Endpoint::Token);
    let mut browser = bed.app.browser();
    browser.cookies.insert(name.clone(), ada.cookies["confab"].clone());
    assert_eq!(arrive(&mut browser, &callback).await.status, 400);
    // An attempt under the name of another one.
    bed.begin(&mut browser, "/").await;
    let (_, foreign) = attempts(&browser).into_iter().find(|(other, _)| *other != name).expect("the new one");
    browser.cookies.insert(name, foreign);
    assert_eq!(arrive(&mut browser, &callback).await.status, 400);
    assert_eq!(bed.op.count(Endpoint::Token), exchanged);
}

#[tokio::test]
async fn a08_an_attempt_lasts_for_ten_minutes() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada");
    for (what, seconds, status) in [
        ("just in time", 599, 303),
        ("ten minutes", 600, 400),
        ("an hour", 3_600, 400),
        ("the clock was set back a little", -30, 303),
        ("the clock was set back by an hour", -3_600, 400),
    ] {
        let mut browser = bed.app.browser();
        let callback = bed.visit(&mut browser, "/", &ada).await;
        bed.app.clock.advance(seconds);
        let reply = arrive(&mut browser, &callback).await;
        assert_eq!(reply.status, status, "{what}: {}", reply.text);
        if status == 400 {
            assert_fails(&mut browser, &reply, what).await;
        }
    }
    assert_eq!(bed.op.count(Endpoint::Token), 2);
}

async fn answer(browser: &mut Browser, method: Method, address: &str) -> u16 {
    let request = browser.request(method, address).header(header::ACCEPT, "text/html");
    browser.send(request.body(Body::empty()).unwrap()).await.status
}

#[tokio::test]
async fn a42_odd_ways_to_call_back_are_refused() {
    let bed = Bed::start().await;
    let mut browser = bed.app.browser();
    let good = query(&bed.visit(&mut browser, "/", &Person::new("Ada")).await);
    let (code, state) = (&good["code"], &good["state"]);
    let rest = format!("code={code}&state={state}");
    for (method, address, statuses) in [
        (Method::GET, format!("/api/auth/callback/other?{rest}"), &[404][..]),
        (Method::GET, format!("/api/auth/callback/Authentik?{rest}"), &[404]),
        (Method::GET, format!("/api/auth/callback/%61uthentik%00?{rest}"), &[404]),
        (Method::GET, format!("{CALLBACK}/?{rest}"), &[404]),
        (Method::GET, format!("{CALLBACK}/more?{rest}"), &[404]),
        (Method::GET, format!("/api/auth/callback/?{rest}"), &[404]),
        (Method::GET, format!("/api/auth/callback?{rest}"), &[404]),
        (Method::POST, format!("{CALLBACK}?{rest}"), &[405]),
        (Method::HEAD, format!("{CALLBACK}?{rest}"), &[405]),
        (Method::PUT, format!("{CALLBACK}?{rest}"), &[405]),
        (Method::GET, format!("{CALLBACK}?{rest}&code={code}"), &[400]),
        (Method::GET, format!("{CALLBACK}?{rest}&state={state}"), &[400]),
        (Method::GET, format!("{CALLBACK}?code[]={code}&state[]={state}"), &[400]),
        (Method::GET, format!("{CALLBACK}#{rest}"), &[400]),
        (Method::GET, CALLBACK.to_owned(), &[400]),
        (Method::GET, format!("{CALLBACK}?"), &[400]),
        (Method::GET, format!("{CALLBACK}?%ff=%zz&&&=&{}", "a".repeat(30_000)), &[400]),
    ] {
        let status = answer(&mut browser.clone(), method.clone(), &address).await;
        assert!(statuses.contains(&status), "{method} {address:.90}: {status}");
    }
    assert_eq!((bed.op.count(Endpoint::Token), bed.users().await), (0, 0));
    assert_eq!(answer(&mut browser, Method::GET, &format!("{CALLBACK}?{rest}")).await, 303, "the plain way works");
}

#[tokio::test]
async fn a06_only_the_newest_sign_ins_of_a_browser_are_remembered() {
    let bed = Bed::start().await;
    let mut browser = bed.app.browser();
    let mut callbacks = Vec::new();
    for _ in 0..MOST_ATTEMPTS + 2 {
        callbacks.push(bed.visit(&mut browser, "/", &Person::new("Ada")).await);
        bed.app.clock.advance(1);
    }
    assert_eq!(attempts(&browser).len(), MOST_ATTEMPTS);
    assert_eq!(arrive(&mut browser, &callbacks[1]).await.status, 400);
    assert_eq!(arrive(&mut browser, &callbacks[2]).await.status, 303);
}
