//! Conversations are pinned, put into folders, archived and deleted, several at once, through HTTP and by plain forms.

use crate::support::{Browser, Talk, TestApp};
use axum::http::{Method, header};
use chat::{ConversationSummary, Folder, SendKey, Timestamp, ports::Sent};
use uuid::Uuid;

const RANDOM: &str = "0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee";

async fn say(app: &TestApp, browser: &mut Browser, key: u128, text: &str) -> String {
    let key = SendKey(Uuid::from_u128(key)).to_string();
    let sent: Sent = browser.call("/api/turns/send", &[("key", &key), ("text", text)]).await.json();
    let ask = app.models.next().await;
    ask.text("an answer");
    ask.end();
    browser.watch(&format!("/api/turns/{}/events", sent.turn.id)).await.rest().await;
    sent.conversation.id.to_string()
}

async fn list(browser: &mut Browser) -> Vec<ConversationSummary> {
    browser.call("/api/conversations/list", &[]).await.json()
}

async fn titles(browser: &mut Browser) -> Vec<String> {
    list(browser).await.into_iter().map(|summary| summary.title.into()).collect()
}

async fn act(browser: &mut Browser, ids: &[&str], act: &str) -> u16 {
    browser.call("/api/conversations/organise", &[("ids", &ids.join(",")), ("act", act)]).await.status
}

#[tokio::test]
async fn c08_a_batch_keeps_to_the_rules_of_the_single_act() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.signed_in("Ada").await, app.signed_in("Bob").await);
    let own = say(&app, &mut ada, 1, "Own").await;
    let (his, second) = (say(&app, &mut bob, 2, "His").await, say(&app, &mut bob, 3, "Second").await);
    let folder: Folder = bob.call("/api/folders/add", &[("name", "Secret")]).await.json();
    bob.call("/api/conversations/organise", &[("ids", &his), ("act", "move"), ("folder", &folder.id.to_string())])
        .await;
    let before = list(&mut bob).await;
    for word in ["pin", "unpin", "archive", "unarchive", "move", "delete"] {
        // His alone, several of his, and what there is not: the same answer as for the single acts.
        let single = ada.call("/api/conversations/delete", &[("id", &his)]).await;
        for ids in [his.clone(), [&*his, &*second].join(","), RANDOM.into(), format!("{his},x"), String::new()] {
            let fields = [("ids", ids.as_str()), ("act", word), ("folder", ""), ("user_id", "x"), ("owner", "Bob")];
            let batch = ada.call("/api/conversations/organise", &fields).await;
            assert_eq!((batch.status, &batch.text), (404, &single.text), "{word} {ids}");
        }
        // Beside one's own, his are left alone, and the answer names one's own only.
        let id = if word == "delete" { own.clone() } else { format!("{his},{own}") };
        let answer = ada.call("/api/conversations/organise", &[("ids", &id), ("act", word)]).await;
        assert_eq!(answer.text, format!("[\"{own}\"]"), "{word}");
        assert_eq!(list(&mut bob).await, before, "{word}");
    }
    let own = say(&app, &mut ada, 4, "Own").await;
    let fields = [("ids", &*own), ("act", "move"), ("folder", &*folder.id.to_string())];
    assert_eq!(ada.call("/api/conversations/organise", &fields).await.status, 404, "into his folder");
    assert_eq!(act(&mut ada, &[&own], "explode").await, 404);
    let many = vec![RANDOM; 501];
    assert_eq!(act(&mut ada, &many, "delete").await, 422);
    assert!(list(&mut ada).await[0].shelf.is_default());
}

#[tokio::test]
async fn c12_nobody_sees_others_folders_or_archive() {
    let app = TestApp::start().await;
    let (mut ada, mut bob) = (app.signed_in("Ada").await, app.signed_in("Bob").await);
    let his = say(&app, &mut bob, 1, "Secret of Bob").await;
    bob.call("/api/folders/add", &[("name", "Secret folder")]).await;
    assert_eq!(act(&mut bob, &[&his], "archive").await, 200);
    let all: Vec<(Timestamp, ConversationSummary)> = bob.call("/api/conversations/archived", &[]).await.json();
    let after = format!("{}-{}", all[0].0.0 + 1, all[0].1.id);
    for page in [
        ada.call("/api/folders/list", &[]).await,
        ada.call("/api/conversations/archived", &[]).await,
        ada.call("/api/conversations/archived", &[("after", &after)]).await,
        ada.get("/").await,
        ada.get("/archive").await,
        ada.get(&format!("/archive?after={after}")).await,
        ada.get("/folders").await,
    ] {
        assert_eq!(page.status, 200);
        assert!(!page.text.contains("Secret"), "{}", page.text);
    }
    for path in ["/archive", "/folders"] {
        let target = format!("/signin?callbackUrl=%2F{}", &path[1..]);
        let stranger = app.browser().get(path).await;
        assert_eq!((stranger.status, stranger.header("location")), (303, &*target));
        assert!(!bob.get(path).await.text.contains("type=\"module\""), "{path} comes without the page's code");
    }
    assert!(bob.get("/archive").await.text.contains("Secret of Bob"));
    assert!(bob.get("/folders").await.text.contains("Secret folder"));
}

#[tokio::test]
async fn what_is_deleted_with_others_is_stopped_first() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let quiet = say(&app, &mut ada, 1, "Quiet").await;
    let key = SendKey(Uuid::from_u128(2)).to_string();
    let running: Sent = ada.call("/api/turns/send", &[("key", &key), ("text", "Loud")]).await.json();
    let ask = app.models.next().await;
    assert_eq!(act(&mut ada, &[&quiet, &running.conversation.id.to_string()], "delete").await, 200);
    ask.dropped.cancelled().await;
    assert_eq!(titles(&mut ada).await, [""; 0]);
}

#[tokio::test]
async fn a_new_message_takes_a_conversation_out_of_the_archive() {
    let mut talk = Talk::begin("Bees", "Yes.").await;
    let id = talk.id.clone();
    assert_eq!(act(&mut talk.browser, &[&id], "archive").await, 200);
    assert_eq!(titles(&mut talk.browser).await, [""; 0]);
    assert!(talk.open().await.conversation.shelf.archived, "it can still be opened");
    let page = talk.browser.get("/search?q=bees").await;
    assert!(page.text.contains("Archived"), "{}", page.text);
    let sent = talk.ask("And wasps?", "No.").await;
    assert!(!sent.conversation.shelf.archived);
    assert_eq!(titles(&mut talk.browser).await, ["Bees"]);
}

#[tokio::test]
async fn everything_works_by_plain_forms() {
    let mut talk = Talk::begin("Bees", "Yes.").await;
    let (id, home) = (talk.id.clone(), format!("/c/{}", talk.id));
    let browser = &mut talk.browser;
    let form = async |browser: &mut Browser, path: &str, fields: &[(&str, &str)]| {
        let reply = browser.form(path, fields).await;
        assert_eq!(reply.status, 303, "{path} {fields:?}: {}", reply.text);
        reply.header("location").to_owned()
    };
    assert_eq!(form(browser, "/api/folders/add", &[("name", " House  & garden ")]).await, "/folders");
    form(browser, "/api/folders/add", &[("name", "Work")]).await;
    let folders: Vec<Folder> = browser.call("/api/folders/list", &[]).await.json();
    let work = folders[1].id.to_string();
    assert_eq!(form(browser, "/api/folders/shift", &[("id", &work), ("to", "up")]).await, "/folders");
    form(browser, "/api/folders/rename", &[("id", &work), ("name", "Office")]).await;
    let page = browser.get("/folders").await.text;
    let place = |name: &str| page.find(&format!("value=\"{name}\"")).unwrap_or_else(|| panic!("{name} in {page}"));
    assert!(place("Office") < place("House &amp; garden"));

    let fields = [("ids", &*id), ("act", "move"), ("folder", &*work)];
    assert_eq!(form(browser, "/api/conversations/organise", &fields).await, home);
    assert_eq!(form(browser, "/api/conversations/organise", &[("ids", &id), ("act", "pin")]).await, home);
    let options = browser.get(&format!("{home}/options")).await.text;
    assert!(options.contains("Unpin") && options.contains(&format!("value=\"{work}\" selected")), "{options}");
    assert_eq!(form(browser, "/api/conversations/organise", &[("ids", &id), ("act", "archive")]).await, "/archive");
    assert!(browser.get("/archive").await.text.contains(&home));
    assert_eq!(form(browser, "/api/conversations/organise", &[("ids", &id), ("act", "unarchive")]).await, home);
    assert_eq!(form(browser, "/api/conversations/rename", &[("id", &id), ("title", "Hives")]).await, home);
    assert_eq!(titles(browser).await, ["Hives"]);
    form(browser, "/api/folders/delete", &[("id", &work)]).await;
    let shelf = list(browser).await[0].shelf;
    assert_eq!((shelf.pinned, shelf.folder), (true, None), "what is in a folder stays");
    assert_eq!(form(browser, "/api/conversations/organise", &[("ids", &id), ("act", "delete")]).await, "/");
    assert_eq!(titles(browser).await, [""; 0]);
}

#[tokio::test]
async fn a_page_comes_as_wide_and_folded_as_it_was_left() {
    let mut talk = Talk::begin("Bees", "Yes.").await;
    let folder: Folder = talk.browser.call("/api/folders/add", &[("name", "Work")]).await.json();
    let closed = [("id", &*folder.id.to_string()), ("closed", "true")];
    let page = async |browser: &mut Browser, width: &str| {
        let request = browser.request(Method::GET, "/").header(header::ACCEPT, "text/html");
        let cookies: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = format!("{}; confab-sidebar-width={width}", cookies.join("; "));
        let mut request = request.body(axum::body::Body::empty()).unwrap();
        request.headers_mut().insert(header::COOKIE, cookies.parse().unwrap());
        browser.send(request).await.text
    };
    let html = page(&mut talk.browser, "320").await;
    assert!(html.contains("class=\"app w320\"") && html.contains("aria-valuenow=\"320\""), "{html}");
    assert!(html.contains("<details open"), "{html}");
    talk.browser.call("/api/folders/close", &closed).await;
    let html = page(&mut talk.browser, "\"><script>").await;
    assert!(html.contains("class=\"app w272\"") && html.contains("aria-valuenow=\"272\""), "{html}");
    assert!(html.contains("<details>"), "{html}");
}
