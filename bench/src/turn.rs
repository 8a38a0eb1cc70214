//! One turn, as a light browser or a program has it, over each of the ways that are compared.

use crate::{
    http::{Connection, Response, find},
    script::{self, FIRST},
};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// A way from a question to its answer.
#[derive(Debug, Clone)]
pub enum Way {
    /// The model server itself, or a proxy in front of it: one request.
    Completions(SocketAddr),
    /// Confab: a message is sent, then its turn is watched.
    Confab(Browser),
}

/// A browser in which somebody is signed in.
#[derive(Debug, Clone)]
pub struct Browser {
    /// Where Confab listens.
    pub address: SocketAddr,
    /// The session's cookie, as `name=value`.
    pub cookie: Arc<str>,
}

/// How a turn came out.
pub enum Turn {
    /// It came to an end.
    Done(Done),
    /// It was not taken: what was said.
    Refused(String),
}

/// A turn that came to its end.
pub struct Done {
    /// From the question to the first byte that the first token was read with.
    pub first: Duration,
    /// What was received, to be looked at when there is time.
    pub body: Vec<u8>,
}

/// Somebody who asks one question after the other over a connection of their own.
pub struct Caller {
    way: Way,
    connection: Connection,
}

impl Caller {
    /// Connects.
    pub async fn new(way: Way) -> Result<Self> {
        let address = match &way {
            Way::Completions(address) => *address,
            Way::Confab(browser) => browser.address,
        };
        Ok(Self { way, connection: Connection::open(address).await? })
    }

    /// Asks for a story and reads the answer to its end.
    pub async fn turn(&mut self, story: usize, model: &str) -> Result<Turn> {
        let began = Instant::now();
        let watched = match self.way.clone() {
            Way::Completions(address) => self.connection.request(&completion(address, story, model), MARK).await?,
            Way::Confab(browser) => {
                let sent = self.connection.request(&browser.send(story, model), None).await?;
                if sent.status != 200 {
                    return Ok(Turn::Refused(format!("{} {}", sent.status, sent.text())));
                }
                self.connection.request(&browser.events(&turn_id(&sent)?), MARK).await?
            }
        };
        if watched.status != 200 {
            return Ok(Turn::Refused(format!("{} {}", watched.status, watched.text())));
        }
        let first = watched.marked_at.context("the first token never came")? - began;
        Ok(Turn::Done(Done { first, body: watched.body }))
    }
}

/// What says that the first token is there.
const MARK: Option<&[u8]> = Some(FIRST.as_bytes());

fn completion(address: SocketAddr, story: usize, model: &str) -> Vec<u8> {
    let body = serde_json::json!({
        "messages": [{ "role": "user", "content": script::question(story) }],
        "model": model,
        "stream": true,
        "stream_options": { "include_usage": true },
    });
    let body = body.to_string();
    let length = body.len();
    format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: {address}\r\naccept: text/event-stream\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

fn turn_id(sent: &Response) -> Result<String> {
    const BEFORE: &[u8] = br#""turn":{"id":""#;
    let begin = find(&sent.body, BEFORE).context("a send is answered with its turn")? + BEFORE.len();
    let id = sent.body.get(begin..begin + 36).context("the turn has an id")?;
    Ok(std::str::from_utf8(id)?.to_owned())
}

impl Browser {
    /// A request of a page: `fields` are already encoded.
    pub fn post(&self, path: &str, fields: &str) -> Vec<u8> {
        let Self { address, cookie } = self;
        let length = fields.len();
        format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\naccept: application/json\r\n\
             content-type: application/x-www-form-urlencoded\r\ncookie: {cookie}\r\ncontent-length: {length}\r\n\r\n\
             {fields}"
        )
        .into_bytes()
    }

    /// A request for what lies at an address.
    pub fn get(&self, path: &str, accept: &str) -> Vec<u8> {
        let Self { address, cookie } = self;
        format!("GET {path} HTTP/1.1\r\nhost: {address}\r\naccept: {accept}\r\ncookie: {cookie}\r\n\r\n").into_bytes()
    }

    fn send(&self, story: usize, model: &str) -> Vec<u8> {
        // A key of its own for each message of this run; the data is that of this run too.
        static SENT: AtomicU64 = AtomicU64::new(0);
        let number = SENT.fetch_add(1, Ordering::Relaxed);
        let question = script::question(story).replace(' ', "+");
        let fields = format!("key=00000000-0000-4000-8000-{number:012x}&text={question}&model=openai%2F{model}");
        self.post("/api/turns/send", &fields)
    }

    fn events(&self, turn: &str) -> Vec<u8> {
        self.get(&format!("/api/turns/{turn}/events?after=0"), "text/event-stream")
    }
}

/// The text that Confab's page would show after these events.
///
/// # Errors
/// When they don't end, or the turn did not come to a good end.
pub fn shown(events: &[u8]) -> Result<String> {
    let events = std::str::from_utf8(events)?;
    let (mut text, mut state, mut ended) = (String::new(), Value::Null, false);
    for event in events.split_terminator("\n\n") {
        let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        let data = || -> Result<Value> { Ok(serde_json::from_str(field("data").context("an event has data")?)?) };
        match field("event") {
            Some("snapshot") => {
                let turn = data()?;
                text = turn["text"].as_str().context("a turn has a text")?.to_owned();
                state = turn["state"]["ended"].clone();
            }
            Some("event") => {
                let event = &data()?["event"];
                text.push_str(event["text"].as_str().unwrap_or_default());
                state = event["finished"].clone();
            }
            Some("end") => ended = true,
            _ => {}
        }
    }
    if !ended || state != "complete" {
        bail!("the turn did not come to its end: {state}");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_folded_as_the_page_does_it() {
        let events = "event: snapshot\nid: 1\ndata: {\"text\":\"On\",\"state\":{\"running\":\"asked\"}}\n\n\
                      event: event\nid: 2\ndata: {\"event\":{\"text\":\"ce\"}}\n\n\
                      event: event\nid: 3\ndata: {\"event\":{\"finished\":\"complete\"}}\n\n";
        assert!(shown(events.as_bytes()).is_err(), "the end is missing");
        assert_eq!(shown(format!("{events}event: end\ndata: {{}}\n\n").as_bytes()).unwrap(), "Once");
    }
}
