use super::*;
use chat::Title;

fn conversation(id: &str, title: &str, updated_at: i64) -> Conversation {
    Conversation {
        id: ["018f0000-0000-7000-8000-00000000000", id].concat().parse().expect("an id"),
        parameters: Default::default(),
        shelf: Default::default(),
        title: Title::parse(title).expect("a title"),
        created_at: Timestamp(0),
        updated_at: Timestamp(updated_at),
    }
}

fn shown(list: &[ConversationSummary]) -> Vec<(&str, bool)> {
    list.iter().map(|c| (c.title.as_str(), c.running)).collect()
}

#[test]
fn a_conversation_is_listed_once_where_its_time_puts_it() {
    let mut list = Vec::new();
    upsert(&mut list, &conversation("1", "First", 10), false);
    upsert(&mut list, &conversation("2", "Second", 20), true);
    assert_eq!(shown(&list), [("Second", true), ("First", false)]);

    upsert(&mut list, &conversation("1", "First, renamed", 30), true);
    assert_eq!(shown(&list), [("First, renamed", true), ("Second", true)]);

    upsert(&mut list, &conversation("2", "Second", 20), false);
    assert_eq!(shown(&list), [("First, renamed", true), ("Second", false)]);

    upsert(&mut list, &conversation("3", "As new as the newest", 30), false);
    assert_eq!(shown(&list)[0], ("As new as the newest", false));
}
