//! Makes an empty database with the tables of `migrations/`, for sqlx's macros to look at. Its one argument is the file.
//!
//! The server could do this itself, were it not that it compiles only once its queries have been looked at.

use anyhow::{Context, Result, ensure};
use std::{env, fs, path::PathBuf};

fn main() -> Result<()> {
    let file = env::args_os().nth(1).map(PathBuf::from).context("which file?")?;
    let entries = fs::read_dir("migrations").context("migrations/")?.map(|entry| Ok(entry?.path()));
    let mut migrations = entries.collect::<Result<Vec<PathBuf>>>()?;
    migrations.retain(|path| path.extension().is_some_and(|extension| extension == "sql"));
    migrations.sort();
    ensure!(!migrations.is_empty(), "there are no migrations");
    let database = rusqlite::Connection::open(&file)?;
    for path in &migrations {
        database.execute_batch(&fs::read_to_string(path)?).with_context(|| path.display().to_string())?;
    }
    Ok(())
}
