use super::{
    testing::{KEY, provider, question, settings as settings_of},
    *,
};
use crate::llm::scripted_llm::{Recording, Script, ScriptedLlm, Step, answer, answer_with, event_stream, events};
use chat::{
    Failure, FailureKind, Usage,
    ports::{ModelEvent, StopReason},
    prompt::{Part, Speaker},
};
use serde_json::json;
use std::time::Duration;
use tokio::net::TcpListener;

mod again;
mod dialects;
mod strangers;

const HI: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n";
const STOP: &str = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
const USAGE: &str = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}\n\n";

fn settings(base: &str) -> ProviderSettings {
    settings_of(base, "-all,+gpt-4o,+mine->deployed=My model<8k:fc>")
}

async fn collect(stream: ModelStream) -> (Vec<ModelEvent>, Option<Failure>) {
    let (mut events, mut failure) = (Vec::new(), None);
    for item in stream.collect::<Vec<_>>().await {
        assert!(failure.is_none(), "nothing follows a failure");
        match item {
            Ok(event) => events.push(event),
            Err(error) => failure = Some(error),
        }
    }
    (events, failure)
}

async fn asked(script: Script) -> (Vec<ModelEvent>, Option<Failure>) {
    let server = ScriptedLlm::playing(script).await;
    collect(provider(settings(&server.base())).ask(question("gpt-4o"))).await
}

async fn failure_of(script: Script) -> (FailureKind, String) {
    let (events, failure) = asked(script).await;
    assert_eq!(events, [], "nothing but a failure");
    let failure = failure.expect("a failure");
    assert!(!failure.message.contains(KEY), "{}", failure.message);
    (failure.kind, failure.message.replace('\u{a0}', " "))
}

fn hi() -> ModelEvent {
    ModelEvent::Text("Hi".into())
}

#[tokio::test]
async fn an_answer_arrives_with_its_usage_and_its_end() {
    let usage = ModelEvent::Usage(Usage { input: Some(3), output: Some(1), ..Usage::default() });
    let (items, failure) = asked(events(&[HI, STOP, USAGE, "data: [DONE]\n\n"])).await;
    assert_eq!((items, failure), (vec![hi(), usage, ModelEvent::End(StopReason::Done)], None));
}

#[tokio::test]
async fn recorded_streams_are_played_to_their_end() {
    for name in ["chat-stream", "chat-stream-usage", "tools-forced-stream", "err-empty-body"] {
        let (items, failure) = asked(Recording::read(name).script()).await;
        assert_eq!(failure, None, "{name}");
        assert!(matches!(items.last(), Some(ModelEvent::End(_))), "{name}");
    }
    let body = Recording::read("chat-stream").body;
    let (whole, _) = asked(events(&[&body])).await;
    let (single, _) = asked(events(&body.chunks(1).collect::<Vec<_>>())).await;
    assert_eq!(whole, single, "byte by byte");
}

#[tokio::test]
async fn a_request_is_what_the_protocol_wants() {
    let server = ScriptedLlm::playing(events(&[HI, STOP])).await;
    let mut request = question("mine");
    request.sampling.max_tokens = Some(60);
    request.parts.insert(0, Part::text(Speaker::System, "Be kind."));
    request.parts.insert(1, Part::text(Speaker::Assistant, "Hi"));
    collect(provider(settings(&(server.base() + "/"))).ask(request)).await;

    let received = server.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].line, "POST /v1/chat/completions");
    assert_eq!(received[0].header("authorization"), Some("Bearer sk-test-0123456789"));
    assert_eq!(received[0].header("accept-encoding"), None, "nothing is unpacked");
    let body: serde_json::Value = serde_json::from_slice(&received[0].body).expect("JSON");
    let expected = json!({
        "model": "deployed",
        "messages": [
            { "role": "system", "content": "Be kind." },
            { "role": "assistant", "content": "Hi" },
            { "role": "user", "content": "Hello?" },
        ],
        "stream": true,
        "stream_options": { "include_usage": true },
        "max_tokens": 60,
    });
    assert_eq!(body, expected);
}

#[tokio::test(start_paused = true)]
async fn i06_a_refusal_is_told_in_words() {
    let json = "application/json";
    let long = "This model's maximum context length is 2048 tokens.";
    let table = [
        (answer(401, json, r#"{"detail":"Invalid API key"}"#), FailureKind::Unauthorized, "Check OPENAI_API_KEY."),
        (answer(403, "text/html", "<h1>no</h1>"), FailureKind::Unauthorized, "OpenAI refused the key."),
        (answer(404, json, r#"{"detail":"Not Found"}"#), FailureKind::NoSuchModel, "OpenAI has no model gpt-4o"),
        (answer(402, json, "{}"), FailureKind::RateLimited, "no credit left"),
        (answer(429, json, r#"{"error":{"code":"insufficient_quota"}}"#), FailureKind::RateLimited, "no credit left"),
        (answer(429, json, "{}"), FailureKind::RateLimited, "try again in a moment."),
        (answer_with(429, &[("retry-after", "7")], "slow"), FailureKind::RateLimited, "try again in 7 seconds."),
        (answer_with(429, &[("retry-after", "300")], ""), FailureKind::RateLimited, "try again in 5 minutes."),
        (answer(500, "text/plain", "Internal Server Error"), FailureKind::Provider, "“Internal Server Error”"),
        (answer(502, "text/html", "<html>502</html>"), FailureKind::Provider, "OpenAI reported an error (502)."),
        (answer(503, json, r#"{"error":"overloaded"}"#), FailureKind::Provider, "(503). It says: “overloaded”."),
        (answer(529, json, ""), FailureKind::Provider, "(529)"),
        (answer(400, json, r#"{"error":{"message":"bad tool"}}"#), FailureKind::Provider, "“bad tool”"),
        (answer(400, json, &format!(r#"{{"error":{{"message":"{long}"}}}}"#)), FailureKind::TooLong, long),
        (answer(413, "text/html", "<html>"), FailureKind::TooLong, "too long for this model"),
        (answer_with(302, &[("location", "http://127.0.0.1:1/")], ""), FailureKind::Protocol, "login page"),
    ];
    for (script, kind, words) in table {
        let (told, message) = failure_of(script).await;
        assert_eq!(told, kind, "{message}");
        assert!(message.contains(words), "{message}");
    }
}

#[tokio::test]
async fn i06_recorded_refusals_are_told() {
    for (name, kind) in [
        ("err-bad-key", FailureKind::Unauthorized),
        ("err-no-key", FailureKind::Unauthorized),
        ("err-404", FailureKind::NoSuchModel),
        ("err-bad-json", FailureKind::Provider),
        ("err-context-overflow", FailureKind::TooLong),
        ("err-context-overflow-stream", FailureKind::Protocol),
    ] {
        assert_eq!(failure_of(Recording::read(name).script()).await.0, kind, "{name}");
    }
}

#[tokio::test]
async fn i06_a_server_that_wants_a_key_says_so() {
    let server = ScriptedLlm::playing(answer(401, "text/plain", "")).await;
    let mut without_key = settings(&server.base());
    without_key.endpoints[0].keys.clear();
    let (_, failure) = collect(provider(without_key).ask(question("gpt-4o"))).await;
    assert_eq!(failure.expect("a failure").message, "OpenAI wants a key. Set OPENAI_API_KEY.");
    assert_eq!(server.received()[0].header("authorization"), None);
}

#[tokio::test]
async fn f10_what_a_provider_says_never_shows_the_key() {
    let body = format!(r#"{{"error":{{"message":"the key {KEY} is \u0007 wrong"}}}}"#);
    let (_, message) = failure_of(answer(400, "application/json", &body)).await;
    assert!(message.contains("“the key [key] is wrong”"), "{message}");

    let (items, failure) = asked(events(&[HI, &format!("data: {body}\n\n")])).await;
    assert_eq!(items, [hi()]);
    let failure = failure.expect("a failure");
    let expected = "OpenAI reported an error. It says: “the key [key] is wrong”. What had arrived is kept; try again.";
    assert_eq!((failure.kind, failure.message.as_str()), (FailureKind::Provider, expected));
    assert!(!format!("{:?}", settings("http://a/")).contains(KEY));
}

#[tokio::test]
async fn a_200_without_an_answer_is_no_answer() {
    let page = answer(200, "text/html", "<html>login</html>");
    for script in [page, events(&[""]), events(&["data: [DONE]\n\n"]), answer(200, "application/json", "{}")] {
        let (kind, message) = failure_of(script).await;
        assert_eq!(kind, FailureKind::Protocol);
        assert!(
            message.starts_with("OpenAI answered 200 but sent no reply; it may be behind a login page"),
            "{message}"
        );
    }
}

#[tokio::test]
async fn i07_a_connection_that_breaks_off_leaves_the_answer_incomplete() {
    let cut = vec![event_stream(), Step::Chunk(HI.into()), Step::Close];
    for script in [cut, events(&[HI]), events(&[HI, "data: [DONE]\n\n"])] {
        let (items, failure) = asked(script).await;
        assert_eq!(items, [hi()]);
        let failure = failure.expect("a failure");
        assert_eq!(failure.kind, FailureKind::Incomplete);
        assert_eq!(failure.message, "The answer from OpenAI broke off. What had arrived is kept; try again.");
    }
    let finished = vec![event_stream(), Step::Chunk([HI, STOP].concat().into()), Step::Close];
    let (items, failure) = asked(finished).await;
    assert_eq!((items, failure), (vec![hi(), ModelEvent::End(StopReason::Done)], None), "all had arrived");
}

#[tokio::test(start_paused = true)]
async fn i05_a_provider_that_is_not_there_is_named_by_its_host() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        listener.local_addr().expect("an address").port()
    };
    let base = format!("http://127.0.0.1:{port}/secret-path/v1?api-key=hidden");
    let (items, failure) = collect(provider(settings(&base)).ask(question("gpt-4o"))).await;
    let failure = failure.expect("a failure");
    assert_eq!((items, failure.kind), (vec![], FailureKind::Unreachable));
    let host = format!("127.0.0.1:{port}");
    assert!(failure.message.starts_with(&format!("OpenAI could not be reached at {host}.")), "{}", failure.message);
    assert!(!failure.message.contains("secret-path") && !failure.message.contains("hidden"));

    let (kind, message) = failure_of(vec![Step::Close]).await;
    assert_eq!(kind, FailureKind::Unreachable);
    assert!(message.contains("broke before OpenAI answered"), "{message}");
    let (kind, _) = failure_of(vec![event_stream(), Step::Close]).await;
    assert_eq!(kind, FailureKind::Unreachable);
}

#[tokio::test]
async fn f12_what_is_no_http_is_told() {
    let endless = [b"HTTP/1.1 200 OK\r\n".to_vec(), b"x: y\r\n".repeat(100_000)].concat();
    for bytes in [endless, b"220 mail.example.com ESMTP\r\n\r\n".to_vec()] {
        let (kind, message) = failure_of(vec![Step::Raw(bytes), Step::Close]).await;
        assert_eq!(kind, FailureKind::Protocol);
        assert!(message.contains("Check OPENAI_PROXY_URL."), "{message}");
    }
}

#[tokio::test]
async fn i08_silence_ends_an_answer() {
    let server = ScriptedLlm::playing(vec![event_stream(), Step::Chunk(HI.into()), Step::Hang]).await;
    let mut stream = provider(settings(&server.base())).ask(question("gpt-4o"));
    assert_eq!(stream.next().await, Some(Ok(hi())));
    // From here on nothing but time can happen.
    tokio::time::pause();
    let (items, failure) = collect(stream).await;
    let failure = failure.expect("a failure");
    assert_eq!((items, failure.kind), (vec![], FailureKind::TimedOut));
    let expected = "OpenAI was silent for 2 minutes. What had arrived is kept; try again.";
    assert_eq!(failure.message.replace('\u{a0}', " "), expected);
    server.clients_left(1).await;
}

#[tokio::test]
async fn i08_an_answer_ends_soon_after_the_models_last_word() {
    let server = ScriptedLlm::playing(vec![event_stream(), Step::Chunk([HI, STOP].concat().into()), Step::Hang]).await;
    let mut stream = provider(settings(&server.base())).ask(question("gpt-4o"));
    assert_eq!(stream.next().await, Some(Ok(hi())));
    tokio::time::pause();
    let begin = tokio::time::Instant::now();
    assert_eq!(collect(stream).await, (vec![ModelEvent::End(StopReason::Done)], None));
    assert!(begin.elapsed() <= Limits::default().after_finish + Duration::from_secs(1));
}

#[tokio::test]
async fn i08_an_answer_that_never_ends_is_ended() {
    let mut script = vec![event_stream()];
    for _ in 0..3 {
        script.extend([Step::Chunk(HI.into()), Step::Delay(Duration::from_secs(60))]);
    }
    let server = ScriptedLlm::playing(script).await;
    let limits = Limits { total: Duration::from_secs(90), ..Limits::default() };
    let mut stream = testing::limited(settings(&server.base()), limits).ask(question("gpt-4o"));
    assert_eq!(stream.next().await, Some(Ok(hi())));
    tokio::time::pause();
    let (_, failure) = collect(stream).await;
    let failure = failure.expect("a failure");
    assert_eq!(failure.kind, FailureKind::TimedOut);
    assert!(failure.message.starts_with("OpenAI was not done after"), "{}", failure.message);
}

#[tokio::test]
async fn i10_dropping_the_stream_closes_the_connection() {
    let server = ScriptedLlm::playing(vec![event_stream(), Step::Chunk(HI.into()), Step::Hang]).await;
    let mut stream = provider(settings(&server.base())).ask(question("gpt-4o"));
    assert_eq!(stream.next().await, Some(Ok(hi())));
    drop(stream);
    server.clients_left(1).await;
}

#[tokio::test]
async fn f15_only_models_on_offer_are_asked() {
    let server = ScriptedLlm::playing(events(&[HI, STOP])).await;
    let (items, failure) = collect(provider(settings(&server.base())).ask(question("../gpt-secret"))).await;
    let failure = failure.expect("a failure");
    assert_eq!((items, failure.kind), (vec![], FailureKind::NoSuchModel));
    assert_eq!(failure.message, "The model openai/../gpt-secret is not on offer here. Choose another one.");
    assert!(server.received().is_empty());
}
