use super::*;

fn wall(ms: i64, minutes: i32) -> String {
    let w = Timestamp(ms).on_wall(UtcOffset::from_minutes(minutes));
    format!("{}-{:02}-{:02} {}", w.year, w.month, w.day, w.clock())
}

#[test]
fn shows_the_wall_time_of_a_place() {
    assert_eq!(wall(0, 0), "1970-01-01 00:00");
    assert_eq!(wall(1_795_432_696_000, 0), "2026-11-23 11:18");
    assert_eq!(wall(1_795_432_696_000, 60), "2026-11-23 12:18");
    assert_eq!(wall(1_709_164_799_000, 0), "2024-02-28 23:59");
    assert_eq!(wall(1_709_164_799_000, 1), "2024-02-29 00:00");
    assert_eq!(wall(-1, 0), "1969-12-31 23:59");
    assert_eq!(wall(2_147_483_648_000, 0), "2038-01-19 03:14");
}

#[test]
fn counts_days_by_the_date_on_the_wall() {
    let late = Timestamp(1_709_164_799_000);
    let a_second_later = late.plus_seconds(1);
    assert_eq!(late.days_until(a_second_later, UtcOffset::default()), 1);
    assert_eq!(late.days_until(a_second_later, UtcOffset::from_minutes(60)), 0);
}

#[test]
fn an_impossible_offset_is_utc_and_a_clock_set_back_is_no_time() {
    assert_eq!(UtcOffset::from_minutes(9_999).minutes(), 0);
    assert_eq!(Timestamp(1).millis_since(Timestamp(5)), 0);
    assert_eq!(Timestamp(i64::MAX).plus_seconds(i64::MAX), Timestamp(i64::MAX));
}
