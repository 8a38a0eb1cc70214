//! What other programs export, in miniature.

use super::*;
use chat::Timestamp;
use std::io::Write;

fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(bytes).expect("written");
    file.rewind().expect("rewound");
    file
}

type All = Vec<Result<ImportedConversation, Skipped>>;

fn read_all(bytes: &[u8]) -> Result<All, Unreadable> {
    let mut all = All::new();
    read(file(bytes), &mut |one| {
        all.push(one);
        true
    })?;
    Ok(all)
}

/// The only conversation of a file, with its messages as `parent>author:text`.
fn only(json: &str) -> (ImportedConversation, Vec<String>) {
    let mut all = read_all(json.as_bytes()).expect("readable");
    assert_eq!(all.len(), 1, "{all:?}");
    let one = all.remove(0).expect("a conversation");
    let messages = one.messages.iter().map(|message| {
        let parent = message.parent.map(|parent| parent.to_string()).unwrap_or_default();
        let author = message.model.as_deref().unwrap_or("user");
        format!("{parent}>{author}:{}", message.text)
    });
    let messages = messages.collect();
    (one, messages)
}

const CHATGPT: &str = r#"[{
  "id": "6711", "title": "Tromsø", "create_time": 1729000000.25, "update_time": 1729000100, "current_node": "a2",
  "mapping": {
    "root": {"id": "root", "message": null, "parent": null, "children": ["s"]},
    "s": {"message": {"author": {"role": "system"}, "content": {"content_type": "text", "parts": [""]}}, "parent": "root"},
    "u": {"message": {"author": {"role": "user"}, "create_time": 1729000001, "content": {"content_type": "multimodal_text", "parts": [{"content_type": "image_asset_pointer"}, "Where is it?"]}}, "parent": "s"},
    "t": {"message": {"author": {"role": "assistant"}, "content": {"content_type": "code", "text": "search()"}, "recipient": "web.run"}, "parent": "u"},
    "a1": {"message": {"author": {"role": "assistant"}, "content": {"content_type": "text", "parts": ["In Norway."]}, "metadata": {"model_slug": "gpt-4o"}, "recipient": "all"}, "parent": "t"},
    "a2": {"message": {"author": {"role": "assistant"}, "content": {"content_type": "text", "parts": ["Far north."]}, "metadata": {"model_slug": "o3"}}, "parent": "u"}
  }
}]"#;

#[test]
fn k08_chatgpts_tree_keeps_its_branches() {
    let (one, messages) = only(CHATGPT);
    assert_eq!(messages, [">user:Where is it?", "0>gpt-4o:In Norway.", "0>o3:Far north."]);
    assert_eq!((one.origin.as_str(), one.title.as_str(), one.shown), ("chatgpt:6711", "Tromsø", 2));
    assert_eq!(
        (one.created_at, one.messages[0].created_at),
        (Timestamp(1_729_000_000_250), Timestamp(1_729_000_001_000))
    );
}

const OPEN_WEBUI: &str = r#"[{
  "id": "9f", "user_id": "somebody-else", "title": "WAL", "created_at": 1729000000, "updated_at": 1729000050, "archived": false,
  "chat": {"title": "WAL", "models": ["llama3"], "history": {"currentId": "b", "messages": {
    "a": {"id": "a", "parentId": null, "childrenIds": ["b"], "role": "user", "content": "Why?", "timestamp": 1729000000},
    "b": {"id": "b", "parentId": "a", "role": "assistant", "model": "llama3",
          "content": "<details type=\"reasoning\" done=\"true\" duration=\"2\">\n<summary>Thought for 2 seconds</summary>\n> A reader.\n</details>\nA reader holds it."}
  }}}
}]"#;

#[test]
fn k08_open_webuis_reasoning_is_no_part_of_the_answer() {
    let (one, messages) = only(OPEN_WEBUI);
    assert_eq!(messages, [">user:Why?", "0>llama3:A reader holds it."]);
    assert_eq!((one.messages[1].reasoning.as_str(), one.origin.as_str()), ("A reader.", "openwebui:9f"));
}

const LIBRECHAT: &str = r#"{
  "conversationId": "c1", "endpoint": "openAI", "title": "Lease", "exportAt": "10:00", "branches": true, "recursive": false,
  "messages": [
    {"messageId": "m1", "parentMessageId": "00000000-0000-0000-0000-000000000000", "isCreatedByUser": true, "sender": "User", "text": "Summarise", "createdAt": "2025-03-01T10:00:00.000Z"},
    {"messageId": "m2", "parentMessageId": "m1", "isCreatedByUser": false, "model": "gpt-4.1", "text": "", "content": [{"type": "think", "think": "Short."}, {"type": "text", "text": "It ends in May."}]}
  ]
}"#;

#[test]
fn k08_librechats_messages_are_a_list_or_nested() {
    let (one, messages) = only(LIBRECHAT);
    assert_eq!(messages, [">user:Summarise", "0>gpt-4.1:It ends in May."]);
    assert_eq!((one.messages[1].reasoning.as_str(), one.created_at), ("Short.", Timestamp(1_740_823_200_000)));

    let depth = 1_500;
    let mut nested = String::new();
    for n in 0..depth {
        let by_user = n % 2 == 0;
        nested += &format!(r#"{{"messageId":"{n}","isCreatedByUser":{by_user},"text":"say {n}","children":["#);
    }
    nested += &"]}".repeat(depth);
    let (_, messages) =
        only(&format!(r#"{{"conversationId":"c2","title":"Deep","recursive":true,"messages":[{nested}]}}"#));
    assert_eq!((messages.len(), messages[0].as_str(), messages[3].as_str()), (depth, ">user:say 0", "2>:say 3"));
}

const LOBECHAT: &str = r#"{"exportType": "all", "version": 7, "state": {
  "sessions": [{"id": "s1", "meta": {"title": "Cook"}}],
  "topics": [{"id": "t1", "title": "Sourdough", "sessionId": "s1", "createdAt": 1729000000000}],
  "messages": [
    {"id": "2", "role": "assistant", "content": "80 %", "model": "qwen", "sessionId": "s1", "topicId": "t1", "createdAt": 1729000002000, "reasoning": {"content": "Wet."}},
    {"id": "1", "role": "user", "content": "How wet?", "sessionId": "s1", "topicId": "t1", "createdAt": 1729000001000},
    {"id": "3", "role": "user", "content": "Hello", "sessionId": "s1", "createdAt": 1729000003000}
  ]}}"#;

#[test]
fn k08_lobechats_topics_and_sessions_are_conversations() {
    let all: Vec<_> = read_all(LOBECHAT.as_bytes()).expect("readable").into_iter().map(Result::unwrap).collect();
    let told: Vec<_> = all.iter().map(|one| (one.title.as_str(), one.origin.as_str(), one.messages.len())).collect();
    assert_eq!(told, [("Sourdough", "lobechat:t1", 2), ("Cook", "lobechat:s1", 1)]);
    let reply = &all[0].messages[1];
    assert_eq!((reply.text.as_str(), reply.reasoning.as_str(), reply.parent), ("80 %", "Wet.", Some(0)));
    let dump =
        LOBECHAT.replace("\"exportType\": \"all\", \"version\": 7, \"state\"", "\"mode\": \"postgres\", \"data\"");
    assert_eq!(read_all(dump.as_bytes()).expect("readable").len(), 2, "the newer export has other names around it");
}

#[test]
fn k08_what_is_cut_or_garbled_anywhere_is_told_and_never_panics() {
    for json in [CHATGPT, OPEN_WEBUI, LIBRECHAT, LOBECHAT] {
        for end in (0..json.len()).filter(|end| json.is_char_boundary(*end)) {
            assert!(read_all(&json.as_bytes()[..end]).is_err(), "{}", &json[..end]);
        }
        for at in 0..json.len() {
            for byte in [b'"', b'{', b'0', 0xff] {
                let mut bytes = json.as_bytes().to_vec();
                bytes[at] = byte;
                _ = read_all(&bytes);
            }
        }
    }
    for other in ["", "   ", "hello", "42", "[1, 2]", "{}", "[{}]", "{\"a\": 1}", "PK\u{3}\u{4}nothing"] {
        assert!(read_all(other.as_bytes()).is_err(), "{other}");
    }
    assert!(read_all(b"[]").expect("nothing is no fault").is_empty());
}

#[test]
fn h03_nesting_and_circles_end() {
    let deep = format!(r#"[{{"mapping":{{"a":{}1{}}}}}]"#, "[".repeat(100_000), "]".repeat(100_000));
    let all = read_all(deep.as_bytes()).expect("the list is sound");
    assert!(all[0].is_err(), "{all:?}");
    let circle = r#"[{"chat":{"history":{"messages":{
        "a":{"parentId":"b","role":"user","content":"1"},"b":{"parentId":"a","role":"user","content":"2"},
        "c":{"parentId":"c","role":"user","content":"3"},"d":{"role":"user","content":"4"}}}}}]"#;
    assert_eq!(only(circle).1, [">user:3", ">user:4"]);
}

#[test]
fn h03_too_many_and_too_large_conversations_are_refused() {
    let one = r#"{"chat":{"history":{"messages":{"a":{"role":"user","content":"1"}}}}},"#;
    let many = format!("[{}{}]", one.repeat(CONVERSATIONS), one.trim_end_matches(','));
    assert!(matches!(read_all(many.as_bytes()), Err(Unreadable::TooMany)));
    let text = "x".repeat(usize::try_from(ITEM).expect("small"));
    let large = format!(r#"[{{"chat":{{"title":"{text}"}}}}]"#);
    assert!(matches!(read_all(large.as_bytes()), Err(Unreadable::TooLarge)));
}

#[test]
fn k08_an_archive_is_read_as_what_is_in_it() {
    let mut archive = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, text) in [("export/conversations.json", CHATGPT), ("chat.html", "<p>"), ("export/user.json", "{}")] {
        archive.start_file(name, options).expect("begun");
        archive.write_all(text.as_bytes()).expect("written");
    }
    let bytes = archive.finish().expect("whole").into_inner();
    assert_eq!(read_all(&bytes).expect("readable").len(), 1);
    for end in (4..bytes.len()).step_by(7) {
        assert!(read_all(&bytes[..end]).is_err());
    }
}
