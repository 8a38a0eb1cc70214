//! What is known of models whose provider tells nothing but their names.

mod table;

use super::dialect::{Listed, Traits};
use chat::Prices;
use table::KNOWN;

/// A model, or a family of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Its id, in lower case; with a date or `-latest` behind it, it is the same model.
    pub id: &'static str,
    /// The name to show; none for a family.
    pub name: Option<&'static str>,
    /// Tokens in and out together.
    pub context_tokens: Option<u32>,
    /// The most tokens of an answer.
    pub max_output: Option<u32>,
    /// Understands images.
    pub vision: bool,
    /// Thinks before it answers.
    pub reasoning: bool,
    /// Where these prices hold, and the prices.
    pub prices: Option<(&'static str, Prices)>,
}

impl Known {
    /// What it can do, and what it costs if it is asked at this host.
    pub fn traits(&self, host: Option<&str>) -> Traits {
        Traits {
            context_tokens: self.context_tokens,
            max_output: self.max_output,
            vision: Some(self.vision),
            tools: Some(true),
            reasoning: Some(self.reasoning),
            prices: self.prices.filter(|(at, _)| host == Some(*at)).map(|(_, prices)| prices),
        }
    }

    /// The name to show for a model that is called exactly so.
    pub fn name_of(&self, id: &str) -> Option<&'static str> {
        self.name.filter(|_| self.id == id)
    }
}

/// Parts of the names of models that do not chat.
const NO_CHAT: &[&str] = &[
    "audio",
    "babbage",
    "dall-e",
    "davinci",
    "embed",
    "image",
    "imagine",
    "instruct-0914",
    "moderation",
    "ocr",
    "realtime",
    "rerank",
    "sora",
    "transcribe",
    "tts",
    "veo-",
    "whisper",
];

/// What is known of a model.
pub fn find(id: &str) -> Option<&'static Known> {
    place(id).map(|place| &KNOWN[place])
}

/// The first row whose id begins the model's, without the maker's name before a slash. A family's is enough as a
/// beginning; behind a model's own id only a date, `-latest` or a tag may follow.
fn place(id: &str) -> Option<usize> {
    // OpenRouter's ids have dots where others have dashes, and both a maker's name before and a tag behind.
    let id = id.rsplit('/').next().unwrap_or(id).to_lowercase();
    let id = id.split(':').next().unwrap_or(&id);
    let dashed = id.replace('.', "-");
    let is = |known: &Known| {
        let rest = id.strip_prefix(known.id).or_else(|| dashed.strip_prefix(known.id));
        match rest {
            None => false,
            Some(_) if known.name.is_none() => true,
            Some("") => true,
            Some(rest) => rest.strip_prefix(['-', '@']).is_some_and(is_version),
        }
    };
    KNOWN.iter().position(is)
}

/// A date as makers put it behind a name (`2024-08-06`, `20250929`, `0709`, `2512`), `latest`, `preview`.
fn is_version(text: &str) -> bool {
    let text = text.strip_prefix("preview-").or(text.strip_suffix("-preview")).unwrap_or(text);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_date = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') && matches!(digits, 3 | 4 | 6 | 8);
    is_date || matches!(text, "latest" | "preview")
}

/// From what a provider lists to what can chat: the known models first, the others as they came.
pub fn chat_models(mut models: Vec<Listed>) -> Vec<Listed> {
    models.retain(|model| !NO_CHAT.iter().any(|part| model.id.to_lowercase().contains(part)));
    let order = |id: &str| match place(id) {
        Some(place) if KNOWN[place].name.is_some() => (place, KNOWN[place].id != id),
        _ => (KNOWN.len(), false),
    };
    models.sort_by_key(|model| order(&model.id));
    models
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_models_come_first_and_what_does_not_chat_not_at_all() {
        let ids = ["whisper-1", "zephyr", "gpt-4o-2024-08-06", "text-embedding-3-small", "qwen3", "gpt-4o", "gpt-4.1"];
        let listed = chat_models(ids.map(|id| Listed { id: id.into(), ..Listed::default() }).to_vec());
        let ids: Vec<_> = listed.iter().map(|model| model.id.as_str()).collect();
        assert_eq!(ids, ["gpt-4.1", "gpt-4o", "gpt-4o-2024-08-06", "zephyr", "qwen3"]);
    }

    #[test]
    fn a_dated_model_is_the_same_model_and_a_longer_name_is_another() {
        let name = |id: &str| find(id).and_then(|known| known.name);
        for (id, expected) in [
            ("gpt-4o-2024-08-06", Some("GPT-4o")),
            ("gpt-4o-mini", Some("GPT-4o mini")),
            ("openai/gpt-4o-mini:free", Some("GPT-4o mini")),
            ("gpt-4o-mystery", None),
            ("gpt-5.1", Some("GPT-5.1")),
            ("gpt-5.1-codex", None),
            ("claude-sonnet-4-5-20250929", Some("Claude Sonnet 4.5")),
            ("anthropic/claude-sonnet-4.5", Some("Claude Sonnet 4.5")),
            ("claude-3-7-sonnet-latest", Some("Claude Sonnet 3.7")),
            ("gemini-2.5-pro", Some("Gemini 2.5 Pro")),
            ("gemini-2.5-flash-preview-09-2025", Some("Gemini 2.5 Flash")),
            ("grok-4-0709", Some("Grok 4")),
            ("mistral-large-latest", Some("Mistral Large")),
            ("alpha", None),
        ] {
            assert_eq!(name(id), expected, "{id}");
        }
    }

    #[test]
    fn families_are_known_by_their_beginning() {
        let traits = |id: &str| find(id).expect(id).traits(None);
        assert_eq!(traits("meta-llama/Llama-3.3-70B-Instruct").context_tokens, Some(131_072));
        assert_eq!(traits("qwen2.5-vl:7b").vision, Some(true));
        assert_eq!(traits("qwen3:8b").reasoning, Some(true));
        assert_eq!(traits("deepseek-r1:14b").reasoning, Some(true));
        assert_eq!(traits("claude-opus-9").vision, Some(true), "a model that is newer than this table");
    }

    #[test]
    fn prices_hold_at_the_makers_own_address_only() {
        let price = |id: &str, host: &str| find(id).expect(id).traits(Some(host)).prices;
        let expected = Prices { input: 2_500, cached: 1_250, output: 10_000 };
        assert_eq!(price("gpt-4o-2024-08-06", "api.openai.com"), Some(expected));
        for other in ["evilapi.openai.com", "api.openai.com.evil.example", "relay.example"] {
            assert_eq!(price("gpt-4o", other), None, "{other}");
        }
    }

    #[test]
    fn no_row_hides_another() {
        for (at, known) in KNOWN.iter().enumerate() {
            assert_eq!(place(known.id), Some(at), "{}", known.id);
        }
    }
}
