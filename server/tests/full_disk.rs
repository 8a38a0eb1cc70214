//! A disk that is full, for the whole server (catalogue row J02). What the store alone does is tested beside it.
//!
//! The data folder is a small file system of its own in a mount namespace. Where the system does not allow one, the
//! test says so and ends.

use crate::support::{
    live::{Person, models, start},
    process::{command, free_port},
};
use chat::{Message, Outcome, Transcript, TurnState, ports::Sent};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command},
    time::Duration,
};
use tokio::time::sleep;
use uuid::Uuid;

const MOUNT: &str = "mount -t tmpfs -o size=4m confab \"$CONFAB_DATA_DIR\" && exec \"$0\"";

struct Server {
    child: Child,
    /// The data folder as seen from outside.
    data: PathBuf,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn fill(&self) {
        let mut file = fs::File::create(self.data.join("filler")).unwrap();
        // The last bytes too.
        for size in [65_536, 512, 1] {
            while std::io::Write::write_all(&mut file, &vec![0; size]).is_ok() {}
        }
    }

    fn make_room(&self) {
        fs::remove_file(self.data.join("filler")).unwrap();
    }
}

fn namespaces_are_allowed() -> bool {
    let test = ["-rm", "sh", "-c", "mount -t tmpfs confab /mnt"];
    Command::new("unshare").args(test).output().is_ok_and(|output| output.status.success())
}

/// The same command in a namespace in which the data folder is small.
fn in_small_folder(data: &Path, variables: &[(&str, &str)]) -> Command {
    let confab = command(data, variables);
    let mut small = Command::new("unshare");
    small
        .args(["-rm", "sh", "-c", MOUNT])
        .arg(confab.get_program())
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    small.envs(confab.get_envs().filter_map(|(name, value)| Some((name, value?))));
    small
}

fn key(n: u128) -> String {
    Uuid::from_u128(n).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn j02_a_full_disk_is_told_reading_goes_on_and_nothing_has_to_be_restarted() {
    if !namespaces_are_allowed() {
        println!("skipped: this system allows no mount namespace");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let words: Vec<String> = (0..400).map(|n| format!("word{n} ")).collect();
    let models = models(words.clone()).await;
    let port = free_port();
    let base = format!("http://127.0.0.1:{port}");
    let variables = [("OPENAI_API_KEY", "sk-test"), ("OPENAI_PROXY_URL", &*models)];
    let (child, token) = start(&mut in_small_folder(folder.path(), &variables), port);
    let data = PathBuf::from(format!("/proc/{}/root{}", child.id(), folder.path().display()));
    let server = Server { child, data };
    let ada = Person::claim(&base, &token).await;

    // A turn runs while the disk fills up.
    let (_, body) = ada.call("turns/send", &[("key", &key(1)), ("text", "First")]).await.unwrap();
    let running: Sent = serde_json::from_str(&body).unwrap();
    server.fill();
    let full = "disk is full";
    for (path, fields) in [
        ("turns/send", vec![("key", key(2)), ("text", "x".repeat(150_000))]),
        ("conversations/rename", vec![("id", running.conversation.id.to_string()), ("title", "x".repeat(100))]),
    ] {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        // A page that is there already may have room for a few bytes: it fills up soon.
        let told = loop {
            let (status, body) = ada.call(path, &fields).await.unwrap();
            if status != 200 {
                break (status, body);
            }
        };
        assert!(told.0 == 503 && told.1.contains(full), "{path}: {told:?}");
    }
    // Reading goes on: pages, lists, and the reply that nobody can store meanwhile.
    let page = ada.get(&format!("/c/{}", running.conversation.id)).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert_eq!(ada.call("conversations/list", &[]).await.unwrap().0, 200);

    server.make_room();
    let whole: String = words.concat();
    let id = running.conversation.id.to_string();
    let stored = loop {
        let (status, body) = ada.call("conversations/transcript", &[("id", &id)]).await.unwrap();
        assert_eq!(status, 200, "{body}");
        let seen: Transcript = serde_json::from_str(&body).unwrap();
        let Some(Message::Reply(turn)) = seen.messages.last().cloned() else { panic!("a reply") };
        if !turn.is_running() {
            break turn;
        }
        // It tries again by itself, every few seconds at the latest.
        sleep(Duration::from_millis(50)).await;
    };
    assert_eq!((stored.state, stored.text), (TurnState::Ended(Outcome::Complete), whole), "not a word is lost");
    let (status, body) = ada.call("turns/send", &[("key", &key(3)), ("text", "Second")]).await.unwrap();
    assert_eq!(status, 200, "{body}");
}
