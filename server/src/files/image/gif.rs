//! GIF (version 89a).

use super::{Picture, le16, split};

const HEADER: usize = 13;
const EXTENSION: u8 = 0x21;
const IMAGE: u8 = 0x2c;
const TRAILER: u8 = 0x3b;
/// Timing and transparency.
const GRAPHIC_CONTROL: u8 = 0xf9;
const APPLICATION: u8 = 0xff;
/// The extensions that make an animation repeat.
const LOOPS: [&[u8]; 2] = [b"\x0bNETSCAPE2.0", b"\x0bANIMEXTS1.0"];

/// None when it is damaged. One that breaks off after a picture is given an end.
pub(super) fn clean(bytes: &[u8]) -> Option<Picture> {
    let (header, _) = split(bytes, HEADER)?;
    let (width, height) = (le16(&header[6..])?, le16(&header[8..])?);
    let (header, mut rest) = split(bytes, HEADER + colours(header[10]))?;
    let mut kept = Vec::with_capacity(bytes.len());
    kept.extend_from_slice(header);
    let mut pictures = 0;
    while let Some((block, keep)) = block(rest) {
        if keep {
            kept.extend_from_slice(block);
        }
        pictures += usize::from(block[0] == IMAGE);
        rest = &rest[block.len()..];
    }
    kept.push(TRAILER);
    (pictures > 0).then(|| Picture { bytes: kept, width: width.into(), height: height.into() })
}

/// Bytes of a table of colours, by the flags that announce it.
fn colours(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// The block at the beginning, and whether it has to do with how the picture looks. None at the end, and where there is
/// no whole block.
fn block(bytes: &[u8]) -> Option<(&[u8], bool)> {
    let (start, keep) = match *bytes.first()? {
        EXTENSION => {
            let loops = || LOOPS.iter().any(|name| bytes[2..].starts_with(name));
            let label = *bytes.get(1)?;
            (2, label == GRAPHIC_CONTROL || label == APPLICATION && loops())
        }
        // A descriptor, colours, and the size of the codes.
        IMAGE => (11 + colours(*bytes.get(9)?), true),
        _ => return None,
    };
    let mut end = start;
    // Parts of so many bytes each; one of none is the last.
    loop {
        let length = usize::from(*bytes.get(end)?);
        end += 1 + length;
        if length == 0 {
            return bytes.get(..end).map(|block| (block, keep));
        }
    }
}
