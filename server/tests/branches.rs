//! Versions of messages, answers that go on, and deletions that are undone, without a browser.

use crate::support::{Reply, Talk};
use app::error::AppError;
use chat::{
    Message, Outcome, Summary, Transcript, Turn, UserMessage,
    ports::{Conversations, ModelEvent, Sent, StopReason},
    prompt::{ChatRequest, Speaker},
};

fn says(transcript: &Transcript) -> Vec<&str> {
    transcript.messages.iter().map(text).collect()
}

fn text(message: &Message) -> &str {
    match message {
        Message::User(UserMessage { text, .. }) | Message::Reply(Turn { text, .. }) => text,
    }
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
    let running = sent.turn.id.to_string();
    let sentence = "A reply is still being written here. Wait for it, or stop it first.";
    for (path, fields) in [
        ("/api/messages/delete", [("message", &*first), ("scope", "branch")]),
        ("/api/messages/delete", [("message", &*first), ("scope", "one")]),
        ("/api/turns/send", [("instead_of", &*first), ("text", "Uno")]),
        ("/api/turns/retry", [("turn", &*turn), ("model", "")]),
        ("/api/turns/continue", [("turn", &*running), ("model", "")]),
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
