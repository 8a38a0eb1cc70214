use super::*;
use crate::llm::{
    decoder::MAX_BODY_BYTES,
    dialect::{
        Traits,
        testing::{self, MAX_TEXT, Read, assert_complete_from, assert_kept, assert_read},
    },
    sse::MAX_EVENT_BYTES,
    told::{Meaning, Told},
};
use chat::ports::ModelEvent;
use serde_json::json;

mod requests;

/// An event as Anthropic sends it.
fn event(data: &Value) -> String {
    format!("event: {}\ndata: {data}\n\n", data["type"].as_str().expect("a type"))
}

fn start() -> String {
    let usage = json!({
        "input_tokens": 25,
        "cache_creation_input_tokens": 10,
        "cache_read_input_tokens": 100,
        "output_tokens": 1,
    });
    let message = json!({
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "content": [],
        "model": "claude-opus-4-5-20251101",
        "stop_reason": null,
        "stop_sequence": null,
        "usage": usage,
    });
    event(&json!({ "type": "message_start", "message": message }))
}

fn block(index: u32, block: &Value, deltas: &[Value]) -> String {
    let mut events = vec![json!({ "type": "content_block_start", "index": index, "content_block": block })];
    events.extend(deltas.iter().map(|delta| json!({ "type": "content_block_delta", "index": index, "delta": delta })));
    events.push(json!({ "type": "content_block_stop", "index": index }));
    events.iter().map(event).collect()
}

fn thinking(index: u32) -> String {
    let deltas = [
        json!({ "type": "thinking_delta", "thinking": "Greet" }),
        json!({ "type": "thinking_delta", "thinking": " back." }),
        json!({ "type": "signature_delta", "signature": "EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pk" }),
    ];
    block(index, &json!({ "type": "thinking", "thinking": "", "signature": "" }), &deltas)
}

fn hello(index: u32) -> String {
    let deltas = [json!({ "type": "text_delta", "text": "Hello" }), json!({ "type": "text_delta", "text": " 🌟!" })];
    block(index, &json!({ "type": "text", "text": "" }), &deltas)
}

fn tool(index: u32) -> String {
    let deltas = [json!({ "type": "input_json_delta", "partial_json": "{\"command\": \"rm -rf /\"}" })];
    block(index, &json!({ "type": "tool_use", "id": "toolu_1", "name": "shell", "input": {} }), &deltas)
}

fn ping() -> String {
    event(&json!({ "type": "ping" }))
}

fn stop(reason: &str) -> String {
    let delta = json!({ "stop_reason": reason, "stop_sequence": null });
    event(&json!({ "type": "message_delta", "delta": delta, "usage": { "output_tokens": 15 } }))
}

fn last() -> String {
    event(&json!({ "type": "message_stop" }))
}

fn reasoning_events() -> Vec<ModelEvent> {
    ["Greet", " back."].map(|text| ModelEvent::Reasoning(text.into())).to_vec()
}

fn text_events() -> Vec<ModelEvent> {
    ["Hello", " 🌟!"].map(|text| ModelEvent::Text(text.into())).to_vec()
}

fn usage_event() -> ModelEvent {
    ModelEvent::Usage(Usage { input: Some(135), cached: Some(100), output: Some(15), reasoning: None })
}

fn complete(events: &[Vec<ModelEvent>], stop: StopReason) -> Read {
    (events.concat().into_iter().chain([usage_event(), ModelEvent::End(stop)]).collect(), Ok(()))
}

fn boom() -> (Value, Fault) {
    let error = json!({ "type": "error", "error": { "type": "overloaded_error", "message": "Overloaded" } });
    (error, Fault::Reported(Told { code: "overloaded_error".into(), text: "Overloaded".into() }))
}

/// Synthetic streams after Anthropic's documentation.
fn good_streams() -> Vec<(String, Read)> {
    let done = StopReason::Done;
    let whole = start() + &ping() + &thinking(0) + &hello(1) + &stop("end_turn") + &last();
    let expected = complete(&[reasoning_events(), text_events()], done);
    let unknown = event(&json!({ "type": "news", "delta": "d", "message": 1, "content_block": [] }));
    let odd_block = block(2, &json!({ "type": "server_tool_use" }), &[json!({ "type": "citations_delta" })]);
    let null_delta = block(3, &json!({ "type": "text" }), &[json!({ "type": "text_delta", "text": null })]);
    vec![
        (whole.replace('\n', "\r\n"), expected.clone()),
        (whole.replace('\n', "\r"), expected.clone()),
        (whole.replace("data: ", "data:").replace("event: ", "event:"), expected.clone()),
        (whole, expected),
        (start() + &hello(0) + &stop("stop_sequence"), complete(&[text_events()], done)),
        (start() + &hello(0) + &stop("max_tokens") + &last(), complete(&[text_events()], StopReason::Length)),
        (start() + &stop("model_context_window_exceeded"), complete(&[], StopReason::Length)),
        (start() + &hello(0) + &stop("refusal") + &last(), complete(&[text_events()], StopReason::Filtered)),
        (
            start()
                + ": keepalive\n\n"
                + &unknown
                + "data: {\"new\":1}\n\ndata:\n\n"
                + &odd_block
                + &null_delta
                + &hello(4)
                + &stop("end_turn"),
            complete(&[text_events()], done),
        ),
        (start() + &hello(0) + &stop("end_turn") + "data: {oops\n\n", complete(&[text_events()], done)),
        (start() + &hello(0) + &stop("end_turn") + &event(&boom().0), complete(&[text_events()], done)),
    ]
}

/// Synthetic streams that go wrong.
fn bad_streams() -> Vec<(String, Read)> {
    let (error, reported) = boom();
    let begun = || start() + &hello(0);
    let silent_end = event(&json!({ "type": "message_delta", "delta": { "stop_reason": null } }));
    vec![
        (begun(), (text_events(), Err(Fault::Cut))),
        (begun() + &silent_end + &last(), (text_events(), Err(Fault::Cut))),
        (start() + &last(), (vec![], Err(Fault::Cut))),
        (begun() + &event(&error) + &stop("end_turn"), (text_events(), Err(reported.clone()))),
        (begun() + &format!("data: {error}\n\n"), (text_events(), Err(reported.clone()))),
        (begun() + "data: {oops\n\n" + &stop("end_turn"), (text_events(), Err(Fault::Garbled))),
        (begun() + "data: [1]\n\n" + &stop("end_turn"), (text_events(), Err(Fault::Garbled))),
        (begun() + "data: {\"type\":\"content_block_delta\"}\n\n", (text_events(), Err(Fault::Garbled))),
        (error.to_string(), (vec![], Err(reported))),
        (r#"{"hello":1}"#.into(), (vec![], Err(Fault::Nothing))),
        ("<!DOCTYPE html>\n<p>Log in: here</p>\n\n".into(), (vec![], Err(Fault::Nothing))),
        (ping(), (vec![], Err(Fault::Nothing))),
        (String::new(), (vec![], Err(Fault::Nothing))),
    ]
}

#[test]
fn i06_i07_i09_synthetic_streams_end_as_they_should_however_they_are_cut() {
    for (stream, expected) in good_streams().iter().chain(&bad_streams()) {
        assert_read(&Anthropic, stream.as_bytes(), expected);
    }
}

#[test]
fn i07_a_stream_cut_short_is_never_complete_before_the_reason_to_stop() {
    let begun = start() + &ping() + &thinking(0) + &hello(1) + &stop("end_turn");
    let stream = [begun.as_bytes(), last().as_bytes()].concat();
    assert_complete_from(&Anthropic, &stream, begun.len());
    assert_kept(&Anthropic, &stream, begun.len());
}

#[test]
fn f16_calls_of_tools_are_passed_over() {
    let stream = start() + &hello(0) + &tool(1) + &stop("tool_use") + &last();
    assert_read(&Anthropic, stream.as_bytes(), &complete(&[text_events()], StopReason::Done));
}

#[test]
fn an_answer_that_is_not_streamed_is_an_answer() {
    let blocks = json!([
        { "type": "thinking", "thinking": "Hm.", "signature": "x" },
        { "type": "text", "text": "Hi" },
        { "type": "tool_use", "id": "toolu_1", "name": "shell", "input": {} },
    ]);
    let usage = json!({ "input_tokens": 3, "output_tokens": 2, "output_tokens_details": { "thinking_tokens": 1 } });
    let message =
        json!({ "type": "message", "role": "assistant", "content": blocks, "stop_reason": "end_turn", "usage": usage });
    let usage = Usage { input: Some(3), cached: None, output: Some(2), reasoning: Some(1) };
    let events = vec![
        ModelEvent::Reasoning("Hm.".into()),
        ModelEvent::Text("Hi".into()),
        ModelEvent::Usage(usage),
        ModelEvent::End(StopReason::Done),
    ];
    assert_read(&Anthropic, message.to_string().as_bytes(), &(events, Ok(())));
}

#[test]
fn i20_odd_numbers_of_tokens_are_none() {
    let usage_of = |first: Value, then: Value| {
        let delta = json!({ "stop_reason": "end_turn" });
        let stream = event(&json!({ "type": "message_start", "message": { "usage": first } }))
            + &event(&json!({ "type": "message_delta", "delta": delta, "usage": then }));
        let (events, end) = testing::read(&Anthropic, &[stream.as_bytes()]);
        assert_eq!(end, Ok(()), "{stream}");
        events.into_iter().find_map(|event| match event {
            ModelEvent::Usage(usage) => Some((usage.input, usage.cached, usage.output)),
            _ => None,
        })
    };
    let output = json!({ "output_tokens": 5 });
    let told = json!({ "input_tokens": -1, "cache_read_input_tokens": 7 });
    assert_eq!(usage_of(told, output.clone()), Some((None, None, Some(5))));
    let told = json!({ "input_tokens": 4_294_967_295_u32, "cache_read_input_tokens": 7 });
    assert_eq!(usage_of(told, output.clone()), Some((None, None, Some(5))));
    let told = json!({ "input_tokens": 3, "cache_read_input_tokens": "many", "cache_creation_input_tokens": 1e30 });
    assert_eq!(usage_of(told, output.clone()), Some((Some(3), None, Some(5))));
    let late = json!({ "input_tokens": 9, "cache_read_input_tokens": 4, "output_tokens": 5 });
    assert_eq!(usage_of(json!({ "input_tokens": 0 }), late), Some((Some(13), Some(4), Some(5))));
    let early = json!({ "input_tokens": 9, "cache_read_input_tokens": 4 });
    let zeros = json!({ "input_tokens": 0, "cache_read_input_tokens": 0, "output_tokens": 5 });
    assert_eq!(usage_of(early, zeros), Some((Some(13), Some(4), Some(5))));
    for nothing in [json!(null), json!([]), json!("many"), json!(17), json!({})] {
        assert_eq!(usage_of(nothing.clone(), nothing.clone()), None, "{nothing}");
    }
}

#[test]
fn f12_an_answer_has_a_limit_and_what_came_before_is_kept() {
    let line = vec![b'x'; MAX_EVENT_BYTES + 1];
    let begun = start() + &hello(0);
    let read = |chunks: &[&[u8]]| testing::read(&Anthropic, chunks);
    assert_eq!(read(&[begun.as_bytes(), b"data: ", &line]), (text_events(), Err(Fault::TooLong)));

    let delta = json!({ "type": "thinking_delta", "thinking": "x".repeat(MAX_TEXT / 5 + 1) });
    let piece = event(&json!({ "type": "content_block_delta", "index": 0, "delta": delta }));
    let (events, end) = read(&[piece.as_bytes(); 6]);
    assert_eq!((events.len(), end), (5, Err(Fault::Endless)));

    assert_eq!(read(&[b"{", &vec![b' '; MAX_BODY_BYTES]]).1, Err(Fault::TooLong));
    assert_eq!(read(&[b"data: a\xFF\0\n\n"]).1, Err(Fault::Garbled));
}

#[test]
fn i06_errors_have_a_meaning() {
    let meaning = |kind: &str, text: &str| {
        let error = json!({ "type": "error", "error": { "type": kind, "message": text }, "request_id": "req_1" });
        Told::in_body(error.to_string().as_bytes()).meaning()
    };
    assert_eq!(meaning("authentication_error", "invalid x-api-key"), Meaning::BadKey);
    assert_eq!(meaning("not_found_error", "model: claude-9"), Meaning::NoSuchModel);
    assert_eq!(meaning("rate_limit_error", "This request would exceed your limit"), Meaning::RateLimited);
    assert_eq!(meaning("overloaded_error", "Overloaded"), Meaning::Overloaded);
    let long = "prompt is too long: 210000 tokens > 200000 maximum";
    assert_eq!(meaning("invalid_request_error", long), Meaning::TooLong);
    assert_eq!(meaning("invalid_request_error", "max_tokens: Field required"), Meaning::Other);
}

#[test]
fn the_list_tells_what_models_can_do() {
    let supported = |is| json!({ "supported": is });
    let body = json!({
        "data": [
            {
                "type": "model",
                "id": "claude-opus-4-6",
                "display_name": "Claude Opus 4.6",
                "max_input_tokens": 1_000_000,
                "max_tokens": 128_000,
                "capabilities": { "image_input": supported(true), "thinking": supported(true) },
            },
            { "type": "model", "id": "claude-3-haiku-20240307", "display_name": "Claude Haiku 3" },
            { "id": "kimi-k2", "max_tokens": 0, "capabilities": { "image_input": supported(false) } },
            { "id": 7 },
        ],
        "has_more": false,
    });
    let listed = |id: &str, name: Option<&str>, traits| Listed { id: id.into(), name: name.map(Into::into), traits };
    let (yes, no) = (Some(true), Some(false));
    let new = Traits {
        context_tokens: Some(1_000_000),
        max_output: Some(128_000),
        vision: yes,
        tools: yes,
        reasoning: yes,
        prices: None,
    };
    let old = Traits { vision: yes, tools: yes, reasoning: no, ..Traits::default() };
    let expected = vec![
        listed("claude-opus-4-6", Some("Claude Opus 4.6"), new),
        listed("claude-3-haiku-20240307", Some("Claude Haiku 3"), old),
        listed("kimi-k2", None, Traits { vision: no, ..Traits::default() }),
    ];
    assert_eq!(Anthropic.listed(body.to_string().as_bytes()), Some(expected));
    for body in ["", "<html>", "{}", r#"{"data":{}}"#] {
        assert_eq!(Anthropic.listed(body.as_bytes()), None, "{body}");
    }
}

#[test]
fn e14_events_and_fields_that_a_provider_makes_up_are_passed_over() {
    let made_up = event(&json!({ "type": "execute", "data": { "code": "alert(1)" } }))
        + &event(&json!({ "type": "html", "delta": { "type": "text_delta", "text": "<script>" }, "index": 0 }))
        + &block(
            7,
            &json!({ "type": "citation", "text": "<script>" }),
            &[json!({ "type": "html_delta", "text": "<b>" })],
        );
    let with = start() + &made_up + &hello(0) + &made_up + &stop("end_turn") + &last();
    assert_read(&Anthropic, with.as_bytes(), &complete(&[text_events()], StopReason::Done));
}
