//! What everybody has used, summed up.

use crate::{id::UserId, model::ModelRef, ports::PersonDay, time::Timestamp};
use std::{cmp::Reverse, collections::HashMap};

const DAY_MS: i64 = 86_400_000;

/// The days up to now that somebody looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Period {
    /// Seven.
    Week,
    /// Thirty.
    #[default]
    Month,
    /// Ninety.
    Quarter,
}

impl Period {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Week, Self::Month, Self::Quarter];

    /// From its number of days; thirty days for anything else.
    pub fn of(text: &str) -> Self {
        Self::ALL.into_iter().find(|period| period.days().to_string() == text).unwrap_or_default()
    }

    /// How many.
    pub fn days(self) -> i64 {
        match self {
            Self::Week => 7,
            Self::Month => 30,
            Self::Quarter => 90,
        }
    }

    /// A moment in the first of the days and one in the last, which is today.
    pub fn ends(self, now: Timestamp) -> (Timestamp, Timestamp) {
        (now.plus_seconds(-(self.days() - 1) * DAY_MS / 1000), now)
    }
}

/// What was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// Turns that ended.
    pub turns: u64,
    /// Tokens, read and written.
    pub tokens: u64,
    /// Those of them that models had kept.
    pub cached: u64,
    /// Nanodollars, as far as prices were known.
    pub cost: u64,
}

impl Sum {
    fn add(&mut self, day: &PersonDay) {
        self.turns += day.usage.turns;
        self.tokens += day.usage.input + day.usage.output;
        self.cached += day.usage.cached;
        self.cost += day.usage.cost;
    }
}

/// What everybody has used in a period, summed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// All of it.
    pub all: Sum,
    /// By model, the one with most tokens first.
    pub models: Vec<(ModelRef, Sum)>,
    /// By user, with their names, the one with most tokens first.
    pub people: Vec<(UserId, String, Sum)>,
    /// Each day of the period, counted from 1970-01-01 (UTC), with the tokens of each of `models`.
    pub days: Vec<(i64, Vec<u64>)>,
}

impl Report {
    /// Sums up what was used in a period that ends now.
    pub fn of(rows: &[PersonDay], period: Period, now: Timestamp) -> Self {
        let mut all = Sum::default();
        let mut models = HashMap::<&ModelRef, Sum>::new();
        let mut people = HashMap::<UserId, (&str, Sum)>::new();
        for row in rows {
            all.add(row);
            models.entry(&row.usage.model).or_default().add(row);
            people.entry(row.user).or_insert((&row.name, Sum::default())).1.add(row);
        }
        let mut models: Vec<(ModelRef, Sum)> = models.into_iter().map(|(model, sum)| (model.clone(), sum)).collect();
        models.sort_by_cached_key(|(model, sum)| (Reverse(sum.tokens), model.clone()));
        let mut people: Vec<_> = people.into_iter().map(|(id, (name, sum))| (id, name.to_owned(), sum)).collect();
        people.sort_by_cached_key(|(id, name, sum)| (Reverse(sum.tokens), name.clone(), *id));
        let days = Self::by_day(rows, &models, period, now);
        Self { all, models, people, days }
    }

    fn by_day(rows: &[PersonDay], models: &[(ModelRef, Sum)], period: Period, now: Timestamp) -> Vec<(i64, Vec<u64>)> {
        let last = now.0.div_euclid(DAY_MS);
        let first = last - period.days() + 1;
        let places: HashMap<&ModelRef, usize> =
            models.iter().enumerate().map(|(place, (model, _))| (model, place)).collect();
        let mut days: Vec<(i64, Vec<u64>)> = (first..=last).map(|day| (day, vec![0; models.len()])).collect();
        for PersonDay { usage, .. } in rows {
            let day = usize::try_from(usage.day - first).ok().and_then(|day| days.get_mut(day));
            if let (Some((_, tokens)), Some(place)) = (day, places.get(&usage.model)) {
                tokens[*place] += usage.input + usage.output;
            }
        }
        days
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::DayUsage;
    use uuid::Uuid;

    /// 23 November 2026.
    const NOW: Timestamp = Timestamp(1_795_424_400_000);

    fn row(user: u128, name: &str, days_ago: i64, model: &str, tokens: u64) -> PersonDay {
        let usage = DayUsage {
            day: NOW.0.div_euclid(DAY_MS) - days_ago,
            model: ModelRef::new("openai", model),
            turns: 1,
            input: tokens - 1,
            cached: 0,
            output: 1,
            reasoning: 0,
            cost: 7,
        };
        PersonDay { user: UserId(Uuid::from_u128(user)), name: name.into(), email: None, usage }
    }

    #[test]
    fn a_report_sums_up_by_model_person_and_day() {
        let rows = [row(1, "Ada", 6, "small", 10), row(1, "Ada", 0, "large", 30), row(2, "Bob", 0, "small", 15)];
        let report = Report::of(&rows, Period::Week, NOW);
        assert_eq!(report.all, Sum { turns: 3, tokens: 55, cached: 0, cost: 21 });
        let models: Vec<_> = report.models.iter().map(|(model, sum)| (model.model.as_str(), sum.tokens)).collect();
        assert_eq!(models, [("large", 30), ("small", 25)]);
        let people: Vec<_> = report.people.iter().map(|(_, name, sum)| (name.as_str(), sum.tokens)).collect();
        assert_eq!(people, [("Ada", 40), ("Bob", 15)]);
        assert_eq!(report.days.len(), 7);
        assert_eq!(report.days[0].1, [0, 10]);
        assert_eq!(report.days[6].1, [30, 15]);
        assert!(report.days[1..6].iter().all(|(_, tokens)| *tokens == [0, 0]));
    }

    #[test]
    fn a_period_is_one_of_three() {
        for (text, days) in [("7", 7), ("30", 30), ("90", 90), ("", 30), ("-1", 30), ("1000000", 30)] {
            assert_eq!(Period::of(text).days(), days, "{text}");
        }
        let (from, to) = Period::Week.ends(NOW);
        assert_eq!((to.0 - from.0) / DAY_MS, 6);
    }
}
