//! What a first visit costs.

use anyhow::{Result, ensure};

/// The first load, compressed with brotli, in bytes: a second and a half on a phone at 1.6 Mbit/s.
pub const BUDGET: usize = 300_000;

/// Bytes of one file, plain and in both compressed forms.
#[derive(Clone, Copy, Debug, Default)]
pub struct Weight {
    pub raw: usize,
    pub brotli: usize,
    pub gzip: usize,
}

/// One file of the site.
#[derive(Debug)]
pub struct Row {
    pub name: String,
    pub weight: Weight,
    /// It comes with the first page; the others are loaded when they are first needed.
    pub first: bool,
}

fn first_load(rows: &[Row]) -> Weight {
    rows.iter().filter(|row| row.first).fold(Weight::default(), |sum, Row { weight, .. }| Weight {
        raw: sum.raw + weight.raw,
        brotli: sum.brotli + weight.brotli,
        gzip: sum.gzip + weight.gzip,
    })
}

/// A table for the terminal, in kilobytes of 1,000 bytes.
pub fn table(rows: &[Row]) -> String {
    let line = |name: &str, weight: &Weight| {
        let [raw, brotli, gzip] = [weight.raw, weight.brotli, weight.gzip].map(|bytes| bytes as f64 / 1000.0);
        format!("{name:<36}{raw:>9.1}{brotli:>9.1}{gzip:>9.1}\n")
    };
    let head = format!("{:<36}{:>9}{:>9}{:>9}\n", "kB", "raw", "brotli", "gzip");
    let lines = |first| rows.iter().filter(move |row| row.first == first).map(|row| line(&row.name, &row.weight));
    let later = "when first needed\n".into();
    lines(true).fold(head, |table, line| table + &line)
        + &line("first load", &first_load(rows))
        + &lines(false).fold(later, |table: String, line| table + &line)
}

/// Fails if the first load is heavier than `budget` bytes of brotli.
pub fn check(rows: &[Row], budget: usize) -> Result<()> {
    let bytes = first_load(rows).brotli;
    ensure!(
        bytes <= budget,
        "the first load is {bytes} bytes compressed, {} over the budget of {budget}: what came into the page?",
        bytes - budget
    );
    Ok(())
}

#[cfg(test)]
mod tests;
