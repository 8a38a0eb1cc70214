//! Points in time, and the little calendar that the page needs.

use serde::{Deserialize, Serialize};

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// Minutes that a wall clock is ahead of UTC (`+60` in Berlin in winter).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UtcOffset(i32);

impl UtcOffset {
    /// Any number of minutes; what no place on Earth uses becomes UTC.
    pub fn from_minutes(minutes: i32) -> Self {
        if (-14 * 60..=14 * 60).contains(&minutes) { Self(minutes) } else { Self(0) }
    }

    /// Minutes ahead of UTC.
    pub fn minutes(self) -> i32 {
        self.0
    }
}

/// A date and time on somebody's wall, in the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct WallTime {
    /// The year, such as 2026.
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
}

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

impl Timestamp {
    /// This time plus a number of seconds.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1000)))
    }

    /// Milliseconds from `earlier` to this time; 0 when the clock was set back.
    pub fn millis_since(self, earlier: Self) -> u64 {
        u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0)
    }

    /// What a clock on the wall shows at this time.
    pub fn on_wall(self, offset: UtcOffset) -> WallTime {
        let local = self.0.saturating_add(i64::from(offset.0) * MINUTE);
        let (days, in_day) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let (year, month, day) = date_of(days);
        WallTime { year, month, day, hour: (in_day / (60 * MINUTE)) as u8, minute: (in_day / MINUTE % 60) as u8 }
    }

    /// Whole days between this time's date and `later`'s date on the same wall.
    pub fn days_until(self, later: Self, offset: UtcOffset) -> i64 {
        let day = |t: Self| t.0.saturating_add(i64::from(offset.0) * MINUTE).div_euclid(DAY);
        day(later) - day(self)
    }
}

impl WallTime {
    /// The time of day as `14:05`.
    pub fn clock(self) -> String {
        let (hour, minute) = (self.hour, self.minute);
        format!("{hour:02}:{minute:02}")
    }

    /// The month's English name.
    pub fn month_name(self) -> &'static str {
        const NAMES: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        NAMES[usize::from(self.month.clamp(1, 12)) - 1]
    }
}

/// Year, month and day of a day counted from 1970-01-01, after Howard Hinnant's
/// "chrono-Compatible Low-Level Date Algorithms" (`civil_from_days`).
fn date_of(days: i64) -> (i64, u8, u8) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u8;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 } as u8;
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests;
