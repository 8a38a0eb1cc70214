//! Finding what was said.

use super::{Ports, at, from_start};
use chat::{
    ConversationId, Outcome, Title, TurnEvent, UserId,
    ports::{Begun, Deletion, Place},
    search::{Hit, Marked, Query},
};

async fn found(ports: &Ports, owner: UserId, typed: &str) -> Vec<Hit> {
    let query = Query::parse(typed).expect("a query");
    ports.search.search(owner, &query, 10).await.expect("hits")
}

async fn conversations(ports: &Ports, owner: UserId, typed: &str) -> Vec<ConversationId> {
    found(ports, owner, typed).await.iter().map(|hit| hit.conversation).collect()
}

/// A conversation with a title, and what is said in it.
async fn talk(ports: &Ports, owner: UserId, title: &str, said: &str, reply: &str, second: i64) -> Begun {
    let mut begun = ports.running(owner, said, at(second)).await;
    ports.finish(&mut begun.turn, reply).await;
    let title = Title::parse(title).expect("a title");
    assert!(ports.conversations.rename(owner, begun.conversation.id, &title).await.expect("renamed"));
    begun
}

fn shown(line: &Marked) -> String {
    line.0.iter().map(|piece| if piece.marked { format!("[{}]", piece.text) } else { piece.text.clone() }).collect()
}

pub async fn titles_are_found_before_messages_each_conversation_once(ports: &Ports) {
    let ann = ports.user("ann").await;
    let titled = talk(ports, ann, "Garden plan", "North-facing", "Ferns.", 1).await;
    let said = talk(ports, ann, "Weekend", "What about the garden?", "The garden is wet. Garden!", 2).await;
    let both = talk(ports, ann, "The garden again", "One more about the garden", "Yes.", 3).await;
    let hits = found(ports, ann, "gard").await;
    let ids: Vec<_> = hits.iter().map(|hit| hit.conversation).collect();
    assert_eq!(ids, [both.conversation.id, titled.conversation.id, said.conversation.id]);
    assert_eq!((shown(&hits[1].title), &hits[1].message), ("[Garden] plan".to_owned(), &None));
    let message = hits[0].message.as_ref().expect("a message too");
    assert_eq!((message.id, shown(&message.snippet)), (both.turn.parent, "One more about the [garden]".to_owned()));
    let message = hits[2].message.as_ref().expect("a message");
    assert_eq!(shown(&message.snippet), "The [garden] is wet. [Garden]!");
    assert_eq!(message.id, said.turn.reply, "the newest of those that are as good");
    assert_eq!(hits[2].at, said.turn.started_at);
    let one = ports.search.search(ann, &Query::parse("garden").expect("a query"), 1).await.expect("hits");
    assert_eq!(one.len(), 1);
}

pub async fn words_are_found_whatever_their_case_and_marks(ports: &Ports) {
    let ann = ports.user("ann").await;
    let id = talk(ports, ann, "Café", "ÄRGER im Büro", "run wal_checkpoint(TRUNCATE) first", 1).await.conversation.id;
    for typed in ["cafe", "CAFÉ", "arger", "ärger bür", "wal_check", "\"im büro\"", "truncate first", "büro “ärger im”"]
    {
        assert_eq!(conversations(ports, ann, typed).await, [id], "{typed}");
    }
    for typed in ["\"büro im\"", "ärg x", "ärger checkpoint", "affe"] {
        assert_eq!(conversations(ports, ann, typed).await, [], "{typed}: not all of it in one message");
    }
    let title = Title::parse("Tromsø").expect("a title");
    assert!(ports.conversations.rename(ann, id, &title).await.expect("renamed"));
    assert_eq!(conversations(ports, ann, "tromsø").await, [id]);
    assert_eq!(conversations(ports, ann, "cafe").await, [], "the old title is gone");
}

pub async fn scripts_without_spaces_are_found_by_any_part(ports: &Ports) {
    let ann = ports.user("ann").await;
    let chinese = talk(ports, ann, "我用Rust写代码", "如何学习编程语言？", "从基础开始。", 1).await.conversation.id;
    let japanese = talk(ports, ann, "旅行", "東京タワーに行きたいです", "はい。", 2).await.conversation.id;
    for (typed, id) in [
        ("编程", chinese),
        ("学", chinese),
        ("rust", chinese),
        ("代码", chinese),
        ("学习 语言", chinese),
        ("タワー", japanese),
        ("東京", japanese),
        ("旅", japanese),
    ] {
        assert_eq!(conversations(ports, ann, typed).await, [id], "{typed}");
    }
    assert_eq!(conversations(ports, ann, "大阪").await, []);
    assert!(ports.conversations.delete(ann, japanese).await.expect("deleted"));
    assert_eq!(conversations(ports, ann, "東京").await, []);
}

pub async fn what_is_deleted_is_not_found_until_it_is_brought_back(ports: &Ports) {
    let ann = ports.user("ann").await;
    let begun = talk(ports, ann, "A talk", "an aardvark 熊猫", "a badger", 1).await;
    let id = begun.conversation.id;
    for typed in ["badger", "熊猫"] {
        let deletion =
            Deletion { owner: ann, conversation: id, message: begun.turn.parent, with_branch: true, now: at(2) };
        ports.conversations.delete_message(&deletion).await.expect("deleted");
        assert_eq!(conversations(ports, ann, typed).await, []);
        assert!(ports.conversations.restore(ann, id, at(2)).await.expect("restored"));
        assert_eq!(conversations(ports, ann, typed).await, [id]);
    }
    let deletion = Deletion { owner: ann, conversation: id, message: begun.turn.reply, with_branch: false, now: at(3) };
    ports.conversations.delete_message(&deletion).await.expect("deleted");
    assert_eq!(ports.conversations.purge_deleted(at(9)).await.expect("purged"), 1);
    assert_eq!(conversations(ports, ann, "badger").await, []);
    assert!(ports.conversations.delete(ann, id).await.expect("deleted"));
    for typed in ["talk", "aardvark"] {
        assert_eq!(conversations(ports, ann, typed).await, [], "{typed}");
    }
}

pub async fn a_reply_is_found_when_it_has_ended(ports: &Ports) {
    let ann = ports.user("ann").await;
    let mut begun = ports.running(ann, "Hello", at(1)).await;
    begun.turn.record(TurnEvent::Text("an aardvark".into()), at(2));
    ports.turns.store(&[from_start(&begun.turn)]).await.expect("stored");
    assert_eq!(conversations(ports, ann, "aardvark").await, [], "it is still being written");
    assert_eq!(ports.turns.interrupt_all(at(3)).await.expect("interrupted"), 1);
    assert_eq!(conversations(ports, ann, "aardvark").await, [begun.conversation.id]);

    let place = Place::After(begun.conversation.id, None);
    let mut next = ports.turns.begin(&ports.message(ann, place, "Next", at(4))).await.expect("a turn");
    next.turn.record(TurnEvent::Text("a bad".into()), at(5));
    let before = next.turn.clone();
    ports.turns.store(&[from_start(&before)]).await.expect("stored");
    next.turn.record(TurnEvent::Text("ger".into()), at(5));
    next.turn.record(TurnEvent::Finished(Outcome::Complete), at(6));
    ports.turns.store(&[super::after(&next.turn, &before)]).await.expect("stored");
    let hits = found(ports, ann, "\"badger\"").await;
    assert_eq!(hits[0].message.as_ref().expect("a message").id, next.turn.reply);
}

pub async fn c12_nobody_finds_what_others_said(ports: &Ports) {
    let (ann, eve) = (ports.user("ann").await, ports.user("eve").await);
    let hers = talk(ports, ann, "Secret plan", "the aardvark 熊猫", "agreed", 1).await;
    let ann_as_text = ann.0.simple().to_string();
    for typed in ["secret", "aardvark", "熊猫", "agreed", "a", "aa", &ann_as_text] {
        assert_eq!(found(ports, eve, typed).await, [], "{typed}");
    }
    let own = talk(ports, eve, "Another secret", "my aardvark", "agreed", 2).await;
    for typed in ["secret", "aardvark", "secret OR plan", "agreed"] {
        let all = found(ports, eve, typed).await;
        assert!(all.iter().all(|hit| hit.conversation == own.conversation.id), "{typed}: {all:?}");
    }
    assert_eq!(conversations(ports, ann, "secret").await, [hers.conversation.id]);
}

pub async fn h05_whatever_is_typed_is_a_query(ports: &Ports) {
    let ann = ports.user("ann").await;
    let id = talk(ports, ann, "Near and far", "not or and near", "answer", 1).await.conversation.id;
    let terms = (0..1_000).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
    for typed in [
        "\"near",
        "near*",
        "NEAR(",
        "NEAR(near far)",
        "near AND",
        "OR near",
        "-near",
        "near -",
        "^near",
        "title:near",
        "owner:near",
        "near + and",
        "{title}: near",
        "near\0",
        "'near",
        "near%",
        "ne_r",
        "near 🎉",
        &terms,
        &"near ".repeat(2_000),
        &"n".repeat(10_000),
    ] {
        // Each is an answer, whatever it is.
        found(ports, ann, typed).await;
    }
    for typed in ["near -", "\"near", "^near", "near\0", "NEAR("] {
        assert_eq!(conversations(ports, ann, typed).await, [id], "{typed}");
    }
    let nobody = found(ports, UserId(ports.id()), "near").await;
    assert_eq!(nobody, []);
}
