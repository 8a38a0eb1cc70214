//! The token endpoint: strict about the client, the code and its verifier, as Authentik is.

use super::{CLIENT_ID, CLIENT_SECRET, Endpoint, Grant, Shared, switches::put_over};
use axum::{
    Form, Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::{collections::HashMap, sync::Arc};

/// Why there is no token, as Authentik words it.
struct Refused(&'static str);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let text = "The provided authorization grant or refresh token is invalid, expired, revoked, does not match the \
                    redirection URI used in the authorization request, or was issued to another client";
        let body =
            json!({ "error": self.0, "error_description": text, "request_id": "dbd593798c944893a5f4e3cc4bd44ca0" });
        (StatusCode::BAD_REQUEST, Json(body)).into_response()
    }
}

pub(super) async fn token(State(op): State<Arc<Shared>>, Form(form): Form<Vec<(String, String)>>) -> Response {
    op.book().last_token_request.clone_from(&form);
    op.note(Endpoint::Token);
    let form: HashMap<String, String> = form.into_iter().collect();
    let granted = match text(&form, "grant_type") {
        "authorization_code" => op.redeem(&form).map(|grant| {
            let nonce = grant.nonce.clone();
            (grant, Some(nonce))
        }),
        "refresh_token" => op.refresh(&form).map(|grant| (grant, None)),
        _ => Err(Refused("unsupported_grant_type")),
    };
    match granted {
        Ok((grant, nonce)) => op.tokens(&grant, nonce.as_deref()).await,
        Err(refused) => refused.into_response(),
    }
}

fn text<'a>(form: &'a HashMap<String, String>, name: &str) -> &'a str {
    form.get(name).map(String::as_str).unwrap_or_default()
}

fn known_client(form: &HashMap<String, String>) -> Result<(), Refused> {
    let known = text(form, "client_id") == CLIENT_ID && text(form, "client_secret") == CLIENT_SECRET;
    known.then_some(()).ok_or(Refused("invalid_client"))
}

impl Shared {
    fn redeem(&self, form: &HashMap<String, String>) -> Result<Grant, Refused> {
        known_client(form)?;
        let mut book = self.book();
        let grant = book.grants.get_mut(text(form, "code")).filter(|grant| !grant.used);
        let grant = grant.ok_or(Refused("invalid_grant"))?;
        if grant.redirect_uri != text(form, "redirect_uri") {
            return Err(Refused("invalid_client"));
        }
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(text(form, "code_verifier")));
        if challenge != grant.challenge {
            return Err(Refused("invalid_grant"));
        }
        grant.used = true;
        Ok(grant.clone())
    }

    /// Each refresh token works once.
    fn refresh(&self, form: &HashMap<String, String>) -> Result<Grant, Refused> {
        known_client(form)?;
        self.book().people.remove(text(form, "refresh_token")).ok_or(Refused("invalid_grant"))
    }

    async fn tokens(&self, grant: &Grant, nonce: Option<&str>) -> Response {
        let (access, refresh) = (self.access_token(grant), self.fresh("refresh"));
        let id_token = self.id_token(grant, nonce, &access);
        let mut response: Map<String, Value> = Map::from_iter([
            ("access_token".to_owned(), json!(access)),
            ("token_type".into(), json!("Bearer")),
            ("scope".into(), json!("offline_access entitlements email profile openid")),
            ("expires_in".into(), json!(3_600)),
            ("id_token".into(), json!(id_token)),
            ("refresh_token".into(), json!(refresh)),
        ]);
        let switches = self.switches();
        put_over(&mut response, &switches.token_response);
        self.book().people.extend([(access, grant.clone()), (refresh, grant.clone())]);
        self.answer(switches.token, &Value::Object(response)).await
    }
}
