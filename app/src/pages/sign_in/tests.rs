use super::Asked;
use chat::ports::ProviderButton;
use leptos_router::params::ParamsMap;

fn asked(query: &[(&'static str, &str)]) -> Asked {
    Asked::of(&query.iter().map(|(name, value)| (*name, (*value).to_owned())).collect::<ParamsMap>())
}

fn provider(id: &str, label: &str) -> ProviderButton {
    ProviderButton { id: id.into(), label: label.into(), account: None }
}

#[test]
fn the_only_provider_is_gone_to_at_once() {
    let one = [provider("authentik", "Authentik")];
    for (query, address) in [
        (&[][..], Some("/api/auth/signin/authentik?callbackUrl=%2F")),
        (&[("callbackUrl", "/c/1?a=b")], Some("/api/auth/signin/authentik?callbackUrl=%2Fc%2F1%3Fa%3Db")),
        (&[("callbackUrl", "//evil.example")], Some("/api/auth/signin/authentik?callbackUrl=%2F")),
        (&[("signedOut", "1")], None),
        (&[("signedOut", ""), ("callbackUrl", "/c/1")], None),
        (&[("error", "unreachable"), ("provider", "authentik")], None),
        (&[("error", "1")], None),
    ] {
        assert_eq!(asked(query).straight_on(&one).as_deref(), address, "{query:?}");
    }
    assert_eq!(asked(&[]).straight_on(&[]), None);
    assert_eq!(asked(&[]).straight_on(&[provider("a", "A"), provider("b", "B")]), None);
}

#[test]
fn only_a_provider_that_is_set_up_can_be_unreachable() {
    let all = [provider("authentik", "Authentik"), provider("work", "Work")];
    for (query, label) in [
        (&[("error", "unreachable"), ("provider", "work")][..], Some("Work")),
        (&[("error", "unreachable"), ("provider", "<b>other</b>")], None),
        (&[("error", "unreachable")], None),
        (&[("error", "1"), ("provider", "work")], None),
        (&[("provider", "work")], None),
    ] {
        assert_eq!(asked(query).unreachable(&all).as_deref(), label, "{query:?}");
    }
}
