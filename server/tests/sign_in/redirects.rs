//! Where a sign-in leads to: a path of this server, whatever the address asks for (catalogue rows A30, A31).

use super::bed::{Bed, ORIGIN, arrive, begin_reply, query};
use crate::support::{
    Browser,
    hostile_op::{Key, Person},
};
use axum::{
    body::Body,
    http::{Method, header},
};
use std::collections::BTreeSet;
use url::Url;

/// How an address can pretend to be local, or be taken for something else than it looks like.
const BEGINNINGS: [&str; 42] = [
    "//",
    "///",
    "////",
    "/\\",
    "\\\\",
    "\\/",
    "/\\/",
    "/\t/",
    "/\n/",
    "/\r/",
    "\t//",
    " //",
    "\u{0}//",
    "/ /",
    "/%09/",
    "/%0a/",
    "/%0d/",
    "/%5c",
    "/%5C",
    "/%2f",
    "/%2F",
    "%2f%2f",
    "https:",
    "https:/",
    "https://",
    "HTTPS://",
    "http://",
    "http:",
    "https:\\\\",
    "https:///",
    "ht\ntps://",
    "\u{a0}https://",
    "javascript:",
    "JaVaScRiPt://",
    "java\tscript:",
    "data:text/html,",
    "vbscript:",
    "blob:http://",
    "file://",
    "//user:password@",
    "http://127.0.0.1:3210@",
    "http://127.0.0.1:3210.",
];

/// Whose server it would lead to.
const HOSTS: [&str; 14] = [
    "evil.example",
    "evil.example/",
    "evil.example:80/path",
    "evil.example?127.0.0.1:3210",
    "evil.example#127.0.0.1:3210",
    "evil.example\\@127.0.0.1:3210",
    "evil.example%2f@127.0.0.1:3210",
    "evil。example",
    "evil．example",
    "evil%E3%80%82example",
    "[::1]:1/",
    "0x7f000001:1",
    "2130706433",
    "alert(1)//evil.example",
];

/// What is no product of the two.
const OTHERS: [&str; 26] = [
    "",
    " ",
    "evil.example",
    "@evil.example",
    ".evil.example",
    ":evil.example",
    "?//evil.example",
    "#//evil.example",
    ";//evil.example",
    "./",
    "../",
    "..//evil.example",
    "c/1",
    "／／evil.example",
    "/／evil.example",
    "/\u{2028}/evil.example",
    "\u{feff}//evil.example",
    "/\u{200b}/evil.example",
    "/\r\nLocation: https://evil.example",
    "/\r\n\r\n<script>",
    "/c/1\u{0}",
    "/c/1 2",
    "/c/ä",
    "/\\\\evil.example",
    "http://127.0.0.1:3211/",
    "https://127.0.0.1:3210/",
];

fn corpus() -> BTreeSet<String> {
    let product = BEGINNINGS.iter().flat_map(|beginning| HOSTS.iter().map(move |host| format!("{beginning}{host}")));
    product.chain(OTHERS.map(str::to_owned)).chain([format!("/{}", "a".repeat(5_000))]).collect()
}

/// A browser that follows this stays here, and so does one behind a proxy that decodes it.
fn assert_stays(location: &str, wanted: &str) {
    let mut text = location.to_owned();
    for _ in 0..3 {
        let landed = Url::parse(ORIGIN).unwrap().join(&text).unwrap();
        assert_eq!(landed.origin().ascii_serialization(), ORIGIN, "{wanted:?} leads to {location:?}");
        assert!(text.starts_with('/') && !text[1..].starts_with(['/', '\\']), "{wanted:?} leads to {location:?}");
        text = url::form_urlencoded::parse(text.replace('+', "%2B").replace(['&', '='], "%26").as_bytes())
            .next()
            .map_or_else(|| "/".into(), |(text, _)| text.into_owned());
    }
}

/// A provider that signs quickly.
async fn bed() -> Bed {
    let bed = Bed::start().await;
    bed.op.switches().rotate(Key::Secret);
    bed.op.switches().published.clear();
    bed
}

/// Comes back from the provider and gives where that leads to.
async fn lands(bed: &Bed, browser: &mut Browser, authorize: &str) -> String {
    assert!(authorize.starts_with(&bed.op.address("/application/o/authorize/?")), "{authorize}");
    let callback = bed.op.visit(authorize, Person::new("Ada"));
    let reply = arrive(browser, &callback).await;
    assert_eq!(reply.status, 303, "{}", reply.text);
    reply.header("location").to_owned()
}

#[tokio::test]
async fn a30_no_sign_in_leads_elsewhere_by_its_address() {
    let (bed, corpus) = (bed().await, corpus());
    assert!(corpus.len() >= 500, "{}", corpus.len());
    for wanted in &corpus {
        let mut browser = bed.app.browser();
        let begun = begin_reply(&mut browser, wanted).await;
        let asked = query(begun.header("location"));
        assert_eq!(asked["redirect_uri"], format!("{ORIGIN}/api/auth/callback/authentik"), "{wanted:?}");
        let location = lands(&bed, &mut browser, begun.header("location")).await;
        assert_stays(&location, wanted);
        assert_eq!(location, "/", "{wanted:?}");
    }
}

#[tokio::test]
async fn a30_no_sign_in_leads_elsewhere_by_its_form_and_no_sign_out_either() {
    let bed = bed().await;
    for wanted in &corpus() {
        let mut browser = bed.app.browser();
        let form = browser.form("/api/auth/signin", &[("provider", "authentik"), ("back", wanted)]).await;
        assert_eq!(form.status, 303, "{wanted:?}: {}", form.text);
        let location = lands(&bed, &mut browser, form.header("location")).await;
        assert_stays(&location, wanted);
        assert_eq!(location, "/", "{wanted:?}");

        let names = ["callbackUrl", "back", "redirect", "returnTo", "next", "post_logout_redirect_uri"];
        let fields = names.map(|name| (name, wanted.as_str()));
        let more: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let out = browser.form(&format!("/api/auth/signout?{more}"), &fields).await;
        let address = out.header("location");
        assert!(address.starts_with(&format!("{}end-session/?", bed.op.issuer())), "{wanted:?}: {address}");
        assert_eq!(query(address)["post_logout_redirect_uri"], format!("{ORIGIN}/signin?signedOut=1"), "{wanted:?}");
    }
}

#[tokio::test]
async fn a30_the_sign_in_page_leads_nowhere_else() {
    let (bed, straight) = (bed().await, Bed::with(&[("AUTH_AUTO_REDIRECT", "1")]).await);
    let mut ada = bed.signed_in(&Person::new("Ada")).await;
    for wanted in &corpus() {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("callbackUrl", wanted).finish();
        let address = format!("/signin?{query}");
        let reply = ada.get(&address).await;
        assert_eq!((reply.status, reply.header("location")), (303, "/"), "{wanted:?}");
        let page = bed.app.browser().get(&address).await;
        assert_eq!(page.status, 200, "{wanted:?}");
        assert!(!page.text.contains("evil.example"), "{wanted:?} is in the page: {}", page.text);
        let reply = straight.app.browser().get(&address).await;
        let onwards = "/api/auth/signin/authentik?callbackUrl=%2F";
        assert_eq!((reply.status, reply.header("location")), (303, onwards), "{wanted:?}");
    }
}

#[tokio::test]
async fn a30_paths_of_this_server_are_kept() {
    let bed = bed().await;
    for wanted in [
        "/",
        "/c/0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee",
        "/c/1?a=b&c=d#e",
        "/settings/sessions",
        "/?q=https://evil.example",
        "/c/%C3%A4?x=%2F%2F",
        "/@evil.example",
        "/:80",
    ] {
        let mut browser = bed.app.browser();
        let authorize = bed.begin(&mut browser, wanted).await;
        let location = lands(&bed, &mut browser, &authorize).await;
        assert_eq!(location, wanted);
        assert_stays(&location, wanted);
    }
}

#[tokio::test]
async fn a31_addresses_that_make_no_sense_begin_a_plain_sign_in() {
    let bed = bed().await;
    let long = format!("callbackUrl=%2F{}", "a".repeat(60_000));
    let quotes = format!("callbackUrl=%2F{}", "%22".repeat(1_900));
    for raw in [
        "callbackUrl=%",
        "callbackUrl=%ff%fe",
        "callbackUrl=%zz",
        "callbackUrl=%00",
        "callbackUrl[]=%2Fc",
        "callbackUrl[a]=%2Fc",
        "callbackUrl=%2Fa&callbackUrl=%2Fb",
        "callbackUrl",
        "&&&=&?",
        "again[]=1",
        &long,
        &quotes,
    ] {
        let mut browser = bed.app.browser();
        let begun = browser.get(&format!("/api/auth/signin/authentik?{raw}")).await;
        assert_eq!(begun.status, 303, "{raw:.60}: {}", begun.text);
        let cookie = begun.header("set-cookie").len();
        assert!(cookie < 4_000, "{raw:.60}: a browser throws a cookie of {cookie} bytes away");
        assert_stays(&lands(&bed, &mut browser, begun.header("location")).await, raw);
    }
    for body in
        ["back=%", "back=%ff", "back[]=%2F", "back=%2F&back=%2F", "back=%00", &long.replace("callbackUrl", "back")]
    {
        let mut browser = bed.app.browser();
        let request = browser.request(Method::POST, "/api/auth/signin").header(header::ACCEPT, "text/html");
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let form = format!("provider=authentik&{body}");
        let begun = browser.send(request.body(Body::from(form)).unwrap()).await;
        assert!(begun.status == 303 || (400..500).contains(&begun.status), "{body:.60}: {}", begun.status);
        if begun.header("location").starts_with(&bed.op.address("/")) {
            assert_stays(&lands(&bed, &mut browser, begun.header("location")).await, body);
        }
    }
}
