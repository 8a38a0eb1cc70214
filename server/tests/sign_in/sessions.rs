//! Sessions of people who signed in through a provider (catalogue rows B05, B09, B12, B14, B15, B17).

use super::bed::{Bed, SECRET, arrive, attempts, watch_a_reply, whoami};
use crate::support::{Browser, TestApp, hostile_op::Person};
use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Method, header},
};
use chat::ports::SessionSummary;
use server::{router, secret::Secret, state::World};
use std::{net::SocketAddr, sync::Arc};

/// The same server, started again with other secrets: a browser goes on with the cookies that it has.
fn restarted(bed: &Bed, secrets: &[&str], browser: &Browser) -> Browser {
    let mut config = bed.app.config.clone();
    config.secrets = secrets.iter().map(|secret| Secret::new(*secret)).collect();
    let TestApp { store, models, clock, runner, .. } = &bed.app;
    let ids = Arc::new(server::clock::System);
    let files = bed.app.state.files.clone();
    let catalog = Arc::new(server::llm::Catalog::new(&config));
    let world = World { store: store.clone(), models: models.clone(), catalog, clock: clock.clone(), ids, files };
    let state = world.state(&config, runner.clone()).unwrap();
    let mut same = Browser::new(router(state), config.public.origin());
    same.cookies = browser.cookies.clone();
    same
}

const NEW: &str = "another-secret-of-forty-characters-98765";

#[tokio::test]
async fn b09_a_changed_secret_signs_everybody_out_and_breaks_nothing() {
    let bed = Bed::start().await;
    let ada = bed.signed_in(&Person::new("Ada")).await;
    let mut pending = bed.app.browser();
    let callback = bed.visit(&mut pending, "/", &Person::new("Bob")).await;

    let mut same = restarted(&bed, &[NEW], &ada);
    assert_eq!(whoami(&mut same).await, None);
    assert_eq!(same.get("/").await.status, 303);
    assert_eq!(same.get("/signin").await.status, 200);
    assert_eq!(same.form("/api/auth/signout", &[]).await.status, 303);
    let mut pending = restarted(&bed, &[NEW], &pending);
    assert_eq!(arrive(&mut pending, &callback).await.status, 400, "a sign-in that had begun begins anew");
    let begun = pending.get("/api/auth/signin/authentik").await;
    let callback = bed.op.visit(begun.header("location"), Person::new("Bob"));
    assert_eq!(arrive(&mut pending, &callback).await.status, 303);
}

#[tokio::test]
async fn b09_a_rotated_secret_signs_nobody_out() {
    let bed = Bed::start().await;
    let ada = bed.signed_in(&Person::new("Ada")).await;
    let mut pending = bed.app.browser();
    let callback = bed.visit(&mut pending, "/", &Person::new("Bob")).await;

    let mut rotated = restarted(&bed, &[NEW, SECRET], &ada);
    assert_eq!(whoami(&mut rotated).await.expect("still in")["name"], "Ada");
    let mut pending = restarted(&bed, &[NEW, SECRET], &pending);
    assert_eq!(arrive(&mut pending, &callback).await.status, 303, "a sign-in that had begun goes on");
    // What is sealed now is sealed with the new one.
    let mut after = restarted(&bed, &[NEW], &pending);
    assert_eq!(whoami(&mut after).await.expect("still in")["name"], "Bob");
    // The provider's tokens can still be opened.
    let out = rotated.form("/api/auth/signout", &[]).await;
    assert!(out.header("location").contains("id_token_hint=eyJ"), "{}", out.header("location"));
}

#[tokio::test]
async fn b12_signing_out_everywhere_ends_all_other_sessions_and_what_is_open_there() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada");
    let (mut here, mut there) = (bed.signed_in(&ada).await, bed.signed_in(&ada).await);
    let mut link = bed.app.signed_in("Owner").await;
    let mut bob = bed.signed_in(&Person::new("Bob")).await;
    let mut open_there = watch_a_reply(&bed.app, &mut there).await;
    let mut open_here = here.watch(&format!("/api/turns/{}/events", open_there.sent.turn.id)).await;
    assert_eq!(open_here.status, 200);

    let form = here.form("/api/auth/revoke-others", &[]).await;
    assert_eq!((form.status, form.header("location")), (303, "/settings/sessions"), "{}", form.text);
    open_there.is_cut_off().await;
    assert_eq!(whoami(&mut there).await, None);
    assert_eq!(there.call("/api/conversations/list", &[]).await.status, 401);
    assert!(whoami(&mut here).await.is_some(), "the one that asked stays");
    assert!(whoami(&mut bob).await.is_some() && whoami(&mut link).await.is_some(), "nobody else is concerned");
    open_there.ask.text("to the end");
    open_there.ask.end();
    assert!(open_here.rest().await.iter().any(|event| event.data.contains("to the end")), "it goes on here");
}

#[tokio::test]
async fn b12_one_session_can_be_ended_by_its_user_only() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada");
    let (mut here, mut there) = (bed.signed_in(&ada).await, bed.signed_in(&ada).await);
    let mut bob = bed.signed_in(&Person::new("Bob")).await;
    let mut open = watch_a_reply(&bed.app, &mut there).await;
    let sessions: Vec<SessionSummary> = here.call("/api/auth/sessions", &[]).await.json();
    assert_eq!(sessions.len(), 2);
    assert_eq!(sessions.iter().filter(|session| session.current).count(), 1);
    let other = &sessions.iter().find(|session| !session.current).expect("the other").id;
    assert_eq!(bob.call("/api/auth/revoke", &[("id", other)]).await.status, 404, "somebody else's");
    assert!(whoami(&mut there).await.is_some());
    open.goes_on().await;

    let form = here.form("/api/auth/revoke", &[("id", other)]).await;
    assert_eq!((form.status, form.header("location")), (303, "/settings/sessions"));
    open.is_cut_off().await;
    assert_eq!((whoami(&mut there).await, whoami(&mut here).await.is_some()), (None, true));
    assert_eq!(here.call("/api/auth/revoke", &[("id", other)]).await.status, 404, "it is over");
    // What tells a session from others opens none.
    let mut thief = bed.app.browser();
    thief.cookies.insert("confab".into(), sessions[0].id.clone());
    assert_eq!(whoami(&mut thief).await, None);
}

#[tokio::test]
async fn b12_another_person_in_the_same_browser_ends_the_session_before() {
    let bed = Bed::start().await;
    let mut browser = bed.signed_in(&Person::new("Ada")).await;
    let mut before = browser.clone();
    let mut open = watch_a_reply(&bed.app, &mut browser).await;
    assert_eq!(bed.sign_in(&mut browser, &Person::new("Bob")).await.status, 303);
    open.is_cut_off().await;
    assert_eq!(whoami(&mut before).await, None);
    assert_eq!(whoami(&mut browser).await.expect("signed in")["name"], "Bob");
}

#[tokio::test]
async fn b05_parallel_changes_of_sessions_are_all_made() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada");
    let mut all = Vec::new();
    for _ in 0..6 {
        all.push(bed.signed_in(&ada).await);
    }
    let sessions: Vec<SessionSummary> = all[0].call("/api/auth/sessions", &[]).await.json();
    let others: Vec<&String> = sessions.iter().filter(|session| !session.current).map(|session| &session.id).collect();
    bed.app.clock.advance(61);
    let (mut one, mut two, mut three) = (all[0].clone(), all[0].clone(), all[0].clone());
    let (mut at_door, bob) = (bed.app.browser(), Person::new("Bob"));
    let callback = bed.visit(&mut at_door, "/", &bob).await;
    // Two ends, a note of use and a sign-in at the same time.
    let (first, second) = ([("id", others[0].as_str())], [("id", others[1].as_str())]);
    let (first, second, used, entered) = tokio::join!(
        one.call("/api/auth/revoke", &first),
        two.call("/api/auth/revoke", &second),
        three.get("/"),
        arrive(&mut at_door, &callback),
    );
    assert_eq!([first.status, second.status, used.status, entered.status], [200, 200, 200, 303]);
    let left: Vec<SessionSummary> = all[0].call("/api/auth/sessions", &[]).await.json();
    assert_eq!(left.len(), 4);
    assert!(left.iter().all(|session| session.id != *others[0] && session.id != *others[1]));
    let here = left.iter().find(|session| session.current).expect("this one");
    assert!(here.last_seen_at > here.created_at, "its use was noted");
    assert!(whoami(&mut at_door).await.is_some());
}

#[tokio::test]
async fn b14_forgetting_old_sessions_survives_a_fault_and_goes_on() {
    let bed = Bed::start().await;
    bed.signed_in(&Person::new("Ada")).await;
    let mut recent = bed.signed_in(&Person::new("Bob")).await;
    let mut ended = bed.signed_in(&Person::new("Cleo")).await;
    assert_eq!(ended.form("/api/auth/signout", &[]).await.status, 303);
    bed.app.clock.advance(6 * 24 * 3_600);
    assert!(whoami(&mut recent).await.is_some());
    bed.app.clock.advance(2 * 24 * 3_600);
    let sessions = &bed.app.state.sessions;
    let pool = sqlx::SqlitePool::connect(&bed.app.config.database_url).await.unwrap();
    // For once the table can't be written.
    let trigger = "CREATE TRIGGER broken BEFORE DELETE ON sessions BEGIN SELECT RAISE(ABORT, 'for the test'); END";
    sqlx::query(trigger).execute(&pool).await.unwrap();
    sessions.purge().await;
    assert_eq!(bed.rows("sessions").await, 3);
    sqlx::query("DROP TRIGGER broken").execute(&pool).await.unwrap();
    sessions.purge().await;
    assert_eq!(bed.rows("sessions").await, 1, "what is idle or ended goes, what is used stays");
    assert!(whoami(&mut recent).await.is_some());
}

#[tokio::test]
async fn b15_when_sessions_can_not_be_read_nobody_is_taken_for_a_stranger() {
    let bed = Bed::start().await;
    let mut ada = bed.signed_in(&Person::new("Ada")).await;
    let mut pending = bed.app.browser();
    let callback = bed.visit(&mut pending, "/", &Person::new("Bob")).await;
    bed.app.store.close().await;
    for path in ["/", "/c/1", "/signin", "/settings/sessions", "/api/auth/session", "/api/turns/x/events"] {
        let reply = ada.get(path).await;
        assert_eq!(reply.status, 503, "{path}: {}", reply.text);
        assert!(!reply.header("retry-after").is_empty(), "{path}");
        assert_eq!(reply.header("set-cookie"), "", "{path}: the cookie is kept for better times");
    }
    for path in ["/api/conversations/list", "/api/auth/me", "/api/auth/revoke-others"] {
        assert_eq!(ada.call(path, &[]).await.status, 503, "{path}");
    }
    // Somebody who comes back from the provider is told, too.
    let reply = arrive(&mut pending, &callback).await;
    assert_eq!(reply.status, 503, "{}", reply.text);
    assert!(!pending.cookies.contains_key("confab"));
}

#[tokio::test]
async fn b17_a_cookie_of_a_sibling_domain_has_no_effect() {
    let bed = Bed::with(&[("APP_URL", "https://chat.example.com")]).await;
    let mallory = bed.signed_in(&Person::new("Mallory")).await;
    // What a sibling can set lacks the prefix, whatever is in it.
    let session = &mallory.cookies["__Host-confab"];
    let mut victim = bed.app.browser();
    victim.cookies.insert("confab".into(), session.clone());
    assert_eq!(whoami(&mut victim).await, None);
    let mut ada = bed.signed_in(&Person::new("Ada")).await;
    ada.cookies.insert("confab".into(), session.clone());
    assert_eq!(whoami(&mut ada).await.expect("signed in")["name"], "Ada");

    // An attempt that somebody else began, planted to sign the victim in as them.
    let mut attacker = bed.app.browser();
    let callback = bed.visit(&mut attacker, "/", &Person::new("Mallory")).await;
    let (name, value) = attempts(&attacker).remove(0);
    let mut victim = bed.app.browser();
    victim.cookies.insert(name.trim_start_matches("__Host-").into(), value);
    assert!(!attempts(&victim).is_empty(), "it is planted");
    assert_eq!(arrive(&mut victim, &callback).await.status, 400);
    assert_eq!(whoami(&mut victim).await, None);

    // A planted one beside the good one does no harm.
    let cookies = format!("confab={session}; __Host-confab={}; confab=x", ada.cookies["__Host-confab"]);
    let mut request = bed.app.browser().request(Method::GET, "/api/auth/session").body(Body::empty()).unwrap();
    request.headers_mut().insert(header::COOKIE, cookies.parse().unwrap());
    assert_eq!(bed.app.browser().send(request).await.json::<serde_json::Value>()["user"]["name"], "Ada");
}

#[tokio::test]
async fn a_session_shows_where_it_was_used_last() {
    let bed = Bed::start().await;
    let mut browser = bed.signed_in(&Person::new("Ada")).await;
    let mut visit = async |peer: &str, forwarded: &str| {
        bed.app.clock.advance(61);
        let peer: SocketAddr = peer.parse().unwrap();
        let request = browser.request(Method::GET, "/settings/sessions").header("x-forwarded-for", forwarded);
        let request = request.extension(ConnectInfo(peer)).body(Body::empty()).unwrap();
        browser.send(request).await.text
    };
    let page = visit("203.0.113.9:1234", "6.6.6.6").await;
    assert!(page.contains("203.0.113.9") && !page.contains("6.6.6.6"), "whoever is no proxy of ours is not believed");
    let page = visit("127.0.0.1:1234", "6.6.6.6, 198.51.100.7").await;
    assert!(page.contains("198.51.100.7") && !page.contains("6.6.6.6"), "{page}");
}

#[tokio::test]
async fn b12_a41_who_is_disabled_here_is_out_at_once_and_does_not_get_in_again() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada");
    let mut browser = bed.signed_in(&ada).await;
    let mut reply = watch_a_reply(&bed.app, &mut browser).await;
    let id = whoami(&mut browser).await.expect("signed in")["id"].as_str().unwrap().parse().unwrap();
    assert!(bed.app.state.sessions.disable(id, true).await.unwrap());
    reply.is_cut_off().await;
    assert_eq!(whoami(&mut browser).await, None);
    let refused = bed.sign_in(&mut browser, &ada).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text.contains("This account is disabled"), "{}", refused.text);
    assert_eq!(whoami(&mut browser).await, None);
    assert!(bed.app.state.sessions.disable(id, false).await.unwrap());
    assert_eq!(bed.sign_in(&mut browser, &ada).await.status, 303);
}
