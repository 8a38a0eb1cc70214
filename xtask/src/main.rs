//! `cargo xtask`: everything that is done to this project from a shell. It needs rustup and a C compiler, nothing else.

mod browser_tests;
mod checks;
mod dev;
mod doctor;
mod licences;
mod model;
mod queries;
mod serve;
mod shell;
mod site;

use anyhow::{Context, Result, bail};
use std::{env, path::Path, process::ExitCode};

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  run [-- ARGS]            set everything up, build, and start Confab (ARGS go to it)
  test                     every check, in the order of --only below
  test --only NAME         one check: fmt, clippy, queries, site, unit, docs, licences, size or e2e
                           (for unit and e2e, what follows `--` goes to the test runner)
  dev [-- ARGS]            build for development, start, and rebuild whatever is saved
  release                  one self-contained program: target/release/confab
  bench [-- NAME]          measure the release beside nginx; bench/README.md tells what and how
  model                    fetch the built-in model into the data folder
  sqlx [--check]           write .sqlx anew from migrations/ and the queries in server/ (or compare only)";

fn main() -> ExitCode {
    match command() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn command() -> Result<ExitCode> {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    env::set_current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).context("the project's folder is gone")?;
    let done = |result: Result<()>| result.map(|()| ExitCode::SUCCESS);
    match args.as_slice() {
        ["run", rest @ ..] => serve::run(after_dashes(rest)),
        ["test"] => done(checks::all()),
        ["test", "--only", name] => done(checks::one(name, &[])),
        ["test", "--only", name, "--", rest @ ..] => done(checks::one(name, rest)),
        ["dev", rest @ ..] => done(dev::dev(after_dashes(rest))),
        ["release"] => done(serve::release()),
        ["bench", rest @ ..] => done(serve::bench(after_dashes(rest))),
        ["model"] => done(model::command()),
        ["sqlx"] => done(queries::renew()),
        ["sqlx", "--check"] => done(queries::check()),
        [] | ["help" | "--help" | "-h"] => {
            eprintln!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        _ => bail!("what is `{}`?\n\n{USAGE}", args.join(" ")),
    }
}

fn after_dashes<'a>(args: &'a [&'a str]) -> &'a [&'a str] {
    args.strip_prefix(&["--"]).unwrap_or(args)
}
