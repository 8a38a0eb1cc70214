//! Beginning a sign-in: what the browser is sent to the provider with, and what it keeps.

use super::bed::{Bed, arrive, begin_reply, query};
use crate::support::{
    Reply,
    hostile_op::{Endpoint, Person},
};
use cookie::{Cookie, SameSite};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashSet};

#[tokio::test]
async fn a01_the_provider_is_asked_for_a_code_with_everything_that_protects_it() {
    let bed = Bed::start().await;
    let mut seen = HashSet::new();
    for _ in 0..5 {
        let asked = query(&bed.begin(&mut bed.app.browser(), "/").await);
        let names: Vec<&str> = asked.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "client_id",
                "code_challenge",
                "code_challenge_method",
                "nonce",
                "redirect_uri",
                "response_type",
                "scope",
                "state"
            ]
        );
        assert_eq!(asked["scope"], "openid profile email offline_access entitlements");
        assert_eq!(asked["redirect_uri"], "http://127.0.0.1:3210/api/auth/callback/authentik");
        assert_eq!(asked["code_challenge"].len(), 43, "SHA-256 (RFC 7636, section 4.2)");
        for name in ["state", "nonce", "code_challenge"] {
            assert!(asked[name].len() >= 22, "128 bits: {name}");
            assert!(seen.insert(asked[name].clone()), "{name} is used once");
        }
    }
    assert_eq!(bed.op.count(Endpoint::Discovery), 1, "the metadata is kept");
}

#[tokio::test]
async fn a05_what_a_stranger_adds_to_the_address_changes_nothing() {
    let bed = Bed::start().await;
    let (mut browser, ada) = (bed.app.browser(), Person::new("Ada"));
    let chosen = "chosen-by-somebody-else";
    let added: Vec<String> = [
        "state",
        "nonce",
        "code_challenge",
        "code_verifier",
        "redirect_uri",
        "client_id",
        "scope",
        "response_mode",
        "code_challenge_method",
        "response_type",
        "request_uri",
        "request",
        "iss",
    ]
    .iter()
    .map(|name| format!("{name}={chosen}"))
    .collect();
    let reply = browser.get(&format!("/api/auth/signin/authentik?callbackUrl=%2F&{}", added.join("&"))).await;
    assert_eq!(reply.status, 303);
    let authorize = reply.header("location").to_owned();
    assert!(!authorize.contains(chosen), "{authorize}");
    assert!(!query(&authorize).contains_key("response_mode"), "{authorize}");
    let callback = bed.op.visit(&authorize, ada);
    assert_eq!(arrive(&mut browser, &callback).await.status, 303);
}

#[tokio::test]
async fn a04_the_attempt_is_a_cookie_that_only_this_browser_has_and_nobody_reads() {
    for (origin, name, secure) in [
        ("http://127.0.0.1:3210", "confab-signin-", false),
        ("https://chat.example.com", "__Host-confab-signin-", true),
    ] {
        let bed = Bed::with(&[("APP_URL", origin)]).await;
        let reply = begin_reply(&mut bed.app.browser(), "/c/secret-path").await;
        let line = reply.header("set-cookie").to_owned();
        let cookie = Cookie::parse(line.clone()).unwrap();
        let id = cookie.name().strip_prefix(name).expect(&line);
        assert!(id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{line}");
        assert_eq!((cookie.path(), cookie.domain()), (Some("/"), None), "{line}");
        assert_eq!(cookie.http_only(), Some(true), "{line}");
        assert_eq!(cookie.secure().unwrap_or_default(), secure, "{line}");
        assert_eq!(cookie.same_site(), Some(SameSite::Lax), "the provider's answer has to carry it: {line}");
        assert_eq!(cookie.max_age().unwrap().whole_seconds(), 600, "{line}");
        let asked = query(reply.header("location"));
        for readable in ["secret-path", &asked["state"], &asked["nonce"], id_of(&asked["state"])] {
            assert!(!cookie.value().contains(readable), "{line}");
        }
        assert!(!line.contains(&asked["state"]), "the name does not tell it either: {line}");
    }
}

fn id_of(state: &str) -> &str {
    &state[..8]
}

#[tokio::test]
async fn a33_the_redirect_uri_is_the_same_however_the_address_is_written() {
    for (variable, written, origin) in [
        ("APP_URL", "https://chat.example.com", "https://chat.example.com"),
        ("APP_URL", "https://chat.example.com/", "https://chat.example.com"),
        ("NEXTAUTH_URL", "https://chat.example.com/api/auth", "https://chat.example.com"),
        ("NEXTAUTH_URL", "https://chat.example.com/api/auth/", "https://chat.example.com"),
        ("AUTH_URL", "https://CHAT.example.com/api/auth", "https://chat.example.com"),
        ("AUTH_URL", "https://chat.example.com:443", "https://chat.example.com"),
        ("APP_URL", "https://chat.example.com:8443/api/auth", "https://chat.example.com:8443"),
        ("APP_URL", "http://127.0.0.1:3210", "http://127.0.0.1:3210"),
    ] {
        // An empty value counts as unset.
        let bed = Bed::with(
            &[("APP_URL", ""), (variable, written)]
                .map(|(name, value)| if name == variable { (name, written) } else { (name, value) }),
        )
        .await;
        let asked = query(&bed.begin(&mut bed.app.browser(), "/").await);
        assert_eq!(asked["redirect_uri"], format!("{origin}/api/auth/callback/authentik"), "{variable}={written}");
    }
}

#[tokio::test]
async fn a42_an_unknown_provider_is_not_there() {
    let bed = Bed::start().await;
    let mut browser = bed.app.browser();
    for provider in ["other", "Authentik", "authentik%00", "keycloak", "..%2fauthentik", "%F0%9F%92%A5"] {
        let page = browser.get(&format!("/api/auth/signin/{provider}?callbackUrl=%2F")).await;
        assert_eq!((page.status, page.header("location")), (404, ""), "{provider}");
        assert!(page.header("content-type").starts_with("text/html"), "{provider}");
        let form = browser.form("/api/auth/signin", &[("provider", provider), ("back", "/")]).await;
        let back = form.header("location");
        assert!(form.status == 303 && back.starts_with("/signin?error="), "{provider}: {} {back}", form.status);
    }
    assert!(browser.cookies.is_empty());
    assert_eq!(bed.op.count(Endpoint::Discovery), 0);
}

#[tokio::test]
async fn a_form_begins_a_sign_in_like_a_link() {
    let bed = Bed::start().await;
    let mut browser = bed.app.browser();
    let form = browser.form("/api/auth/signin", &[("provider", "authentik"), ("back", "/c/1")]).await;
    assert_eq!(form.status, 303, "{}", form.text);
    let callback = bed.op.visit(form.header("location"), Person::new("Ada"));
    assert_eq!(arrive(&mut browser, &callback).await.header("location"), "/c/1");

    // A page that has woken up gets the address and goes there itself.
    let mut browser = bed.app.browser();
    let called = browser.call("/api/auth/signin", &[("provider", "authentik"), ("back", "/c/2")]).await;
    assert_eq!(called.status, 200, "{}", called.text);
    let callback = bed.op.visit(&called.json::<String>(), Person::new("Ada"));
    assert_eq!(arrive(&mut browser, &callback).await.header("location"), "/c/2");
}

#[tokio::test]
async fn the_sign_in_page_goes_straight_on_when_it_shall_and_never_in_circles() {
    let bed = Bed::with(&[("AUTH_AUTO_REDIRECT", "1")]).await;
    let mut browser = bed.app.browser();
    let straight = browser.get("/signin?callbackUrl=%2Fc%2F1").await;
    assert_eq!(straight.status, 303);
    let begun = browser.get(straight.header("location")).await;
    let callback = bed.op.visit(begun.header("location"), Person::new("Ada"));
    assert_eq!(arrive(&mut browser, &callback).await.header("location"), "/c/1");
    for after in ["signedOut=1", "error=unreachable&provider=authentik", "error=1"] {
        assert_eq!(bed.app.browser().get(&format!("/signin?{after}")).await.status, 200, "{after}");
    }
}

#[tokio::test]
async fn another_account_can_be_asked_for() {
    let bed = Bed::start().await;
    for (address, prompt) in [
        ("/api/auth/signin/authentik?again=1", Some("login")),
        ("/api/auth/signin/authentik?again=", None),
        ("/api/auth/signin/authentik?callbackUrl=%2F", None),
    ] {
        let reply = bed.app.browser().get(address).await;
        assert_eq!(query(reply.header("location")).get("prompt").map(String::as_str), prompt, "{address}");
    }
}

#[tokio::test]
async fn scripts_are_told_of_providers_and_of_the_session_in_the_shape_of_auth_js() {
    let bed = Bed::start().await;
    let json = |reply: Reply| {
        assert_eq!((reply.status, reply.header("content-type")), (200, "application/json"));
        reply.json::<Value>()
    };
    let expected = json!({ "authentik": {
        "id": "authentik", "name": "Authentik", "type": "oidc",
        "signinUrl": "/api/auth/signin/authentik", "callbackUrl": "/api/auth/callback/authentik",
    }});
    assert_eq!(json(bed.app.browser().get("/api/auth/providers").await), expected);
    assert_eq!(json(bed.app.browser().get("/api/auth/session").await), Value::Null);

    let mut ada = bed.signed_in(&Person::new("Ada")).await;
    let session = json(ada.get("/api/auth/session").await);
    let members = |value: &Value| -> BTreeSet<String> { value.as_object().unwrap().keys().cloned().collect() };
    assert_eq!(members(&session), BTreeSet::from(["user", "expires"].map(String::from)));
    assert_eq!(members(&session["user"]), BTreeSet::from(["id", "name", "email", "image"].map(String::from)));
    assert_eq!(session["user"]["image"], Value::Null);
    // Thirty days after the clock's 2026-11-23T09:00:00Z.
    assert_eq!(session["expires"], "2026-12-23T09:00:00Z");
}
