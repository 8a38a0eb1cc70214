//! PNG (W3C Recommendation, third edition), animated ones too.

use super::{Picture, be32, split};

const SIGNATURE: usize = 8;

/// The chunks that have to do with how it looks.
const KEPT: [&[u8; 4]; 19] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV",
    b"cLLI", b"bKGD", b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT",
];

/// None when it is damaged.
pub(super) fn clean(bytes: &[u8]) -> Option<Picture> {
    let (signature, mut rest) = split(bytes, SIGNATURE)?;
    let mut kept = Vec::with_capacity(bytes.len());
    kept.extend_from_slice(signature);
    let mut size = None;
    loop {
        // Length, type, data, check sum.
        let length = usize::try_from(be32(rest)?).ok()?;
        let (chunk, after) = split(rest, length.checked_add(12)?)?;
        let (kind, data) = (&chunk[4..8], &chunk[8..8 + length]);
        rest = after;
        match (kind, size) {
            (b"IHDR", None) => size = Some((be32(data)?, be32(data.get(4..)?)?)),
            (b"IHDR", Some(_)) | (_, None) => return None,
            _ => {}
        }
        if KEPT.iter().any(|name| *name == kind) {
            kept.extend_from_slice(chunk);
        }
        if kind == b"IEND" {
            let (width, height) = size?;
            return Some(Picture { bytes: kept, width, height });
        }
    }
}
