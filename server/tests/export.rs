//! Taking conversations away.

use crate::support::{Talk, TestApp};
use axum::{
    body::{Body, to_bytes},
    http::Method,
};
use chat::{audit::AuditFilter, ports::Audit};
use std::io::Read;

#[tokio::test]
async fn a_conversation_is_saved_as_it_is_and_can_be_imported_elsewhere() {
    let mut talk = Talk::begin("Why is <script>alert(1)</script> here?", "Because of the *lighthouse*.").await;
    let address = format!("/c/{}/export?format=", talk.id);
    let markdown = talk.browser.get(&[&address, "markdown"].concat()).await;
    assert!(markdown.text.starts_with("# Why is"), "{}", markdown.text);
    assert!(markdown.text.contains("\nBecause of the *lighthouse*.\n"), "{}", markdown.text);
    let json = talk.browser.get(&[&address, "json"].concat()).await;
    let file: serde_json::Value = json.json();
    assert_eq!((&file["confab"], &file["messages"][1]["author"]), (&1.into(), &"model".into()));
    assert_eq!(file["messages"][1]["parent"], file["messages"][0]["id"]);

    for name in ["nothing", "", "html"] {
        assert_eq!(talk.browser.get(&[&address, name].concat()).await.status, 404);
    }
    let mut eve = talk.app.signed_in("Eve").await;
    assert_eq!(eve.get(&[&address, "json"].concat()).await.status, 404);
    assert_eq!(talk.app.browser().get(&[&address, "json"].concat()).await.status, 401);
}

#[tokio::test]
async fn e12_what_is_taken_away_is_saved_and_never_shown() {
    let mut talk = Talk::begin("<img src=x onerror=alert(1)>", "<script>alert(2)</script>").await;
    for address in [format!("/c/{}/export?format=markdown", talk.id), "/settings/data/archive?format=json".into()] {
        let reply = talk.browser.get(&address).await;
        assert_eq!((reply.status, reply.header("content-type")), (200, "application/octet-stream"), "{address}");
        assert!(reply.header("content-disposition").starts_with("attachment; "), "{address}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("cache-control"), "private, no-store");
    }
}

#[tokio::test]
async fn everything_is_one_archive_that_another_confab_imports() {
    let mut talk = Talk::begin("One", "Reply to one").await;
    talk.ask("Two", "Reply to two").await;
    let request = talk.browser.request(Method::GET, "/settings/data/archive?format=json");
    let response = talk.browser.open(request.body(Body::empty()).unwrap()).await;
    let bytes = to_bytes(response.into_body(), 1_000_000).await.unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes.clone())).unwrap();
    assert_eq!(archive.len(), 1);
    let mut text = String::new();
    archive.by_index(0).unwrap().read_to_string(&mut text).unwrap();
    assert!(text.contains("Reply to two"), "{text}");
    let entries = talk.app.store.entries(&AuditFilter::default(), 1).await.unwrap();
    assert_eq!(entries[0].sentence(), "Exported their data as JSON");

    let other = TestApp::start().await;
    let mut ada = other.signed_in("Ada").await;
    let reply = super::import::import(&mut ada, &bytes).await;
    assert!(reply.text.contains("Imported one conversation"), "{}", reply.text);
    let list: Vec<chat::ConversationSummary> = ada.call("/api/conversations/list", &[]).await.json();
    let id = list[0].id.to_string();
    let transcript: chat::Transcript = ada.call("/api/conversations/transcript", &[("id", &id)]).await.json();
    assert_eq!(transcript.messages.len(), 4);
}
