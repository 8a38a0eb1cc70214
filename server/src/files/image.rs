//! Pictures: how large they are, by their headers alone, and what of them is kept.
//!
//! Nothing is decoded, so that no picture can take more memory than its file. What is not needed to show it (where and
//! by whom a photo was taken, thumbnails, comments, whatever stands behind its end) does not stay in the file, and so
//! reaches no provider.

mod gif;
mod jpeg;
mod png;
mod webp;

use super::{kind::Kind, unfit::Unfit};

/// The longest side, in pixels.
const MAX_SIDE: u32 = 12_000;
/// The most pixels.
const MAX_PIXELS: u64 = 50_000_000;

/// A picture of which only the picture is left.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Picture {
    /// The file.
    pub(super) bytes: Vec<u8>,
    /// Pixels across.
    pub(super) width: u32,
    /// Pixels down.
    pub(super) height: u32,
}

impl Picture {
    /// Looks at a picture and leaves out of it what is no picture.
    pub(super) fn of(kind: Kind, bytes: &[u8]) -> Result<Self, Unfit> {
        let cleaned = match kind {
            Kind::Png => png::clean(bytes),
            Kind::Jpeg => jpeg::clean(bytes),
            Kind::Gif => gif::clean(bytes),
            Kind::WebP => webp::clean(bytes),
            Kind::Pdf | Kind::Zip | Kind::Other => None,
        };
        let picture = cleaned.filter(|picture| picture.width > 0 && picture.height > 0).ok_or(Unfit::Picture)?;
        let pixels = u64::from(picture.width) * u64::from(picture.height);
        let fits = picture.width.max(picture.height) <= MAX_SIDE && pixels <= MAX_PIXELS;
        fits.then_some(picture).ok_or(Unfit::Pixels)
    }

    /// Tokens that it takes in a request, by the rule that Anthropic gives; others take about as many.
    pub(super) fn tokens(&self) -> u32 {
        let pixels = u64::from(self.width) * u64::from(self.height);
        u32::try_from(pixels / 750).unwrap_or(u32::MAX).clamp(85, 1_600)
    }
}

/// The next `count` bytes, and those after them.
fn split(bytes: &[u8], count: usize) -> Option<(&[u8], &[u8])> {
    bytes.split_at_checked(count)
}

fn be16(bytes: &[u8]) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.first_chunk()?))
}

fn le16(bytes: &[u8]) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.first_chunk()?))
}

fn be32(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.first_chunk()?))
}

fn le32(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.first_chunk()?))
}

#[cfg(test)]
mod tests;
