//! The endpoints, where Authentik has them.

use super::{Answer, Endpoint, Grant, Shared, Switches, switches::put_over, token_endpoint};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use futures::{StreamExt, stream};
use serde_json::{Map, Value, json};
use std::{convert::Infallible, sync::Arc};

type Op = State<Arc<Shared>>;

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/application/o/chat/.well-known/openid-configuration", get(discovery))
        .route("/application/o/chat/jwks/", get(jwks))
        .route("/application/o/token/", post(token_endpoint::token))
        .route("/application/o/userinfo/", get(userinfo).post(userinfo))
        .route("/media/ada.png", get(picture))
        .fallback(elsewhere)
        .with_state(shared)
}

async fn picture(State(op): Op) -> Response {
    op.note(Endpoint::Media);
    ([(header::CONTENT_TYPE, "image/png")], b"\x89PNG\r\n\x1a\n and the rest").into_response()
}

async fn elsewhere(State(op): Op, request: Request) -> Response {
    op.note(Endpoint::Elsewhere);
    (StatusCode::NOT_FOUND, format!("nothing at {}", request.uri())).into_response()
}

async fn discovery(State(op): Op) -> Response {
    op.note(Endpoint::Discovery);
    let switches = op.switches();
    let mut document = document(&op, &switches);
    put_over(&mut document, &switches.metadata);
    op.answer(switches.discovery, &Value::Object(document)).await
}

fn document(op: &Shared, switches: &Switches) -> Map<String, Value> {
    let issuer = op.issuer();
    let below = |path: &str| op.address(&format!("/application/o/{path}"));
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": below("authorize/"),
        "token_endpoint": below("token/"),
        "userinfo_endpoint": below("userinfo/"),
        "end_session_endpoint": format!("{issuer}end-session/"),
        "introspection_endpoint": below("introspect/"),
        "revocation_endpoint": below("revoke/"),
        "device_authorization_endpoint": below("device/"),
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "response_types_supported": ["code", "id_token", "id_token token", "code token", "code id_token", "code id_token token"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "jwks_uri": format!("{issuer}jwks/"),
        "grant_types_supported": ["authorization_code", "refresh_token", "implicit", "client_credentials"],
        "id_token_signing_alg_values_supported": [switches.signer.algorithm()],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "acr_values_supported": ["goauthentik.io/providers/oauth2/default"],
        "scopes_supported": ["entitlements", "offline_access", "openid", "email", "profile"],
        "request_parameter_supported": false,
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "nonce", "email", "groups"],
        "claims_parameter_supported": false,
        "code_challenge_methods_supported": ["plain", "S256"],
    });
    let Value::Object(document) = document else { unreachable!("written above") };
    document
}

async fn jwks(State(op): Op) -> Response {
    op.note(Endpoint::Jwks);
    let switches = op.switches();
    let keys: Vec<Value> = switches.published.iter().map(|key| key.public()).collect();
    let set = if keys.is_empty() { json!({}) } else { json!({ "keys": keys }) };
    op.answer(switches.jwks, &set).await
}

async fn userinfo(State(op): Op, headers: HeaderMap) -> Response {
    op.note(Endpoint::Userinfo);
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = bearer.and_then(|text| text.strip_prefix("Bearer ")).unwrap_or_default();
    let known: Option<Grant> = op.book().people.get(token).cloned();
    let Some(Grant { person, nonce, .. }) = known else {
        return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "error=\"invalid_token\"")]).into_response();
    };
    let switches = op.switches();
    let mut claims = person.claims;
    claims.insert("sub".into(), json!(person.sub));
    claims.insert("nonce".into(), json!(nonce));
    put_over(&mut claims, &switches.userinfo_claims);
    op.answer(switches.userinfo, &Value::Object(claims)).await
}

impl Shared {
    /// Answers with JSON, or as a switch wants it.
    pub(super) async fn answer(&self, how: Answer, value: &Value) -> Response {
        let kind = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
        match how {
            Answer::Good => (kind, value.to_string()).into_response(),
            Answer::Text(status, kind, text) => {
                (StatusCode::from_u16(status).unwrap(), [(header::CONTENT_TYPE, kind)], text).into_response()
            }
            Answer::Redirect(address) => Redirect::temporary(&address).into_response(),
            Answer::Huge => (kind, " ".repeat(10_000_000) + &value.to_string()).into_response(),
            Answer::Hang => {
                self.told_to_go_on().await;
                (kind, value.to_string()).into_response()
            }
            Answer::Drip => {
                let mut gate = self.gate.subscribe();
                let rest = value.to_string();
                let first = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b" "))]);
                let later = stream::once(async move {
                    // The provider that is gone tells nobody to go on.
                    let _ = gate.wait_for(|open| *open).await;
                    Ok(Bytes::from(rest))
                });
                (kind, Body::from_stream(first.chain(later))).into_response()
            }
        }
    }

    async fn told_to_go_on(&self) {
        self.gate.subscribe().wait_for(|open| *open).await.unwrap();
    }
}
