//! Figures and how they are told.

use std::time::Duration;

/// The value below which this share of all lie, from 0 to 1; 0 of none.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (sorted.len().saturating_sub(1) as f64 * share).round() as usize;
    sorted.get(place).copied().unwrap_or(0.0)
}

/// The one in the middle.
pub fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

/// In milliseconds.
pub fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// A whole number with commas.
pub fn whole(number: f64) -> String {
    let digits = format!("{:.0}", number);
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A table in Markdown.
pub struct Table(String);

impl Table {
    /// With this head.
    pub fn new(head: &[&str]) -> Self {
        let rule = vec!["---"; head.len()];
        Self(format!("| {} |\n| {} |\n", head.join(" | "), rule.join(" | ")))
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[String]) {
        self.0 += &format!("| {} |\n", cells.join(" | "));
    }

    /// The whole.
    pub fn text(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_and_numbers() {
        let values: Vec<f64> = (0..=100).rev().map(f64::from).collect();
        assert_eq!((median(&values), quantile(&values, 0.95)), (50.0, 95.0));
        assert_eq!(quantile(&[], 0.5), 0.0);
        assert_eq!([1.0, 1_234.4, 1_234_567.0].map(whole), ["1", "1,234", "1,234,567"]);
    }
}
