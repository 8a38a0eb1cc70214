//! What is said to those who listen while an answer is written: its sentences, each as soon as it is finished.

#[cfg(feature = "hydrate")]
use leptos::web_sys::{Element, HtmlDivElement};

/// How much of an answer has been said.
#[cfg(feature = "hydrate")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Spoken {
    /// Blocks that have been said whole.
    blocks: u32,
    /// Bytes of the text of the next one.
    bytes: usize,
}

#[cfg(feature = "hydrate")]
impl Spoken {
    /// Everything that stands there.
    pub(super) fn all(prose: &HtmlDivElement) -> Self {
        Self { blocks: prose.child_element_count(), bytes: 0 }
    }

    /// The sentences that were finished since, and the rest once the answer has ended.
    pub(super) fn go_on(&mut self, prose: &HtmlDivElement, running: bool) -> String {
        let shown = prose.children();
        let mut said = String::new();
        while let Some(block) = shown.item(self.blocks) {
            let is_last = running && self.blocks + 1 >= shown.length();
            let text = words(&block);
            let new = text.get(self.bytes..).unwrap_or_default();
            let end = if is_last { finished(new) } else { new.len() };
            let sentences = new[..end].trim();
            if !sentences.is_empty() {
                said.push_str(sentences);
                said.push(' ');
            }
            if is_last {
                self.bytes += end;
                break;
            }
            *self = Self { blocks: self.blocks + 1, bytes: 0 };
        }
        said
    }
}

/// The words of a block. Code is not read out: it is there to be looked at.
#[cfg(feature = "hydrate")]
fn words(block: &Element) -> String {
    match block.query_selector("pre") {
        Ok(None) => block.text_content().unwrap_or_default(),
        _ => String::new(),
    }
}

/// The bytes up to the end of the last sentence, or line, that is finished.
fn finished(text: &str) -> usize {
    let mut end = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let stops = match letter {
            '。' | '！' | '？' | '\n' => true,
            '.' | '!' | '?' | '…' => letters.peek().is_some_and(|(_, next)| next.is_whitespace()),
            _ => false,
        };
        if stops {
            end = at + letter.len_utf8();
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::finished;

    #[test]
    fn a_sentence_is_finished_when_something_follows_it() {
        for (text, said) in [
            ("", ""),
            ("One", ""),
            ("One.", ""),
            ("One. ", "One."),
            ("It is 3.5 km. Or", "It is 3.5 km."),
            ("Why? Because", "Why?"),
            ("First\nsecond", "First\n"),
            ("一。二", "一。"),
        ] {
            assert_eq!(&text[..finished(text)], said, "{text:?}");
        }
    }
}
