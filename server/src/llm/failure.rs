//! Sentences about failures: what happened, what is kept, what to do.

use super::fail;
use crate::secret::Secret;
use chat::{Failure, FailureKind, ModelRef};

/// The most characters that are shown of what a provider says.
const MAX_QUOTE_CHARS: usize = 300;
/// The most characters that are shown of a model's id.
const MAX_ID_CHARS: usize = 80;

/// What is added to a failure before the first word.
pub const NOTHING_LOST: &str = "Your message is kept; try again.";
/// What is added to a failure in the middle of an answer.
pub const TEXT_KEPT: &str = "What had arrived is kept; try again.";

/// The model is not on offer.
pub fn no_such_model(model: &ModelRef) -> Failure {
    let model = clean(&model.to_string(), MAX_ID_CHARS);
    fail(FailureKind::NoSuchModel, format!("The model {model} is not on offer here. Choose another one."))
}

/// What a provider says, fit to be shown: one line without control characters, at most 300 characters. A
/// key is blotted out if it occurs.
pub fn quote(text: &str, keys: &[Secret]) -> String {
    // Cleaned before the keys are looked for, so that nothing invisible inside one hides it.
    let keys = keys.iter().map(Secret::expose).filter(|key| key.len() >= 8);
    let text = keys.fold(clean(text, usize::MAX), |text, key| text.replace(key, "[key]"));
    clean(&text, MAX_QUOTE_CHARS)
}

/// One line: runs of white space become a space, control and invisible formatting characters go.
fn clean(text: &str, max_chars: usize) -> String {
    let mut line = String::new();
    let mut chars = 0;
    for word in text.split_whitespace() {
        let mut gap = !line.is_empty();
        for c in word.chars().filter(|c| !c.is_control() && !is_invisible(*c)) {
            if chars + usize::from(gap) >= max_chars {
                line.push('…');
                return line;
            }
            if gap {
                line.push(' ');
                chars += 1;
                gap = false;
            }
            line.push(c);
            chars += 1;
        }
    }
    line
}

/// Characters that show nothing and may turn the text around them (bidirectional controls and their like).
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A number of seconds in words.
pub fn in_words(seconds: u64) -> String {
    let told = |n: u64, unit: &str| format!("{n}\u{a0}{unit}{}", if n == 1 { "" } else { "s" });
    match seconds {
        0..=119 => told(seconds.max(1), "second"),
        120..=7_199 => told(seconds.div_ceil(60), "minute"),
        _ => told(seconds.div_ceil(3_600), "hour"),
    }
}

/// A number with its thousands set apart by commas.
#[cfg(feature = "local-model")]
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f10_a_quote_is_one_bounded_line_without_the_key() {
        let key = &[Secret::new("sk-9876543210"), Secret::new("sk-0123456789")];
        assert_eq!(quote("  bad\r\n\u{7}thing\u{202e}  here ", &[]), "bad thing here");
        assert_eq!(quote("no sk-0123456789, sk-0123456789.", key), "no [key], [key].");
        assert_eq!(quote("sk-01234\u{200b}5\u{0}6789", key), "[key]");
        let long = quote(&"x".repeat(1_000), key);
        assert_eq!(long.chars().count(), MAX_QUOTE_CHARS + 1);
        assert!(long.ends_with('…'));
        let late = format!("{} sk-0123456789", "x".repeat(292));
        assert!(!quote(&late, key).contains("sk-"), "a key is blotted out before the line is cut");
    }

    #[test]
    fn times_are_told_in_words() {
        let told = [(0, "1 second"), (1, "1 second"), (119, "119 seconds"), (121, "3 minutes"), (7_200, "2 hours")];
        for (seconds, words) in told {
            assert_eq!(in_words(seconds).replace('\u{a0}', " "), words);
        }
    }
}
