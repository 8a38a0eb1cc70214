//! What a provider says to the callback besides a code: errors, other issuers, nothing.

use super::{
    bed::{Bed, arrive, assert_fails, query},
    log::Log,
};
use crate::support::hostile_op::{Endpoint, Person};

/// The address of the callback with this query and the state of an attempt of this browser.
async fn answer(bed: &Bed, browser: &mut crate::support::Browser, rest: &str) -> String {
    let state = query(&bed.begin(browser, "/").await)["state"].clone();
    format!("/api/auth/callback/authentik?{rest}&state={state}")
}

fn encoded(name: &str, value: &str) -> String {
    url::form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish()
}

#[tokio::test]
async fn a09_a_refusal_is_told_in_words_and_is_no_sign_in() {
    let bed = Bed::start().await;
    for error in ["access_denied", "login_required", "consent_required", "server_error", "temporarily_unavailable", "x"]
    {
        let mut browser = bed.app.browser();
        let address = answer(&bed, &mut browser, &format!("error={error}&error_description=Because")).await;
        let reply = arrive(&mut browser, &address).await;
        assert_eq!(reply.status, 400, "{error}");
        assert_fails(&mut browser, &reply, error).await;
        assert!(reply.text.contains("Because"), "{error}: {}", reply.text);
        // The attempt is over.
        let again = arrive(&mut browser, &address).await;
        assert_eq!(again.status, 400);
        assert!(!again.text.contains("Because"), "{error} is told once");
    }
    assert_eq!(bed.op.count(Endpoint::Token), 0);
}

#[tokio::test]
async fn a09_an_error_needs_the_state_too() {
    let bed = Bed::start().await;
    let mut browser = bed.app.browser();
    let callback = bed.visit(&mut browser, "/", &Person::new("Ada")).await;
    for state in ["", "&state=", "&state=wrong"] {
        let address = format!("/api/auth/callback/authentik?error=server_error&error_description=Planted{state}");
        let reply = arrive(&mut browser, &address).await;
        assert_eq!(reply.status, 400, "{state}");
        assert!(!reply.text.contains("Planted"), "anybody can write such an address: {}", reply.text);
    }
    assert_eq!(arrive(&mut browser, &callback).await.status, 303, "nothing of that ended the attempt");
}

#[tokio::test]
async fn a09_hostile_words_are_shown_as_text_and_cut_and_leave_no_line_in_the_log() {
    let bed = Bed::start().await;
    let long = "long ".repeat(2_000);
    for text in [
        "</title><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "a\r\nSet-Cookie: confab=planted\r\n\r\n<html>",
        "a\n2026-11-23T09:00:00Z  INFO server: planted",
        "\u{1b}[31mred\u{0}\u{202e}",
        &long,
    ] {
        let log = Log::listen();
        let mut browser = bed.app.browser();
        let rest = format!("{}&{}", encoded("error", text), encoded("error_description", text));
        let address = answer(&bed, &mut browser, &rest).await;
        let reply = arrive(&mut browser, &address).await;
        assert_eq!(reply.status, 400, "{text:.40}");
        assert_fails(&mut browser, &reply, text).await;
        for markup in ["<script>alert", "<img src=x", "<html>\r", "\u{1b}", "\u{0}"] {
            assert!(!reply.text.contains(markup), "{text:.40}: {markup:?} is in the page");
        }
        assert!(!browser.cookies.values().any(|value| value == "planted"));
        assert!(reply.text.matches("long ").count() < 200, "cut to what a person reads");
        let log = log.text();
        assert!(!log.lines().any(|line| line.trim_start().starts_with("2026-11-23T09:00:00Z  INFO server: planted")));
        assert!(!log.contains('\u{1b}') && !log.contains('\u{0}'), "{log}");
        assert!(log.lines().all(|line| line.len() < 1_000), "{log}");
    }
}

#[tokio::test]
async fn a09_an_answer_with_neither_code_nor_error_is_refused() {
    let bed = Bed::start().await;
    for rest in ["", "code=", "error_description=words", "code=%20&x=y"] {
        let mut browser = bed.app.browser();
        let address = answer(&bed, &mut browser, rest).await;
        let reply = arrive(&mut browser, &address).await;
        assert_eq!(reply.status, 400, "{rest}");
        assert_fails(&mut browser, &reply, rest).await;
    }
    // An error beside a code is an error.
    let mut browser = bed.app.browser();
    let callback = bed.visit(&mut browser, "/", &Person::new("Ada")).await;
    assert_eq!(arrive(&mut browser, &format!("{callback}&error=server_error")).await.status, 400);
    assert!(bed.op.count(Endpoint::Token) <= 1, "only a code can be exchanged");
    assert_eq!(bed.users().await, 0);
}

#[tokio::test]
async fn a10_an_answer_in_the_name_of_another_issuer_is_refused_before_its_code_is_spent() {
    let bed = Bed::start().await;
    let good = bed.op.issuer();
    let bare = good.trim_end_matches('/').to_owned();
    for wrong in ["https://evil.example/application/o/chat/", "", &bare, &good.to_uppercase()] {
        bed.op.switches().callback_iss = Some(wrong.to_owned());
        bed.refused(wrong, &[400]).await;
    }
    assert_eq!(bed.op.count(Endpoint::Token), 0);
    bed.op.switches().callback_iss = Some(good);
    bed.signed_in(&Person::new("Ada")).await;
}

#[tokio::test]
async fn a10_a_provider_that_promises_to_name_itself_has_to() {
    let bed = Bed::start().await;
    bed.op.switches().metadata.insert("authorization_response_iss_parameter_supported".into(), true.into());
    bed.refused("no iss though it was promised", &[400]).await;
    assert_eq!(bed.op.count(Endpoint::Token), 0);
    let issuer = bed.op.issuer();
    bed.op.switches().callback_iss = Some(issuer);
    bed.signed_in(&Person::new("Ada")).await;
}
