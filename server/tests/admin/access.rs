//! Who may use which model, and how much.

use super::told;
use crate::support::{Browser, Reply, TestApp};
use chat::{
    ModelInfo, SendKey, Usage,
    ports::{ModelEvent, Sent},
};
use uuid::Uuid;

async fn send(browser: &mut Browser, n: u128, more: &[(&str, &str)]) -> Reply {
    let key = SendKey(Uuid::from_u128(n)).to_string();
    browser.call("/api/turns/send", &[&[("key", &*key), ("text", "hi")], more].concat()).await
}

/// A turn that uses so many tokens.
async fn use_up(app: &TestApp, browser: &mut Browser, n: u128, tokens: u32) -> Sent {
    let sent: Sent = send(browser, n, &[]).await.json();
    let ask = app.models.next().await;
    ask.event(ModelEvent::Usage(Usage { input: Some(tokens - 1), cached: None, output: Some(1), reasoning: None }));
    ask.text("An answer");
    ask.end();
    browser.watch(&format!("/api/turns/{}/events", sent.turn.id)).await.rest().await;
    sent
}

async fn models(browser: &mut Browser) -> Vec<String> {
    let models: Vec<ModelInfo> = browser.call("/api/models/list", &[]).await.json();
    models.into_iter().map(|model| model.id.to_string()).collect()
}

#[tokio::test]
async fn a_model_of_a_group_is_neither_seen_nor_asked_by_others() {
    let app = TestApp::start().await;
    let (mut admin, mut ada) = (app.administrator().await, app.signed_in("Ada").await);
    let first: Sent = send(&mut ada, 1, &[("model", "scripted/one")]).await.json();
    let ask = app.models.next().await;
    ask.end();
    ada.watch(&format!("/api/turns/{}/events", first.turn.id)).await.rest().await;

    let fields = [("model", "scripted/one"), ("who", "groups"), ("group", "staff"), ("others", "family, staff,")];
    let saved = admin.form("/api/admin/access/model", &fields).await;
    assert_eq!((saved.status, saved.header("location")), (303, "/admin/access?done=model&model=scripted%2Fone"));
    let page = admin.get("/admin/access").await.text;
    assert!(page.contains("Change access to Scripted one") && page.contains("family"), "{page}");
    assert_eq!(models(&mut ada).await, ["scripted/two", "scripted/titled"]);
    assert_eq!(models(&mut admin).await.len(), 3);
    assert!(!ada.get("/").await.text.contains("Scripted one"), "nor does the page offer it");

    let refused = send(&mut ada, 2, &[("model", "scripted/one")]).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains("not on offer"), "{}", refused.text);
    let key = SendKey(Uuid::from_u128(3)).to_string();
    let turn = first.turn.id.to_string();
    let id = first.conversation.id.to_string();
    let retried = ada.call("/api/turns/retry", &[("key", &key), ("turn", &turn)]).await;
    let temporary = ada.call("/api/turns/temporary", &[("key", &key), ("text", "hi"), ("model", "scripted/one")]).await;
    let summary = ada.call("/api/conversations/summarise", &[("id", &id), ("model", "scripted/one")]).await;
    assert_eq!((retried.status, temporary.status, summary.status), (422, 422, 422));
    assert!(!app.models.has_been_asked().await, "nothing reached the model");
    let sent: Sent = send(&mut ada, 4, &[]).await.json();
    assert_eq!(sent.turn.model.to_string(), "scripted/two", "the default is one that she may use");

    let nobody = [("model", "scripted/one"), ("who", "groups"), ("others", " , ")];
    let refused = admin.form("/api/admin/access/model", &nobody).await;
    assert_eq!(refused.header("location"), "/admin/access/model?model=scripted%2Fone&refused=1");
    let page = admin.get(refused.header("location")).await.text;
    assert!(page.contains("Choose a group, or everyone. Nothing was saved."), "{page}");
    let everyone = [("model", "scripted/one"), ("who", "everyone"), ("group", "staff")];
    assert_eq!(admin.form("/api/admin/access/model", &everyone).await.status, 303);
    assert_eq!(models(&mut ada).await.len(), 3);
    let all = told(&app).await;
    assert_eq!(all[0], "Owner: Changed access to scripted/one: everyone");
    assert!(all.contains(&"Owner: Changed access to scripted/one: staff, family".to_owned()), "{all:?}");
}

#[tokio::test]
async fn what_goes_beyond_a_limit_is_refused_with_the_reason_until_the_day_is_over() {
    let app = TestApp::start().await;
    let (mut admin, mut ada) = (app.administrator().await, app.signed_in("Ada").await);
    let limits = [("monthly_cost", "$300"), ("monthly_cost_each", ""), ("daily_tokens_each", "1,000")];
    let saved = admin.form("/api/admin/access/limits", &limits).await;
    assert_eq!((saved.status, saved.header("location")), (303, "/admin/access?done=limits"));
    let page = admin.get("/admin/access").await.text;
    assert!(page.contains("value=\"$300\"") && page.contains("value=\"1,000\""), "{page}");

    use_up(&app, &mut ada, 1, 999).await;
    let sent = use_up(&app, &mut ada, 2, 1).await;
    let (id, turn) = (sent.conversation.id.to_string(), sent.turn.id.to_string());
    let key = SendKey(Uuid::from_u128(3)).to_string();
    let refused = [
        send(&mut ada, 3, &[]).await,
        send(&mut ada, 3, &[("conversation", &id)]).await,
        ada.call("/api/turns/retry", &[("key", &key), ("turn", &turn)]).await,
        ada.call("/api/turns/temporary", &[("key", &key), ("text", "hi")]).await,
    ];
    for reply in refused {
        assert_eq!(reply.status, 422, "{}", reply.text);
        for words in ["1,000 tokens", "00:00 UTC", "administrator can raise the limit"] {
            assert!(reply.text.contains(words), "{}", reply.text);
        }
    }
    let again: Sent = send(&mut ada, 2, &[]).await.json();
    assert_eq!(again.turn.id, sent.turn.id, "a repeated send is told what became of it");
    assert!(!app.models.has_been_asked().await);
    let transcript: chat::Transcript = ada.call("/api/conversations/transcript", &[("id", &id)]).await.json();
    assert_eq!(transcript.messages.len(), 2, "nothing was stored");
    // Each has a day of their own, and the next day is another one.
    use_up(&app, &mut admin, 4, 5).await;
    app.clock.advance(15 * 3600);
    use_up(&app, &mut ada, 5, 5).await;
}

#[tokio::test]
async fn a_limit_that_is_no_number_is_shown_again_and_changes_nothing() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let typed = [("monthly_cost", "lots <b>"), ("monthly_cost_each", "5"), ("daily_tokens_each", "7")];
    let refused = admin.form("/api/admin/access/limits", &typed).await;
    assert_eq!(refused.status, 303);
    let page = admin.get(refused.header("location")).await.text;
    assert!(page.contains("Nothing was saved.") && page.contains("value=\"lots &lt;b&gt;\""), "{page}");
    assert!(page.contains("value=\"7\""), "the rest is kept as it was typed");
    assert!(!told(&app).await.iter().any(|told| told.contains("limits")));
    assert_eq!(admin.form("/api/admin/access/limits", &[]).await.header("location"), "/admin/access?done=limits");
}

#[tokio::test]
async fn who_may_enter_is_shown_with_the_variables_that_say_so() {
    let app = TestApp::with(&[
        ("AUTH_ADMIN_GROUPS", "confab-admins"),
        ("AUTH_ALLOWED_GROUPS", "confab-users"),
        ("AUTH_ALLOWED_EMAILS", "northwind.example,ann@example.org"),
    ])
    .await;
    let page = app.administrator().await.get("/admin/access").await.text;
    for words in [
        "confab-admins",
        "AUTH_ADMIN_GROUPS",
        "confab-users",
        "AUTH_ALLOWED_GROUPS",
        "northwind.example",
        "ann@example.org",
        "AUTH_ALLOWED_EMAILS",
        "No sign-in provider is set up",
    ] {
        assert!(page.contains(words), "{words}");
    }
}
