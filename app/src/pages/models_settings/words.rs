//! Words about providers.

use chat::{Dialect, ports::ProviderOrigin};

/// What a dialect is called in a form.
pub(super) fn dialect(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::OpenAi => "OpenAI chat completions, as most servers do",
        Dialect::Responses => "OpenAI responses",
        Dialect::Anthropic => "Anthropic messages",
        Dialect::Gemini => "Google Gemini",
        Dialect::Ollama => "Ollama",
    }
}

/// Where a provider is, and who has set it up.
pub(super) fn place(origin: &ProviderOrigin, address: Option<&str>) -> String {
    match (origin, address) {
        (ProviderOrigin::Environment(Some(prefix)), _) => ["From the environment: ", prefix, "_*"].concat(),
        (ProviderOrigin::Environment(None), _) => "Built into this server".to_owned(),
        (ProviderOrigin::Administrator { .. }, address) => {
            let address = address.unwrap_or_default();
            address.strip_prefix("https://").unwrap_or(address).to_owned()
        }
    }
}

/// `1 model`, `6 models`.
pub(super) fn models(count: usize) -> String {
    [&*count.to_string(), "\u{a0}", if count == 1 { "model" } else { "models" }].concat()
}

/// `A key is kept`, `3 keys are kept`.
pub(super) fn kept(keys: u32) -> String {
    if keys == 1 { "A key is kept".to_owned() } else { [&keys.to_string(), " keys are kept"].concat() }
}

/// The letter in the place of a logo.
pub(super) fn letter(name: &str) -> String {
    name.chars().find(|c| c.is_alphanumeric()).map(|c| c.to_uppercase().collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_told_by_where_it_is_or_who_has_set_it() {
        let added = ProviderOrigin::Administrator { keys: 0 };
        assert_eq!(place(&added, Some("https://api.mistral.ai")), "api.mistral.ai");
        assert_eq!(place(&added, Some("http://ollama:11434")), "http://ollama:11434");
        let set = ProviderOrigin::Environment(Some("OPENAI".into()));
        assert_eq!(place(&set, Some("https://api.openai.com")), "From the environment: OPENAI_*");
        assert_eq!(letter("“étoile”"), "É");
        assert_eq!(letter("…"), "");
    }
}
