//! Which logout tokens are believed (OpenID Connect Back-Channel Logout 1.0, section 2.6).

use super::{
    backchannel::{changed, header_of, is_in, post, tell},
    bed::{Bed, watch_a_reply},
};
use crate::support::hostile_op::{Key, LOGOUT_EVENT, LogoutToken, Person, Signature};
use serde_json::{Value, json};

type Bad = (&'static str, LogoutToken);

fn badly_signed() -> Vec<Bad> {
    let signed = |signature| LogoutToken { signature, ..changed(&[]) };
    vec![
        ("alg-none", signed(Signature::None("none"))),
        ("none in odd letters", signed(Signature::None("NoNe"))),
        ("wrong-alg: the client's secret", signed(Signature::ClientSecret)),
        ("wrong-alg: the public key as a secret", signed(Signature::PublicKeyAsSecret)),
        ("wrong-alg: an empty secret", signed(Signature::EmptySecret)),
        ("signed by another", signed(Signature::Forged)),
        ("one wrong bit", signed(Signature::Damaged)),
        ("encrypted", signed(Signature::Encrypted)),
        ("typ at+jwt", header_of("typ", json!("at+jwt"))),
        ("typ of another kind of event", header_of("typ", json!("secevent+jwt"))),
        ("critical members", header_of("crit", json!(["exp"]))),
    ]
}

/// `now` is the provider's time, `bare` its issuer without the slash.
fn with_bad_claims(now: i64, bare: &str) -> Vec<Bad> {
    vec![
        ("wrong-aud", changed(&[("aud", json!("another-client"))])),
        ("no aud", changed(&[("aud", Value::Null)])),
        ("aud as an object", changed(&[("aud", json!({ "chat": true }))])),
        ("wrong-iss", changed(&[("iss", json!("https://evil.example/"))])),
        ("iss without the slash", changed(&[("iss", json!(bare))])),
        ("no iss", changed(&[("iss", Value::Null)])),
        ("no-event", changed(&[("events", Value::Null)])),
        ("no event in events", changed(&[("events", json!({}))])),
        ("wrong-event", changed(&[("events", json!({ "http://schemas.openid.net/event/other": {} }))])),
        ("the event as a list", changed(&[("events", json!([LOGOUT_EVENT]))])),
        ("the event with a text", changed(&[("events", json!({ LOGOUT_EVENT: "yes" }))])),
        ("with-nonce", changed(&[("nonce", json!("abc"))])),
        ("with an empty nonce", changed(&[("nonce", json!(""))])),
        ("exp past", changed(&[("exp", json!(now - 61))])),
        ("no exp", changed(&[("exp", Value::Null)])),
        ("iat tomorrow", changed(&[("iat", json!(now + 86_400))])),
        ("no iat", changed(&[("iat", Value::Null)])),
        ("no jti", changed(&[("jti", Value::Null)])),
        ("neither sid nor sub", changed(&[("sid", Value::Null), ("sub", Value::Null)])),
        ("empty sid and sub", changed(&[("sid", json!("")), ("sub", json!(""))])),
    ]
}

#[tokio::test]
async fn a38_a_bad_token_ends_nothing() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada");
    let mut browser = bed.signed_in(&ada).await;
    let mut open = watch_a_reply(&bed.app, &mut browser).await;
    let bare = bed.op.issuer().trim_end_matches('/').to_owned();
    for (what, token) in [badly_signed(), with_bad_claims(bed.op.now(), &bare)].concat() {
        let reply = tell(&bed, &ada, &token).await;
        assert_eq!(reply.status, 400, "{what}: {}", reply.text);
        assert!(reply.header("cache-control").contains("no-store"), "{what}");
        assert!(is_in(&mut browser).await, "{what}: the session ended");
    }
    open.goes_on().await;
    assert_eq!(tell(&bed, &ada, &changed(&[])).await.status, 200, "a good one is taken");
    assert!(!is_in(&mut browser).await);
}

#[tokio::test]
async fn a38_older_and_other_providers_sign_a_little_differently() {
    let ada = Person::new("Ada");
    for (what, token) in [
        ("typ JWT, as before 2025.8", header_of("typ", json!("JWT"))),
        ("no typ", header_of("typ", Value::Null)),
        ("typ as a media type", header_of("typ", json!("application/logout+jwt"))),
        ("no kid", header_of("kid", Value::Null)),
        ("aud as a list", changed(&[("aud", json!(["chat"]))])),
        ("a clock that is a little off", changed(&[("iat", json!(crate::support::START.0 / 1000 + 30))])),
    ] {
        let bed = Bed::start().await;
        let mut browser = bed.signed_in(&ada).await;
        assert_eq!(tell(&bed, &ada, &token).await.status, 200, "{what}");
        assert!(!is_in(&mut browser).await, "{what}");
    }
    for key in [Key::Ec1, Key::Secret] {
        let bed = Bed::start().await;
        bed.op.switches().rotate(key);
        if key == Key::Secret {
            bed.op.switches().published.clear();
        }
        let mut browser = bed.signed_in(&ada).await;
        let forged = LogoutToken { signature: Signature::Forged, ..LogoutToken::with(&[]) };
        assert_eq!(tell(&bed, &ada, &forged).await.status, 400, "{key:?}");
        assert!(is_in(&mut browser).await);
        assert_eq!(tell(&bed, &ada, &changed(&[])).await.status, 200, "{key:?}");
        assert!(!is_in(&mut browser).await);
    }
}

#[tokio::test]
async fn a23_another_token_is_no_logout_token() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada");
    let mut browser = bed.signed_in(&ada).await;
    for token in [
        bed.op.last_id_token(),
        bed.op.stray_id_token(&ada, Some("nonce")),
        bed.op.stray_id_token(&ada, None),
        String::new(),
        "a.b.c".into(),
        "eyJhbGciOiJSUzI1NiJ9".into(),
        "..".into(),
        "x".repeat(900_000),
    ] {
        assert_eq!(post(&bed, &token).await.status, 400, "{token:.60}");
        assert!(is_in(&mut browser).await, "{token:.60}");
    }
}
