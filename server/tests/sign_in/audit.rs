//! What a sign-in through a provider leaves in the audit log, and asking the provider about everybody.

use super::bed::{Bed, whoami};
use crate::support::hostile_op::Person;
use chat::{audit::AuditFilter, ports::Audit};
use serde_json::json;
use server::auth::oidc::refresh::ask_about_all;

async fn told(bed: &Bed) -> Vec<String> {
    let entries = bed.app.store.entries(&AuditFilter::default(), 100).await.unwrap();
    entries.into_iter().map(|entry| format!("{}: {}", entry.name, entry.sentence())).collect()
}

#[tokio::test]
async fn who_comes_in_is_written_down_and_so_is_who_is_turned_away() {
    let bed = Bed::with(&[("AUTH_ALLOWED_GROUPS", "chat-users")]).await;
    bed.signed_in(&Person::new("Ada")).await;
    let eve = Person::new("Eve").with("groups", json!([])).with("email", json!("eve@example.net"));
    assert_eq!(bed.sign_in(&mut bed.app.browser(), &eve).await.status, 403);
    assert_eq!(
        told(&bed).await,
        ["eve@example.net: Turned away: no matching rule", "Ada: Signed in through authentik"]
    );
    // What a stranger makes up fills nothing.
    for _ in 0..3 {
        let made_up = bed.app.browser().get("/api/auth/callback/authentik?code=x&state=y").await;
        assert_eq!(made_up.status, 400);
    }
    assert_eq!(told(&bed).await.len(), 2);
    let token = bed.op.last_id_token();
    let rows = bed.column("SELECT name || subject || details || coalesce(address, '') FROM audit").await;
    assert!(rows.iter().all(|row| !row.contains(&token)), "{rows:?}");
}

#[tokio::test]
async fn a41_asking_about_everybody_needs_neither_time_nor_use() {
    let bed = Bed::with(&[("AUTH_ALLOWED_GROUPS", "chat-users"), ("AUTH_ADMIN_GROUPS", "admins")]).await;
    let admin = Person::new("Ada").with("groups", json!(["admins"]));
    let mut ada = bed.signed_in(&admin).await;
    let page = ada.get("/admin/people").await.text;
    assert!(page.contains("Refresh from ") && page.contains("Authentik"), "{page}");
    bed.op.switches().claim("groups", json!(["chat-users"]));
    ask_about_all(&bed.app.state).await;
    assert_eq!(told(&bed).await[0], "Ada: Role changed to member");
    assert_eq!(ada.get("/admin/people").await.status, 403);
    assert_eq!(ada.form("/api/admin/people/refresh", &[]).await.status, 403);

    bed.op.switches().claim("groups", json!([]));
    ask_about_all(&bed.app.state).await;
    assert_eq!(whoami(&mut ada).await, None);
    assert_eq!(told(&bed).await[0], "Ada: Sessions ended: no rule of this server admits them any more");
}

#[tokio::test]
async fn an_administrator_asks_the_provider_about_everybody() {
    let bed = Bed::with(&[("AUTH_ADMIN_GROUPS", "admins")]).await;
    let mut ada = bed.signed_in(&Person::new("Ada").with("groups", json!(["admins"]))).await;
    bed.op.switches().claim("name", json!("Ada Lovelace"));
    let reply = ada.form("/api/admin/people/refresh", &[]).await;
    assert_eq!((reply.status, reply.header("location")), (303, "/admin/people?done=refreshed"));
    assert!(ada.get("/admin/people").await.text.contains("Ada Lovelace"));
}
