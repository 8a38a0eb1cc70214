//! WebP (RFC 9649).

use super::{Picture, le16, le32, split};

/// The chunks that have to do with how it looks.
const KEPT: [&[u8; 4]; 7] = [b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];
/// The bits in the extended header for EXIF and XMP.
const METADATA: u8 = 0x08 | 0x04;

/// None when it is damaged.
pub(super) fn clean(bytes: &[u8]) -> Option<Picture> {
    let length = usize::try_from(le32(bytes.get(4..)?)?).ok()?;
    let mut rest = bytes.get(12..bytes.len().min(length.checked_add(8)?))?;
    let mut kept = Vec::with_capacity(bytes.len());
    kept.extend_from_slice(b"RIFF\0\0\0\0WEBP");
    let mut size = None;
    while !rest.is_empty() {
        // Name, length, data, a byte that makes it even.
        let (head, after) = split(rest, 8)?;
        let length = usize::try_from(le32(&head[4..])?).ok()?;
        let (data, after) = split(after, length)?;
        rest = after.get(length % 2..).unwrap_or_default();
        let Some(name) = KEPT.iter().find(|name| head.starts_with(**name)) else { continue };
        // The first one that tells is the canvas, or the only picture.
        if size.is_none() {
            size = size_of(name, data);
        }
        kept.extend_from_slice(head);
        match data.split_first() {
            Some((flags, others)) if *name == b"VP8X" => {
                kept.push(flags & !METADATA);
                kept.extend_from_slice(others);
            }
            _ => kept.extend_from_slice(data),
        }
        kept.resize(kept.len() + length % 2, 0);
    }
    let (width, height) = size?;
    let length = u32::try_from(kept.len() - 8).ok()?;
    kept[4..8].copy_from_slice(&length.to_le_bytes());
    Some(Picture { bytes: kept, width, height })
}

fn size_of(name: &[u8; 4], data: &[u8]) -> Option<(u32, u32)> {
    match name {
        b"VP8X" => Some((le24(data.get(4..)?)? + 1, le24(data.get(7..)?)? + 1)),
        b"VP8L" => {
            let bits = le32(data.strip_prefix(&[0x2f])?)?;
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8 " => {
            let size = data.get(3..)?.strip_prefix(&[0x9d, 0x01, 0x2a])?;
            Some(((le16(size)? & 0x3fff).into(), (le16(size.get(2..)?)? & 0x3fff).into()))
        }
        _ => None,
    }
}

fn le24(bytes: &[u8]) -> Option<u32> {
    let [a, b, c] = *bytes.first_chunk()?;
    Some(u32::from_le_bytes([a, b, c, 0]))
}
