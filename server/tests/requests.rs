//! What may call what from where, and what every response carries (catalogue rows D, E06, H08).

use crate::support::{Browser, TestApp, browser::form_body};
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use chat::{SendKey, ports::Sent};
use std::collections::HashSet;
use uuid::Uuid;

/// A request with a signed-in browser's cookies and nothing else.
fn bare(browser: &Browser, method: Method, path: &str) -> http::request::Builder {
    let cookies: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    Request::builder().method(method).uri(path).header(header::COOKIE, cookies.join("; "))
}

#[tokio::test]
async fn d01_what_another_site_makes_a_browser_send_is_refused() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let own = browser.origin().to_owned();
    let paths: Vec<&str> = server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    assert!(paths.len() > 10);
    let elsewhere: [&[(&str, &str)]; 7] = [
        &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
        &[("sec-fetch-site", "same-site"), ("origin", "http://sibling.127.0.0.1:3210")],
        &[("sec-fetch-site", "cross-site"), ("origin", &own)],
        &[("origin", "null")],
        &[("origin", "https://evil.example")],
        &[("origin", "http://127.0.0.1:3210.evil.example")],
        &[],
    ];
    for path in &paths {
        for headers in elsewhere {
            for content_type in [
                "application/x-www-form-urlencoded",
                "text/plain",
                "application/json",
                "multipart/form-data; boundary=x",
            ] {
                let mut request = bare(&browser, Method::POST, path).header(header::CONTENT_TYPE, content_type);
                for (name, value) in headers {
                    request = request.header(*name, *value);
                }
                let reply = browser.send(request.body(Body::from("text=hi")).unwrap()).await;
                assert_eq!(reply.status, 403, "{path} {headers:?} {content_type}");
                assert_eq!(reply.header("set-cookie"), "");
            }
        }
    }
    for headers in [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "none"), ("origin", own.as_str())] {
        let request = bare(&browser, Method::POST, "/api/conversations/list").header(headers.0, headers.1);
        assert_eq!(browser.send(form_body(request, &[])).await.status, 200, "{headers:?}");
    }
}

#[tokio::test]
async fn d02_no_get_changes_anything() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let token = app.login_token(&app.user("Bob").await).await;
    for (path, method) in server_fn::axum::server_fn_paths() {
        assert_eq!(method, Method::POST, "{path}");
        for method in [Method::GET, Method::HEAD] {
            let request =
                browser.request(method.clone(), &format!("{path}?token={token}")).body(Body::empty()).unwrap();
            let status = browser.send(request).await.status;
            assert!(matches!(status, 404 | 405), "{method} {path}: {status}");
        }
    }
    let page = browser.get(&format!("/login/{token}")).await;
    assert!(page.text.contains("Continue as Bob"), "the link has not been used up");
    assert_eq!(browser.call("/api/conversations/list", &[]).await.status, 200, "still signed in");
}

#[tokio::test]
async fn d03_unknown_methods_and_overrides_do_nothing() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    for method in ["TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "OPTIONS", "PROPFIND", "BREW"] {
        for path in ["/", "/signin", "/api/auth/signout", "/health", "/pkg/app.js", "/nothing"] {
            let request =
                browser.request(Method::from_bytes(method.as_bytes()).unwrap(), path).body(Body::empty()).unwrap();
            assert_eq!(browser.send(request).await.status, 405, "{method} {path}");
        }
    }
    let request = browser
        .request(Method::GET, "/api/auth/signout?_method=POST")
        .header("x-http-method-override", "POST")
        .body(Body::empty())
        .unwrap();
    browser.send(request).await;
    assert_eq!(browser.call("/api/conversations/list", &[]).await.status, 200, "still signed in");
}

#[tokio::test]
async fn d04_no_other_origin_may_read() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let suffix = format!("{}.evil.example", browser.origin());
    for origin in ["https://evil.example", "null", &suffix, "http://127.0.0.1"] {
        for (method, path) in [(Method::GET, "/"), (Method::OPTIONS, "/api/turns/send"), (Method::GET, "/health")] {
            let request = browser
                .request(method, path)
                .header(header::ORIGIN, origin)
                .header("access-control-request-method", "POST")
                .body(Body::empty())
                .unwrap();
            let reply = browser.send(request).await;
            let allows = reply.headers.keys().find(|name| name.as_str().starts_with("access-control-"));
            assert_eq!(allows, None, "{origin} {path}");
        }
    }
}

#[tokio::test]
async fn d05_every_page_has_a_policy_with_a_fresh_nonce() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let mut nonces = HashSet::new();
    for path in ["/", "/c/0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee", "/nothing/here", "/login/x", "/", "/"] {
        let page = browser.get(path).await;
        let policy = page.header("content-security-policy").to_owned();
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect(path).to_owned();
        for rule in [
            "default-src 'none'",
            "'wasm-unsafe-eval'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "object-src 'none'",
        ] {
            assert!(policy.contains(rule), "{path}: {rule} is not in {policy}");
        }
        assert!(!policy.contains("strict-dynamic") && !policy.contains("unsafe-inline"), "{policy}");
        assert!(!policy.contains("'unsafe-eval'"), "{policy}");
        for script in page.text.split("<script").skip(1) {
            assert!(
                script.split('>').next().unwrap().contains(&nonce),
                "{path}: a script without the nonce: {script:.80}"
            );
        }
        assert!(!page.text.contains(" style=\"") && !page.text.contains(" onclick="), "{path}");
        assert!(nonce.len() >= 16 && nonces.insert(nonce), "{path}: a nonce is used once");
    }
}

#[tokio::test]
async fn d06_every_response_carries_the_headers() {
    for https in [false, true] {
        let variables: &[(&str, &str)] = if https { &[("APP_URL", "https://chat.example.com")] } else { &[] };
        let app = TestApp::with(variables).await;
        let mut browser = app.signed_in("Ada").await;
        for (method, path) in [
            (Method::GET, "/"),
            (Method::GET, "/nothing"),
            (Method::GET, "/pkg/nothing.js"),
            (Method::GET, "/health"),
            (Method::GET, "/api/turns/x/events"),
            (Method::POST, "/api/conversations/list"),
            (Method::POST, "/api/nothing"),
            (Method::PUT, "/"),
        ] {
            let request = form_body(browser.request(method.clone(), path), &[]);
            let reply = browser.send(request).await;
            assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(reply.header("referrer-policy"), "same-origin", "{path}");
            assert_eq!(reply.header("x-frame-options"), "DENY", "{path}");
            assert_eq!(reply.header("cross-origin-opener-policy"), "same-origin", "{path}");
            assert_eq!(reply.header("cross-origin-resource-policy"), "same-origin", "{path}");
            assert!(reply.header("permissions-policy").contains("camera=()"), "{path}");
            assert!(reply.header("content-security-policy").contains("default-src 'none'"), "{path}");
            assert!(
                reply.header("cache-control").contains("no-store"),
                "{method} {path}: {}",
                reply.header("cache-control")
            );
            assert_eq!(reply.header("strict-transport-security").is_empty(), !https, "{path}");
        }
    }
}

#[tokio::test]
async fn e05_names_and_titles_are_text_wherever_they_show() {
    let app = TestApp::start().await;
    let hostile = "<img src=x onerror=alert(1)>\"'&";
    let mut browser = app.signed_in(hostile).await;
    let key = SendKey(Uuid::from_u128(1)).to_string();
    let sent: Sent = browser.call("/api/turns/send", &[("key", &key), ("text", hostile)]).await.json();
    let ask = app.models.next().await;
    ask.fail(chat::Failure { kind: chat::FailureKind::Provider, message: hostile.into() });
    browser.watch(&format!("/api/turns/{}/events", sent.turn.id)).await.rest().await;
    for path in ["/".to_owned(), format!("/c/{}", sent.conversation.id)] {
        let page = browser.get(&path).await.text;
        assert!(page.contains("&lt;img src=x onerror=alert(1)"), "{path} shows it");
        // In the data for the waking page `<` is written as an escape.
        assert!(!page.contains("<img src=x"), "{path} holds it as markup");
    }
}

#[tokio::test]
async fn e06_data_in_the_page_can_not_end_its_script() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let hostile = "</script><script>alert(1)</script><!-- \u{2028} ]]>";
    let key = SendKey(Uuid::from_u128(1)).to_string();
    let sent: Sent = browser.call("/api/turns/send", &[("key", &key), ("text", hostile)]).await.json();
    let ask = app.models.next().await;
    ask.text(hostile);
    ask.end();
    browser.watch(&format!("/api/turns/{}/events", sent.turn.id)).await.rest().await;
    let page = browser.get(&format!("/c/{}", sent.conversation.id)).await.text;
    assert!(!page.contains("<script>alert(1)"), "{page}");
    for script in page.split("<script").skip(1) {
        let body = script.split("</script>").next().unwrap();
        assert!(!body.contains("alert(1)</") && !body.contains("<!--"), "{body}");
    }
}

#[tokio::test]
async fn h08_a_panic_in_a_handler_fails_that_request_and_nothing_else() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    app.models.panic_when_listed(true);
    for _ in 0..3 {
        let failed = browser.call("/api/models/list", &[]).await;
        assert_eq!(failed.status, 500);
        assert!(!failed.text.contains("the test wants"), "nobody sees the panic's text: {}", failed.text);
        let reference = failed.text.split('"').find(|part| part.len() == 9 && part.as_bytes()[4] == b'-');
        assert!(reference.is_some(), "the user sees a reference: {}", failed.text);
        assert_eq!(failed.header("x-content-type-options"), "nosniff");
    }
    app.models.panic_when_listed(false);
    assert_eq!(browser.call("/api/models/list", &[]).await.status, 200);
    assert_eq!(browser.get("/").await.status, 200);
}

#[tokio::test]
async fn h08_malformed_requests_are_refused_and_the_server_lives() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let bodies: [&[u8]; 8] =
        [b"", b"\x00\xff\xfe", b"key", b"key=%zz&text=%", b"{\"a\":", b"=&=&=", b"key[]=1&key[a]=2", b"text=%ED%A0%80"];
    for (path, _) in server_fn::axum::server_fn_paths() {
        if path == "/api/auth/signout" {
            continue;
        }
        for body in bodies {
            for content_type in ["application/x-www-form-urlencoded", "application/json", "multipart/form-data", "x"] {
                let request = browser.request(Method::POST, path).header(header::CONTENT_TYPE, content_type);
                let status = browser.send(request.body(Body::from(body.to_vec())).unwrap()).await.status;
                assert!(status == 200 || (400..500).contains(&status), "{path} {body:?} {content_type}: {status}");
            }
        }
    }
    for path in
        ["/%ff", "/c/%00", "/c/%2e%2e%2f", "//evil.example", "/c/x?%ff=%", "/login/%F0%9F", "/api/turns/%ff/events"]
    {
        let status = browser.get(path).await.status;
        assert!((300..500).contains(&status), "{path}: {status}");
    }
    assert_eq!(browser.get("/").await.status, 200);
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_before_it_is_read() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let large = "x".repeat(1_100_000);
    let mut request = form_body(browser.request(Method::POST, "/api/turns/send"), &[("text", &large)]);
    request.headers_mut().insert(header::CONTENT_LENGTH, large.len().into());
    assert_eq!(browser.send(request).await.status, 413);
    let chunks = (0..20).map(|_| Ok::<_, std::io::Error>(vec![b'x'; 100_000]));
    let request = browser
        .request(Method::POST, "/api/turns/send")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from_stream(futures::stream::iter(chunks)))
        .unwrap();
    let status = browser.send(request).await.status;
    assert!((400..500).contains(&status), "{status}");
}
