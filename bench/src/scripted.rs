//! The scripted model server: OpenAI's protocol with prepared frames, as a process of its own.
//!
//! With a pause between two tokens each frame is written by itself, as real servers do. Without one the whole answer is
//! written at once, so several frames share a packet.

use crate::{
    http::{Head, find},
    script::{self, SHORT, SHORT_MODEL, STORIES, Story, TOKENS},
};
use anyhow::{Context, Result};
use std::{
    io::{self, Write},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{Instant, interval_at},
};

const STREAM: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\n\
                        transfer-encoding: chunked\r\n\r\n";

/// Everything that is ever said.
struct Scripts {
    stories: Vec<Story>,
    short: Vec<Story>,
    /// What a conversation is called.
    title: Story,
    models: Vec<u8>,
}

/// Prints its address and serves until it is killed.
pub async fn serve() -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    writeln!(io::stdout(), "{}", listener.local_addr()?)?;
    let scripts = Arc::new(Scripts {
        stories: Story::all(TOKENS),
        short: Story::all(SHORT),
        title: Story::new(STORIES, SHORT),
        models: models(),
    });
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let scripts = scripts.clone();
        // A connection that breaks is noticed at its other end.
        tokio::spawn(async move { connection(stream, &scripts).await });
    }
}

fn models() -> Vec<u8> {
    let names = [script::model(0), script::model(10), SHORT_MODEL.to_owned()];
    let list: Vec<_> = names.iter().map(|id| serde_json::json!({ "id": id, "object": "model" })).collect();
    let body = serde_json::json!({ "object": "list", "data": list }).to_string();
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
}

async fn connection(mut stream: TcpStream, scripts: &Scripts) -> Result<()> {
    let mut read = Vec::with_capacity(16 << 10);
    loop {
        let end = loop {
            if let Some(end) = whole_request(&read)? {
                break end;
            }
            if stream.read_buf(&mut read).await? == 0 {
                return Ok(());
            }
        };
        answer(&mut stream, scripts, &read[..end]).await?;
        read.drain(..end);
    }
}

/// Where the first request ends, once it is there whole.
fn whole_request(read: &[u8]) -> Result<Option<usize>> {
    let Some(head) = Head::of(read)? else { return Ok(None) };
    let end = head.bytes + head.length().unwrap_or(0);
    Ok((read.len() >= end).then_some(end))
}

async fn answer(stream: &mut TcpStream, scripts: &Scripts, request: &[u8]) -> Result<()> {
    if request.starts_with(b"GET") {
        return Ok(stream.write_all(&scripts.models).await?);
    }
    let request = std::str::from_utf8(request)?;
    let story = script::asked(request).context("no story was asked for")?;
    // Only a request for a title sets a limit.
    let (story, pause) = if find(request.as_bytes(), b"\"max_tokens\"").is_some() {
        (&scripts.title, Duration::ZERO)
    } else if request.contains(SHORT_MODEL) {
        (&scripts.short[story], Duration::from_millis(10))
    } else {
        (&scripts.stories[story], pause(request))
    };
    if pause.is_zero() {
        return Ok(stream.write_all(&[STREAM, &story.whole].concat()).await?);
    }
    stream.write_all(STREAM).await?;
    stream.write_all(&story.opening).await?;
    let mut ticks = interval_at(Instant::now() + pause, pause);
    for (n, frame) in story.frames.iter().enumerate() {
        if n > 0 {
            ticks.tick().await;
        }
        stream.write_all(frame).await?;
    }
    Ok(stream.write_all(&story.closing).await?)
}

fn pause(request: &str) -> Duration {
    let millis = request.split_once("scripted-").and_then(|(_, rest)| rest.split_once("ms")?.0.parse().ok());
    Duration::from_millis(millis.unwrap_or(0))
}
