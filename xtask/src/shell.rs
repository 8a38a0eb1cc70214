//! Other programs: how they are found, started and reported. All paths in this crate start at the project's folder.

use anyhow::{Context, Result, ensure};
use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

/// Everything that is built lies here, whatever the caller's own cargo settings say: the server embeds `target/site`.
pub const TARGET: &str = "target";

/// Cargo, the one that started this program. Queries are checked against the committed `.sqlx`, so that no database is needed.
pub fn cargo<'a>(args: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args).env("CARGO_TARGET_DIR", TARGET).env("SQLX_OFFLINE", "true");
    command
}

/// Confab's own crates that run on the server, for cargo commands that are to compile the same things: asked for one by
/// one, or together with this crate, their dependencies would get other features and be compiled once more.
pub const ROOMS: [&str; 6] = ["--package", "chat", "--package", "app", "--package", "server"];

/// Builds the server without optimisation, as tests and development use it; it reads the site from `target/site`.
pub fn debug_server() -> Result<PathBuf> {
    // There are no examples. But asking for them lets the features in that only tests ask for, see above.
    run(cargo(["build"]).args(ROOMS).args(["--bin", "confab", "--examples"]))?;
    Ok(std::path::absolute(confab("debug"))?)
}

/// The server's program of one cargo profile.
pub fn confab(profile: &str) -> PathBuf {
    Path::new(TARGET).join(profile).join(format!("confab{}", env::consts::EXE_SUFFIX))
}

/// Runs a program to its end, its output on ours. Fails if it cannot be started or does not succeed.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("`{}` could not be started", words(command)))?;
    ensure!(status.success(), "`{}` ended with {status}", words(command));
    Ok(())
}

/// Runs a program to its end and gives what it wrote to its standard output.
pub fn output(command: &mut Command) -> Result<String> {
    let out = command.output().with_context(|| format!("`{}` could not be started", words(command)))?;
    let (status, complaint) = (out.status, String::from_utf8_lossy(&out.stderr));
    ensure!(status.success(), "`{}` ended with {status}\n{complaint}", words(command));
    String::from_utf8(out.stdout).with_context(|| format!("`{}` did not write UTF-8", words(command)))
}

fn words(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_stem().unwrap_or(command.get_program());
    std::iter::once(program).chain(command.get_args()).map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Where a program lies, if it is on the PATH.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let name = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(&name)).find(|file| file.is_file())
}

/// A row of steps, each announced before it starts and timed when it is done.
pub struct Steps {
    total: usize,
    begun: usize,
}

impl Steps {
    /// `total` steps are to come.
    pub fn new(total: usize) -> Self {
        Self { total, begun: 0 }
    }

    /// Does the next step.
    pub fn step<T>(&mut self, what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.begun += 1;
        let place = format!("[{}/{}]", self.begun, self.total);
        eprintln!("{place} {what}");
        let start = Instant::now();
        let result = work()?;
        eprintln!("{place} done in {}", human(start.elapsed()));
        Ok(result)
    }
}

fn human(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f32())
    } else {
        format!("{} min {} s", seconds / 60, seconds % 60)
    }
}

/// How long a step takes where `made` is not there yet, for its announcement; nothing otherwise.
pub fn first_time(made: &Path, takes: &str) -> String {
    if made.exists() { String::new() } else { format!(" (first time: about {takes})") }
}

#[cfg(test)]
mod tests;
