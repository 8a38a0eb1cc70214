//! Opening a long conversation: the page as the server renders it.

use super::filled;
use crate::{
    bed::Bed,
    figures::{Table, median, millis, quantile, whole},
    http::Connection,
};
use anyhow::{Result, ensure};
use std::time::Instant;

const TIMES: usize = 50;

/// The same page again and again, over one connection.
pub async fn measure(bed: &Bed) -> Result<String> {
    let installation = bed.installation("page")?;
    filled::fill(&installation).await?;
    let confab = installation.start()?;
    let browser = confab.owner().await?;
    let request = browser.get(&format!("/c/{}", filled::long()), "text/html");
    let mut connection = Connection::open(browser.address).await?;
    let (mut times, mut bytes) = (Vec::new(), 0);
    for _ in 0..TIMES {
        let began = Instant::now();
        let page = connection.request(&request, None).await?;
        times.push(millis(began.elapsed()));
        ensure!(page.status == 200, "the page was answered with {}", page.status);
        let replies = page.text().matches("three good guesses").count();
        ensure!(replies as i64 >= filled::LONG / 2, "the page has {replies} replies");
        bytes = page.body.len();
    }
    let mut table = Table::new(&["page", "median ms", "p95 ms", "bytes"]);
    table.row(&[
        format!("a conversation of {} messages", whole(filled::LONG as f64)),
        format!("{:.1}", median(&times)),
        format!("{:.1}", quantile(&times, 0.95)),
        whole(bytes as f64),
    ]);
    Ok(table.text())
}
