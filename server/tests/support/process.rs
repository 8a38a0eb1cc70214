//! The binary `confab` as a process of its own.

use super::browser::Event;
use serde::de::DeserializeOwned;
use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
};

/// A running server. It is killed when the value goes.
pub struct Confab {
    child: Child,
    port: u16,
    /// The token of the login link that it printed.
    pub token: String,
}

/// A port that is free at this moment.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The command, with nothing of the test's own environment.
pub fn command(data: &Path, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_confab"));
    command.env_clear().current_dir(data).env("CONFAB_DATA_DIR", data).env("CONFAB_LOCAL_MODEL", "off");
    command.envs(variables.iter().copied()).stdin(Stdio::null());
    command
}

impl Confab {
    /// Starts it and waits until it has printed its login link.
    pub fn start(data: &Path, port: u16, variables: &[(&str, &str)]) -> Self {
        let mut child = command(data, variables)
            .env("PORT", port.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let link = lines.find(|line| line.contains("/login/")).expect("the server prints a login link");
        let token = link.rsplit('/').next().unwrap().trim().to_owned();
        Self { child, port, token }
    }

    /// Sends SIGTERM.
    pub fn signal(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    }

    /// Waits for its end; gives the exit code.
    pub fn wait(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    /// SIGTERM; gives the exit code.
    pub fn terminate(self) -> Option<i32> {
        self.signal();
        self.wait()
    }

    /// A browser in which its owner is signed in.
    pub async fn sign_in(&self) -> Client {
        let mut client = Client { http: reqwest::Client::new(), port: self.port, cookie: String::new() };
        let reply = client.post("/api/auth/claim", &[("token", &self.token)]).await;
        let cookie = reply.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        client.cookie = cookie;
        client
    }
}

impl Drop for Confab {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A browser that talks to a process.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    port: u16,
    cookie: String,
}

impl Client {
    /// The same browser, at another server on the same data.
    pub fn at(&self, server: &Confab) -> Self {
        Self { port: server.port, ..self.clone() }
    }

    fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("http://127.0.0.1:{}{path}", self.port));
        request.header("cookie", &self.cookie).header("sec-fetch-site", "same-origin")
    }

    pub async fn get(&self, path: &str) -> reqwest::Response {
        self.request(reqwest::Method::GET, path).send().await.unwrap()
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> reqwest::Response {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let request = self.request(reqwest::Method::POST, path).header("accept", "application/json");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.body(form.finish()).send().await.unwrap()
    }

    pub async fn call<T: DeserializeOwned>(&self, path: &str, fields: &[(&str, &str)]) -> T {
        let text = self.post(path, fields).await.text().await.unwrap();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"))
    }

    pub async fn watch(&self, path: &str) -> Watch {
        Watch { response: self.get(path).await, read: String::new() }
    }
}

/// Server-sent events of a process.
pub struct Watch {
    response: reqwest::Response,
    read: String,
}

impl Watch {
    /// The next event; none when the response has ended.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let event = Event::parse(event);
                self.read = rest.to_owned();
                return Some(event);
            }
            let bytes = self.response.chunk().await.unwrap()?;
            self.read.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }

    /// Waits for an event with a text in it.
    pub async fn until(&mut self, text: &str) {
        while !self.next().await.expect("the stream goes on").data.contains(text) {}
    }

    /// All events up to and with the last one.
    pub async fn rest(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        while let Some(event) = self.next().await {
            events.push(event);
        }
        events
    }
}
