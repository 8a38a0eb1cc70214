//! What userinfo adds (OpenID Connect Core 1.0, section 5.3), and what it must not.

use super::bed::{Bed, arrive, whoami};
use crate::support::hostile_op::{Answer, Endpoint, Person};
use serde_json::{Value, json};

async fn name_and_email(bed: &Bed, person: &Person) -> (String, Option<String>) {
    let user = whoami(&mut bed.signed_in(person).await).await.expect("signed in");
    (user["name"].as_str().unwrap().to_owned(), user["email"].as_str().map(str::to_owned))
}

#[tokio::test]
async fn a24_what_the_id_token_lacks_comes_from_userinfo() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada");
    bed.op.switches().only_at_userinfo = true;
    assert_eq!(name_and_email(&bed, &ada).await, ("Ada".into(), Some("ada@example.test".into())));
    assert_eq!(bed.op.count(Endpoint::Userinfo), 1);
    // What the ID token says counts more.
    bed.op.behave();
    bed.op.switches().userinfo_claims.insert("name".into(), json!("Somebody Else"));
    assert_eq!(name_and_email(&bed, &ada.clone().without("groups")).await.0, "Ada");
    assert_eq!(bed.op.count(Endpoint::Userinfo), 2, "the groups are asked for");
    assert_eq!(name_and_email(&bed, &ada).await.0, "Ada");
    assert_eq!(bed.op.count(Endpoint::Userinfo), 2, "nothing is lacking");
}

#[tokio::test]
async fn a24_userinfo_of_somebody_else_is_thrown_away() {
    let bed = Bed::with(&[("AUTH_ADMIN_GROUPS", "admins")]).await;
    for (what, sub) in [
        ("userinfo-invalid-sub", json!("somebody-else")),
        ("missing sub", Value::Null),
        ("empty sub", json!("")),
        ("a list as sub", json!(["a"])),
        ("sub in other letters", json!(Person::new("Ada").sub.to_uppercase())),
    ] {
        bed.op.switches().only_at_userinfo = true;
        for (claim, value) in [("sub", sub), ("name", json!("Mallory")), ("email", json!("m@evil.example"))] {
            bed.op.switches().userinfo_claims.insert(claim.into(), value);
        }
        bed.op.switches().userinfo_claims.insert("groups".into(), json!(["admins"]));
        let (name, email) = name_and_email(&bed, &Person::new("Ada")).await;
        assert_eq!(email, None, "{what}");
        assert_eq!(name, Person::new("Ada").sub[..20], "{what}: who has no name is shown by what is known");
        bed.op.behave();
    }
    assert_eq!(bed.users().await, 1);
    let roles = bed.column("SELECT role FROM users").await;
    assert_eq!(roles, ["member"], "nobody else's groups count");
}

#[tokio::test]
async fn a24_a_sign_in_goes_on_without_userinfo() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada").without("groups");
    let trap = bed.op.address("/trap");
    for (what, answer) in [
        ("401", Answer::json(401, &json!({ "error": "invalid_token" }))),
        ("403", Answer::json(403, &json!({ "error": "insufficient_scope" }))),
        ("500", Answer::html(500)),
        ("HTML with 200", Answer::html(200)),
        ("a list", Answer::json(200, &json!([{ "sub": ada.sub }]))),
        ("nothing", Answer::Text(200, "application/json", String::new())),
        ("a signed answer", Answer::Text(200, "application/jwt", "eyJhbGciOiJub25lIn0.e30.".into())),
        ("ten megabytes", Answer::Huge),
        ("a redirect", Answer::Redirect(trap)),
    ] {
        let asked = bed.op.count(Endpoint::Userinfo);
        bed.op.switches().userinfo = answer;
        assert_eq!(name_and_email(&bed, &ada).await, ("Ada".into(), Some("ada@example.test".into())), "{what}");
        assert_eq!(bed.op.count(Endpoint::Userinfo), asked + 1, "{what}");
    }
    assert_eq!(bed.op.count(Endpoint::Elsewhere), 0, "a redirect is not followed");
}

#[tokio::test]
async fn a24_userinfo_that_says_nothing_is_given_up() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada").without("groups");
    for answer in [Answer::Hang, Answer::Drip] {
        let mut browser = bed.app.browser();
        let callback = bed.visit(&mut browser, "/", &ada).await;
        bed.op.switches().userinfo = answer;
        let reply = bed.give_up(&mut browser, Endpoint::Userinfo, &callback).await;
        assert_eq!(reply.status, 303, "{}", reply.text);
        assert_eq!(whoami(&mut browser).await.expect("signed in")["name"], "Ada");
    }
}

#[tokio::test]
async fn a25_claims_that_lie_elsewhere_are_not_fetched() {
    let bed = Bed::start().await;
    let trap = bed.op.address("/latest/meta-data/");
    let sources = json!({ "src1": { "endpoint": trap, "access_token": "abc" }, "src2": { "JWT": "eyJ.e30." } });
    let names = json!({ "email": "src1", "groups": "src1", "name": "src2" });
    let claims = [("_claim_names", names), ("_claim_sources", sources)];
    for at_userinfo in [false, true] {
        let mut ada = Person::new("Ada").without("groups").without("email");
        if at_userinfo {
            bed.op.switches().userinfo_claims.extend(claims.clone().map(|(name, value)| (name.to_owned(), value)));
        } else {
            ada = claims.iter().fold(ada, |ada, (name, value)| ada.with(name, value.clone()));
        }
        assert_eq!(name_and_email(&bed, &ada).await, ("Ada".into(), None));
    }
    assert_eq!(bed.op.count(Endpoint::Userinfo), 2);
    assert_eq!(bed.op.count(Endpoint::Elsewhere), 0, "somebody went where a claim pointed");
}

#[tokio::test]
async fn the_access_token_goes_to_userinfo_in_the_header_only_and_only_if_it_is_one() {
    let bed = Bed::start().await;
    let ada = Person::new("Ada").without("groups");
    // It could split the request, or make a library panic.
    for token in ["a\nb", "a\r\nX-Injected: 1", "a b", "\u{0}", "ä", "\u{7f}"] {
        let mut browser = bed.app.browser();
        let callback = bed.visit(&mut browser, "/", &ada).await;
        bed.op.switches().token_response.insert("access_token".into(), json!(token));
        assert_eq!(arrive(&mut browser, &callback).await.status, 303, "{token:?}");
        bed.op.behave();
    }
    assert_eq!(bed.op.count(Endpoint::Userinfo), 0);
}
