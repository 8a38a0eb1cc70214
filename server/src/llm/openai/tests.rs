use super::*;
use crate::llm::{
    decoder::MAX_BODY_BYTES,
    dialect::{
        Traits,
        testing::{self, Read, assert_complete_from, assert_read, text},
    },
    scripted_llm::Recording,
    sse::MAX_EVENT_BYTES,
};
use chat::{Effort, Hundredths, ModelRef, Prices, ports::ModelEvent};

fn read(chunks: &[&[u8]]) -> Read {
    testing::read(&OpenAi, chunks)
}

fn chunk(delta: &str, finish: Option<&str>) -> String {
    let finish = finish.map_or("null".to_owned(), |finish| format!("\"{finish}\""));
    format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{delta},\"finish_reason\":{finish}}}]}}\n\n")
}

fn hi() -> String {
    chunk(r#"{"content":"Hi"}"#, None)
}

fn stop() -> String {
    chunk("{}", Some("stop"))
}

const USAGE: &str = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}\n\n";
const DONE: &str = "data: [DONE]\n\n";

fn hi_event() -> ModelEvent {
    ModelEvent::Text("Hi".into())
}

/// Synthetic streams of what servers do, good and bad.
fn streams() -> Vec<(String, Read)> {
    let end = ModelEvent::End(StopReason::Done);
    let usage = ModelEvent::Usage(Usage { input: Some(3), output: Some(1), ..Usage::default() });
    let complete = |events: &[ModelEvent]| (events.to_vec(), Ok(()));
    let boom = || Fault::Reported(Told { code: "server_error x".into(), text: "boom".into() });
    let error = r#"{"error":{"message":"boom","type":"server_error","code":"x"}}"#;
    let thinking = |text: &str| ModelEvent::Reasoning(text.into());
    vec![
        (hi() + &stop() + DONE, complete(&[hi_event(), end.clone()])),
        (hi() + &stop(), complete(&[hi_event(), end.clone()])),
        (hi() + &stop() + USAGE + DONE, complete(&[hi_event(), usage.clone(), end.clone()])),
        (hi() + USAGE + &stop(), complete(&[hi_event(), usage.clone(), end.clone()])),
        ((hi() + &stop() + USAGE + DONE).replace('\n', "\r\n"), complete(&[hi_event(), usage, end.clone()])),
        ((hi() + &stop()).replace('\n', "\r"), complete(&[hi_event(), end.clone()])),
        (hi(), (vec![hi_event()], Err(Fault::Cut))),
        (hi() + DONE, (vec![hi_event()], Err(Fault::Cut))),
        (DONE.into(), (vec![], Err(Fault::Nothing))),
        (chunk(r#"{"role":"assistant"}"#, None), (vec![], Err(Fault::Cut))),
        (chunk("{}", Some("")), (vec![], Err(Fault::Cut))),
        (stop(), complete(std::slice::from_ref(&end))),
        (format!("{}data: {error}\n\n{DONE}", hi()), (vec![hi_event()], Err(boom()))),
        (format!("{}event: error\ndata: {error}\n\n", hi()), (vec![hi_event()], Err(boom()))),
        (format!("{}{}data: {error}\n\n", hi(), stop()), complete(&[hi_event(), end.clone()])),
        (hi() + "data: {oops\n\n" + &stop(), (vec![hi_event()], Err(Fault::Garbled))),
        (hi() + &stop() + "data: {oops\n\n", complete(&[hi_event(), end.clone()])),
        (
            format!(
                ": keepalive\n\n{}{}{}{}",
                chunk(r#"{"role":"assistant","reasoning_content":"think"}"#, None),
                chunk(r#"{"reasoning":"more","reasoning_content":null}"#, None),
                chunk(r#"{"content":"Hi","reasoning":"and","reasoning_content":"and"}"#, None),
                stop()
            ),
            complete(&[thinking("think"), thinking("more"), thinking("and"), hi_event(), end.clone()]),
        ),
        (
            chunk(r#"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]}"#, None)
                + &chunk(r#"{"content":[{"type":"text","text":"Hi"}]}"#, Some("stop")),
            complete(&[thinking("hm"), hi_event(), end.clone()]),
        ),
        (
            chunk("null", None)
                + &chunk(r#"{"content":null,"tool_calls":[{"index":0}]}"#, Some(""))
                + "data: {\"choices\":[]}\n\ndata: {\"choices\":null}\n\ndata: {\"new\":1}\n\ndata:\n\n"
                + &hi()
                + "data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"other\"}},{\"delta\":{}}]}\n\n"
                + &stop(),
            complete(&[hi_event(), end]),
        ),
        (
            chunk(r#"{"refusal":"No."}"#, Some("content_filter")),
            complete(&[ModelEvent::Text("No.".into()), ModelEvent::End(StopReason::Filtered)]),
        ),
        (chunk("{}", Some("length")), complete(&[ModelEvent::End(StopReason::Length)])),
        (chunk("{}", Some("error")), (vec![], Err(Fault::Reported(Told::default())))),
        ("<html>login page</html>".into(), (vec![], Err(Fault::Nothing))),
        (error.into(), (vec![], Err(boom()))),
        (String::new(), (vec![], Err(Fault::Nothing))),
    ]
}

#[test]
fn i06_i07_i09_synthetic_streams_end_as_they_should_however_they_are_cut() {
    for (stream, expected) in streams() {
        assert_read(&OpenAi, stream.as_bytes(), &expected);
    }
}

/// Where a stream has told why the model stopped.
fn finish_at(bytes: &[u8]) -> usize {
    let text = String::from_utf8_lossy(bytes);
    let finish = [r#""finish_reason": ""#, r#""finish_reason":""#];
    let finish = finish.iter().filter_map(|finish| text.find(finish)).min().expect("a reason to stop");
    finish + text[finish..].find("\n\n").expect("the end of its frame") + 2
}

#[test]
fn i07_a_stream_cut_short_is_never_complete_before_the_reason_to_stop() {
    let recorded = ["chat-stream", "chat-stream-usage", "tools-forced-stream"].map(|name| Recording::read(name).body);
    let synthetic = (hi() + &stop() + USAGE + DONE).into_bytes();
    for bytes in recorded.into_iter().chain([synthetic]) {
        assert_complete_from(&OpenAi, &bytes, finish_at(&bytes));
    }
}

#[test]
fn recorded_streams_are_read_the_same_however_they_are_cut() {
    for (name, words) in [
        ("chat-stream", "🌟Hello, welcome to my"),
        ("chat-stream-usage", "I'm glad you're here"),
        ("tools-forced-stream", ""),
    ] {
        let body = Recording::read(name).body;
        let (events, end) = read(&[&body]);
        assert_eq!(end, Ok(()), "{name}");
        assert!(text(&events).starts_with(words), "{name}: {}", text(&events));
        assert!(matches!(events.last(), Some(ModelEvent::End(_))), "{name}");
        for cut in 0..=body.len() {
            assert_eq!(read(&[&body[..cut], &body[cut..]]).0, events, "{name} cut at {cut}");
        }
    }
}

#[test]
fn an_answer_that_is_not_streamed_is_an_answer() {
    let (events, end) = read(&[&Recording::read("chat-nonstream").body]);
    assert_eq!(end, Ok(()));
    assert!(text(&events).contains("Paris"));
    let usage = ModelEvent::Usage(Usage { input: Some(37), output: Some(29), ..Usage::default() });
    assert_eq!(events[1..], [usage, ModelEvent::End(StopReason::Done)]);
}

#[test]
fn i20_odd_numbers_of_tokens_are_none() {
    let usage_of = |usage: &str| {
        let (events, end) = read(&[format!("data: {{\"choices\":[],\"usage\":{usage}}}\n\n{}", stop()).as_bytes()]);
        assert_eq!(end, Ok(()), "{usage}");
        events.into_iter().find_map(|event| match event {
            ModelEvent::Usage(usage) => Some((usage.input, usage.output)),
            _ => None,
        })
    };
    assert_eq!(usage_of(r#"{"prompt_tokens":7}"#), Some((Some(7), None)));
    assert_eq!(usage_of(r#"{"prompt_tokens":-1,"completion_tokens":5}"#), Some((None, Some(5))));
    assert_eq!(usage_of(r#"{"prompt_tokens":99999999999999999999,"completion_tokens":0}"#), Some((None, Some(0))));
    for nothing in ["null", "{}", "[]", "\"many\"", "17", r#"{"prompt_tokens":"7"}"#] {
        assert_eq!(usage_of(nothing), None, "{nothing}");
    }
}

#[test]
fn f12_an_answer_has_a_limit_and_what_came_before_is_kept() {
    let line = vec![b'x'; MAX_EVENT_BYTES + 1];
    assert_eq!(read(&[hi().as_bytes(), b"data: ", &line]), (vec![hi_event()], Err(Fault::TooLong)));

    let piece = chunk(&format!(r#"{{"content":"{}"}}"#, "x".repeat(1_000_000)), None).into_bytes();
    let (events, end) = read(&[&piece[..]; 6]);
    assert_eq!(end, Err(Fault::Endless));
    assert_eq!(events.len(), 5);

    let json = vec![b' '; MAX_BODY_BYTES];
    assert_eq!(read(&[b"{", &json]).1, Err(Fault::TooLong));
    assert_eq!(read(&[b"data: a\xFF\0\n\n"]).1, Err(Fault::Garbled));
}

fn asked(base: &str, parts: Vec<Part>, sampling: Sampling, reasons: bool) -> Value {
    let base = base.parse().expect("an address");
    let traits = Traits { reasoning: Some(reasons), ..Traits::default() };
    let question = ChatRequest { model: ModelRef::new("openai", "m"), parts, sampling };
    OpenAi.ask(&question, &Target { model: "m", traits, base: &base }).body.expect("a body")
}

#[test]
fn pictures_are_sent_inside_the_question() {
    let mut seen = Part::text(Speaker::User, "What is it?");
    seen.images = vec![Image { media_type: "image/png".into(), bytes: (*b"png").into() }];
    let alone = Part { text: String::new(), ..seen.clone() };
    let picture = json!({ "type": "image_url", "image_url": { "url": "data:image/png;base64,cG5n" } });
    let body = asked("https://a.example", vec![seen, alone], Sampling::default(), false);
    assert_eq!(body["messages"][0]["content"], json!([picture, { "type": "text", "text": "What is it?" }]));
    assert_eq!(body["messages"][1]["content"], json!([picture]));
}

#[test]
fn f07_only_openai_itself_gets_openais_newer_names() {
    let sampling = Sampling {
        temperature: Some(Hundredths(70)),
        top_p: Some(Hundredths(95)),
        max_tokens: Some(60),
        effort: Some(Effort::Low),
    };
    let asked = |base: &str, reasons: bool| {
        let body = asked(base, vec![Part::text(Speaker::User, "Hello?")], sampling, reasons);
        let fields = ["temperature", "top_p", "max_tokens", "max_completion_tokens", "reasoning_effort"];
        fields.map(|field| body[field].clone())
    };
    let (number, other) = (json!(60), Value::Null);
    let at_openai = [json!(0.7), json!(0.95), other.clone(), number.clone(), other.clone()];
    assert_eq!(asked("https://api.openai.com/v1", false), at_openai);
    let thinking = [other.clone(), other.clone(), other.clone(), number.clone(), json!("low")];
    assert_eq!(asked("https://api.openai.com/v1", true), thinking);
    for elsewhere in ["https://evilapi.openai.com/v1", "https://api.openai.com.evil.example", "http://127.0.0.1:8000"] {
        let plain = [json!(0.7), json!(0.95), number.clone(), other.clone(), other.clone()];
        assert_eq!(asked(elsewhere, false), plain, "{elsewhere}");
        assert_eq!(asked(elsewhere, true)[4], "low", "{elsewhere}");
    }
}

#[test]
fn a_model_that_goes_on_is_asked_by_a_user() {
    let parts = vec![Part::text(Speaker::User, "Count."), Part::text(Speaker::Assistant, "1, 2,")];
    let body = asked("https://a.example", parts, Sampling::default(), false);
    let messages = body["messages"].as_array().expect("messages");
    assert_eq!((messages.len(), &messages[1]["content"], &messages[2]["role"]), (3, &json!("1, 2,"), &json!("user")));
}

#[test]
fn i20_cached_and_reasoning_tokens_are_read_in_every_usual_shape() {
    let usage_of = |usage: &str| {
        let usage = usage.replace('\n', " ");
        let (events, _) = read(&[format!("data: {{\"choices\":[],\"usage\":{usage}}}\n\n{}", stop()).as_bytes()]);
        match &events[0] {
            ModelEvent::Usage(usage) => [usage.input, usage.cached, usage.output, usage.reasoning],
            other => panic!("{usage}: {other:?}"),
        }
    };
    let openai = r#"{"prompt_tokens":50,"completion_tokens":20,"prompt_tokens_details":{"cached_tokens":40},
        "completion_tokens_details":{"reasoning_tokens":10}}"#;
    assert_eq!(usage_of(openai), [Some(50), Some(40), Some(20), Some(10)]);
    let deepseek = r#"{"prompt_tokens":50,"completion_tokens":20,"prompt_cache_hit_tokens":40}"#;
    assert_eq!(usage_of(deepseek), [Some(50), Some(40), Some(20), None]);
    let odd = r#"{"prompt_tokens":50,"prompt_tokens_details":[],"completion_tokens_details":{"reasoning_tokens":-1}}"#;
    assert_eq!(usage_of(odd), [Some(50), None, None, None]);
}

#[test]
fn a_list_tells_what_it_tells() {
    let list = json!({ "data": [
        { "id": "maker/big", "name": "Maker: Big", "context_length": 200_000,
          "architecture": { "input_modalities": ["text", "image"], "output_modalities": ["text"] },
          "top_provider": { "max_completion_tokens": 64_000 },
          "supported_parameters": ["tools", "reasoning"],
          "pricing": { "prompt": "0.000003", "completion": "0.000015", "input_cache_read": "0.0000003" } },
        { "id": "maker/paints", "architecture": { "output_modalities": ["image"] } },
        { "id": "local", "max_model_len": 8_192, "name": "local" },
        { "id": "small", "max_context_length": 32_768,
          "capabilities": { "completion_chat": true, "function_calling": true, "vision": false } },
        { "id": "embeds", "capabilities": { "completion_chat": false } },
        { "id": "odd", "context_length": -1, "pricing": { "prompt": "-1", "completion": "NaN" }, "capabilities": 7 },
    ] });
    let listed = OpenAi.listed(list.to_string().as_bytes()).expect("a list");
    let big = Traits {
        context_tokens: Some(200_000),
        max_output: Some(64_000),
        vision: Some(true),
        tools: Some(true),
        reasoning: Some(true),
        prices: Some(Prices { input: 3_000, cached: 300, output: 15_000 }),
    };
    let of =
        |id: &str, name: Option<&str>, traits: Traits| Listed { id: id.into(), name: name.map(Into::into), traits };
    let small = Traits { context_tokens: Some(32_768), tools: Some(true), vision: Some(false), ..Traits::default() };
    let expected = [
        of("maker/big", Some("Maker: Big"), big),
        of("local", None, Traits { context_tokens: Some(8_192), ..Traits::default() }),
        of("small", None, small),
        of("odd", None, Traits::default()),
    ];
    assert_eq!(listed, expected);
    assert_eq!(OpenAi.listed(b"<html>"), None);
}

#[test]
fn e14_events_and_fields_that_a_provider_makes_up_are_passed_over() {
    let made_up = [
        "event: execute\ndata: {\"choices\":[],\"code\":\"alert(1)\"}\n\n",
        "data: {\"choices\":[],\"type\":\"execute\",\"data\":{\"code\":\"alert(1)\"}}\n\n",
        "data: {\"choices\":[],\"sources\":[{\"document\":[\"<script>\"]}],\"html\":\"<script>\",\"citations\":[\"x\"]}\n\n",
        &chunk(r#"{"html":"<b>","citation":{"url":"x"},"annotations":[{}],"audio":{},"images":[{"image_url":{"url":"x"}}]}"#, None),
    ]
    .concat();
    let with = [&made_up, &hi(), &made_up, &stop(), &made_up, DONE].concat();
    assert_read(&OpenAi, with.as_bytes(), &read(&[(hi() + &stop() + DONE).as_bytes()]));
}
