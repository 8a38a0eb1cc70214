use super::*;
use uuid::Uuid;

const FOLDER: FolderId = FolderId(Uuid::from_u128(7));

#[test]
fn a_folder_has_a_name_of_one_line() {
    let name = |text: &str| FolderName::parse(text).map(String::from);
    assert_eq!(name("  House \n and\tgarden "), Ok("House and garden".into()));
    assert_eq!(name(&"ä".repeat(100)), Ok("ä".repeat(100)));
    assert_eq!(name(&"ä".repeat(101)), Err(FolderNameError::TooLong));
    for blank in ["", "  ", "\u{0}\n"] {
        assert_eq!(name(blank), Err(FolderNameError::Blank), "{blank:?}");
    }
}

#[test]
fn folders_and_places_travel_as_texts() {
    let folder = |n, name: &str, closed| Folder {
        id: FolderId(Uuid::from_u128(n)),
        name: FolderName::parse(name).expect("a name"),
        closed,
    };
    for folders in [vec![], vec![folder(1, "- +", false)], vec![folder(1, "Ähm", true), folder(2, "b", false)]] {
        assert_eq!(Folder::unpack(&Folder::pack(&folders)), folders);
    }
    assert_eq!(Folder::unpack("ä\n0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee\nx"), []);
    for pinned in [false, true] {
        for archived in [false, true] {
            for folder in [None, Some(FOLDER)] {
                let shelf = Shelf { pinned, archived, folder };
                assert_eq!(Shelf::from(String::from(shelf)), shelf);
            }
        }
    }
}

#[test]
fn every_act_has_a_word() {
    let moved = Act::Move(Some(FOLDER));
    for act in [Act::Pin, Act::Unpin, Act::Archive, Act::Unarchive, Act::Delete, Act::Move(None)] {
        assert_eq!(Act::parse(act.word(), ""), Some(act));
    }
    assert_eq!(Act::parse(moved.word(), &FOLDER.to_string()), Some(moved));
    for (word, folder) in [("", ""), ("Pin", ""), ("move", "x"), ("drop", ""), ("move", "../etc")] {
        assert_eq!(Act::parse(word, folder), None, "{word} {folder}");
    }
}

#[test]
fn what_is_done_is_undone_by_its_opposite() {
    let before = Shelf { pinned: false, archived: false, folder: Some(FOLDER) };
    for (act, opposite) in
        [(Act::Pin, Act::Unpin), (Act::Archive, Act::Unarchive), (Act::Move(None), Act::Move(Some(FOLDER)))]
    {
        let after = before.after(act);
        assert_ne!(after, before, "{act:?}");
        assert_eq!(after.after(opposite), before, "{act:?}");
    }
    assert_eq!(before.after(Act::Delete), before);
    let pinned = before.after(Act::Pin);
    assert_eq!(pinned.folder, Some(FOLDER), "what is pinned goes back to its folder");
    assert!(!pinned.after(Act::Move(Some(FOLDER))).pinned, "what is moved into a folder is seen there");
    assert!(pinned.after(Act::Move(None)).pinned);
}
