//! The binary over real HTTP: a person who is signed in, and a model that always answers the same.

use axum::{
    Json, Router,
    response::sse::{Event, Sse},
    routing::{get, post},
};
use futures::{StreamExt, stream};
use reqwest::{
    RequestBuilder,
    header::{ACCEPT, CONTENT_TYPE, COOKIE, SET_COOKIE},
};
use serde_json::json;
use std::{
    convert::Infallible,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};
use tokio::{net::TcpListener, time::sleep};

/// Starts a server; gives the token of the login link that it prints.
pub fn start(command: &mut Command, port: u16) -> (Child, String) {
    let command = command.env("PORT", port.to_string()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let link = lines.find_map(|line| Some(line.split_once("/login/")?.1.trim().to_owned()));
    (child, link.expect("a login link"))
}

/// Somebody who is signed in at a server.
#[derive(Clone)]
pub struct Person {
    client: reqwest::Client,
    base: String,
    cookie: String,
}

impl Person {
    /// Signs in with the token of a login link.
    pub async fn claim(base: &str, token: &str) -> Self {
        let client = reqwest::Client::new();
        let mut person = Self { client, base: base.to_owned(), cookie: String::new() };
        let response = person.form("auth/claim", &[("token", token)]).send().await.unwrap();
        assert!(response.status().is_success(), "{}", response.status());
        let cookie = response.headers().get(SET_COOKIE).unwrap().to_str().unwrap();
        person.cookie = cookie.split(';').next().unwrap().to_owned();
        person
    }

    /// The same person at the same server, which listens elsewhere now.
    pub fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    /// Opens an address.
    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.base)).header(COOKIE, &self.cookie)
    }

    /// Sends a body to an address, as a script of the page does.
    pub fn post(&self, path: &str) -> RequestBuilder {
        let request = self.client.post(format!("{}{path}", self.base)).header(COOKIE, &self.cookie);
        request.header("sec-fetch-site", "same-origin").header(ACCEPT, "application/json")
    }

    fn form(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.post(&format!("/api/{path}")).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body)
    }

    /// Calls a server function: status and body. None when the server is gone.
    pub async fn call(&self, path: &str, fields: &[(&str, &str)]) -> Option<(u16, String)> {
        let response = self.form(path, fields).send().await.ok()?;
        Some((response.status().as_u16(), response.text().await.ok()?))
    }
}

/// A model server that says `words`, one each millisecond, to everything, for ever; its base address.
pub async fn models(words: Vec<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/v1", listener.local_addr().unwrap());
    let list = || async { Json(json!({ "data": [{ "id": "scripted" }] })) };
    let chat = move || async move {
        let piece = |delta: serde_json::Value, finish: Option<&str>| {
            let choice = json!({ "index": 0, "delta": delta, "finish_reason": finish });
            Ok::<_, Infallible>(Event::default().data(json!({ "choices": [choice] }).to_string()))
        };
        let words = words.into_iter().map(move |word| piece(json!({ "content": word }), None));
        let end = [piece(json!({}), Some("stop")), Ok(Event::default().data("[DONE]"))];
        Sse::new(stream::iter(words.chain(end)).then(|event| async {
            sleep(Duration::from_millis(1)).await;
            event
        }))
    };
    let router = Router::new().route("/v1/models", get(list)).route("/v1/chat/completions", post(chat));
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}
