//! `cargo xtask bench`: what Confab costs, beside nginx on the same machine. README.md tells how to read it.

mod bed;
mod confab;
mod figures;
mod http;
mod machine;
mod measure;
mod nginx;
mod process;
mod script;
mod scripted;
mod turn;

use anyhow::{Context, Result, bail};
use bed::Bed;
use measure::{browser, first_token, memory, page, search, start, streams};
use std::{
    env,
    io::{self, Write},
    path::Path,
};

const NAMES: [&str; 7] = ["first-token", "streams", "memory", "page", "search", "start", "browser"];
const USAGE: &str = "\
Usage: cargo xtask bench [-- NAME]

  first-token              how much later the first token comes
  streams [STREAMS [MS]]   many streams at once; one number of streams or one pause only, when told
  memory                   resident memory, idle and with streams
  page                     opening a long conversation
  search                   finding what was said in many conversations
  start                    from the call to the first connection
  browser                  the page in Chromium: its weight, its times, typing and frames";

fn main() -> Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    // One thread each for the client and the scripted server: what they use is easy to see and to subtract.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match args.as_slice() {
            ["scripted"] => scripted::serve().await,
            [program, place] => all(Path::new(program), Path::new(place)).await,
            [program, place, name, rest @ ..] => one(Path::new(program), Path::new(place), name, rest).await,
            _ => bail!(USAGE),
        }
    })
}

/// Every measurement. `program` is Confab's, `place` a folder on the disk that its data is to be on.
async fn all(program: &Path, place: &Path) -> Result<()> {
    for name in NAMES {
        one(program, place, name, &[]).await?;
    }
    Ok(())
}

async fn one(program: &Path, place: &Path, name: &str, rest: &[&str]) -> Result<()> {
    let bed = Bed::new(program, place)?;
    eprintln!("Measuring {name}");
    let others = machine::Others::begin(&bed.models)?;
    let text = match (name, rest) {
        ("first-token", []) => first_token::measure(&bed).await,
        ("streams", rest) => streams::measure(&bed, choice(rest)?).await,
        ("memory", []) => memory::measure(&bed).await,
        ("page", []) => page::measure(&bed).await,
        ("search", []) => search::measure(&bed).await,
        ("start", []) => start::measure(&bed).await,
        ("browser", []) => browser::measure(&bed).await,
        _ => bail!("what is `{name}`?\n\n{USAGE}"),
    }?;
    let others = others.percent(&bed.models)?;
    let machine = machine::describe(bed.folder.path())?;
    writeln!(
        io::stdout(),
        "## {name}\n\n{machine} Other programs used {others:.0} % of the processors meanwhile.\n\n{text}"
    )
    .context("nobody reads the table")
}

fn choice(rest: &[&str]) -> Result<streams::Choice> {
    let number = |place: usize| rest.get(place).map(|text| text.parse::<u64>().context(USAGE)).transpose();
    let streams = number(0)?.map(usize::try_from).transpose()?;
    Ok(streams::Choice { streams, pause: number(1)? })
}
