use super::*;

fn parsed(text: &str) -> ModelList {
    ModelList::parse(text).expect("a list")
}

fn ids(list: &str, fetched: &[&str]) -> Vec<String> {
    let fetched = fetched.iter().map(|id| Listed { id: id.to_string(), ..Listed::default() }).collect();
    parsed(list).apply(fetched).into_iter().map(|model| model.id).collect()
}

fn only(list: &str) -> ModelEntry {
    let mut models = parsed(list).apply(Vec::new());
    assert_eq!(models.len(), 1, "{list}");
    models.remove(0)
}

#[test]
fn an_empty_list_shows_what_the_provider_lists() {
    for empty in ["", " ", ",", " , ，"] {
        assert_eq!(ids(empty, &["a", "b"]), ["a", "b"]);
        assert!(parsed(empty).wants_fetched());
    }
}

#[test]
fn models_are_added_hidden_and_cleared() {
    assert_eq!(ids("+c,-a", &["a", "b"]), ["b", "c"]);
    assert_eq!(ids("c，-a", &["a", "b"]), ["b", "c"]);
    assert_eq!(ids("-all,+b", &["a", "b"]), ["b"]);
    assert_eq!(ids("+c,+d,-all", &["a"]), ["c", "d"], "-all hides what is fetched, wherever it stands");
    assert_eq!(ids("+a,-a", &["a"]), ["a"], "what is named is shown");
    assert_eq!(ids("+a,+b,+a=A", &[]), ["b", "a"]);
    assert!(!parsed("-all,+b").wants_fetched() && parsed("+b").wants_fetched());
    assert!(parsed("-a=A<1>").hides("a") && !parsed("-a").hides("b"));
}

#[test]
fn an_entry_tells_name_deployment_and_abilities() {
    let all = only("+gpt-4o->my-gpt=My GPT<128000:vision:reasoning:search:fc:file:imageOutput>");
    let expected = ModelEntry {
        id: "gpt-4o".into(),
        deployment: Some("my-gpt".into()),
        name: Some("My GPT".into()),
        traits: Traits {
            context_tokens: Some(128_000),
            vision: Some(true),
            reasoning: Some(true),
            tools: Some(true),
            ..Traits::default()
        },
    };
    assert_eq!(all, expected);
    assert_eq!(only("chatglm-6b=ChatGLM 6B<4096>").traits.context_tokens, Some(4_096));
    assert_eq!(only("spark-v3.5=讯飞星火 v3.5<8192:fc>").name.as_deref(), Some("讯飞星火 v3.5"));
    assert_eq!(only("meta-llama/llama-4:free").id, "meta-llama/llama-4:free");
    assert_eq!(only("a=b=c").name.as_deref(), Some("b=c"));
    assert_eq!(only("a->=<>"), ModelEntry { id: "a".into(), ..ModelEntry::default() });
}

#[test]
fn a_context_may_be_short_for_thousands() {
    for (text, tokens) in [("128k", 128_000), ("1m", 1_000_000), ("200_000", 200_000), ("32K", 32_000)] {
        assert_eq!(only(&format!("a<{text}:fc>")).traits.context_tokens, Some(tokens), "{text}");
    }
    assert_eq!([only("a<vision>"), only("a<:vision>")].map(|entry| entry.traits.vision), [Some(true); 2]);
}

#[test]
fn what_the_list_says_is_kept_with_what_was_fetched() {
    let models = parsed("b=Bee<4k>").apply(["a", "b"].map(|id| Listed { id: id.into(), ..Listed::default() }).to_vec());
    assert_eq!(models[1].name.as_deref(), Some("Bee"));
    assert_eq!(models[1].traits.context_tokens, Some(4_000));
}

#[test]
fn every_entry_that_cannot_be_read_is_told() {
    let faults = ModelList::parse("+ok,=Name,b<many>,c<4k,-,d<0>,e<99999999999>").expect_err("faults");
    assert_eq!(faults.len(), 6);
    assert_eq!(faults[0], "“=Name” names no model.");
    assert_eq!(faults[1], "“b<many>” should have a number of tokens after “<”, such as 128000.");
    assert_eq!(faults[2], "“c<4k” opens “<” and does not close it.");
    assert_eq!(faults[3], "“-” names no model after the minus.");
}
