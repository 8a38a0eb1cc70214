//! What only the database does with files.

use super::{count, database, file, now};
use crate::store::contract::Ports;
use chat::{
    Attachment, AttachmentKind, FileId, FileName,
    ports::{FileHash, KeptFile, NewFile, NewTurn},
};
use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};

#[tokio::test]
async fn a_user_who_goes_takes_all_files_along() {
    let (folder, store) = database().await;
    let ports = Ports::of(store.clone());
    let ann = ports.user("ann").await;
    let hash = FileHash([1; 32]);
    let attachment = Attachment {
        id: FileId(ports.id()),
        name: FileName::parse("a.txt"),
        kind: AttachmentKind::Text,
        media_type: "text/plain".into(),
        bytes: 1,
        tokens: 8,
    };
    let id = attachment.id;
    let file_of_hers =
        NewFile { owner: ann, file: KeptFile { attachment, hash, text: Some(hash) }, stored_bytes: 1, now: now() };
    ports.files.add(&file_of_hers, 10).await.expect("added");
    let message = NewTurn { attachments: vec![id], ..ports.first_message(ann, "Look", now()) };
    ports.turns.begin(&message).await.expect("a turn");

    let options = SqliteConnectOptions::new().filename(file(&folder)).foreign_keys(true);
    let mut admin = options.connect().await.expect("connected");
    sqlx::query("DELETE FROM users").execute(&mut admin).await.expect("deleted");
    for table in ["SELECT count(*) FROM files", "SELECT count(*) FROM message_files", "SELECT count(*) FROM messages"] {
        assert_eq!(count(&store, table).await, 0, "{table}");
    }
}
