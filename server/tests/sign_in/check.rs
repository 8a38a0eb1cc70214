//! What `confab check` says of a provider, for each mistake that people make with Authentik.

use super::bed::Bed;
use crate::support::{
    hostile_op::{Answer, Key},
    path_text,
    process::command,
    tls::{self, Tls},
};
use serde_json::json;
use server::auth::oidc::examine::{Finding, Grade};

/// What is found, but for the clock: that of a test stands still on another day.
async fn examine(bed: &Bed) -> Vec<Finding> {
    let oidc = &bed.app.state.oidc;
    let findings = oidc.examine(oidc.provider("authentik").expect("set up")).await;
    findings.into_iter().filter(|finding| !finding.text.contains("clock")).collect()
}

/// The one finding that is not good, as one text.
async fn the_one(bed: &Bed, grade: Grade) -> String {
    let mut other: Vec<Finding> = examine(bed).await.into_iter().filter(|found| found.grade != Grade::Good).collect();
    assert_eq!(other.len(), 1, "{other:?}");
    let Finding { grade: found, text, fix } = other.remove(0);
    assert_eq!(found, grade, "{text}");
    format!("{text} → {}", fix.expect("what to change"))
}

#[tokio::test]
async fn a_good_provider_has_nothing_to_change() {
    let bed = Bed::start().await;
    let findings = examine(&bed).await;
    assert!(findings.iter().all(|finding| finding.grade == Grade::Good), "{findings:?}");
    let text: Vec<&str> = findings.iter().map(|finding| finding.text.as_str()).collect();
    assert!(text.contains(&"signs its tokens with RS256"), "{text:?}");
    assert!(text.contains(&"knows the client id, its secret and the redirect URI"), "{text:?}");
}

#[tokio::test]
async fn l04_an_issuer_in_another_shape_is_no_mistake() {
    for end in ["", ".well-known/openid-configuration"] {
        let bed = Bed::start().await;
        let issuer = bed.op.issuer().trim_end_matches('/').to_owned() + if end.is_empty() { "" } else { "/" } + end;
        let again = Bed::with(&[("AUTH_AUTHENTIK_ISSUER", &issuer)]).await;
        assert!(examine(&again).await.iter().all(|finding| finding.grade == Grade::Good), "{issuer}");
    }
}

#[tokio::test]
async fn l04_a_wrong_slug_is_named() {
    let bed = Bed::start().await;
    bed.op.switches().discovery = Answer::html(404);
    let told = the_one(&bed, Grade::Bad).await;
    assert!(told.contains("AUTH_AUTHENTIK_ISSUER") && told.contains("slug"), "{told}");
}

#[tokio::test]
async fn an_issuer_that_calls_itself_http_is_the_proxys_mistake() {
    let bed = Bed::start().await;
    let behind = [
        ("AUTH_AUTHENTIK_ISSUER", "https://auth.example.com/application/o/chat/"),
        ("AUTH_AUTHENTIK_INTERNAL_URL", &bed.op.address("/")),
    ];
    let proxied = Bed::with(&behind).await;
    bed.op.switches().metadata.insert("issuer".into(), json!("http://auth.example.com/application/o/chat/"));
    let told = the_one(&proxied, Grade::Bad).await;
    assert!(told.contains("X-Forwarded-Proto"), "{told}");
    bed.op.switches().metadata.insert("issuer".into(), json!("https://other.example.com/"));
    let told = the_one(&bed, Grade::Bad).await;
    assert!(told.contains("AUTH_AUTHENTIK_ISSUER") && told.contains("https://other.example.com/"), "{told}");
}

#[tokio::test]
async fn a_provider_that_is_down_is_told_with_the_other_name_it_may_have() {
    let bed = Bed::with(&[("AUTH_AUTHENTIK_ISSUER", "http://127.0.0.1:9/application/o/chat/")]).await;
    let told = the_one(&bed, Grade::Bad).await;
    assert!(told.contains("can’t be reached") && told.contains("AUTH_AUTHENTIK_INTERNAL_URL"), "{told}");
}

#[tokio::test]
async fn a_private_authority_is_told_and_its_file_is_enough() {
    let bed = Bed::start().await;
    let tls = Tls::before(bed.op.port()).await;
    let address = |path: &str| format!("https://localhost:{}{path}", tls.port);
    let issuer = address("/application/o/chat/");
    let mut members = vec![("issuer", issuer.clone()), ("jwks_uri", issuer.clone() + "jwks/")];
    for (name, path) in [("authorization", "authorize"), ("token", "token"), ("userinfo", "userinfo")] {
        members.push((name, address(&format!("/application/o/{path}/"))));
    }
    for (name, value) in members {
        let name = if ["issuer", "jwks_uri"].contains(&name) { name.into() } else { format!("{name}_endpoint") };
        bed.op.switches().metadata.insert(name, json!(value));
    }
    bed.op.switches().metadata.insert("end_session_endpoint".into(), json!(null));

    let unknown = Bed::with(&[("AUTH_AUTHENTIK_ISSUER", &issuer)]).await;
    let told = the_one(&unknown, Grade::Bad).await;
    assert!(told.contains("certificate") && told.contains("AUTH_CA_FILE"), "{told}");
    let known = Bed::with(&[("AUTH_AUTHENTIK_ISSUER", &issuer), ("AUTH_CA_FILE", &path_text(&tls::authority()))]).await;
    let findings = examine(&known).await;
    assert!(findings.iter().all(|finding| finding.grade == Grade::Good), "{findings:?}");
}

#[tokio::test]
async fn no_signing_key_works_and_is_told() {
    let bed = Bed::start().await;
    {
        let mut switches = bed.op.switches();
        switches.rotate(Key::Secret);
        switches.published.clear();
        switches.metadata.insert("id_token_signing_alg_values_supported".into(), json!(["HS256"]));
    }
    let told = the_one(&bed, Grade::Note).await;
    assert!(told.contains("HS256") && told.contains("Signing Key"), "{told}");
}

#[tokio::test]
async fn an_encryption_key_is_told() {
    let bed = Bed::start().await;
    let named = json!(["RSA-OAEP-256"]);
    bed.op.switches().metadata.insert("id_token_encryption_alg_values_supported".into(), named);
    let told = the_one(&bed, Grade::Bad).await;
    assert!(told.contains("leave the Encryption Key empty"), "{told}");
}

#[tokio::test]
async fn l06_a_wrong_id_secret_or_redirect_uri_is_told_with_the_address_to_paste() {
    for wrong in [("AUTH_AUTHENTIK_ID", "other"), ("AUTH_AUTHENTIK_SECRET", "wrong-secret-of-the-client")] {
        let bed = Bed::with(&[wrong]).await;
        let told = the_one(&bed, Grade::Bad).await;
        assert!(told.contains("AUTH_AUTHENTIK_SECRET") && told.contains("AUTH_AUTHENTIK_ID"), "{told}");
        assert!(told.contains("http://127.0.0.1:3210/api/auth/callback/authentik"), "{told}");
        assert!(!told.contains(wrong.1), "{told}");
    }
}

#[tokio::test]
async fn rules_about_what_the_provider_does_not_tell_are_told() {
    let bed = Bed::with(&[("AUTH_ALLOWED_GROUPS", "chat")]).await;
    bed.op.switches().metadata.insert("claims_supported".into(), json!(["sub", "email"]));
    let told = the_one(&bed, Grade::Bad).await;
    assert!(told.contains("groups") && told.contains("profile"), "{told}");

    let bed = Bed::with(&[("AUTH_ALLOWED_EMAILS", "example.org")]).await;
    let told = the_one(&bed, Grade::Note).await;
    assert!(told.contains("verified") && told.contains("AUTH_ALLOWED_GROUPS"), "{told}");

    let bed = Bed::start().await;
    bed.op.switches().metadata.insert("scopes_supported".into(), json!(["openid", "profile"]));
    let told = the_one(&bed, Grade::Note).await;
    assert!(told.contains("offline_access"), "{told}");
}

#[tokio::test]
async fn l13_clocks_that_are_apart_are_told() {
    let bed = Bed::start().await;
    let oidc = &bed.app.state.oidc;
    let findings = oidc.examine(oidc.provider("authentik").expect("set up")).await;
    let clock = findings.iter().find(|finding| finding.text.contains("clock")).expect("days apart");
    assert_eq!(clock.grade, Grade::Bad);
    assert!(clock.fix.as_deref().is_some_and(|fix| fix.contains("NTP")), "{clock:?}");
}

/// The whole command, as an administrator runs it.
#[tokio::test]
async fn the_command_prints_the_set_up_without_a_secret_and_its_exit_code_tells() {
    let bed = Bed::start().await;
    let data = tempfile::tempdir().unwrap();
    let issuer = bed.op.issuer();
    let run = async |changes: &[(&str, &str)]| {
        let usual = [
            ("NEXT_AUTH_SECRET", super::bed::SECRET),
            ("NEXT_AUTH_SSO_PROVIDERS", "authentik"),
            ("AUTH_AUTHENTIK_ID", "chat"),
            ("AUTH_AUTHENTIK_SECRET", crate::support::hostile_op::CLIENT_SECRET),
            ("AUTH_AUTHENTIK_ISSUER", &issuer),
            ("NEXTAUTH_URL", "https://chat.example.com/api/auth"),
        ];
        let mut command = command(data.path(), &[&usual[..], changes].concat());
        let output = tokio::task::spawn_blocking(move || command.arg("check").output()).await.unwrap().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        for secret in [super::bed::SECRET, crate::support::hostile_op::CLIENT_SECRET] {
            assert!(!text.contains(secret), "{text}");
        }
        (output.status.code(), text)
    };
    let (code, text) = run(&[]).await;
    assert_eq!(code, Some(0), "{text}");
    for part in [
        "AUTH_SECRET (found as NEXT_AUTH_SECRET)",
        "signs its tokens with RS256",
        "https://chat.example.com/api/auth/callback/authentik",
        "will be made at the first start",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let (code, text) = run(&[("AUTH_AUTHENTIK_SECRET", "wrong-secret-of-the-client")]).await;
    assert_eq!(code, Some(1), "{text}");
    let (code, text) = run(&[("AUTH_AUTHENTIK_ISSUER", " "), ("AUTH_AUTHENTK_ISSUER", &issuer)]).await;
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("AUTH_AUTHENTIK_ISSUER is missing"), "{text}");
    assert!(text.contains("AUTH_AUTHENTK_ISSUER is not a setting of Confab"), "{text}");
}
