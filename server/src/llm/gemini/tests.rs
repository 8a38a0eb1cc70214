use super::*;
use crate::llm::{
    decoder::MAX_BODY_BYTES,
    dialect::{
        Traits,
        testing::{self, MAX_TEXT, Read, assert_complete_from, assert_kept, assert_read},
    },
    sse::MAX_EVENT_BYTES,
    told::Meaning,
};
use chat::ports::ModelEvent;
use serde_json::json;

mod requests;

fn event(chunk: &Value) -> String {
    format!("data: {chunk}\r\n\r\n")
}

fn parts(parts: &Value) -> String {
    event(&json!({
        "candidates": [{ "content": { "parts": parts, "role": "model" }, "index": 0 }],
        "usageMetadata": { "promptTokenCount": 4, "totalTokenCount": 4 },
        "modelVersion": "gemini-2.5-flash",
        "responseId": "r1",
    }))
}

fn thinking() -> String {
    parts(&json!([{ "text": "**Greeting**", "thought": true }])) + &parts(&json!([{ "text": "Hm.", "thought": true }]))
}

fn hello() -> String {
    parts(&json!([{ "text": "Hello" }, { "text": " 🌟!", "thoughtSignature": "EjQKMgEM" }]))
}

fn stop(reason: &str) -> String {
    event(&json!({
        "candidates": [{ "content": { "parts": [{ "text": "" }], "role": "model" }, "finishReason": reason, "index": 0 }],
        "usageMetadata": {
            "promptTokenCount": 130,
            "cachedContentTokenCount": 100,
            "candidatesTokenCount": 5,
            "thoughtsTokenCount": 12,
            "totalTokenCount": 147,
        },
    }))
}

fn text_events() -> Vec<ModelEvent> {
    ["Hello", " 🌟!"].map(|text| ModelEvent::Text(text.into())).to_vec()
}

fn usage_event() -> ModelEvent {
    ModelEvent::Usage(Usage { input: Some(130), cached: Some(100), output: Some(17), reasoning: Some(12) })
}

fn complete(events: &[ModelEvent], stop: StopReason) -> Read {
    (events.iter().cloned().chain([usage_event(), ModelEvent::End(stop)]).collect(), Ok(()))
}

fn boom() -> (Value, Fault) {
    let error = json!({ "error": { "code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE" } });
    let told = Told::in_json(&error);
    assert_eq!((told.meaning(), told.text.as_str()), (Meaning::Overloaded, "The model is overloaded."));
    (error, Fault::Reported(told))
}

/// Synthetic streams after Google's documentation.
fn good_streams() -> Vec<(String, Read)> {
    let done = StopReason::Done;
    let whole = thinking() + &hello() + &stop("STOP");
    let thought = ["**Greeting**", "Hm."].map(|text| ModelEvent::Reasoning(text.into()));
    let expected = complete(&[&thought[..], &text_events()].concat(), done);
    let other = event(&json!({ "candidates": [{ "index": 1, "content": { "parts": [{ "text": "other" }] } }] }));
    let nulls = event(&json!({ "candidates": [{ "content": { "parts": null }, "finishReason": null }] }));
    let unspecified = event(&json!({ "candidates": [{ "finishReason": "FINISH_REASON_UNSPECIFIED" }] }));
    let blocked = event(&json!({ "promptFeedback": { "blockReason": "PROHIBITED_CONTENT" } }));
    let filtered = ["SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", "LANGUAGE"];
    let mut streams = vec![
        (whole.replace("\r\n", "\n"), expected.clone()),
        (whole.replace("\r\n", "\r"), expected.clone()),
        (whole, expected),
        (hello() + &stop("MAX_TOKENS"), complete(&text_events(), StopReason::Length)),
        (
            ": keepalive\n\ndata: {\"new\":1}\n\ndata: {\"candidates\":null}\n\ndata: {\"candidates\":[{}]}\n\n"
                .to_owned()
                + &other
                + &nulls
                + &unspecified
                + &hello()
                + &stop("STOP"),
            complete(&text_events(), done),
        ),
        (hello() + &stop("STOP") + "data: {oops\n\n", complete(&text_events(), done)),
        (hello() + &stop("STOP") + &event(&boom().0), complete(&text_events(), done)),
        (blocked, (vec![ModelEvent::End(StopReason::Filtered)], Ok(()))),
    ];
    streams.extend(filtered.map(|reason| (hello() + &stop(reason), complete(&text_events(), StopReason::Filtered))));
    streams
}

/// Synthetic streams that go wrong.
fn bad_streams() -> Vec<(String, Read)> {
    let (error, reported) = boom();
    let malformed = Fault::Reported(Told { code: "malformed_function_call".into(), text: "Malformed call.".into() });
    let call = json!({ "finishReason": "MALFORMED_FUNCTION_CALL", "finishMessage": "Malformed call." });
    vec![
        (hello(), (text_events(), Err(Fault::Cut))),
        (event(&json!({ "candidates": [{}] })), (vec![], Err(Fault::Cut))),
        (hello() + &event(&error) + &stop("STOP"), (text_events(), Err(reported.clone()))),
        (hello() + &event(&json!({ "candidates": [call] })), (text_events(), Err(malformed))),
        (hello() + "data: {oops\n\n" + &stop("STOP"), (text_events(), Err(Fault::Garbled))),
        (hello() + "data: {\"candidates\":5}\n\n" + &stop("STOP"), (text_events(), Err(Fault::Garbled))),
        (hello() + "data: 5\n\n" + &stop("STOP"), (text_events(), Err(Fault::Garbled))),
        (format!("{error:#}"), (vec![], Err(reported))),
        (
            event(&json!({ "promptFeedback": { "blockReason": "BLOCK_REASON_UNSPECIFIED" } })),
            (vec![], Err(Fault::Nothing)),
        ),
        (r#"{"hello":1}"#.into(), (vec![], Err(Fault::Nothing))),
        ("<!DOCTYPE html>\n<p>Log in: here</p>\n\n".into(), (vec![], Err(Fault::Nothing))),
        (String::new(), (vec![], Err(Fault::Nothing))),
    ]
}

#[test]
fn i06_i07_i09_synthetic_streams_end_as_they_should_however_they_are_cut() {
    for (stream, expected) in good_streams().iter().chain(&bad_streams()) {
        assert_read(&Gemini, stream.as_bytes(), expected);
    }
}

#[test]
fn i07_a_stream_cut_short_is_never_complete_before_the_reason_to_stop() {
    let stream = thinking() + &hello() + &stop("STOP");
    // The line feed after the last carriage return adds nothing.
    let complete_at = stream.len() - 1;
    assert_complete_from(&Gemini, stream.as_bytes(), complete_at);
    assert_kept(&Gemini, stream.as_bytes(), complete_at);
}

#[test]
fn f16_calls_of_tools_are_passed_over() {
    let call = json!({ "functionCall": { "name": "shell", "args": { "command": "rm -rf /" } } });
    let code = json!({ "executableCode": { "language": "PYTHON", "code": "1" } });
    let stream = hello() + &parts(&json!([call, code, { "inlineData": { "data": "AQID" } }])) + &stop("STOP");
    assert_read(&Gemini, stream.as_bytes(), &complete(&text_events(), StopReason::Done));
}

#[test]
fn an_answer_that_is_not_streamed_is_an_answer() {
    let chunk = json!({
        "candidates": [{ "content": { "parts": [{ "text": "Hi" }] }, "finishReason": "STOP" }],
        "usageMetadata": { "promptTokenCount": 3, "candidatesTokenCount": 1 },
    });
    let usage = Usage { input: Some(3), output: Some(1), ..Usage::default() };
    let events = vec![ModelEvent::Text("Hi".into()), ModelEvent::Usage(usage), ModelEvent::End(StopReason::Done)];
    assert_read(&Gemini, format!("{chunk:#}").as_bytes(), &(events, Ok(())));
}

#[test]
fn i20_odd_numbers_of_tokens_are_none() {
    let usage_of = |told: Value| {
        let stream = event(&json!({ "candidates": [{ "finishReason": "STOP" }], "usageMetadata": told }));
        let (events, end) = testing::read(&Gemini, &[stream.as_bytes()]);
        assert_eq!(end, Ok(()), "{stream}");
        events.into_iter().find_map(|event| match event {
            ModelEvent::Usage(usage) => Some((usage.input, usage.output, usage.reasoning)),
            _ => None,
        })
    };
    let told = json!({ "promptTokenCount": -1, "candidatesTokenCount": 5 });
    assert_eq!(usage_of(told), Some((None, Some(5), None)));
    let told = json!({ "promptTokenCount": 1e30, "thoughtsTokenCount": 5 });
    assert_eq!(usage_of(told), Some((None, Some(5), Some(5))));
    let told = json!({ "promptTokenCount": 7, "candidatesTokenCount": u32::MAX, "thoughtsTokenCount": 5 });
    assert_eq!(usage_of(told), Some((Some(7), None, Some(5))));
    for nothing in [json!(null), json!([]), json!("many"), json!(17), json!({}), json!({ "promptTokenCount": "7" })] {
        assert_eq!(usage_of(nothing.clone()), None, "{nothing}");
    }
}

#[test]
fn f12_an_answer_has_a_limit_and_what_came_before_is_kept() {
    let line = vec![b'x'; MAX_EVENT_BYTES + 1];
    let read = |chunks: &[&[u8]]| testing::read(&Gemini, chunks);
    assert_eq!(read(&[hello().as_bytes(), b"data: ", &line]), (text_events(), Err(Fault::TooLong)));

    let piece = parts(&json!([{ "text": "x".repeat(MAX_TEXT / 5 + 1) }]));
    let (events, end) = read(&[piece.as_bytes(); 6]);
    assert_eq!((events.len(), end), (5, Err(Fault::Endless)));

    assert_eq!(read(&[b"{", &vec![b' '; MAX_BODY_BYTES]]).1, Err(Fault::TooLong));
    assert_eq!(read(&[b"data: a\xFF\0\n\n"]).1, Err(Fault::Garbled));
}

#[test]
fn i06_errors_have_a_meaning() {
    let meaning = |code: u16, status: &str, text: &str| {
        let error = json!({ "error": { "code": code, "message": text, "status": status, "details": [] } });
        Told::in_body(format!("{error:#}").as_bytes()).meaning()
    };
    let bad_key = "API key not valid. Please pass a valid API key.";
    assert_eq!(meaning(400, "INVALID_ARGUMENT", bad_key), Meaning::BadKey);
    assert_eq!(meaning(401, "UNAUTHENTICATED", "Expected OAuth 2 access token"), Meaning::BadKey);
    assert_eq!(meaning(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota"), Meaning::RateLimited);
    assert_eq!(meaning(503, "UNAVAILABLE", "The model is overloaded."), Meaning::Overloaded);
    let long = "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).";
    assert_eq!(meaning(400, "INVALID_ARGUMENT", long), Meaning::TooLong);
    assert_eq!(meaning(400, "INVALID_ARGUMENT", "Invalid value at 'contents'"), Meaning::Other);
}

#[test]
fn the_list_tells_what_models_can_do() {
    let body = json!({
        "models": [
            {
                "name": "models/gemini-2.5-flash",
                "displayName": "Gemini 2.5 Flash",
                "inputTokenLimit": 1_048_576,
                "outputTokenLimit": 65_536,
                "supportedGenerationMethods": ["generateContent", "countTokens"],
                "thinking": true,
            },
            { "name": "models/text-embedding-004", "supportedGenerationMethods": ["embedContent"] },
            { "name": "gemma-3-27b-it", "inputTokenLimit": 0 },
            { "displayName": "nameless" },
        ],
    });
    let flash = Traits {
        context_tokens: Some(1_048_576),
        max_output: Some(65_536),
        vision: Some(true),
        tools: Some(true),
        reasoning: Some(true),
        prices: None,
    };
    let expected = vec![
        Listed { id: "gemini-2.5-flash".into(), name: Some("Gemini 2.5 Flash".into()), traits: flash },
        Listed { id: "gemma-3-27b-it".into(), ..Listed::default() },
    ];
    assert_eq!(Gemini.listed(body.to_string().as_bytes()), Some(expected));
    for body in ["", "<html>", "{}", r#"{"models":{}}"#] {
        assert_eq!(Gemini.listed(body.as_bytes()), None, "{body}");
    }
}

#[test]
fn e14_events_and_fields_that_a_provider_makes_up_are_passed_over() {
    let made_up = event(&json!({ "type": "execute", "code": "alert(1)" }))
        + "event: html\r\ndata: {\"html\":\"<script>\"}\r\n\r\n"
        + &parts(&json!([
            { "executableCode": { "code": "alert(1)" } },
            { "codeExecutionResult": { "output": "<b>" } },
            { "inlineData": { "mimeType": "image/svg+xml", "data": "PHN2Zy8+" } },
            { "html": "<script>" },
        ]));
    let with = made_up.clone() + &hello() + &made_up + &stop("STOP");
    assert_read(&Gemini, with.as_bytes(), &complete(&text_events(), StopReason::Done));
}
