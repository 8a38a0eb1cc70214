//! Nothing is kept that nobody needs, and nothing is removed that somebody does (row G04).

use super::{PNG, REPORT, address, sent_with, stored, uploaded};
use crate::support::{Browser, TestApp};
use axum::body::Body;
use chat::ports::Clock;
use std::fs;

const DAY: i64 = 24 * 3_600;

#[tokio::test]
async fn g04_no_content_is_left_without_a_file_and_no_file_without_its_content() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let sent = uploaded(&mut ada, "sent.png", PNG).await;
    let conversation = sent_with(&app, &mut ada, 1, "Look", &sent.id.to_string()).await.conversation.id;
    let report = uploaded(&mut ada, "report.pdf", REPORT).await;
    assert_eq!(stored(&app, "files").len(), 3, "a picture, a document and its text");
    // As if the server had died between keeping contents and noting them, and within an upload.
    let orphan = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    fs::create_dir_all(app.dir.path().join("files/ba")).unwrap();
    fs::write(app.dir.path().join("files/ba").join(orphan), "abc").unwrap();
    fs::write(app.dir.path().join("files/incoming/half"), "abc").unwrap();

    let keeper = &app.state.files;
    keeper.recover().await;
    keeper.sweep(app.clock.now()).await;
    assert_eq!(stored(&app, "files").len(), 3);
    for file in [&sent, &report] {
        assert_eq!(ada.get(&address(file)).await.status, 200);
    }
    app.clock.advance(DAY + 1);
    keeper.sweep(app.clock.now()).await;
    assert_eq!(ada.get(&address(&report)).await.status, 404, "it was not sent for a day");
    assert_eq!(stored(&app, "files").len(), 1);
    assert_eq!(ada.get(&address(&sent)).await.status, 200);

    assert_eq!(ada.call("/api/conversations/delete", &[("id", &conversation.to_string())]).await.status, 200);
    keeper.sweep(app.clock.now()).await;
    assert_eq!(stored(&app, "files").len(), 0);
}

#[tokio::test]
async fn the_same_content_of_two_users_stays_until_neither_has_it() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.signed_in("Ada").await, app.signed_in("Bob").await);
    let (hers, his) = (uploaded(&mut ada, "a.png", PNG).await, uploaded(&mut bob, "b.png", PNG).await);
    assert_eq!(stored(&app, "files").len(), 1);
    let request =
        |browser: &Browser, file| browser.request(http::Method::DELETE, &address(file)).body(Body::empty()).unwrap();
    assert_eq!(ada.send(request(&ada, &hers)).await.status, 204);
    assert_eq!(bob.get(&address(&his)).await.status, 200);
    assert_eq!(bob.send(request(&bob, &his)).await.status, 204);
    assert_eq!(stored(&app, "files").len(), 0);
}

#[tokio::test]
async fn g04_uploads_and_sweeps_at_once_lose_nothing() {
    let app = TestApp::start().await;
    let ada = app.signed_in("Ada").await;
    let mut uploads = tokio::task::JoinSet::new();
    for n in 0..24 {
        let mut tab = ada.clone();
        // The same contents again and again, so that they are needed and not needed in turns.
        uploads.spawn(async move {
            let file = uploaded(&mut tab, "a.txt", format!("text {}", n % 3).as_bytes()).await;
            let there = tab.get(&address(&file)).await.status;
            if n % 2 == 0 {
                let gone = tab.request(http::Method::DELETE, &address(&file));
                tab.send(gone.body(Body::empty()).unwrap()).await;
                return (there, None);
            }
            (there, Some(file))
        });
    }
    let keeper = app.state.files.clone();
    let now = app.clock.now();
    let sweeps = tokio::spawn(async move {
        for _ in 0..40 {
            keeper.sweep(now).await;
        }
    });
    let mut kept = Vec::new();
    while let Some(done) = uploads.join_next().await {
        let (there, file) = done.unwrap();
        assert_eq!(there, 200);
        kept.extend(file);
    }
    sweeps.await.unwrap();
    let mut browser = ada;
    for file in &kept {
        assert_eq!(browser.get(&address(file)).await.status, 200);
    }
    assert_eq!(kept.len(), 12);
}
