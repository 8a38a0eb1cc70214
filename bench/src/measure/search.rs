//! Finding what was said: searches over many conversations, as the palette asks for them.

use super::filled;
use crate::{
    bed::Bed,
    figures::{Table, median, millis, quantile, whole},
    http::Connection,
};
use anyhow::{Result, ensure};
use std::time::Instant;

const TIMES: usize = 30;
/// With the conversations of [`filled`]: a hundred thousand.
const MESSAGES: i64 = 10;

/// What is looked for, and how much of what is there has it.
const QUERIES: [(&str, &str); 6] = [
    ("lighthouse", "a word that every conversation has"),
    ("li", "the first two letters of it"),
    ("keeper ships evening", "three words of one message"),
    ("Story 4711", "one title"),
    ("\"counted: 7\" NEAR(", "operators, which are words here"),
    ("zeppelin", "what nobody said"),
];

/// The same searches again and again, over one connection.
pub async fn measure(bed: &Bed) -> Result<String> {
    let installation = bed.installation("search")?;
    filled::fill_with(&installation, MESSAGES).await?;
    let confab = installation.start()?;
    let browser = confab.owner().await?;
    let mut connection = Connection::open(browser.address).await?;
    let mut table = Table::new(&["search", "", "median ms", "p95 ms", "slowest ms"]);
    for (query, what) in QUERIES {
        let encoded: String = query.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let request = browser.post("/api/search", &format!("query={encoded}"));
        let mut times = Vec::new();
        for _ in 0..TIMES {
            let began = Instant::now();
            let found = connection.request(&request, None).await?;
            times.push(millis(began.elapsed()));
            ensure!(found.status == 200, "a search was answered with {}", found.status);
        }
        let figures = [median(&times), quantile(&times, 0.95), quantile(&times, 1.0)];
        table.row(&[&[format!("`{query}`"), what.to_owned()], &figures.map(|ms| format!("{ms:.1}"))[..]].concat());
    }
    let messages = whole((filled::CONVERSATIONS * MESSAGES + filled::LONG) as f64);
    Ok(format!("{} conversations with {messages} messages.\n\n{}", whole(filled::CONVERSATIONS as f64), table.text()))
}
