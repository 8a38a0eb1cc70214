//! Which files have changed since the last look, and what has to be built for them.

use anyhow::Result;
use std::{
    collections::BTreeMap,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    thread::sleep,
    time::{Duration, SystemTime},
};

/// What has to be built.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    pub page: bool,
    pub server: bool,
}

impl Parts {
    const PAGE: Self = Self { page: true, server: false };
    const SERVER: Self = Self { page: false, server: true };
    const BOTH: Self = Self { page: true, server: true };

    pub fn all() -> Self {
        Self::BOTH
    }

    pub fn any(self) -> bool {
        self.page || self.server
    }

    fn and(self, other: Self) -> Self {
        Self { page: self.page || other.page, server: self.server || other.server }
    }
}

/// The folders that are watched, and what a change in each asks for.
pub const FOLDERS: [(&str, Parts); 7] = [
    ("chat", Parts::BOTH),
    ("app", Parts::BOTH),
    ("frontend", Parts::PAGE),
    ("style", Parts::PAGE),
    ("public", Parts::PAGE),
    ("server", Parts::SERVER),
    ("migrations", Parts::SERVER),
];

/// The time of the last change of each file, by folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot(BTreeMap<&'static str, BTreeMap<PathBuf, SystemTime>>);

impl Snapshot {
    pub fn take() -> Result<Self> {
        let mut snapshot = Self::default();
        for (folder, _) in FOLDERS {
            let times = snapshot.0.entry(folder).or_default();
            collect(Path::new(folder), times)?;
        }
        Ok(snapshot)
    }

    /// Two looks that agree: an editor or `git checkout` may be in the middle of writing.
    pub fn settled(pause: Duration) -> Result<Self> {
        let mut last = Self::take()?;
        loop {
            sleep(pause / 4);
            let next = Self::take()?;
            if next == last {
                return Ok(next);
            }
            last = next;
        }
    }

    pub fn changed_since(&self, earlier: &Self) -> Parts {
        let changed = FOLDERS.iter().filter(|(folder, _)| self.0.get(folder) != earlier.0.get(folder));
        changed.fold(Parts::default(), |parts, (_, needs)| parts.and(*needs))
    }
}

/// Files come and go while one looks; what is gone is simply not there.
fn collect(folder: &Path, times: &mut BTreeMap<PathBuf, SystemTime>) -> Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        match entry.metadata() {
            Ok(facts) if facts.is_dir() => collect(&entry.path(), times)?,
            Ok(facts) => drop(times.insert(entry.path(), facts.modified()?)),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
