//! Importing over HTTP: the form of the page *Your data*.

use crate::support::{Browser, Reply, TestApp};
use axum::{
    body::Body,
    http::{Method, header},
};
use chat::{ConversationSummary, Transcript, audit::AuditFilter, ports::Audit};

/// Sends the form with a file, as a browser does it.
pub async fn import(browser: &mut Browser, file: impl AsRef<[u8]>) -> Reply {
    const EDGE: &str = "edge-of-the-form";
    let before = format!(
        "--{EDGE}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"export\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    let body = [before.as_bytes(), file.as_ref(), format!("\r\n--{EDGE}--\r\n").as_bytes()].concat();
    let request = browser.request(Method::POST, "/settings/data").header(header::ACCEPT, "text/html");
    let request = request.header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={EDGE}"));
    browser.send(request.body(Body::from(body)).unwrap()).await
}

async fn list(browser: &mut Browser) -> Vec<ConversationSummary> {
    browser.call("/api/conversations/list", &[]).await.json()
}

fn open_webui(id: u32, text: &str) -> String {
    let text = serde_json::to_string(text).unwrap();
    format!(
        r#"{{"id":"{id}","user_id":"00000000-0000-0000-0000-000000000001","role":"admin","created_at":1729000000,
            "title":"Chat {id}","chat":{{"history":{{"currentId":"b","messages":{{
            "a":{{"role":"user","content":"Why?"}},
            "b":{{"parentId":"a","role":"assistant","model":"llama3","content":{text}}}}}}}}}}}"#
    )
}

#[tokio::test]
async fn k08_an_export_is_imported_with_a_report_of_each_item() {
    let app = TestApp::start().await;
    let (mut ada, mut eve) = (app.signed_in("Ada").await, app.signed_in("Eve").await);
    let empty = r#"{"id":"9","title":"Nothing <b>said</b>","chat":{"history":{}}}"#;
    let export = format!("[{},{},{empty}]", open_webui(1, "Because."), open_webui(2, "Therefore."));
    let reply = import(&mut ada, &export).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    for words in ["Imported 2 conversations", "One conversation could not be imported", "It has no messages."] {
        assert!(reply.text.contains(words), "{words}: {}", reply.text);
    }
    assert!(reply.text.contains("Nothing &lt;b") && !reply.text.contains("<b>said"), "a title is text");

    let conversations = list(&mut ada).await;
    assert_eq!(conversations.len(), 2);
    let id = conversations[0].id.to_string();
    let transcript: Transcript = ada.call("/api/conversations/transcript", &[("id", &id)]).await.json();
    assert_eq!(transcript.messages.len(), 2);
    assert_eq!(list(&mut eve).await.len(), 0, "whose the file says that it is does not count");

    let entries = app.store.entries(&AuditFilter::default(), 1).await.unwrap();
    assert_eq!((entries[0].name.as_str(), &*entries[0].sentence()), ("Ada", "Imported 2 conversations"));

    let again = import(&mut ada, &export).await;
    assert!(again.text.contains("2 conversations had been imported before"), "{}", again.text);
    assert_eq!(list(&mut ada).await.len(), 2);
}

#[tokio::test]
async fn h03_a_file_that_breaks_off_leaves_nothing_behind() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let many: Vec<String> = (0..600).map(|n| open_webui(n, "Because.")).collect();
    let export = format!("[{}", many.join(","));
    for (file, words) in [
        (export.as_str(), "no sound JSON"),
        (&export[..export.len() - 30], "no sound JSON"),
        ("Dear diary", "no export that Confab knows"),
        ("", "Choose a file first"),
    ] {
        let reply = import(&mut ada, file).await;
        assert!((400..500).contains(&reply.status), "{} {}", reply.status, reply.text);
        assert!(reply.text.contains(words) && reply.text.contains("Nothing was imported"), "{words}: {}", reply.text);
        assert_eq!(list(&mut ada).await.len(), 0);
    }
    let reply = import(&mut ada, &format!("{export}]")).await;
    assert!(reply.text.contains("Imported 600 conversations"), "{}", reply.text);
}

#[tokio::test]
async fn h03_an_import_ends_as_a_whole_also_when_the_browser_has_left() {
    let app = TestApp::start().await;
    let (ada, owner) = (app.signed_in("Ada").await, app.user("Ada").await.id);
    let many: Vec<String> = (0..600).map(|n| open_webui(n, "Because.")).collect();
    let count = async || app.state.exports.conversations(owner).await.unwrap().len();
    let mut browser = ada.clone();
    let mut sending = Box::pin(import(&mut browser, format!("[{}]", many.join(","))));
    while count().await == 0 {
        if futures::poll!(&mut sending).is_ready() {
            break;
        }
    }
    drop(sending);
    let whole = async { while count().await < 600 {} };
    tokio::time::timeout(std::time::Duration::from_secs(30), whole).await.unwrap();
}

#[tokio::test]
async fn h03_a_file_of_a_gigabyte_is_refused_unread() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let request = ada.request(Method::POST, "/settings/data").header(header::CONTENT_LENGTH, 1_000_000_000_u64);
    let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    // A body of which nothing ever comes: waiting for it would not end.
    let nothing = futures::stream::pending::<Result<Vec<u8>, std::io::Error>>();
    let reply = ada.send(request.body(Body::from_stream(nothing)).unwrap()).await;
    assert_eq!(reply.status, 413);
    assert!(reply.text.contains("up to 300 MB"), "{}", reply.text);
}

#[tokio::test]
async fn strangers_import_nothing() {
    let app = TestApp::start().await;
    let mut stranger = app.browser();
    assert_eq!(import(&mut stranger, "[]").await.status, 401);
    let mut ada = app.signed_in("Ada").await;
    let page = ada.get("/settings/data").await;
    assert!(page.status == 200 && page.text.contains("From another app"), "{}", page.text);
}
