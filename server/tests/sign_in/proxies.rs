//! What a request says of itself and of its sender counts for nothing (catalogue rows A32, C09, D09, D10).

use super::{
    bed::{Bed, ORIGIN, query, whoami},
    log::Log,
};
use crate::support::{Browser, Reply, browser::form_body, hostile_op::Person};
use axum::{
    body::Body,
    http::{Method, header},
};

/// What a stranger, or a proxy that nobody trusts, may claim about where a request came from.
const SPOOFED: [(&str, &str); 12] = [
    ("host", "evil.example"),
    ("x-forwarded-host", "evil.example"),
    ("x-forwarded-proto", "https"),
    ("x-forwarded-scheme", "https"),
    ("x-forwarded-port", "444"),
    ("x-forwarded-prefix", "/evil"),
    ("x-forwarded-for", "6.6.6.6"),
    ("x-real-ip", "6.6.6.6"),
    ("forwarded", "for=6.6.6.6;host=evil.example;proto=https"),
    ("x-original-url", "/api/auth/callback/evil"),
    ("x-rewrite-url", "/evil"),
    ("x-forwarded-server", "evil.example"),
];

/// A request with these headers in the place of a browser's own.
async fn with(browser: &mut Browser, method: Method, path: &str, headers: &[(&'static str, &str)]) -> Reply {
    let mut request = browser.request(method, path).header(header::ACCEPT, "text/html");
    for (name, value) in headers {
        request.headers_mut().unwrap().insert(*name, value.parse().unwrap());
    }
    browser.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a32_the_redirect_uri_comes_from_the_settings_alone() {
    let bed = Bed::start().await;
    let (mut browser, mut all) = (bed.app.browser(), SPOOFED.map(|one| vec![one]).to_vec());
    all.push(SPOOFED.to_vec());
    for headers in all {
        let begun = with(&mut browser, Method::GET, "/api/auth/signin/authentik", &headers).await;
        assert_eq!(begun.status, 303, "{headers:?}");
        let asked = query(begun.header("location"));
        assert_eq!(asked["redirect_uri"], format!("{ORIGIN}/api/auth/callback/authentik"), "{headers:?}");
        let callback = bed.op.visit(begun.header("location"), Person::new("Ada"));
        let path = callback.strip_prefix(ORIGIN).unwrap();
        let back = with(&mut browser, Method::GET, path, &headers).await;
        assert_eq!((back.status, back.header("location")), (303, "/"), "{headers:?}");
        let failed = with(&mut bed.app.browser(), Method::GET, path, &headers).await;
        assert!(failed.status == 400 && !failed.text.contains("evil"), "{headers:?}: {}", failed.text);
    }
}

#[tokio::test]
async fn d09_spoofed_headers_change_no_cookie_no_decision_and_no_line_of_the_log() {
    let bed = Bed::start().await;
    let log = Log::listen();
    let mut browser = bed.signed_in(&Person::new("Ada")).await;
    let page = with(&mut browser, Method::GET, "/", &SPOOFED).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("strict-transport-security"), "", "nobody came by https");
    assert!(!page.text.contains("evil.example"), "{}", page.text);
    let mut stranger = bed.app.browser();
    let lost = with(&mut stranger, Method::GET, "/c/1", &SPOOFED).await;
    assert_eq!((lost.status, lost.header("location")), (303, "/signin?callbackUrl=%2Fc%2F1"));
    let begun = with(&mut stranger, Method::GET, "/api/auth/signin/authentik", &SPOOFED).await;
    assert!(!begun.header("set-cookie").contains("Secure"), "{}", begun.header("set-cookie"));

    // A form of evil.example that says it came from there, to whoever believes the host.
    let mut request = browser.request(Method::POST, "/api/auth/signout").header(header::ORIGIN, "https://evil.example");
    request.headers_mut().unwrap().remove("sec-fetch-site");
    for (name, value) in SPOOFED {
        request.headers_mut().unwrap().insert(name, value.parse().unwrap());
    }
    assert_eq!(browser.send(form_body(request, &[])).await.status, 403);
    let log = log.text();
    assert!(log.contains("request"), "it was listened to");
    assert!(!log.contains("6.6.6.6") && !log.contains("evil"), "{log}");
}

#[tokio::test]
async fn c09_nobody_is_who_a_header_says() {
    let bed = Bed::start().await;
    let mut ada = bed.signed_in(&Person::new("Ada")).await;
    let bob = bed.signed_in(&Person::new("Bob")).await;
    let id = whoami(&mut bob.clone()).await.expect("signed in")["id"].as_str().unwrap().to_owned();
    let basic = "Basic Qm9iOmJvYg==";
    let bearer = format!("Bearer {}", bob.cookies["confab"]);
    let token = format!("Bearer {}", bed.op.last_id_token());
    for (name, value) in [
        ("x-user", "Bob"),
        ("x-user-id", &id),
        ("x-forwarded-user", "Bob"),
        ("x-forwarded-email", "bob@example.test"),
        ("x-forwarded-groups", "chat-users,admins"),
        ("x-forwarded-preferred-username", "bob"),
        ("x-auth-request-user", "bob"),
        ("x-authentik-email", "bob@example.test"),
        ("x-authentik-username", "bob"),
        ("x-authentik-uid", &Person::new("Bob").sub),
        ("x-authentik-jwt", &bed.op.last_id_token()),
        ("remote-user", "bob"),
        ("x-remote-user", "bob"),
        ("authorization", basic),
        ("authorization", &bearer),
        ("authorization", &token),
        ("x-session-token", &bob.cookies["confab"]),
    ] {
        let mut stranger = bed.app.browser();
        let session = with(&mut stranger, Method::GET, "/api/auth/session", &[(name, value)]).await;
        assert_eq!((session.status, session.text.as_str()), (200, "null"), "{name}");
        assert_eq!(with(&mut stranger, Method::GET, "/", &[(name, value)]).await.status, 303, "{name}");
        let session = with(&mut ada, Method::GET, "/api/auth/session", &[(name, value)]).await;
        assert_eq!(session.json::<serde_json::Value>()["user"]["name"], "Ada", "{name}");
    }
    assert_eq!(bed.users().await, 2);
}

/// Each server function as a plain form with this `Referer`, from a page of this site or of another one.
async fn forms_from(bed: &Bed, site: &str, referer: &str) -> Vec<(String, Reply)> {
    let mut replies = Vec::new();
    for (path, _) in server_fn::axum::server_fn_paths() {
        let mut browser = bed.signed_in(&Person::new("Ada")).await;
        let mut request = browser.request(Method::POST, path).header(header::ACCEPT, "text/html");
        request = request.header(header::REFERER, referer);
        request.headers_mut().unwrap().insert("sec-fetch-site", site.parse().unwrap());
        let request = form_body(request, &[("provider", "none"), ("token", "x"), ("id", "x")]);
        replies.push((path.to_owned(), browser.send(request).await));
    }
    replies
}

const REFERERS: [&str; 5] = [
    "https://evil.example/",
    "//evil.example/",
    "http://127.0.0.1:3210.evil.example/",
    "http://127.0.0.1:3210@evil.example/",
    "javascript:alert(1)",
];

#[tokio::test]
async fn d10_a_form_of_another_site_leads_nowhere() {
    let bed = Bed::start().await;
    for referer in REFERERS {
        for (path, reply) in forms_from(&bed, "cross-site", referer).await {
            assert_eq!((reply.status, reply.header("location")), (403, ""), "{path} with {referer}");
        }
    }
}

#[tokio::test]
async fn d10_no_form_leads_to_where_a_foreign_referer_says() {
    let bed = Bed::start().await;
    for referer in REFERERS {
        for (path, reply) in forms_from(&bed, "same-origin", referer).await {
            // Only with these statuses a browser goes where the header says (RFC 9110, section 15.4).
            if !(300..400).contains(&reply.status) {
                continue;
            }
            let location = reply.header("location");
            let landed = url::Url::parse(ORIGIN).unwrap().join(location).unwrap();
            // Signing out leads to the provider.
            let own = landed.origin().ascii_serialization() == ORIGIN || location.starts_with(&bed.op.issuer());
            assert!(own, "{path} with {referer}: {} {location}", reply.status);
        }
    }
}

#[tokio::test]
async fn l05_who_comes_by_another_name_is_told_the_right_one() {
    let bed = Bed::start().await;
    let mut browser = bed.app.browser();
    let mut request = browser.request(Method::POST, "/api/auth/signin");
    let headers = request.headers_mut().unwrap();
    headers.insert(header::ORIGIN, "http://chat.home:3210".parse().unwrap());
    // Browsers send it to https and the loopback address only.
    headers.remove("sec-fetch-site");
    let reply = browser.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(reply.status, 403);
    assert!(reply.text.contains(ORIGIN) && reply.text.contains("APP_URL"), "{}", reply.text);
    // The cookie of the attempt was set for the other name: the callback does not find it, and begins no loop.
    let authorize = bed.begin(&mut browser, "/").await;
    let callback = bed.op.visit(&authorize, Person::new("Ada"));
    let lost = with(&mut bed.app.browser(), Method::GET, callback.strip_prefix(ORIGIN).unwrap(), &[]).await;
    assert_eq!(lost.status, 400);
    assert!(lost.text.contains("another address of this server") && lost.text.contains(ORIGIN), "{}", lost.text);
}
