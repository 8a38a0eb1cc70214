//! The machine, for whoever compares figures.

use crate::{
    figures::{median, millis, quantile},
    process::find_program,
};
use anyhow::Result;
use std::{fs, io::Write, path::Path, process::Command, thread::available_parallelism, time::Instant};

const FLUSHES: usize = 200;

/// Processor, memory, kernel, and what a flush of the disk below `folder` costs.
pub fn describe(folder: &Path) -> Result<String> {
    let value = |file: &str, name: &str| {
        let text = fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.trim().strip_prefix(':'));
        line.map(|line| line.trim().to_owned()).unwrap_or_default()
    };
    let kilobytes: f64 = value("/proc/meminfo", "MemTotal").trim_end_matches(" kB").parse().unwrap_or_default();
    let flushes = flushes(folder)?;
    Ok(format!(
        "{} processors ({}), {:.0} GB of memory, Linux {}; fsync of 4 KiB {:.2} ms (median of {FLUSHES}; p95 {:.2} ms); {}.",
        available_parallelism()?,
        value("/proc/cpuinfo", "model name"),
        kilobytes / 1e6,
        fs::read_to_string("/proc/sys/kernel/osrelease")?.trim(),
        median(&flushes),
        quantile(&flushes, 0.95),
        nginx(),
    ))
}

fn flushes(folder: &Path) -> Result<Vec<f64>> {
    let mut file = tempfile::tempfile_in(folder)?;
    let mut times = Vec::new();
    for _ in 0..FLUSHES {
        let began = Instant::now();
        file.write_all(&[0; 4096])?;
        file.sync_data()?;
        times.push(millis(began.elapsed()));
    }
    Ok(times)
}

fn nginx() -> String {
    let version = find_program("nginx").and_then(|program| Command::new(program).arg("-v").output().ok());
    let text = version.map(|output| String::from_utf8_lossy(&output.stderr).into_owned()).unwrap_or_default();
    text.trim().rsplit_once(": ").map_or_else(|| "no nginx".into(), |(_, version)| version.to_owned())
}
