//! Server-sent events, read as the HTML standard says (section 9.2.6, "Interpreting an event stream"), from
//! bytes that may be cut anywhere.

use std::{borrow::Cow, mem};

/// The most bytes of one line, and of one event's data.
pub const MAX_EVENT_BYTES: usize = 1 << 20;

const BOM: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// A line or an event is longer than [`MAX_EVENT_BYTES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event<'a> {
    /// Its type; empty when none is given.
    pub kind: Cow<'a, str>,
    /// Its data.
    pub data: Cow<'a, str>,
}

/// Finds the events in a stream of bytes. An event that is not closed by a blank line is none.
#[derive(Debug, Default)]
pub struct Parser {
    /// A line of which the end has not come yet.
    line: Vec<u8>,
    /// The last byte was a carriage return: a line feed after it belongs to the same line end.
    after_cr: bool,
    /// The first line has been seen, and with it a byte order mark, if there was one.
    begun: bool,
    kind: Vec<u8>,
    data: Vec<u8>,
    has_data: bool,
}

impl Parser {
    /// Takes in the next bytes and hands out each event that they complete.
    ///
    /// # Errors
    /// [`TooLong`] at once, or whatever `each` returns; nothing must be pushed afterwards.
    pub fn push<E: From<TooLong>>(
        &mut self,
        mut bytes: &[u8],
        mut each: impl FnMut(Event<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.after_cr && !bytes.is_empty() {
            self.after_cr = false;
            bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
        }
        while let Some(end) = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            let (line, rest) = (&bytes[..end], &bytes[end + 1..]);
            if bytes[end] == b'\n' {
                bytes = rest;
            } else {
                self.after_cr = rest.is_empty();
                bytes = rest.strip_prefix(b"\n").unwrap_or(rest);
            }
            if self.line.len() + line.len() > MAX_EVENT_BYTES {
                return Err(TooLong.into());
            }
            if self.line.is_empty() {
                self.end_line(line, &mut each)?;
            } else {
                let mut whole = mem::take(&mut self.line);
                whole.extend_from_slice(line);
                self.end_line(&whole, &mut each)?;
                whole.clear();
                self.line = whole;
            }
        }
        if self.line.len() + bytes.len() > MAX_EVENT_BYTES {
            return Err(TooLong.into());
        }
        self.line.extend_from_slice(bytes);
        Ok(())
    }

    fn end_line<E: From<TooLong>>(
        &mut self,
        mut line: &[u8],
        each: &mut impl FnMut(Event<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        if !self.begun {
            self.begun = true;
            line = line.strip_prefix(&BOM).unwrap_or(line);
        }
        if line.is_empty() {
            return self.dispatch(each);
        }
        let (field, value) = match line.iter().position(|byte| *byte == b':') {
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (line, &[][..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"data" => {
                if self.data.len() + value.len() > MAX_EVENT_BYTES {
                    return Err(TooLong.into());
                }
                if mem::replace(&mut self.has_data, true) {
                    self.data.push(b'\n');
                }
                self.data.extend_from_slice(value);
            }
            b"event" => {
                self.kind.clear();
                self.kind.extend_from_slice(value);
            }
            _ => {}
        }
        Ok(())
    }

    fn dispatch<E>(&mut self, each: &mut impl FnMut(Event<'_>) -> Result<(), E>) -> Result<(), E> {
        let told = if self.has_data {
            each(Event { kind: String::from_utf8_lossy(&self.kind), data: String::from_utf8_lossy(&self.data) })
        } else {
            Ok(())
        };
        self.kind.clear();
        self.data.clear();
        self.has_data = false;
        told
    }
}

#[cfg(test)]
mod tests;
