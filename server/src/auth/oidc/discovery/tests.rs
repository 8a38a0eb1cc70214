use super::*;
use serde_json::json;

fn document(issuer: &str) -> Value {
    let at = |path: &str| format!("https://id.example/{path}");
    json!({
        "issuer": issuer,
        "authorization_endpoint": at("authorize"),
        "token_endpoint": at("token"),
        "jwks_uri": at("jwks"),
        "id_token_signing_alg_values_supported": ["RS256"],
    })
}

#[test]
fn a26_every_way_to_write_the_issuer_leads_to_the_documents_own() {
    const ISSUER: &str = "https://id.example/application/o/chat/";
    for written in [
        "https://id.example/application/o/chat/",
        "https://id.example/application/o/chat",
        "  https://id.example/application/o/chat/ ",
        "https://ID.example/application/o/chat/",
        "https://id.example/application/o/chat/.well-known/openid-configuration",
        "https://id.example/application/o/chat/.well-known/openid-configuration/",
    ] {
        let found = read(&document(ISSUER), &base_of(written));
        assert_eq!(found.expect(written).issuer, ISSUER);
    }
    assert_eq!(base_of("https://id.example/"), "https://id.example");
}

#[test]
fn a27_a_document_of_another_issuer_is_refused() {
    let base = "https://id.example/application/o/chat";
    for other in ["https://evil.example/application/o/chat/", "https://id.example/application/o/other/", "", "nowhere"]
    {
        assert!(matches!(read(&document(other), base), Err(DiscoveryError::OtherIssuer { .. })), "{other}");
    }
    let mut plain = document("https://id.example/application/o/chat/");
    plain["token_endpoint"] = json!("http://id.example/token");
    assert!(matches!(read(&plain, base), Err(DiscoveryError::Unusable(_))));
}

#[test]
fn a28_the_clients_secret_signs_only_where_nothing_else_does() {
    let accepted = |names: &[&str]| algorithms(&json!({ "id_token_signing_alg_values_supported": names }));
    assert_eq!(accepted(&["HS256"]), [Alg::HmacSha256]);
    assert_eq!(accepted(&["HS256", "RS256"]), [Alg::RsaSsaPkcs1V15Sha256]);
    assert_eq!(accepted(&["ES256"]), [Alg::EcdsaP256Sha256]);
    assert_eq!(accepted(&["none"]), []);
    assert_eq!(algorithms(&json!({})), [Alg::RsaSsaPkcs1V15Sha256]);
}
