//! `run`, `release` and `bench`: the program people use.

use crate::{
    browser_tests, doctor, model, shell,
    site::{self, Build, sizes},
};
use anyhow::{Context, Result};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// Sets up what is missing, builds what has changed, and becomes the server.
pub fn run(args: &[&str]) -> Result<ExitCode> {
    let mut steps = shell::Steps::new(6);
    let (program, _) = build(&mut steps)?;
    steps.step("Looking for the built-in model", model::for_the_server)?;
    eprintln!("[6/6] Starting Confab");
    become_program(Command::new(std::path::absolute(program)?).args(args))
}

/// Builds the one file that is deployed.
pub fn release() -> Result<()> {
    let (program, sizes) = build(&mut shell::Steps::new(4))?;
    let bytes = fs::metadata(&program)?.len();
    eprintln!("\n{}", sizes::table(&sizes));
    eprintln!("{}: {:.1} MB, everything inside", program.display(), bytes as f64 / 1e6);
    Ok(())
}

/// Measures the one file that is deployed. `args` name a measurement; all are made when they don't.
pub fn bench(args: &[&str]) -> Result<()> {
    let mut steps = shell::Steps::new(5);
    let in_browser = args.is_empty() || args.contains(&"browser");
    let chromium = if in_browser { Some(browser_tests::ready()?) } else { None };
    let (program, _) = build(&mut steps)?;
    steps.step("Building what measures it", || {
        shell::run(&mut shell::cargo(["build", "--release", "--package", "bench"]))
    })?;
    let target = Path::new(shell::TARGET);
    let measure = target.join("release").join(format!("bench{}", env::consts::EXE_SUFFIX));
    // Below the target folder data is on a disk, which the folder for temporary files need not be.
    let mut measuring = Command::new(std::path::absolute(measure)?);
    measuring.arg(program).arg(target.join("bench")).args(args).envs(chromium.map(|path| ("CHROMIUM", path)));
    shell::run(&mut measuring)
}

fn build(steps: &mut shell::Steps) -> Result<(PathBuf, Vec<sizes::Row>)> {
    let program = shell::confab("release");
    steps.step("Looking at the Rust toolchain", doctor::wasm_target)?;
    let first = shell::first_time(&Build::Release.wasm(), "3 min");
    steps.step(&format!("Building the page for the browser{first}"), || site::compile(Build::Release))?;
    let sizes = steps.step("Putting the site together", || site::assemble(Build::Release))?;
    let first = shell::first_time(&program, "8 min");
    steps.step(&format!("Building the server{first}"), || {
        shell::run(&mut shell::cargo(["build", "--release", "--package", "server", "--features", "embed"]))
    })?;
    Ok((program, sizes))
}

/// The server takes this process over: signals, terminal and exit code are then its own.
#[cfg(unix)]
fn become_program(command: &mut Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(command.exec()).context("Confab could not be started")
}

/// Ctrl-C reaches every program of a console, so waiting is enough.
#[cfg(not(unix))]
fn become_program(command: &mut Command) -> Result<ExitCode> {
    let status = command.status().context("Confab could not be started")?;
    Ok(ExitCode::from(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1)))
}
