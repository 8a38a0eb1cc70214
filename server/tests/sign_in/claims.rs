//! What an ID token has to say (OpenID Connect Core 1.0, section 3.1.3.7).

use super::bed::{Bed, arrive, query};
use crate::support::hostile_op::{LogoutToken, Person, Signature};
use serde_json::{Value, json};

const DAY: i64 = 24 * 3_600;

#[tokio::test]
async fn a11_an_id_token_of_another_issuer_is_refused() {
    let bed = Bed::start().await;
    // The right one but for the slash: what the configuration may leave out, a token may not.
    let bare = bed.op.issuer().trim_end_matches('/').to_owned();
    bed.op.switches().claim("iss", bare);
    bed.refused("iss without the slash", &[400]).await;
    bed.op.behave();
    bed.refuses(&[
        ("invalid-iss", |op, _| op.claim("iss", "https://evil.example/application/o/chat/")),
        ("missing iss", |op, _| op.claim("iss", Value::Null)),
        ("empty iss", |op, _| op.claim("iss", "")),
        ("a list as iss", |op, _| op.claim("iss", json!(["https://evil.example/"]))),
    ])
    .await;
}

#[tokio::test]
async fn a12_an_id_token_for_another_audience_is_refused() {
    let bed = Bed::start().await;
    bed.refuses(&[
        ("invalid-aud", |op, _| op.claim("aud", "another-client")),
        ("missing-aud", |op, _| op.claim("aud", Value::Null)),
        ("empty aud", |op, _| op.claim("aud", "")),
        ("an empty list as aud", |op, _| op.claim("aud", json!([]))),
        ("another audience beside ours", |op, _| op.claim("aud", json!(["chat", "another-client"]))),
        ("our id in other letters", |op, _| op.claim("aud", "Chat")),
    ])
    .await;
    bed.accepts(&[("our id in a list", |op, _| op.claim("aud", json!(["chat"])))]).await;
}

#[tokio::test]
async fn a13_an_id_token_for_another_azp_is_refused() {
    let bed = Bed::start().await;
    bed.refuses(&[
        ("another azp", |op, _| op.claim("azp", "another-client")),
        ("an empty azp", |op, _| op.claim("azp", "")),
        ("a number as azp", |op, _| op.claim("azp", 7)),
        ("a list as azp", |op, _| op.claim("azp", json!(["chat"]))),
    ])
    .await;
    bed.accepts(&[("our azp", |op, _| op.claim("azp", "chat"))]).await;
}

#[tokio::test]
async fn a14_an_id_token_that_names_nobody_is_refused() {
    let bed = Bed::start().await;
    bed.refuses(&[
        ("missing-sub", |op, _| op.claim("sub", Value::Null)),
        ("empty sub", |op, _| op.claim("sub", "")),
        ("a sub of 256 characters", |op, _| op.claim("sub", "x".repeat(256))),
        ("a sub of 300 characters", |op, _| op.claim("sub", "x".repeat(300))),
        ("a number as sub", |op, _| op.claim("sub", 7)),
    ])
    .await;
    bed.accepts(&[("the longest sub that there is", |op, _| op.claim("sub", "x".repeat(255)))]).await;
}

#[tokio::test]
async fn a15_an_id_token_of_another_time_is_refused() {
    let bed = Bed::start().await;
    bed.refuses(&[
        ("missing-iat", |op, _| op.claim("iat", Value::Null)),
        ("iat tomorrow", |op, now| op.claim("iat", now + DAY)),
        ("iat ten years ago", |op, now| op.claim("iat", now - 3_650 * DAY)),
        ("iat eleven minutes ago", |op, now| op.claim("iat", now - 660)),
        ("iat two minutes ahead", |op, now| op.claim("iat", now + 120)),
        ("iat in 1970", |op, _| op.claim("iat", 0)),
        ("iat in words", |op, _| op.claim("iat", "now")),
    ])
    .await;
}

#[tokio::test]
async fn a16_an_id_token_that_has_expired_is_refused_with_a_minute_of_leeway() {
    let bed = Bed::start().await;
    bed.refuses(&[
        ("missing exp", |op, _| op.claim("exp", Value::Null)),
        ("exp two minutes ago", |op, now| op.claim("exp", now - 120)),
        ("exp 61 seconds ago", |op, now| op.claim("exp", now - 61)),
        ("exp in 1970", |op, _| op.claim("exp", 0)),
        ("exp in words", |op, _| op.claim("exp", "never")),
    ])
    .await;
    bed.accepts(&[
        ("exp 30 seconds ago", |op, now| op.claim("exp", now - 30)),
        ("iat 30 seconds ahead", |op, now| op.claim("iat", now + 30)),
        ("iat five minutes ago", |op, now| op.claim("iat", now - 300)),
        ("times with fractions", |op, now| op.claim("iat", now as f64 + 0.5)),
    ])
    .await;
}

#[tokio::test]
async fn a17_an_id_token_of_another_attempt_is_refused() {
    let bed = Bed::start().await;
    let mut before = bed.app.browser();
    let nonce = query(&bed.begin(&mut before, "/").await)["nonce"].clone();
    bed.op.switches().claim("nonce", nonce);
    bed.refused("the nonce of an attempt before", &[400]).await;
    bed.op.behave();
    bed.refuses(&[
        ("nonce-invalid", |op, _| op.claim("nonce", "another")),
        ("missing nonce", |op, _| op.claim("nonce", Value::Null)),
        ("empty nonce", |op, _| op.claim("nonce", "")),
    ])
    .await;
}

#[tokio::test]
async fn a22_an_id_token_of_another_access_token_is_refused() {
    let bed = Bed::start().await;
    bed.refuses(&[
        ("invalid-athash", |op, _| op.claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA")),
        ("empty at_hash", |op, _| op.claim("at_hash", "")),
        ("the hash of another access token", |op, _| {
            op.at_hash = true;
            op.token_response.insert("access_token".into(), json!("another"));
        }),
    ])
    .await;
    bed.accepts(&[("the right at_hash", |op, _| op.at_hash = true)]).await;
}

#[tokio::test]
async fn a23_another_token_is_no_id_token() {
    let bed = Bed::start().await;
    bed.refuses(&[
        ("an access token of its own type (RFC 9068)", |op, _| op.header("typ", "at+jwt")),
        ("an access token as Authentik makes them", |op, _| {
            op.claim("azp", "chat");
            op.claim("uid", "Zx9");
            op.claim("scope", "openid profile email");
        }),
        ("a nested token", |op, _| op.header("cty", "JWT")),
        ("a token with critical members", |op, _| op.header("crit", json!(["exp"]))),
        ("no token", |op, _| _ = op.token_response.insert("id_token".into(), json!("not.a.token"))),
        ("an empty token", |op, _| _ = op.token_response.insert("id_token".into(), json!(""))),
        ("a number as token", |op, _| _ = op.token_response.insert("id_token".into(), json!(7))),
    ])
    .await;

    // A logout token that somebody made for this very attempt.
    let mut browser = bed.app.browser();
    let ada = Person::new("Ada");
    let authorize = bed.begin(&mut browser, "/").await;
    let stray = LogoutToken::with(&[("nonce", json!(query(&authorize)["nonce"]))]);
    let stray = bed.op.logout_token(&ada, &stray);
    bed.op.switches().token_response.insert("id_token".into(), json!(stray));
    let callback = bed.op.visit(&authorize, ada);
    assert_eq!(arrive(&mut browser, &callback).await.status, 400);
    assert_eq!(bed.rows("sessions").await, 1, "only the good sign-in's");
}

#[tokio::test]
async fn an_encrypted_token_is_told_as_one() {
    let bed = Bed::start().await;
    bed.op.switches().signature = Signature::Encrypted;
    let page = bed.refused("an encrypted token", &[400]).await;
    assert!(page.text.contains("Encryption Key"), "it tells what to change: {}", page.text);
}

#[tokio::test]
async fn l13_clocks_that_do_not_agree_are_told_as_such() {
    let bed = Bed::start().await;
    for (what, seconds) in [("a day ahead", DAY), ("a day behind", -DAY), ("two minutes ahead", 120)] {
        bed.op.run_ahead(seconds);
        let page = bed.refused(what, &[400]).await;
        assert!(page.text.to_lowercase().contains("clock"), "{what}: the page speaks of something else: {}", page.text);
    }
    for seconds in [-50, 50, 0] {
        bed.op.run_ahead(seconds);
        bed.signed_in(&Person::new("Ada")).await;
    }
}
