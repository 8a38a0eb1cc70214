//! What strangers could make of a provider: rows F of the security catalogue.

use super::*;
use crate::llm::{client, settings::Limits, tls::Tls};
use std::{path::PathBuf, sync::Arc};

#[tokio::test(start_paused = true)]
async fn f08_a_redirect_is_not_followed_and_the_key_stays() {
    let elsewhere = ScriptedLlm::playing(events(&[HI, STOP])).await;
    for status in [301, 302, 303, 307, 308] {
        let location = elsewhere.base() + "/chat/completions";
        let (kind, message) = failure_of(answer_with(status, &[("location", &location)], "")).await;
        assert_eq!(kind, FailureKind::Protocol);
        assert!(message.contains("login page"), "{message}");
    }
    assert!(elsewhere.received().is_empty());
}

#[tokio::test]
async fn f09_nothing_that_a_user_writes_becomes_a_header() {
    let server = ScriptedLlm::playing(events(&[HI, STOP])).await;
    let mut question = question("gpt-4o");
    question.parts[0].text = "x\r\nauthorization: Bearer mine\r\nhost: b.example\r\n\r\n".into();
    collect(provider(settings(&server.base())).ask(question)).await;
    let received = &server.received()[0];
    let mut names: Vec<&str> = received.headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "authorization", "content-length", "content-type", "host", "user-agent"]);
    assert_eq!(received.header("authorization"), Some("Bearer sk-test-0123456789"));
    assert!(received.header("host").is_some_and(|host| host.starts_with("127.0.0.1:")));
}

#[tokio::test]
async fn f13_an_address_in_a_message_is_passed_on_as_text_and_not_fetched() {
    let server = ScriptedLlm::playing(events(&[HI, STOP])).await;
    let text = format!("What is in ![this]({}/secret.png)? <img src=\"{0}/secret.png\">", server.base());
    let mut question = question("gpt-4o");
    question.parts[0].text = text.clone();
    collect(provider(settings(&server.base())).ask(question)).await;
    let received = server.received();
    assert_eq!(received.len(), 1, "nothing but the question");
    let body: serde_json::Value = serde_json::from_slice(&received[0].body).expect("JSON");
    assert_eq!(body["messages"], json!([{ "role": "user", "content": text }]));
}

#[tokio::test]
async fn f16_what_a_model_wants_to_call_is_not_called() {
    let calls = [
        r#"{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"rm","arguments":"{\"url\":"}}]}"#,
        r#"{"tool_calls":[{"index":0,"function":{"arguments":"\"http://127.0.0.1/\"}"}}]}"#,
        r#"{"tool_calls":"rm -rf /","function_call":{"name":7,"arguments":[]}}"#,
        r#"{"tool_calls":[{"index":-1,"function":null}]}"#,
    ];
    let mut frames: Vec<String> =
        calls.iter().map(|delta| format!("data: {{\"choices\":[{{\"delta\":{delta}}}]}}\n\n")).collect();
    frames.push(HI.into());
    frames.push(STOP.replace("stop", "tool_calls"));
    let (items, failure) = asked(events(&frames)).await;
    assert_eq!((items, failure), (vec![hi(), ModelEvent::End(StopReason::Done)], None));
}

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/llm/tls").join(name)
}

/// What came of a question over TLS with one of the certificates, and how many questions were received.
async fn over_tls(certificate: &str, ca_file: Option<&str>) -> (Option<Failure>, usize) {
    let server = ScriptedLlm::playing(events(&[HI, STOP])).await;
    let port = server.base().parse::<url::Url>().expect("an address").port().expect("a port");
    let read = |name: &str| std::fs::read(fixture(name)).expect(name);
    let tls = Tls::with(port, &read(certificate), &read("server.key")).await;
    let client = client(ca_file.map(fixture).as_deref()).expect("a client");
    let outside = Outside { client, limits: Limits::default(), chance: Arc::new(|| 0) };
    let settings = settings(&format!("https://localhost:{}/v1", tls.port));
    let provider = Remote::new(settings, outside).expect("usable settings");
    let (_, failure) = collect(provider.ask(question("gpt-4o"))).await;
    (failure, server.received().len())
}

#[tokio::test]
async fn f14_i05_only_a_valid_certificate_of_a_trusted_authority_will_do() {
    assert_eq!(over_tls("good.pem", Some("ca.pem")).await, (None, 1));
    for (certificate, ca_file) in [
        ("good.pem", None),
        ("expired.pem", Some("ca.pem")),
        ("other-host.pem", Some("ca.pem")),
        ("self-signed.pem", Some("ca.pem")),
        ("self-signed.pem", None),
    ] {
        let (failure, received) = over_tls(certificate, ca_file).await;
        let failure = failure.expect(certificate);
        assert_eq!((failure.kind, received), (FailureKind::Unreachable, 0), "{certificate}");
        assert!(failure.message.starts_with("The certificate of localhost:"), "{}", failure.message);
    }
    let told = client(Some(&fixture("README.md"))).expect_err("no certificates");
    assert_eq!(told, "The file of CONFAB_MODEL_CA_FILE has to hold certificates in PEM.");
}
