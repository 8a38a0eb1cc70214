//! Reading no more than there may be.

use super::Unreadable;
use std::{
    cell::Cell,
    io::{self, BufRead, Read},
    rc::Rc,
};

/// The first byte that is neither white space nor of a byte order mark, not yet taken.
pub(super) fn first_byte(source: &mut impl BufRead) -> Result<Option<u8>, Unreadable> {
    loop {
        let first = source.fill_buf().map_err(serde_json::Error::io)?.first().copied();
        match first {
            Some(byte) if byte.is_ascii_whitespace() || [0xef, 0xbb, 0xbf].contains(&byte) => source.consume(1),
            other => return Ok(other),
        }
    }
}

/// How many bytes may still be read.
pub(super) struct Bounds {
    /// Of the conversation at hand.
    pub(super) item: Cell<u64>,
    /// In all.
    pub(super) left: Cell<u64>,
}

/// Refuses to read more than there may be.
pub(super) struct Bounded<R> {
    pub(super) source: R,
    pub(super) bounds: Rc<Bounds>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        let spend = |of: &Cell<u64>, kind: io::ErrorKind| {
            of.set(of.get().checked_sub(count as u64).ok_or(kind)?);
            Ok::<_, io::Error>(())
        };
        spend(&self.bounds.item, io::ErrorKind::FileTooLarge)?;
        spend(&self.bounds.left, io::ErrorKind::QuotaExceeded)?;
        Ok(count)
    }
}
