//! From bytes to text.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use std::borrow::Cow;

/// The text that a file is; none when it is no text. UTF-8, UTF-16 with a byte order mark, or else Windows-1252, which
/// holds Latin-1 (WHATWG Encoding Standard).
pub(super) fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]),
        None => UTF_8.decode_without_bom_handling_and_without_replacement(bytes).or_else(|| old(bytes)),
    }?;
    (!text.contains('\0')).then_some(text)
}

/// Any bytes at all are Windows-1252, but no text has control characters.
fn old(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let is_text = |byte: &u8| !byte.is_ascii_control() || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c);
    bytes.iter().all(is_text).then(|| WINDOWS_1252.decode_without_bom_handling(bytes).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_in_the_usual_encodings() {
        let utf16 = |text: &str, big: bool| -> Vec<u8> {
            let mark = "\u{feff}".encode_utf16();
            mark.chain(text.encode_utf16())
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect()
        };
        for (bytes, text) in [
            (b"plain".to_vec(), "plain"),
            ("Grüße 🦀".into(), "Grüße 🦀"),
            (b"\xef\xbb\xbfmarked".to_vec(), "marked"),
            (utf16("Grüße 🦀", true), "Grüße 🦀"),
            (utf16("a;b\r\n", false), "a;b\r\n"),
            (b"Gr\xfc\xdfe, 3 \x80".to_vec(), "Grüße, 3 €"),
            (b"<svg onload=alert(1)>".to_vec(), "<svg onload=alert(1)>"),
        ] {
            assert_eq!(decode(&bytes).as_deref(), Some(text), "{bytes:?}");
        }
    }

    #[test]
    fn g06_what_is_no_text_is_not_read_as_such() {
        for bytes in
            [&b"\x7fELF\x02\x01\x01\0\0"[..], b"text\0", b"\x1f\x8b\x08\x04\xff", b"\xff\xfe\0", b"\xff\xfe\0\xd8a\0"]
        {
            assert_eq!(decode(bytes), None, "{bytes:?}");
        }
    }
}
