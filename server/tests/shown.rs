//! What pages show of what strangers write (catalogue rows E07 to E16).

use crate::support::{Talk, TestApp};
use axum::{
    body::Body,
    http::{Method, header},
};
use futures::FutureExt;
use tokio::net::TcpListener;

/// The rules of a policy, each by its name.
fn rules(policy: &str) -> Vec<(&str, &str)> {
    policy.split("; ").map(|rule| rule.split_once(' ').unwrap_or((rule, ""))).collect()
}

#[tokio::test]
async fn e09_the_frame_of_a_diagram_has_no_origin_and_no_way_out() {
    let app = TestApp::start().await;
    let mut anybody = app.browser();
    let frame = anybody.get("/diagram").await;
    assert_eq!(frame.status, 200);
    let policy = frame.header("content-security-policy").to_owned();
    let rules = rules(&policy);
    let rule = |name: &str| rules.iter().find(|(rule, _)| *rule == name).map(|(_, value)| *value);
    assert_eq!(rule("default-src"), Some("'none'"));
    assert_eq!(rule("sandbox"), Some("allow-scripts"), "no allow-same-origin, nothing that leads elsewhere");
    assert_eq!(rule("frame-ancestors"), Some("'self'"));
    assert_eq!((rule("base-uri"), rule("form-action")), (Some("'none'"), Some("'none'")));
    for name in ["connect-src", "img-src", "font-src", "frame-src", "media-src", "object-src", "worker-src"] {
        assert_eq!(rule(name), None, "{name} is what default-src says");
    }
    let scripts = rule("script-src").unwrap();
    assert!(scripts.starts_with("'nonce-") && !scripts.contains(' '), "{scripts}");
    assert!(!policy.contains("unsafe-eval") && !policy.contains("wasm"), "{policy}");
    assert_eq!(frame.header("x-frame-options"), "SAMEORIGIN");
    assert_eq!(frame.header("referrer-policy"), "no-referrer");
    assert!(!frame.headers.contains_key(header::SET_COOKIE));
    let again = anybody.get("/diagram?source=%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert_ne!(again.header("content-security-policy"), policy, "a nonce is used once");
    assert!(!again.text.contains("alert(1)"), "the document says nothing of what it was asked");

    let mut ada = app.signed_in("Ada").await;
    for path in ["/", "/signin", "/search", "/api/files/x", "/pkg/x.js", "/nothing"] {
        let reply = ada.get(path).await;
        assert_eq!(reply.header("x-frame-options"), "DENY", "{path} stands in no frame");
        assert!(reply.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
    }
    let page = ada.get("/").await;
    assert!(page.header("content-security-policy").contains("frame-src 'self';"), "no frame is led elsewhere");
}

#[tokio::test]
async fn e11_no_address_of_ours_fetches_another() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let there = format!("http://{}/x.png", listener.local_addr().unwrap());
    let mut talk =
        Talk::begin(&format!("![a]({there})"), &format!("![b]({there}) <img src=\"{there}\"> {there}")).await;
    let page = talk.browser.get(&format!("/c/{}", talk.id)).await.text;
    assert!(!page.contains("<img src=\"http"), "a picture elsewhere is a link");
    let escaped = there.replace(':', "%3A").replace('/', "%2F");
    let paths = [
        "/proxy",
        "/api/proxy",
        "/image",
        "/images",
        "/_image",
        "/_next/image",
        "/api/image",
        "/api/images",
        "/api/fetch",
        "/api/preview",
        "/api/unfurl",
        "/api/favicon",
        "/webapi/proxy",
        "/camo",
        "/api/files",
        "/api/auth/picture",
        "/diagram",
        "/c/x",
        "/search",
        "/signin",
        "/",
    ];
    for path in paths {
        for query in ["url", "src", "u", "image", "href", "q", "callbackUrl", "next"] {
            talk.browser.get(&format!("{path}?{query}={escaped}")).await;
        }
        talk.browser.get(&format!("{path}/{escaped}")).await;
        talk.browser.get(&format!("{path}/{there}")).await;
    }
    for path in server_fn::axum::server_fn_paths().map(|(path, _)| path).filter(|path| *path != "/api/auth/signout") {
        talk.browser.call(path, &[("url", &there), ("text", &there), ("image", &there)]).await;
    }
    assert!(listener.accept().now_or_never().is_none(), "somebody asked {there}");
}

#[tokio::test]
async fn e13_a_stored_message_and_its_title_hide_nothing() {
    let hidden = ['\u{202e}', '\u{2066}', '\u{200b}', '\u{1b}', '\u{e0041}', '\u{feff}'];
    let hostile = format!("Inv{}oice{} 👩‍👩‍👧 می‌خواهم क्‍ष", hidden.iter().collect::<String>(), "\u{301}".repeat(10_000));
    let mut talk = Talk::begin(&hostile, &hostile).await;
    let page = talk.browser.get(&format!("/c/{}", talk.id)).await.text;
    assert_eq!(page.matches("\u{301}").count() % 8, 0);
    assert!(page.matches("\u{301}").count() < 200, "no letter carries more than eight marks");
    let html = page.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).unwrap();
    for hidden in hidden {
        assert!(!html.contains(hidden), "{hidden:?} is on the page");
    }
    assert!(html.matches("👩‍👩‍👧 می‌خواهم क्‍ष").count() >= 2, "what people write stays as it is");
}

#[tokio::test]
async fn e16_what_an_address_or_a_cookie_says_is_text_or_one_of_a_few_words() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let hostile = "\"'><script>alert(1)</script>";
    let escaped: String = hostile.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let names = [
        "q",
        "after",
        "failed",
        "callbackUrl",
        "error",
        "done",
        "refused",
        "back",
        "lang",
        "hl",
        "theme",
        "from",
        "period",
    ];
    for path in [
        "/",
        "/signin",
        "/search",
        "/archive",
        "/folders",
        "/settings/models",
        "/settings/sessions",
        "/c/x",
        "/login/x",
        "/x",
    ] {
        for name in names {
            let page = ada.get(&format!("{path}?{name}={escaped}")).await.text;
            assert!(!page.contains("<script>alert(1)"), "{path}?{name} is reflected as markup");
            assert!(!page.contains("\"'><"), "{path}?{name} leaves its attribute");
            assert!(page.contains("<html lang=\"en\""), "the language is no address's to say");
        }
    }
    for (theme, shown) in [
        ("dark", Some("dark")),
        ("light", Some("light")),
        ("x", None),
        (&*escaped, None),
        ("dark%22", None),
        ("DARK", None),
    ] {
        let request = ada.request(Method::GET, "/").body(Body::empty()).unwrap();
        let (mut parts, body) = request.into_parts();
        let cookies = parts.headers.get(header::COOKIE).unwrap().to_str().unwrap().to_owned();
        parts.headers.insert(header::COOKIE, format!("{cookies}; confab-theme={theme}").parse().unwrap());
        let page = ada.send(http::Request::from_parts(parts, body)).await.text;
        let root = page.split("<html").nth(1).and_then(|rest| rest.split('>').next()).unwrap();
        let said = root.split("data-theme=\"").nth(1).and_then(|rest| rest.split('"').next());
        assert_eq!(said, shown, "{theme}: {root}");
    }
}
