//! A browser, as far as the server can tell: it keeps cookies and says where its requests come from.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, header},
};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use tokio_stream::StreamExt;
use tower::ServiceExt;

#[derive(Clone)]
pub struct Browser {
    router: Router,
    origin: String,
    pub cookies: BTreeMap<String, String>,
}

/// A response, read to its end.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    /// A header's value, empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error} in {} {}", self.status, self.text))
    }
}

impl Browser {
    pub fn new(router: Router, origin: String) -> Self {
        Self { router, origin, cookies: BTreeMap::new() }
    }

    /// A request as this browser makes it, to be changed before it is sent.
    pub fn request(&self, method: Method, path: &str) -> http::request::Builder {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder().method(method).uri(path).header("sec-fetch-site", "same-origin");
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        request
    }

    /// Sends a request, keeps the cookies of its response and gives it back unread.
    pub async fn open(&mut self, request: Request<Body>) -> axum::response::Response {
        let response = self.router.clone().oneshot(request).await.unwrap();
        for line in response.headers().get_all(header::SET_COOKIE) {
            let cookie = cookie::Cookie::parse(line.to_str().unwrap().to_owned()).unwrap();
            if cookie.max_age() == Some(time::Duration::ZERO) {
                self.cookies.remove(cookie.name());
            } else {
                self.cookies.insert(cookie.name().to_owned(), cookie.value().to_owned());
            }
        }
        response
    }

    pub async fn send(&mut self, request: Request<Body>) -> Reply {
        let response = self.open(request).await;
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 16_000_000).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Reply { status: parts.status.as_u16(), headers: parts.headers, text }
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Reply {
        let request = self.request(Method::GET, path).header(header::ACCEPT, "text/html");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Sends a plain form, as before the page has woken up.
    pub async fn form(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let request = self.request(Method::POST, path).header(header::ACCEPT, "text/html");
        self.send(form_body(request, fields)).await
    }

    /// Calls a server function, as the page does when it is awake.
    pub async fn call(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let request = self.request(Method::POST, path).header(header::ACCEPT, "application/json");
        self.send(form_body(request, fields)).await
    }

    /// Watches a turn; the events come as they are sent.
    pub async fn watch(&mut self, path: &str) -> Events {
        let response = self.open(self.request(Method::GET, path).body(Body::empty()).unwrap()).await;
        Events {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.into_body().into_data_stream(),
            read: String::new(),
        }
    }

    /// From now on another server answers at the same address.
    pub fn exchange(&mut self, router: Router) {
        self.router = router;
    }

    pub fn origin(&self) -> &str {
        &self.origin
    }
}

pub fn form_body(request: http::request::Builder, fields: &[(&str, &str)]) -> Request<Body> {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(Body::from(form.finish())).unwrap()
}

/// Server-sent events of one response.
pub struct Events {
    pub status: u16,
    pub headers: HeaderMap,
    body: axum::body::BodyDataStream,
    read: String,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub name: String,
    pub id: String,
    pub data: String,
}

impl Events {
    /// The next event; none when the response has ended.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let field = |name: &str| {
                    let prefix = format!("{name}: ");
                    event.lines().find_map(|line| line.strip_prefix(&prefix)).unwrap_or_default().to_owned()
                };
                let event = Event { name: field("event"), id: field("id"), data: field("data") };
                self.read = rest.to_owned();
                return Some(event);
            }
            let bytes = self.body.next().await?.unwrap();
            self.read.push_str(std::str::from_utf8(&bytes).unwrap());
        }
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
