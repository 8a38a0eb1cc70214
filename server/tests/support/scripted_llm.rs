//! A model server that plays scripts, for tests: it speaks HTTP/1.1 just well enough, and as badly as a
//! script wants it to.
//!
//! Used by integration tests as a module, and by unit tests through `#[path]`; so it knows nothing of this
//! crate.

#![allow(dead_code, reason = "each of the two uses a part")]

use std::{
    collections::{HashMap, VecDeque},
    fs,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// One thing that the server does.
#[derive(Debug, Clone)]
pub enum Step {
    /// Sends bytes as they are.
    Raw(Vec<u8>),
    /// Sends the head of an answer: status and header lines. What follows is sent in HTTP chunks.
    Head(u16, Vec<(String, String)>),
    /// Sends bytes as one HTTP chunk.
    Chunk(Vec<u8>),
    /// Ends the answer as HTTP wants it.
    End,
    /// Waits.
    Delay(Duration),
    /// Says nothing more until the client goes away.
    Hang,
    /// Closes the connection in the middle of things.
    Close,
}

/// What the server does with one request.
pub type Script = Vec<Step>;

/// A request as it was received.
#[derive(Debug, Clone)]
pub struct Received {
    /// Method and path, such as `POST /v1/chat/completions`.
    pub line: String,
    /// The header lines, in lower case up to the colon.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Received {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// A model server on a free port of the loopback address. It stops when it is dropped.
pub struct ScriptedLlm {
    port: u16,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    scripts: Mutex<HashMap<String, VecDeque<Script>>>,
    received: Mutex<Vec<Received>>,
    /// How many clients have gone away while the server had something to say or to wait for.
    left: watch::Sender<usize>,
}

impl ScriptedLlm {
    /// Starts one that answers everything with 404.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let shared =
            Arc::new(Shared { scripts: Mutex::default(), received: Mutex::default(), left: watch::Sender::new(0) });
        let serving = shared.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, serving.clone()));
            }
        });
        Self { port, shared, task }
    }

    /// Starts one that answers chats with this script.
    pub async fn playing(script: Script) -> Self {
        let server = Self::start().await;
        server.on("/chat/completions", script);
        server
    }

    /// The base address, as `OPENAI_PROXY_URL` would have it.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }

    /// The address without a path, as other dialects have it.
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What to do at a path below the base. Scripts for the same path are played one after the other; the
    /// last one stays.
    pub fn on(&self, path: &str, script: Script) {
        self.at(&format!("/v1{path}"), script);
    }

    /// The same at a whole path, without what stands behind a question mark.
    pub fn at(&self, path: &str, script: Script) {
        self.shared.scripts.lock().expect("scripts").entry(path.to_owned()).or_default().push_back(script);
    }

    /// The requests so far.
    pub fn received(&self) -> Vec<Received> {
        self.shared.received.lock().expect("requests").clone()
    }

    /// Waits until this many clients have gone away before the server was done with them.
    pub async fn clients_left(&self, number: usize) {
        let mut left = self.shared.left.subscribe();
        left.wait_for(|left| *left >= number).await.expect("the server runs");
    }
}

impl Drop for ScriptedLlm {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, shared: Arc<Shared>) {
    let Some(received) = read_request(&mut stream).await else { return };
    let path = received.line.split([' ', '?']).nth(1).unwrap_or_default().to_owned();
    shared.received.lock().expect("requests").push(received);
    let script = {
        let mut scripts = shared.scripts.lock().expect("scripts");
        match scripts.get_mut(&path) {
            Some(queue) if queue.len() > 1 => queue.pop_front(),
            Some(queue) => queue.front().cloned(),
            None => None,
        }
    };
    for step in script.unwrap_or_else(|| answer(404, "application/json", r#"{"detail":"Not Found"}"#)) {
        let left = match step {
            Step::Raw(bytes) => stream.write_all(&bytes).await.is_err(),
            Step::Head(status, headers) => stream.write_all(&head(status, &headers)).await.is_err(),
            Step::Chunk(bytes) => stream.write_all(&chunk(&bytes)).await.is_err(),
            Step::End => stream.write_all(b"0\r\n\r\n").await.is_err(),
            Step::Delay(time) => {
                tokio::time::sleep(time).await;
                false
            }
            Step::Hang => {
                while matches!(stream.read(&mut [0; 64]).await, Ok(1..)) {}
                true
            }
            Step::Close => break,
        };
        if left {
            shared.left.send_modify(|left| *left += 1);
            return;
        }
    }
    // Whoever drops a socket with unread bytes in it resets the connection, and what was sent is lost.
    let _ = stream.shutdown().await;
    while matches!(stream.read(&mut [0; 64]).await, Ok(1..)) {}
}

async fn read_request(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let mut lines = head.lines();
    let line = lines.next()?.trim_end_matches(" HTTP/1.1").to_owned();
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(key, value)| (key.to_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.iter().find(|(key, _)| key == "content-length").map_or(0, |(_, n)| n.parse().unwrap_or(0));
    let mut body = bytes.split_off(head_end);
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    Some(Received { line, headers, body })
}

fn head(status: u16, headers: &[(String, String)]) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status} Scripted\r\nconnection: close\r\ntransfer-encoding: chunked\r\n");
    for (key, value) in headers {
        text.push_str(&format!("{key}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.into_bytes()
}

fn chunk(bytes: &[u8]) -> Vec<u8> {
    if bytes.is_empty() {
        return Vec::new();
    }
    let mut framed = format!("{:x}\r\n", bytes.len()).into_bytes();
    framed.extend_from_slice(bytes);
    framed.extend_from_slice(b"\r\n");
    framed
}

/// A whole answer at once.
pub fn answer(status: u16, kind: &str, body: &str) -> Script {
    answer_with(status, &[("content-type", kind)], body)
}

/// A whole answer at once, with these header lines.
pub fn answer_with(status: u16, headers: &[(&str, &str)], body: &str) -> Script {
    let headers = headers.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
    vec![Step::Head(status, headers), Step::Chunk(body.into()), Step::End]
}

/// The head of a stream of events.
pub fn event_stream() -> Step {
    Step::Head(200, vec![("content-type".into(), "text/event-stream".into())])
}

/// A stream of events, each of these texts one HTTP chunk, that ends well.
pub fn events(chunks: &[impl AsRef<[u8]>]) -> Script {
    let chunks = chunks.iter().map(|bytes| Step::Chunk(bytes.as_ref().to_vec()));
    [event_stream()].into_iter().chain(chunks).chain([Step::End]).collect()
}

/// A recorded answer.
pub struct Recording {
    /// Its status.
    pub status: u16,
    /// Its header lines, without those about the transfer.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

impl Recording {
    /// Reads `tests/fixtures/llm/NAME.http`.
    pub fn read(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/llm/{name}.http"));
        let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let begin = bytes.iter().position(|byte| *byte == b'\n').expect("a first line") + 1;
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8_lossy(&bytes[begin..end]).into_owned();
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).expect("a status");
        let transfer = ["connection", "content-length", "transfer-encoding"];
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .filter(|(key, _)| !transfer.contains(&key.to_lowercase().as_str()))
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect();
        Self { status, headers, body: bytes[end + 4..bytes.len() - 1].to_vec() }
    }

    /// Plays it again.
    pub fn script(&self) -> Script {
        vec![Step::Head(self.status, self.headers.clone()), Step::Chunk(self.body.clone()), Step::End]
    }
}
