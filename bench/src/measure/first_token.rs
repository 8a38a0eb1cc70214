//! How much later the first token comes, when nothing else is going on.

use crate::{
    bed::Bed,
    figures::{Table, median, millis, quantile},
    script::{SHORT_MODEL, STORIES},
    turn::{Caller, Turn, Way},
};
use anyhow::{Result, bail};
use std::time::Duration;
use tokio::time::sleep;

const TURNS: usize = 200;
/// Between two turns, in which conversations get their titles.
const REST: Duration = Duration::from_millis(20);

/// Turn after turn, each way in its turn, so that whatever else happens on the machine meets all.
pub async fn measure(bed: &Bed) -> Result<String> {
    let nginx = bed.nginx()?;
    let confab = bed.installation("first-token")?.start()?;
    let ways = [
        ("direct", bed.direct()),
        ("nginx", Way::Completions(nginx.address)),
        ("Confab", Way::Confab(confab.owner().await?)),
    ];
    let mut callers = Vec::new();
    for (name, way) in ways {
        callers.push((name, Caller::new(way).await?, Vec::new()));
    }
    // The first ones make connections and compile queries.
    for n in 0..TURNS + 10 {
        for (_, caller, times) in &mut callers {
            match caller.turn(n % STORIES, SHORT_MODEL).await? {
                Turn::Done(done) if n >= 10 => times.push(millis(done.first)),
                Turn::Done(_) => {}
                Turn::Refused(why) => bail!("a turn was refused: {why}"),
            }
            sleep(REST).await;
        }
    }
    Ok(table(&callers.into_iter().map(|(name, _, times)| (name, times)).collect::<Vec<_>>()))
}

fn table(ways: &[(&str, Vec<f64>)]) -> String {
    let mut table = Table::new(&["first token", "median ms", "p95 ms", "later than direct, median", "later, p95"]);
    let direct = &ways[0].1;
    for (name, times) in ways {
        let [middle, high] = [0.5, 0.95].map(|share| quantile(times, share));
        let later = [middle - median(direct), high - quantile(direct, 0.95)];
        table.row(&[
            (*name).to_owned(),
            format!("{middle:.2}"),
            format!("{high:.2}"),
            format!("{:+.2}", later[0]),
            format!("{:+.2}", later[1]),
        ]);
    }
    format!("{TURNS} turns one after the other, each in a new conversation.\n\n{}", table.text())
}
