//! What is done about people.

use super::{id_of, told};
use crate::support::TestApp;
use chat::ports::Sent;
use std::time::Duration;
use tokio::time::timeout;

const KEY: (&str, &str) = ("key", "0199aaaa-0000-7000-8000-000000000001");

#[tokio::test]
async fn b12_who_is_disabled_on_the_page_is_out_within_a_second_with_what_runs() {
    let app = TestApp::start().await;
    let (mut admin, mut ada) = (app.administrator().await, app.signed_in("Ada").await);
    let id = id_of(&mut ada).await;
    let sent: Sent = ada.call("/api/turns/send", &[KEY, ("text", "Count")]).await.json();
    let ask = app.models.next().await;
    let mut events = ada.watch(&format!("/api/turns/{}/events", sent.turn.id)).await;
    ask.text("one");
    assert!(events.next().await.is_some(), "it has begun");

    let reply = admin.form("/api/admin/people/disable", &[("id", &id)]).await;
    assert_eq!((reply.status, reply.header("location")), (303, &*format!("/admin/people?done=disabled&who={id}")));
    let second = Duration::from_secs(1);
    timeout(second, events.rest()).await.expect("the stream ends");
    timeout(second, ask.dropped.cancelled()).await.expect("the model is not asked any more");
    assert_eq!(ada.call("/api/conversations/list", &[]).await.status, 401);
    let page = admin.get(reply.header("location")).await.text;
    assert!(page.contains("Ada is disabled, and signed out everywhere.") && page.contains("Enable"), "{page}");
    let token = app.login_token(&app.user("Ada").await).await;
    assert_eq!(app.browser().call("/api/auth/claim", &[("token", &token)]).await.status, 404, "no way in");

    assert_eq!(admin.form("/api/admin/people/enable", &[("id", &id)]).await.status, 303);
    let mut ada = app.signed_in("Ada").await;
    assert_eq!(ada.call("/api/conversations/list", &[]).await.status, 200);
    let all = told(&app).await;
    for entry in ["Owner: Disabled Ada", "Owner: Enabled Ada"] {
        assert_eq!(all.iter().filter(|told| *told == entry).count(), 1, "{all:?}");
    }
}

#[tokio::test]
async fn all_sessions_of_somebody_are_ended_and_nobody_elses() {
    let app = TestApp::start().await;
    let (mut admin, mut bob) = (app.administrator().await, app.signed_in("Bob").await);
    let (mut laptop, mut phone) = (app.signed_in("Ada").await, app.signed_in("Ada").await);
    let id = id_of(&mut laptop).await;
    assert_eq!(admin.form("/api/admin/people/end-sessions", &[("id", &id)]).await.status, 303);
    for (browser, status) in [(&mut laptop, 401), (&mut phone, 401), (&mut bob, 200), (&mut admin, 200)] {
        assert_eq!(browser.call("/api/conversations/list", &[]).await.status, status);
    }
    assert_eq!(told(&app).await[0], "Owner: Ended all sessions of Ada");
}

#[tokio::test]
async fn somebody_is_deleted_only_by_their_name() {
    let app = TestApp::start().await;
    let (mut admin, mut ada) = (app.administrator().await, app.signed_in("Ada").await);
    let id = id_of(&mut ada).await;
    let sent: Sent = ada.call("/api/turns/send", &[KEY, ("text", "Count")]).await.json();
    let ask = app.models.next().await;
    let mut events = ada.watch(&format!("/api/turns/{}/events", sent.turn.id)).await;
    let address = format!("/admin/people/{id}/delete");
    assert!(admin.get(&address).await.text.contains("Type “Ada” to delete the account"));
    for name in ["", "ada", "Bob"] {
        let reply = admin.form("/api/admin/people/delete", &[("id", &id), ("name", name)]).await;
        assert_eq!((reply.status, reply.header("location")), (303, &*format!("{address}?refused=1")));
    }
    assert!(
        admin.get(&format!("{address}?refused=1")).await.text.contains("This is not the name. Nothing was deleted.")
    );
    assert_eq!(ada.call("/api/conversations/list", &[]).await.status, 200);

    let reply = admin.form("/api/admin/people/delete", &[("id", &id), ("name", " Ada ")]).await;
    assert_eq!((reply.status, reply.header("location")), (303, "/admin/people?done=deleted"));
    timeout(Duration::from_secs(1), events.rest()).await.expect("the stream ends");
    timeout(Duration::from_secs(1), ask.dropped.cancelled()).await.expect("the model is not asked any more");
    assert_eq!(ada.call("/api/conversations/list", &[]).await.status, 401);
    assert_eq!(admin.get(&address).await.status, 404);
    let again = admin.form("/api/admin/people/delete", &[("id", &id), ("name", "Ada")]).await;
    assert_eq!(again.header("location"), "/admin/people?done=gone");
    // Whoever comes again is somebody new.
    let mut ada = app.signed_in("Ada").await;
    assert_ne!(id_of(&mut ada).await, id);
    assert_eq!(ada.call("/api/conversations/list", &[]).await.text, "[]");
}

#[tokio::test]
async fn the_last_who_administers_can_neither_be_disabled_nor_deleted() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let id = id_of(&mut admin).await;
    for path in ["/api/admin/people/disable", "/api/admin/people/delete"] {
        let reply = admin.form(path, &[("id", &id), ("name", "Owner")]).await;
        assert_eq!(reply.header("location"), "/admin/people?done=last", "{path}");
    }
    let page = admin.get("/admin/people?done=last").await;
    assert_eq!(page.status, 200, "still in");
    assert!(page.text.contains("Nobody would be left who administers"));
}

#[tokio::test]
async fn nobody_is_found_by_what_is_no_id_and_the_page_survives_any_query() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    for id in ["", "x", "../../etc", "0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee"] {
        for path in ["disable", "enable", "end-sessions", "delete"] {
            let reply = admin.form(&format!("/api/admin/people/{path}"), &[("id", id)]).await;
            assert_eq!((reply.status, reply.header("location")), (303, "/admin/people?done=gone"), "{path} {id}");
        }
    }
    for query in ["?page=99999999999", "?page=0", "?page=-1", "?role=x&group=%00&q=%F0%9F%A6%80", "?done=x&who=y"] {
        assert_eq!(admin.get(&format!("/admin/people{query}")).await.status, 200, "{query}");
    }
    for n in 0..60 {
        app.user(&format!("Person {n:02}")).await;
    }
    let first = admin.get("/admin/people?q=person").await.text;
    assert!(first.contains("Showing 1 to 50 of 60\u{a0}people") && first.contains("Person 49"), "{first}");
    let second = admin.get("/admin/people?q=person&page=2").await.text;
    assert!(second.contains("Showing 51 to 60 of 60\u{a0}people") && !second.contains("Person 49"));
    assert!(second.contains("Previous page") && !second.contains("Next page"));
}

#[tokio::test]
async fn b01_the_log_holds_who_came_and_went_and_no_secret() {
    let canary = "sk-canary-0123456789abcdef";
    let app = TestApp::with(&[("CONFAB_PROVIDER_NETWORKS", "127.0.0.1")]).await;
    let mut admin = app.administrator().await;
    let token = app.login_token(&app.user("Ada").await).await;
    let mut ada = app.browser();
    assert_eq!(ada.form("/api/auth/claim", &[("token", &token)]).await.status, 303);
    let other = app.signed_in("Ada").await;
    let cookie = ada.cookies.values().next().unwrap().clone();
    assert_eq!(ada.form("/api/auth/revoke-others", &[]).await.status, 303);
    let fields = [
        ("name", "My lab"),
        ("dialect", "openai"),
        ("address", "http://127.0.0.1:8099/v1"),
        ("key", canary),
        ("models", "+one"),
        ("enabled", "true"),
    ];
    let saved = admin.call("/api/providers/save", &fields).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    assert_eq!(admin.call("/api/providers/remove", &[("id", "my-lab")]).await.status, 200);
    assert_eq!(ada.form("/api/auth/signout", &[]).await.status, 303);
    drop(other);

    let all = told(&app).await;
    let expected = [
        "Ada: Signed out",
        "Owner: Removed the provider My lab",
        "Owner: Added the provider My lab",
        "Ada: Ended all of their other sessions",
        "Ada: Signed in by a login link",
        "Command line: Made a login link for Ada",
    ];
    assert_eq!(&all[..5], &expected[..5], "{all:?}");
    assert_eq!(all.iter().filter(|told| *told == expected[5]).count(), 2, "{all:?}");
    let saved = admin.get("/admin/audit.csv").await.text + &admin.get("/admin/audit").await.text;
    for secret in [canary, &token, &cookie] {
        assert!(!saved.contains(secret), "{secret}");
    }
}
