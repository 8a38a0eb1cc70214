use super::*;
use crate::llm::dialect::{
    Traits,
    testing::{Read, assert_complete_from, assert_read, read},
};
use chat::{Effort, Hundredths, Image, ModelRef, ports::ModelEvent};

/// A stream as the public documentation describes it; synthetic.
const STREAM: &str = "\
event: response.created
data: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"in_progress\",\"error\":null,\"usage\":null}}

event: response.in_progress
data: {\"type\":\"response.in_progress\",\"sequence_number\":1,\"response\":{\"id\":\"resp_1\",\"status\":\"in_progress\"}}

event: response.output_item.added
data: {\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"id\":\"rs_1\",\"type\":\"reasoning\",\"summary\":[]}}

event: response.reasoning_summary_part.added
data: {\"type\":\"response.reasoning_summary_part.added\",\"item_id\":\"rs_1\",\"summary_index\":0,\"part\":{\"type\":\"summary_text\",\"text\":\"\"}}

event: response.reasoning_summary_text.delta
data: {\"type\":\"response.reasoning_summary_text.delta\",\"item_id\":\"rs_1\",\"summary_index\":0,\"delta\":\"**Süm**\",\"obfuscation\":\"x\"}

event: response.reasoning_summary_part.added
data: {\"type\":\"response.reasoning_summary_part.added\",\"item_id\":\"rs_1\",\"summary_index\":1,\"part\":{\"type\":\"summary_text\",\"text\":\"\"}}

event: response.reasoning_summary_text.delta
data: {\"type\":\"response.reasoning_summary_text.delta\",\"item_id\":\"rs_1\",\"summary_index\":1,\"delta\":\"More\"}

event: response.content_part.added
data: {\"type\":\"response.content_part.added\",\"item_id\":\"msg_1\",\"part\":{\"type\":\"output_text\",\"text\":\"\"}}

event: response.output_text.delta
data: {\"type\":\"response.output_text.delta\",\"item_id\":\"msg_1\",\"delta\":\"Hi\"}

event: response.output_text.delta
data: {\"type\":\"response.output_text.delta\",\"item_id\":\"msg_1\",\"delta\":\" 🌟\"}

event: response.output_text.done
data: {\"type\":\"response.output_text.done\",\"item_id\":\"msg_1\",\"text\":\"Hi 🌟\"}

event: response.completed
data: {\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\",\"status\":\"completed\",\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hi 🌟\"}]}],\"usage\":{\"input_tokens\":36,\"input_tokens_details\":{\"cached_tokens\":32},\"output_tokens\":87,\"output_tokens_details\":{\"reasoning_tokens\":64},\"total_tokens\":123}}}

";

fn event(json: &str) -> String {
    format!("data: {json}\n\n")
}

fn hi() -> String {
    event(r#"{"type":"response.output_text.delta","delta":"Hi"}"#)
}

fn end(status: &str, more: &str) -> String {
    event(&format!(r#"{{"type":"response.{status}","response":{{"status":"{status}"{more}}}}}"#))
}

fn text(piece: &str) -> ModelEvent {
    ModelEvent::Text(piece.into())
}

fn reasoning(piece: &str) -> ModelEvent {
    ModelEvent::Reasoning(piece.into())
}

fn usage() -> ModelEvent {
    ModelEvent::Usage(Usage { input: Some(36), cached: Some(32), output: Some(87), reasoning: Some(64) })
}

#[test]
fn i07_i09_a_synthetic_stream_is_read_the_same_however_it_is_cut() {
    let events = vec![
        reasoning("**Süm**"),
        reasoning("\n\n"),
        reasoning("More"),
        text("Hi"),
        text(" 🌟"),
        usage(),
        ModelEvent::End(StopReason::Done),
    ];
    let expected: Read = (events, Ok(()));
    assert_read(&Responses, STREAM.as_bytes(), &expected);
    assert_read(&Responses, STREAM.replace('\n', "\r\n").as_bytes(), &expected);
    assert_complete_from(&Responses, STREAM.as_bytes(), STREAM.len());
}

#[test]
fn i06_i09_synthetic_streams_end_as_they_should() {
    let ended = |reason| (vec![text("Hi"), ModelEvent::End(reason)], Ok(()));
    let told = |code: &str, text: &str| Fault::Reported(Told { code: code.into(), text: text.into() });
    let length = r#","incomplete_details":{"reason":"max_output_tokens"}"#;
    let filter = r#","incomplete_details":{"reason":"content_filter"}"#;
    let failed = r#","error":{"code":"server_error","message":"boom"}"#;
    let error = r#"{"type":"error","code":"rate_limit_exceeded","message":"slow down","param":null}"#;
    let call = r#"{"type":"response.function_call_arguments.delta","delta":"{\"rm\":"}"#;
    let cases: Vec<(String, Read)> = vec![
        (hi() + &end("completed", ""), ended(StopReason::Done)),
        (hi() + &end("completed", "") + &hi(), ended(StopReason::Done)),
        (hi() + &end("incomplete", length), ended(StopReason::Length)),
        (hi() + &end("incomplete", filter), ended(StopReason::Filtered)),
        (hi() + &end("failed", failed), (vec![text("Hi")], Err(told("server_error", "boom")))),
        (hi() + &event(error), (vec![text("Hi")], Err(told("error rate_limit_exceeded", "slow down")))),
        (
            hi() + "event: error\n" + &event(error),
            (vec![text("Hi")], Err(told("error rate_limit_exceeded", "slow down"))),
        ),
        (event(call) + &hi() + &end("completed", ""), ended(StopReason::Done)),
        (event(r#"{"type":"new"}"#) + &event("{}") + &hi() + &end("completed", ""), ended(StopReason::Done)),
        (
            event(r#"{"type":"response.output_text.delta","delta":7}"#) + &hi() + &end("completed", ""),
            ended(StopReason::Done),
        ),
        (hi(), (vec![text("Hi")], Err(Fault::Cut))),
        (hi() + "data: [DONE]\n\n", (vec![text("Hi")], Err(Fault::Cut))),
        (hi() + &event("{oops"), (vec![text("Hi")], Err(Fault::Garbled))),
        (hi() + &event("[]"), (vec![text("Hi")], Err(Fault::Garbled))),
        (event(r#"{"type":"response.created","response":{}}"#), (vec![], Err(Fault::Cut))),
        (event(r#"{"type":"response.refusal.delta","delta":"Hi"}"#) + &end("completed", ""), ended(StopReason::Done)),
        ("<html>".into(), (vec![], Err(Fault::Nothing))),
    ];
    for (stream, expected) in cases {
        assert_read(&Responses, stream.as_bytes(), &expected);
    }
}

#[test]
fn a_response_that_is_not_streamed_is_an_answer() {
    let whole = r#"{"object":"response","status":"completed","output":[
        {"type":"reasoning","summary":[{"type":"summary_text","text":"Hm"}]},
        {"type":"message","content":[{"type":"output_text","text":"Hi"}]}],
        "usage":{"input_tokens":36,"input_tokens_details":{"cached_tokens":32},"output_tokens":87,
        "output_tokens_details":{"reasoning_tokens":64}}}"#;
    let events = vec![reasoning("Hm"), text("Hi"), usage(), ModelEvent::End(StopReason::Done)];
    assert_eq!(read(&Responses, &[whole.as_bytes()]), (events, Ok(())));
    let error = br#"{"error":{"message":"boom","type":"x","code":"y"}}"#;
    let told = Told { code: "x y".into(), text: "boom".into() };
    assert_eq!(read(&Responses, &[error]), (vec![], Err(Fault::Reported(told))));
}

fn asked(parts: Vec<Part>, sampling: Sampling, reasons: bool) -> Value {
    let base = "https://api.openai.com/v1".parse().expect("an address");
    let traits = Traits { reasoning: Some(reasons), ..Traits::default() };
    let target = Target { model: "gpt-5", traits, base: &base };
    let question = ChatRequest { model: ModelRef::new("openai", "gpt-5"), parts, sampling };
    let call = Responses.ask(&question, &target);
    assert_eq!(call.url(&base).as_str(), "https://api.openai.com/v1/responses");
    call.body.expect("a body")
}

#[test]
fn a_question_is_what_the_protocol_wants() {
    let mut seen = Part::text(Speaker::User, "What is it?");
    seen.images = vec![Image { media_type: "image/png".into(), bytes: (*b"png").into() }];
    let parts = vec![Part::text(Speaker::System, "Be kind."), seen, Part::text(Speaker::Assistant, "It is")];
    let sampling = Sampling {
        temperature: Some(Hundredths(70)),
        top_p: Some(Hundredths(90)),
        max_tokens: Some(5),
        effort: Some(Effort::High),
    };
    let expected = json!({
        "model": "gpt-5",
        "instructions": "Be kind.",
        "input": [
            { "role": "user", "content": [
                { "type": "input_image", "image_url": "data:image/png;base64,cG5n" },
                { "type": "input_text", "text": "What is it?" },
            ] },
            { "role": "assistant", "content": "It is" },
            { "role": "user", "content": "Go on exactly where you stopped. Do not repeat anything." },
        ],
        "stream": true,
        "store": false,
        "max_output_tokens": 16,
        "reasoning": { "summary": "auto", "effort": "high" },
    });
    assert_eq!(asked(parts, sampling, true), expected);
    let plain = asked(vec![Part::text(Speaker::User, "Hello")], sampling, false);
    assert_eq!((&plain["temperature"], &plain["top_p"]), (&json!(0.7), &json!(0.9)));
    assert!(plain["reasoning"].is_null() && plain["instructions"].is_null());
}

#[test]
fn e14_events_that_a_provider_makes_up_are_passed_over() {
    let made_up = event(r#"{"type":"execute","data":{"code":"alert(1)"}}"#)
        + &event(r#"{"type":"response.html.delta","delta":"<script>"}"#)
        + &event(r#"{"type":"response.output_text.annotation.added","annotation":{"type":"url_citation","url":"x"}}"#);
    let plain = hi() + &end("completed", "");
    let with = made_up.clone() + &hi() + &made_up + &end("completed", "");
    assert_read(&Responses, with.as_bytes(), &read(&Responses, &[plain.as_bytes()]));
}
