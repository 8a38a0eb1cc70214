//! The binary as a process: starting, refusing to start, dying and coming back (catalogue rows I03, I04, L08).

use crate::support::{
    gated_llm::GatedLlm,
    process::{Client, Confab, command, free_port},
    scripted_llm::{ScriptedLlm, answer},
};
use app::error::AppError;
use chat::{Message, Outcome, SendKey, Transcript, Turn, ports::Sent};
use std::{net::TcpListener, process::Output};
use uuid::Uuid;

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
fn conversations_are_taken_away_and_brought_in_without_a_browser() {
    let said = |output: &Output| String::from_utf8_lossy(&output.stdout).into_owned() + &told(output);
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("chats.json");
    let chat = r#"[{"id":"1","title":"Sourdough","created_at":1729000000,"chat":{"history":{"currentId":"b","messages":{
        "a":{"role":"user","content":"How wet?"},
        "b":{"parentId":"a","role":"assistant","model":"llama3","content":"Eighty percent."}}}}}]"#;
    std::fs::write(&file, chat).unwrap();
    let (file, archive) = (file.to_str().unwrap(), data.path().join("all.zip"));
    let archive = archive.to_str().unwrap();
    let early = run(&data, &["import", file], &[]);
    assert!(said(&early).contains("Start the server once"), "{}", said(&early));
    assert!(run(&data, &["migrate"], &[]).status.success());

    let imported = run(&data, &["import", file], &[]);
    assert!(imported.status.success(), "{}", said(&imported));
    assert!(said(&imported).contains("Imported for Owner: 1. There before: 0."), "{}", said(&imported));
    assert!(said(&run(&data, &["import", file], &[])).contains("Imported for Owner: 0. There before: 1."));
    let nobody = run(&data, &["export", "--user", "Nobody", archive], &[]);
    assert!(said(&nobody).contains("Nobody here is called “Nobody”"), "{}", said(&nobody));
    let exported = run(&data, &["export", "--user", "Owner", archive], &[]);
    assert!(exported.status.success(), "{}", said(&exported));
    assert!(std::fs::read(archive).unwrap().starts_with(b"PK"));
    let again = run(&data, &["export", "--user", "Owner", archive], &[]);
    assert!(!again.status.success(), "what is there is never written over");

    let other = tempfile::tempdir().unwrap();
    assert!(run(&other, &["migrate"], &[]).status.success());
    let moved = run(&other, &["import", archive], &[]);
    assert!(said(&moved).contains("Imported for Owner: 1."), "{}", said(&moved));
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

async fn send(client: &Client, n: u128, text: &str) -> Sent {
    client.call("/api/turns/send", &[("key", &SendKey(Uuid::from_u128(n)).to_string()), ("text", text)]).await
}

fn events(sent: &Sent) -> String {
    format!("/api/turns/{}/events?after=0", sent.turn.id)
}

/// The reply as it is kept.
async fn reply(client: &Client, sent: &Sent) -> Turn {
    let id = sent.conversation.id.to_string();
    let transcript: Transcript = client.call("/api/conversations/transcript", &[("id", &id)]).await;
    match transcript.messages.last() {
        Some(Message::Reply(turn)) => turn.clone(),
        other => panic!("not a reply: {other:?}"),
    }
}

fn variables<'a>(base: &'a str, grace: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("OPENAI_PROXY_URL", base),
        ("OPENAI_MODEL_LIST", "-all,+m"),
        ("CONFAB_TURNS_PER_USER", "2"),
        ("CONFAB_STOP_GRACE_SECONDS", grace),
    ]
}

#[tokio::test]
async fn i04_on_sigterm_turns_may_finish_and_what_is_left_is_interrupted_with_its_text_kept() {
    let (data, model) = (tempfile::tempdir().unwrap(), GatedLlm::start().await);
    let base = model.base();
    let server = Confab::start(data.path(), free_port(), &variables(&base, "3600"));
    let client = server.sign_in().await;
    let finishes = send(&client, 1, "finish").await;
    let hangs = send(&client, 2, "hang").await;
    let waits = send(&client, 3, "wait").await;
    let (mut first, mut second) = (client.watch(&events(&finishes)).await, client.watch(&events(&hangs)).await);
    let mut third = client.watch(&events(&waits)).await;
    first.until("Half").await;
    second.until("Half").await;
    third.until("queued").await;
    assert_eq!(client.get("/ready").await.status(), 200);

    server.signal();
    let told = third.rest().await;
    assert_eq!(told.last().unwrap().name, "end", "what has not begun is interrupted at once: {told:?}");
    assert!(told.iter().any(|event| event.data.contains("interrupted")), "{told:?}");
    assert_eq!(client.get("/ready").await.status(), 503);
    let key = SendKey(Uuid::from_u128(4)).to_string();
    let refused = client.post("/api/turns/send", &[("key", &key), ("text", "more")]).await;
    assert_eq!(refused.status(), 503);
    let error: AppError = serde_json::from_str(&refused.text().await.unwrap()).unwrap();
    assert_eq!(error.to_string(), "The server is restarting. Try again in a moment.");

    model.open_gate();
    let told = first.rest().await;
    assert!(told.iter().any(|event| event.data.contains("complete")), "one finishes in the time it is given: {told:?}");
    assert_eq!(told.last().unwrap().name, "end");
    server.signal();
    let told = second.rest().await;
    assert!(told.iter().any(|event| event.data.contains("interrupted")), "the second signal ends that time: {told:?}");
    assert_eq!(told.last().unwrap().name, "end");
    assert_eq!(server.wait(), Some(0));

    let server = Confab::start(data.path(), free_port(), &[]);
    let client = client.at(&server);
    for (sent, text, outcome) in [
        (&finishes, "Half done.", Outcome::Complete),
        (&hangs, "Half", Outcome::Interrupted),
        (&waits, "", Outcome::Interrupted),
    ] {
        let turn = reply(&client, sent).await;
        assert_eq!((turn.text.as_str(), turn.outcome()), (text, Some(&outcome)));
    }
}

#[tokio::test]
async fn i04_when_the_time_is_up_turns_are_interrupted_and_the_server_ends() {
    let (data, model) = (tempfile::tempdir().unwrap(), GatedLlm::start().await);
    let base = model.base();
    let server = Confab::start(data.path(), free_port(), &variables(&base, "0"));
    let client = server.sign_in().await;
    let hangs = send(&client, 1, "hang").await;
    let mut watch = client.watch(&events(&hangs)).await;
    watch.until("Half").await;
    server.signal();
    assert_eq!(watch.rest().await.last().unwrap().name, "end");
    assert_eq!(server.wait(), Some(0));
    let server = Confab::start(data.path(), free_port(), &[]);
    let turn = reply(&client.at(&server), &hangs).await;
    assert_eq!((turn.text.as_str(), turn.outcome()), ("Half", Some(&Outcome::Interrupted)));
}

#[tokio::test]
async fn i03_a_killed_server_comes_back_with_what_had_been_stored() {
    let (data, model) = (tempfile::tempdir().unwrap(), GatedLlm::start().await);
    let base = model.base();
    let server = Confab::start(data.path(), free_port(), &variables(&base, "8"));
    let client = server.sign_in().await;
    let hangs = send(&client, 1, "hang").await;
    while reply(&client, &hangs).await.text != "Half" {
        tokio::task::yield_now().await;
    }
    // Dropping it is SIGKILL.
    drop(server);
    let server = Confab::start(data.path(), free_port(), &variables(&base, "8"));
    let client = client.at(&server);
    let turn = reply(&client, &hangs).await;
    assert_eq!((turn.text.as_str(), turn.outcome()), ("Half", Some(&Outcome::Interrupted)));
    let fields = [("key", &*SendKey(Uuid::from_u128(2)).to_string()), ("turn", &hangs.turn.id.to_string())];
    let again: Sent = client.call("/api/turns/retry", &fields).await;
    client.watch(&events(&again)).await.until("Half").await;
}
