//! The pages of settings that are plain forms: appearance, profile, shortcuts, erasing.

use crate::support::{Talk, TestApp};
use chat::{ConversationSummary, audit::AuditFilter, ports::Audit};

#[tokio::test]
async fn what_is_chosen_under_appearance_is_in_the_next_page() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let page = ada.get("/settings/appearance").await;
    assert!(page.status == 200 && !page.text.contains("data-choices"), "as usual");
    let chosen = [("theme", "dark"), ("size", "large"), ("width", "wide"), ("reasoning", "on"), ("enter", "on")];
    let saved = ada.form("/settings/appearance", &chosen).await;
    assert_eq!((saved.status, saved.header("location")), (303, "/settings/appearance?saved=1"));
    let chat = ada.get("/").await.text;
    assert!(chat.contains("data-theme=\"dark\" data-choices=\"large wide bare reasoning still\""), "{}", &chat[..400]);
    let usual = [("theme", "system"), ("size", "normal"), ("enter", "on"), ("statistics", "on"), ("animate", "on")];
    ada.form("/settings/appearance", &usual).await;
    let chat = ada.get("/").await.text;
    assert!(!chat.contains("data-theme") && !chat.contains("data-choices"), "{}", &chat[..400]);
    assert_eq!(app.browser().form("/settings/appearance", &chosen).await.status, 401);
}

#[tokio::test]
async fn e16_what_an_address_or_a_cookie_brings_is_escaped_or_one_of_the_known_words() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let hostile = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E";
    for path in [
        "/?theme=",
        "/?lang=",
        "/?look=",
        "/search?q=",
        "/settings/data?erased=",
        "/settings/data/erase?what=",
        "/signin?error=",
    ] {
        let page = ada.get(&[path, hostile].concat()).await;
        assert!(!page.text.contains("<script>alert"), "{path}");
    }
    let hostile = "\"><script>alert(1)</script>";
    let saved = ada.form("/settings/appearance", &[("theme", hostile), ("size", hostile), ("width", hostile)]).await;
    assert_eq!(saved.status, 303);
    let page = ada.get("/").await.text;
    assert!(!page.contains("<script>alert") && !page.contains("data-theme"), "{}", &page[..400]);
}

#[tokio::test]
async fn the_profile_and_the_keys_are_shown_to_whom_they_belong() {
    let app = TestApp::start().await;
    let mut ada = app.signed_in("Ada").await;
    let profile = ada.get("/settings/profile").await.text;
    assert!(profile.contains("<b>Ada<") && profile.contains("Groups"), "{profile}");
    assert!(ada.get("/settings/shortcuts").await.text.contains("Focus the message box"));
    for path in ["/settings/profile", "/settings/shortcuts", "/settings/appearance", "/settings/data/erase"] {
        let away = app.browser().get(path).await;
        assert_eq!(away.status, 303, "{path}");
        assert!(away.header("location").starts_with("/signin?callbackUrl="), "{path}");
    }
}

#[tokio::test]
async fn everything_is_erased_only_after_the_word_was_typed() {
    let mut talk = Talk::begin("One", "Reply to one").await;
    let mut bob = talk.app.signed_in("Bob").await;
    let page = talk.browser.get("/settings/data/erase?what=conversations").await.text;
    assert!(page.contains("Delete all conversations"), "{page}");
    let fields = [("what", "conversations"), ("word", "yes")];
    let refused = talk.browser.form("/settings/data/erase", &fields).await;
    assert_eq!(refused.header("location"), "/settings/data/erase?what=conversations&refused=word");
    assert!(talk.browser.get(refused.header("location")).await.text.contains("Nothing was deleted."));
    let fields = [("what", "conversations"), ("word", " Delete ")];
    assert_eq!(bob.form("/settings/data/erase", &fields).await.header("location"), "/settings/data?erased=0");
    let list: Vec<ConversationSummary> = talk.browser.call("/api/conversations/list", &[]).await.json();
    assert_eq!(list.len(), 1, "nobody else's");

    let erased = talk.browser.form("/settings/data/erase", &fields).await;
    assert_eq!(erased.header("location"), "/settings/data?erased=1");
    assert!(talk.browser.get(erased.header("location")).await.text.contains("Deleted one conversation"));
    let list: Vec<ConversationSummary> = talk.browser.call("/api/conversations/list", &[]).await.json();
    assert_eq!(list, []);
    let entries = talk.app.store.entries(&AuditFilter::default(), 1).await.unwrap();
    assert_eq!(entries[0].sentence(), "Deleted their only conversation");
}

#[tokio::test]
async fn an_account_is_deleted_with_its_sessions_but_not_the_last_administrators() {
    let app = TestApp::start().await;
    let (mut admin, mut ada, mut phone) =
        (app.administrator().await, app.signed_in("Ada").await, app.signed_in("Ada").await);
    let fields = [("what", "account"), ("word", "delete")];
    let refused = admin.form("/settings/data/erase", &fields).await;
    assert_eq!(refused.header("location"), "/settings/data/erase?what=account&refused=last");
    assert!(admin.get(refused.header("location")).await.text.contains("the only one who administers"));

    let erased = ada.form("/settings/data/erase", &fields).await;
    assert_eq!((erased.status, erased.header("location")), (303, "/signin?signedOut=1"));
    for browser in [&mut ada, &mut phone] {
        assert_eq!(browser.call("/api/conversations/list", &[]).await.status, 401);
    }
    assert_eq!(app.browser().form("/settings/data/erase", &fields).await.status, 401);
    let mut again = app.signed_in("Ada").await;
    let list: Vec<ConversationSummary> = again.call("/api/conversations/list", &[]).await.json();
    assert_eq!(list, [], "a new, empty account");
}
