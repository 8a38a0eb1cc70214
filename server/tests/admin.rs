//! The pages of administrators and what their forms do, over HTTP.

mod access;
mod people;

use crate::support::{Browser, START, TestApp, browser::form_body};
use axum::http::{HeaderValue, Method};
use chat::{
    Usage,
    audit::{AuditFilter, AuditKind, By, NewAuditEntry},
    ports::{Audit, ModelEvent, Sent},
};

/// The pages, as one reads them.
const PAGES: [&str; 10] = [
    "/admin/usage",
    "/admin/usage?days=90",
    "/admin/people",
    "/admin/people/0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee/delete",
    "/admin/people/x/delete",
    "/admin/access",
    "/admin/access/model?model=scripted/one",
    "/admin/access/model",
    "/admin/audit",
    "/admin/audit?event=signed_in",
];
/// What is saved.
const TABLES: [&str; 2] = ["/admin/audit.csv", "/admin/usage.csv"];
/// Where forms are posted.
const FORMS: [&str; 7] = [
    "/api/admin/people/disable",
    "/api/admin/people/enable",
    "/api/admin/people/end-sessions",
    "/api/admin/people/delete",
    "/api/admin/people/refresh",
    "/api/admin/access/model",
    "/api/admin/access/limits",
];

/// What was written down, the newest first.
async fn told(app: &TestApp) -> Vec<String> {
    let entries = app.store.entries(&AuditFilter::default(), 100).await.unwrap();
    entries.into_iter().map(|entry| format!("{}: {}", entry.name, entry.sentence())).collect()
}

/// The id of whoever is signed in.
async fn id_of(browser: &mut Browser) -> String {
    let session = browser.get("/api/auth/session").await;
    let session: serde_json::Value = serde_json::from_str(&session.text).unwrap();
    session["user"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn c01_nobody_but_administrators_sees_or_changes_anything_here() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let mut member = app.signed_in("Ada").await;
    let own = id_of(&mut member).await;
    let before = told(&app).await;
    for path in PAGES {
        let stranger = app.browser().get(path).await;
        assert_eq!(stranger.status, 303, "{path}");
        assert!(stranger.header("location").starts_with("/signin?callbackUrl=%2Fadmin"), "{path}");
        let refused = member.get(path).await;
        assert_eq!(refused.status, 403, "{path}");
        assert!(refused.text.contains("Your account may not do this."), "{path}");
        assert!(!refused.text.contains("Options for") && !refused.text.contains("Export CSV"), "{path}");
    }
    for path in TABLES {
        assert_eq!(app.browser().get(path).await.status, 401, "{path}");
        let refused = member.get(path).await;
        assert_eq!((refused.status, refused.text.as_str()), (403, ""), "{path}");
    }
    for path in FORMS {
        let fields = [
            ("id", own.as_str()),
            ("name", "Ada"),
            ("model", "scripted/one"),
            ("group", "x"),
            ("daily_tokens_each", "1"),
        ];
        assert_eq!(app.browser().form(path, &fields).await.status, 401, "{path}");
        assert_eq!(member.form(path, &fields).await.status, 403, "{path}");
        assert_eq!(member.get(path).await.status, 405, "{path}: no link does anything");
        // A page of another site makes the browser send it.
        let mut foreign = form_body(admin.request(Method::POST, path), &fields);
        foreign.headers_mut().insert("sec-fetch-site", HeaderValue::from_static("cross-site"));
        assert_eq!(admin.send(foreign).await.status, 403, "{path}");
    }
    assert_eq!(told(&app).await, before, "nothing was done");
    for path in PAGES {
        let status = if path.contains("/delete") || path.ends_with("model") { 404 } else { 200 };
        assert_eq!(admin.get(path).await.status, status, "{path}");
    }
    assert!(admin.get("/settings/sessions").await.text.contains("/admin/usage"));
    assert!(!member.get("/settings/sessions").await.text.contains("/admin/usage"));
}

#[tokio::test]
async fn h03_tables_that_are_saved_hold_no_formula() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let evil = "=HYPERLINK(\"http://evil.example\",\"Click\")";
    let mut stranger = app.signed_in(evil).await;
    let key = ("key", "0199aaaa-0000-7000-8000-000000000001");
    let sent: Sent = stranger.call("/api/turns/send", &[key, ("text", "hi")]).await.json();
    let ask = app.models.next().await;
    let usage = Usage { input: Some(5), cached: None, output: Some(2), reasoning: None };
    ask.event(ModelEvent::Usage(usage));
    ask.end();
    stranger.watch(&format!("/api/turns/{}/events", sent.turn.id)).await.rest().await;
    for path in TABLES {
        let table = admin.get(path).await;
        assert_eq!(table.status, 200);
        assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
        assert!(table.header("content-disposition").starts_with("attachment; filename=\"confab-"), "{path}");
        assert!(table.text.contains("\"'=HYPERLINK(\"\"http://evil.example\"\""), "{path}: {}", table.text);
        assert!(!table.text.contains(",=HYPERLINK") && !table.text.contains(",\"=HYPERLINK"), "{}", table.text);
    }
    let usage = admin.get("/admin/usage.csv?days=7").await.text;
    assert!(usage.lines().nth(1).is_some_and(|line| line.starts_with("2026-11-23,")), "{usage}");
    assert!(usage.contains("scripted/one,1,5,0,2,0,0.000000000"), "{usage}");
    for path in ["/admin/people", "/admin/audit", "/admin/usage"] {
        let page = admin.get(path).await.text;
        assert!(page.contains("=HYPERLINK(&quot;") || page.contains("=HYPERLINK(\""), "{path} shows the name as text");
    }
}

#[tokio::test]
async fn the_log_pages_back_by_links_and_finds_what_is_looked_for() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    for n in 0..101 {
        let by = By { user: None, name: format!("Robot {n}"), address: None, at: START };
        let entry = NewAuditEntry::new(by, AuditKind::Imported, "");
        app.store.record(&entry).await.unwrap();
    }
    let first = admin.get("/admin/audit?event=imported").await.text;
    assert!(first.contains("Robot 100") && first.contains("Robot 1<") && !first.contains("Robot 0<"));
    let (_, link) = first.split_once("/admin/audit?event=imported&amp;before=").expect("a link to older ones");
    let number: String = link.chars().take_while(char::is_ascii_digit).collect();
    let older = admin.get(&format!("/admin/audit?event=imported&before={number}")).await.text;
    assert!(older.contains("Robot 0<") && !older.contains("Robot 1<") && !older.contains("Load older entries"));
    let table = admin.get("/admin/audit.csv?q=robot+7").await.text;
    assert_eq!(table.lines().count(), 1 + 11, "7 and 70 to 79: {table}");
    assert_eq!(admin.get("/admin/audit?q=%3Cscript%3E&person=x&event=y&before=z").await.status, 200);
}

#[tokio::test]
async fn the_usage_page_sums_up_and_its_chart_can_be_heard_and_read() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let page = admin.get("/admin/usage").await.text;
    assert!(page.contains("aria-label=\"Tokens per day, last 30 days, by model. Nothing was used.\""), "{page}");
    let key = ("key", "0199aaaa-0000-7000-8000-000000000001");
    let sent: Sent = admin.call("/api/turns/send", &[key, ("text", "hi")]).await.json();
    let ask = app.models.next().await;
    let usage = Usage { input: Some(1_200_000), cached: Some(200_000), output: Some(34_000), reasoning: None };
    ask.event(ModelEvent::Usage(usage));
    ask.end();
    admin.watch(&format!("/api/turns/{}/events", sent.turn.id)).await.rest().await;
    let page = admin.get("/admin/usage?days=7").await.text.replace('\u{a0}', " ");
    assert!(page.contains("Tokens per day, last 7 days, by model. At most 1.2 M, on 23 Nov."), "{page}");
    assert!(page.contains("200 K of them cached") && page.contains("1,234,000") && page.contains("Scripted one"));
    assert!(!page.contains(" style="), "the policy forbids it");
}
