use super::*;
use uuid::Uuid;

fn title(text: &str) -> String {
    Title::from_prompt(&Prompt::parse(text).expect("a prompt")).into()
}

#[test]
fn a_title_is_cut_from_the_first_words() {
    assert_eq!(title("Hello"), "Hello");
    assert_eq!(title("\n\n# Plan the   garden\nwith beds"), "Plan the garden");
    assert_eq!(
        title("Our chat server writes to SQLite in WAL mode. Under load the file grows"),
        "Our chat server writes to SQLite in WAL mode…"
    );
    assert_eq!(title(&"ä".repeat(200)), format!("{}…", "ä".repeat(48)));
    assert_eq!(title("```"), "```");
}

#[test]
fn a_models_title_is_stripped_of_its_wrapping() {
    let made = |text| Title::from_model(text).map(String::from);
    assert_eq!(made("Title: \"WAL growth\"\nbecause"), Some("WAL growth".into()));
    assert_eq!(made("\n **Sourdough at 80%** "), Some("Sourdough at 80%".into()));
    assert_eq!(made(" \n\"\""), None);
    assert_eq!(made(""), None);
    assert!(made(&"word ".repeat(100)).expect("a title").chars().count() <= Title::MAX_CHARS);
}

#[test]
fn a_typed_title_is_one_line_with_a_limit() {
    assert_eq!(Title::parse("  a\n b\u{7}c ").map(String::from), Ok("a b c".into()));
    assert_eq!(Title::parse(" \n"), Err(TitleError::Blank));
    assert!(Title::parse(&"x".repeat(Title::MAX_CHARS)).is_ok());
    assert_eq!(Title::parse(&"x".repeat(Title::MAX_CHARS + 1)), Err(TitleError::TooLong));
}

const HOUR: i64 = 3_600_000;
/// 2026-11-23T09:00Z.
const NOW: Timestamp = Timestamp(1_795_424_400_000);

#[test]
fn lists_fall_into_periods_by_the_readers_wall() {
    let heading = |hours_ago: i64, offset: i32| {
        Period::of(Timestamp(NOW.0 - hours_ago * HOUR), NOW, UtcOffset::from_minutes(offset)).heading().to_owned()
    };
    assert_eq!(heading(-5, 0), "Today");
    assert_eq!(heading(9, 0), "Today");
    assert_eq!(heading(10, 0), "Yesterday");
    assert_eq!(heading(10, 120), "Today");
    assert_eq!(heading(24 * 7, 0), "Previous 7 days");
    assert_eq!(heading(24 * 8, 0), "November");
    assert_eq!(heading(24 * 40, 0), "October");
    assert_eq!(heading(24 * 365, 0), "November 2025");
}

#[test]
fn neighbours_of_a_period_share_a_heading() {
    let summary = |hours_ago: i64| ConversationSummary {
        id: ConversationId(Uuid::from_u128(hours_ago as u128)),
        title: Title::parse("t").expect("a title"),
        updated_at: Timestamp(NOW.0 - hours_ago * HOUR),
        running: false,
        shelf: Shelf::default(),
    };
    let groups = by_period(vec![summary(1), summary(2), summary(20), summary(300)], NOW, UtcOffset::default());
    let shape: Vec<_> = groups.iter().map(|(period, list)| (period.heading(), list.len())).collect();
    assert_eq!(shape, [("Today", 2), ("Yesterday", 1), ("November", 1)]);
}
