//! The rooms: what each folder may not know, as words that must not occur in it.

use std::{fs, path::Path};

/// A folder or file, and words that it must not know.
const RULES: &[(&str, &[&str])] = &[
    (
        "chat/src",
        &["leptos", "axum", "sqlx", "tokio", "reqwest", "std::env", "SystemTime", "Instant", "std::fs", "std::net"],
    ),
    ("app/src", &["sqlx", "reqwest", "openidconnect", "tower_sessions", "tokio", "use axum"]),
    ("app/src/components", &["#[server", "Resource", "leptos_router", "services()", "crate::api"]),
    ("server/src/http", &["sqlx"]),
    ("server/src/auth", &["sqlx"]),
    ("server/src/files", &["axum", "sqlx", "leptos"]),
    ("server/src/store", &["axum", "leptos", "crate::llm", "crate::http", "crate::auth"]),
    ("server/src/llm", &["axum", "sqlx", "leptos"]),
    ("server/src/turns.rs", &["axum", "sqlx", "leptos", "openai", "genai", "crate::llm"]),
    ("server/src/turns", &["axum", "sqlx", "leptos", "openai", "genai", "crate::llm"]),
    // A session is written at sign-in and sign-out and nowhere else (catalogue row B06).
    ("server/src/http", &["tower_sessions"]),
    ("server/src/turns", &["tower_sessions"]),
    ("app/src", &["session.insert", "session.save"]),
];

fn sources(path: &Path, found: &mut Vec<(String, String)>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            sources(&entry.unwrap().path(), found);
        }
    } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs") {
        found.push((path.display().to_string(), fs::read_to_string(path).unwrap()));
    }
}

/// The code of a file: without comments, and without what only tests use.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

#[test]
fn b06_no_room_knows_what_it_must_not() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut broken = Vec::new();
    for (place, words) in RULES {
        let mut files = Vec::new();
        sources(&root.join(place), &mut files);
        assert!(!files.is_empty(), "{place} has no files");
        for (file, text) in files {
            let code = code(&text);
            broken.extend(words.iter().filter(|word| code.contains(**word)).map(|word| format!("{file} knows {word}")));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
