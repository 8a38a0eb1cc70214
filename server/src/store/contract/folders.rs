//! The order that users give to their conversations.

use super::{Ports, at};
use chat::{
    Act, ConversationId, Folder, FolderId, FolderName, UserId,
    ports::{AddFolderError, Place, Shift},
    search::Query,
};

fn name(text: &str) -> FolderName {
    FolderName::parse(text).expect("a name")
}

async fn add(ports: &Ports, owner: UserId, text: &str) -> FolderId {
    let folder = Folder { id: FolderId(ports.id()), name: name(text), closed: false };
    ports.folders.add_folder(owner, &folder, at(0)).await.expect("a folder");
    folder.id
}

/// The user's folders; those that are closed in brackets.
async fn folders(ports: &Ports, owner: UserId) -> Vec<String> {
    let folders = ports.folders.folders(owner).await.expect("folders");
    let shown = |folder: &Folder| match folder.closed {
        true => format!("({})", folder.name.as_str()),
        false => folder.name.as_str().to_owned(),
    };
    folders.iter().map(shown).collect()
}

async fn talk(ports: &Ports, owner: UserId, said: &str, second: i64) -> ConversationId {
    ports.complete(owner, said, at(second)).await.conversation.id
}

/// Does it, and tells to how many.
async fn done(ports: &Ports, owner: UserId, ids: &[ConversationId], act: Act) -> usize {
    ports.folders.organise(owner, ids, act, at(50)).await.expect("done").len()
}

/// The titles in the list, with a sign for what is pinned, and the name of the folder.
async fn listed(ports: &Ports, owner: UserId, limit: u32) -> Vec<String> {
    let folders = ports.folders.folders(owner).await.expect("folders");
    let list = ports.conversations.list(owner, limit).await.expect("a list");
    let shown = |summary: &chat::ConversationSummary| {
        let folder = folders.iter().find(|folder| Some(folder.id) == summary.shelf.folder);
        let folder = folder.map(|folder| format!("{}/", folder.name.as_str())).unwrap_or_default();
        assert!(!summary.shelf.archived);
        format!("{}{folder}{}", if summary.shelf.pinned { "*" } else { "" }, summary.title.as_str())
    };
    list.iter().map(shown).collect()
}

async fn archived(ports: &Ports, owner: UserId) -> Vec<ConversationId> {
    let all = ports.folders.archived(owner, None, 100).await.expect("a list");
    all.iter().map(|(_, summary)| summary.id).collect()
}

pub async fn folders_keep_the_order_that_their_user_gives_them(ports: &Ports) {
    let ann = ports.user("ann").await;
    let (one, two, three) =
        (add(ports, ann, "One").await, add(ports, ann, "Two").await, add(ports, ann, "Three").await);
    assert_eq!(folders(ports, ann).await, ["One", "Two", "Three"]);
    let shift = async |id, to| assert!(ports.folders.shift_folder(ann, id, to).await.expect("moved"));
    shift(three, Shift::Up).await;
    assert_eq!(folders(ports, ann).await, ["One", "Three", "Two"]);
    shift(one, Shift::Down).await;
    assert_eq!(folders(ports, ann).await, ["Three", "One", "Two"]);
    shift(three, Shift::Up).await;
    shift(two, Shift::Down).await;
    assert_eq!(folders(ports, ann).await, ["Three", "One", "Two"], "at the ends they stay");
    assert!(ports.folders.rename_folder(ann, one, &name("Uno")).await.expect("renamed"));
    assert!(ports.folders.close_folder(ann, two, true).await.expect("closed"));
    assert_eq!(folders(ports, ann).await, ["Three", "Uno", "(Two)"]);
    assert!(ports.folders.close_folder(ann, two, false).await.expect("opened"));
    assert!(ports.folders.delete_folder(ann, one).await.expect("deleted"));
    assert!(!ports.folders.delete_folder(ann, one).await.expect("answered"));
    add(ports, ann, "Four").await;
    assert_eq!(folders(ports, ann).await, ["Three", "Two", "Four"]);
}

pub async fn a_user_has_a_hundred_folders_at_most(ports: &Ports) {
    let (ann, bob) = (ports.user("ann").await, ports.user("bob").await);
    for _ in 0..AddFolderError::MOST {
        add(ports, ann, "Same").await;
    }
    let more = Folder { id: FolderId(ports.id()), name: name("More"), closed: false };
    let refused = ports.folders.add_folder(ann, &more, at(0)).await;
    assert!(matches!(refused, Err(AddFolderError::TooMany)), "{refused:?}");
    ports.folders.add_folder(bob, &more, at(0)).await.expect("others are not touched");
}

pub async fn a_folder_that_goes_leaves_what_was_in_it(ports: &Ports) {
    let ann = ports.user("ann").await;
    let work = add(ports, ann, "Work").await;
    let (plan, tea) = (talk(ports, ann, "Plan", 1).await, talk(ports, ann, "Tea", 2).await);
    assert_eq!(done(ports, ann, &[plan, tea], Act::Move(Some(work))).await, 2);
    assert_eq!(done(ports, ann, &[tea], Act::Pin).await, 1);
    assert_eq!(listed(ports, ann, 9).await, ["*Work/Tea", "Work/Plan"]);
    assert_eq!(done(ports, ann, &[tea], Act::Move(Some(work))).await, 1);
    assert_eq!(listed(ports, ann, 9).await, ["Work/Tea", "Work/Plan"], "it is seen where it was put");
    assert_eq!(done(ports, ann, &[tea], Act::Pin).await, 1);
    let stored = ports.conversations.transcript(ann, tea).await.expect("read").expect("a transcript");
    assert_eq!((stored.conversation.shelf.pinned, stored.conversation.shelf.folder), (true, Some(work)));
    assert!(ports.folders.delete_folder(ann, work).await.expect("deleted"));
    assert_eq!(listed(ports, ann, 9).await, ["*Tea", "Plan"]);
    assert_eq!(done(ports, ann, &[plan], Act::Move(Some(work))).await, 0, "there is no such folder any more");
}

pub async fn pinned_ones_and_folders_are_listed_however_old(ports: &Ports) {
    let ann = ports.user("ann").await;
    let work = add(ports, ann, "Work").await;
    let mut all = Vec::new();
    for (second, said) in (1..).zip(["A", "B", "C", "D", "E", "F"]) {
        all.push(talk(ports, ann, said, second).await);
    }
    assert_eq!(listed(ports, ann, 2).await, ["F", "E"]);
    done(ports, ann, &all[..1], Act::Pin).await;
    done(ports, ann, &all[1..2], Act::Move(Some(work))).await;
    assert_eq!(listed(ports, ann, 2).await, ["F", "E", "Work/B", "*A"]);
    done(ports, ann, &all[..1], Act::Unpin).await;
    done(ports, ann, &all[1..2], Act::Move(None)).await;
    assert_eq!(listed(ports, ann, 2).await, ["F", "E"]);
    assert_eq!(listed(ports, ann, 9).await, ["F", "E", "D", "C", "B", "A"]);
}

pub async fn archived_ones_are_not_listed_but_found_until_something_is_said(ports: &Ports) {
    let ann = ports.user("ann").await;
    let (bees, tea) = (talk(ports, ann, "Bees", 1).await, talk(ports, ann, "Tea", 2).await);
    done(ports, ann, &[bees], Act::Pin).await;
    assert_eq!(done(ports, ann, &[bees], Act::Archive).await, 1);
    assert_eq!(listed(ports, ann, 9).await, ["Tea"]);
    assert_eq!(archived(ports, ann).await, [bees]);
    let found = async |typed| {
        let hits = ports.search.search(ann, &Query::parse(typed).expect("a query"), 9).await.expect("hits");
        hits.iter().map(|hit| (hit.conversation, hit.archived)).collect::<Vec<_>>()
    };
    assert_eq!(found("bees").await, [(bees, true)]);
    assert_eq!(found("tea").await, [(tea, false)]);
    let stored = ports.conversations.transcript(ann, bees).await.expect("read").expect("a transcript");
    assert!(stored.conversation.shelf.archived);

    let next = ports.message(ann, Place::After(bees, None), "And wasps?", at(60));
    let begun = ports.turns.begin(&next).await.expect("a turn");
    assert!(!begun.conversation.shelf.archived);
    assert_eq!(listed(ports, ann, 9).await, ["*Bees", "Tea"]);
    assert_eq!(archived(ports, ann).await, []);
    assert_eq!(found("bees").await, [(bees, false)]);
    done(ports, ann, &[bees, tea], Act::Archive).await;
    done(ports, ann, &[tea], Act::Unarchive).await;
    assert_eq!(listed(ports, ann, 9).await, ["Tea"]);
}

pub async fn the_archive_has_pages(ports: &Ports) {
    let ann = ports.user("ann").await;
    let mut all = Vec::new();
    for second in 1..=5 {
        let id = talk(ports, ann, "Hello", second).await;
        // The last two in the same moment.
        ports.folders.organise(ann, &[id], Act::Archive, at(100 + second.min(4))).await.expect("archived");
        all.push(id);
    }
    all.reverse();
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = ports.folders.archived(ann, after, 2).await.expect("a page");
        let Some((at, last)) = page.last() else { break };
        after = Some((*at, last.id));
        seen.extend(page.iter().map(|(_, summary)| summary.id));
    }
    assert_eq!(seen, all);
}

pub async fn several_are_deleted_at_once(ports: &Ports) {
    let ann = ports.user("ann").await;
    let mut all = Vec::new();
    for second in 1..=3 {
        all.push(talk(ports, ann, "Hello", second).await);
    }
    let ids = [all[0], all[2], all[0], ConversationId(ports.id())];
    let mut gone = ports.folders.organise(ann, &ids, Act::Delete, at(9)).await.expect("deleted");
    gone.sort();
    assert_eq!(gone, [all[0], all[2]]);
    for (id, there) in all.iter().zip([false, true, false]) {
        assert_eq!(ports.conversations.transcript(ann, *id).await.expect("read").is_some(), there);
    }
    assert_eq!(done(ports, ann, &[], Act::Delete).await, 0);
}

pub async fn c08_what_is_done_to_several_is_done_to_ones_own_only(ports: &Ports) {
    let (ann, eve) = (ports.user("ann").await, ports.user("eve").await);
    let folder_of_ann = add(ports, ann, "Hers").await;
    let folder_of_eve = add(ports, eve, "Eve's").await;
    let hers = talk(ports, ann, "Hers", 1).await;
    let own = talk(ports, eve, "Own", 2).await;
    let before = ports.conversations.transcript(ann, hers).await.expect("read");
    let acts = [
        Act::Pin,
        Act::Unpin,
        Act::Archive,
        Act::Unarchive,
        Act::Move(Some(folder_of_eve)),
        Act::Move(None),
        Act::Delete,
    ];
    for act in acts {
        // Beside one's own, and alone.
        let done = ports.folders.organise(eve, &[hers, own], act, at(9)).await.expect("answered");
        assert_eq!(done, [own], "{act:?}");
        let done = ports.folders.organise(eve, &[hers], act, at(9)).await.expect("answered");
        assert_eq!(done, [], "{act:?}");
        assert_eq!(ports.conversations.transcript(ann, hers).await.expect("read"), before, "{act:?}");
    }
    let own = talk(ports, eve, "Own", 3).await;
    let done = ports.folders.organise(eve, &[own], Act::Move(Some(folder_of_ann)), at(9)).await.expect("answered");
    assert_eq!(done, [], "into somebody else's folder goes nothing");
    assert_eq!(listed(ports, eve, 9).await, ["Own"]);
}

pub async fn c01_folders_of_others_look_like_ones_that_do_not_exist(ports: &Ports) {
    let (ann, eve) = (ports.user("ann").await, ports.user("eve").await);
    let hers = add(ports, ann, "Hers").await;
    add(ports, ann, "Second").await;
    let secret = talk(ports, ann, "secret", 1).await;
    done(ports, ann, &[secret], Act::Archive).await;
    for id in [hers, FolderId(ports.id())] {
        assert!(!ports.folders.rename_folder(eve, id, &name("Mine now")).await.expect("answered"));
        assert!(!ports.folders.close_folder(eve, id, true).await.expect("answered"));
        assert!(!ports.folders.shift_folder(eve, id, Shift::Down).await.expect("answered"));
        assert!(!ports.folders.delete_folder(eve, id).await.expect("answered"));
    }
    assert_eq!(folders(ports, ann).await, ["Hers", "Second"]);
    assert_eq!(folders(ports, eve).await, [""; 0]);
    assert_eq!(archived(ports, eve).await, []);
    let own = add(ports, eve, "Own").await;
    assert!(ports.folders.shift_folder(eve, own, Shift::Up).await.expect("answered"));
    assert_eq!(folders(ports, ann).await, ["Hers", "Second"], "an own folder has no neighbours among them");
}
