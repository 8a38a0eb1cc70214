//! Links to snapshots of conversations (catalogue row C07).

use crate::support::{Browser, Talk};
use axum::http::Method;
use chat::{audit::AuditFilter, ports::Audit};

/// Shares the conversation of a talk, and gives the path of its link.
async fn share(talk: &mut Talk) -> String {
    let page = format!("/c/{}/share", talk.id);
    let done = talk.browser.form(&page, &[("act", "share")]).await;
    assert_eq!((done.status, done.header("location")), (303, &*format!("{page}?done=share")), "{}", done.text);
    let shown = talk.browser.get(&page).await.text;
    let origin = talk.browser.origin().to_owned();
    let link = shown.split("value=\"").map(|part| part.split('"').next().unwrap());
    let link = link.filter_map(|value| value.strip_prefix(&origin)).find(|path| path.starts_with("/s/"));
    link.unwrap_or_else(|| panic!("no link in {shown}")).to_owned()
}

fn anybody(talk: &Talk) -> Browser {
    talk.app.browser()
}

#[tokio::test]
async fn c07_whoever_has_the_link_reads_the_snapshot_and_nothing_else() {
    let mut talk = Talk::begin("Why do <b>lighthouses</b> blink?", "So that they are *told apart*.").await;
    let page = talk.browser.get(&format!("/c/{}/share", talk.id)).await;
    assert!(page.status == 200 && page.text.contains("Create link") && !page.text.contains("type=\"module\""));
    let path = share(&mut talk).await;
    talk.ask("And later?", "A later reply").await;

    let shared = anybody(&talk).get(&path).await;
    assert_eq!(shared.status, 200);
    assert!(shared.text.contains("Why do &lt;b>lighthouses&lt;/b> blink?"), "{}", shared.text);
    assert!(shared.text.contains("<em>told apart</em>") && shared.text.contains("Shared by Ada"));
    assert!(!shared.text.contains("A later reply"), "a snapshot");
    assert!(!shared.text.contains("<textarea") && !shared.text.contains("type=\"module\""), "nothing to write with");
    assert!(!shared.text.contains(&talk.id.to_string()), "the conversation's own address is not told");
    assert_eq!(shared.header("x-robots-tag"), "noindex, nofollow");
    assert_eq!(shared.header("cache-control"), "private, no-store");
    // The link opens nothing else.
    let mut stranger = anybody(&talk);
    let token = path.trim_start_matches("/s/").to_owned();
    assert_eq!(stranger.form(&format!("/c/{}/share", talk.id), &[("act", "end")]).await.status, 401);
    for (method, path) in [
        (Method::POST, path.clone()),
        (Method::DELETE, path.clone()),
        (Method::PUT, path.clone()),
        (Method::GET, format!("{path}/files")),
        (Method::GET, format!("/c/{token}/export?format=json")),
        (Method::GET, format!("/api/turns/{token}/events")),
        (Method::GET, format!("/api/files/{token}")),
    ] {
        let request = stranger.request(method, &path).body("".into()).unwrap();
        let status = stranger.send(request).await.status;
        assert!([401, 404, 405].contains(&status), "{path}: {status}");
    }
}

#[tokio::test]
async fn c07_a_link_that_has_ended_is_dead_and_a_new_one_is_another() {
    let mut talk = Talk::begin("One", "Reply to one").await;
    let first = share(&mut talk).await;
    assert_eq!(share(&mut talk).await, first, "a new snapshot keeps the link");
    let page = format!("/c/{}/share", talk.id);
    assert_eq!(
        talk.browser.form(&page, &[("act", "end"), ("from", "data")]).await.header("location"),
        "/settings/data?done=end"
    );
    let gone = anybody(&talk).get(&first).await;
    assert_eq!((gone.status, gone.header("x-robots-tag")), (404, "noindex, nofollow"));
    assert!(gone.text.contains("This link leads nowhere"), "{}", gone.text);
    assert_eq!(talk.browser.form(&page, &[("act", "end")]).await.status, 404);
    assert_eq!(talk.browser.form(&page, &[("act", "publish")]).await.status, 422);
    let second = share(&mut talk).await;
    assert_ne!(second, first);
    assert!(talk.browser.get("/settings/data").await.text.contains(&second), "one's links are listed");
    let entries = talk.app.store.entries(&AuditFilter::default(), 9).await.unwrap();
    let told: Vec<String> = entries.iter().map(|entry| entry.sentence()).collect();
    assert_eq!(told[..2], ["Shared a conversation by a link", "Ended the link of a shared conversation"]);
}

#[tokio::test]
async fn c07_nobody_shares_what_is_somebody_elses() {
    let mut talk = Talk::begin("One", "Reply to one").await;
    let path = share(&mut talk).await;
    let mut eve = talk.app.signed_in("Eve").await;
    let page = format!("/c/{}/share", talk.id);
    for act in ["share", "end"] {
        assert_eq!(eve.form(&page, &[("act", act)]).await.status, 404, "{act}");
    }
    let foreign = eve.get(&page).await;
    assert!(foreign.status == 404 && !foreign.text.contains("One"), "{}", foreign.text);
    assert!(eve.get(&path).await.text.contains("Reply to one"), "she has the link");
    for token in ["", "x", &"A".repeat(43), &"%27".repeat(20), &"A".repeat(5_000)] {
        assert_eq!(eve.get(&format!("/s/{token}")).await.status, 404, "{token}");
    }
}
