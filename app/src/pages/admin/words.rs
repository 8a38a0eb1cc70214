//! Numbers and times of these pages.

use crate::pages::{chat::words::count, found::day};
use chat::{Timestamp, time::UtcOffset};

/// A number that may be large: `9,412`, `412 K`, `14.2 M`.
pub(super) fn short(number: u64) -> String {
    let tenths = |unit: u64| {
        let tenths = (number + unit / 20) / (unit / 10);
        if tenths >= 1_000 {
            count(tenths / 10)
        } else {
            [&(tenths / 10).to_string(), ".", &(tenths % 10).to_string()].concat()
        }
    };
    match number {
        0..10_000 => count(number),
        10_000..999_500 => [&((number + 500) / 1_000).to_string(), "\u{a0}K"].concat(),
        _ => [&tenths(1_000_000), "\u{a0}M"].concat(),
    }
}

/// When somebody was here last: `Now`, `8 min ago`, `Today`, `Yesterday`, `19 Nov`.
pub(super) fn seen(then: Timestamp, now: Timestamp, offset: UtcOffset) -> String {
    match now.millis_since(then) / 60_000 {
        0..=1 => "Now".into(),
        minutes @ 2..=59 => [&minutes.to_string(), "\u{a0}min ago"].concat(),
        _ => day(then, now, offset),
    }
}

/// A count and its noun: `1 person`, `41 people`.
pub(super) fn counted(number: u64, one: &str, several: &str) -> String {
    [&*count(number), "\u{a0}", if number == 1 { one } else { several }].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_short() {
        for (number, expected) in [
            (0, "0"),
            (9_999, "9,999"),
            (10_000, "10 K"),
            (411_600, "412 K"),
            (999_499, "999 K"),
            (999_500, "1.0 M"),
            (14_249_999, "14.2 M"),
            (99_960_000, "100 M"),
            (2_345_600_000, "2,345 M"),
        ] {
            assert_eq!(short(number).replace('\u{a0}', " "), expected, "{number}");
        }
    }

    #[test]
    fn the_last_time_is_as_exact_as_it_helps() {
        let now = Timestamp(0).plus_seconds(20_000 * 86_400 + 12 * 3_600);
        for (seconds, expected) in
            [(0, "Now"), (119, "Now"), (480, "8 min ago"), (3_600, "Today"), (86_400, "Yesterday")]
        {
            let text = seen(now.plus_seconds(-seconds), now, UtcOffset::default());
            assert_eq!(text.replace('\u{a0}', " "), expected);
        }
    }
}
