//! What is known of models whose provider tells nothing but their names.

use super::dialect::{Listed, Traits};

/// What a model can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Its id; with a date behind it, it is the same model.
    pub id: &'static str,
    /// The name to show.
    pub name: &'static str,
    /// Tokens in and out together.
    pub context_tokens: u32,
    /// Thinks before it answers.
    pub reasoning: bool,
}

/// OpenAI's models that people look for, in the order in which they are offered. All of them understand
/// images and call tools.
const KNOWN: &[Known] = &[
    known("gpt-5", "GPT-5", 400_000, true),
    known("gpt-5-mini", "GPT-5 mini", 400_000, true),
    known("gpt-5-nano", "GPT-5 nano", 400_000, true),
    known("gpt-4.1", "GPT-4.1", 1_047_576, false),
    known("gpt-4.1-mini", "GPT-4.1 mini", 1_047_576, false),
    known("gpt-4o", "GPT-4o", 128_000, false),
    known("gpt-4o-mini", "GPT-4o mini", 128_000, false),
    known("o3", "o3", 200_000, true),
    known("o4-mini", "o4-mini", 200_000, true),
];

const fn known(id: &'static str, name: &'static str, context_tokens: u32, reasoning: bool) -> Known {
    Known { id, name, context_tokens, reasoning }
}

/// Parts of the names of models that do not chat.
const NO_CHAT: &[&str] = &[
    "audio",
    "babbage",
    "dall-e",
    "davinci",
    "embed",
    "image",
    "moderation",
    "realtime",
    "rerank",
    "sora",
    "transcribe",
    "tts",
    "whisper",
];

impl Known {
    /// What it can do.
    pub fn traits(&self) -> Traits {
        Traits {
            context_tokens: Some(self.context_tokens),
            max_output: None,
            vision: Some(true),
            tools: Some(true),
            reasoning: Some(self.reasoning),
            prices: None,
        }
    }
}

/// What is known of a model.
pub fn find(id: &str) -> Option<&'static Known> {
    place(id).map(|place| &KNOWN[place])
}

fn place(id: &str) -> Option<usize> {
    let is = |known: &Known| match id.strip_prefix(known.id) {
        Some("") => true,
        Some(rest) => rest.strip_prefix('-').is_some_and(|date| date.starts_with("20") && date.len() == 10),
        None => false,
    };
    KNOWN.iter().position(is)
}

/// From what a provider lists to what can chat: the known models first, the others as they came.
pub fn chat_models(mut models: Vec<Listed>) -> Vec<Listed> {
    models.retain(|model| !NO_CHAT.iter().any(|part| model.id.to_lowercase().contains(part)));
    let order = |id: &str| place(id).map_or((KNOWN.len(), false), |place| (place, KNOWN[place].id != id));
    models.sort_by_key(|model| order(&model.id));
    models
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_models_come_first_and_what_does_not_chat_not_at_all() {
        let ids = ["whisper-1", "zephyr", "gpt-4o-2024-08-06", "text-embedding-3-small", "alpha", "gpt-4o", "gpt-4.1"];
        let listed = chat_models(ids.map(|id| Listed { id: id.into(), ..Listed::default() }).to_vec());
        let ids: Vec<_> = listed.iter().map(|model| model.id.as_str()).collect();
        assert_eq!(ids, ["gpt-4.1", "gpt-4o", "gpt-4o-2024-08-06", "zephyr", "alpha"]);
    }

    #[test]
    fn a_dated_model_is_the_same_model_and_a_longer_name_is_another() {
        assert_eq!(find("gpt-4o-2024-08-06").map(|known| known.name), Some("GPT-4o"));
        assert_eq!(find("gpt-4o-mini").map(|known| known.name), Some("GPT-4o mini"));
        assert_eq!(find("gpt-4o-mystery"), None);
    }
}
