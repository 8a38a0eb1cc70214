//! Conversations that come from elsewhere.

use super::{Ports, at};
use chat::{
    Message, Outcome, Title, TurnState, UserId,
    ports::Place,
    search::Query,
    transfer::{ImportedConversation, ImportedMessage},
};

/// A question, two answers to it, of which the first was shown.
fn conversation(origin: &str) -> ImportedConversation {
    let message = |parent, model: Option<&str>, text: &str, seconds| ImportedMessage {
        parent,
        model: model.map(Into::into),
        text: text.into(),
        reasoning: if model.is_some() { "Hm.".into() } else { String::new() },
        created_at: at(seconds),
    };
    ImportedConversation {
        origin: origin.into(),
        title: Title::parse("Sourdough").expect("a title"),
        created_at: at(1),
        updated_at: at(9),
        messages: vec![
            message(None, None, "How wet?", 1),
            message(Some(0), Some("qwen"), "Eighty percent", 2),
            message(Some(0), Some(""), "Seventy", 3),
        ],
        shown: 1,
    }
}

async fn import(ports: &Ports, owner: UserId, origin: &str) -> Option<chat::ConversationId> {
    ports.imports.import(owner, &[conversation(origin)], ports).await.expect("imported").remove(0)
}

pub async fn an_imported_conversation_is_like_any_other(ports: &Ports) {
    let ann = ports.user("ann").await;
    let id = import(ports, ann, "x:1").await.expect("new");
    let transcript = ports.conversations.transcript(ann, id).await.expect("read").expect("there");
    assert_eq!((transcript.conversation.created_at, transcript.conversation.updated_at), (at(1), at(9)));
    let [Message::User(question), Message::Reply(turn)] = &transcript.messages[..] else { panic!("{transcript:?}") };
    assert_eq!((question.text.as_str(), question.created_at), ("How wet?", at(1)));
    assert_eq!(
        (turn.text.as_str(), turn.reasoning.as_str(), turn.model_name.as_str()),
        ("Eighty percent", "Hm.", "qwen")
    );
    assert_eq!((&turn.state, turn.started_at), (&TurnState::Ended(Outcome::Complete), at(2)));
    assert_eq!(transcript.forks.len(), 1, "the other answer is a version");

    let found = ports.search.search(ann, &Query::parse("seventy").expect("a query"), 9).await.expect("read");
    assert_eq!(found.len(), 1);
    let next = ports.message(ann, Place::After(id, None), "And the salt?", at(20));
    assert_eq!(ports.turns.begin(&next).await.expect("it goes on").branch.len(), 3);
}

pub async fn k08_the_same_again_is_not_imported_twice(ports: &Ports) {
    let (ann, bob) = (ports.user("ann").await, ports.user("bob").await);
    assert!(import(ports, ann, "x:1").await.is_some());
    assert!(import(ports, ann, "x:1").await.is_none());
    assert!(import(ports, ann, "x:2").await.is_some());
    assert!(import(ports, bob, "x:1").await.is_some(), "what one has imported is nothing to another");
    assert_eq!(ports.conversations.list(ann, 9).await.expect("read").len(), 2);
}

pub async fn c01_only_imported_conversations_of_their_user_are_taken_back(ports: &Ports) {
    let (ann, bob) = (ports.user("ann").await, ports.user("bob").await);
    let imported = import(ports, ann, "x:1").await.expect("new");
    let own = ports.complete(ann, "Hello", at(1)).await.conversation.id;
    ports.imports.take_back(bob, &[imported, own]).await.expect("nothing to do");
    assert_eq!(ports.conversations.list(ann, 9).await.expect("read").len(), 2);
    ports.imports.take_back(ann, &[imported, own]).await.expect("taken back");
    let left = ports.conversations.list(ann, 9).await.expect("read");
    assert_eq!((left.len(), left[0].id), (1, own));
    assert!(import(ports, ann, "x:1").await.is_some(), "it may come again");
}
