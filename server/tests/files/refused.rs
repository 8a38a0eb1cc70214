//! Uploads that are refused, and leave nothing (rows G02, G03, G04, G05, H01).

use super::{PNG, stored, upload, uploaded};
use crate::support::TestApp;
use axum::{
    body::{Body, Bytes},
    http::{Method, header},
};
use futures::{StreamExt, stream};
use server::router;
use std::{io, path::PathBuf, time::Duration};
use tokio::{sync::mpsc, task::JoinSet};
use tokio_stream::wrappers::ReceiverStream;

const NOTHING: [PathBuf; 0] = [];

type Pieces = mpsc::Sender<io::Result<Bytes>>;

/// A body that the test writes.
fn written() -> (Pieces, Body) {
    let (pieces, read) = mpsc::channel(1);
    (pieces, Body::from_stream(ReceiverStream::new(read)))
}

#[tokio::test]
async fn g02_the_limit_is_kept_to_the_byte() {
    let app = TestApp::with(&[("CONFAB_MAX_FILE_MB", "1")]).await;
    let mut ada = app.signed_in("Ada").await;
    let text = "x".repeat(1_000_000);
    let fits = upload(&mut ada, "fits.txt", text.clone()).await;
    assert_eq!(fits.status, 201, "{}", fits.text);
    for larger in
        [Body::from(format!("{text}x")), Body::from_stream(stream::iter([Ok::<_, io::Error>(text), Ok("x".into())]))]
    {
        let reply = upload(&mut ada, "larger.txt", larger).await;
        assert_eq!(reply.status, 413);
        assert_eq!(reply.text, "Files may have up to 1 MB. This one is larger.");
    }
    assert_eq!(stored(&app, "files/incoming"), NOTHING);
    assert_eq!(stored(&app, "files").len(), 1);
}

#[tokio::test]
async fn g02_a_body_that_is_announced_too_large_is_not_read_and_an_endless_one_not_for_long() {
    let app = TestApp::with(&[("CONFAB_MAX_FILE_MB", "1")]).await;
    let mut ada = app.signed_in("Ada").await;
    let unread = Body::from_stream(stream::poll_fn(|_| -> std::task::Poll<Option<io::Result<Bytes>>> {
        panic!("the body was read");
    }));
    let request = ada.request(Method::POST, "/api/files").header(header::CONTENT_LENGTH, "100000000");
    assert_eq!(ada.send(request.body(unread).unwrap()).await.status, 413);

    let endless = Body::from_stream(stream::repeat_with(|| Ok::<_, io::Error>(vec![b'x'; 64_000])));
    assert_eq!(upload(&mut ada, "endless", endless).await.status, 413);
    let lie = ada.request(Method::POST, "/api/files").header(header::CONTENT_LENGTH, "5");
    let more = Body::from_stream(stream::repeat_with(|| Ok::<_, io::Error>(vec![b'x'; 64_000])));
    assert_eq!(ada.send(lie.body(more).unwrap()).await.status, 413);
    assert_eq!(stored(&app, "files"), NOTHING);
}

#[tokio::test]
async fn g03_a_form_is_refused_whatever_is_in_it() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let part = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\ntext\r\n";
    let many = part.repeat(10_000);
    let nested = format!("--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n{part}--y--\r\n--x--\r\n");
    for content_type in
        ["multipart/form-data", "multipart/form-data; boundary=x", " Multipart/Form-Data; boundary=x; boundary=y"]
    {
        for body in ["", part, &many, &nested, "--x", "--x--"] {
            let request = ada.request(Method::POST, "/api/files").header(header::CONTENT_TYPE, content_type);
            let reply = ada.send(request.body(Body::from(body.to_owned())).unwrap()).await;
            assert_eq!(reply.status, 415, "{content_type}");
            assert!(reply.text.contains("the file itself"), "{}", reply.text);
        }
    }
    for content_type in ["", "x", "application/x-www-form-urlencoded", "text/html; charset=\"", "application/json"] {
        let request = ada.request(Method::POST, "/api/files").header(header::CONTENT_TYPE, content_type);
        assert_eq!(ada.send(request.body("text".into()).unwrap()).await.status, 201, "a type is only a hint");
    }
}

#[tokio::test]
async fn g04_an_upload_that_breaks_off_leaves_nothing() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let broken = stream::iter([Ok(PNG.to_vec()), Err(io::Error::other("cut off"))]);
    let reply = upload(&mut ada, "broken.png", Body::from_stream(broken)).await;
    assert_eq!((reply.status, reply.text.as_str()), (400, "The upload broke off. Try again."));
    assert_eq!(stored(&app, "files"), NOTHING);

    // A browser that goes away in the middle: the server lets go of the request.
    let (pieces, body) = written();
    let mut gone = ada.clone();
    let request = tokio::spawn(async move { upload(&mut gone, "gone.png", body).await });
    for _ in 0..3 {
        pieces.send(Ok(Bytes::from_static(PNG))).await.unwrap();
    }
    assert_eq!(stored(&app, "files/incoming").len(), 1);
    request.abort();
    assert!(request.await.unwrap_err().is_cancelled());
    pieces.closed().await;
    app.state.files.sweep(crate::support::START).await;
    assert_eq!(stored(&app, "files"), NOTHING);
}

#[tokio::test]
async fn h01_an_upload_that_stands_still_is_given_up() {
    let app = TestApp::start().await;
    let mut state = app.state.clone();
    state.files.limits.patience = Duration::from_millis(50);
    let mut ada = app.signed_in("Ada").await;
    ada.exchange(router(state));
    let (pieces, body) = written();
    pieces.send(Ok(Bytes::from_static(b"one byte and then nothing"))).await.unwrap();
    let reply = upload(&mut ada, "slow", body).await;
    assert_eq!(reply.status, 408, "{}", reply.text);
    assert!(pieces.is_closed(), "nothing more is read");
    assert_eq!(stored(&app, "files"), NOTHING);
}

#[tokio::test]
async fn a_server_that_stops_waits_for_no_upload() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let (pieces, body) = written();
    pieces.send(Ok(Bytes::from_static(b"the beginning"))).await.unwrap();
    let (reply, ()) = tokio::join!(upload(&mut ada, "slow", body), async {
        // The beginning has been read.
        pieces.reserve().await.unwrap().send(Ok(Bytes::new()));
        app.state.files.shut_down();
    });
    assert_eq!((reply.status, reply.text.as_str()), (503, "The server is restarting. Try again in a moment."));
    assert_eq!(stored(&app, "files"), NOTHING);
}

#[tokio::test]
async fn h01_who_is_nobody_uploads_nothing() {
    let app = TestApp::start().await;
    let unread = Body::from_stream(stream::poll_fn(|_| -> std::task::Poll<Option<io::Result<Bytes>>> {
        panic!("the body was read");
    }));
    let reply = upload(&mut app.browser(), "a", unread).await;
    assert_eq!((reply.status, reply.text.as_str()), (401, ""));
    let ada = app.signed_in("Ada").await;
    let request = ada.request(Method::POST, "/api/files");
    let (mut parts, ()) = request.body(()).unwrap().into_parts();
    parts.headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
    let elsewhere = http::Request::from_parts(parts, Body::from("text"));
    assert_eq!(ada.clone().send(elsewhere).await.status, 403, "from another site");
}

#[tokio::test]
async fn a_user_has_a_few_uploads_at_once_and_the_others_wait() {
    let app = TestApp::start().await;
    let ada = app.signed_in("Ada").await;
    let mut uploads = JoinSet::new();
    let mut bodies = Vec::new();
    for n in 0..5 {
        let (pieces, body) = written();
        bodies.push(pieces);
        let mut tab = ada.clone();
        uploads.spawn(async move { upload(&mut tab, &n.to_string(), body).await.status });
    }
    // A body takes a second piece once the first one was read.
    let mut read = stream::iter(&bodies)
        .map(|pieces| async {
            pieces.send(Ok(Bytes::from_static(b"a"))).await.unwrap();
            pieces.reserve().await.unwrap();
        })
        .buffer_unordered(5);
    for _ in 0..4 {
        read.next().await.unwrap();
    }
    assert_eq!(stored(&app, "files/incoming").len(), 4, "the fifth waits");
    drop(read);
    // Somebody else does not wait for her.
    uploaded(&mut app.signed_in("Bob").await, "b", b"b").await;
    drop(bodies);
    while let Some(status) = uploads.join_next().await {
        assert!(matches!(status.unwrap(), 201 | 422), "a body that was empty is told so");
    }
}

#[tokio::test]
async fn g05_twenty_uploads_at_the_limit_stay_below_it() {
    let app = TestApp::with(&[("CONFAB_FILES_QUOTA_MB", "1")]).await;
    let ada = app.signed_in("Ada").await;
    let mut uploads = JoinSet::new();
    for n in 0..20 {
        let mut tab = ada.clone();
        uploads.spawn(async move { upload(&mut tab, "a.txt", format!("{n:02}{}", "x".repeat(99_998))).await });
    }
    let replies = uploads.join_all().await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 10);
    for refused in replies.iter().filter(|reply| reply.status != 201) {
        assert_eq!(refused.status, 413);
        assert!(
            refused.text.starts_with("Your files would take more than the 1 MB that you have."),
            "{}",
            refused.text
        );
    }
    assert_eq!(stored(&app, "files").len(), 10, "what did not fit is gone at once");
    let mut bob = app.signed_in("Bob").await;
    assert_eq!(upload(&mut bob, "a.txt", "his").await.status, 201, "his own quota");
}

#[tokio::test]
async fn g05_what_is_removed_before_it_was_sent_makes_room() {
    let app = TestApp::with(&[("CONFAB_FILES_QUOTA_MB", "1")]).await;
    let mut ada = app.signed_in("Ada").await;
    let large = uploaded(&mut ada, "a.txt", "x".repeat(900_000).as_bytes()).await;
    assert_eq!(upload(&mut ada, "b.txt", "y".repeat(200_000)).await.status, 413);
    let request = ada.request(Method::DELETE, &super::address(&large)).body(Body::empty()).unwrap();
    assert_eq!(ada.send(request).await.status, 204);
    assert_eq!(stored(&app, "files"), NOTHING);
    uploaded(&mut ada, "b.txt", "y".repeat(200_000).as_bytes()).await;
}
