//! How much may be used.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The provider whose models run in this process. They cost nothing, and count against no limit.
pub const BUILT_IN: &str = "local";

/// How much may be used. Months and days are those of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Limits {
    /// What all may spend in a month, in nanodollars.
    pub monthly_cost: Option<u64>,
    /// What each may spend in a month, in nanodollars.
    pub monthly_cost_each: Option<u64>,
    /// How many tokens each may have read and written in a day.
    pub daily_tokens_each: Option<u64>,
}

/// What was used of it, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Used {
    /// By all in this month, in nanodollars.
    pub monthly_cost: u64,
    /// By one of them in this month, in nanodollars.
    pub monthly_cost_each: u64,
    /// By one of them today.
    pub daily_tokens_each: u64,
}

/// A limit that is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// What all may spend in a month.
    MonthlyCost,
    /// What each may spend in a month, in nanodollars.
    MonthlyCostEach(u64),
    /// How many tokens each may use in a day.
    DailyTokensEach(u64),
}

/// A turn may not start, since a limit is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitReached {
    /// Which.
    pub limit: Reached,
    /// When it was.
    pub at: Timestamp,
}

impl fmt::Display for LimitReached {
    /// What is over, until when, and who can change that.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (_, next) = month_of(self.at);
        let month = Timestamp(next * DAY_MS).on_wall(Default::default()).month_name();
        match self.limit {
            Reached::DailyTokensEach(tokens) => write!(
                f,
                "You have used the {} {} that you may use in a day. You can go on from 00:00 UTC; until then an \
                 administrator can raise the limit.",
                grouped(tokens),
                if tokens == 1 { "token" } else { "tokens" }
            ),
            Reached::MonthlyCostEach(nano) => write!(
                f,
                "You have spent the ${} that you may spend in a month. You can go on from 1 {month} (UTC); until then \
                 an administrator can raise the limit.",
                dollars(nano)
            ),
            Reached::MonthlyCost => write!(
                f,
                "Everybody here together has spent what may be spent in a month. You can go on from 1 {month} (UTC); \
                 until then an administrator can raise the limit."
            ),
        }
    }
}

/// A number in groups of three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let groups = digits.as_bytes()[first..].chunks(3).map(|group| String::from_utf8_lossy(group).into_owned());
    let head = Some(digits[..first].to_owned()).filter(|head| !head.is_empty());
    head.into_iter().chain(groups).collect::<Vec<_>>().join(",")
}

/// Nanodollars as dollars, with cents when there are any.
pub fn dollars(nano: u64) -> String {
    let cents = nano / 10_000_000;
    match cents % 100 {
        0 => grouped(cents / 100),
        rest => format!("{}.{rest:02}", grouped(cents / 100)),
    }
}

/// Dollars as somebody types them, such as `300`, `$1,200` or `12.50`, in nanodollars; none when it is no such amount.
pub fn parse_dollars(text: &str) -> Option<u64> {
    let text: String = text.trim().trim_start_matches('$').chars().filter(|c| *c != ',' && *c != ' ').collect();
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || rest.len() > 2 || !digits(whole) || !digits(rest) {
        return None;
    }
    let cents: u64 = if rest.is_empty() { 0 } else { format!("{rest:0<2}").parse().ok()? };
    whole.parse::<u64>().ok()?.checked_mul(100)?.checked_add(cents)?.checked_mul(10_000_000)
}

impl Limits {
    /// The limit that keeps the next turn from starting. Of several it is the one that holds longest.
    pub fn reached(self, used: Used) -> Option<Reached> {
        let over = |limit: Option<u64>, used: u64| limit.filter(|limit| used >= *limit);
        let each = || over(self.monthly_cost_each, used.monthly_cost_each).map(Reached::MonthlyCostEach);
        let daily = || over(self.daily_tokens_each, used.daily_tokens_each).map(Reached::DailyTokensEach);
        over(self.monthly_cost, used.monthly_cost).map(|_| Reached::MonthlyCost).or_else(each).or_else(daily)
    }
}

const DAY_MS: i64 = 86_400_000;

/// The first day of the month of a moment, and that of the next one, counted from 1970-01-01 (UTC).
pub fn month_of(now: Timestamp) -> (i64, i64) {
    let wall = |day: i64| Timestamp(day * DAY_MS).on_wall(Default::default());
    let today = now.0.div_euclid(DAY_MS);
    let first = today - i64::from(wall(today).day) + 1;
    // No month is longer than 31 days, and none is as short as 27.
    let next = (first + 28..=first + 31).find(|day| wall(*day).day == 1).unwrap_or(first + 31);
    (first, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_holds_from_where_it_is_reached_and_none_holds_nobody() {
        let limits = Limits { monthly_cost: Some(100), monthly_cost_each: Some(50), daily_tokens_each: Some(10) };
        let used = |all, each, tokens| Used { monthly_cost: all, monthly_cost_each: each, daily_tokens_each: tokens };
        assert_eq!(limits.reached(used(99, 49, 9)), None);
        assert_eq!(limits.reached(used(99, 49, 10)), Some(Reached::DailyTokensEach(10)));
        assert_eq!(limits.reached(used(99, 50, 10)), Some(Reached::MonthlyCostEach(50)));
        assert_eq!(limits.reached(used(100, 50, 10)), Some(Reached::MonthlyCost));
        assert_eq!(Limits::default().reached(used(u64::MAX, u64::MAX, u64::MAX)), None);
    }

    #[test]
    fn what_is_over_is_told_with_its_end_and_who_can_change_it() {
        // 23 November 2026.
        let told = |limit| LimitReached { limit, at: Timestamp(1_795_424_400_000) }.to_string();
        let text = told(Reached::DailyTokensEach(1_000_000));
        assert!(text.contains("1,000,000 tokens") && text.contains("00:00 UTC"), "{text}");
        let text = told(Reached::MonthlyCostEach(12_500_000_000));
        assert!(text.contains("$12.50") && text.contains("1 December (UTC)"), "{text}");
        let text = told(Reached::MonthlyCost);
        assert!(text.contains("1 December (UTC)") && text.contains("administrator"), "{text}");
    }

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for (text, nano) in [
            ("300", Some(300_000_000_000)),
            (" $1,200 ", Some(1_200_000_000_000)),
            ("12.5", Some(12_500_000_000)),
            ("0", Some(0)),
            ("0.01", Some(10_000_000)),
            ("", None),
            ("-1", None),
            ("1.234", None),
            ("lots", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(parse_dollars(text), nano, "{text}");
        }
        for nano in [300_000_000_000, 12_500_000_000, 1_234_560_000_000, 10_000_000] {
            assert_eq!(parse_dollars(&dollars(nano)), Some(nano));
        }
    }

    #[test]
    fn a_month_begins_on_its_first_day_and_ends_with_the_next() {
        let day = |days: i64| Timestamp(days * 86_400_000 + 5);
        // 1972 is a leap year: its February has the days 761 to 789.
        assert_eq!(month_of(day(0)), (0, 31));
        assert_eq!(month_of(day(30)), (0, 31));
        assert_eq!(month_of(day(31)), (31, 59));
        assert_eq!(month_of(day(761)), (761, 790));
        assert_eq!(month_of(day(789)), (761, 790));
        assert_eq!(month_of(day(790)), (790, 821));
    }
}
