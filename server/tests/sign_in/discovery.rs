//! Finding a provider: how its issuer may be written, and what its metadata may say.

use super::bed::{Bed, app, begin_reply};
use crate::support::{
    Reply, TestClock,
    hostile_op::{Answer, Endpoint, HostileOp, Person},
};
use serde_json::{Value, json};
use std::sync::Arc;

/// A bed whose server knows the issuer as it is written here: `ISSUER` stands for the true one without its slash.
async fn written(host: &'static str, how: &str) -> Bed {
    let clock = Arc::<TestClock>::default();
    let op = HostileOp::called(host, clock.clone()).await;
    let issuer = how.replace("ISSUER", op.issuer().trim_end_matches('/'));
    Bed { app: app(clock, &issuer, &[]).await, op }
}

#[tokio::test]
async fn a26_every_way_to_write_the_issuer_leads_to_the_same() {
    for how in [
        "ISSUER/",
        "ISSUER",
        "  ISSUER/  ",
        "ISSUER//",
        "ISSUER/.well-known/openid-configuration",
        "ISSUER/.well-known/openid-configuration/",
    ] {
        let bed = written("127.0.0.1", how).await;
        bed.signed_in(&Person::new("Ada")).await;
        let issuers = bed.column("SELECT issuer FROM users").await;
        assert_eq!(issuers, [bed.op.issuer()], "{how}: users are known by the issuer as the document has it");
        assert_eq!(bed.op.count(Endpoint::Elsewhere), 0, "{how}: found at the first try");
        // However it was written, tokens have to have it exactly.
        let bare = bed.op.issuer().trim_end_matches('/').to_owned();
        bed.op.switches().claim("iss", bare);
        bed.refused(how, &[400]).await;
    }
    let clock = Arc::<TestClock>::default();
    let op = HostileOp::called("localhost", clock.clone()).await;
    let shouted = op.issuer().replace("http://localhost", "HTTP://LocalHost");
    let bed = Bed { app: app(clock, &shouted, &[]).await, op };
    bed.signed_in(&Person::new("Ada")).await;
    assert_eq!(bed.column("SELECT issuer FROM users").await, [bed.op.issuer()]);
}

/// The page that tells why a sign-in can't begin.
async fn unusable(bed: &Bed, what: &str) -> Reply {
    let mut browser = bed.app.browser();
    let reply = begin_reply(&mut browser, "/").await;
    assert_eq!(reply.status, 502, "{what}: {}", reply.text);
    assert!(reply.text.contains("<h1"), "{what}: {}", reply.text);
    assert!(browser.cookies.is_empty(), "{what}: {:?}", browser.cookies);
    reply
}

#[tokio::test]
async fn a27_metadata_of_another_issuer_is_refused() {
    let bed = Bed::start().await;
    let same_host = bed.op.address("/application/o/other/");
    for other in [
        json!("https://evil.example/application/o/chat/"),
        json!(same_host),
        json!(bed.op.issuer().replace("127.0.0.1", "127.0.0.1.evil.example")),
        json!(bed.op.issuer().replace("http://", "https://")),
        json!(""),
        json!(7),
        Value::Null,
    ] {
        bed.op.switches().metadata.insert("issuer".into(), other.clone());
        let page = unusable(&bed, &other.to_string()).await;
        assert!(page.text.contains("AUTH_AUTHENTIK_ISSUER"), "{other}: it tells what to change: {}", page.text);
        // An entry of `null` takes the member away.
        bed.op.behave();
    }
    bed.signed_in(&Person::new("Ada")).await;
}

#[tokio::test]
async fn a27_metadata_that_leads_to_odd_places_is_refused() {
    for (member, value) in [
        ("authorization_endpoint", json!("javascript:alert(1)")),
        ("authorization_endpoint", json!("/application/o/authorize/")),
        ("authorization_endpoint", json!(["http://127.0.0.1/"])),
        ("authorization_endpoint", Value::Null),
        ("token_endpoint", json!("file:///etc/passwd")),
        ("token_endpoint", Value::Null),
        ("jwks_uri", json!("data:application/json,{}")),
        ("jwks_uri", Value::Null),
        ("userinfo_endpoint", json!("ftp://127.0.0.1/")),
        ("end_session_endpoint", json!("javascript:alert(1)")),
    ] {
        let bed = Bed::start().await;
        bed.op.switches().metadata.insert(member.into(), value.clone());
        unusable(&bed, &format!("{member} {value}")).await;
        bed.op.behave();
        bed.signed_in(&Person::new("Ada")).await;
    }
    // What is not needed may be missing.
    let bed = Bed::start().await;
    for member in ["userinfo_endpoint", "end_session_endpoint", "scopes_supported", "claims_supported"] {
        bed.op.switches().metadata.insert(member.into(), Value::Null);
    }
    bed.signed_in(&Person::new("Ada")).await;
}

#[tokio::test]
async fn l04_a_wrong_slug_is_told_with_what_to_copy() {
    let bed = Bed::start().await;
    bed.op.switches().discovery = Answer::html(404);
    let page = unusable(&bed, "Authentik's page for what is not there").await;
    assert!(page.text.contains("AUTH_AUTHENTIK_ISSUER") && page.text.contains("slug"), "{}", page.text);
}

#[tokio::test]
async fn a_page_may_lead_its_forms_to_the_provider_and_nowhere_else() {
    let bed = Bed::start().await;
    let targets = |page: &Reply| {
        let policy = page.header("content-security-policy").to_owned();
        policy.split(';').find_map(|rule| rule.trim().strip_prefix("form-action ")).unwrap().to_owned()
    };
    let origin = url::Url::parse(&bed.op.issuer()).unwrap().origin().ascii_serialization();
    assert_eq!(targets(&bed.app.browser().get("/signin").await), format!("'self' {origin}"));
}
