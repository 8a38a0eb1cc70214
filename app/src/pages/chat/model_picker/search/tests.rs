use super::*;
use crate::pages::chat::model_picker::choice::facts;
use chat::ModelRef;

fn model(provider: &str, id: &str, name: &str) -> ModelInfo {
    ModelInfo {
        id: ModelRef::new(provider.to_lowercase(), id),
        name: name.into(),
        provider_name: provider.into(),
        context_tokens: None,
        prices: None,
        vision: false,
        tools: false,
        reasoning: false,
        demo: false,
    }
}

fn offer() -> Vec<ModelInfo> {
    vec![
        model("OpenAI", "gpt-5", "GPT-5"),
        model("Anthropic", "claude-haiku-4-5", "Claude Haiku 4.5"),
        model("OpenAI", "gpt-5-mini", "GPT-5 mini"),
    ]
}

#[test]
fn a_model_is_found_by_words_of_its_names() {
    let models = offer();
    for (query, expected) in [
        ("", vec![0, 1, 2]),
        ("  ", vec![0, 1, 2]),
        ("gpt MINI", vec![2]),
        ("anthropic", vec![1]),
        ("haiku-4", vec![1]),
        ("openai haiku", vec![]),
    ] {
        assert_eq!(matching(&models, query), expected, "{query:?}");
    }
}

#[test]
fn a_provider_has_one_group() {
    let models = offer();
    assert_eq!(groups(&models, &[0, 1, 2]), [("OpenAI".to_owned(), vec![0, 2]), ("Anthropic".into(), vec![1])]);
    assert_eq!(groups(&models, &[1]), [("Anthropic".to_owned(), vec![1])]);
}

#[test]
fn what_is_known_of_a_model_stands_under_its_name() {
    let mut model = model("OpenAI", "gpt-5", "GPT-5");
    assert_eq!(facts(&model), "gpt-5");
    model.name = "gpt-5".into();
    assert_eq!(facts(&model), "", "nothing is said twice");
    model.context_tokens = Some(131_072);
    assert_eq!(facts(&model), "128K context");
    model.demo = true;
    assert_eq!(facts(&model), "128K context, a small demo");
}
