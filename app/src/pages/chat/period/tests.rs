use super::*;
use chat::{FolderName, Shelf, Title};

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
            shelf: Shelf::default(),
        })
        .collect()
}

fn id(n: u8) -> ConversationId {
    ["018f0000-0000-7000-8000-00000000000", &n.to_string()].concat().parse().expect("an id")
}

fn folder(n: u8, name: &str, closed: bool) -> Folder {
    let id = ["018f0000-0000-7000-8000-0000000000f", &n.to_string()].concat().parse().expect("an id");
    Folder { id, name: FolderName::parse(name).expect("a name"), closed }
}

fn shown(list: &[ConversationSummary], folders: &[Folder]) -> Vec<(String, Vec<ConversationId>)> {
    let groups = groups(list, folders, Timestamp(NOON), UtcOffset::default());
    groups.into_iter().map(|group| (group.heading, group.members)).collect()
}

#[test]
fn every_conversation_stands_under_its_day() {
    let days = [("Today".to_owned(), vec![id(1), id(2)]), ("Yesterday".to_owned(), vec![id(3), id(4)])];
    assert_eq!(shown(&list(), &[]), days);
}

#[test]
fn what_is_pinned_comes_first_and_folders_next() {
    let folders = [folder(1, "Work", false), folder(2, "Empty", true)];
    let mut list = list();
    list[0].shelf.folder = Some(folders[0].id);
    list[1].shelf = Shelf { pinned: true, archived: false, folder: Some(folders[0].id) };
    list[2].shelf.archived = true;
    // A folder that somebody has just deleted.
    list[3].shelf.folder = Some(folder(3, "Gone", false).id);
    let expected = [("Pinned", vec![id(2)]), ("Work", vec![id(1)]), ("Empty", vec![]), ("Yesterday", vec![id(4)])];
    assert_eq!(shown(&list, &folders), expected.map(|(heading, members)| (heading.to_owned(), members)));
    let groups = groups(&list, &folders, Timestamp(NOON), UtcOffset::default());
    assert_eq!(groups.iter().map(|group| group.closed).collect::<Vec<_>>(), [false, false, true, false]);
}

#[test]
fn a_heading_has_an_id_without_spaces_and_a_folder_one_of_its_own() {
    let group = Group { heading: "Previous 7 days".to_owned(), folder: None, closed: false, members: Vec::new() };
    assert_eq!(group.heading_id(), "g-previous-7-days");
    let today = folder(1, "Today", false);
    let group = Group { heading: "Today".to_owned(), folder: Some(today.id), ..group };
    assert_eq!(group.heading_id(), format!("g-{}", today.id));
}
