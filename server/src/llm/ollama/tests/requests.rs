use super::*;
use crate::llm::ollama::request;
use chat::{
    Effort, Hundredths, Image, ModelRef, Sampling,
    prompt::{Part, Speaker},
};

fn question(said: &[(Speaker, &str)], sampling: Sampling) -> ChatRequest {
    let parts = said.iter().map(|(speaker, text)| Part::text(*speaker, *text)).collect();
    ChatRequest { model: ModelRef::new("ollama", "m"), parts, sampling }
}

fn asked(question: &ChatRequest, model: &str, traits: Traits) -> Value {
    let base = "http://127.0.0.1:11434".parse().expect("an address");
    request::body(question, &Target { model, traits, base: &base })
}

#[test]
fn a_request_is_what_the_protocol_wants() {
    let sampling = Sampling {
        temperature: Some(Hundredths(70)),
        top_p: Some(Hundredths(90)),
        max_tokens: Some(60),
        effort: Some(Effort::Medium),
    };
    let mut question = question(&[(Speaker::System, "Be kind."), (Speaker::User, "What is this?")], sampling);
    question.parts[1].images.push(Image { media_type: "image/png".into(), bytes: vec![1, 2, 3].into() });
    let expected = json!({
        "model": "qwen3:8b",
        "messages": [
            { "role": "system", "content": "Be kind." },
            { "role": "user", "content": "What is this?", "images": ["AQID"] },
        ],
        "stream": true,
        "options": { "temperature": 0.7, "top_p": 0.9, "num_predict": 60 },
        "think": true,
    });
    let traits = Traits { reasoning: Some(true), context_tokens: Some(40_960), ..Traits::default() };
    assert_eq!(asked(&question, "qwen3:8b", traits), expected);
}

#[test]
fn a_short_request_is_short_and_ends_in_the_user() {
    let question = question(&[(Speaker::User, "Count."), (Speaker::Assistant, "1, 2,")], Sampling::default());
    let expected = json!({
        "model": "llama3.2",
        "messages": [
            { "role": "user", "content": "Count." },
            { "role": "assistant", "content": "1, 2," },
            { "role": "user", "content": "Go on exactly where you stopped. Do not repeat anything." },
        ],
        "stream": true,
    });
    assert_eq!(asked(&question, "llama3.2", Traits::default()), expected);
}

#[test]
fn models_that_think_are_told_whether_and_one_family_how_long() {
    let thinks = |model, effort, reasoning| {
        let question = question(&[(Speaker::User, "Hello?")], Sampling { effort, ..Sampling::default() });
        asked(&question, model, Traits { reasoning, ..Traits::default() })["think"].clone()
    };
    let efforts = [None, Some(Effort::Low), Some(Effort::Medium), Some(Effort::High)];
    let told = |model, reasoning| json!(efforts.map(|effort| thinks(model, effort, reasoning)));
    assert_eq!(told("qwen3:8b", Some(true)), json!([true, false, true, true]));
    assert_eq!(told("gpt-oss:20b", Some(true)), json!([null, "low", "medium", "high"]));
    assert_eq!(told("llama3.2", None), json!([null, null, null, null]));
}

#[test]
fn a_long_conversation_is_given_a_window_that_holds_it() {
    let window = |bytes: usize, context_tokens| {
        let text = "x".repeat(bytes);
        let question = question(&[(Speaker::User, &text)], Sampling::default());
        asked(&question, "m", Traits { context_tokens, ..Traits::default() })["options"]["num_ctx"].clone()
    };
    assert_eq!(window(6_000, Some(131_072)), Value::Null, "the usual window is enough");
    assert_eq!(window(12_000, Some(131_072)), 8_192);
    assert_eq!(window(60_000, Some(131_072)), 32_768);
    assert_eq!(window(900_000, Some(131_072)), 131_072, "no more than the model has");
    assert_eq!(window(60_000, Some(2_048)), Value::Null);
    assert_eq!(window(60_000, None), Value::Null, "not known");
}

#[test]
fn a_call_goes_below_api_once() {
    let question = question(&[(Speaker::User, "Hello?")], Sampling::default());
    for base in ["http://ollama:11434", "http://ollama:11434/", "http://ollama:11434/api"] {
        let base = base.parse().expect("an address");
        let call = Ollama.ask(&question, &Target { model: "m", traits: Traits::default(), base: &base });
        assert_eq!((call.method.as_str(), call.headers.len()), ("POST", 0));
        assert_eq!(call.url(&base).as_str(), "http://ollama:11434/api/chat", "{base}");
        assert_eq!(Ollama.list().url(&base).as_str(), "http://ollama:11434/api/tags", "{base}");
    }
    let (name, value) = Ollama.authorize(&Secret::new("k")).expect("a key");
    assert_eq!((name.as_str(), value.as_bytes()), ("authorization", &b"Bearer k"[..]));
}
