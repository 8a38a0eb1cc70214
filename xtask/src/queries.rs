//! `sqlx`: the committed `.sqlx` holds what a database says about each query in the server, so that nobody needs a
//! database to compile it. Here it is written anew, or compared with what it should be.

use crate::{shell, site::folder};
use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

const COMMITTED: &str = ".sqlx";
const DATABASE: &str = "target/sqlx.db";
const FRESH: &str = "target/sqlx";
const PASSED: &str = "target/sqlx-passed";

type Prepared = BTreeMap<String, String>;

/// Makes `.sqlx` hold exactly the queries of today.
pub fn renew() -> Result<()> {
    let (fresh, old) = (prepare()?, read(Path::new(COMMITTED))?);
    fs::create_dir_all(COMMITTED)?;
    for name in old.keys().filter(|name| !fresh.contains_key(*name)) {
        fs::remove_file(Path::new(COMMITTED).join(name))?;
    }
    for (name, text) in fresh.iter().filter(|(name, text)| old.get(*name) != Some(text)) {
        fs::write(Path::new(COMMITTED).join(name), text)?;
    }
    eprintln!("{COMMITTED} holds {} queries", fresh.len());
    Ok(())
}

/// Fails unless `.sqlx` is what `renew` would make it. What passed once and has not changed since is not looked at again.
pub fn check() -> Result<()> {
    let inputs = inputs()?;
    if fs::read_to_string(PASSED).is_ok_and(|passed| passed == inputs) {
        return Ok(());
    }
    let differences = differences(&read(Path::new(COMMITTED))?, &prepare()?);
    ensure!(
        differences.is_empty(),
        "{COMMITTED} is not of today, `cargo xtask sqlx` renews it:\n{}",
        differences.join("\n")
    );
    Ok(fs::write(PASSED, inputs)?)
}

/// The hash of all that decides about the outcome.
fn inputs() -> Result<String> {
    let mut hash = Sha256::new();
    for place in [COMMITTED, "migrations", "server/src", "server/tests"] {
        for (name, content) in folder::read(Path::new(place))? {
            hash.update(format!("{place}/{name}\0{}\0", content.len()));
            hash.update(content);
        }
    }
    hash.update(fs::read("Cargo.lock")?);
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Compiles the server against a database made of the migrations; sqlx's macros then write what they learnt.
fn prepare() -> Result<Prepared> {
    fs::create_dir_all(shell::TARGET)?;
    for old in [DATABASE, FRESH] {
        let path = Path::new(old);
        let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        ensure!(removed.is_ok() || !path.exists(), "{old} cannot be removed");
    }
    fs::create_dir_all(FRESH)?;
    let database = std::path::absolute(DATABASE)?;
    let program = ["run", "--quiet", "--package", "xtask", "--bin", "query-database", "--features", "query-database"];
    shell::run(shell::cargo(program).arg("--").arg(&database)).context("making a database of migrations/")?;

    let _touched = Touched::new(&targets()?)?;
    let mut check = shell::cargo(["check", "--package", "server", "--all-targets"]);
    check.env("SQLX_OFFLINE", "false").env("SQLX_OFFLINE_DIR", std::path::absolute(FRESH)?);
    check.env("DATABASE_URL", format!("sqlite:{}", database.display()));
    shell::run(&mut check)?;
    read(Path::new(FRESH))
}

/// The root file of everything cargo makes of the server.
fn targets() -> Result<Vec<PathBuf>> {
    let tests = Path::new("server/tests");
    let tests = if tests.is_dir() { fs::read_dir(tests)?.collect::<Result<Vec<_>, _>>()? } else { Vec::new() };
    let tests = tests.iter().map(|entry| entry.path());
    let roots = ["server/src/lib.rs", "server/src/main.rs"].map(PathBuf::from).into_iter();
    Ok(roots.chain(tests).filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect())
}

/// Files that cargo takes for changed while this lives: macros write nothing where nothing is compiled. Afterwards
/// they have their old times again, so that other builds see no change.
struct Touched(Vec<(PathBuf, SystemTime)>);

impl Touched {
    fn new(paths: &[PathBuf]) -> Result<Self> {
        let mut touched = Self(Vec::new());
        for path in paths {
            touched.0.push((path.clone(), fs::metadata(path)?.modified()?));
            set_time(path, SystemTime::now())?;
        }
        Ok(touched)
    }
}

impl Drop for Touched {
    fn drop(&mut self) {
        for (path, time) in &self.0 {
            if let Err(error) = set_time(path, *time) {
                eprintln!("{}: {error:#}", path.display());
            }
        }
    }
}

fn set_time(path: &Path, time: SystemTime) -> Result<()> {
    Ok(fs::File::options().append(true).open(path)?.set_modified(time)?)
}

fn read(folder: &Path) -> Result<Prepared> {
    if !folder.is_dir() {
        return Ok(Prepared::new());
    }
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let names = entries.collect::<Result<Vec<String>>>()?;
    let queries = names.into_iter().filter(|name| name.starts_with("query-"));
    queries.map(|name| Ok((name.clone(), fs::read_to_string(folder.join(name))?))).collect()
}

/// A line for each query that is missing, left over, or described otherwise.
fn differences(committed: &Prepared, fresh: &Prepared) -> Vec<String> {
    let names: BTreeSet<&String> = committed.keys().chain(fresh.keys()).collect();
    let line = |name: &String| match (committed.get(name), fresh.get(name)) {
        (None, _) => Some(format!("missing: {name}")),
        (_, None) => Some(format!("left over: {name}")),
        (old, new) if old != new => Some(format!("changed: {name}")),
        _ => None,
    };
    names.into_iter().filter_map(line).collect()
}

#[cfg(test)]
mod tests;
