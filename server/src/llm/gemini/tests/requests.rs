use super::*;
use crate::llm::gemini::request;
use chat::{
    Effort, Hundredths, Image, ModelRef, Sampling,
    prompt::{Part, Speaker},
};

fn question(said: &[(Speaker, &str)], sampling: Sampling) -> ChatRequest {
    let parts = said.iter().map(|(speaker, text)| Part::text(*speaker, *text)).collect();
    ChatRequest { model: ModelRef::new("google", "m"), parts, sampling }
}

fn asked(question: &ChatRequest, model: &str, traits: Traits) -> Value {
    let base = "https://generativelanguage.googleapis.com".parse().expect("an address");
    request::body(question, &Target { model, traits, base: &base })
}

#[test]
fn a_request_is_what_the_protocol_wants() {
    let sampling = Sampling {
        temperature: Some(Hundredths(130)),
        top_p: Some(Hundredths(90)),
        max_tokens: Some(100_000),
        effort: Some(Effort::High),
    };
    let mut question = question(
        &[
            (Speaker::System, "Be kind."),
            (Speaker::User, "Hello?"),
            (Speaker::User, "What is this?"),
            (Speaker::Assistant, "A picture."),
            (Speaker::User, ""),
        ],
        sampling,
    );
    let image = Image { media_type: "image/png".into(), bytes: vec![1, 2, 3].into() };
    question.parts[2].images.push(image.clone());
    question.parts[4].images.push(image);
    let image = json!({ "inlineData": { "mimeType": "image/png", "data": "AQID" } });
    let expected = json!({
        "systemInstruction": { "parts": [{ "text": "Be kind." }] },
        "contents": [
            { "role": "user", "parts": [{ "text": "Hello?" }, image, { "text": "What is this?" }] },
            { "role": "model", "parts": [{ "text": "A picture." }] },
            { "role": "user", "parts": [image] },
        ],
        "generationConfig": {
            "temperature": 1.3,
            "topP": 0.9,
            "maxOutputTokens": 65_536,
            "thinkingConfig": { "includeThoughts": true, "thinkingBudget": 24_576 },
        },
    });
    let traits = Traits { max_output: Some(65_536), reasoning: Some(true), ..Traits::default() };
    assert_eq!(asked(&question, "gemini-2.5-flash", traits), expected);
}

#[test]
fn a_short_request_is_short_and_ends_in_the_user() {
    let question = question(&[(Speaker::User, "Count."), (Speaker::Assistant, "1, 2,")], Sampling::default());
    let go_on = "Go on exactly where you stopped. Do not repeat anything.";
    let expected = json!({
        "contents": [
            { "role": "user", "parts": [{ "text": "Count." }] },
            { "role": "model", "parts": [{ "text": "1, 2," }] },
            { "role": "user", "parts": [{ "text": go_on }] },
        ],
    });
    assert_eq!(asked(&question, "gemini-2.0-flash", Traits::default()), expected);
}

#[test]
fn models_that_think_are_told_how_long() {
    let thinks = |model, effort| {
        let traits = Traits { reasoning: Some(true), ..Traits::default() };
        let question = question(&[(Speaker::User, "Hello?")], Sampling { effort, ..Sampling::default() });
        asked(&question, model, traits)["generationConfig"]["thinkingConfig"].clone()
    };
    let budget = |tokens: i32| json!({ "includeThoughts": true, "thinkingBudget": tokens });
    let level = |word: &str| json!({ "includeThoughts": true, "thinkingLevel": word });
    let usual = json!({ "includeThoughts": true });
    let (low, medium, high) = (Some(Effort::Low), Some(Effort::Medium), Some(Effort::High));
    let off = json!({ "includeThoughts": false, "thinkingBudget": 0 });
    for (model, expected) in [
        ("gemini-2.5-pro", [usual.clone(), budget(128), budget(-1), budget(32_768)]),
        ("gemini-2.5-flash-lite", [usual.clone(), off, budget(-1), budget(24_576)]),
        ("gemini-3-pro-preview", [usual.clone(), level("low"), usual.clone(), level("high")]),
        ("gemini-flash-latest", [usual.clone(), level("low"), usual, level("high")]),
    ] {
        assert_eq!([None, low, medium, high].map(|effort| thinks(model, effort)), expected, "{model}");
    }
}

#[test]
fn f15_the_key_is_in_a_header_and_the_model_stays_in_its_place() {
    let base = "https://generativelanguage.googleapis.com/v1beta".parse().expect("an address");
    let question = question(&[(Speaker::User, "Hello?")], Sampling::default());
    let url = |model| {
        let call = Gemini.ask(&question, &Target { model, traits: Traits::default(), base: &base });
        assert_eq!((call.method.as_str(), call.headers.len()), ("POST", 0));
        call.url(&base).to_string()
    };
    let models = "https://generativelanguage.googleapis.com/v1beta/models/";
    let asked = |model: &str| format!("{models}{model}:streamGenerateContent?alt=sse");
    assert_eq!(url("gemini-2.5-flash"), asked("gemini-2.5-flash"));
    assert_eq!(url("models/gemini-2.5-flash"), asked("gemini-2.5-flash"));
    assert_eq!(url("../x?key=y#z"), asked("..%2Fx%3Fkey=y%23z"));
    for base in ["https://a.example", "https://a.example/", "https://a.example/v1beta"] {
        let url = Gemini.list().url(&base.parse().expect("an address"));
        assert_eq!(url.as_str(), "https://a.example/v1beta/models?pageSize=1000", "{base}");
    }
    let (name, value) = Gemini.authorize(&Secret::new("AIza1")).expect("a key");
    assert_eq!((name.as_str(), value.as_bytes()), ("x-goog-api-key", &b"AIza1"[..]));
    assert!(value.is_sensitive());
}
