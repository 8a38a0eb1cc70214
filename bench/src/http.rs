//! A client for HTTP/1.1 (RFC 9112) that does next to nothing, so that it is never what is measured.

use anyhow::{Context, Result, bail, ensure};
use std::{net::SocketAddr, time::Instant};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Longest head of a message, in bytes.
const MAX_HEAD: usize = 64 << 10;
/// What is read at a time, in bytes.
const READ: usize = 64 << 10;

/// Where `needle` begins.
pub fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    text.windows(needle.len()).position(|window| window == needle)
}

/// The head of a request or a response.
pub struct Head {
    /// Its text.
    pub text: String,
    /// Its bytes, up to the beginning of the body.
    pub bytes: usize,
}

impl Head {
    /// The head at the beginning, once it is there whole.
    ///
    /// # Errors
    /// When it is no head.
    pub fn of(read: &[u8]) -> Result<Option<Self>> {
        match find(read, b"\r\n\r\n") {
            Some(end) => Ok(Some(Self { text: std::str::from_utf8(&read[..end])?.to_owned(), bytes: end + 4 })),
            None if read.len() > MAX_HEAD => bail!("the head does not end"),
            None => Ok(None),
        }
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.text.lines().skip(1).find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The length of the body, if it was told.
    pub fn length(&self) -> Option<usize> {
        self.header("content-length")?.parse().ok()
    }

    /// The status of a response.
    fn status(&self) -> Option<u16> {
        self.text.split(' ').nth(1)?.parse().ok()
    }
}

/// A response, read to its end.
pub struct Response {
    /// Its status.
    pub status: u16,
    /// Its head.
    pub head: Head,
    /// Its body, out of the chunks.
    pub body: Vec<u8>,
    /// When the mark had arrived.
    pub marked_at: Option<Instant>,
}

impl Response {
    /// The body, for those who want to read it.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A connection that is kept alive.
pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: Vec::with_capacity(READ) })
    }

    /// Sends a request and reads the response to its end, noting when `mark` had arrived in its body.
    pub async fn request(&mut self, request: &[u8], mark: Option<&[u8]>) -> Result<Response> {
        self.stream.write_all(request).await?;
        self.read.clear();
        let head = loop {
            if let Some(head) = Head::of(&self.read)? {
                break head;
            }
            self.more().await?;
        };
        self.read.drain(..head.bytes);
        let status = head.status().context("a response has a status")?;
        let chunked = head.header("transfer-encoding") == Some("chunked");
        let mut response = Response { status, head, body: Vec::new(), marked_at: None };
        if chunked {
            let mut chunks = Chunks::default();
            loop {
                let over = chunks.push(&self.read, &mut response.body)?;
                self.read.clear();
                note(&mut response, mark);
                if over {
                    return Ok(response);
                }
                self.more().await?;
            }
        }
        let length = response.head.length().unwrap_or(0);
        while self.read.len() < length {
            self.more().await?;
        }
        response.body.extend(self.read.drain(..length));
        note(&mut response, mark);
        Ok(response)
    }

    async fn more(&mut self) -> Result<()> {
        self.read.reserve(READ);
        ensure!(self.stream.read_buf(&mut self.read).await? > 0, "the connection was closed");
        Ok(())
    }
}

fn note(response: &mut Response, mark: Option<&[u8]>) {
    if let Some(mark) = mark.filter(|_| response.marked_at.is_none())
        && find(&response.body, mark).is_some()
    {
        response.marked_at = Some(Instant::now());
    }
}

/// Takes chunks apart (RFC 9112, section 7.1) that may be cut anywhere.
#[derive(Default)]
struct Chunks {
    /// Bytes of the current chunk that are still to come, with the line end after it.
    left: usize,
    /// The beginning of a line of which the end has not come yet.
    line: Vec<u8>,
    last: bool,
}

impl Chunks {
    /// Adds what is data to `body`; says whether that was the end.
    fn push(&mut self, mut bytes: &[u8], body: &mut Vec<u8>) -> Result<bool> {
        while !bytes.is_empty() {
            if self.left > 0 {
                let (taken, rest) = bytes.split_at(self.left.min(bytes.len()));
                // The last two are the line end.
                let data = self.left.saturating_sub(2).min(taken.len());
                body.extend_from_slice(&taken[..data]);
                self.left -= taken.len();
                bytes = rest;
                continue;
            }
            let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
                self.line.extend_from_slice(bytes);
                break;
            };
            self.line.extend_from_slice(&bytes[..end]);
            bytes = &bytes[end + 1..];
            if self.last {
                return Ok(true);
            }
            let line = std::str::from_utf8(&self.line)?.trim_end();
            match usize::from_str_radix(line, 16).with_context(|| format!("`{line}` is no length of a chunk"))? {
                0 => self.last = true,
                length => self.left = length + 2,
            }
            self.line.clear();
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_the_same_wherever_they_are_cut() {
        let whole = b"5\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\n\r\n";
        for cut in 0..whole.len() {
            let (mut chunks, mut body) = (Chunks::default(), Vec::new());
            assert!(!chunks.push(&whole[..cut], &mut body).unwrap());
            assert!(chunks.push(&whole[cut..], &mut body).unwrap(), "cut at {cut}");
            assert_eq!(body, b"hello world", "cut at {cut}");
        }
    }
}
