//! Server-sent events (HTML, section 9.2.6), as they come out of a response's body.

/// One event.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Message {
    /// Its type; empty when the server gave none.
    pub event: String,
    /// Its data, lines joined by `\n`.
    pub data: String,
}

/// Takes bytes as they come, cut anywhere, and gives whole events.
#[derive(Debug, Default)]
pub(super) struct Parser {
    line: Vec<u8>,
    after_cr: bool,
    message: Message,
    has_data: bool,
}

impl Parser {
    /// Takes the next bytes; gives the events that they complete.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<Message> {
        let mut complete = Vec::new();
        for &byte in bytes {
            let after_cr = std::mem::replace(&mut self.after_cr, byte == b'\r');
            match byte {
                b'\n' if after_cr => {}
                b'\n' | b'\r' => complete.extend(self.end_line()),
                _ => self.line.push(byte),
            }
        }
        complete
    }

    fn end_line(&mut self) -> Option<Message> {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            let message = std::mem::take(&mut self.message);
            return std::mem::take(&mut self.has_data).then_some(message);
        }
        let line = String::from_utf8_lossy(&line);
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => self.message.event = value.to_owned(),
            "data" => {
                if self.has_data {
                    self.message.data.push('\n');
                }
                self.has_data = true;
                self.message.data.push_str(value);
            }
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Message, Parser};

    fn message(event: &str, data: &str) -> Message {
        Message { event: event.into(), data: data.into() }
    }

    #[test]
    fn events_are_the_same_wherever_the_bytes_are_cut() {
        let stream = ": hello\n\nid: 3\nevent: snapshot\ndata: {\"text\":\"ä€😀\"}\n\nevent: event\r\ndata:a\r\ndata: b\r\n\r\n\
                      :\n\nretry: 5\n\nevent: dropped\n\ndata\rdata\r\revent: end\ndata: {}\n\nevent: cut off\ndata: {";
        let expected = [
            message("snapshot", "{\"text\":\"ä€😀\"}"),
            message("event", "a\nb"),
            message("", "\n"),
            message("end", "{}"),
        ];
        let bytes = stream.as_bytes();
        for cut in 0..=bytes.len() {
            let mut parser = Parser::default();
            let mut events = parser.push(&bytes[..cut]);
            events.extend(parser.push(&bytes[cut..]));
            assert_eq!(events, expected, "cut at {cut}");
        }
        let mut parser = Parser::default();
        let one_by_one: Vec<Message> = bytes.chunks(1).flat_map(|byte| parser.push(byte)).collect();
        assert_eq!(one_by_one, expected);
    }
}
