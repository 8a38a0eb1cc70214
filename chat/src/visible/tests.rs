use super::*;
use crate::{FileName, FolderName, Prompt, Title};

#[test]
fn e13_what_hides_is_left_out() {
    for (text, seen) in [
        ("a\u{1b}[31mred\u{1b}[0m", "a[31mred[0m"),
        ("a\u{9b}31mb", "a31mb"),
        ("\u{7}\u{0}\u{7f}a\r", "a"),
        ("if admin\u{202e}\u{2066}// user\u{2069}", "if admin// user"),
        ("a\u{200b}b\u{2060}c\u{feff}d\u{180e}e", "abcde"),
        ("a\u{2061}b\u{2064}c\u{206a}d", "abcd"),
        ("hi\u{e0001}\u{e0069}\u{e0067}\u{e007f}", "hi"),
        ("a\u{3164}b\u{1160}c", "abc"),
        ("a\u{e0101}\u{e0102}\u{e0103}\u{e0104}b", "a\u{e0101}b"),
        ("a\u{200d}\u{200c}\u{200d}\u{200d}b", "a\u{200d}b"),
        ("a\tb\nc", "a\tb\nc"),
    ] {
        assert_eq!(visible(text), seen, "{text:?}");
        assert_eq!(visible(seen), seen, "nothing is left to leave out");
    }
}

#[test]
fn e13_ten_thousand_marks_do_not_cover_the_lines_around() {
    let piled = format!("a{}b", "\u{301}\u{489}".repeat(5_000));
    assert_eq!(visible(&piled), format!("a{}b", "\u{301}\u{489}".repeat(4)));
    let thai = format!("ก{}", "\u{e47}".repeat(10_000));
    assert_eq!(visible(&thai).chars().count(), 9);
    let parted = format!("a{}", "\u{301}\u{200b}".repeat(5_000));
    assert_eq!(visible(&parted).chars().count(), 9, "what hides between them does not begin anew");
    let joined = format!("a{}", "\u{301}\u{200d}\u{34f}".repeat(3_000));
    assert!(visible(&joined).chars().count() < 20, "nor does what joins them");
}

/// Each is written as people write it.
const RIGHT: &[&str] = &[
    "👩‍👩‍👧‍👦 👩🏽‍🚀 ❤️‍🔥 🏳️‍🌈 🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f} 1️⃣ 🇩🇪 ☺︎",
    "می‌خواهم کتاب‌ها",
    "مُحَمَّدٌ رَسُولُ ٱللَّٰهِ",
    "בְּרֵאשִׁית בָּרָא אֱלֹהִים",
    "क्‍ष श्री न्‌त",
    "ക്‍ ന്‍",
    "ශ්‍රී ලංකා",
    "ภาษาไทยที่นี่ ຄຳລາວ",
    "Tiê\u{302}\u{301}ng Viê\u{323}\u{302}t",
    "葛󠄀城 \u{200e}abc\u{200f}",
    "e\u{301}\u{332}\u{20d7} ﷺ",
];

#[test]
fn e13_what_people_write_stays_as_they_write_it() {
    for text in RIGHT {
        assert_eq!(visible(text), *text);
    }
}

#[test]
fn e13_titles_names_and_messages_hide_nothing() {
    let hostile = format!("Inv\u{202e}fdp.exe\u{200b}\u{e0041}\u{1b}[2Jz{}", "\u{301}".repeat(10_000));
    let shown = format!("Invfdp.exe[2Jz{}", "\u{301}".repeat(8));
    let prompt = Prompt::parse(&hostile).expect("a message");
    assert_eq!(prompt.as_str(), shown);
    assert_eq!(Title::from_prompt(&prompt).as_str(), shown);
    assert_eq!(Title::from_model(&hostile.replace('\u{1b}', "")).expect("a title").as_str(), shown);
    assert_eq!(Title::parse(&hostile.replace('\u{1b}', "")).expect("a title").as_str(), shown);
    assert_eq!(FolderName::parse(&hostile.replace('\u{1b}', "")).expect("a name").as_str(), shown);
    assert_eq!(FileName::parse(&hostile).as_str(), shown);
    for nothing in ["\u{202e}\u{200b}", "\u{e0041}", "\u{feff}\n"] {
        assert!(Prompt::parse(nothing).is_err() && Title::parse(nothing).is_err(), "{nothing:?} shows nothing");
        assert_eq!(FileName::parse(nothing).as_str(), "file");
    }
    for text in RIGHT {
        assert_eq!(Prompt::parse(text).expect("a message").as_str(), *text);
        assert_eq!(Title::parse(text).expect("a title").as_str(), *text);
        assert_eq!(FileName::parse(text).as_str(), *text);
    }
}
