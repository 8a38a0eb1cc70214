//! What requests may have in them depends on a model's age, and a wrong one is refused as a whole. Names tell it: only
//! the old ones are listed here, so that models to come need no line.

/// What a model takes in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generation {
    /// The beginning of an answer to go on with.
    pub prefill: bool,
    /// Temperature and top P.
    pub sampling: bool,
    /// How it is told to think.
    pub thinking: Thinking,
}

/// How a model is told to think.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thinking {
    /// By a number of tokens.
    Budget,
    /// By an effort; unless told, it does not think.
    Adaptive,
    /// By an effort; unless told, it thinks as well, and shows nothing of it.
    Always,
}

impl Generation {
    /// The generation of a model by its name (Anthropic's migration guides for Claude 4.6, 4.7 and 5).
    pub fn of(model: &str) -> Self {
        match version(model) {
            // Others that speak this language know the older form of it, but not how to go on with an answer.
            None => Self { prefill: false, sampling: true, thinking: Thinking::Budget },
            Some((..=3, _) | (4, ..=5)) => Self { prefill: true, sampling: true, thinking: Thinking::Budget },
            Some((4, 6)) => Self { prefill: false, sampling: true, thinking: Thinking::Adaptive },
            Some((4, _)) => Self { prefill: false, sampling: false, thinking: Thinking::Adaptive },
            Some(_) => Self { prefill: false, sampling: false, thinking: Thinking::Always },
        }
    }
}

/// Whether a model thinks, by its name; none when it is none of Anthropic's.
pub fn thinks(model: &str) -> Option<bool> {
    version(model).map(|version| version >= (3, 7))
}

/// The version in a name such as `claude-3-7-sonnet-20250219`, `claude-opus-4-5` or `anthropic/claude-sonnet-4.5`; none
/// when it is none of Anthropic's. A name without a version is a new one's.
fn version(model: &str) -> Option<(u32, u32)> {
    let (_, name) = model.split_once("claude-")?;
    // A longer number is a date.
    let number = |word: &str| word.parse::<u32>().ok().filter(|_| word.len() < 3);
    let mut words = name.split(['-', '.', '@', ':']).skip_while(|word| number(word).is_none());
    let major = words.next().and_then(number).unwrap_or(u32::MAX);
    Some((major, words.next().and_then(number).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_in_the_name() {
        for (model, expected) in [
            ("claude-3-haiku-20240307", Some((3, 0))),
            ("claude-3-7-sonnet-20250219", Some((3, 7))),
            ("claude-opus-4-20250514", Some((4, 0))),
            ("claude-opus-4-1-20250805", Some((4, 1))),
            ("anthropic/claude-sonnet-4.5", Some((4, 5))),
            ("claude-haiku-4-5@20251001", Some((4, 5))),
            ("claude-opus-4-6", Some((4, 6))),
            ("claude-opus-5", Some((5, 0))),
            ("claude-sonnet-5-5", Some((5, 5))),
            ("claude-mythos-preview", Some((u32::MAX, 0))),
            ("kimi-k2-thinking", None),
        ] {
            assert_eq!(version(model), expected, "{model}");
        }
    }

    #[test]
    fn newer_models_take_less() {
        let takes = |model| {
            let Generation { prefill, sampling, thinking } = Generation::of(model);
            (prefill, sampling, thinking)
        };
        assert_eq!(takes("claude-3-5-haiku-latest"), (true, true, Thinking::Budget));
        assert_eq!(takes("claude-sonnet-4-5"), (true, true, Thinking::Budget));
        assert_eq!(takes("claude-opus-4-6"), (false, true, Thinking::Adaptive));
        assert_eq!(takes("claude-opus-4-8"), (false, false, Thinking::Adaptive));
        assert_eq!(takes("claude-opus-5"), (false, false, Thinking::Always));
        assert_eq!(takes("deepseek-reasoner"), (false, true, Thinking::Budget));
    }
}
