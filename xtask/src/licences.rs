//! Under which licences what we build on may be used. The list stands in `deny.toml`, for `cargo deny` and for this
//! check alike: this one needs no other program and no network.

mod expression;

use crate::shell;
use anyhow::{Context, Result, ensure};
use expression::Licence;
use serde_json::Value;
use std::{collections::BTreeSet, fs, process::Command};

/// Refuses any dependency whose licence does not leave us a choice that `deny.toml` allows.
pub fn check() -> Result<()> {
    let allowed = allowed(&fs::read_to_string("deny.toml").context("deny.toml")?)?;
    let metadata: Value = serde_json::from_str(&metadata()?)?;
    let packages = metadata["packages"].as_array().context("cargo metadata has no packages")?;
    let faults = faults(packages, &allowed);
    ensure!(faults.is_empty(), "not allowed by deny.toml:\n{}", faults.join("\n"));
    eprintln!("{} packages, each under a licence that deny.toml allows", packages.len());
    Ok(())
}

/// Cargo's view of what is built for this machine and for the browser.
fn metadata() -> Result<String> {
    let version = shell::output(Command::new("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc does not name its host")?;
    let platforms = ["--filter-platform", host, "--filter-platform", crate::doctor::WASM];
    shell::output(shell::cargo(["metadata", "--format-version", "1", "--locked"]).args(platforms))
}

/// A line for each package that may not be used.
fn faults(packages: &[Value], allowed: &BTreeSet<String>) -> Vec<String> {
    let fault = |package: &Value| {
        let (name, version) = (package["name"].as_str()?, package["version"].as_str()?);
        let Some(text) = package["license"].as_str() else {
            return Some(format!("{name} {version}: no licence given"));
        };
        match Licence::parse(text) {
            Ok(licence) if licence.is_met(&|term| allowed.contains(term)) => None,
            Ok(_) => Some(format!("{name} {version}: {text}")),
            Err(error) => Some(format!("{name} {version}: {text} ({error})")),
        }
    };
    packages.iter().filter_map(fault).collect()
}

/// The strings in `allow = […]` of the section `[licenses]`.
fn allowed(deny: &str) -> Result<BTreeSet<String>> {
    let section = deny.split_once("[licenses]").context("deny.toml has no [licenses]")?.1;
    let list = section.split_once("allow = [").context("[licenses] has no `allow = [`")?.1;
    let list = list.split_once(']').context("the list of licences has no end")?.0;
    let entries = list.lines().map(|line| line.split('#').next().unwrap_or_default());
    let names: BTreeSet<String> =
        entries.flat_map(|line| line.split('"').skip(1).step_by(2)).map(str::to_owned).collect();
    ensure!(!names.is_empty(), "deny.toml allows no licence at all");
    Ok(names)
}

/// The wider check, where the program for it is installed.
pub fn cargo_deny() -> Result<()> {
    if shell::on_path("cargo-deny").is_none() {
        eprintln!("cargo-deny is not installed: bans and sources were not looked at");
        return Ok(());
    }
    shell::run(&mut shell::cargo(["deny", "check", "licenses", "bans", "sources"]))
}

#[cfg(test)]
mod tests;
