//! Where an answer that was cut goes on: many models repeat the last words that they were shown.

/// The longest repetition that is looked for, in bytes.
const LONGEST: usize = 200;
/// Shorter ones are most often no repetition but chance, as the `l` between `hel` and `lo`.
const SHORTEST: usize = 8;

/// The place where new text is joined to old text.
pub(super) struct Joint {
    /// The end of the old text.
    old: String,
    /// The beginning of the new text, for as long as it may be a repetition; none afterwards.
    held: Option<String>,
}

impl Joint {
    /// After this text.
    pub(super) fn after(text: &str) -> Self {
        let old = text[text.ceil_char_boundary(text.len().saturating_sub(LONGEST))..].to_owned();
        Self { held: (!old.is_empty()).then(String::new), old }
    }

    /// Takes the next piece of new text and gives what of it is to be added by now.
    pub(super) fn take(&mut self, piece: String) -> String {
        let Some(held) = &mut self.held else { return piece };
        held.push_str(&piece);
        if may_grow(&self.old, held) { String::new() } else { self.rest() }
    }

    /// What is to be added when no more comes.
    pub(super) fn rest(&mut self) -> String {
        let Some(held) = self.held.take() else { return String::new() };
        let repeated = repeated(&self.old, &held);
        held[repeated..].to_owned()
    }
}

/// Whether more text could make this beginning a longer repetition than it is.
fn may_grow(old: &str, beginning: &str) -> bool {
    let mut starts = old.char_indices().map(|(start, _)| &old[start..]);
    starts.any(|end| end.len() > beginning.len() && end.starts_with(beginning))
}

/// How many bytes of the new text repeat the end of the old one.
fn repeated(old: &str, new: &str) -> usize {
    let mut starts = old.char_indices().map(|(start, _)| &old[start..]);
    starts.find(|end| end.len() >= SHORTEST && new.starts_with(end)).map_or(0, str::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole text when a model goes on in these pieces.
    fn joined(old: &str, pieces: &[&str]) -> String {
        let mut joint = Joint::after(old);
        let mut text = old.to_owned();
        for piece in pieces {
            text.push_str(&joint.take((*piece).to_owned()));
        }
        text + &joint.rest()
    }

    #[test]
    fn repeated_last_words_are_dropped_however_they_are_cut() {
        let new = "upon a time there was a fox. upon a time";
        for cut in (0..new.len()).filter(|cut| new.is_char_boundary(*cut)) {
            let (one, two) = new.split_at(cut);
            let expected = "Once upon a time there was a fox. upon a time";
            assert_eq!(joined("Once upon a time", &[one, two]), expected, "{cut}");
        }
        let letters: Vec<String> = new.chars().map(String::from).collect();
        let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
        assert_eq!(joined("Once upon a time", &letters), "Once upon a time there was a fox. upon a time");
    }

    #[test]
    fn the_longest_repetition_counts() {
        assert_eq!(joined("one two one two one two", &["one two one two three"]), "one two one two one two three");
    }

    #[test]
    fn what_is_no_repetition_stays() {
        for (old, new) in [("hel", "lo"), ("a b c", "a b d"), ("The end.", " The end?"), ("", "Once"), ("日本", "本日")]
        {
            assert_eq!(joined(old, &[new]), [old, new].concat());
        }
        assert_eq!(joined("Once upon a time", &["upon a "]), "Once upon a timeupon a ");
    }

    #[test]
    fn letters_of_several_bytes_are_kept_whole() {
        let old = "日".repeat(100);
        assert_eq!(joined(&old, &["日日日", "本"]), format!("{old}本"));
    }

    #[test]
    fn nothing_is_held_back_for_long() {
        let mut joint = Joint::after(&"x".repeat(1_000));
        let held = (0..1_000).take_while(|_| joint.take("x".into()).is_empty()).count();
        assert!(held <= LONGEST, "{held}");
    }
}
