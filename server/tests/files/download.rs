//! Getting files back: who, as what, and in parts (rows C06, G07, G11).

use super::{JPEG, PNG, REPORT, address, sent_with, uploaded};
use crate::support::{Browser, Reply, TestApp};
use axum::{
    body::{Body, to_bytes},
    http::{Method, header},
};
use chat::Attachment;

async fn delete(browser: &mut Browser, path: &str) -> Reply {
    let request = browser.request(Method::DELETE, path).body(Body::empty()).unwrap();
    browser.send(request).await
}

#[tokio::test]
async fn c06_a_file_is_its_owners_and_an_address_opens_nothing() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let mut bob = app.signed_in("Bob").await;
    let file = uploaded(&mut ada, "secret.txt", b"secret of Ada").await;
    let path = address(&file);
    assert_eq!(ada.get(&path).await.text, "secret of Ada");

    let missing = bob.get("/api/files/0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee").await;
    assert_eq!((missing.status, missing.text.as_str()), (404, ""));
    for path in [&path, "/api/files/x", "/api/files/%2e%2e%2fconfab.db", "/api/files/%00"] {
        let foreign = bob.get(path).await;
        assert_eq!((foreign.status, &foreign.text, &foreign.headers), (404, &missing.text, &missing.headers), "{path}");
        let kept = delete(&mut bob, path).await;
        assert_eq!((kept.status, kept.text.as_str()), (404, ""), "{path}");
    }
    let mut stranger = app.browser();
    for reply in [stranger.get(&path).await, delete(&mut stranger, &path).await] {
        assert_eq!((reply.status, reply.text.as_str()), (401, ""));
    }
    let request = ada.request(Method::DELETE, &path).header("x-nothing", "");
    let (mut parts, ()) = request.body(()).unwrap().into_parts();
    parts.headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
    let elsewhere = ada.send(http::Request::from_parts(parts, Body::empty())).await;
    assert_eq!(elsewhere.status, 403, "a page of another site can't delete");
    assert_eq!(ada.get(&path).await.status, 200);

    assert_eq!(delete(&mut ada, &path).await.status, 204);
    assert_eq!(ada.get(&path).await.status, 404);
    assert_eq!(delete(&mut ada, &path).await.status, 404);
}

#[tokio::test]
async fn c06_a_sent_file_goes_with_its_conversation() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let file = uploaded(&mut ada, "a.txt", b"text").await;
    let sent = sent_with(&app, &mut ada, 1, "Look", &file.id.to_string()).await;
    let kept = delete(&mut ada, &address(&file)).await;
    assert_eq!((kept.status, kept.text.as_str()), (409, "This file belongs to a message, and goes with it."));
    assert_eq!(ada.get(&address(&file)).await.status, 200);
    let id = sent.conversation.id.to_string();
    assert_eq!(ada.call("/api/conversations/delete", &[("id", &id)]).await.status, 200);
    assert_eq!(ada.get(&address(&file)).await.status, 404);
}

#[tokio::test]
async fn g07_nothing_that_was_uploaded_runs() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let utf16: Vec<u8> = "\u{feff}<script>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let text = ("text/plain; charset=utf-8", "attachment");
    for (name, bytes, (media_type, disposition)) in [
        ("page.html", &b"<!doctype html><script>alert(1)</script>"[..], text),
        ("image.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", text),
        ("feed.xml", b"<?xml version='1.0'?><?xml-stylesheet href='x'?><x/>", text),
        ("code.js", b"alert(1)", text),
        ("report.pdf", REPORT, ("application/octet-stream", "attachment")),
        ("page.txt", &utf16, ("application/octet-stream", "attachment")),
        ("image.png", PNG, ("image/png", "inline")),
        ("image.html", JPEG, ("image/jpeg", "inline")),
    ] {
        let file = uploaded(&mut ada, name, bytes).await;
        let reply = ada.get(&address(&file)).await;
        assert_eq!((reply.status, reply.header("content-type")), (200, media_type), "{name}");
        assert_eq!(reply.header("content-disposition"), format!("{disposition}; filename*=UTF-8''{name}"));
        assert!(reply.header("content-security-policy").starts_with("sandbox; default-src 'none'"), "{name}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(reply.header("cache-control"), "private, max-age=86400, immutable");
        assert_eq!(reply.header("content-length"), bytes.len().to_string());
    }
}

/// A file with a range of it asked for: the status, the range that it says it is, and the bytes.
async fn range(browser: &mut Browser, file: &Attachment, headers: &[(&str, &str)]) -> (u16, String, Vec<u8>) {
    let mut request = browser.request(Method::GET, &address(file));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let (parts, body) = browser.open(request.body(Body::empty()).unwrap()).await.into_parts();
    let content_range = parts.headers.get(header::CONTENT_RANGE).map(|value| value.to_str().unwrap().to_owned());
    (parts.status.as_u16(), content_range.unwrap_or_default(), to_bytes(body, 1_000_000).await.unwrap().into())
}

#[tokio::test]
async fn g11_one_range_is_given_and_many_are_the_whole() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let file = uploaded(&mut ada, "ten.txt", b"0123456789").await;
    let many = format!("bytes={}", vec!["0-"; 5_000].join(","));
    for (asked, status, content_range, bytes) in [
        ("bytes=2-4", 206, "bytes 2-4/10", "234"),
        ("bytes=7-", 206, "bytes 7-9/10", "789"),
        ("bytes=-2", 206, "bytes 8-9/10", "89"),
        ("bytes=0-999", 206, "bytes 0-9/10", "0123456789"),
        ("bytes=10-", 416, "bytes */10", ""),
        ("bytes=0-1,3-4", 200, "", "0123456789"),
        (&many, 200, "", "0123456789"),
        ("nonsense", 200, "", "0123456789"),
    ] {
        let expected = (status, content_range.to_owned(), bytes.as_bytes().to_vec());
        assert_eq!(range(&mut ada, &file, &[("range", asked)]).await, expected, "{asked:.40}");
    }
    let tag = ada.get(&address(&file)).await.header("etag").to_owned();
    assert_eq!(range(&mut ada, &file, &[("range", "bytes=2-4"), ("if-range", &tag)]).await.0, 206);
    assert_eq!(range(&mut ada, &file, &[("range", "bytes=2-4"), ("if-range", "\"other\"")]).await.0, 200);
    assert_eq!(range(&mut ada, &file, &[("if-none-match", &tag)]).await, (304, String::new(), Vec::new()));
    let head = ada.request(Method::HEAD, &address(&file)).body(Body::empty()).unwrap();
    let head = ada.send(head).await;
    assert_eq!((head.status, head.header("content-length"), head.text.as_str()), (200, "10", ""));
}
