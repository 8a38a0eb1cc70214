//! Finding what was said, through HTTP.

use crate::support::Talk;
use chat::search::{Hit, Marked};
use std::time::{Duration, Instant};

async fn found(talk: &mut Talk, query: &str) -> Vec<Hit> {
    let reply = talk.call("/api/search", &[("query", query)]).await;
    assert_eq!(reply.status, 200, "{query:?}: {}", reply.text);
    reply.json()
}

fn shown(line: &Marked) -> String {
    line.0.iter().map(|piece| if piece.marked { format!("[{}]", piece.text) } else { piece.text.clone() }).collect()
}

#[tokio::test]
async fn a_word_of_an_answer_leads_to_its_message() {
    let mut talk = Talk::begin("How do I keep bees?", "With patience, and <b>a smoker</b> for the hive.").await;
    let sent = talk.ask("And wasps?", "Don’t.").await;
    let hits = found(&mut talk, "smok").await;
    assert_eq!(hits.len(), 1);
    let message = hits[0].message.as_ref().expect("a message");
    let first = talk.open().await.messages[1].id();
    assert_eq!((hits[0].conversation.to_string(), message.id), (talk.id.clone(), first));
    assert_eq!(shown(&message.snippet), "With patience, and <b>a [smoker]</b> for the hive.");
    let hits = found(&mut talk, "WASPS").await;
    assert_eq!(hits[0].message.as_ref().map(|message| message.id), Some(sent.message.id()));
}

#[tokio::test]
async fn c12_nobody_finds_what_others_said() {
    let mut talk = Talk::begin("The aardvark is secret", "It is 熊猫.").await;
    let mut bob = talk.app.signed_in("Bob").await;
    for query in ["aardvark", "secret", "熊猫", "a", "owner:aardvark", "\"aardvark\" OR \"secret\"", "*"] {
        let reply = bob.call("/api/search", &[("query", query)]).await;
        assert_eq!((reply.status, reply.text.as_str()), (200, "[]"), "{query}");
    }
    let page = bob.get("/search?q=aardvark").await;
    assert!(page.text.contains("Nothing mentions") && !page.text.contains("is secret"), "{}", page.text);
    assert_eq!(found(&mut talk, "aardvark").await.len(), 1);
    let stranger = talk.app.browser().call("/api/search", &[("query", "aardvark")]).await;
    assert_eq!(stranger.status, 401);
}

#[tokio::test]
async fn h05_whatever_is_typed_is_a_query_and_answered_soon() {
    let mut talk = Talk::begin("Near the sea", "Not far.").await;
    let (long, many) = ("n".repeat(10_000), "near ".repeat(2_000));
    for query in [
        "\"",
        "*",
        "NEAR(",
        "-",
        "\0",
        "near\0",
        "\"near",
        "near*",
        "^near",
        "title:near",
        "near AND",
        "{x}: near",
        "%_",
        "🎉",
        "中",
        "\u{202e}",
        "",
        "   ",
        "'; DROP TABLE messages; --",
        &long,
        &many,
    ] {
        let begin = Instant::now();
        found(&mut talk, query).await;
        assert!(begin.elapsed() < Duration::from_millis(500), "{:.20}: {:?}", query, begin.elapsed());
        let address = format!("/search?q={}", query.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>());
        if address.len() < 8_000 {
            assert_eq!(talk.browser.get(&address).await.status, 200, "{query:?}");
        }
    }
    for query in ["NEAR(", "near\0", "\"near", "-near"] {
        assert_eq!(found(&mut talk, query).await.len(), 1, "{query:?}");
    }
}

#[tokio::test]
async fn what_is_deleted_is_not_found_until_it_is_brought_back() {
    let mut talk = Talk::begin("An aardvark", "A badger.").await;
    let reply = talk.open().await.messages[1].id();
    let deleted = talk.delete(reply, "one").await;
    assert_eq!(found(&mut talk, "badger").await, []);
    talk.restore(deleted).await;
    assert_eq!(found(&mut talk, "badger").await.len(), 1);
    assert_eq!(talk.call("/api/conversations/delete", &[]).await.status, 200);
    for query in ["aardvark", "badger"] {
        assert_eq!(found(&mut talk, query).await, [], "{query}");
    }
}

#[tokio::test]
async fn the_page_of_the_search_needs_no_scripts() {
    let mut talk = Talk::begin("How do I keep bees?", "With <i>patience</i>.").await;
    let message = talk.open().await.messages[1].id();
    let page = talk.browser.get("/search?q=patience").await;
    assert_eq!(page.status, 200);
    assert!(!page.text.contains("type=\"module\""), "it comes without the page's code");
    let address = format!("/c/{}#m-{message}", talk.id);
    assert!(page.text.contains(&format!("href=\"{address}\"")), "{}", page.text);
    assert!(page.text.contains("<mark>patience<") && page.text.contains("With &lt;i&gt;"), "{}", page.text);
    let hostile = talk.browser.get("/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert!(!hostile.text.contains("<script>alert"), "{}", hostile.text);
    let signed_out = talk.app.browser().get("/search?q=bees").await;
    assert_eq!((signed_out.status, signed_out.header("location")), (303, "/signin?callbackUrl=%2Fsearch%3Fq%3Dbees"));
}
