//! The binary as a process: starting, refusing to start, dying and coming back (catalogue rows I03, L08).

use crate::support::{
    process::{Confab, command, free_port},
    scripted_llm::{ScriptedLlm, answer},
};
use std::{net::TcpListener, process::Output};

fn run(data: &tempfile::TempDir, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    command(data.path(), variables).args(arguments).output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn bad_settings_are_all_told_with_exit_code_2_before_anything_is_opened() {
    let data = tempfile::tempdir().unwrap();
    let output = run(&data, &[], &[("PORT", "x"), ("AUTH_SECRET", "hunter2"), ("CONFAB_LISTEN", "0.0.0.0:1")]);
    let text = told(&output);
    assert_eq!(output.status.code(), Some(2), "{text}");
    for name in ["PORT", "AUTH_SECRET", "CONFAB_LISTEN"] {
        assert!(text.contains(name), "{text}");
    }
    assert!(!text.contains("hunter2"), "{text}");
    assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 0, "no file was made");
}

#[test]
fn l08_an_address_that_can_not_be_had_is_told_with_what_to_do() {
    let data = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = run(&data, &[], &[("PORT", &port)]);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert!(
        told(&output).contains("another program listens there") && told(&output).contains("PORT"),
        "{}",
        told(&output)
    );

    for address in ["localhost:1", "300.0.0.1:1", "127.0.0.1", "::1:80"] {
        let output = run(&data, &[], &[("CONFAB_LISTEN", address)]);
        let expected = if address == "::1:80" { 1..=2 } else { 2..=2 };
        assert!(expected.contains(&output.status.code().unwrap()), "{address}: {}", told(&output));
    }
}

#[test]
fn two_servers_do_not_share_a_data_folder() {
    let data = tempfile::tempdir().unwrap();
    let first = Confab::start(data.path(), free_port(), &[]);
    let output = run(&data, &[], &[("PORT", &free_port().to_string())]);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    drop(first);
}

#[test]
fn a_login_link_is_made_beside_the_running_server() {
    let data = tempfile::tempdir().unwrap();
    let before = run(&data, &["login-link"], &[]);
    assert_eq!(before.status.code(), Some(1), "without a database there is nothing to sign in to");
    let server = Confab::start(data.path(), free_port(), &[]);
    let output = run(&data, &["login-link", "--user", "Ada"], &[("APP_URL", "https://chat.example.com")]);
    let address = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(output.status.success() && address.starts_with("https://chat.example.com/login/"), "{}", told(&output));
    drop(server);
}

#[test]
fn sigterm_ends_the_server_with_exit_code_0() {
    let data = tempfile::tempdir().unwrap();
    let server = Confab::start(data.path(), free_port(), &[]);
    assert_eq!(server.terminate(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn check_lists_the_providers_of_models_and_what_each_says() {
    let (up, down) = (ScriptedLlm::start().await, ScriptedLlm::start().await);
    up.on("/models", answer(200, "application/json", r#"{"data":[{"id":"a"},{"id":"b"}]}"#));
    down.on("/models", answer(401, "application/json", "{}"));
    let (up, down) = (up.base(), down.base());
    let data = tempfile::tempdir().unwrap();
    let variables = [
        ("CONFAB_PROVIDERS", "my-lab"),
        ("MY_LAB_PROXY_URL", &*up),
        ("GROQ_API_KEY", "gsk-0123456789"),
        ("GROQ_PROXY_URL", &*down),
        ("MISTRAL_API_KEY", "m-0123456789"),
        ("ENABLED_MISTRAL", "0"),
    ];
    let output = tokio::task::block_in_place(|| run(&data, &["check"], &variables));
    let text = String::from_utf8_lossy(&output.stdout);
    for line in ["✓ my-lab: models: 2", "✗ Groq: Groq refused the key. Check GROQ_API_KEY.", "  MY_LAB_PROXY_URL\n"]
    {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(!text.contains("gsk-") && !text.contains("Mistral") && !text.contains("Ollama"), "{text}");
    assert_eq!(output.status.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn f11_providers_are_asked_through_the_proxy_that_the_environment_names() {
    let proxy = ScriptedLlm::start().await;
    let address = proxy.base().trim_end_matches("/v1").to_owned();
    let data = tempfile::tempdir().unwrap();
    let ask = |base: &str, more: (&str, &str)| {
        let key = ("OPENAI_API_KEY", "sk-0123456789");
        let proxies = [("HTTP_PROXY", &*address), ("HTTPS_PROXY", &*address), more];
        let variables = [&proxies[..], &[key, ("OPENAI_PROXY_URL", base), ("ENABLED_OLLAMA", "0")]].concat();
        tokio::task::block_in_place(|| run(&data, &["check"], &variables));
    };
    ask("http://llm.example.invalid/v1", ("CONFAB_LOG_FORMAT", "text"));
    assert_eq!(proxy.received().last().unwrap().line, "GET http://llm.example.invalid/v1/models");
    ask("https://llm.example.invalid/v1", ("CONFAB_LOG_FORMAT", "text"));
    let received = proxy.received();
    let connect = received.last().unwrap();
    assert_eq!(connect.line, "CONNECT llm.example.invalid:443");
    assert_eq!(connect.header("authorization"), None, "the key stays inside TLS");
    let before = received.len();
    ask("http://llm.example.invalid/v1", ("NO_PROXY", "example.invalid"));
    assert_eq!(proxy.received().len(), before);
}
