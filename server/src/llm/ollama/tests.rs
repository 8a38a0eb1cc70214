use super::*;
use crate::llm::{
    dialect::{
        Traits,
        testing::{self, MAX_TEXT, Read, assert_complete_from, assert_kept, assert_read},
    },
    sse::MAX_EVENT_BYTES,
    told::{Meaning, Told},
};
use chat::ports::ModelEvent;

mod requests;

fn line(message: &Value) -> String {
    let line = json!({
        "model": "qwen3:8b",
        "created_at": "2025-11-04T14:56:49.277302595-07:00",
        "message": message,
        "done": false,
    });
    format!("{line}\n")
}

fn said(text: &str) -> String {
    line(&json!({ "role": "assistant", "content": text }))
}

fn thinking() -> String {
    line(&json!({ "role": "assistant", "content": "", "thinking": "Greet" }))
        + &line(&json!({ "role": "assistant", "content": "", "thinking": " back." }))
}

fn hello() -> String {
    said("Hello") + &said(" 🌟!")
}

fn stop(reason: &str) -> String {
    let line = json!({
        "model": "qwen3:8b",
        "created_at": "2025-11-04T14:56:50.277302595-07:00",
        "message": { "role": "assistant", "content": "" },
        "done": true,
        "done_reason": reason,
        "total_duration": 4_883_583_458_u64,
        "load_duration": 1_334_875,
        "prompt_eval_count": 26,
        "prompt_eval_duration": 342_546_000,
        "eval_count": 282,
        "eval_duration": 4_535_599_000_u64,
    });
    format!("{line}\n")
}

fn text_events() -> Vec<ModelEvent> {
    ["Hello", " 🌟!"].map(|text| ModelEvent::Text(text.into())).to_vec()
}

fn complete(events: &[ModelEvent], stop: StopReason) -> Read {
    let usage = ModelEvent::Usage(Usage { input: Some(26), output: Some(282), ..Usage::default() });
    (events.iter().cloned().chain([usage, ModelEvent::End(stop)]).collect(), Ok(()))
}

fn boom() -> (String, Fault) {
    let text = "an error was encountered while running the model: CUDA error";
    let error = json!({ "error": text });
    (format!("{error}\n"), Fault::Reported(Told { code: String::new(), text: text.into() }))
}

/// Synthetic streams after Ollama's documentation.
fn good_streams() -> Vec<(String, Read)> {
    let done = StopReason::Done;
    let whole = thinking() + &hello() + &stop("stop");
    let thought = ["Greet", " back."].map(|text| ModelEvent::Reasoning(text.into()));
    let expected = complete(&[&thought[..], &text_events()].concat(), done);
    let terse = r#"{"message":{"content":"Hi"}}"#.to_owned() + "\n{\"done\":true}\n";
    let bare = vec![ModelEvent::Text("Hi".into()), ModelEvent::End(done)];
    vec![
        (whole.replace('\n', "\r\n"), expected.clone()),
        (whole.replace('\n', "\n\n"), expected.clone()),
        (whole.trim_end().to_owned(), expected.clone()),
        (whole, expected),
        (hello() + &stop("length"), complete(&text_events(), StopReason::Length)),
        ("{\"new\":1}\n{\"message\":null}\n".to_owned() + &hello() + &stop("stop"), complete(&text_events(), done)),
        (
            line(&json!({ "content": null, "thinking": null })) + &hello() + &stop("stop"),
            complete(&text_events(), done),
        ),
        (terse, (bare, Ok(()))),
        (hello() + &stop("stop") + "{oops\n", complete(&text_events(), done)),
        (hello() + &stop("stop") + &boom().0, complete(&text_events(), done)),
    ]
}

/// Synthetic streams that go wrong.
fn bad_streams() -> Vec<(String, Read)> {
    let (error, reported) = boom();
    vec![
        (hello(), (text_events(), Err(Fault::Cut))),
        (said(""), (vec![], Err(Fault::Cut))),
        (stop("load"), (vec![], Err(Fault::Cut))),
        (hello() + &error, (text_events(), Err(reported.clone()))),
        (hello() + error.trim_end(), (text_events(), Err(reported.clone()))),
        (hello() + &error + &stop("stop"), (text_events(), Err(reported.clone()))),
        (hello() + "{oops\n" + &stop("stop"), (text_events(), Err(Fault::Garbled))),
        (hello() + "{\"message\":5}\n" + &stop("stop"), (text_events(), Err(Fault::Garbled))),
        (hello() + "5\n" + &stop("stop"), (text_events(), Err(Fault::Garbled))),
        (error, (vec![], Err(reported))),
        ("{\"hello\":1}\n".into(), (vec![], Err(Fault::Nothing))),
        ("<!DOCTYPE html>\n<p>Log in</p>\n".into(), (vec![], Err(Fault::Garbled))),
        ("<html>Log in</html>".into(), (vec![], Err(Fault::Nothing))),
        (String::new(), (vec![], Err(Fault::Nothing))),
    ]
}

#[test]
fn i06_i07_i09_synthetic_streams_end_as_they_should_however_they_are_cut() {
    for (stream, expected) in good_streams().iter().chain(&bad_streams()) {
        assert_read(&Ollama, stream.as_bytes(), expected);
    }
}

#[test]
fn i07_a_stream_cut_short_is_never_complete_before_the_reason_to_stop() {
    let stream = thinking() + &hello() + &stop("stop");
    // A whole last line is one without its end, too.
    let complete_at = stream.len() - 1;
    assert_complete_from(&Ollama, stream.as_bytes(), complete_at);
    assert_kept(&Ollama, stream.as_bytes(), complete_at);
}

#[test]
fn f16_calls_of_tools_are_passed_over() {
    let call = json!({ "function": { "name": "shell", "arguments": { "command": "rm -rf /" } } });
    let call = line(&json!({ "role": "assistant", "content": "", "tool_calls": [call] }));
    let stream = hello() + &call + &stop("stop");
    assert_read(&Ollama, stream.as_bytes(), &complete(&text_events(), StopReason::Done));
}

#[test]
fn i20_odd_numbers_of_tokens_are_none() {
    let usage_of = |input: Value, output: Value| {
        let line = json!({ "done": true, "done_reason": "stop", "prompt_eval_count": input, "eval_count": output });
        let (events, end) = testing::read(&Ollama, &[line.to_string().as_bytes()]);
        assert_eq!(end, Ok(()), "{line}");
        events.into_iter().find_map(|event| match event {
            ModelEvent::Usage(usage) => Some((usage.input, usage.output)),
            _ => None,
        })
    };
    assert_eq!(usage_of(json!(-1), json!(5)), Some((None, Some(5))));
    assert_eq!(usage_of(json!(7), json!(1e30)), Some((Some(7), None)));
    assert_eq!(usage_of(json!(0), json!("5")), Some((Some(0), None)));
    for nothing in [json!(null), json!([]), json!("many"), json!({})] {
        assert_eq!(usage_of(nothing.clone(), nothing.clone()), None, "{nothing}");
    }
}

#[test]
fn f12_an_answer_has_a_limit_and_what_came_before_is_kept() {
    let long = vec![b'x'; MAX_EVENT_BYTES + 1];
    let read = |chunks: &[&[u8]]| testing::read(&Ollama, chunks);
    assert_eq!(read(&[hello().as_bytes(), &long]), (text_events(), Err(Fault::TooLong)));
    assert_eq!(read(&[hello().as_bytes(), &long, b"\n"]), (text_events(), Err(Fault::TooLong)));

    let piece = said(&"x".repeat(MAX_TEXT / 5 + 1));
    let (events, end) = read(&[piece.as_bytes(); 6]);
    assert_eq!((events.len(), end), (5, Err(Fault::Endless)));

    assert_eq!(read(&[b"a\xFF\0\n"]).1, Err(Fault::Garbled));
}

#[test]
fn i06_errors_are_quoted() {
    let told = |text: &str| Told::in_body(json!({ "error": text }).to_string().as_bytes());
    let missing = "model 'qwen3:8b' not found, try pulling it first";
    assert_eq!(told(missing).text, missing);
    assert_eq!(told("model requires more system memory (9.1 GiB)").meaning(), Meaning::Other);
    assert_eq!(told("the input exceeds the context window").meaning(), Meaning::TooLong);
}

#[test]
fn the_list_tells_names_and_each_model_is_asked_about() {
    let details = json!({ "family": "qwen3", "parameter_size": "8.2B", "quantization_level": "Q4_K_M" });
    let body = json!({ "models": [
        { "name": "qwen3:8b", "model": "qwen3:8b", "size": 1, "digest": "d", "details": details },
        { "name": "hf.co/a/b:Q4_K_M" },
        { "size": 7 },
    ] });
    let listed = |id: &str| Listed { id: id.into(), ..Listed::default() };
    let expected = vec![listed("qwen3:8b"), listed("hf.co/a/b:Q4_K_M")];
    assert_eq!(Ollama.listed(body.to_string().as_bytes()), Some(expected));
    for body in ["", "<html>", "{}", r#"{"models":{}}"#] {
        assert_eq!(Ollama.listed(body.as_bytes()), None, "{body}");
    }

    let call = Ollama.describe(&listed("qwen3:8b")).expect("a call");
    assert_eq!((call.method.as_str(), call.body), ("POST", Some(json!({ "model": "qwen3:8b" }))));
    let described = |body: Value| {
        let mut model = listed("qwen3:8b");
        Ollama.described(body.to_string().as_bytes(), &mut model);
        model.traits
    };
    let shown = json!({
        "capabilities": ["completion", "tools", "thinking"],
        "model_info": { "general.architecture": "qwen3", "qwen3.block_count": 36, "qwen3.context_length": 40_960 },
    });
    let traits = Traits {
        context_tokens: Some(40_960),
        vision: Some(false),
        tools: Some(true),
        reasoning: Some(true),
        ..Traits::default()
    };
    assert_eq!(described(shown), traits);
    for nothing in [json!({ "error": "no" }), json!([]), json!({ "model_info": { "a.context_length": -1 } })] {
        assert_eq!(described(nothing.clone()), Traits::default(), "{nothing}");
    }
}

#[test]
fn e14_lines_and_fields_that_a_provider_makes_up_are_passed_over() {
    let made_up = "{\"type\":\"execute\",\"data\":{\"code\":\"alert(1)\"}}\n".to_owned()
        + &line(
            &json!({ "role": "assistant", "content": "", "html": "<script>", "citations": ["x"], "images": ["x"] }),
        );
    let with = made_up.clone() + &hello() + &made_up + &stop("stop");
    assert_read(&Ollama, with.as_bytes(), &complete(&text_events(), StopReason::Done));
}
