//! Times of sessions, in words.

use crate::pages::chat::words::when;
use chat::{Timestamp, time::UtcOffset};

const MINUTE: u64 = 60_000;

/// When something was, inside a sentence: `today at 14:52`, `yesterday at 14:52`, `12 Oct 14:52`.
pub(in crate::pages) fn moment(then: Timestamp, now: Timestamp, offset: UtcOffset) -> String {
    let day = match then.days_until(now, offset) {
        i64::MIN..=0 => "today at ",
        1 => "yesterday at ",
        _ => return when(then, now, offset),
    };
    [day, &then.on_wall(offset).clock()].concat()
}

/// How long ago something was: `now`, `20 minutes ago`, and from an hour on the time. What is noted is the minute, so
/// two of them are still now.
pub(super) fn ago(then: Timestamp, now: Timestamp, offset: UtcOffset) -> String {
    match now.millis_since(then) / MINUTE {
        0..=1 => "now".to_owned(),
        minutes @ 2..=59 => [&minutes.to_string(), "\u{a0}minutes ago"].concat(),
        _ => moment(then, now, offset),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_as_exact_as_they_help() {
        let (now, utc) = (Timestamp(0).plus_seconds(20_000 * 86_400 + 12 * 3_600), UtcOffset::default());
        for (seconds, past, since) in [
            (0, "today at 12:00", "now"),
            (-60, "today at 12:01", "now"),
            (119, "today at 11:58", "now"),
            (120, "today at 11:58", "2 minutes ago"),
            (3_599, "today at 11:00", "59 minutes ago"),
            (3_600, "today at 11:00", "today at 11:00"),
            (43_200, "today at 00:00", "today at 00:00"),
            (43_201, "yesterday at 23:59", "yesterday at 23:59"),
            (5 * 86_400, "29 Sep 12:00", "29 Sep 12:00"),
            (400 * 86_400, "31 Aug 2023 12:00", "31 Aug 2023 12:00"),
        ] {
            let then = now.plus_seconds(-seconds);
            assert_eq!(moment(then, now, utc), past, "{seconds}");
            assert_eq!(ago(then, now, utc).replace('\u{a0}', " "), since, "{seconds}");
        }
        let tokyo = UtcOffset::from_minutes(9 * 60);
        assert_eq!(moment(now.plus_seconds(-12 * 3_600), now, tokyo), "today at 09:00");
        assert_eq!(moment(now.plus_seconds(-22 * 3_600), now, tokyo), "yesterday at 23:00");
    }
}
