//! Many streams at once: tokens a second, processor time, and whether every reply is there afterwards.

mod stored;

use crate::{
    bed::{Bed, browsers},
    confab::Confab,
    figures::{Table, median, millis, whole},
    process::{Process, own_cpu},
    script::{self, STORIES, Story, TOKENS},
    turn::{Browser, Caller, Turn, Way, shown},
};
use anyhow::{Context, Result};
use std::time::{Duration, Instant};
use stored::Stored;
use tokio::{task::JoinSet, time::sleep};

const STREAMS: [usize; 4] = [1, 16, 64, 256];
const PAUSES: [u64; 2] = [10, 0];
/// Each stream asks again until this time has passed.
const AT_LEAST: Duration = Duration::from_secs(3);
/// After a cell, in which the last titles are made.
const REST: Duration = Duration::from_millis(300);

/// Which cells to measure; all when not told.
#[derive(Debug, Clone, Copy, Default)]
pub struct Choice {
    /// This many streams only.
    pub streams: Option<usize>,
    /// This many milliseconds between two tokens only.
    pub pause: Option<u64>,
}

/// All cells: every number of streams, every pause, every way.
pub async fn measure(bed: &Bed, choice: Choice) -> Result<String> {
    let nginx = bed.nginx()?;
    let confab = bed.installation("streams")?.start()?;
    let browsers = browsers(&confab).await?;
    let mut table = Table::new(&[
        "ms a token",
        "streams",
        "way",
        "tokens/s",
        "of direct",
        "CPU µs/token",
        "first token ms",
        "refused",
        "broken",
        "whole",
        "stored whole",
        "bench's CPU µs/token",
    ]);
    for pause in PAUSES.into_iter().filter(|pause| choice.pause.is_none_or(|chosen| chosen == *pause)) {
        for streams in STREAMS.into_iter().filter(|n| choice.streams.is_none_or(|chosen| chosen == *n)) {
            let mut direct = 0.0;
            for way in ["direct", "nginx", "Confab"] {
                let (measured, ways) = match way {
                    "direct" => (None, vec![bed.direct()]),
                    "nginx" => (Some(&nginx.process), vec![Way::Completions(nginx.address)]),
                    _ => (Some(&confab.process), browsers.iter().cloned().map(Way::Confab).collect()),
                };
                let stored = (way == "Confab").then_some(&confab);
                let cell = Cell { ways, streams, pause };
                let outcome = cell.run(bed, measured, stored).await?;
                if way == "direct" {
                    direct = outcome.rate();
                }
                eprintln!("  {streams} streams, {pause} ms, {way}: {} tokens/s", whole(outcome.rate()));
                table.row(&outcome.row(&cell, way, direct));
            }
        }
    }
    Ok(format!(
        "{TOKENS} tokens a reply; each stream asks again until {} s have passed. Each of Confab's replies begins a new \
         conversation and gets it a title.\n\n{}",
        AT_LEAST.as_secs(),
        table.text()
    ))
}

struct Cell {
    ways: Vec<Way>,
    streams: usize,
    pause: u64,
}

/// What became of the turns of one stream, or of all.
#[derive(Default)]
struct Outcome {
    first: Vec<f64>,
    /// Story and what was received, where that is to be looked at later.
    replies: Vec<(usize, Vec<u8>)>,
    whole: usize,
    refused: Vec<String>,
    broken: Vec<String>,
    time: Duration,
    cpu: Option<Duration>,
    bench_cpu: Duration,
    stored: Option<usize>,
}

impl Cell {
    async fn run(&self, bed: &Bed, measured: Option<&Process>, confab: Option<&Confab>) -> Result<Outcome> {
        let mut callers = Vec::new();
        for n in 0..self.streams {
            callers.push(Caller::new(self.ways[n % self.ways.len()].clone()).await?);
        }
        let cpu = || measured.map(Process::cpu).transpose();
        let bench_cpu = || Ok::<_, anyhow::Error>(own_cpu()? + bed.models.cpu()?);
        let stored = match confab {
            Some(confab) => Some(Stored::begin(&confab.installation).await?),
            None => None,
        };
        let (cpu_before, bench_before, began) = (cpu()?, bench_cpu()?, Instant::now());
        let mut outcome = self.all(callers, began).await?;
        outcome.time = began.elapsed();
        sleep(REST).await;
        outcome.cpu = cpu()?.zip(cpu_before).map(|(after, before)| after - before);
        outcome.bench_cpu = bench_cpu()? - bench_before;
        outcome.look(&Story::all(TOKENS));
        if let Some(stored) = stored {
            outcome.stored = Some(stored.whole().await?);
        }
        Ok(outcome)
    }

    async fn all(&self, callers: Vec<Caller>, began: Instant) -> Result<Outcome> {
        let mut tasks = JoinSet::new();
        for (n, caller) in callers.into_iter().enumerate() {
            tasks.spawn(one(caller, n, script::model(self.pause), began));
        }
        let mut all = Outcome::default();
        while let Some(one) = tasks.join_next().await {
            all.add(one.context("a stream's task broke")?);
        }
        Ok(all)
    }
}

/// One stream: question after question.
async fn one(mut caller: Caller, n: usize, model: String, began: Instant) -> Outcome {
    let mut outcome = Outcome::default();
    let mut story = n % STORIES;
    loop {
        match caller.turn(story, &model).await {
            Ok(Turn::Done(done)) => {
                outcome.first.push(millis(done.first));
                outcome.replies.push((story, done.body));
            }
            Ok(Turn::Refused(why)) => outcome.refused.push(why),
            Err(error) => {
                outcome.broken.push(format!("{error:#}"));
                return outcome;
            }
        }
        if began.elapsed() >= AT_LEAST {
            return outcome;
        }
        story = (story + 1) % STORIES;
    }
}

impl Outcome {
    fn add(&mut self, other: Self) {
        self.first.extend(other.first);
        self.replies.extend(other.replies);
        self.refused.extend(other.refused);
        self.broken.extend(other.broken);
    }

    /// Looks at what was received: it has to be the story that was asked for, to the letter.
    fn look(&mut self, stories: &[Story]) {
        for (story, body) in std::mem::take(&mut self.replies) {
            let expected = &stories[story];
            let fault = if body == expected.body {
                None
            } else {
                match shown(&body) {
                    Ok(text) if text == expected.text => None,
                    Ok(_) => Some("another text than was told".to_owned()),
                    Err(error) => Some(format!("{error:#}")),
                }
            };
            match fault {
                None => self.whole += 1,
                Some(fault) => self.broken.push(fault),
            }
        }
        for why in self.refused.iter().chain(&self.broken).take(3) {
            eprintln!("  {why}");
        }
    }

    fn tokens(&self) -> f64 {
        (self.whole * TOKENS) as f64
    }

    fn rate(&self) -> f64 {
        self.tokens() / self.time.as_secs_f64()
    }

    fn row(&self, cell: &Cell, way: &str, direct: f64) -> Vec<String> {
        let per_token = |cpu: Duration| format!("{:.1}", cpu.as_secs_f64() * 1e6 / self.tokens().max(1.0));
        vec![
            cell.pause.to_string(),
            cell.streams.to_string(),
            way.to_owned(),
            whole(self.rate()),
            format!("{:.2}", self.rate() / direct),
            self.cpu.map_or_else(|| "–".into(), per_token),
            format!("{:.1}", median(&self.first)),
            self.refused.len().to_string(),
            self.broken.len().to_string(),
            self.whole.to_string(),
            self.stored.map_or_else(|| "–".into(), |stored| stored.to_string()),
            per_token(self.bench_cpu),
        ]
    }
}

/// The browsers of all users as ways, one for each stream.
pub fn ways(browsers: &[Browser], streams: usize) -> Vec<Way> {
    browsers.iter().cycle().take(streams).cloned().map(Way::Confab).collect()
}
