//! Numbers and times as the page writes them: "1,204", "0.42 s", "Yesterday 14:52". A number and its unit are held
//! together by a space that never breaks.

use chat::{Timestamp, time::UtcOffset};

const NBSP: &str = "\u{a0}";

/// A count, in groups of three digits: `1,204`.
pub(in crate::pages) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number of tokens: `612 tokens`.
pub(super) fn tokens(number: u32) -> String {
    let unit = if number == 1 { "token" } else { "tokens" };
    [&count(number.into()), NBSP, unit].concat()
}

/// The size of a file: `812 B`, `2.1 KB`, `38 MB`. A kilobyte has a thousand bytes.
pub(super) fn size(bytes: u64) -> String {
    let (parts, unit) = match bytes {
        0..1_000 => return [&bytes.to_string(), NBSP, "B"].concat(),
        1_000..1_000_000 => (1_000, "KB"),
        _ => (1_000_000, "MB"),
    };
    let tenths = bytes * 10 / parts;
    [&short(tenths, 100), NBSP, unit].concat()
}

/// Tokens in a second: `68 tok/s`, and below ten `8.4 tok/s`.
pub(super) fn speed(per_second: f64) -> String {
    let tenths = (per_second * 10.0).round() as u64;
    [&short(tenths, 10), NBSP, "tok/s"].concat()
}

/// A short time: `0.42 s`, from ten seconds on `12.3 s`, from a hundred on `120 s`.
pub(super) fn seconds(millis: u64) -> String {
    let number = if millis < 9_995 { fraction((millis + 5) / 10, 100) } else { short((millis + 50) / 100, 100) };
    [&number, NBSP, "s"].concat()
}

/// A time in whole seconds: `8 s`, from a minute on `1 min 12 s`.
pub(super) fn whole_seconds(millis: u64) -> String {
    let seconds = ((millis + 500) / 1000).max(1);
    let part = |number: u64, unit: &str| [&number.to_string(), NBSP, unit].concat();
    match (seconds / 60, seconds % 60) {
        (0, seconds) => part(seconds, "s"),
        (minutes, 0) => part(minutes, "min"),
        (minutes, seconds) => [part(minutes, "min"), part(seconds, "s")].join(NBSP),
    }
}

/// What something cost, given in nanodollars: `$0.0042`, from ten cents on `$1.25`.
pub(super) fn dollars(nano: u64) -> String {
    let (parts, digits) = if nano < 99_950_000 { (10_000, 4) } else { (100, 2) };
    let per_part = 1_000_000_000 / parts;
    let number = (nano + per_part / 2) / per_part;
    if number == 0 {
        return "under $0.0001".into();
    }
    let rest = (number % parts).to_string();
    ["$", &count(number / parts), ".", &"0".repeat(digits - rest.len()), &rest].concat()
}

/// The size of a model's window: `128K`, `1M`. Makers count in thousands or in 1,024s.
pub(in crate::pages) fn window(tokens: u32) -> String {
    match tokens {
        1_000_000.. => [&short((tokens + 50_000) / 100_000, 10), "M"].concat(),
        1_000.. if tokens.is_multiple_of(1024) && !tokens.is_multiple_of(1000) => {
            [&(tokens / 1024).to_string(), "K"].concat()
        }
        1_000.. => [&((tokens + 500) / 1000).to_string(), "K"].concat(),
        _ => tokens.to_string(),
    }
}

/// When something was said: `14:52`, `Yesterday 14:52`, `12 Oct 14:52`, `12 Oct 2025 14:52`.
pub(in crate::pages) fn when(then: Timestamp, now: Timestamp, offset: UtcOffset) -> String {
    let (wall, today) = (then.on_wall(offset), now.on_wall(offset));
    let day = match then.days_until(now, offset) {
        i64::MIN..=0 => return wall.clock(),
        1 => "Yesterday".to_owned(),
        _ => {
            let month = wall.month_name();
            let month = month.get(..3).unwrap_or(month);
            let date = [&wall.day.to_string(), " ", month].concat();
            if wall.year == today.year { date } else { [&date, " ", &wall.year.to_string()].concat() }
        }
    };
    [&day, " ", &wall.clock()].concat()
}

/// A time as `<time datetime>` wants it (HTML, section 2.3.5.6), in UTC to the minute.
pub(in crate::pages) fn machine_time(then: Timestamp) -> String {
    let wall = then.on_wall(UtcOffset::default());
    let two = |number: u8| {
        if number < 10 { ["0", &number.to_string()].concat() } else { number.to_string() }
    };
    let year = wall.year.to_string();
    let zeros = "0".repeat(4_usize.saturating_sub(year.len()));
    [&zeros, &year, "-", &two(wall.month), "-", &two(wall.day), "T", &wall.clock(), "Z"].concat()
}

/// A number given in tenths, with one decimal while it is below `whole`, in units of which it is then written whole.
fn short(tenths: impl Into<u64>, whole: u64) -> String {
    let tenths = tenths.into();
    if tenths >= whole * 10 || tenths.is_multiple_of(10) { count((tenths + 5) / 10) } else { fraction(tenths, 10) }
}

/// A number given in parts of which `parts` (10 or 100) make one.
fn fraction(number: u64, parts: u64) -> String {
    let rest = number % parts;
    let zero = if parts == 100 && rest < 10 { "0" } else { "" };
    [&count(number / parts), ".", zero, &rest.to_string()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: String) -> String {
        assert!(!text.contains(' '), "{text:?} may break between number and unit");
        text.replace(NBSP, " ")
    }

    #[test]
    fn counts_have_groups() {
        for (number, expected) in
            [(0, "0"), (7, "7"), (612, "612"), (1_204, "1,204"), (12_000, "12,000"), (94_100_000, "94,100,000")]
        {
            assert_eq!(count(number), expected);
        }
        assert_eq!(plain(tokens(1)), "1 token");
        assert_eq!(plain(tokens(1_204)), "1,204 tokens");
    }

    #[test]
    fn speeds_have_a_decimal_while_it_tells_something() {
        for (speed_of, expected) in [
            (68.4, "68 tok/s"),
            (8.44, "8.4 tok/s"),
            (8.0, "8 tok/s"),
            (9.97, "10 tok/s"),
            (0.26, "0.3 tok/s"),
            (1234.5, "1,235 tok/s"),
        ] {
            assert_eq!(plain(speed(speed_of)), expected);
        }
    }

    #[test]
    fn sizes_have_a_decimal_while_it_tells_something() {
        for (bytes, expected) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1 KB"),
            (2_149, "2.1 KB"),
            (999_999, "1,000 KB"),
            (38_000_000, "38 MB"),
        ] {
            assert_eq!(plain(size(bytes)), expected, "{bytes}");
        }
    }

    #[test]
    fn short_times_have_decimals() {
        for (millis, expected) in [
            (0, "0.00 s"),
            (42, "0.04 s"),
            (420, "0.42 s"),
            (1_005, "1.01 s"),
            (9_994, "9.99 s"),
            (9_996, "10 s"),
            (12_345, "12.3 s"),
            (99_949, "99.9 s"),
            (120_040, "120 s"),
        ] {
            assert_eq!(plain(seconds(millis)), expected, "{millis}");
        }
    }

    #[test]
    fn small_sums_have_more_decimals() {
        for (nano, expected) in [
            (1, "under $0.0001"),
            (50_000, "$0.0001"),
            (4_200_000, "$0.0042"),
            (12_345_678, "$0.0123"),
            (99_949_999, "$0.0999"),
            (99_950_000, "$0.10"),
            (1_254_000_000, "$1.25"),
            (1_999_999_999_999, "$2,000.00"),
        ] {
            assert_eq!(dollars(nano), expected, "{nano}");
        }
    }

    #[test]
    fn thinking_takes_whole_seconds() {
        for (millis, expected) in [(3, "1 s"), (8_400, "8 s"), (59_600, "1 min"), (72_000, "1 min 12 s")] {
            assert_eq!(plain(whole_seconds(millis)), expected);
        }
    }

    #[test]
    fn windows_are_named_as_their_makers_do() {
        for (size, expected) in [
            (512, "512"),
            (2_048, "2K"),
            (40_960, "40K"),
            (128_000, "128K"),
            (131_072, "128K"),
            (200_000, "200K"),
            (1_000_000, "1M"),
            (1_048_576, "1M"),
            (1_500_000, "1.5M"),
        ] {
            assert_eq!(window(size), expected, "{size}");
        }
    }

    #[test]
    fn times_are_as_exact_as_they_are_old() {
        // 2026-11-23T11:18:16Z
        let now = Timestamp(1_795_432_696_000);
        let ago = |hours: i64| when(now.plus_seconds(-3600 * hours), now, UtcOffset::default());
        assert_eq!(ago(-3), "14:18");
        assert_eq!(ago(11), "00:18");
        assert_eq!(ago(12), "Yesterday 23:18");
        assert_eq!(ago(24 * 42), "12 Oct 11:18");
        assert_eq!(ago(24 * 365), "23 Nov 2025 11:18");
        assert_eq!(when(now, now, UtcOffset::from_minutes(60)), "12:18");
        assert_eq!(machine_time(now), "2026-11-23T11:18Z");
        assert_eq!(machine_time(Timestamp(0)), "1970-01-01T00:00Z");
    }
}
