//! Killing the server again and again while people write and models answer (catalogue row J01).
//!
//! Ignored among the other tests because it takes minutes; `cargo xtask test --only kills` runs it.

use crate::support::{
    live::{Person, models, start},
    process::{command, free_port},
};
use chat::{Message, Numbered, Outcome, Transcript, Turn, TurnEvent, TurnState, ports::Sent};
use serde::de::DeserializeOwned;
use sqlx::{Connection, SqliteConnection};
use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{task::JoinSet, time::sleep};

const WRITERS: usize = 6;
const WORDS: usize = 12;

/// How often it is killed.
#[expect(clippy::disallowed_methods, reason = "not a setting of the server")]
fn kills() -> u64 {
    std::env::var("CONFAB_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(25)
}

/// What the server has said that it did, and must never unsay.
#[derive(Clone, Default)]
struct Acknowledged {
    /// Messages with their texts, and the turns that reply to them.
    sent: Vec<Sent>,
    /// Turns whose end was shown.
    complete: Vec<chat::TurnId>,
    /// Titles that were given last.
    titles: Vec<(chat::ConversationId, String)>,
}

/// A writer: what it has been told, and numbers that look random and are the same each time.
struct Writer {
    person: Person,
    told: Arc<Mutex<Acknowledged>>,
    random: u64,
    /// Its place among the writers.
    number: usize,
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes"]
async fn j01_nothing_acknowledged_is_lost_however_often_the_server_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let models = models((0..WORDS).map(word).collect()).await;
    let told: Arc<Mutex<Acknowledged>> = Arc::default();
    let mut person: Option<Person> = None;
    let mut random = 0x9e37_79b9_7f4a_7c15;
    for round in 0..kills() {
        let port = free_port();
        let base = format!("http://127.0.0.1:{port}");
        let variables =
            [("OPENAI_API_KEY", "sk-test"), ("OPENAI_PROXY_URL", &*models), ("CONFAB_TURNS_PER_USER", "64")];
        let (mut child, token) = start(&mut command(folder.path(), &variables), port);
        let person = match &person {
            Some(person) => person.at(&base),
            None => person.insert(Person::claim(&base, &token).await).clone(),
        };
        let database = folder.path().join("confab.db");
        assert_eq!(count(&database, "SELECT count(*) FROM turns WHERE state = 'running'").await, 0, "round {round}");
        let mut writers = JoinSet::new();
        for number in 0..WRITERS {
            let writer = Writer {
                person: person.clone(),
                told: told.clone(),
                // Not the number itself: the writers would walk the same row of numbers one behind the other.
                random: next(&mut random).wrapping_mul(0x2545_f491_4f6c_dd1d) | 1,
                number,
            };
            writers.spawn(writer.write());
        }
        sleep(Duration::from_millis(40 + next(&mut random) % 200)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        writers.join_all().await;
        assert_kept(&database, &told, round).await;
    }
    let told = told.lock().unwrap();
    println!(
        "{} kills: {} messages, {} whole answers and {} titles were acknowledged, and all are there",
        kills(),
        told.sent.len(),
        told.complete.len(),
        told.titles.len()
    );
    assert!(told.sent.len() as u64 >= kills(), "there was load");
}

/// Everything that was acknowledged is in the file, and the file is sound. What has been looked at once is looked at
/// again only at the end of the run, in the last rounds.
async fn assert_kept(database: &Path, told: &Mutex<Acknowledged>, round: u64) {
    let mut db = SqliteConnection::connect(&format!("sqlite:{}", database.display())).await.unwrap();
    let sound: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut db).await.unwrap();
    assert_eq!(sound, "ok", "round {round}");
    assert!(sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut db).await.unwrap().is_empty(), "round {round}");
    let told = told.lock().unwrap().clone();
    let from = |len: usize| if round % 50 == 49 { 0 } else { len.saturating_sub(40) };
    let key = |id: uuid::Uuid| id.as_bytes().to_vec();
    for sent in &told.sent[from(told.sent.len())..] {
        let Message::User(message) = &sent.message else { panic!("a reply is no user's message") };
        let query = "SELECT (SELECT text FROM messages WHERE id = ?), (SELECT text FROM messages WHERE id = ?)";
        let (text, reply): (Option<String>, Option<String>) = sqlx::query_as(query)
            .bind(key(message.id.0))
            .bind(key(sent.turn.reply.0))
            .fetch_one(&mut db)
            .await
            .unwrap();
        assert_eq!(text.as_ref(), Some(&message.text), "round {round}: an acknowledged message");
        assert!(
            answer().starts_with(&reply.unwrap()),
            "round {round}: a reply is what the model said, up to somewhere"
        );
    }
    for turn in &told.complete[from(told.complete.len())..] {
        let query = "SELECT state, text FROM turns JOIN messages ON messages.id = reply_id WHERE turns.id = ?";
        let row: (String, String) = sqlx::query_as(query).bind(key(turn.0)).fetch_one(&mut db).await.unwrap();
        assert_eq!(row, ("complete".into(), answer()), "round {round}: an answer whose end was shown");
    }
    for (id, title) in &told.titles[from(told.titles.len())..] {
        let query = "SELECT title FROM conversations WHERE id = ?";
        let stored: String = sqlx::query_scalar(query).bind(key(id.0)).fetch_one(&mut db).await.unwrap();
        assert_eq!(stored, *title, "round {round}: an acknowledged title");
    }
}

impl Writer {
    /// Writes, watches and renames until the server is gone.
    async fn write(mut self) -> Option<()> {
        let earlier = self.interrupted().filter(|_| self.number.is_multiple_of(2));
        if let Some(turn) = earlier {
            let key = self.key();
            let again: Sent = self.call("turns/retry", &[("key", &key), ("turn", &turn)]).await?;
            self.watch(&again.turn).await?;
        }
        loop {
            let (key, text) = (self.key(), format!("Question {}", next(&mut self.random)));
            let sent: Sent = self.call("turns/send", &[("key", &key), ("text", &text)]).await?;
            let (turn, id) = (sent.turn.clone(), sent.conversation.id);
            self.told.lock().unwrap().sent.push(sent);
            self.watch(&turn).await?;
            let title = format!("Title {}", next(&mut self.random));
            let () = self.call("conversations/rename", &[("id", &id.to_string()), ("title", &title)]).await?;
            self.told.lock().unwrap().titles.push((id, title));
            let seen: Transcript = self.call("conversations/transcript", &[("id", &id.to_string())]).await?;
            assert_eq!(seen.messages.len(), 2, "a conversation is read whole");
        }
    }

    /// A turn whose end was not seen: it was interrupted, or ended unseen. Both can be tried again.
    fn interrupted(&self) -> Option<String> {
        let told = self.told.lock().unwrap();
        let open: Vec<_> =
            told.sent.iter().rev().take(12).filter(|sent| !told.complete.contains(&sent.turn.id)).collect();
        open.get(self.number).map(|sent| sent.turn.id.to_string())
    }

    /// Watches a turn to its end. None when the server went away before that.
    async fn watch(&mut self, turn: &Turn) -> Option<()> {
        let path = format!("/api/turns/{}/events?after={}", turn.id, turn.seq.0);
        let mut response = self.person.get(&path).send().await.ok()?;
        assert_eq!(response.status(), 200);
        let mut read = String::new();
        let mut seen = turn.clone();
        while let Ok(Some(chunk)) = response.chunk().await {
            read.push_str(std::str::from_utf8(&chunk).unwrap());
            while let Some(end) = read.find("\n\n") {
                let event: String = read.drain(..end + 2).collect();
                let field =
                    |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().to_owned();
                match field("event: ").as_str() {
                    "snapshot" => seen = serde_json::from_str(&field("data: ")).unwrap(),
                    "event" => {
                        let event: Numbered = serde_json::from_str(&field("data: ")).unwrap();
                        let over = matches!(event.event, TurnEvent::Finished(_));
                        seen.apply(&event).unwrap();
                        assert!(!over || seen.text == answer(), "{:?}", seen.state);
                    }
                    "end" => {
                        assert_eq!(seen.state, TurnState::Ended(Outcome::Complete));
                        self.told.lock().unwrap().complete.push(turn.id);
                        return Some(());
                    }
                    _ => {}
                }
            }
        }
        None
    }

    /// Calls a server function. None when the server is gone.
    async fn call<T: DeserializeOwned>(&self, path: &str, fields: &[(&str, &str)]) -> Option<T> {
        let (status, body) = self.person.call(path, fields).await?;
        assert_eq!(status, 200, "{path}: {body}");
        Some(serde_json::from_str(&body).unwrap())
    }

    fn key(&mut self) -> String {
        let [a, b] = [next(&mut self.random), next(&mut self.random)];
        uuid::Uuid::from_u64_pair(a, b).to_string()
    }
}

/// The next of a row of numbers (xorshift, Marsaglia 2003).
fn next(random: &mut u64) -> u64 {
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    *random
}

/// What the model says.
fn answer() -> String {
    (0..WORDS).map(word).collect()
}

fn word(n: usize) -> String {
    format!("word{n} ")
}

async fn count(database: &Path, query: &'static str) -> i64 {
    let mut db = SqliteConnection::connect(&format!("sqlite:{}", database.display())).await.unwrap();
    sqlx::query_scalar(query).fetch_one(&mut db).await.unwrap()
}
