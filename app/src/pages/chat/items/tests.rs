use super::*;
use chat::{ModelRef, Outcome, Phase, Seq, Timestamp, TurnEvent, TurnId, TurnState, Usage, UserMessage};

fn id(n: u8) -> MessageId {
    ["018f0000-0000-7000-8000-00000000000", &n.to_string()].concat().parse().expect("an id")
}

fn key(n: u8) -> SendKey {
    SendKey(id(n).0)
}

fn user(n: u8, text: &str) -> Message {
    Message::User(UserMessage {
        id: id(n),
        parent: None,
        text: text.into(),
        attachments: Vec::new(),
        created_at: Timestamp(0),
    })
}

fn turn(n: u8, text: &str) -> Turn {
    let mut turn = Turn {
        id: TurnId(id(n).0),
        reply: id(n),
        parent: id(1),
        model: ModelRef::new("p", "m"),
        model_name: "M".into(),
        state: TurnState::Running(Phase::Asked),
        seq: Seq::default(),
        text: String::new(),
        reasoning: String::new(),
        cost: None,
        usage: Usage::default(),
        started_at: Timestamp(0),
        first_reasoning_at: None,
        first_text_at: None,
        ended_at: None,
    };
    for letter in text.chars() {
        turn.record(TurnEvent::Text(letter.into()), Timestamp(1));
    }
    turn
}

fn ended(n: u8, text: &str, outcome: Outcome) -> Turn {
    let mut turn = turn(n, text);
    turn.record(TurnEvent::Finished(outcome), Timestamp(2));
    turn
}

fn said(items: &[Item]) -> Vec<String> {
    let text = |item: &Item| match &item.body {
        Body::User(message) => message.text.clone(),
        Body::Reply(turn) => turn.with_untracked(|turn| turn.text.clone()),
    };
    items.iter().map(text).collect()
}

fn keys(items: &[Item]) -> Vec<MessageId> {
    items.iter().map(|item| item.key).collect()
}

#[test]
fn a_sent_message_keeps_its_place_and_gets_its_reply() {
    let mut items = vec![Item::sending(key(9), "hi")];
    let reply = place(&mut items, key(9), user(1, "hi"), turn(2, "a"));
    assert_eq!((keys(&items), items[0].id()), (vec![id(9), id(2)], id(1)));
    assert_eq!(reply.with_untracked(|turn| turn.reply), id(2));

    // The same answer again, after a repeated send, changes nothing.
    place(&mut items, key(9), user(1, "hi"), turn(2, "a"));
    assert_eq!(keys(&items), [id(9), id(2)]);
}

#[test]
fn a_message_that_a_reload_brought_first_is_shown_once() {
    let mut items =
        vec![Item::new(user(1, "hi")), Item::new(Message::Reply(turn(2, "ab"))), Item::sending(key(9), "hi")];
    let reply = place(&mut items, key(9), user(1, "hi"), turn(2, "a"));
    assert_eq!(said(&items), ["hi", "ab"]);
    assert_eq!(reply.with_untracked(|turn| turn.text.clone()), "ab");
}

#[test]
fn the_servers_words_win_over_what_was_painted() {
    let mut items = vec![Item::sending(key(9), "second try")];
    place(&mut items, key(9), user(1, "first try"), turn(2, ""));
    assert_eq!(said(&items), ["first try", ""]);
    assert_eq!(keys(&items)[0], id(1), "shown anew");
}

#[test]
fn a_reload_adds_what_is_new_and_leaves_the_rest_alone() {
    let mut items = vec![Item::sending(key(9), "hi")];
    let reply = place(&mut items, key(9), user(1, "hi"), turn(2, "abc"));
    let store =
        vec![user(1, "hi"), Message::Reply(turn(2, "ab")), user(3, "from elsewhere"), Message::Reply(turn(4, "x"))];
    let items = merge(&items, store);
    assert_eq!(keys(&items), [id(9), id(2), id(3), id(4)]);
    assert_eq!(said(&items), ["hi", "abc", "from elsewhere", "x"]);

    // After a crash the store may have less than was shown, and that is what there is.
    let stored = ended(2, "ab", Outcome::Interrupted);
    merge(&items, vec![user(1, "hi"), Message::Reply(stored.clone())]);
    assert_eq!(reply.get_untracked(), stored);
}

#[test]
fn another_version_stands_where_the_first_one_stood() {
    let first = || merge(&[], vec![user(1, "hi"), Message::Reply(ended(2, "a", Outcome::Stopped)), user(5, "and")]);
    let mut items = first();
    assert!(replace(&mut items, id(7), None, turn(3, "")).is_none());
    let reply = replace(&mut items, id(2), None, turn(3, "b")).expect("the reply is shown");
    assert_eq!((said(&items), keys(&items)), (vec!["hi".to_owned(), "b".into()], vec![id(1), id(3)]));
    assert_eq!(reply.with_untracked(|turn| turn.reply), id(3));

    let mut items = first();
    replace(&mut items, id(1), Some(user(6, "hello")), turn(7, "c")).expect("the message is shown");
    assert_eq!((said(&items), keys(&items)), (vec!["hello".to_owned(), "c".into()], vec![id(6), id(7)]));
}
