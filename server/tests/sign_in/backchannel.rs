//! The provider ends sessions (OpenID Connect Back-Channel Logout 1.0).

use super::bed::{Bed, watch_a_reply, whoami};
use crate::support::{
    Browser, Reply,
    browser::form_body,
    hostile_op::{Endpoint, Key, LogoutToken, Person},
};
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::{Value, json};
use server::auth::oidc::refusals::MOST;

const ADDRESS: &str = "/api/auth/backchannel-logout/authentik";

/// A request as a server makes it: no cookie, nothing that a browser adds.
fn from_a_server(method: Method, address: &str) -> http::request::Builder {
    Request::builder().method(method).uri(address).header(header::USER_AGENT, "authentik@2025.12.4")
}

/// Posts a logout token as the provider's worker does.
pub async fn post(bed: &Bed, token: &str) -> Reply {
    let request = form_body(from_a_server(Method::POST, ADDRESS), &[("logout_token", token)]);
    bed.app.browser().send(request).await
}

/// Posts the logout token of a person's session, changed.
pub async fn tell(bed: &Bed, person: &Person, changes: &LogoutToken) -> Reply {
    post(bed, &bed.op.logout_token(person, changes)).await
}

/// A token with other claims; `null` takes one away.
pub fn changed(claims: &[(&str, Value)]) -> LogoutToken {
    LogoutToken::with(claims)
}

/// A token with another member in its header.
pub fn header_of(name: &str, value: Value) -> LogoutToken {
    let mut token = LogoutToken::with(&[]);
    token.header.insert(name.into(), value);
    token
}

/// Whether somebody is signed in.
pub async fn is_in(browser: &mut Browser) -> bool {
    whoami(browser).await.is_some()
}

#[tokio::test]
async fn a38_a_good_token_ends_the_session_at_once_with_all_that_is_open() {
    let bed = Bed::start().await;
    let (ada, bob) = (Person::new("Ada"), Person::new("Bob"));
    let (mut browser, mut others) = (bed.signed_in(&ada).await, bed.signed_in(&bob).await);
    let mut open = watch_a_reply(&bed.app, &mut browser).await;
    let mut foreign = watch_a_reply(&bed.app, &mut others).await;
    let reply = tell(&bed, &ada, &changed(&[])).await;
    assert_eq!((reply.status, reply.text.as_str()), (200, ""));
    assert!(reply.header("cache-control").contains("no-store"), "{:?}", reply.headers);
    open.is_cut_off().await;
    assert!(!is_in(&mut browser).await);
    assert_eq!(browser.get("/").await.status, 303);
    foreign.goes_on().await;
    assert!(is_in(&mut others).await, "nobody else is concerned");
    assert!(!open.ask.dropped.is_cancelled(), "the reply is written to its end all the same");
}

#[tokio::test]
async fn a38_a_token_names_a_session_or_everything_of_somebody() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada");
    let (laptop, phone) = (ada.clone().in_session("laptop"), ada.clone().in_session("phone"));
    let mut at_laptop = bed.signed_in(&laptop).await;
    let mut at_phone = bed.signed_in(&phone).await;
    assert_eq!(tell(&bed, &laptop, &changed(&[("sub", Value::Null)])).await.status, 200);
    assert_eq!((is_in(&mut at_laptop).await, is_in(&mut at_phone).await), (false, true), "by sid alone");

    let mut at_laptop = bed.signed_in(&laptop).await;
    let mut bob = bed.signed_in(&Person::new("Bob")).await;
    assert_eq!(tell(&bed, &ada, &changed(&[("sid", Value::Null)])).await.status, 200);
    assert_eq!((is_in(&mut at_laptop).await, is_in(&mut at_phone).await), (false, false), "by sub alone: all of them");
    assert!(is_in(&mut bob).await);

    // Signed in twice in one session of the provider: one sid, two browsers.
    let (mut one, mut two) = (bed.signed_in(&laptop).await, bed.signed_in(&laptop).await);
    assert_eq!(tell(&bed, &laptop, &changed(&[])).await.status, 200);
    assert_eq!((is_in(&mut one).await, is_in(&mut two).await), (false, false));
}

#[tokio::test]
async fn a38_a_token_for_a_session_that_is_over_leaves_the_others_alone() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada");
    let laptop = ada.clone().in_session("laptop");
    let mut at_phone = bed.signed_in(&ada.clone().in_session("phone")).await;
    let mut at_laptop = bed.signed_in(&laptop).await;
    // Signing out here leads to the provider, which then tells all its clients, us among them.
    assert_eq!(at_laptop.form("/api/auth/signout", &[]).await.status, 303);
    assert_eq!(tell(&bed, &laptop, &changed(&[])).await.status, 200, "idempotent");
    assert!(is_in(&mut at_phone).await, "signing out on the laptop is no signing out on the phone");
    // A sid that nobody knows here.
    assert_eq!(tell(&bed, &ada.clone().in_session("elsewhere"), &changed(&[])).await.status, 200);
    assert!(is_in(&mut at_phone).await);
}

#[tokio::test]
async fn a38_a_token_works_once() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada");
    let token = bed.op.logout_token(&ada, &changed(&[("sid", Value::Null)]));
    let mut browser = bed.signed_in(&ada).await;
    assert_eq!(post(&bed, &token).await.status, 200);
    assert!(!is_in(&mut browser).await);
    let mut again = bed.signed_in(&ada).await;
    assert_eq!(post(&bed, &token).await.status, 400, "jti replay");
    // The same `jti` in another token.
    let jti = changed(&[("jti", json!("one"))]);
    assert_eq!(tell(&bed, &Person::new("Bob"), &jti).await.status, 200);
    assert_eq!(tell(&bed, &ada, &jti).await.status, 400);
    assert!(is_in(&mut again).await);
    // What was noted is forgotten when the token would be refused anyway.
    bed.app.clock.advance(4_000);
    assert_eq!(post(&bed, &token).await.status, 400, "it has expired");
    assert_eq!(tell(&bed, &Person::new("Bob"), &changed(&[])).await.status, 200);
    assert_eq!(bed.rows("used_logout_tokens").await, 1);
}

#[tokio::test]
async fn a38_a_token_that_could_not_be_carried_out_works_when_it_is_sent_again() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada");
    let mut browser = bed.signed_in(&ada).await;
    let token = bed.op.logout_token(&ada, &changed(&[]));
    let pool = sqlx::SqlitePool::connect(&bed.app.config.database_url).await.unwrap();
    let trigger = "CREATE TRIGGER broken BEFORE UPDATE ON sessions BEGIN SELECT RAISE(ABORT, 'for the test'); END";
    sqlx::query(trigger).execute(&pool).await.unwrap();
    assert_eq!(post(&bed, &token).await.status, 503);
    sqlx::query("DROP TRIGGER broken").execute(&pool).await.unwrap();
    assert!(is_in(&mut browser).await);
    assert_eq!(post(&bed, &token).await.status, 200, "Authentik's worker tries again");
    assert!(!is_in(&mut browser).await);
}

#[tokio::test]
async fn a38_odd_requests_end_nothing() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada");
    let mut browser = bed.signed_in(&ada).await;
    let token = bed.op.logout_token(&ada, &changed(&[]));
    let form = format!("logout_token={token}");
    let send = async |method, address: &str, kind: &str, body: String| {
        let request = from_a_server(method, address).header(header::CONTENT_TYPE, kind);
        bed.app.browser().send(request.body(Body::from(body)).unwrap()).await.status
    };
    const FORM: &str = "application/x-www-form-urlencoded";
    let in_address = format!("{ADDRESS}?{form}");
    assert_eq!(send(Method::GET, &in_address, FORM, String::new()).await, 405);
    assert_eq!(send(Method::HEAD, &in_address, FORM, String::new()).await, 405);
    assert_eq!(send(Method::PUT, ADDRESS, FORM, form.clone()).await, 405);
    assert_eq!(send(Method::POST, &in_address, FORM, String::new()).await, 400, "no body");
    assert_eq!(send(Method::POST, ADDRESS, FORM, "other=1".into()).await, 400);
    assert_eq!(send(Method::POST, ADDRESS, FORM, format!("{form}&{form}")).await, 400, "two of them");
    assert_eq!(
        send(Method::POST, ADDRESS, "application/json", json!({ "logout_token": token }).to_string()).await,
        400
    );
    assert_eq!(send(Method::POST, ADDRESS, "text/plain", form.clone()).await, 400);
    assert!([400, 413].contains(&send(Method::POST, ADDRESS, FORM, "x".repeat(1_100_000)).await), "a megabyte");
    let other = "/api/auth/backchannel-logout/other";
    assert_eq!(send(Method::POST, other, FORM, form.clone()).await, 404);
    assert!(is_in(&mut browser).await);
    assert_eq!(send(Method::POST, ADDRESS, FORM, form).await, 200, "none of that used it up");
}

#[tokio::test]
async fn a38_a_new_key_is_fetched_and_strangers_can_not_make_us_fetch_at_will() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada");
    let mut browser = bed.signed_in(&ada).await;
    for n in 0..50 {
        let unknown = header_of("kid", json!(format!("unknown {n}")));
        assert_eq!(tell(&bed, &ada, &unknown).await.status, 400);
    }
    assert_eq!(bed.op.count(Endpoint::Jwks), 2, "once a minute, however many ask");
    bed.app.clock.advance(61);
    bed.op.switches().rotate(Key::Rsa2);
    assert_eq!(tell(&bed, &ada, &changed(&[])).await.status, 200);
    assert!(!is_in(&mut browser).await);
}

#[tokio::test]
async fn c11_a_tab_that_is_open_when_its_session_ends_can_do_nothing_more() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada");
    let mut browser = bed.signed_in(&ada).await;
    let mut open = watch_a_reply(&bed.app, &mut browser).await;
    let turn = open.sent.turn.id.to_string();
    assert_eq!(tell(&bed, &ada, &changed(&[])).await.status, 200);
    open.is_cut_off().await;
    let text = [("key", "0199aaaa-0000-7000-8000-000000000002"), ("text", "one more")];
    assert_eq!(browser.call("/api/turns/send", &text).await.status, 401);
    assert_eq!(browser.call("/api/turns/stop", &[("turn", &turn)]).await.status, 401);
    assert_eq!(browser.watch(&format!("/api/turns/{turn}/events")).await.status, 401);
    assert_eq!(browser.call("/api/auth/revoke-others", &[]).await.status, 401);
    assert!(!open.ask.dropped.is_cancelled() && !bed.app.models.has_been_asked().await);
    assert_eq!(bed.rows("turns").await, 1);
}

#[tokio::test]
async fn a38_who_keeps_sending_nonsense_is_not_listened_to_for_a_minute() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada");
    let mut browser = bed.signed_in(&ada).await;
    for _ in 0..MOST {
        assert_eq!(post(&bed, "nonsense").await.status, 400);
    }
    let reply = tell(&bed, &ada, &changed(&[])).await;
    assert_eq!((reply.status, reply.header("retry-after")), (429, "60"));
    assert!(is_in(&mut browser).await);
    bed.app.clock.advance(60);
    assert_eq!(tell(&bed, &ada, &changed(&[])).await.status, 200);
    assert!(!is_in(&mut browser).await);
}
