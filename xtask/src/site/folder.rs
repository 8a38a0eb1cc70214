//! Folders as maps of path → content.

use super::package::Files;
use anyhow::{Context, Result};
use std::{fs, io::ErrorKind, path::Path};

/// Every file below `folder`, by its path inside it with `/` between the parts. No folder, no files.
pub fn read(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    for path in paths(folder)? {
        let bytes = fs::read(folder.join(&path)).with_context(|| format!("reading {path}"))?;
        files.insert(path, bytes);
    }
    Ok(files)
}

/// Makes `folder` hold exactly `files`. What is right already is left alone, with its time of change.
pub fn write(folder: &Path, files: &Files) -> Result<()> {
    for (name, bytes) in files {
        let path = folder.join(name);
        if fs::read(&path).is_ok_and(|old| old == *bytes) {
            continue;
        }
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))?;
    }
    for name in paths(folder)?.iter().filter(|name| !files.contains_key(*name)) {
        let path = folder.join(name);
        fs::remove_file(&path)?;
        // Only an empty folder goes; any other refuses.
        let _ = path.parent().map(fs::remove_dir);
    }
    Ok(())
}

/// The paths of all files below `folder`, in no particular order.
pub fn paths(folder: &Path) -> Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.with_context(|| format!("reading {}", folder.display()))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            found.extend(paths(&entry.path())?.into_iter().map(|inner| format!("{name}/{inner}")));
        } else {
            found.push(name);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
