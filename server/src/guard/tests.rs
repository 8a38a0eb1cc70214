use super::*;

#[test]
fn a37_only_public_https_addresses_are_asked() {
    for address in ["https://example.com/a.png", "https://1.1.1.1/a.png", "https://[2606:4700::1111]/a.png"] {
        assert!(may_be_asked(&address.parse().expect(address)), "{address}");
    }
    let inside = [
        "http://example.com/a.png",
        "https://user@example.com/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0.0.0.0/",
        "https://10.0.0.1/",
        "https://172.31.255.255/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/",
        "https://198.18.0.1/",
        "https://224.0.0.1/",
        "https://255.255.255.255/",
        "https://[::1]/",
        "https://[::]/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[2001:db8::1]/",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
    ];
    for address in inside {
        assert!(!may_be_asked(&address.parse().expect(address)), "{address}");
    }
}

#[tokio::test]
async fn a37_a_name_that_stands_for_an_inside_address_is_not_asked() {
    let guarded = Guarded::new().expect("a client");
    let error = guarded.get(&"https://localhost:1/a.png".parse().expect("an address"), 100).await.expect_err("refused");
    let GuardError::Unusable(text) = error else { panic!("{error}") };
    assert!(text.contains("localhost"), "{text}");
    let found = PublicHosts.resolve("localhost".parse().expect("a name")).await;
    assert!(found.is_err(), "nothing of it is public");
}
