use super::Browser;

#[test]
fn browsers_are_called_what_people_call_them() {
    for (platform, products, label) in [
        ("X11; Linux x86_64; rv:153.0", "Gecko/20100101 Firefox/153.0", "Firefox on Linux"),
        ("X11; Fedora; Linux x86_64; rv:153.0", "Gecko/20100101 Firefox/153.0", "Firefox on Fedora"),
        ("X11; Ubuntu; Linux x86_64; rv:153.0", "Gecko/20100101 Firefox/153.0", "Firefox on Ubuntu"),
        ("Android 16; Mobile; rv:153.0", "Gecko/153.0 Firefox/153.0", "Firefox on Android"),
        ("iPhone; CPU iPhone OS 26_1 like Mac OS X", "FxiOS/153.0 Mobile/15E148 Safari/604.1", "Firefox on iPhone"),
        ("iPhone; CPU iPhone OS 26_1 like Mac OS X", "Version/26.1 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        ("iPad; CPU OS 26_1 like Mac OS X", "CriOS/149.0.0.0 Mobile/15E148 Safari/604.1", "Chrome on iPad"),
        ("Macintosh; Intel Mac OS X 10_15_7", "Version/26.1 Safari/605.1.15", "Safari on Mac"),
        ("Macintosh; Intel Mac OS X 10_15_7", "Chrome/149.0.0.0 Safari/537.36 OPR/130.0.0.0", "Opera on Mac"),
        ("Windows NT 10.0; Win64; x64", "Chrome/149.0.0.0 Safari/537.36", "Chrome on Windows"),
        ("Windows NT 10.0; Win64; x64", "Chrome/149.0.0.0 Safari/537.36 Edg/149.0.0.0", "Edge on Windows"),
        ("X11; CrOS x86_64 14541.0.0", "Chrome/149.0.0.0 Safari/537.36", "Chrome on ChromeOS"),
        ("X11; Linux x86_64", "HeadlessChrome/149.0.0.0 Safari/537.36", "Chrome on Linux"),
        ("Linux; Android 10; K", "Chrome/149.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Linux; Android 10; K", "SamsungBrowser/29.0 Chrome/136.0.0.0 Safari/537.36", "Samsung Internet on Android"),
        ("X11; FreeBSD amd64", "Something/1.0", "Unknown browser on FreeBSD"),
    ] {
        let user_agent = format!("Mozilla/5.0 ({platform}) AppleWebKit/605.1.15 (KHTML, like Gecko) {products}");
        assert_eq!(Browser::of(&user_agent).label(), label, "{user_agent}");
    }
}

#[test]
fn what_is_no_browser_has_a_name_too() {
    for (user_agent, label) in
        [("curl/8.17.0", "curl"), ("", "Unknown browser"), ("<script>alert(1)</script>", "Unknown browser")]
    {
        assert_eq!(Browser::of(user_agent).label(), label);
    }
}

#[test]
fn a_phone_is_held_in_a_hand() {
    for (system, handheld) in
        [("iPhone; CPU", true), ("iPad", true), ("Android 16", true), ("Linux", false), ("", false)]
    {
        assert_eq!(Browser::of(system).is_handheld(), handheld, "{system}");
    }
}
