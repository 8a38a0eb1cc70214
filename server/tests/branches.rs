//! Versions of messages, answers that go on, and deletions that are undone, without a browser.

use crate::support::{Ask, Browser, Reply, TestApp};
use app::error::AppError;
use chat::{
    Effort, Hundredths, Message, MessageId, Outcome, SendKey, Summary, Timestamp, Transcript, Turn,
    ports::{Conversations, ModelEvent, Sent, StopReason},
    prompt::{ChatRequest, Speaker},
};
use uuid::Uuid;

/// A user with one conversation.
struct Talk {
    app: TestApp,
    browser: Browser,
    id: String,
    keys: u128,
}

impl Talk {
    /// A conversation in which one question has been answered.
    async fn begin(question: &str, answer: &str) -> Self {
        let app = TestApp::start().await;
        let browser = app.signed_in("Ada").await;
        let mut talk = Self { app, browser, id: String::new(), keys: 0 };
        let sent: Sent = talk.call("/api/turns/send", &[("text", question)]).await.json();
        talk.id = sent.conversation.id.to_string();
        talk.answer(&sent, answer).await;
        talk
    }

    /// Calls with a fresh key and the conversation, under every name that server functions have for it.
    async fn call(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.keys += 1;
        let key = SendKey(Uuid::from_u128(self.keys)).to_string();
        let id = self.id.clone();
        let fields = [&[("key", &*key), ("conversation", &*id), ("id", &*id)], fields].concat();
        self.browser.call(path, &fields).await
    }

    async fn send(&mut self, fields: &[(&str, &str)]) -> Sent {
        let reply = self.call("/api/turns/send", fields).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()
    }

    /// Writes the whole answer to what was sent.
    async fn answer(&mut self, sent: &Sent, text: &str) -> Ask {
        let ask = self.app.models.next().await;
        ask.text(text);
        ask.end();
        self.ended(sent).await;
        ask
    }

    async fn ended(&mut self, sent: &Sent) {
        self.browser.watch(&format!("/api/turns/{}/events", sent.turn.id)).await.rest().await;
    }

    async fn ask(&mut self, question: &str, answer: &str) -> Sent {
        let sent = self.send(&[("text", question)]).await;
        self.answer(&sent, answer).await;
        sent
    }

    async fn open(&mut self) -> Transcript {
        self.call("/api/conversations/transcript", &[]).await.json()
    }

    async fn choose(&mut self, message: MessageId) -> Transcript {
        let reply = self.call("/api/conversations/choose", &[("message", &message.to_string())]).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()
    }

    async fn delete(&mut self, message: MessageId, scope: &str) -> Timestamp {
        // Two deletions are told apart by their moments.
        self.app.clock.advance(1);
        let reply = self.call("/api/messages/delete", &[("message", &message.to_string()), ("scope", scope)]).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()
    }

    async fn restore(&mut self, deleted_at: Timestamp) -> Transcript {
        let reply = self.call("/api/messages/restore", &[("deleted_at", &deleted_at.0.to_string())]).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()
    }
}

fn says(transcript: &Transcript) -> Vec<&str> {
    let text = |message| match message {
        &Message::User(ref message) => &*message.text,
        Message::Reply(turn) => &*turn.text,
    };
    transcript.messages.iter().map(text).collect()
}

/// Which versions are shown where there are several: `(2, 3)` is the second of three.
fn versions(transcript: &Transcript) -> Vec<(usize, usize)> {
    let place = |fork: &chat::Fork| fork.versions.iter().position(|version| *version == fork.shown);
    transcript.forks.iter().map(|fork| (place(fork).expect("a shown version") + 1, fork.versions.len())).collect()
}

fn asked(request: &ChatRequest) -> Vec<&str> {
    request.parts.iter().map(|part| &*part.text).collect()
}

fn last_turn(transcript: &Transcript) -> &Turn {
    match transcript.messages.last() {
        Some(Message::Reply(turn)) => turn,
        other => panic!("not a reply: {other:?}"),
    }
}

/// The sentence with which something was refused because a reply is being written.
fn refusal(reply: &Reply) -> String {
    assert_eq!(reply.status, 422, "{}", reply.text);
    reply.json::<AppError>().to_string()
}

#[tokio::test]
async fn an_edited_message_is_another_version_and_the_first_one_is_still_there() {
    let mut talk = Talk::begin("Why is the sky blue?", "Rayleigh.").await;
    talk.ask("And at dusk?", "Longer ways.").await;
    let before = talk.open().await;
    let first = before.messages[0].id();

    let sent = talk.send(&[("instead_of", &first.to_string()), ("text", "Why is the sea blue?")]).await;
    let ask = talk.answer(&sent, "It absorbs red.").await;
    assert_eq!(asked(&ask.request), ["Why is the sea blue?"], "what followed the first version is not told");
    let edited = talk.open().await;
    assert_eq!(says(&edited), ["Why is the sea blue?", "It absorbs red."]);
    assert_eq!(versions(&edited), [(2, 2)]);

    let back = talk.choose(first).await;
    assert_eq!(says(&back), ["Why is the sky blue?", "Rayleigh.", "And at dusk?", "Longer ways."]);
    assert_eq!(versions(&back), [(1, 2)]);
    assert_eq!(talk.open().await, back, "the choice is remembered");
    let page = talk.browser.get(&format!("/c/{}", talk.id)).await;
    assert!(page.text.contains("Longer ways.") && !page.text.contains("It absorbs red."));

    let next = talk.ask("Thanks", "Welcome.").await;
    assert_eq!(next.message.parent(), back.messages.last().map(Message::id), "it goes on where one is");
}

#[tokio::test]
async fn only_what_a_user_said_can_be_said_otherwise() {
    let mut talk = Talk::begin("Hello", "Hi.").await;
    let reply = talk.open().await.messages[1].id().to_string();
    let refused = talk.call("/api/turns/send", &[("instead_of", &reply), ("text", "I say")]).await;
    assert_eq!(refused.status, 404, "{}", refused.text);
    let blank = talk.call("/api/turns/send", &[("instead_of", &reply), ("text", "  ")]).await;
    assert_eq!(blank.status, 422, "{}", blank.text);
    assert_eq!(says(&talk.open().await), ["Hello", "Hi."]);
}

#[tokio::test]
async fn an_answer_is_written_again_by_another_model_beside_the_first() {
    let mut talk = Talk::begin("Hello", "Hi.").await;
    let of = last_turn(&talk.open().await).clone();
    let fields = [("turn", &*of.id.to_string()), ("model", "scripted/two")];
    let sent: Sent = talk.call("/api/turns/retry", &fields).await.json();
    assert_eq!((sent.turn.model.model.as_str(), sent.turn.parent), ("two", of.parent));
    talk.answer(&sent, "Good day.").await;
    let again = talk.open().await;
    assert_eq!((says(&again), versions(&again)), (vec!["Hello", "Good day."], vec![(2, 2)]));
    assert_eq!(says(&talk.choose(of.reply).await), ["Hello", "Hi."]);
}

#[tokio::test]
async fn a_stopped_answer_goes_on_from_where_it_was() {
    let mut talk = Talk::begin("Hello", "Hi.").await;
    let sent = talk.send(&[("text", "Tell a story")]).await;
    let ask = talk.app.models.next().await;
    ask.text("Once upon");
    let mut events = talk.browser.watch(&format!("/api/turns/{}/events?after=0", sent.turn.id)).await;
    while !events.next().await.unwrap().data.contains("Once upon") {}
    let turn = sent.turn.id.to_string();
    talk.call("/api/turns/stop", &[("turn", &turn)]).await;
    talk.ended(&sent).await;

    let on: Sent = talk.call("/api/turns/continue", &[("turn", &turn)]).await.json();
    assert_eq!(on.turn.text, "Once upon", "it begins with what there is");
    let ask = talk.answer(&on, " a time.").await;
    assert_eq!(
        ask.request.parts.last().map(|part| (part.speaker, &*part.text)),
        Some((Speaker::Assistant, "Once upon"))
    );
    let whole = talk.open().await;
    assert_eq!(says(&whole)[3], "Once upon a time.");
    assert_eq!((last_turn(&whole).outcome(), versions(&whole)), (Some(&Outcome::Complete), vec![(2, 2)]));
    assert_eq!(says(&talk.choose(sent.turn.reply).await)[3], "Once upon");
}

#[tokio::test]
async fn an_answer_that_reached_the_limit_of_tokens_goes_on_too() {
    let mut talk = Talk::begin("Hello", "Hi.").await;
    let sent = talk.send(&[("text", "Count")]).await;
    let ask = talk.app.models.next().await;
    ask.text("1, 2");
    ask.event(ModelEvent::End(StopReason::Length));
    talk.ended(&sent).await;
    assert_eq!(last_turn(&talk.open().await).outcome(), Some(&Outcome::Length));
    let on: Sent = talk.call("/api/turns/continue", &[("turn", &sent.turn.id.to_string())]).await.json();
    talk.answer(&on, ", 3").await;
    assert_eq!(says(&talk.open().await)[3], "1, 2, 3");
}

#[tokio::test]
async fn one_message_is_deleted_and_brought_back() {
    let mut talk = Talk::begin("One", "Reply to one").await;
    talk.ask("Two", "Reply to two").await;
    let before = talk.open().await;
    let at = talk.delete(before.messages[1].id(), "one").await;
    assert_eq!(says(&talk.open().await), ["One", "Two", "Reply to two"]);

    let sent = talk.send(&[("text", "Three")]).await;
    let ask = talk.answer(&sent, "Reply to three").await;
    assert_eq!(asked(&ask.request), ["One", "Two", "Reply to two", "Three"], "no model is told of it");
    let restored = talk.restore(at).await;
    assert_eq!(says(&restored), ["One", "Reply to one", "Two", "Reply to two", "Three", "Reply to three"]);
    let twice = talk.call("/api/messages/restore", &[("deleted_at", &at.0.to_string())]).await;
    assert_eq!(twice.status, 404, "there is nothing more to bring back");
}

#[tokio::test]
async fn a_message_and_what_follows_is_deleted_and_brought_back_exactly() {
    let mut talk = Talk::begin("One", "Reply to one").await;
    talk.ask("Two", "Reply to two").await;
    let second = talk.open().await.messages[2].id();
    let other = talk.send(&[("instead_of", &second.to_string()), ("text", "Two, otherwise")]).await;
    talk.answer(&other, "Reply to the other").await;
    talk.choose(second).await;
    let before = talk.open().await;

    let at = talk.delete(second, "branch").await;
    let left = talk.open().await;
    assert_eq!(says(&left), ["One", "Reply to one", "Two, otherwise", "Reply to the other"]);
    assert_eq!(versions(&left), [], "there is no other version any more");
    assert_eq!(talk.restore(at).await, before);
    assert_eq!(talk.open().await, before);

    let first = before.messages[0].id();
    let at = talk.delete(first, "branch").await;
    let empty = talk.open().await;
    assert_eq!((says(&empty), versions(&empty)), (vec![], vec![]));
    let page = talk.browser.get(&format!("/c/{}", talk.id)).await;
    assert_eq!(page.status, 200, "a conversation of which everything is deleted can still be opened");
    assert_eq!(talk.restore(at).await.messages.len(), 4);
}

#[tokio::test]
async fn a_refused_deletion_and_a_refused_version_say_why() {
    let mut talk = Talk::begin("One", "Reply to one").await;
    let before = talk.open().await;
    let (first, turn) = (before.messages[0].id().to_string(), last_turn(&before).id.to_string());
    let sent = talk.send(&[("text", "Two")]).await;
    let sentence = "A reply is still being written here. Wait for it, or stop it first.";
    for (path, fields) in [
        ("/api/messages/delete", [("message", &*first), ("scope", "branch")]),
        ("/api/messages/delete", [("message", &*first), ("scope", "one")]),
        ("/api/turns/send", [("instead_of", &*first), ("text", "Uno")]),
        ("/api/turns/retry", [("turn", &*turn), ("model", "")]),
        ("/api/turns/continue", [("turn", &*turn), ("model", "")]),
    ] {
        let reply = talk.call(path, &fields).await;
        assert_eq!(refusal(&reply), sentence, "{path}");
    }
    talk.answer(&sent, "Reply to two").await;
    assert_eq!(says(&talk.open().await), ["One", "Reply to one", "Two", "Reply to two"]);
    let reply = talk.call("/api/messages/delete", &[("message", &*first), ("scope", "all of it")]).await;
    assert_eq!(reply.status, 422, "{}", reply.text);
}

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
async fn a_summary_is_shown_where_what_it_stands_for_ends() {
    let mut talk = Talk::begin("One", "Reply to one").await;
    talk.ask("Two", "Reply to two").await;
    let user: Option<chat::User> = talk.call("/api/auth/me", &[]).await.json();
    let summary =
        Summary { upto: talk.open().await.messages[1].id(), text: "Ada counts & <b>Confab</b> replies.".into() };
    let id = talk.id.parse().unwrap();
    assert!(talk.app.store.summarise(user.unwrap().id, id, &summary).await.unwrap());
    let page = talk.browser.get(&format!("/c/{}", talk.id)).await.text;
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is not on the page"));
    let mark = at("Summarised above");
    assert!(at("Reply to one") < mark && mark < at("Two"));
    assert!(mark < at("Ada counts &amp; &lt;b&gt;Confab&lt;/b&gt; replies."));
}

#[tokio::test]
async fn versions_work_as_plain_forms() {
    let mut talk = Talk::begin("Hello", "Hi.").await;
    let before = talk.open().await;
    let turn = last_turn(&before).clone();
    let sent: Sent = talk.call("/api/turns/retry", &[("turn", &turn.id.to_string())]).await.json();
    talk.answer(&sent, "Good day.").await;
    let path = format!("/c/{}", talk.id);
    let page = talk.browser.get(&path).await;
    assert!(page.text.contains("action=\"/api/conversations/choose\""), "the page has a form for it");
    let fields = [("id", &*talk.id), ("message", &*turn.reply.to_string())];
    let reply = talk.browser.form("/api/conversations/choose", &fields).await;
    assert_eq!((reply.status, reply.header("location")), (303, &*path));
    assert_eq!(says(&talk.open().await), ["Hello", "Hi."]);
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
