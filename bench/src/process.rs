//! The programs that are measured: what they use, and that they end with us.

use anyhow::{Context, Result, ensure};
use std::{
    fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// How long a program may take to end by itself.
const GRACE: Duration = Duration::from_secs(10);
/// Linux tells programs the processor's time in hundredths of a second, whatever it counts itself.
const TICK: Duration = Duration::from_millis(10);

/// A program that runs. It is ended when the value goes.
pub struct Process {
    child: Child,
}

impl Process {
    /// Starts it.
    pub fn start(command: &mut Command) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command.stdin(Stdio::null()).spawn().with_context(|| format!("{name} can't be started"))?;
        Ok(Self { child })
    }

    /// Starts it and waits for a line of its output that holds `word`.
    pub fn start_and_hear(command: &mut Command, word: &str) -> Result<(Self, String)> {
        let mut process = Self::start(command.stdout(Stdio::piped()))?;
        let mut output = BufReader::new(process.child.stdout.take().context("its output is ours")?);
        let mut line = String::new();
        while !line.contains(word) {
            line.clear();
            ensure!(output.read_line(&mut line)? > 0, "the program ended before it was ready");
        }
        // Kept open: whoever writes to a closed pipe gets a fault.
        process.child.stdout = Some(output.into_inner());
        Ok((process, line.trim().to_owned()))
    }

    /// Processor time used so far, its children's included.
    pub fn cpu(&self) -> Result<Duration> {
        self.all()?.into_iter().map(cpu_of).sum()
    }

    /// Resident memory in kilobytes, its children's included.
    pub fn resident(&self) -> Result<u64> {
        self.all()?.into_iter().map(resident_of).sum()
    }

    fn all(&self) -> Result<Vec<u32>> {
        let own = self.child.id();
        let children = fs::read_to_string(format!("/proc/{own}/task/{own}/children"))?;
        Ok([own].into_iter().chain(children.split_whitespace().filter_map(|id| id.parse().ok())).collect())
    }

    /// Asks it to end, and waits.
    pub fn end(&mut self) -> Result<()> {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status()?;
        let began = Instant::now();
        while self.child.try_wait()?.is_none() {
            if began.elapsed() > GRACE {
                self.child.kill()?;
            }
            sleep(Duration::from_millis(2));
        }
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = self.end();
        }
    }
}

/// Processor time of the process that calls.
pub fn own_cpu() -> Result<Duration> {
    cpu_of(std::process::id())
}

/// The fields 14 and 15 of `/proc/[pid]/stat` (proc(5)): utime and stime.
fn cpu_of(id: u32) -> Result<Duration> {
    let text = fs::read_to_string(format!("/proc/{id}/stat"))?;
    let (_, fields) = text.rsplit_once(')').context("the program's name stands in brackets")?;
    let ticks: u32 = fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u32>().ok()).sum();
    Ok(TICK * ticks)
}

fn resident_of(id: u32) -> Result<u64> {
    let text = fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("a process has resident memory")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

/// A port that is free at this moment.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Where a program lies: on the PATH, or where Debian puts what only administrators call.
pub fn find_program(name: &str) -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "the shell's own variable, no setting")]
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([Path::new("/usr/sbin").to_owned()]);
    folders.map(|folder| folder.join(name)).find(|file| file.is_file())
}
