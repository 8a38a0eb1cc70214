//! How a model shall answer in one conversation.

use serde::{Deserialize, Serialize};

/// What a user may set for a conversation. What is not set is left to the model's provider.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Parameters {
    /// What the model is told before everything else; empty for nothing.
    pub instructions: String,
    /// How it chooses its words.
    pub sampling: Sampling,
}

/// How a model chooses its words, and how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Sampling {
    /// How much it dares, in hundredths: 0 to 200.
    pub temperature: Option<Hundredths>,
    /// The share of likely words from which it chooses, in hundredths: 1 to 100.
    pub top_p: Option<Hundredths>,
    /// The most tokens that an answer may have, reasoning included.
    pub max_tokens: Option<u32>,
    /// How long it thinks, if it is a model that thinks.
    pub effort: Option<Effort>,
}

/// A number with two decimals, kept as a whole number so that it stays exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hundredths(pub u16);

/// How long a model thinks before it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effort {
    /// Not at all, or as little as it can.
    Low,
    /// As usual.
    Medium,
    /// Long.
    High,
}

/// Why parameters can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParametersError {
    /// The instructions are over [`Parameters::MAX_INSTRUCTIONS`].
    #[error("Instructions have at most {} kB.", Parameters::MAX_INSTRUCTIONS / 1000)]
    InstructionsTooLong,
    /// Not between 0 and 2.
    #[error("The temperature is a number from 0 to 2.")]
    Temperature,
    /// Not between 0.01 and 1.
    #[error("Top P is a number from 0.01 to 1.")]
    TopP,
    /// Not between 1 and [`Parameters::MAX_TOKENS`].
    #[error("The longest answer is a number of tokens from 1 to 1,000,000.")]
    MaxTokens,
    /// None of the words.
    #[error("The reasoning effort is low, medium or high.")]
    Effort,
}

impl ParametersError {
    /// The field of the form that is wrong.
    pub fn field(self) -> &'static str {
        match self {
            Self::InstructionsTooLong => "instructions",
            Self::Temperature => "temperature",
            Self::TopP => "top_p",
            Self::MaxTokens => "max_tokens",
            Self::Effort => "effort",
        }
    }
}

impl Parameters {
    /// The longest instructions, in bytes of UTF-8.
    pub const MAX_INSTRUCTIONS: usize = 20_000;
    /// The most tokens that can be asked for.
    pub const MAX_TOKENS: u32 = 1_000_000;

    /// Reads the fields of a form. An empty field is not set.
    pub fn parse(
        instructions: &str,
        temperature: &str,
        top_p: &str,
        max_tokens: &str,
        effort: &str,
    ) -> Result<Self, ParametersError> {
        let instructions = instructions.replace("\r\n", "\n").replace('\0', "");
        let instructions = instructions.trim();
        if instructions.len() > Self::MAX_INSTRUCTIONS {
            return Err(ParametersError::InstructionsTooLong);
        }
        let max_tokens = set(max_tokens)
            .map(|text| text.parse().ok().filter(|n| (1..=Self::MAX_TOKENS).contains(n)))
            .map(|tokens| tokens.ok_or(ParametersError::MaxTokens))
            .transpose()?;
        let sampling = Sampling {
            temperature: hundredths(temperature, 0..=200).map_err(|()| ParametersError::Temperature)?,
            top_p: hundredths(top_p, 1..=100).map_err(|()| ParametersError::TopP)?,
            max_tokens,
            effort: set(effort).map(|word| Effort::parse(word).ok_or(ParametersError::Effort)).transpose()?,
        };
        Ok(Self { instructions: instructions.to_owned(), sampling })
    }
}

impl Hundredths {
    /// The number.
    pub fn value(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    /// As it is written: `0.7`.
    pub fn text(self) -> String {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        match rest {
            0 => whole.to_string(),
            _ if rest.is_multiple_of(10) => [&whole.to_string(), ".", &(rest / 10).to_string()].concat(),
            1..10 => [&whole.to_string(), ".0", &rest.to_string()].concat(),
            _ => [&whole.to_string(), ".", &rest.to_string()].concat(),
        }
    }

    /// Reads a number with a point or a comma; what lies behind the second decimal is cut off.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, rest) = text.split_once(['.', ',']).unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() && rest.is_empty() || !digits(whole) || !digits(rest) || whole.len() > 3 {
            return None;
        }
        let whole: u16 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let rest: String = rest.chars().chain(['0', '0']).take(2).collect();
        whole.checked_mul(100)?.checked_add(rest.parse().ok()?).map(Self)
    }
}

impl Effort {
    /// All of them, the shortest first.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// The word that most providers use for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|effort| effort.word() == word)
    }
}

/// A field that is not empty.
fn set(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn hundredths(text: &str, range: std::ops::RangeInclusive<u16>) -> Result<Option<Hundredths>, ()> {
    let Some(text) = set(text) else { return Ok(None) };
    Hundredths::parse(text).filter(|number| range.contains(&number.0)).map(Some).ok_or(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact_to_two_decimals() {
        for (text, number, back) in [("0.7", 70, "0.7"), ("1", 100, "1"), (".05", 5, "0.05"), ("0,95", 95, "0.95")] {
            assert_eq!(Hundredths::parse(text), Some(Hundredths(number)), "{text}");
            assert_eq!(Hundredths(number).text(), back);
        }
        for bad in ["", ".", "-1", "1e3", "1.2.3", "NaN", "٣", "99999"] {
            assert_eq!(Hundredths::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn each_field_is_told_apart() {
        let parse = |t: &str, p: &str, m: &str, e: &str| Parameters::parse(" Be kind.\r\n", t, p, m, e);
        let all = parse("0.2", "0.9", "500", "high").expect("parameters");
        assert_eq!(all.instructions, "Be kind.");
        assert_eq!((all.sampling.temperature, all.sampling.top_p), (Some(Hundredths(20)), Some(Hundredths(90))));
        assert_eq!((all.sampling.max_tokens, all.sampling.effort), (Some(500), Some(Effort::High)));
        assert_eq!(parse("", " ", "", "").expect("nothing set").sampling, Sampling::default());
        assert_eq!(parse("2.01", "", "", "").map_err(ParametersError::field), Err("temperature"));
        assert_eq!(parse("", "0", "", "").map_err(ParametersError::field), Err("top_p"));
        assert_eq!(parse("", "", "0", "").map_err(ParametersError::field), Err("max_tokens"));
        assert_eq!(parse("", "", "", "utmost").map_err(ParametersError::field), Err("effort"));
        let long = "x".repeat(Parameters::MAX_INSTRUCTIONS + 1);
        assert_eq!(Parameters::parse(&long, "", "", "", ""), Err(ParametersError::InstructionsTooLong));
    }
}
