//! Resident memory: with nothing to do, with many streams open, and when they have ended.

use crate::{
    bed::{Bed, browsers},
    figures::Table,
    measure::streams::ways,
    process::Process,
    script::{self, STORIES},
    turn::{Caller, Turn},
};
use anyhow::{Result, bail};
use std::time::Duration;
use tokio::{task::JoinSet, time::sleep};

const STREAMS: usize = 256;
const ROUNDS: usize = 3;
/// After a start, and after the last stream has ended.
const REST: Duration = Duration::from_secs(2);
/// When the streams are looked at: the first and the last third of their two seconds.
const LOOKS: [Duration; 2] = [Duration::from_millis(700), Duration::from_millis(1_700)];

/// The same streams a few times over: what is kept for ever would show.
pub async fn measure(bed: &Bed) -> Result<String> {
    let confab = bed.installation("memory")?.start()?;
    let process = &confab.process;
    sleep(REST).await;
    let idle = process.resident()?;
    let browsers = browsers(&confab).await?;
    let mut table = Table::new(&["resident memory", "MB", "more than idle", "kB a stream"]);
    let mut row = |what: String, now: u64, streams: usize| {
        let more = now as f64 - idle as f64;
        let each = if streams == 0 { "–".to_owned() } else { format!("{:.0}", more / streams as f64) };
        table.row(&[what, format!("{:.1}", now as f64 / 1e3), format!("{:.1}", more / 1e3), each]);
    };
    row("idle after the start".into(), idle, 0);
    for round in 1..=ROUNDS {
        let mut tasks = JoinSet::new();
        for (n, way) in ways(&browsers, STREAMS).into_iter().enumerate() {
            let mut caller = Caller::new(way).await?;
            tasks.spawn(async move { caller.turn(n % STORIES, &script::model(10)).await });
        }
        for now in looks(process).await? {
            row(format!("{STREAMS} streams at 10 ms a token, round {round}"), now, STREAMS);
        }
        while let Some(turn) = tasks.join_next().await {
            if let Turn::Refused(why) = turn?? {
                bail!("a turn was refused: {why}");
            }
        }
        sleep(REST).await;
        row(format!("after round {round}"), process.resident()?, 0);
    }
    Ok(table.text())
}

async fn looks(process: &Process) -> Result<Vec<u64>> {
    let (mut seen, mut slept) = (Vec::new(), Duration::ZERO);
    for look in LOOKS {
        sleep(look - slept).await;
        slept = look;
        seen.push(process.resident()?);
    }
    Ok(seen)
}
