//! Attaching files: uploads, what is made of them, and who gets them back (catalogue rows C05, C06, F13, G).

mod documents;
mod download;
mod kinds;
mod refused;
mod sweep;
mod turns;

use crate::support::{Browser, Reply, TestApp};
use axum::{
    body::Body,
    http::{Method, header},
};
use chat::{Attachment, SendKey, ports::Sent};
use std::{fs, path::PathBuf};
use uuid::Uuid;

const PNG: &[u8] = include_bytes!("fixtures/files/gradient.png");
const JPEG: &[u8] = include_bytes!("fixtures/files/gradient.jpg");
const REPORT: &[u8] = include_bytes!("fixtures/files/report.pdf");

/// Uploads a file.
async fn upload(browser: &mut Browser, name: &str, bytes: impl Into<Body>) -> Reply {
    let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let request = browser.request(Method::POST, &format!("/api/files?name={name}"));
    browser.send(request.header(header::CONTENT_TYPE, "application/x-msdownload").body(bytes.into()).unwrap()).await
}

/// Uploads a file that is taken.
async fn uploaded(browser: &mut Browser, name: &str, bytes: &[u8]) -> Attachment {
    let reply = upload(browser, name, bytes.to_vec()).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    reply.json()
}

/// Where a file is to be had.
fn address(file: &Attachment) -> String {
    format!("/api/files/{}", file.id)
}

/// Sends a message with files and lets it be answered.
async fn sent_with(app: &TestApp, browser: &mut Browser, key: u128, text: &str, files: &str) -> Sent {
    let key = SendKey(Uuid::from_u128(key)).to_string();
    let reply = browser.call("/api/turns/send", &[("key", &key), ("text", text), ("attachments", files)]).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let sent: Sent = reply.json();
    app.models.next().await.end();
    browser.watch(&format!("/api/turns/{}/events", sent.turn.id)).await.rest().await;
    sent
}

/// The files in a folder of the data folder and the folders in it.
fn stored(app: &TestApp, folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![app.dir.path().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found
}
