use super::*;
use proptest::prelude::*;

/// Terms as words with spaces between, with `*` after those that may go on.
fn parsed(text: &str) -> Vec<String> {
    let terms = Query::parse(text).map(|query| query.0).unwrap_or_default();
    terms.iter().map(|term| term.words.join(" ") + if term.open { "*" } else { "" }).collect()
}

fn query(text: &str) -> Query {
    Query::parse(text).expect("a query")
}

/// A line with brackets around what is marked.
fn shown(line: &Marked) -> String {
    line.0.iter().map(|piece| if piece.marked { format!("[{}]", piece.text) } else { piece.text.clone() }).collect()
}

#[test]
fn words_have_to_be_there_and_the_last_one_may_go_on() {
    for (typed, expected) in [
        ("wal checkpoint", &["wal", "checkpoint*"][..]),
        ("  WAL  ", &["wal*"]),
        ("wal_checkpoint(TRUNCATE)", &["wal checkpoint truncate*"]),
        ("\"one two\" three", &["one two", "three*"]),
        ("\"one two\"", &["one two"]),
        ("“one two” x", &["one two", "x"]),
        ("a \"not clo", &["a", "not clo*"]),
        ("C", &["c"]),
        ("foo -bar", &["foo", "bar*"]),
        ("ÄRGER", &["ärger*"]),
        ("東京 Tower", &["東京", "tower*"]),
    ] {
        assert_eq!(parsed(typed), expected, "{typed}");
    }
}

#[test]
fn h05_signs_alone_are_nothing_to_look_for() {
    for nothing in [
        "",
        " ",
        "\"",
        "\"\"",
        "*",
        "-",
        "^",
        "()",
        "%_",
        "\0",
        ":",
        "🎉",
        "\u{301}",
        "\"\"\" * NOT".split(' ').next().expect("one"),
    ] {
        assert_eq!(Query::parse(nothing), None, "{nothing:?}");
    }
}

#[test]
fn h05_a_long_query_is_cut() {
    let words = (0..1_000).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
    assert_eq!(query(&words).terms().len(), Query::MAX_TERMS);
    let long = query(&"ä".repeat(10_000));
    assert_eq!(long.terms()[0].words[0].chars().count(), Query::MAX_CHARS);
}

#[test]
fn what_was_looked_for_is_marked_whatever_its_marks_and_case() {
    for (text, typed, expected) in [
        ("Why the WAL file keeps growing", "wal", "Why the [WAL] file keeps growing"),
        ("run wal_checkpoint(TRUNCATE) first", "wal check", "run [wal_checkpoint](TRUNCATE) first"),
        ("Un café, deux Cafe\u{301}s", "cafe", "Un [café], deux [Cafe\u{301}s]"),
        ("walk on", "\"wal\"", "walk on"),
        ("我用Rust写代码", "rust", "我用[Rust]写代码"),
        ("東京タワー", "タワー", "東京[タワー]"),
        ("one\n\n two\tthree", "two", "one [two] three"),
        ("nothing", "else", "nothing"),
    ] {
        assert_eq!(shown(&Marked::whole(text, &query(typed))), expected, "{text}");
    }
}

#[test]
fn a_snippet_is_where_most_of_it_stands_together() {
    let far = "filler words ".repeat(40);
    let text = format!("A checkpoint. {far}\n\nthen the passive checkpoint of the WAL stops. {far}");
    let snippet = shown(&Marked::snippet(&text, &query("wal checkpoint")));
    assert!(snippet.starts_with("…filler words then the passive [checkpoint] of the [WAL] stops."), "{snippet}");
    assert!(snippet.ends_with('…') && snippet.chars().count() < 190, "{snippet}");
    assert_eq!(shown(&Marked::snippet("All of it.", &query("all"))), "[All] of it.");
}

proptest! {
    #[test]
    fn h05_any_query_and_any_text_are_understood(typed in ".{0,60}", text in "\\PC{0,300}|.{0,300}") {
        let Some(query) = Query::parse(&typed) else { return Ok(()) };
        prop_assert!(query.terms().iter().all(|term| !term.words.is_empty()));
        prop_assert!(query.terms().iter().flat_map(|term| &term.words).all(|word| !word.contains(['"', '*', '\0'])));
        let line = Marked::whole(&text, &query).text();
        prop_assert!(!line.contains(['\n', '\t', '\0']));
        let snippet = Marked::snippet(&text, &query);
        prop_assert!(snippet.text().chars().count() <= 180);
    }
}
