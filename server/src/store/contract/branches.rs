//! Branches, deletions that can be undone, summaries, and how models shall answer.

use super::{Ports, at, from_start};
use chat::{
    ConversationId, Hundredths, Message, MessageId, Outcome, Parameters, Sampling, Summary, TurnEvent, UserId,
    ports::{BeginError, Begun, DeleteError, Deletion, NewAttempt, Place},
};

/// The texts that are shown of a conversation, replies in brackets.
async fn shown(ports: &Ports, owner: UserId, id: ConversationId) -> Vec<String> {
    let transcript = ports.conversations.transcript(owner, id).await.expect("read").expect("a transcript");
    let text = |message: &Message| match message {
        Message::User(message) => message.text.clone(),
        Message::Reply(turn) => format!("[{}]", turn.text),
    };
    transcript.messages.iter().map(text).collect()
}

/// A message at a place, and its reply.
async fn said(ports: &Ports, owner: UserId, place: Place, text: &str, reply: &str, second: i64) -> Begun {
    let mut begun = ports.turns.begin(&ports.message(owner, place, text, at(second))).await.expect("a turn");
    ports.finish(&mut begun.turn, reply).await;
    begun
}

fn deletion(owner: UserId, of: &Begun, message: MessageId, with_branch: bool, second: i64) -> Deletion {
    Deletion { owner, conversation: of.conversation.id, message, with_branch, now: at(second) }
}

async fn delete(ports: &Ports, deletion: Deletion) {
    ports.conversations.delete_message(&deletion).await.expect("deleted");
}

/// One, and after its answer: Two with an answer, then Three with an answer instead.
async fn forked(ports: &Ports, owner: UserId) -> [Begun; 3] {
    let one = ports.complete(owner, "One", at(1)).await;
    let place = || Place::After(one.conversation.id, Some(one.turn.reply));
    let two = said(ports, owner, place(), "Two", "two", 2).await;
    let three = said(ports, owner, place(), "Three", "three", 3).await;
    [one, two, three]
}

pub async fn a_branch_that_was_chosen_is_shown_to_its_newest_end(ports: &Ports) {
    let (ann, eve) = (ports.user("ann").await, ports.user("eve").await);
    let [one, two, three] = forked(ports, ann).await;
    let id = one.conversation.id;
    let choose = async |owner, message| ports.conversations.choose(owner, id, message).await.expect("answered");
    assert_eq!(shown(ports, ann, id).await, ["One", "[answer]", "Three", "[three]"]);
    assert!(choose(ann, two.turn.parent).await);
    assert_eq!(shown(ports, ann, id).await, ["One", "[answer]", "Two", "[two]"]);
    let forks = ports.conversations.transcript(ann, id).await.expect("read").expect("a transcript").forks;
    assert_eq!((forks.len(), forks[0].shown), (1, two.turn.parent));
    assert_eq!(forks[0].versions, [two.turn.parent, three.turn.parent]);

    let next = said(ports, ann, Place::After(id, None), "Next", "next", 4).await;
    assert_eq!(next.branch.len(), 5, "it follows what is shown");
    assert!(choose(ann, three.turn.reply).await);
    assert!(choose(ann, two.turn.parent).await);
    assert_eq!(shown(ports, ann, id).await, ["One", "[answer]", "Two", "[two]", "Next", "[next]"]);

    let elsewhere = ports.complete(ann, "Elsewhere", at(9)).await.turn.reply;
    assert!(!choose(eve, three.turn.parent).await, "somebody else's");
    assert!(!choose(ann, MessageId(ports.id())).await && !choose(ann, elsewhere).await, "not in this conversation");
    assert_eq!(shown(ports, ann, id).await.len(), 6, "nothing has changed");
}

pub async fn another_version_stands_beside_a_message_of_the_user(ports: &Ports) {
    let (ann, eve) = (ports.user("ann").await, ports.user("eve").await);
    let one = ports.complete(ann, "One", at(1)).await;
    let id = one.conversation.id;
    let two = said(ports, ann, Place::After(id, None), "Two", "two", 2).await;
    let better = said(ports, ann, Place::Beside(id, two.turn.parent), "Better", "better", 3).await;
    assert_eq!(better.branch.last().and_then(Message::parent), Some(one.turn.reply));
    assert_eq!(shown(ports, ann, id).await, ["One", "[answer]", "Better", "[better]"]);
    let first = said(ports, ann, Place::Beside(id, one.turn.parent), "Anew", "anew", 4).await;
    assert_eq!(first.branch.last().and_then(Message::parent), None, "also of the first one");
    assert_eq!(shown(ports, ann, id).await, ["Anew", "[anew]"]);

    let own = ports.complete(eve, "own", at(5)).await;
    for (who, place) in [
        (ann, Place::Beside(id, one.turn.reply)),
        (ann, Place::Beside(id, MessageId(ports.id()))),
        (eve, Place::Beside(id, one.turn.parent)),
        (eve, Place::Beside(own.conversation.id, one.turn.parent)),
    ] {
        let refused = ports.turns.begin(&ports.message(who, place.clone(), "no", at(6))).await;
        assert!(matches!(refused, Err(BeginError::NotFound)), "{place:?}: {refused:?}");
    }
    let running = ports.running(ann, "Running", at(7)).await;
    let place = Place::Beside(running.conversation.id, running.turn.parent);
    let refused = ports.turns.begin(&ports.message(ann, place, "no", at(8))).await;
    assert!(matches!(refused, Err(BeginError::StillRunning)), "{refused:?}");
}

pub async fn parameters_are_kept_as_they_are(ports: &Ports) {
    let (ann, eve) = (ports.user("ann").await, ports.user("eve").await);
    let id = ports.complete(ann, "Hello", at(1)).await.conversation.id;
    let current =
        async || ports.conversations.transcript(ann, id).await.expect("read").expect("there").conversation.parameters;
    let sampling = Sampling { temperature: Some(Hundredths(70)), max_tokens: Some(9), ..Sampling::default() };
    let set = Parameters { instructions: "Be 'kind'.".into(), sampling };
    assert!(ports.conversations.configure(ann, id, &set).await.expect("set"));
    assert_eq!(current().await, set);
    assert!(!ports.conversations.configure(eve, id, &Parameters::default()).await.expect("answered"));
    assert!(!ports.conversations.configure(ann, ConversationId(ports.id()), &set).await.expect("answered"));
    assert_eq!(current().await, set);
    let next = said(ports, ann, Place::After(id, None), "Next", "next", 2).await;
    assert_eq!(next.conversation.parameters, set, "who asks a model is told");
    assert!(ports.conversations.configure(ann, id, &Parameters::default()).await.expect("set"));
    assert_eq!(current().await, Parameters::default());
}

pub async fn a_summary_belongs_to_the_branch_that_it_stands_for(ports: &Ports) {
    let (ann, eve) = (ports.user("ann").await, ports.user("eve").await);
    let [one, two, three] = forked(ports, ann).await;
    let id = one.conversation.id;
    let summary = |upto, text: &str| Summary { upto, text: text.into() };
    let store = async |owner, summary: &Summary| ports.conversations.summarise(owner, id, summary).await.expect("done");
    let current = async || ports.conversations.transcript(ann, id).await.expect("read").expect("there").summary;
    let first = summary(one.turn.reply, "They began.");
    assert!(store(ann, &first).await);
    assert_eq!(current().await, Some(first.clone()));
    let second = summary(two.turn.reply, "They spoke of two.");
    assert!(store(ann, &second).await);
    assert_eq!(current().await, Some(first.clone()), "another branch is shown");
    assert!(ports.conversations.choose(ann, id, two.turn.parent).await.expect("chosen"));
    assert_eq!(current().await, Some(second.clone()), "the one that stands for more");
    let next = said(ports, ann, Place::After(id, None), "Next", "next", 4).await;
    assert_eq!(next.summary, Some(second), "who asks a model is told");

    assert!(!store(eve, &summary(three.turn.reply, "Mine.")).await);
    assert!(!store(ann, &summary(MessageId(ports.id()), "Of nothing.")).await);
    delete(ports, deletion(ann, &one, two.turn.reply, true, 5)).await;
    assert!(!store(ann, &summary(two.turn.reply, "Of what is deleted.")).await);
    assert_eq!(current().await, Some(first), "and what is deleted is not shown");
}

pub async fn a_message_is_deleted_alone_or_with_what_follows_it(ports: &Ports) {
    let ann = ports.user("ann").await;
    let one = ports.complete(ann, "One", at(1)).await;
    let id = one.conversation.id;
    let two = said(ports, ann, Place::After(id, None), "Two", "two", 2).await;
    delete(ports, deletion(ann, &one, one.turn.reply, false, 3)).await;
    assert_eq!(shown(ports, ann, id).await, ["One", "Two", "[two]"]);
    let next = ports.turns.begin(&ports.message(ann, Place::After(id, None), "Next", at(4))).await;
    let mut next = next.expect("a turn");
    assert_eq!(next.branch.len(), 4, "a model is not told of it either");
    ports.finish(&mut next.turn, "next").await;

    delete(ports, deletion(ann, &one, two.turn.parent, true, 5)).await;
    assert_eq!(shown(ports, ann, id).await, ["One"]);
    assert!(ports.conversations.restore(ann, id, at(5)).await.expect("restored"));
    assert_eq!(shown(ports, ann, id).await, ["One", "Two", "[two]", "Next", "[next]"]);
    assert!(!ports.conversations.restore(ann, id, at(5)).await.expect("answered"), "that was all of it");
    assert!(ports.conversations.restore(ann, id, at(3)).await.expect("restored"));
    assert_eq!(shown(ports, ann, id).await.len(), 6);
}

pub async fn when_the_shown_branch_is_gone_its_neighbour_is_shown(ports: &Ports) {
    let ann = ports.user("ann").await;
    let [one, two, three] = forked(ports, ann).await;
    let id = one.conversation.id;
    delete(ports, deletion(ann, &one, three.turn.parent, true, 4)).await;
    assert_eq!(shown(ports, ann, id).await, ["One", "[answer]", "Two", "[two]"]);
    delete(ports, deletion(ann, &one, two.turn.reply, false, 5)).await;
    assert_eq!(shown(ports, ann, id).await, ["One", "[answer]", "Two"], "its leaf is the message before");
    delete(ports, deletion(ann, &one, one.turn.parent, true, 6)).await;
    assert_eq!(shown(ports, ann, id).await, [""; 0]);
    let anew = said(ports, ann, Place::After(id, None), "Anew", "anew", 7).await;
    assert_eq!(anew.branch.last().and_then(Message::parent), None);
    assert_eq!(shown(ports, ann, id).await, ["Anew", "[anew]"]);
    assert!(ports.conversations.restore(ann, id, at(4)).await.expect("restored"));
}

pub async fn what_is_deleted_is_neither_answered_nor_followed(ports: &Ports) {
    let ann = ports.user("ann").await;
    let one = ports.complete(ann, "One", at(1)).await;
    let id = one.conversation.id;
    delete(ports, deletion(ann, &one, one.turn.reply, false, 2)).await;
    assert_eq!(ports.turns.turn(ann, one.turn.id).await.expect("read"), None);
    let again = ports.turns.begin_attempt(&ports.attempt(ann, one.turn.id, at(3))).await;
    assert!(matches!(again, Err(BeginError::NotFound)), "{again:?}");
    let place = Place::After(id, Some(one.turn.reply));
    let after = ports.turns.begin(&ports.message(ann, place, "no", at(3))).await;
    assert!(matches!(after, Err(BeginError::NotFound)), "{after:?}");
}

pub async fn c01_deletions_are_refused_to_others_and_while_a_turn_runs(ports: &Ports) {
    let (ann, eve) = (ports.user("ann").await, ports.user("eve").await);
    let one = ports.complete(ann, "One", at(1)).await;
    let id = one.conversation.id;
    for deletion in [
        deletion(eve, &one, one.turn.reply, true, 2),
        deletion(ann, &one, MessageId(ports.id()), false, 2),
        Deletion { conversation: ConversationId(ports.id()), ..deletion(ann, &one, one.turn.reply, false, 2) },
    ] {
        let refused = ports.conversations.delete_message(&deletion).await;
        assert!(matches!(refused, Err(DeleteError::NotFound)), "{refused:?}");
    }
    let two = ports.turns.begin(&ports.message(ann, Place::After(id, None), "Two", at(3))).await;
    let mut two = two.expect("a turn");
    for message in [one.turn.parent, two.turn.reply] {
        let refused = ports.conversations.delete_message(&deletion(ann, &one, message, true, 4)).await;
        assert!(matches!(refused, Err(DeleteError::StillRunning)), "{refused:?}");
    }
    ports.finish(&mut two.turn, "two").await;
    delete(ports, deletion(ann, &one, two.turn.parent, true, 5)).await;
    assert!(!ports.conversations.restore(eve, id, at(5)).await.expect("answered"));
    assert_eq!(shown(ports, ann, id).await, ["One", "[answer]"]);
}

pub async fn what_was_deleted_long_ago_is_forgotten(ports: &Ports) {
    let ann = ports.user("ann").await;
    let one = ports.complete(ann, "One", at(1)).await;
    let id = one.conversation.id;
    let two = said(ports, ann, Place::After(id, None), "Two", "two", 2).await;
    delete(ports, deletion(ann, &one, one.turn.reply, false, 10)).await;
    delete(ports, deletion(ann, &one, two.turn.parent, true, 20)).await;
    let purge = async |second| ports.conversations.purge_deleted(at(second)).await.expect("purged");
    assert_eq!((purge(10).await, purge(11).await, purge(11).await), (0, 1, 0));
    assert!(ports.conversations.restore(ann, id, at(20)).await.expect("restored"));
    assert_eq!(shown(ports, ann, id).await, ["One", "Two", "[two]"], "what follows it is still there");
    assert_eq!(purge(1_000).await, 0, "what was brought back is not forgotten");
}

pub async fn an_attempt_may_go_on_with_what_the_first_one_says(ports: &Ports) {
    let ann = ports.user("ann").await;
    let mut first = ports.running(ann, "Hello", at(1)).await;
    first.turn.record(TurnEvent::Reasoning("hm".into()), at(2));
    first.turn.record(TurnEvent::Text("Once upon ".into()), at(2));
    first.turn.record(TurnEvent::Finished(Outcome::Length), at(3));
    ports.turns.store(&[from_start(&first.turn)]).await.expect("stored");
    let new = NewAttempt { continues: true, ..ports.attempt(ann, first.turn.id, at(4)) };
    let mut second = ports.turns.begin_attempt(&new).await.expect("an attempt");
    assert_eq!((second.turn.text.as_str(), second.turn.seq.0, second.turn.is_running()), ("Once upon ", 0, true));
    assert_eq!((second.turn.reasoning.as_str(), second.turn.usage), ("", chat::Usage::default()));
    assert_eq!(second.branch, first.branch, "the same question");
    let before = second.turn.clone();
    second.turn.record(TurnEvent::Text("a time.".into()), at(5));
    second.turn.record(TurnEvent::Finished(Outcome::Complete), at(6));
    ports.turns.store(&[super::after(&second.turn, &before)]).await.expect("stored");
    assert_eq!(ports.stored(ann, second.turn.id).await, second.turn);
    assert_eq!(shown(ports, ann, first.conversation.id).await, ["Hello", "[Once upon a time.]"]);
    assert_eq!(ports.stored(ann, first.turn.id).await.text, "Once upon ", "the first one stays as it was");
}
