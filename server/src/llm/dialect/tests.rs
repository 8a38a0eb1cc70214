use super::*;
use chat::{ModelRef, Sampling};

fn url(base: &str, call: Call) -> String {
    call.url(&base.parse().expect("an address")).to_string()
}

#[test]
fn a_call_goes_below_the_base_address() {
    let call = || Call::get(&["models"]).below("v1").with_query("limit", "1000");
    for (base, whole) in [
        ("https://a.example", "https://a.example/v1/models?limit=1000"),
        ("https://a.example/", "https://a.example/v1/models?limit=1000"),
        ("https://a.example/v1", "https://a.example/v1/models?limit=1000"),
        ("https://a.example/v1/", "https://a.example/v1/models?limit=1000"),
        ("https://a.example/x?version=2", "https://a.example/x/v1/models?version=2&limit=1000"),
    ] {
        assert_eq!(url(base, call()), whole, "{base}");
    }
    assert_eq!(url("https://a.example/v2", Call::get(&["models"])), "https://a.example/v2/models");
}

#[test]
fn f15_no_segment_leaves_its_place() {
    for (id, path) in [
        ("a/b", "/models/a%2Fb"),
        ("../admin", "/models/..%2Fadmin"),
        ("..", "/models"),
        ("a?key=b#c", "/models/a%3Fkey=b%23c"),
        ("a\r\nb", "/models/ab"),
        ("%2e%2e", "/models/%252e%252e"),
    ] {
        let whole = url("https://a.example", Call::get(&["models", id]));
        assert_eq!(whole, format!("https://a.example{path}"), "{id}");
    }
}

#[test]
fn a_model_that_has_to_go_on_is_told_so() {
    let question =
        |parts: Vec<Part>| ChatRequest { model: ModelRef::new("a", "b"), parts, sampling: Sampling::default() };
    let (asked, begun) = (Part::text(Speaker::User, "Count."), Part::text(Speaker::Assistant, "1, 2,"));
    let first = question(vec![asked.clone()]);
    assert_eq!(ending_in_user(&first), first.parts);
    let parts = ending_in_user(&question(vec![asked, begun])).into_owned();
    assert_eq!((parts.len(), &parts[2]), (3, &Part::text(Speaker::User, GO_ON)));
}
