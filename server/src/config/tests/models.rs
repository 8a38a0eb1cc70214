//! Providers of models, and the limits of an answer.

use super::*;
use crate::{
    llm::settings::{Origin, ProviderSettings},
    secret::Secret,
};
use chat::Dialect;

/// The providers of these variables, without Ollama, which may be there by itself.
fn providers(pairs: &[(&str, &str)]) -> Vec<ProviderSettings> {
    let off = [("ENABLED_OLLAMA", "0")];
    Config::parse(&Env::of(&[&off[..], pairs].concat())).expect("settings").models.providers
}

fn only(pairs: &[(&str, &str)]) -> ProviderSettings {
    let mut providers = providers(pairs);
    assert_eq!(providers.len(), 1, "{pairs:?}");
    providers.remove(0)
}

fn bases(provider: &ProviderSettings) -> Vec<&str> {
    provider.endpoints.iter().map(|endpoint| endpoint.base.as_str()).collect()
}

fn told(pairs: &[(&str, &str)]) -> Vec<String> {
    Config::parse(&Env::of(pairs)).expect_err("faults").iter().map(ToString::to_string).collect()
}

#[test]
fn a_provider_is_there_with_a_key_or_an_address() {
    let openai = only(&[("OPENAI_API_KEY", "sk-1"), ("OPENAI_MODEL_LIST", "-all,+gpt-5")]);
    assert_eq!((openai.id.as_str(), openai.name.as_str()), ("openai", "OpenAI"));
    assert_eq!((openai.dialect, bases(&openai)), (Dialect::OpenAi, vec!["https://api.openai.com/v1"]));
    assert_eq!((openai.endpoints[0].keys.len(), openai.models.wants_fetched()), (1, false));
    let address = only(&[("OPENAI_PROXY_URL", "http://127.0.0.1:8000/v1")]);
    assert_eq!((address.name.as_str(), address.endpoints[0].keys.len()), ("127.0.0.1", 0));
    assert_eq!(providers(&[("OPENAI_MODEL_LIST", "+gpt-5"), ("ENABLED_OPENAI", "1")]), []);
}

#[test]
fn every_known_provider_is_set_up_by_its_key_and_documented() {
    let page = as_markdown();
    for known in model_providers::KNOWN {
        let id = known.id;
        assert!(page.contains(&format!("`{id}`")), "{id} is not in the documentation");
        let prefix = id.to_uppercase();
        let (key, address) = (format!("{prefix}_API_KEY"), format!("{prefix}_PROXY_URL"));
        let mut set = vec![(key.as_str(), "k-1"), ("ENABLED_OLLAMA", "1")];
        if known.place == model_providers::Place::Named {
            set.push((&address, "https://a.example/v1"));
        }
        let all = providers(&set);
        let provider = all.iter().find(|provider| provider.id == id).expect(id);
        assert_eq!((provider.dialect, provider.if_it_answers), (known.dialect, false), "{id}");
        assert_eq!(provider.origin, Origin::Environment(prefix));
        assert_eq!(provider.endpoints[0].keys, [Secret::new("k-1")], "{id}");
    }
}

#[test]
fn ollama_is_there_if_it_answers_and_for_sure_when_it_is_named() {
    let all = |pairs: &[(&str, &str)]| Config::parse(&Env::of(pairs)).expect("settings").models.providers;
    let unnamed = all(&[]);
    assert_eq!((unnamed.len(), unnamed[0].if_it_answers), (1, true));
    assert_eq!(bases(&unnamed[0]), ["http://127.0.0.1:11434/"]);
    let named = all(&[("OLLAMA_PROXY_URL", "http://10.0.0.5:11434/v1")]);
    assert_eq!((bases(&named[0]), named[0].if_it_answers), (vec!["http://10.0.0.5:11434/"], false));
    assert_eq!(all(&[("ENABLED_OLLAMA", "0")]), []);
}

#[test]
fn a_provider_has_other_names_and_switches() {
    assert_eq!(only(&[("GEMINI_API_KEY", "k")]).id, "google");
    assert_eq!(only(&[("OPENAI_API_KEY", "k"), ("OPENAI_DIALECT", "Responses")]).dialect, Dialect::Responses);
    assert_eq!(only(&[("GROQ_API_KEY", "k"), ("GROQ_NAME", "Fast ones")]).name, "Fast ones");
    assert_eq!(providers(&[("GROQ_API_KEY", "k"), ("ENABLED_GROQ", "0")]), []);
}

#[test]
fn own_providers_come_first_and_have_variables_like_the_others() {
    let set = [
        ("OPENAI_API_KEY", "k"),
        ("CONFAB_PROVIDERS", "my-lab， other"),
        ("MY_LAB_PROXY_URL", "https://lab.example/v1"),
        ("MY_LAB_API_KEY_FILE", "/run/key"),
        ("MY_LAB_DIALECT", "anthropic"),
        ("OTHER_PROXY_URL", "http://10.0.0.5"),
        ("OTHER_NAME", "The other one"),
        ("ENABLED_OLLAMA", "0"),
    ];
    let config = Config::parse(&Env::of(&set).file("/run/key", "sk-lab\n")).expect("settings");
    let all = &config.models.providers;
    assert_eq!(all.iter().map(|provider| provider.id.as_str()).collect::<Vec<_>>(), ["my-lab", "other", "openai"]);
    assert_eq!((all[0].name.as_str(), all[0].dialect), ("my-lab", Dialect::Anthropic));
    assert_eq!(all[0].endpoints[0].keys, [Secret::new("sk-lab")]);
    assert_eq!(all[1].name, "The other one");
    assert_eq!(config.warnings, []);
}

#[test]
fn f08_a_key_belongs_to_its_address() {
    let keys = |set: &[(&str, &str)]| -> Vec<(String, Vec<String>)> {
        let keys = |keys: &[Secret]| keys.iter().map(|key| key.expose().to_owned()).collect();
        let endpoints = only(set).endpoints.into_iter();
        endpoints.map(|endpoint| (endpoint.base.to_string(), keys(&endpoint.keys))).collect()
    };
    let (a, b) = ("https://a.example/", "https://b.example/");
    let addresses = ("VLLM_PROXY_URL", "https://a.example,https://b.example");
    let of = |all: &[(&str, &[&str])]| -> Vec<(String, Vec<String>)> {
        all.iter().map(|(base, keys)| ((*base).into(), keys.iter().map(|key| (*key).into()).collect())).collect()
    };
    assert_eq!(keys(&[addresses]), of(&[(a, &[]), (b, &[])]));
    assert_eq!(keys(&[addresses, ("VLLM_API_KEY", "k1")]), of(&[(a, &["k1"]), (b, &["k1"])]));
    assert_eq!(keys(&[addresses, ("VLLM_API_KEY", "k1, k2")]), of(&[(a, &["k1"]), (b, &["k2"])]));
    let one = ("VLLM_PROXY_URL", "https://a.example");
    assert_eq!(keys(&[one, ("VLLM_API_KEY", "k1，k2,")]), of(&[(a, &["k1", "k2"])]));
    let told = told(&[addresses, ("VLLM_API_KEY", "k1,k2,k3")]);
    assert!(told.len() == 1 && told[0].starts_with("VLLM_PROXY_URL: has 2 addresses"), "{told:?}");
}

#[test]
fn l12_f07_every_fault_of_every_provider_is_told_without_a_value() {
    let told = told(&[
        ("CONFAB_PROVIDERS", "lab,Sesame Street,openai,local,lab"),
        ("OPENAI_API_KEY", "sk-hid\nden"),
        ("OPENAI_MODEL_LIST", "=Name,b<many>"),
        ("ANTHROPIC_PROXY_URL", "file:///etc/hidden, https://u:hidden@a.example,http://a.example:25"),
        ("GROQ_API_KEY", "k"),
        ("GROQ_DIALECT", "hidden"),
        ("CONFAB_MODEL_IDLE_SECONDS", "hidden"),
        ("CONFAB_MODEL_MAX_BYTES", "0"),
        ("CONFAB_MODEL_CA_FILE", "/hidden/ca.pem"),
    ]);
    let told_variables: Vec<&str> = told.iter().map(|line| line.split(':').next().unwrap_or_default()).collect();
    let expected = [
        "CONFAB_PROVIDERS",
        "CONFAB_PROVIDERS",
        "CONFAB_PROVIDERS",
        "CONFAB_PROVIDERS",
        "LAB_PROXY_URL",
        "OPENAI_API_KEY",
        "OPENAI_MODEL_LIST",
        "OPENAI_MODEL_LIST",
        "ANTHROPIC_PROXY_URL",
        "ANTHROPIC_PROXY_URL",
        "ANTHROPIC_PROXY_URL",
        "GROQ_DIALECT",
        "CONFAB_MODEL_IDLE_SECONDS",
        "CONFAB_MODEL_MAX_BYTES",
        "CONFAB_MODEL_CA_FILE",
    ];
    assert_eq!(told_variables, expected, "{told:#?}");
    assert!(!told.join("\n").contains("hidden"), "{told:#?}");
}

#[test]
fn the_limits_of_an_answer_can_be_set() {
    let set = [
        ("CONFAB_MODEL_IDLE_SECONDS", "30"),
        ("CONFAB_MODEL_TOTAL_SECONDS", "7200"),
        ("CONFAB_MODEL_MAX_BYTES", "1_000_000"),
    ];
    let limits = Config::parse(&Env::of(&set)).expect("settings").models.limits;
    assert_eq!((limits.idle.as_secs(), limits.total.as_secs(), limits.max_text), (30, 7_200, 1_000_000));
}

#[test]
fn l09_a_slip_in_a_providers_variable_is_told() {
    let warned = |set: &[(&str, &str)]| -> Vec<String> {
        let config = Config::parse(&Env::of(set)).expect("settings");
        config.warnings.iter().map(ToString::to_string).collect()
    };
    for (slip, meant) in [
        ("ANTHROPIC_APIKEY", "ANTHROPIC_API_KEY"),
        ("TOGETHER_API_KEY", "TOGETHERAI_API_KEY"),
        ("OPENROUTER_MODELLIST", "OPENROUTER_MODEL_LIST"),
        ("ENABLED_OPENAPI", "ENABLED_OPENAI"),
    ] {
        let warnings = warned(&[(slip, "x")]);
        assert!(warnings.len() == 1 && warnings[0].contains(meant), "{slip}: {warnings:?}");
    }
    let own = [("CONFAB_PROVIDERS", "openai2"), ("OPENAI2_PROXY_URL", "https://a.example"), ("OPENAI2_API_KEY", "k")];
    assert_eq!(warned(&own), [""; 0]);
    for other in ["GITHUB_TOKEN", "AZURE_API_KEY", "FAL_API_KEY", "OPENAI_API_BASE", "AWS_SECRET_ACCESS_KEY"] {
        assert_eq!(warned(&[(other, "x")]), [""; 0], "{other}");
    }
}
