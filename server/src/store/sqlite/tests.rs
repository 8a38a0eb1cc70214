//! SQLite keeps the contract, and what only SQLite can get wrong.

mod faults;
mod files;
mod folders;
mod opening;
mod search;
mod waiting;

use super::Sqlite;
use crate::store::contract::{Ports, contract_tests};
use chat::Timestamp;
use sqlx::{ConnectOptions, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{path::PathBuf, time::Duration};
use tempfile::TempDir;

contract_tests!(ports);

/// An empty database in a folder that goes when it is dropped.
async fn database() -> (TempDir, Sqlite) {
    patient_database(super::PATIENCE).await
}

async fn patient_database(patience: Duration) -> (TempDir, Sqlite) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Sqlite::connect(&file(&folder), None, patience).await.expect("opened");
    store.migrate().await.expect("migrated");
    (folder, store)
}

async fn ports() -> (TempDir, Ports) {
    let (folder, store) = database().await;
    (folder, Ports::of(store))
}

fn file(folder: &TempDir) -> PathBuf {
    folder.path().join("confab.db")
}

fn address(folder: &TempDir) -> String {
    format!("sqlite:{}", file(folder).display())
}

/// A connection of somebody else's, with none of the server's settings.
async fn stranger(folder: &TempDir) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(file(folder)).foreign_keys(false);
    options.connect().await.expect("connected")
}

fn now() -> Timestamp {
    Timestamp(1_795_424_400_000)
}

async fn count(store: &Sqlite, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(&store.readers).await.expect("a number")
}
