use super::*;
use crate::llm::anthropic::request;
use chat::{
    Effort, Hundredths, Image, ModelRef, Sampling,
    prompt::{Part, Speaker},
};

const BASE: &str = "https://api.anthropic.com";

fn question(said: &[(Speaker, &str)], sampling: Sampling) -> ChatRequest {
    let parts = said.iter().map(|(speaker, text)| Part::text(*speaker, *text)).collect();
    ChatRequest { model: ModelRef::new("anthropic", "m"), parts, sampling }
}

fn asked(question: &ChatRequest, model: &str, traits: Traits) -> Value {
    let base = BASE.parse().expect("an address");
    request::body(question, &Target { model, traits, base: &base })
}

fn reasons() -> Traits {
    Traits { reasoning: Some(true), max_output: Some(64_000), ..Traits::default() }
}

fn said(text: &str) -> Value {
    json!([{ "type": "text", "text": text }])
}

#[test]
fn a_request_is_what_the_protocol_wants() {
    let mut question = question(
        &[
            (Speaker::System, "Be kind."),
            (Speaker::User, "Hello?"),
            (Speaker::User, "What is this?"),
            (Speaker::Assistant, "A picture. "),
            (Speaker::User, " "),
        ],
        Sampling { temperature: Some(Hundredths(130)), top_p: Some(Hundredths(90)), ..Sampling::default() },
    );
    let image = Image { media_type: "image/png".into(), bytes: vec![1, 2, 3].into() };
    question.parts[2].images.push(image.clone());
    question.parts[4].images.push(image);
    let image = json!({ "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": "AQID" } });
    let expected = json!({
        "model": "claude-haiku-4-5",
        "system": "Be kind.",
        "messages": [
            {
                "role": "user",
                "content": [{ "type": "text", "text": "Hello?" }, image, { "type": "text", "text": "What is this?" }],
            },
            { "role": "assistant", "content": said("A picture. ") },
            { "role": "user", "content": [image] },
        ],
        "max_tokens": 8_192,
        "temperature": 1.0,
        "stream": true,
    });
    assert_eq!(asked(&question, "claude-haiku-4-5", Traits::default()), expected);
}

#[test]
fn a_call_carries_key_and_version_in_headers() {
    let base = "https://api.anthropic.com/v1/".parse().expect("an address");
    let question = question(&[(Speaker::User, "Hello?")], Sampling::default());
    let call = Anthropic.ask(&question, &Target { model: "m", traits: Traits::default(), base: &base });
    assert_eq!(call.method, "POST");
    assert_eq!(call.headers, [("anthropic-version", "2023-06-01")]);
    assert_eq!(call.url(&base).as_str(), "https://api.anthropic.com/v1/messages");
    let list = Anthropic.list();
    assert_eq!((list.method.as_str(), list.headers), ("GET", vec![("anthropic-version", "2023-06-01")]));
    for base in ["https://a.example", "https://a.example/", "https://a.example/v1"] {
        let url = Anthropic.list().url(&base.parse().expect("an address"));
        assert_eq!(url.as_str(), "https://a.example/v1/models?limit=1000", "{base}");
    }
    let (name, value) = Anthropic.authorize(&Secret::new("sk-ant-1")).expect("a key");
    assert_eq!((name.as_str(), value.as_bytes()), ("x-api-key", &b"sk-ant-1"[..]));
    assert!(value.is_sensitive());
    assert!(Anthropic.authorize(&Secret::new("sk\n")).is_err());
}

#[test]
fn an_old_model_goes_on_with_an_answer_and_a_new_one_is_told_to() {
    let sampling = Sampling { effort: Some(Effort::High), ..Sampling::default() };
    let question = question(&[(Speaker::User, "Count."), (Speaker::Assistant, "1, 2,\n ")], sampling);
    let messages = |model| asked(&question, model, reasons())["messages"].clone();
    let user = json!({ "role": "user", "content": said("Count.") });
    let begun = |text| json!({ "role": "assistant", "content": said(text) });
    assert_eq!(messages("claude-opus-4-1"), json!([user, begun("1, 2,")]));
    let go_on = "Go on exactly where you stopped. Do not repeat anything.";
    let told = json!([user, begun("1, 2,\n "), { "role": "user", "content": said(go_on) }]);
    for model in ["claude-opus-4-6", "claude-sonnet-5-5", "kimi-k2"] {
        assert_eq!(messages(model), told, "{model}");
    }
    assert_eq!(
        asked(&question, "claude-opus-4-1", reasons())["thinking"],
        Value::Null,
        "a begun answer is not thought of"
    );
}

/// What is sent besides model, messages and the stream.
fn parameters(model: &str, traits: Traits, sampling: Sampling) -> Value {
    let mut body = asked(&question(&[(Speaker::User, "Hello?")], sampling), model, traits);
    let fields = body.as_object_mut().expect("an object");
    for field in ["model", "messages", "stream"] {
        fields.remove(field).expect(field);
    }
    body
}

#[test]
fn an_answer_has_as_many_tokens_as_are_wanted_and_possible() {
    let max_tokens = |wanted, possible| {
        let traits = Traits { max_output: possible, ..Traits::default() };
        parameters("claude-3-haiku", traits, Sampling { max_tokens: wanted, ..Sampling::default() })
    };
    assert_eq!(max_tokens(None, None), json!({ "max_tokens": 8_192 }));
    assert_eq!(max_tokens(None, Some(4_096)), json!({ "max_tokens": 4_096 }));
    assert_eq!(max_tokens(Some(60), Some(4_096)), json!({ "max_tokens": 60 }));
    assert_eq!(max_tokens(Some(100_000), Some(4_096)), json!({ "max_tokens": 4_096 }));
    assert_eq!(max_tokens(Some(100_000), None), json!({ "max_tokens": 100_000 }));
}

#[test]
fn older_models_think_within_a_budget() {
    let thinks = |effort, max_tokens, traits| {
        let temperature = Some(Hundredths(70));
        parameters("claude-opus-4-5", traits, Sampling { temperature, effort, max_tokens, top_p: None })
    };
    let budget = |budget: u32, max: u32| json!({ "max_tokens": max, "thinking": { "type": "enabled", "budget_tokens": budget } });
    let none = |max: u32| json!({ "max_tokens": max, "temperature": 0.7 });
    assert_eq!(thinks(Some(Effort::High), None, reasons()), budget(24_576, 64_000));
    assert_eq!(thinks(Some(Effort::Medium), None, reasons()), budget(8_192, 64_000));
    assert_eq!(thinks(Some(Effort::Medium), Some(4_000), reasons()), budget(2_000, 4_000));
    assert_eq!(thinks(Some(Effort::Medium), Some(2_000), reasons()), none(2_000), "too few to think");
    assert_eq!(thinks(Some(Effort::Low), None, reasons()), none(64_000));
    assert_eq!(thinks(None, None, reasons()), none(64_000));
    assert_eq!(thinks(Some(Effort::High), None, Traits::default()), none(8_192), "it is not known to think");
    let unknown = Traits { reasoning: Some(true), ..Traits::default() };
    assert_eq!(thinks(Some(Effort::Medium), None, unknown), budget(8_192, 16_384));
}

#[test]
fn newer_models_are_told_an_effort_and_no_temperature() {
    let thinks = |model, effort| {
        let (temperature, top_p) = (Some(Hundredths(70)), Some(Hundredths(90)));
        parameters(model, reasons(), Sampling { temperature, top_p, effort, max_tokens: Some(9_000) })
    };
    let adaptive = json!({ "type": "adaptive", "display": "summarized" });
    let effort = |word: &str| json!({ "max_tokens": 9_000, "thinking": adaptive, "output_config": { "effort": word } });
    for model in ["claude-opus-4-6", "claude-opus-4-8", "claude-sonnet-5-5"] {
        assert_eq!(thinks(model, Some(Effort::Low)), effort("low"), "{model}");
        assert_eq!(thinks(model, Some(Effort::High)), effort("high"), "{model}");
    }
    assert_eq!(thinks("claude-opus-4-6", None), json!({ "max_tokens": 9_000, "temperature": 0.7 }));
    assert_eq!(thinks("claude-opus-4-8", None), json!({ "max_tokens": 9_000 }));
    assert_eq!(thinks("claude-opus-5", None), json!({ "max_tokens": 9_000, "thinking": adaptive }));
    let top_p = Sampling { top_p: Some(Hundredths(90)), ..Sampling::default() };
    assert_eq!(parameters("kimi-k2", Traits::default(), top_p), json!({ "max_tokens": 8_192, "top_p": 0.9 }));
}
