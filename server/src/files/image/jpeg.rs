//! JPEG (ITU-T T.81), and the tag of EXIF that says which side is up.

use super::{Picture, be16, be32, le16, le32, split};

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const COMMENT: u8 = 0xfe;
const EXIF: &[u8] = b"Exif\0\0";

/// None when it is damaged. One that breaks off within the picture is given an end.
pub(super) fn clean(bytes: &[u8]) -> Option<Picture> {
    let (_, mut rest) = split(bytes, 2)?;
    let mut kept = Vec::with_capacity(bytes.len());
    kept.extend_from_slice(&[0xff, START]);
    let (mut size, mut scans) = (None, 0);
    while let Some((marker, after)) = marker(rest) {
        rest = after;
        match marker {
            END => break,
            // They stand alone.
            0x01 | 0xd0..=0xd7 => kept.extend_from_slice(&[0xff, marker]),
            _ => {
                let (segment, after) = split(rest, usize::from(be16(rest)?).max(2))?;
                rest = after;
                if is_frame(marker) {
                    size = size.or(Some((be16(segment.get(5..)?)?, be16(segment.get(3..)?)?)));
                }
                keep(&mut kept, marker, segment);
                if marker == SCAN {
                    scans += 1;
                    let (scan, after) = split(rest, scan_length(rest))?;
                    kept.extend_from_slice(scan);
                    rest = after;
                }
            }
        }
    }
    kept.extend_from_slice(&[0xff, END]);
    let (width, height) = size.filter(|_| scans > 0)?;
    Some(Picture { bytes: kept, width: width.into(), height: height.into() })
}

/// The marker at the beginning, which may be preceded by fill bytes, and what comes after it.
fn marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let [0xff, ..] = bytes else { return None };
    let at = bytes.iter().position(|byte| *byte != 0xff)?;
    Some((bytes[at], &bytes[at + 1..]))
}

/// How many bytes it is to the next marker that is not part of the scan.
fn scan_length(bytes: &[u8]) -> usize {
    let ends = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xff | 0xd0..=0xd7);
    bytes.windows(2).position(ends).unwrap_or(bytes.len())
}

fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}

/// Keeps a segment, if it has to do with how the picture looks.
fn keep(kept: &mut Vec<u8>, marker: u8, segment: &[u8]) {
    let content = segment.get(2..).unwrap_or_default();
    let looks = match marker {
        0xe0 => content.starts_with(b"JFIF\0"),
        0xe2 => content.starts_with(b"ICC_PROFILE\0"),
        0xee => content.starts_with(b"Adobe"),
        0xe1..=0xef | COMMENT => false,
        _ => true,
    };
    if looks {
        kept.extend_from_slice(&[0xff, marker]);
        kept.extend_from_slice(segment);
    } else if let Some(up) = content.strip_prefix(EXIF).and_then(orientation) {
        kept.extend_from_slice(&upright(up));
    }
}

/// The tag of EXIF for which side is up, and the type of its value.
const ORIENTATION: u16 = 0x0112;
const SHORT: u16 = 3;

/// Which side is up, unless it is the upper one (TIFF 6.0, section 8).
fn orientation(tiff: &[u8]) -> Option<u8> {
    let little = tiff.starts_with(b"II");
    let short = |at: usize| tiff.get(at..).and_then(if little { le16 } else { be16 });
    let first = tiff.get(4..).and_then(if little { le32 } else { be32 })?;
    let first = usize::try_from(first).ok()?;
    let entries = usize::from(short(first)?);
    let mut places = (0..entries).map_while(|n| first.checked_add(2 + 12 * n));
    let place = places.find(|place| short(*place) == Some(ORIENTATION))?;
    let value = short(place.checked_add(8)?)?;
    u8::try_from(value).ok().filter(|value| (2..=8).contains(value))
}

/// A segment that says which side is up, and nothing else.
fn upright(orientation: u8) -> Vec<u8> {
    let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x01".to_vec();
    tiff.extend_from_slice(&ORIENTATION.to_be_bytes());
    tiff.extend_from_slice(&SHORT.to_be_bytes());
    tiff.extend_from_slice(&[0, 0, 0, 1, 0, orientation, 0, 0]);
    // No directory after this one.
    tiff.extend_from_slice(&[0; 4]);
    let length = (2 + EXIF.len() + tiff.len()) as u16;
    [&[0xff, 0xe1][..], &length.to_be_bytes(), EXIF, &tiff].concat()
}
