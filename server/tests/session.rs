//! Sessions and their cookie (catalogue rows B).

use crate::support::{Browser, TestApp};
use axum::{
    body::Body,
    http::{HeaderValue, Method, header},
};
use chat::ports::Clock;
use std::{collections::HashSet, sync::Arc};
use tower_sessions::{Session, session::Id};

const COOKIE: &str = "confab";

async fn is_signed_in(browser: &mut Browser) -> bool {
    match browser.call("/api/conversations/list", &[]).await.status {
        200 => true,
        401 => false,
        status => panic!("neither signed in nor out: {status}"),
    }
}

#[tokio::test]
async fn b01_a_request_under_way_does_not_revive_a_session() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let old = browser.clone();

    // Requests that loaded the session before the sign-out and write afterwards: a note of use, and a save.
    let sessions = app.state.sessions.clone();
    let ids: Vec<Id> = session_ids(&app, &old).await;
    let late = Session::new(Some(ids[0]), Arc::new(sessions.store()), None);
    late.get::<String>("user").await.unwrap();
    assert_eq!(browser.form("/api/auth/signout", &[]).await.status, 303);
    late.insert("anything", 1).await.unwrap();
    late.save().await.unwrap();
    app.clock.advance(3_600);
    sessions.sessions.touch(server::auth::token::hash(&ids[0].to_string()), app.clock.now(), None).await.unwrap();

    assert!(!is_signed_in(&mut old.clone()).await);
}

/// The session ids behind a browser's sealed cookie.
async fn session_ids(app: &TestApp, browser: &Browser) -> Vec<Id> {
    let sealed = &browser.cookies[COOKIE];
    vec![app.state.cookie.open(sealed).unwrap().parse().unwrap()]
}

#[tokio::test]
async fn b02_signing_in_gives_a_new_id_and_never_adopts_one() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let before = browser.clone();
    let token = app.login_token(&app.user("Ada").await).await;
    browser.form("/api/auth/claim", &[("token", &token)]).await;
    assert_ne!(browser.cookies[COOKIE], before.cookies[COOKIE]);
    assert_ne!(session_ids(&app, &browser).await, session_ids(&app, &before).await);
    assert!(is_signed_in(&mut browser).await);
    assert!(!is_signed_in(&mut before.clone()).await, "the session before is dead");

    let mut chosen = app.browser();
    let id = Id::default();
    chosen.cookies.insert(COOKIE.into(), app.state.cookie.seal(&id.to_string()).unwrap());
    let token = app.login_token(&app.user("Ada").await).await;
    chosen.form("/api/auth/claim", &[("token", &token)]).await;
    assert_ne!(session_ids(&app, &chosen).await, [id], "an id that somebody chose is not used");
}

#[tokio::test]
async fn b03_the_cookie_has_every_attribute_that_protects_it() {
    for (variables, name, secure) in
        [(&[][..], "confab", false), (&[("APP_URL", "https://chat.example.com")][..], "__Host-confab", true)]
    {
        let app = TestApp::with(variables).await;
        let token = app.login_token(&app.user("Ada").await).await;
        let set = app.browser().form("/api/auth/claim", &[("token", &token)]).await;
        let line = set.header("set-cookie").to_owned();
        let cookie = cookie::Cookie::parse(line.clone()).unwrap();
        assert_eq!((cookie.name(), cookie.path(), cookie.domain()), (name, Some("/"), None), "{line}");
        assert_eq!(cookie.http_only(), Some(true), "{line}");
        assert_eq!(cookie.secure().unwrap_or_default(), secure, "{line}");
        assert_eq!(cookie.same_site(), Some(cookie::SameSite::Lax), "{line}");
        assert_eq!(cookie.max_age().unwrap().whole_days(), 30, "{line}");
        assert!(line.len() < 400, "{line}");
    }
}

#[tokio::test]
async fn b04_the_removal_cookie_is_one_that_a_browser_accepts() {
    let app = TestApp::with(&[("APP_URL", "https://chat.example.com")]).await;
    let mut browser = app.signed_in("Ada").await;
    let old = browser.clone();
    let out = browser.form("/api/auth/signout", &[]).await;
    assert_eq!((out.status, out.header("location")), (303, "/signin?signedOut=1"));
    let line = out.header("set-cookie");
    let removal = cookie::Cookie::parse(line.to_owned()).unwrap();
    assert_eq!((removal.name(), removal.value(), removal.path()), ("__Host-confab", "", Some("/")), "{line}");
    assert_eq!(removal.secure(), Some(true), "a browser ignores a __Host- cookie without Secure: {line}");
    assert_eq!(removal.max_age(), Some(time::Duration::ZERO), "{line}");
    assert!(browser.cookies.is_empty());
    assert!(!is_signed_in(&mut old.clone()).await, "the session itself is dead, not only its cookie");
}

#[tokio::test]
async fn b07_ids_from_a_stolen_database_open_nothing() {
    let app = TestApp::start().await;
    let browser = app.signed_in("Ada").await;
    let id = session_ids(&app, &browser).await[0].to_string();
    let mut everything = Vec::new();
    for entry in std::fs::read_dir(app.dir.path()).unwrap() {
        everything.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    let holds = |text: &str| everything.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(!holds(&id), "the id stands in the data folder");
    assert!(!holds(&browser.cookies[COOKIE]), "the cookie stands in the data folder");

    let mut thief = app.browser();
    let hash = server::auth::token::hash(&id).0;
    for replay in [id.clone(), hash.iter().map(|byte| format!("{byte:02x}")).collect()] {
        thief.cookies.insert(COOKIE.into(), replay);
        assert!(!is_signed_in(&mut thief).await, "an unsealed id is not accepted");
    }
}

#[tokio::test]
async fn b08_a_damaged_cookie_is_nobody_and_no_fault() {
    let app = TestApp::start().await;
    let browser = app.signed_in("Ada").await;
    let good = browser.cookies[COOKIE].clone();
    let mut flipped = good.clone().into_bytes();
    flipped[10] ^= 1;
    let flipped = String::from_utf8_lossy(&flipped).into_owned();
    let long = "A".repeat(100_000);
    let damaged = ["", "x", "====", "%00", "\"quoted\"", &good[..good.len() - 4], &flipped, &long];
    for value in damaged {
        let mut other = app.browser();
        other.cookies.insert(COOKIE.into(), value.to_owned());
        assert!(!is_signed_in(&mut other).await, "{value:.40}");
    }
    // The value of another cookie of ours is no session either.
    let mut renamed = app.browser();
    renamed.cookies.insert("confab-theme".into(), good.clone());
    assert!(!is_signed_in(&mut renamed).await);

    // Of two cookies of the same name the one that opens counts.
    for cookies in [format!("confab=x; confab={good}"), format!("confab={good}; confab=x")] {
        let mut request = app.browser().request(Method::POST, "/api/conversations/list").body(Body::empty()).unwrap();
        request.headers_mut().insert(header::COOKIE, HeaderValue::from_str(&cookies).unwrap());
        request
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        assert_eq!(app.browser().send(request).await.status, 200);
    }
    // Bytes that are no text.
    let mut request = app.browser().request(Method::GET, "/signin").body(Body::empty()).unwrap();
    request.headers_mut().insert(header::COOKIE, HeaderValue::from_bytes(b"confab=\xff\xfe").unwrap());
    assert_eq!(app.browser().send(request).await.status, 200);
}

#[tokio::test]
async fn b10_a_session_ends_when_idle_and_for_good_after_its_lifetime() {
    const DAY: i64 = 24 * 3_600;
    let app = TestApp::start().await;
    let mut idle = app.signed_in("Ada").await;
    app.clock.advance(7 * DAY - 1);
    assert!(is_signed_in(&mut idle).await, "used within a week");
    app.clock.advance(7 * DAY + 1);
    assert!(!is_signed_in(&mut idle).await, "not used for a week");

    let mut busy = app.signed_in("Ada").await;
    for _ in 0..29 {
        app.clock.advance(DAY);
        assert!(is_signed_in(&mut busy).await);
    }
    app.clock.advance(DAY);
    assert!(!is_signed_in(&mut busy).await, "thirty days are the end, however busy");

    let mut skewed = app.signed_in("Ada").await;
    app.clock.advance(-3_600);
    assert!(is_signed_in(&mut skewed).await, "a clock that was set back ends nothing");
}

#[tokio::test]
async fn b11_a_session_of_a_user_who_is_gone_is_signed_out() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let url = app.config.database_url.clone();
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    sqlx::query("DELETE FROM users").execute(&pool).await.unwrap();
    assert!(!is_signed_in(&mut browser).await);
    assert_eq!(browser.get("/").await.status, 303);
}

#[tokio::test]
async fn b13_strangers_leave_no_rows() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    for path in ["/", "/signin", "/nothing/here", "/login/abc", "/health"].iter().cycle().take(500) {
        let reply = browser.get(path).await;
        assert_eq!(reply.header("set-cookie"), "", "{path}");
    }
    let pool = sqlx::SqlitePool::connect(&app.config.database_url).await.unwrap();
    let rows: i64 = sqlx::query_scalar("SELECT (SELECT count(*) FROM sessions) + (SELECT count(*) FROM users)")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(rows, 0);
}

#[test]
fn b16_session_ids_are_unique_and_have_128_bits() {
    let mut seen = HashSet::new();
    let mut ones = [0u32; 128];
    for _ in 0..1_000_000 {
        let id = Id::default().0;
        assert!(seen.insert(id));
        for (bit, count) in ones.iter_mut().enumerate() {
            *count += ((id >> bit) & 1) as u32;
        }
    }
    // Each bit is set in half of the ids; eight standard deviations are 4,000.
    assert!(ones.iter().all(|count| count.abs_diff(500_000) < 4_000), "{ones:?}");
}

#[tokio::test]
async fn b16_no_id_shows_in_a_page_or_an_address() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let id = session_ids(&app, &browser).await[0].to_string();
    let page = browser.get("/").await;
    assert_eq!(page.status, 200);
    assert!(!page.text.contains(&id) && !page.text.contains(&browser.cookies[COOKIE]));
}

#[tokio::test]
async fn a_login_link_works_once_and_for_ten_minutes_and_opening_it_uses_nothing_up() {
    let app = TestApp::start().await;
    let user = app.user("Ada").await;
    let token = app.login_token(&user).await;
    let path = format!("/login/{token}");
    for _ in 0..3 {
        let page = app.browser().get(&path).await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains("Continue as Ada"), "{}", page.text);
    }
    let mut first = app.browser();
    assert_eq!(first.form("/api/auth/claim", &[("token", &token)]).await.header("location"), "/");
    assert!(is_signed_in(&mut first).await);
    let mut second = app.browser();
    let gone = second.form("/api/auth/claim", &[("token", &token)]).await;
    assert_eq!((gone.status, gone.header("location")), (303, "/login/used"));
    assert_eq!(app.browser().get(&path).await.status, 410);
    assert!(!is_signed_in(&mut second).await);

    let late = app.login_token(&user).await;
    app.clock.advance(601);
    assert_eq!(app.browser().get(&format!("/login/{late}")).await.status, 410);
    assert_eq!(app.browser().call("/api/auth/claim", &[("token", &late)]).await.status, 404);
}
