//! From the bytes of tokens to text, piece by piece.

/// Holds back the beginning of a character until its end has come.
#[derive(Debug, Default)]
pub struct Detokenizer {
    tail: Vec<u8>,
}

impl Detokenizer {
    /// Takes in bytes and gives the text that they complete. Bytes that can't become a character are
    /// replaced by U+FFFD.
    pub fn push(&mut self, bytes: &[u8]) -> String {
        self.tail.extend_from_slice(bytes);
        let mut text = String::new();
        let mut rest = &self.tail[..];
        loop {
            match std::str::from_utf8(rest) {
                Ok(whole) => {
                    text.push_str(whole);
                    rest = &[];
                }
                Err(error) => {
                    let (valid, other) = rest.split_at(error.valid_up_to());
                    text.push_str(&String::from_utf8_lossy(valid));
                    rest = other;
                    if let Some(bad) = error.error_len() {
                        text.push(char::REPLACEMENT_CHARACTER);
                        rest = &other[bad..];
                        continue;
                    }
                }
            }
            break;
        }
        let kept = rest.len();
        self.tail.drain(..self.tail.len() - kept);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(chunks: &[&[u8]]) -> Vec<String> {
        let mut detokenizer = Detokenizer::default();
        chunks.iter().map(|bytes| detokenizer.push(bytes)).collect()
    }

    #[test]
    fn no_piece_ends_inside_a_character() {
        let star = "🌟".as_bytes();
        assert_eq!(pieces(&[&star[..1], &star[1..3], &star[3..], b"!"]), ["", "", "🌟", "!"]);
        assert_eq!(pieces(&[b"a\xC3", b"\xA9b"]), ["a", "éb"]);
    }

    #[test]
    fn bytes_that_are_no_character_are_replaced_and_do_not_pile_up() {
        assert_eq!(pieces(&[b"\xFFa", b"\xC3", b"b"]), ["\u{fffd}a", "", "\u{fffd}b"]);
        let mut detokenizer = Detokenizer::default();
        for _ in 0..1_000 {
            detokenizer.push(b"\xF0\x9F");
            assert!(detokenizer.tail.len() < 4);
        }
    }
}
