//! What the token endpoint may answer (RFC 6749, section 5), and that nothing secret leaves by the log or the page.

use super::{
    bed::{Bed, Fault, SECRET, arrive, assert_fails, query},
    log::Log,
};
use crate::support::hostile_op::{Answer, CLIENT_SECRET, Endpoint, Person, Switches};
use serde_json::{Value, json};

fn refuses(error: &str) -> Answer {
    Answer::json(400, &json!({ "error": error, "error_description": "words", "request_id": "1" }))
}

fn refuses_with(description: &str) -> Answer {
    Answer::json(400, &json!({ "error": "invalid_grant", "error_description": description }))
}

fn member(op: &mut Switches, name: &str, value: Value) {
    op.token_response.insert(name.into(), value);
}

#[tokio::test]
async fn a40_every_answer_but_tokens_is_a_clean_refusal() {
    let bed = Bed::start().await;
    let trap = bed.op.address("/trap");
    for (what, answer, status) in [
        ("invalid_grant", refuses("invalid_grant"), 400),
        ("invalid_client", refuses("invalid_client"), 400),
        ("invalid_client with 401", Answer::json(401, &json!({ "error": "invalid_client" })), 400),
        ("an error of its own", refuses("quota_exceeded"), 400),
        ("401 without words", Answer::Text(401, "text/plain", String::new()), 502),
        ("405 with HTML, as Authentik answers to an odd secret", Answer::html(405), 502),
        ("500 with JSON", Answer::json(500, &json!({ "error": "server_error" })), 502),
        ("500 with HTML", Answer::html(500), 502),
        ("502 with HTML", Answer::html(502), 502),
        ("200 with HTML", Answer::html(200), 502),
        ("200 with nothing", Answer::Text(200, "application/json", String::new()), 502),
        ("200 with half of it", Answer::Text(200, "application/json", "{\"access_token\":\"abc\",".into()), 502),
        ("200 with a list", Answer::json(200, &json!([])), 400),
        ("200 with null", Answer::json(200, &Value::Null), 400),
        ("200 without tokens", Answer::json(200, &json!({})), 400),
        ("200 with an error", Answer::json(200, &json!({ "error": "invalid_grant" })), 400),
        ("201", Answer::json(201, &json!({ "id_token": "a.b.c" })), 400),
        ("ten megabytes", Answer::Huge, 502),
        ("a redirect", Answer::Redirect(trap), 502),
    ] {
        bed.op.switches().token = answer;
        bed.refused(what, &[status]).await;
        bed.op.behave();
    }
    assert_eq!(bed.op.count(Endpoint::Elsewhere), 0, "a redirect is not followed");
    bed.signed_in(&Person::new("Ada")).await;
}

#[tokio::test]
async fn a40_the_members_of_an_answer() {
    let bed = Bed::start().await;
    let faults: [Fault; 2] = [
        ("no id_token", |op, _| member(op, "id_token", Value::Null)),
        ("a number as refresh token", |op, _| member(op, "refresh_token", json!(7))),
    ];
    bed.refuses(&faults).await;
    bed.accepts(&[
        ("bearer", |op, _| member(op, "token_type", json!("bearer"))),
        ("BEARER", |op, _| member(op, "token_type", json!("BEARER"))),
        ("no token_type", |op, _| member(op, "token_type", Value::Null)),
        ("no access token", |op, _| member(op, "access_token", Value::Null)),
        ("no refresh token", |op, _| member(op, "refresh_token", Value::Null)),
        ("no expiry", |op, _| member(op, "expires_in", Value::Null)),
        ("an expiry in words", |op, _| member(op, "expires_in", json!("3600"))),
        ("more than is known", |op, _| member(op, "session_state", json!({ "deep": [1, { "er": null }] }))),
        ("a refresh token of 100 kB", |op, _| member(op, "refresh_token", json!("r".repeat(100_000)))),
    ])
    .await;
}

#[tokio::test]
async fn a40_an_access_token_of_another_type_is_not_used() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada").without("groups");
    for kind in [json!("mac"), json!("DPoP"), json!(""), json!(7)] {
        member(&mut bed.op.switches(), "token_type", kind);
        bed.signed_in(&ada).await;
    }
    assert_eq!(bed.op.count(Endpoint::Userinfo), 0, "what is not understood is not used (RFC 6749, section 7.1)");
    bed.op.behave();
    bed.signed_in(&ada).await;
    assert_eq!(bed.op.count(Endpoint::Userinfo), 1);
}

#[tokio::test]
async fn a40_a_token_endpoint_that_says_nothing_is_given_up_and_the_code_not_sent_again() {
    let bed = Bed::start().await;
    for answer in [Answer::Hang, Answer::Drip] {
        let mut browser = bed.app.browser();
        let callback = bed.visit(&mut browser, "/", &Person::new("Ada")).await;
        let asked = bed.op.count(Endpoint::Token);
        bed.op.switches().token = answer;
        let reply = bed.give_up(&mut browser, Endpoint::Token, &callback).await;
        assert_eq!(reply.status, 502, "{}", reply.text);
        assert_fails(&mut browser, &reply, "silence").await;
        assert_eq!(bed.op.count(Endpoint::Token), asked + 1);
    }
    assert_eq!(bed.users().await, 0);
}

#[tokio::test]
async fn a40_a_wrong_secret_is_told_with_what_to_change_and_not_shown() {
    let wrong = "the-wrong-secret-of-this-client-0123456789";
    let bed = Bed::with(&[("AUTH_AUTHENTIK_SECRET", wrong)]).await;
    let log = Log::listen();
    let page = bed.refused("a wrong secret", &[400]).await;
    assert!(page.text.contains("AUTH_AUTHENTIK_SECRET"), "{}", page.text);
    assert!(page.text.contains("http://127.0.0.1:3210/api/auth/callback/authentik"), "the redirect URI to compare");
    assert!(!page.text.contains(wrong) && !log.text().contains(wrong));
}

#[tokio::test]
async fn a40_no_secret_is_in_the_log_or_the_page() {
    let bed = Bed::start().await;
    let log = Log::listen();
    let mut hidden = [CLIENT_SECRET, SECRET, "eyJ", "very-secret"].map(str::to_owned).to_vec();
    let text = |status, kind, text: &str| Some(Answer::Text(status, kind, text.to_owned()));
    let echo = format!("client_secret={CLIENT_SECRET}");
    for (what, answer) in [
        ("good", None),
        ("refused", Some(refuses("invalid_grant"))),
        ("HTML", Some(Answer::html(500))),
        ("what was sent, as a debugging proxy answers", text(500, "text/html", &echo)),
        ("the same with 200", text(200, "text/html", &echo)),
        ("tokens as a form", text(200, "text/plain", "access_token=very-secret&token_type=bearer")),
        ("half of the tokens", text(200, "application/json", "{\"access_token\":\"very-secret\",\"id_tok")),
        ("an error that tells", Some(refuses_with("very-secret"))),
        ("an ID token that is none", Some(Answer::json(200, &json!({ "id_token": "eyJ.eyJ.x" })))),
    ] {
        bed.op.switches().token = answer.unwrap_or_default();
        let mut browser = bed.app.browser();
        let authorize = bed.begin(&mut browser, "/").await;
        let attempt = super::bed::attempts(&browser).remove(0).1;
        let callback = bed.op.visit(&authorize, Person::new("Ada"));
        let reply = arrive(&mut browser, &callback).await;
        let (asked, answered) = (query(&authorize), query(&callback));
        hidden.extend([attempt, asked["state"].clone(), asked["nonce"].clone(), answered["code"].clone()]);
        let form = bed.op.last_token_request();
        hidden.extend(form.into_iter().filter(|(name, _)| name == "code_verifier").map(|(_, verifier)| verifier));
        hidden.extend(browser.cookies.get("confab").cloned());
        for secret in &hidden {
            assert!(!reply.text.contains(secret), "{what}: the page tells {secret}");
        }
    }
    let log = log.text();
    assert!(log.contains("nobody was signed in") && log.contains("signed in"), "it was listened to: {log}");
    for secret in &hidden {
        assert!(!log.contains(secret.as_str()), "the log tells {secret}");
    }
}

#[tokio::test]
async fn a40_an_error_of_the_token_endpoint_leaves_no_line_of_its_own_in_the_log() {
    let bed = Bed::start().await;
    let log = Log::listen();
    for error in ["a\n2026-11-23T09:00:00Z  INFO server: planted\n".to_owned(), "long ".repeat(20_000)] {
        bed.op.switches().token = refuses(&error);
        let page = bed.refused("an odd error", &[400]).await;
        assert!(page.text.matches("long ").count() < 200, "cut to what a person reads");
        // An issuer of the provider's invention stands in what the log says of a token.
        bed.op.behave();
        bed.op.switches().claim("iss", error);
        bed.refused("an odd issuer", &[400]).await;
    }
    let log = log.text();
    assert!(!log.lines().any(|line| line.starts_with("2026-11-23T09:00:00Z  INFO server: planted")), "{log}");
    assert!(log.lines().all(|line| line.len() < 1_000), "a line is as long as an answer");
}
