//! Starting: from the call to the first connection that is taken.

use super::filled;
use crate::{
    bed::Bed,
    figures::{Table, median, millis, whole},
    process::Process,
};
use anyhow::{Result, ensure};
use std::{
    net::TcpStream,
    process::Stdio,
    thread::sleep,
    time::{Duration, Instant},
};

const TIMES: usize = 10;
const PATIENCE: Duration = Duration::from_secs(30);

/// Start after start over an empty and over a full database.
pub async fn measure(bed: &Bed) -> Result<String> {
    let mut table = Table::new(&["start", "database MB", "median ms", "slowest ms"]);
    for conversations in [0, filled::CONVERSATIONS] {
        let installation = bed.installation(&format!("start-{conversations}"))?;
        if conversations == 0 {
            installation.start()?.process.end()?;
        } else {
            filled::fill(&installation).await?;
        }
        let mut times = Vec::new();
        for _ in 0..TIMES {
            let began = Instant::now();
            let mut process = Process::start(installation.command()?.stdout(Stdio::null()))?;
            while TcpStream::connect(installation.address).is_err() {
                ensure!(began.elapsed() < PATIENCE, "Confab does not start; see its log");
                sleep(Duration::from_micros(200));
            }
            times.push(millis(began.elapsed()));
            process.end()?;
        }
        let bytes = std::fs::metadata(installation.data.join("confab.db"))?.len();
        table.row(&[
            format!("{} conversations", whole(conversations as f64)),
            format!("{:.1}", bytes as f64 / 1e6),
            format!("{:.1}", median(&times)),
            format!("{:.1}", times.iter().copied().fold(0.0, f64::max)),
        ]);
    }
    Ok(table.text())
}
