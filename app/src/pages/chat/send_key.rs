//! Keys that make a repeated send one message.

use chat::SendKey;

/// A new key. `crypto.randomUUID` exists on secure pages only; this works wherever Confab is served.
#[cfg(feature = "hydrate")]
pub(super) fn new_key() -> Option<SendKey> {
    let mut bytes = [0; 16];
    leptos::prelude::window().crypto().ok()?.get_random_values_with_u8_array(&mut bytes).ok()?;
    key_of(bytes)
}

/// A page that is rendered has got its key from the server.
#[cfg(not(feature = "hydrate"))]
pub(super) fn new_key() -> Option<SendKey> {
    None
}

/// Random bytes as a UUID of version 4 (RFC 9562, section 5.4).
#[cfg(any(feature = "hydrate", test))]
fn key_of(mut bytes: [u8; 16]) -> Option<SendKey> {
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.into_iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(digit.into(), 16)?);
        }
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::key_of;

    #[test]
    fn random_bytes_make_a_key_of_version_4() {
        let text = |bytes| key_of(bytes).expect("a key").to_string();
        assert_eq!(text([0; 16]), "00000000-0000-4000-8000-000000000000");
        assert_eq!(text([255; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}
