//! What pages and answers about signing in carry, and that no odd path leads past the door (catalogue rows B19, C13,
//! D08).

use super::bed::{Bed, Open, arrive, watch_a_reply};
use crate::support::{Browser, Reply, hostile_op::Person};
use axum::{
    body::Body,
    http::{Method, header},
};

/// A conversation that nobody else may see, and the words in it.
async fn secret_of(bed: &Bed, browser: &mut Browser) -> Open {
    let open = watch_a_reply(&bed.app, browser).await;
    open.ask.end();
    open
}

#[tokio::test]
async fn b19_no_answer_to_somebody_is_kept_for_somebody_else() {
    let bed = Bed::start().await;
    let mut browser = bed.app.browser();
    let authorize = bed.begin(&mut browser, "/").await;
    let callback = bed.op.visit(&authorize, Person::new("Ada"));
    let entered = arrive(&mut browser, &callback).await;
    assert_eq!(entered.status, 303);
    let again = arrive(&mut browser, &callback).await;
    let failed = arrive(&mut bed.app.browser(), &callback).await;
    let open = secret_of(&bed, &mut browser).await;
    let mut replies = vec![("entered", entered), ("again", again), ("failed", failed)];
    let own = format!("/c/{}", open.sent.conversation.id);
    for (name, path) in [
        ("the first page", "/"),
        ("a conversation", own.as_str()),
        ("sessions", "/settings/sessions"),
        ("the session", "/api/auth/session"),
        ("begun", "/api/auth/signin/authentik"),
        ("signed in already", "/signin"),
    ] {
        replies.push((name, browser.get(path).await));
    }
    for path in ["/api/conversations/list", "/api/auth/me", "/api/auth/sessions", "/api/auth/revoke-others"] {
        replies.push((path, browser.call(path, &[]).await));
    }
    let events = browser.watch(&format!("/api/turns/{}/events", open.sent.turn.id)).await;
    replies.push(("events", Reply { status: events.status, headers: events.headers.clone(), text: String::new() }));
    replies.push(("signed out", browser.form("/api/auth/signout", &[]).await));
    for (name, reply) in replies {
        let kept = reply.header("cache-control");
        assert!(kept.contains("private") && kept.contains("no-store"), "{name} ({}): {kept:?}", reply.status);
    }
}

#[tokio::test]
async fn d08_nothing_about_signing_in_can_be_framed_or_opened_by_others() {
    let bed = Bed::start().await;
    let mut ada = bed.signed_in(&Person::new("Ada")).await;
    let mut stranger = bed.app.browser();
    let pages = [
        ("the sign-in page", stranger.get("/signin?callbackUrl=%2Fc%2F1").await, 200),
        ("signed out", stranger.get("/signin?signedOut=1").await, 200),
        ("a failure", stranger.get("/api/auth/callback/authentik?code=1&state=2").await, 400),
        ("no such provider", stranger.get("/api/auth/signin/other").await, 404),
        ("a login link", stranger.get("/login/abc").await, 410),
        ("begun", stranger.get("/api/auth/signin/authentik").await, 303),
        ("sessions", ada.get("/settings/sessions").await, 200),
        ("the first page", ada.get("/").await, 200),
    ];
    for (name, page, status) in pages {
        assert_eq!(page.status, status, "{name}: {}", page.text);
        let policy = page.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{name}: {policy}");
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"), "{name}: {policy}");
        assert_eq!(page.header("x-frame-options"), "DENY", "{name}");
        assert_eq!(page.header("cross-origin-opener-policy"), "same-origin", "{name}");
        assert_eq!(page.header("referrer-policy"), "same-origin", "{name}: codes stand in addresses");
        let code = page.text.contains(" onclick=") || page.text.contains(" style=\"");
        assert!(!code, "{name}: something that the policy forbids");
    }
}

/// Ways to write a path that another reader of it could take for another one.
fn tricks(path: &str) -> Vec<String> {
    let (first, rest) = path[1..].split_once('/').unwrap_or((&path[1..], ""));
    let upper = path.to_uppercase();
    let encoded: String = path.bytes().map(|byte| format!("%{byte:02x}")).collect();
    vec![
        format!("/{path}"),
        format!("//{path}"),
        format!("/.{path}"),
        format!("/signin/..{path}"),
        format!("/signin/%2e%2e{path}"),
        format!("/signin%2f..{path}"),
        format!("/pkg/..{path}"),
        format!("/pkg/%2e%2e{path}"),
        format!("/health/..{path}"),
        format!("/health;{path}"),
        format!("{path};jsessionid=1"),
        format!("{path};/signin"),
        format!("{path}/"),
        format!("{path}//"),
        format!("{path}/."),
        format!("{path}/../signin"),
        format!("{path}%20"),
        format!("{path}%00"),
        format!("{path}%0a"),
        format!("{path}%3f"),
        format!("{path}.css"),
        format!("{path}.json"),
        format!("{path}?/signin"),
        format!("{path}?x=/health"),
        format!("{path}#/signin"),
        format!("/{first}%2f{rest}"),
        format!("/{first}//{rest}"),
        format!("/{first}/./{rest}"),
        format!("/{first}\\{rest}"),
        format!("/{encoded}"),
        upper,
    ]
}

#[tokio::test]
async fn c13_no_way_to_write_a_path_leads_past_the_door() {
    let bed = Bed::start().await;
    let mut ada = bed.signed_in(&Person::new("Ada Lovelace")).await;
    let open = secret_of(&bed, &mut ada).await;
    let conversation = format!("/c/{}", open.sent.conversation.id);
    let events = format!("/api/turns/{}/events", open.sent.turn.id);
    assert!(ada.get(&conversation).await.text.contains("Count"), "there is something to be found");
    let mut tried = 0;
    for path in ["/", &conversation, &events, "/settings/sessions", "/api/conversations/list", "/api/auth/sessions"] {
        for trick in tricks(path) {
            for method in [Method::GET, Method::POST] {
                let mut stranger = bed.app.browser();
                let Ok(request) = stranger
                    .request(method.clone(), &trick)
                    .header(header::ACCEPT, "text/html")
                    .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body(Body::empty())
                else {
                    continue;
                };
                let reply = stranger.send(request).await;
                tried += 1;
                let public = reply.status == 200 && reply.text.contains("Sign in to Confab");
                let kept_out = matches!(reply.status, 302 | 303 | 400 | 401 | 404 | 405) || public;
                assert!(kept_out, "{method} {trick}: {} {}", reply.status, reply.text);
                assert!(!reply.text.contains("Count") && !reply.text.contains("Lovelace"), "{method} {trick}");
                let away = reply.header("location");
                assert!(away.is_empty() || (away.starts_with('/') && !away.starts_with("//")), "{trick}: {away}");
            }
        }
    }
    assert!(tried > 200, "{tried}");
}
