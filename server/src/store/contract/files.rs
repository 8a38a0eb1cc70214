//! Files that users attach.

use super::{Ports, at};
use chat::{
    Attachment, AttachmentKind, ConversationId, FileId, FileName, Message, Timestamp, UserId,
    ports::{AddFileError, BeginError, Deletion, FileHash, KeptFile, NewFile, NewTurn, Place, Removal},
};
use std::collections::HashSet;
use tokio::task::JoinSet;

const NO_LIMIT: u64 = u64::MAX;

/// A text of so many bytes that has not been added.
fn new_file(ports: &Ports, owner: UserId, content: u8, bytes: u64, now: Timestamp) -> NewFile {
    let attachment = Attachment {
        id: FileId(ports.id()),
        name: FileName::parse("notes.md"),
        kind: AttachmentKind::Text,
        media_type: "text/plain".into(),
        bytes,
        tokens: 12,
    };
    let hash = FileHash([content; 32]);
    NewFile { owner, file: KeptFile { attachment, hash, text: Some(hash) }, stored_bytes: bytes, now }
}

async fn file(ports: &Ports, owner: UserId, content: u8, now: Timestamp) -> Attachment {
    let new = new_file(ports, owner, content, 100, now);
    ports.files.add(&new, NO_LIMIT).await.expect("added");
    new.file.attachment
}

/// The names of what each message of a user's has, in the order of the branch.
async fn attached(ports: &Ports, owner: UserId, id: ConversationId) -> Vec<Vec<FileId>> {
    let transcript = ports.conversations.transcript(owner, id).await.expect("read").expect("a transcript");
    let files = |message: &Message| match message {
        Message::User(message) => Some(message.attachments.iter().map(|file| file.id).collect()),
        Message::Reply(_) => None,
    };
    transcript.messages.iter().filter_map(files).collect()
}

pub async fn a_file_is_found_by_its_owner_as_it_was_added(ports: &Ports) {
    let (ann, eve) = (ports.user("ann").await, ports.user("eve").await);
    let text = new_file(ports, ann, 1, 100, at(1));
    let picture = NewFile {
        file: KeptFile {
            attachment: Attachment {
                id: FileId(ports.id()),
                name: FileName::parse("Schloß \"1\".png"),
                kind: AttachmentKind::Image { width: 640, height: 480 },
                media_type: "image/png".into(),
                bytes: 5_000_000_000,
                tokens: 409,
            },
            hash: FileHash([2; 32]),
            text: None,
        },
        ..new_file(ports, ann, 2, 7, at(1))
    };
    for new in [&text, &picture] {
        ports.files.add(new, NO_LIMIT).await.expect("added");
        let id = new.file.attachment.id;
        assert_eq!(ports.files.find(ann, id).await.expect("read"), Some(new.file.clone()));
        assert_eq!(ports.files.find(eve, id).await.expect("read"), None, "of somebody else");
    }
    assert_eq!(ports.files.find(ann, FileId(ports.id())).await.expect("read"), None);
    assert_eq!(ports.files.used(ann).await.expect("read"), 107);
    assert_eq!(ports.files.used(eve).await.expect("read"), 0);
    let read_out = KeptFile { text: Some(FileHash([9; 32])), ..new_file(ports, eve, 3, 1, at(1)).file };
    ports.files.add(&NewFile { file: read_out, ..new_file(ports, eve, 3, 1, at(1)) }, NO_LIMIT).await.expect("added");
    let expected: HashSet<FileHash> = [1, 2, 3, 9].map(|n| FileHash([n; 32])).into();
    assert_eq!(ports.files.hashes_in_use().await.expect("read"), expected);
}

pub async fn files_come_with_the_message_in_their_order(ports: &Ports) {
    let ann = ports.user("ann").await;
    let (one, two) = (file(ports, ann, 1, at(0)).await, file(ports, ann, 2, at(0)).await);
    let new = NewTurn { attachments: vec![two.id, one.id], ..ports.first_message(ann, "Look", at(1)) };
    let mut begun = ports.turns.begin(&new).await.expect("a turn");
    let Message::User(message) = &begun.branch[0] else { panic!("a user's message") };
    assert_eq!(message.attachments, [two.clone(), one.clone()]);
    let again = ports.turns.begin(&new).await.expect("the same turn");
    assert_eq!((again.repeated, &again.branch), (true, &begun.branch), "a repeated send has the same files");
    ports.finish(&mut begun.turn, "I see.").await;
    let id = begun.conversation.id;
    assert_eq!(attached(ports, ann, id).await, [vec![two.id, one.id]]);

    // Another version of the message keeps one of them; the first version has both still.
    let edited = ports.message(ann, Place::Beside(id, new.message), "Look here", at(2));
    let mut edited = ports.turns.begin(&NewTurn { attachments: vec![one.id], ..edited }).await.expect("a turn");
    ports.finish(&mut edited.turn, "Yes.").await;
    assert_eq!(attached(ports, ann, id).await, [vec![one.id]]);
    assert!(ports.conversations.choose(ann, id, new.message).await.expect("chosen"));
    assert_eq!(attached(ports, ann, id).await, [vec![two.id, one.id]]);
}

pub async fn c05_a_foreign_file_is_no_attachment_and_nothing_is_written(ports: &Ports) {
    let (ann, eve) = (ports.user("ann").await, ports.user("eve").await);
    let (hers, own) = (file(ports, ann, 1, at(0)).await, file(ports, eve, 2, at(0)).await);
    let before = ports.complete(eve, "before", at(1)).await;
    for foreign in [hers.id, FileId(ports.id())] {
        for message in [
            ports.first_message(eve, "read it to me", at(2)),
            ports.message(eve, Place::After(before.conversation.id, None), "read it to me", at(2)),
        ] {
            let new = NewTurn { attachments: vec![own.id, foreign], ..message };
            let refused = ports.turns.begin(&new).await;
            assert!(matches!(refused, Err(BeginError::NoSuchFile)), "{refused:?}");
            assert_eq!(ports.turns.turn(eve, new.turn).await.expect("read"), None);
        }
    }
    assert_eq!(ports.conversations.list(eve, 9).await.expect("a list").len(), 1);
    assert_eq!(attached(ports, eve, before.conversation.id).await, [Vec::new()]);
    assert_eq!(ports.files.remove(eve, own.id).await.expect("answered"), Removal::Removed, "it is in no message");
    assert_eq!(ports.files.remove(eve, hers.id).await.expect("answered"), Removal::NotFound);
    assert!(ports.files.find(ann, hers.id).await.expect("read").is_some());
}

pub async fn g05_many_files_at_once_stay_below_the_quota(ports: &Ports) {
    let (ann, bob) = (ports.user("ann").await, ports.user("bob").await);
    let mut adding = JoinSet::new();
    for n in 0..20 {
        let (files, new) = (ports.files.clone(), new_file(ports, ann, n, 100, at(0)));
        adding.spawn(async move { files.add(&new, 1_000).await });
    }
    let added = adding.join_all().await;
    assert_eq!(added.iter().filter(|added| added.is_ok()).count(), 10);
    assert!(added.iter().flat_map(|added| added.as_ref().err()).all(|error| matches!(error, AddFileError::OverQuota)));
    assert_eq!(ports.files.used(ann).await.expect("read"), 1_000, "exactly the quota fits");
    ports.files.add(&new_file(ports, bob, 1, 100, at(0)), 100).await.expect("his own quota");
}

pub async fn a_file_can_be_removed_until_it_is_sent(ports: &Ports) {
    let ann = ports.user("ann").await;
    let (sent, unsent) = (file(ports, ann, 1, at(0)).await, file(ports, ann, 2, at(0)).await);
    let new = NewTurn { attachments: vec![sent.id], ..ports.first_message(ann, "Look", at(1)) };
    ports.turns.begin(&new).await.expect("a turn");
    assert_eq!(ports.files.remove(ann, sent.id).await.expect("answered"), Removal::InMessage);
    assert_eq!(ports.files.remove(ann, unsent.id).await.expect("answered"), Removal::Removed);
    assert_eq!(ports.files.remove(ann, unsent.id).await.expect("answered"), Removal::NotFound);
    assert_eq!(ports.files.find(ann, unsent.id).await.expect("read"), None);
    assert_eq!(ports.files.used(ann).await.expect("read"), 100);
}

pub async fn what_was_never_sent_is_purged(ports: &Ports) {
    let ann = ports.user("ann").await;
    let (sent, old) = (file(ports, ann, 1, at(0)).await, file(ports, ann, 2, at(0)).await);
    let new = file(ports, ann, 3, at(50)).await;
    let message = NewTurn { attachments: vec![sent.id], ..ports.first_message(ann, "Look", at(1)) };
    ports.turns.begin(&message).await.expect("a turn");
    assert_eq!(ports.files.purge_unsent(at(50)).await.expect("purged"), 1);
    for (file, stays) in [(&sent, true), (&old, false), (&new, true)] {
        assert_eq!(ports.files.find(ann, file.id).await.expect("read").is_some(), stays);
    }
}

pub async fn a_file_goes_with_the_last_message_that_has_it(ports: &Ports) {
    let ann = ports.user("ann").await;
    let (one, both) = (file(ports, ann, 1, at(0)).await, file(ports, ann, 2, at(0)).await);
    let first = NewTurn { attachments: vec![one.id, both.id], ..ports.first_message(ann, "Look", at(1)) };
    let first = ports.turns.begin(&first).await.expect("a turn").conversation.id;
    let second = NewTurn { attachments: vec![both.id], ..ports.first_message(ann, "Again", at(2)) };
    let mut second = ports.turns.begin(&second).await.expect("a turn");
    ports.finish(&mut second.turn, "I see.").await;

    let is_there = async |file: &Attachment| ports.files.find(ann, file.id).await.expect("read").is_some();
    assert!(ports.conversations.delete(ann, first).await.expect("deleted"));
    assert_eq!((is_there(&one).await, is_there(&both).await), (false, true));

    // What was deleted so that it can come back keeps its files until it is forgotten.
    let conversation = second.conversation.id;
    let deletion = Deletion { owner: ann, conversation, message: second.turn.parent, with_branch: true, now: at(3) };
    ports.conversations.delete_message(&deletion).await.expect("deleted");
    assert!(is_there(&both).await);
    ports.conversations.purge_deleted(at(4)).await.expect("purged");
    assert!(!is_there(&both).await);
    assert_eq!(ports.files.hashes_in_use().await.expect("read"), HashSet::new());
}
