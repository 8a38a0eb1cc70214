//! What holds for every dialect alike.

use super::*;
use crate::{llm::settings::Endpoint, secret::Secret};
use chat::Dialect;

/// A dialect as a server speaks it.
struct Spoken {
    dialect: Dialect,
    /// Where the model `big/one` is asked.
    path: &'static str,
    /// Where the models are listed.
    list: &'static str,
    /// The header with the key, and its value.
    key: (&'static str, &'static str),
    /// A piece of an answer that says “Hi”.
    hi: &'static str,
    /// A call of a tool, right and wrong.
    tools: &'static [&'static str],
    /// The reason to stop.
    stop: &'static str,
    /// Two models, one of them `big/one`.
    models: &'static str,
}

const ALL: &[Spoken] = &[
    Spoken {
        dialect: Dialect::OpenAi,
        path: "/v1/chat/completions",
        list: "/v1/models",
        key: ("authorization", "Bearer sk-test-0123456789"),
        hi: HI,
        tools: &[
            "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"rm\",\"arguments\":\"{\"}}]}}]}\n\n",
            "data: {\"choices\":[{\"delta\":{\"tool_calls\":\"rm -rf /\",\"function_call\":7}}]}\n\n",
        ],
        stop: STOP,
        models: r#"{"data":[{"id":"big/one"},{"id":"b"}]}"#,
    },
    Spoken {
        dialect: Dialect::Responses,
        path: "/v1/responses",
        list: "/v1/models",
        key: ("authorization", "Bearer sk-test-0123456789"),
        hi: "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"Hi\"}\n\n",
        tools: &[
            "data: {\"type\":\"response.function_call_arguments.delta\",\"delta\":\"{\\\"rm\\\":\"}\n\n",
            "data: {\"type\":\"response.output_item.done\",\"item\":{\"type\":\"function_call\",\"arguments\":7}}\n\n",
        ],
        stop: "data: {\"type\":\"response.completed\",\"response\":{\"status\":\"completed\"}}\n\n",
        models: r#"{"data":[{"id":"big/one"},{"id":"b"}]}"#,
    },
    Spoken {
        dialect: Dialect::Anthropic,
        path: "/v1/messages",
        list: "/v1/models",
        key: ("x-api-key", "sk-test-0123456789"),
        hi: "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}\n\n",
        tools: &[
            "data: {\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"rm\",\"input\":{}}}\n\n",
            "data: {\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"rm\"}}\n\n",
        ],
        stop: "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{}}\n\n",
        models: r#"{"data":[{"type":"model","id":"big/one"},{"type":"model","id":"b"}],"has_more":false}"#,
    },
    Spoken {
        dialect: Dialect::Gemini,
        path: "/v1beta/models/big%2Fone:streamGenerateContent",
        list: "/v1beta/models",
        key: ("x-goog-api-key", "sk-test-0123456789"),
        hi: "data: {\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"Hi\"}]}}]}\n\n",
        tools: &[
            "data: {\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"rm\",\"args\":{\"path\":\"/\"}}}]}}]}\n\n",
            "data: {\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":7}]}}]}\n\n",
        ],
        stop: "data: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\n\n",
        models: r#"{"models":[{"name":"models/big/one","supportedGenerationMethods":["generateContent"]},
            {"name":"models/b","supportedGenerationMethods":["generateContent"]}]}"#,
    },
    Spoken {
        dialect: Dialect::Ollama,
        path: "/api/chat",
        list: "/api/tags",
        key: ("authorization", "Bearer sk-test-0123456789"),
        hi: "{\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"done\":false}\n",
        tools: &[
            "{\"message\":{\"content\":\"\",\"tool_calls\":[{\"function\":{\"name\":\"rm\",\"arguments\":{\"path\":\"/\"}}}]},\"done\":false}\n",
            "{\"message\":{\"content\":\"\",\"tool_calls\":7},\"done\":false}\n",
        ],
        stop: "{\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\"}\n",
        models: r#"{"models":[{"name":"big/one","model":"big/one"},{"name":"b","model":"b"}]}"#,
    },
];

impl Spoken {
    fn provider(&self, server: &ScriptedLlm, models: &str) -> Remote {
        let base = server.origin()
            + self.path.split("/v1/").next().filter(|_| self.list == "/v1/models").map_or("", |_| "/v1");
        let endpoint = Endpoint { base: base.parse().expect("an address"), keys: vec![Secret::new(KEY)] };
        provider(ProviderSettings { dialect: self.dialect, endpoints: vec![endpoint], ..settings_of(&base, models) })
    }

    async fn asked(&self, script: Script) -> (Vec<ModelEvent>, Option<Failure>, ScriptedLlm) {
        let server = ScriptedLlm::start().await;
        server.at(self.path, script);
        let (items, failure) = collect(self.provider(&server, "-all,+big/one").ask(question("big/one"))).await;
        (items, failure, server)
    }

    fn whole(&self) -> Script {
        events(&[self.hi, self.stop])
    }
}

fn complete() -> Vec<ModelEvent> {
    vec![hi(), ModelEvent::End(StopReason::Done)]
}

#[test]
fn every_dialect_is_in_the_table() {
    assert_eq!(ALL.iter().map(|spoken| spoken.dialect).collect::<Vec<_>>(), Dialect::ALL);
}

#[tokio::test]
async fn f08_f09_f15_the_key_is_in_its_header_and_nothing_else_of_the_request_is_a_strangers() {
    for spoken in ALL {
        let (items, failure, server) = spoken.asked(spoken.whole()).await;
        assert_eq!((items, failure), (complete(), None), "{:?}", spoken.dialect);
        let received = server.received();
        assert_eq!(received.len(), 1, "{:?}", spoken.dialect);
        let (name, value) = spoken.key;
        assert_eq!(received[0].header(name), Some(value), "{:?}", spoken.dialect);
        assert!(!received[0].line.contains(KEY), "{}", received[0].line);
        assert!(!String::from_utf8_lossy(&received[0].body).contains(KEY), "{:?}", spoken.dialect);
        assert!(received[0].header("cookie").is_none() && received[0].header("origin").is_none());
    }
}

#[tokio::test(start_paused = true)]
async fn i06_refusals_mean_the_same_in_every_dialect() {
    let echo = format!(r#"{{"error":{{"message":"not {KEY}","type":"x"}}}}"#);
    for spoken in ALL {
        for (status, kind) in [
            (400, FailureKind::Provider),
            (401, FailureKind::Unauthorized),
            (404, FailureKind::NoSuchModel),
            (413, FailureKind::TooLong),
            (302, FailureKind::Protocol),
            (429, FailureKind::RateLimited),
            (503, FailureKind::Provider),
        ] {
            for body in [&*echo, "<html>no</html>", ""] {
                let (items, failure, _) = spoken.asked(answer(status, "application/json", body)).await;
                let failure = failure.expect("a failure");
                assert_eq!((items, failure.kind), (vec![], kind), "{:?} {status} {body}", spoken.dialect);
                assert!(!failure.message.contains(KEY), "{}", failure.message);
            }
        }
        let (items, failure, _) = spoken.asked(answer(200, "text/html", "<html>login</html>")).await;
        assert_eq!((items, failure.expect("a failure").kind), (vec![], FailureKind::Protocol), "{:?}", spoken.dialect);
    }
}

#[tokio::test(start_paused = true)]
async fn i06_every_dialect_asks_again_before_the_first_word() {
    for spoken in ALL {
        let server = ScriptedLlm::start().await;
        server.at(spoken.path, answer(503, "text/plain", ""));
        server.at(spoken.path, spoken.whole());
        let answered = collect(spoken.provider(&server, "-all,+big/one").ask(question("big/one"))).await;
        assert_eq!((answered, server.received().len()), ((complete(), None), 2), "{:?}", spoken.dialect);
    }
}

#[tokio::test]
async fn i07_no_dialect_takes_a_cut_answer_for_a_whole_one() {
    for spoken in ALL {
        let cut = vec![event_stream(), Step::Chunk(spoken.hi.into()), Step::Close];
        for script in [cut, events(&[spoken.hi])] {
            let (items, failure, _) = spoken.asked(script).await;
            let kind = failure.expect("a failure").kind;
            assert_eq!((items, kind), (vec![hi()], FailureKind::Incomplete), "{:?}", spoken.dialect);
        }
    }
}

#[tokio::test]
async fn i08_silence_ends_an_answer_in_every_dialect() {
    for spoken in ALL {
        let server = ScriptedLlm::start().await;
        server.at(spoken.path, vec![event_stream(), Step::Chunk(spoken.hi.into()), Step::Hang]);
        let mut stream = spoken.provider(&server, "-all,+big/one").ask(question("big/one"));
        assert_eq!(stream.next().await, Some(Ok(hi())));
        tokio::time::pause();
        let (_, failure) = collect(stream).await;
        assert_eq!(failure.expect("a failure").kind, FailureKind::TimedOut, "{:?}", spoken.dialect);
        tokio::time::resume();
    }
}

#[tokio::test]
async fn f12_garbage_and_floods_end_in_a_failure_in_every_dialect() {
    for spoken in ALL {
        let line = "x".repeat(2 << 20);
        for flood in [format!("data: {line}"), line, "data: {oops\n\n{oops\n\n".into(), "data: \u{0}\n\n\u{0}\n".into()]
        {
            let (items, failure, _) = spoken.asked(events(&[spoken.hi.to_owned(), flood])).await;
            let kind = failure.expect("a failure").kind;
            assert!([FailureKind::Protocol, FailureKind::Incomplete].contains(&kind), "{:?}: {kind:?}", spoken.dialect);
            assert_eq!(items, [hi()], "{:?}", spoken.dialect);
        }
    }
}

#[tokio::test]
async fn f16_no_dialect_does_what_a_model_wants_called() {
    for spoken in ALL {
        let frames: Vec<&str> = spoken.tools.iter().copied().chain([spoken.hi, spoken.stop]).collect();
        let (items, failure, server) = spoken.asked(events(&frames)).await;
        assert_eq!((items, failure), (complete(), None), "{:?}", spoken.dialect);
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test]
async fn every_dialect_lists_its_models() {
    for spoken in ALL {
        let server = ScriptedLlm::start().await;
        server.at(spoken.list, answer(200, "application/json", spoken.models));
        let provider = spoken.provider(&server, "");
        let models: Vec<_> = provider.models().await.into_iter().map(|model| model.id.model).collect();
        assert_eq!(models, ["big/one", "b"], "{:?}", spoken.dialect);
        assert_eq!(server.received()[0].header(spoken.key.0), Some(spoken.key.1), "{:?}", spoken.dialect);
        let page = ScriptedLlm::start().await;
        page.at(spoken.list, answer(200, "text/html", "<html>"));
        let provider = spoken.provider(&page, "");
        assert_eq!(provider.models().await, []);
        assert!(matches!(provider.state(), ProviderState::Failed(_)), "{:?}", spoken.dialect);
    }
}
