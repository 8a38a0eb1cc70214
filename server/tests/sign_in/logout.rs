//! Signing out, here and at the provider (OpenID Connect RP-Initiated Logout 1.0).

use super::bed::{Bed, ORIGIN, Open, query, watch_a_reply, whoami};
use crate::support::{
    Browser, Reply, TestApp,
    hostile_op::{Answer, CLIENT_ID, Endpoint, Person},
};
use axum::http::Method;
use serde_json::{Value, json};

const SIGNED_OUT: &str = "/signin?signedOut=1";

/// Signs out by the form. Whatever comes back, the session is over, and so is what was open.
async fn sign_out(app: &TestApp, browser: &mut Browser) -> Reply {
    let (mut old, mut open): (Browser, Open) = (browser.clone(), watch_a_reply(app, browser).await);
    let reply = browser.form("/api/auth/signout", &[]).await;
    assert_eq!(reply.status, 303, "{}", reply.text);
    assert!(!browser.cookies.contains_key("confab"), "the cookie is gone");
    assert_eq!(whoami(&mut old).await, None, "and so is what it stood for");
    open.is_cut_off().await;
    reply
}

#[tokio::test]
async fn a39_signing_out_leads_to_the_provider_with_all_that_it_needs() {
    let bed = Bed::start().await;
    let mut browser = bed.signed_in(&Person::new("Ada")).await;
    let id_token = bed.op.last_id_token();
    let reply = sign_out(&bed.app, &mut browser).await;
    let address = reply.header("location");
    assert!(address.starts_with(&format!("{}end-session/?", bed.op.issuer())), "{address}");
    let asked = query(address);
    assert_eq!(asked["id_token_hint"], id_token);
    assert_eq!(asked["client_id"], CLIENT_ID);
    assert_eq!(asked["post_logout_redirect_uri"], format!("{ORIGIN}{SIGNED_OUT}"));
    assert!(asked["state"].len() >= 22, "{address}");
    assert!(reply.header("cache-control").contains("no-store"), "the address holds a token");
    assert_eq!(bed.op.count(Endpoint::Elsewhere), 0, "the browser goes there, not the server");

    // A page that has woken up is told the address.
    let mut browser = bed.signed_in(&Person::new("Bob")).await;
    let told: Option<String> = browser.call("/api/auth/signout", &[]).await.json();
    assert!(told.expect("an address").starts_with(&bed.op.issuer()));
    assert_eq!(whoami(&mut browser).await, None);
}

#[tokio::test]
async fn a39_whatever_state_comes_back_one_is_signed_out() {
    let bed = Bed::start().await;
    let mut browser = bed.signed_in(&Person::new("Ada")).await;
    let state = query(sign_out(&bed.app, &mut browser).await.header("location"))["state"].clone();
    for more in [format!("&state={state}"), "&state=other".into(), String::new(), "&state=%00%ff&state=".into()] {
        let page = browser.get(&format!("{SIGNED_OUT}{more}")).await;
        assert_eq!(page.status, 200, "{more}");
        assert!(page.text.contains("signed out"), "{more}: {}", page.text);
        assert_eq!(whoami(&mut browser).await, None);
    }
}

#[tokio::test]
async fn a39_without_an_end_session_endpoint_one_is_signed_out_here() {
    let bed = Bed::start().await;
    bed.op.switches().metadata.insert("end_session_endpoint".into(), Value::Null);
    let mut browser = bed.signed_in(&Person::new("Ada")).await;
    assert_eq!(sign_out(&bed.app, &mut browser).await.header("location"), SIGNED_OUT);
    // And after a login link there is no provider to tell.
    let mut owner = bed.app.signed_in("Owner").await;
    assert_eq!(sign_out(&bed.app, &mut owner).await.header("location"), SIGNED_OUT);
}

#[tokio::test]
async fn a39_a_provider_that_is_down_keeps_nobody_in() {
    let bed = Bed::start().await;
    for (answer, name) in
        [Answer::html(503), Answer::Huge, Answer::Redirect("/".into())].into_iter().zip(["Ada", "Bob", "Cleo"])
    {
        let mut browser = bed.signed_in(&Person::new(name)).await;
        bed.op.switches().discovery = answer;
        bed.app.clock.advance(3_601);
        assert_eq!(sign_out(&bed.app, &mut browser).await.header("location"), SIGNED_OUT, "{name}");
        bed.op.behave();
    }
    // And who is not in is out.
    let mut stranger = bed.app.browser();
    let reply = stranger.form("/api/auth/signout", &[]).await;
    assert_eq!((reply.status, reply.header("location")), (303, SIGNED_OUT));
}

#[tokio::test]
async fn a39_only_a_post_from_our_own_pages_signs_out() {
    let bed = Bed::start().await;
    let mut browser = bed.signed_in(&Person::new("Ada")).await;
    for address in ["/api/auth/signout", "/api/auth/signout?_method=POST", "/api/auth/signout/"] {
        assert!([404, 405].contains(&browser.get(address).await.status), "{address}");
    }
    let mut request = browser.request(Method::POST, "/api/auth/signout");
    request.headers_mut().unwrap().insert("sec-fetch-site", "cross-site".parse().unwrap());
    let reply = browser.send(crate::support::browser::form_body(request, &[])).await;
    assert_eq!(reply.status, 403);
    assert!(whoami(&mut browser).await.is_some());
}

#[tokio::test]
async fn a39_who_signed_out_is_asked_who_they_are() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada");
    let prompt = async |browser: &mut Browser| query(&bed.begin(browser, "/").await).get("prompt").cloned();
    let mut browser = bed.signed_in(&ada).await;
    assert_eq!(prompt(&mut browser.clone()).await, None, "nobody signed out here");
    sign_out(&bed.app, &mut browser).await;
    // The provider may still know the browser, and would let in whoever sits there now.
    assert_eq!(prompt(&mut browser).await.as_deref(), Some("login"));
    assert_eq!(prompt(&mut browser).await.as_deref(), Some("login"), "until somebody is in");
    let form = browser.form("/api/auth/signin", &[("provider", "authentik"), ("back", "/")]).await;
    assert_eq!(query(form.header("location"))["prompt"], "login");
    let reply = bed.sign_in(&mut browser, &ada).await;
    assert_eq!(reply.status, 303);
    assert_eq!(prompt(&mut browser).await, None, "afterwards no longer");
}

#[tokio::test]
async fn a39_an_id_token_is_kept_sealed() {
    let bed = Bed::start().await;
    bed.signed_in(&Person::new("Ada")).await;
    let id_token = bed.op.last_id_token();
    let (header, signature) = (&id_token[..40], &id_token[id_token.len() - 40..]);
    let mut everything = Vec::new();
    for entry in std::fs::read_dir(bed.app.dir.path()).unwrap() {
        everything.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    let holds = |text: &str| everything.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds(&bed.op.issuer()), "the search finds what is there");
    assert!(!holds(header) && !holds(signature) && !holds("refresh_token"));
}

#[tokio::test]
async fn a39_the_hint_is_left_out_when_the_secret_was_changed() {
    let bed = Bed::start().await;
    let mut browser = bed.signed_in(&Person::new("Ada")).await;
    let pool = sqlx::SqlitePool::connect(&bed.app.config.database_url).await.unwrap();
    // Sealed with a key that nobody has any more.
    sqlx::query("UPDATE sessions SET provider_tokens = x'00ff'").execute(&pool).await.unwrap();
    let asked = query(sign_out(&bed.app, &mut browser).await.header("location"));
    assert!(!asked.contains_key("id_token_hint"));
    assert_eq!(json!(asked["client_id"]), json!(CLIENT_ID));
}
