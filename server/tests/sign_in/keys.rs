//! How an ID token has to be signed (RFC 7515, RFC 8725), and by which key.

use super::bed::{Bed, Fault, arrive};
use crate::support::hostile_op::{Answer, Endpoint, Key, Person, Signature, Switches};
use futures::future::join_all;
use serde_json::{Value, json};

/// A bed whose provider signs with this key from the first day on.
async fn signing_with(key: Key) -> Bed {
    let bed = Bed::start().await;
    bed.op.switches().rotate(key);
    if key == Key::Secret {
        bed.op.switches().published.clear();
    }
    bed
}

#[tokio::test]
async fn a18_an_unsigned_token_or_one_with_a_public_secret_is_refused() {
    let bed = Bed::start().await;
    bed.refuses(&[
        ("idtoken-sig-none", |op, _| op.signature = Signature::None("none")),
        ("none in odd letters", |op, _| op.signature = Signature::None("NoNe")),
        ("no algorithm at all", |op, _| op.signature = Signature::None("")),
        ("the public key as a secret", |op, _| op.signature = Signature::PublicKeyAsSecret),
        ("the public key as a secret, without kid", |op, _| {
            op.signature = Signature::PublicKeyAsSecret;
            op.header("kid", Value::Null);
        }),
        ("the client's secret where RS256 is promised", |op, _| op.signature = Signature::ClientSecret),
        ("an empty secret", |op, _| op.signature = Signature::EmptySecret),
        ("another algorithm than is promised", |op, _| {
            op.published.push(Key::Ec1);
            op.signer = Key::Ec1;
        }),
    ])
    .await;
}

#[tokio::test]
async fn a18_a_key_that_the_token_brings_along_is_not_believed_and_no_address_in_it_is_visited() {
    let bed = Bed::start().await;
    let trap = json!(bed.op.address("/trap"));
    let own = Key::Rsa2.public();
    let brought: [(&str, &[(&str, &Value)]); 5] = [
        ("jku", &[("jku", &trap)]),
        ("jku and a kid of its own", &[("jku", &trap), ("kid", &json!("rsa-2"))]),
        ("x5u", &[("x5u", &trap)]),
        ("jwk", &[("jwk", &own)]),
        ("jwk and no kid", &[("jwk", &own), ("kid", &Value::Null)]),
    ];
    for (what, members) in brought {
        for (name, value) in members {
            bed.op.switches().header(name, (*value).clone());
        }
        bed.op.switches().signature = Signature::Forged;
        bed.refused(what, &[400]).await;
        bed.op.behave();
    }
    assert_eq!(bed.op.count(Endpoint::Elsewhere), 0, "somebody went where a token pointed");
}

#[tokio::test]
async fn a19_a_wrong_signature_is_refused() {
    for key in [Key::Rsa1, Key::Ec1, Key::Secret] {
        let bed = signing_with(key).await;
        let faults: [Fault; 2] = [
            ("invalid-sig: by another key", |op, _| op.signature = Signature::Forged),
            ("invalid-sig: one bit", |op, _| op.signature = Signature::Damaged),
        ];
        bed.refuses(&faults).await;
    }
}

#[tokio::test]
async fn a20_without_a_kid_the_only_key_counts_and_of_several_none() {
    let without: fn(&mut Switches, i64) = |op, _| op.header("kid", Value::Null);
    let bed = Bed::start().await;
    bed.accepts(&[("kid-absent-single-jwks", without)]).await;

    let bed = Bed::start().await;
    bed.op.switches().published = vec![Key::Rsa1, Key::Ec1];
    bed.accepts(&[("the other key is of another kind", without)]).await;

    let bed = Bed::start().await;
    bed.op.switches().published = vec![Key::Rsa2, Key::Rsa1];
    bed.refuses(&[("kid-absent-multiple-jwks", without)]).await;
}

#[tokio::test]
async fn a20_keys_that_can_not_sign_are_passed_over() {
    let bed = Bed::start().await;
    let mut encrypts = Key::Rsa2.public();
    encrypts["use"] = json!("enc");
    encrypts["alg"] = json!("RSA-OAEP-256");
    // Authentik publishes one certificate for both under the same name.
    encrypts["kid"] = json!("rsa-1");
    let odd = json!({ "keys": [{ "kty": "XYZ", "kid": "rsa-1" }, 7, null, {}, encrypts, Key::Rsa1.public()] });
    bed.op.switches().jwks = Answer::json(200, &odd);
    bed.signed_in(&Person::new("Ada")).await;
}

#[tokio::test]
async fn a21_a_new_key_is_fetched_when_a_token_names_it() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada");
    bed.signed_in(&ada).await;
    assert_eq!(bed.op.count(Endpoint::Jwks), 1);
    bed.signed_in(&ada).await;
    assert_eq!(bed.op.count(Endpoint::Jwks), 1, "keys are kept");

    // `signing-key-rotation`: between two sign-ins.
    bed.op.switches().rotate(Key::Rsa2);
    bed.signed_in(&ada).await;
    assert_eq!(bed.op.count(Endpoint::Jwks), 2);

    // `signing-key-rotation-just-before-signing`: after the browser was sent there.
    bed.app.clock.advance(61);
    let mut browser = bed.app.browser();
    let callback = bed.visit(&mut browser, "/", &ada).await;
    bed.op.switches().rotate(Key::Rsa1);
    assert_eq!(arrive(&mut browser, &callback).await.status, 303);
    assert_eq!(bed.op.count(Endpoint::Jwks), 3);
}

#[tokio::test]
async fn a21_two_hundred_sign_ins_with_a_new_key_fetch_it_once() {
    // Who is told that they may not enter was believed. That writes nothing, so that no slow disk decides.
    let bed = Bed::with(&[("AUTH_ALLOWED_GROUPS", "insiders")]).await;
    let insider = Person::new("Ada").with("groups", json!(["insiders"]));
    bed.op.switches().rotate(Key::Ec1);
    bed.signed_in(&insider).await;
    bed.op.switches().rotate(Key::Ec2);
    assert_eq!(crowd(&bed, 200).await, [403; 200]);
    bed.signed_in(&insider).await;
    assert_eq!(bed.op.count(Endpoint::Jwks), 2, "one fetch before, one for the new key");
    assert_eq!(bed.op.count(Endpoint::Discovery), 1);
}

#[tokio::test]
async fn a21_a_key_that_nobody_has_is_looked_for_once_a_minute() {
    let bed = signing_with(Key::Ec1).await;
    bed.signed_in(&Person::new("Ada")).await;
    bed.op.switches().header("kid", "nobody's");
    assert_eq!(crowd(&bed, 200).await, [400; 200]);
    assert_eq!(bed.op.count(Endpoint::Jwks), 2, "for two hundred tokens");
    bed.app.clock.advance(59);
    bed.refused("within the minute", &[400]).await;
    assert_eq!(bed.op.count(Endpoint::Jwks), 2);
    bed.app.clock.advance(2);
    bed.refused("after the minute", &[400]).await;
    assert_eq!(bed.op.count(Endpoint::Jwks), 3);
    bed.op.switches().id_header.clear();
    bed.signed_in(&Person::new("Ada")).await;
}

/// So many people come back from the provider at the same time. Gives the statuses.
async fn crowd(bed: &Bed, number: usize) -> Vec<u16> {
    let mut coming = Vec::new();
    for n in 0..number {
        let mut browser = bed.app.browser();
        let callback = bed.visit(&mut browser, "/", &Person::new(&format!("Person {n}"))).await;
        coming.push(async move { arrive(&mut browser, &callback).await.status });
    }
    join_all(coming).await
}

#[tokio::test]
async fn a28_a_provider_without_a_key_signs_with_the_clients_secret() {
    let bed = signing_with(Key::Secret).await;
    bed.signed_in(&Person::new("Ada")).await;
    bed.refuses(&[
        ("idtoken-sig-none", |op, _| op.signature = Signature::None("none")),
        ("an empty secret", |op, _| op.signature = Signature::EmptySecret),
        ("a key where the secret is promised", |op, _| op.signer = Key::Rsa1),
    ])
    .await;
}
