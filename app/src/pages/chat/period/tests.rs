use super::*;
use chat::Title;

const HOUR: i64 = 3_600_000;
const NOON: i64 = 20_000 * 24 * HOUR + 12 * HOUR;

fn list() -> Vec<ConversationSummary> {
    [("Ärger mit WAL", 1), ("Trip to Tromsø", 3), ("Rename the crate", 14), ("wal again", 30)]
        .iter()
        .zip(1..)
        .map(|(&(title, hours), n)| ConversationSummary {
            id: id(n),
            title: Title::parse(title).expect("a title"),
            updated_at: Timestamp(NOON - hours * HOUR),
            running: false,
        })
        .collect()
}

fn id(n: u8) -> ConversationId {
    ["018f0000-0000-7000-8000-00000000000", &n.to_string()].concat().parse().expect("an id")
}

fn shown() -> Vec<(String, Vec<ConversationId>)> {
    let groups = groups(&list(), Timestamp(NOON), UtcOffset::default());
    groups.into_iter().map(|group| (group.heading, group.members)).collect()
}

#[test]
fn every_conversation_stands_under_its_day() {
    assert_eq!(shown(), [("Today".to_owned(), vec![id(1), id(2)]), ("Yesterday".to_owned(), vec![id(3), id(4)])]);
}

#[test]
fn a_heading_has_an_id_without_spaces() {
    let group = Group { heading: "Previous 7 days".to_owned(), members: Vec::new() };
    assert_eq!(group.heading_id(), "g-previous-7-days");
}
