//! Conversations and turns.

use super::{Ports, at};
use chat::{
    Message, ModelRef, Phase, Prompt, Seq, Title, TurnState, UserId,
    ports::{BeginError, NewTurn, Place},
};

/// The texts that are shown of a conversation, replies in brackets.
async fn shown(ports: &Ports, owner: UserId, id: chat::ConversationId) -> Vec<String> {
    let transcript = ports.conversations.transcript(owner, id).await.expect("read").expect("a transcript");
    texts(&transcript.messages)
}

fn texts(messages: &[Message]) -> Vec<String> {
    let text = |message: &Message| match message {
        Message::User(message) => message.text.clone(),
        Message::Reply(turn) => format!("[{}]", turn.text),
    };
    messages.iter().map(text).collect()
}

fn title(text: &str) -> Title {
    Title::parse(text).expect("a title")
}

pub async fn a_conversation_from_its_first_message_to_its_end(ports: &Ports) {
    let ann = ports.user("ann").await;
    let new = ports.first_message(ann, "Hello", at(1));
    let mut begun = ports.turns.begin(&new).await.expect("a turn");
    let id = begun.conversation.id;
    assert!(!begun.repeated);
    assert_eq!((begun.conversation.created_at, begun.conversation.updated_at), (at(1), at(1)));
    assert_eq!(begun.conversation.title, title("Hello"));
    assert_eq!(texts(&begun.branch), ["Hello"]);
    assert_eq!((begun.branch[0].id(), begun.branch[0].parent()), (new.message, None));
    let turn = &begun.turn;
    assert_eq!((turn.id, turn.reply, turn.parent), (new.turn, new.reply, new.message));
    assert_eq!((&turn.model, turn.model_name.as_str()), (&ModelRef::new("openai", "gpt/large"), "GPT Large"));
    assert_eq!((&turn.state, turn.seq, turn.started_at), (&TurnState::Running(Phase::Asked), Seq(0), at(1)));

    let list = ports.conversations.list(ann, 9).await.expect("a list");
    assert_eq!((list.len(), list[0].id, list[0].running), (1, id, true));
    assert_eq!(ports.conversations.running_turns(ann, id).await.expect("read"), [new.turn]);
    assert_eq!(ports.stored(ann, new.turn).await, begun.turn);

    ports.finish(&mut begun.turn, "Hi.").await;
    assert_eq!(ports.stored(ann, new.turn).await, begun.turn);
    assert_eq!(ports.conversations.running_turns(ann, id).await.expect("read"), []);
    assert!(!ports.conversations.list(ann, 9).await.expect("a list")[0].running);

    let second = ports.message(ann, Place::After(id, None), "And you?", at(60));
    let mut second = ports.turns.begin(&second).await.expect("a turn");
    assert_eq!(texts(&second.branch), ["Hello", "[Hi.]", "And you?"]);
    assert_eq!(second.branch[2].parent(), Some(new.reply));
    assert_eq!(second.conversation.updated_at, at(60));
    ports.finish(&mut second.turn, "Well.").await;
    assert_eq!(shown(ports, ann, id).await, ["Hello", "[Hi.]", "And you?", "[Well.]"]);
    let transcript = ports.conversations.transcript(ann, id).await.expect("read").expect("a transcript");
    assert_eq!(transcript.conversation, second.conversation);
    assert_eq!(transcript.messages[1], Message::Reply(begun.turn));
}

pub async fn a_repeated_send_is_one_turn(ports: &Ports) {
    let ann = ports.user("ann").await;
    let new = ports.first_message(ann, "Hello", at(1));
    let mut first = ports.turns.begin(&new).await.expect("a turn");
    // The second time everything but the key is new, as it is when the browser sends again.
    let again = |text: &str| NewTurn {
        key: new.key,
        prompt: Prompt::parse(text).expect("a prompt"),
        ..ports.first_message(ann, "x", at(9))
    };
    let second = ports.turns.begin(&again("Hello")).await.expect("the same turn");
    assert!(second.repeated);
    assert_eq!((&second.turn, &second.branch, &second.conversation), (&first.turn, &first.branch, &first.conversation));

    ports.finish(&mut first.turn, "Hi.").await;
    let third = ports.turns.begin(&again("something else")).await.expect("the same turn");
    assert!(third.repeated);
    assert_eq!((&third.turn, texts(&third.branch)), (&first.turn, vec!["Hello".to_owned()]));
    assert_eq!(ports.conversations.list(ann, 9).await.expect("a list").len(), 1);

    // At once, as from two tabs: one of them begins it.
    let key = ports.first_message(ann, "x", at(9)).key;
    let [one, other] = [(); 2].map(|()| NewTurn { key, ..ports.first_message(ann, "Race", at(9)) });
    let (one, other) = tokio::join!(ports.turns.begin(&one), ports.turns.begin(&other));
    let (one, other) = (one.expect("a turn"), other.expect("a turn"));
    assert_eq!(one.turn, other.turn);
    assert!(one.repeated != other.repeated);
}

pub async fn a_key_belongs_to_its_user(ports: &Ports) {
    let (ann, bob) = (ports.user("ann").await, ports.user("bob").await);
    let hers = ports.first_message(ann, "hers", at(1));
    let his = NewTurn { key: hers.key, ..ports.first_message(bob, "his", at(1)) };
    ports.turns.begin(&hers).await.expect("a turn");
    let his = ports.turns.begin(&his).await.expect("a turn");
    assert_eq!((his.repeated, texts(&his.branch)), (false, vec!["his".to_owned()]));
}

pub async fn one_turn_runs_at_a_time(ports: &Ports) {
    let ann = ports.user("ann").await;
    let mut begun = ports.running(ann, "Hello", at(1)).await;
    let id = begun.conversation.id;
    for parent in [None, Some(begun.turn.reply), Some(begun.turn.parent)] {
        let refused = ports.turns.begin(&ports.message(ann, Place::After(id, parent), "Wait", at(2))).await;
        assert!(matches!(refused, Err(BeginError::StillRunning)), "{refused:?}");
    }
    assert_eq!(shown(ports, ann, id).await, ["Hello", "[]"], "nothing was written");
    ports.running(ann, "Elsewhere", at(3)).await;
    ports.finish(&mut begun.turn, "Hi.").await;
    ports.turns.begin(&ports.message(ann, Place::After(id, None), "Wait", at(4))).await.expect("now it may");
}

pub async fn another_attempt_stands_beside_the_first(ports: &Ports) {
    let ann = ports.user("ann").await;
    let first = ports.complete(ann, "Hello", at(1)).await;
    let id = first.conversation.id;
    let new = ports.attempt(ann, first.turn.id, at(60));
    let mut second = ports.turns.begin_attempt(&new).await.expect("an attempt");
    assert_eq!((second.repeated, second.conversation.updated_at), (false, at(60)));
    assert_eq!(second.branch, first.branch, "the same question");
    assert_eq!((second.turn.id, second.turn.reply, second.turn.parent), (new.turn, new.reply, first.turn.parent));
    assert_eq!((&second.turn.model, second.turn.started_at), (&ModelRef::new("ollama", "llama"), at(60)));
    assert_eq!(shown(ports, ann, id).await, ["Hello", "[]"], "in the place of the first");

    let again = chat::ports::NewAttempt { key: new.key, ..ports.attempt(ann, first.turn.id, at(61)) };
    let again = ports.turns.begin_attempt(&again).await.expect("the same attempt");
    assert_eq!((again.repeated, &again.turn, &again.branch), (true, &second.turn, &second.branch));

    ports.finish(&mut second.turn, "Better.").await;
    assert_eq!(shown(ports, ann, id).await, ["Hello", "[Better.]"]);
    let next = ports.turns.begin(&ports.message(ann, Place::After(id, None), "Next", at(70))).await.expect("a turn");
    assert_eq!(texts(&next.branch), ["Hello", "[Better.]", "Next"]);
    assert_eq!(ports.stored(ann, first.turn.id).await.text, "answer", "the first is still there");
}

pub async fn an_attempt_waits_for_the_running_turn(ports: &Ports) {
    let ann = ports.user("ann").await;
    let mut first = ports.running(ann, "Hello", at(1)).await;
    let refused = ports.turns.begin_attempt(&ports.attempt(ann, first.turn.id, at(2))).await;
    assert!(matches!(refused, Err(BeginError::StillRunning)), "{refused:?}");
    ports.finish(&mut first.turn, "Hi.").await;
    ports.turns.begin_attempt(&ports.attempt(ann, first.turn.id, at(3))).await.expect("now it may");
    let refused = ports.turns.begin_attempt(&ports.attempt(ann, first.turn.id, at(4))).await;
    assert!(matches!(refused, Err(BeginError::StillRunning)), "one ended, but its sibling runs: {refused:?}");
}

pub async fn a_message_may_follow_an_older_one(ports: &Ports) {
    let ann = ports.user("ann").await;
    let first = ports.complete(ann, "One", at(1)).await;
    let id = first.conversation.id;
    let place = |parent| Place::After(id, Some(parent));
    let mut second =
        ports.turns.begin(&ports.message(ann, place(first.turn.reply), "Two", at(2))).await.expect("a turn");
    ports.finish(&mut second.turn, "two").await;
    let mut other =
        ports.turns.begin(&ports.message(ann, place(first.turn.reply), "Other", at(3))).await.expect("a turn");
    assert_eq!(texts(&other.branch), ["One", "[answer]", "Other"]);
    ports.finish(&mut other.turn, "other").await;
    assert_eq!(shown(ports, ann, id).await, ["One", "[answer]", "Other", "[other]"]);

    let back = ports.turns.begin(&ports.message(ann, place(second.turn.reply), "Back", at(4))).await.expect("a turn");
    assert_eq!(texts(&back.branch), ["One", "[answer]", "Two", "[two]", "Back"]);
}

pub async fn a_title_of_the_user_is_never_replaced(ports: &Ports) {
    let ann = ports.user("ann").await;
    let id = ports.complete(ann, "Hello", at(1)).await.conversation.id;
    let current = async || ports.conversations.list(ann, 9).await.expect("a list")[0].clone();
    ports.conversations.suggest_title(ann, id, &title("A greeting")).await.expect("no error");
    assert_eq!(current().await.title, title("A greeting"));
    ports.conversations.suggest_title(ann, id, &title("Greetings")).await.expect("no error");
    assert_eq!(current().await.title, title("Greetings"), "a model may think again");
    assert!(ports.conversations.rename(ann, id, &title("Mine")).await.expect("renamed"));
    ports.conversations.suggest_title(ann, id, &title("Too late")).await.expect("no error");
    assert_eq!((current().await.title, current().await.updated_at), (title("Mine"), at(1)));
}

pub async fn lists_are_newest_first_and_limited(ports: &Ports) {
    let ann = ports.user("ann").await;
    let mut ids = Vec::new();
    for n in 1..=4 {
        ids.push(ports.complete(ann, "Hello", at(n)).await.conversation.id);
    }
    let twin = ports.complete(ann, "At the same time as the fourth", at(4)).await.conversation.id;
    ports.turns.begin(&ports.message(ann, Place::After(ids[0], None), "Up", at(9))).await.expect("a turn");
    let listed = async |limit| -> Vec<_> {
        ports.conversations.list(ann, limit).await.expect("a list").iter().map(|summary| summary.id).collect()
    };
    assert_eq!(listed(9).await, [ids[0], twin, ids[3], ids[2], ids[1]]);
    assert_eq!(listed(2).await, [ids[0], twin]);
    assert_eq!(listed(0).await, []);
}

pub async fn a_deleted_conversation_is_gone_with_everything_in_it(ports: &Ports) {
    let ann = ports.user("ann").await;
    let first = ports.complete(ann, "Hello", at(1)).await;
    let id = first.conversation.id;
    let attempt = ports.turns.begin_attempt(&ports.attempt(ann, first.turn.id, at(2))).await.expect("an attempt");
    let other = ports.complete(ann, "Stays", at(3)).await;

    assert!(ports.conversations.delete(ann, id).await.expect("deleted"));
    assert!(!ports.conversations.delete(ann, id).await.expect("answered"));
    assert_eq!(ports.conversations.transcript(ann, id).await.expect("read"), None);
    assert_eq!(ports.conversations.running_turns(ann, id).await.expect("read"), []);
    for turn in [first.turn.id, attempt.turn.id] {
        assert_eq!(ports.turns.turn(ann, turn).await.expect("read"), None);
    }
    let refused = ports.turns.begin(&ports.message(ann, Place::After(id, None), "Still there?", at(4))).await;
    assert!(matches!(refused, Err(BeginError::NotFound)), "{refused:?}");
    assert_eq!(shown(ports, ann, other.conversation.id).await, ["Stays", "[answer]"]);
}
