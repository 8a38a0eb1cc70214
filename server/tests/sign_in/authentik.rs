//! What a real Authentik sent, played back: metadata, keys, tokens of each kind, refusals and logout tokens.

mod replay;

use super::bed::{arrive, assert_fails, whoami};
use crate::support::{Reply, browser::form_body};
use axum::http::{Method, Request};
use chat::{
    Role, UserId,
    ports::{Clock, Ids, NewSession, ProviderSession, Sessions, Users},
    user::Identity,
};
use replay::{ES256, HS256, JWE, RS256, Replay};
use server::auth::token;
use tower_sessions::session::Id;

const ALICE: &str = "45f56248e32bd3c01474a1ffa97c9ce73e5b9a2e509b100e6c428b897a685c09";

#[tokio::test]
async fn a01_a28_a_recorded_sign_in_works_for_each_way_to_sign() {
    for recording in [RS256, ES256, HS256] {
        let replay = Replay::start(recording).await;
        let (mut browser, what) = (replay.browser_that_began(), recording.name);
        let reply = arrive(&mut browser, recording.callback.trim()).await;
        assert_eq!((reply.status, reply.header("location")), (303, "/c/1"), "{what}: {}", reply.text);
        let user = whoami(&mut browser).await.expect("signed in");
        assert_eq!((user["name"].as_str(), user["email"].as_str()), (Some("Alice Admin"), Some("alice@example.test")));
        let sent = replay.last_form();
        for (name, value) in recording.token_request() {
            assert_eq!(sent.get(&name), Some(&value), "{what}: {name} as it was sent then");
        }
        let payload = recording.payload();
        let rows = replay.rows("SELECT subject || ' ' || issuer || ' ' || role FROM users").await;
        assert_eq!(rows, [format!("{ALICE} {} admin", payload["iss"].as_str().unwrap())], "{what}");
        let sids = replay.rows("SELECT provider_sid FROM sessions").await;
        assert_eq!(sids, [payload["sid"].as_str().unwrap()], "{what}");
    }
}

#[tokio::test]
async fn a16_a19_a_recorded_token_that_is_changed_or_old_is_refused() {
    for recording in [RS256, ES256, HS256] {
        let replay = Replay::start(recording).await;
        let text = recording.id_token();
        let at = text.len() - 10;
        let other = if &text[at..=at] == "A" { "B" } else { "A" };
        replay.answer_with(&recording.token.replace(&text, &format!("{}{other}{}", &text[..at], &text[at + 1..])));
        let mut browser = replay.browser_that_began();
        let reply = arrive(&mut browser, recording.callback.trim()).await;
        assert_eq!(reply.status, 400, "{}", recording.name);
        assert_fails(&mut browser, &reply, recording.name).await;

        let replay = Replay::start(recording).await;
        replay.app.clock.advance(3_700);
        let mut browser = replay.browser_that_began();
        let reply = arrive(&mut browser, recording.callback.trim()).await;
        assert_eq!(reply.status, 400, "{}", recording.name);
        assert!(reply.text.to_lowercase().contains("clock"), "{}", reply.text);
    }
}

#[tokio::test]
async fn a23_a_recorded_access_token_is_no_id_token() {
    for recording in [RS256, ES256, HS256] {
        let replay = Replay::start(recording).await;
        replay.answer_with(&recording.token.replace(&recording.id_token(), &recording.access_token()));
        let mut browser = replay.browser_that_began();
        let reply = arrive(&mut browser, recording.callback.trim()).await;
        assert_eq!(reply.status, 400, "{}", recording.name);
        assert_fails(&mut browser, &reply, recording.name).await;
    }
}

#[tokio::test]
async fn a_recorded_encrypted_answer_is_told_as_such() {
    let replay = Replay::start(JWE).await;
    let mut browser = replay.browser_that_began();
    let reply = arrive(&mut browser, JWE.callback.trim()).await;
    assert_eq!(reply.status, 400);
    assert_fails(&mut browser, &reply, "encrypted").await;
    assert!(reply.text.contains("Encryption Key"), "{}", reply.text);
}

#[tokio::test]
async fn a40_recorded_refusals_are_told_in_words() {
    for (answer, words) in [
        (include_str!("../fixtures/oidc/authentik/errors/invalid_grant.json"), "used before"),
        (include_str!("../fixtures/oidc/authentik/errors/invalid_client.json"), "AUTH_AUTHENTIK_SECRET"),
    ] {
        let replay = Replay::start(RS256).await;
        replay.refuse_with(answer);
        let mut browser = replay.browser_that_began();
        let reply = arrive(&mut browser, RS256.callback.trim()).await;
        assert_eq!(reply.status, 400);
        assert_fails(&mut browser, &reply, words).await;
        assert!(reply.text.contains(words), "{words}: {}", reply.text);
    }
}

#[tokio::test]
async fn a09_recorded_callbacks_with_errors_sign_nobody_in() {
    let callbacks = include_str!("../fixtures/oidc/authentik/errors/callbacks.txt");
    assert_eq!(callbacks.lines().count(), 4);
    let replay = Replay::start(RS256).await;
    for callback in callbacks.lines() {
        let mut browser = replay.browser_that_began_with("st", "nonce", "verifier");
        let reply = arrive(&mut browser, callback).await;
        assert_eq!(reply.status, 400, "{callback}");
        assert_fails(&mut browser, &reply, callback).await;
        let words = super::bed::query(callback)["error_description"].clone();
        assert!(reply.text.contains(&words), "{callback}: {}", reply.text);
    }
}

/// A browser with a session that began at the provider as this `sid`.
async fn session(replay: &Replay, sub: &str, sid: &str) -> crate::support::Browser {
    let (app, store) = (&replay.app, &replay.app.store);
    let identity = Identity { issuer: replay.issuer(), subject: sub.into(), ..Identity::local(&sid[..4]) };
    let (now, user) = (app.clock.now(), UserId(server::clock::System.new_id()));
    let user = store.sign_in(&identity, Role::Member, user, now).await.unwrap().id;
    let id = Id::default();
    let provider = ProviderSession {
        provider: "authentik".into(),
        sid: Some(sid.into()),
        tokens: Vec::new(),
        can_be_asked: false,
    };
    let session = NewSession {
        hash: token::hash(&id.to_string()),
        user,
        user_agent: String::new(),
        address: None,
        created_at: now,
        expires_at: now.plus_seconds(86_400),
        provider: Some(provider),
    };
    assert!(store.create(&session).await.unwrap());
    let mut browser = app.browser();
    browser.cookies.insert("confab".into(), app.state.cookie.seal(&id.to_string()).unwrap());
    assert!(whoami(&mut browser).await.is_some());
    browser
}

#[tokio::test]
async fn a38_recorded_logout_tokens_end_their_sessions() {
    let replay = Replay::start(RS256).await;
    // They came ten minutes after the recorded sign-in.
    replay.app.clock.advance(600);
    const BOB: &str = "0772ee1a86ed7a7b6f09eb514679eaff706fa9fa8cce23d0d9020d85c9be989b";
    const BOBS: &str = "2ddc5b7d45ead4e5da19513ca1deb56b216d75c06f88b6584c34f4024a2eee80";
    let mut alice = session(&replay, ALICE, "36af811d3bf2fd51f398580dfc0e6f32467ce99f2ca5e0d4977db20b9c71d438").await;
    let mut elsewhere = session(&replay, ALICE, &"0".repeat(64)).await;
    let mut bob = session(&replay, BOB, BOBS).await;
    // As it came: from the worker, as a form, without anything that a browser adds.
    let tell = async |text: &str| -> Reply {
        let request = Request::builder().method(Method::POST).uri("/api/auth/backchannel-logout/authentik");
        let request = request.header("user-agent", "authentik@2025.12.4").header("accept", "*/*");
        replay.app.browser().send(form_body(request, &[("logout_token", text.trim())])).await
    };
    let of_alice = include_str!("../fixtures/oidc/authentik/rs256/logout-token-alice.txt");
    assert_eq!(tell(of_alice).await.status, 200);
    assert_eq!(whoami(&mut alice).await, None);
    assert!(whoami(&mut elsewhere).await.is_some() && whoami(&mut bob).await.is_some());
    assert_eq!(tell(of_alice).await.status, 400, "once");
    assert_eq!(tell(include_str!("../fixtures/oidc/authentik/rs256/logout-token-bob.txt")).await.status, 200);
    assert_eq!(whoami(&mut bob).await, None);
}
