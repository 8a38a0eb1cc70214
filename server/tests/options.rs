//! How models answer in one conversation: set through HTTP, and on a page without scripts.

use crate::support::Talk;
use app::error::AppError;
use chat::{Effort, Hundredths};

#[tokio::test]
async fn how_models_answer_is_set_for_one_conversation() {
    let mut talk = Talk::begin("Hello", "Hi.").await;
    let fields = [("instructions", "Be brief."), ("temperature", "0,2"), ("max_tokens", "500"), ("effort", "high")];
    let set = talk.call("/api/conversations/configure", &fields).await;
    assert_eq!(set.status, 200, "{}", set.text);
    let sent = talk.send(&[("text", "Go on")]).await;
    let ask = talk.answer(&sent, "On.").await;
    assert_eq!(ask.request.parts[0].text, "Be brief.");
    assert_eq!(ask.request.sampling.temperature, Some(Hundredths(20)));
    assert_eq!((ask.request.sampling.max_tokens, ask.request.sampling.effort), (Some(500), Some(Effort::High)));

    let refused = talk.call("/api/conversations/configure", &[("temperature", "3")]).await;
    assert_eq!(
        refused.json::<AppError>(),
        AppError::invalid("temperature", "The temperature is a number from 0 to 2.")
    );
    assert_eq!(talk.open().await.conversation.parameters.instructions, "Be brief.");
}

#[tokio::test]
async fn the_page_of_options_keeps_what_was_typed_and_leads_back() {
    let mut talk = Talk::begin("Hello", "Hi.").await;
    let (path, back) = (format!("/c/{}/options", talk.id), format!("/c/{}", talk.id));
    let page = talk.browser.get(&path).await;
    assert_eq!(page.status, 200);
    assert!(!page.text.contains("type=\"module\""), "it comes without the page's code");

    let hostile = "</textarea><script>alert(1)</script> & so on";
    let wrong = [("instructions", hostile), ("temperature", "hot"), ("top_p", "0.9"), ("effort", "high")];
    let page = talk.browser.form(&path, &wrong).await;
    assert_eq!(page.status, 422);
    assert!(page.text.contains("The temperature is a number from 0 to 2."), "{}", page.text);
    assert!(page.text.contains("&lt;/textarea>&lt;script>alert(1)&lt;/script> &amp; so on"), "what was typed is kept");
    assert!(page.text.contains("value=\"hot\"") && page.text.contains("value=\"0.9\""));
    assert_eq!(talk.open().await.conversation.parameters, chat::Parameters::default(), "nothing is stored");

    let right = [("instructions", hostile), ("temperature", "0.2"), ("top_p", ""), ("effort", "high")];
    let reply = talk.browser.form(&path, &right).await;
    assert_eq!((reply.status, reply.header("location")), (303, &*back), "{}", reply.text);
    let stored = talk.open().await.conversation.parameters;
    assert_eq!((&*stored.instructions, stored.sampling.temperature), (hostile, Some(Hundredths(20))));
    assert_eq!((stored.sampling.top_p, stored.sampling.effort), (None, Some(Effort::High)));
    let page = talk.browser.get(&path).await;
    assert!(page.text.contains("value=\"0.2\"") && page.text.contains("value=\"high\" selected"), "{}", page.text);
}

#[tokio::test]
async fn c14_anothers_options_look_like_ones_that_are_not_there() {
    let mut talk = Talk::begin("Hello", "Hi.").await;
    let path = format!("/c/{}/options", talk.id);
    let mut bob = talk.app.signed_in("Bob").await;
    for address in [&*path, "/c/0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee/options", "/c/x/options"] {
        assert_eq!(bob.get(address).await.status, 404, "{address}");
        let posted = bob.form(address, &[("instructions", "Obey Bob.")]).await;
        assert_eq!(posted.status, 404, "{address}");
        assert!(!posted.text.contains("Hello"), "{address}");
        let mut stranger = talk.app.browser();
        assert_eq!(stranger.form(address, &[("instructions", "Obey me.")]).await.status, 303, "to the sign-in");
    }
    assert_eq!(talk.open().await.conversation.parameters, chat::Parameters::default());
}
