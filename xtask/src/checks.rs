//! `test`: every check there is, in an order that finds cheap faults first.

use crate::{
    browser_tests, doctor, licences, model, queries,
    shell::{self, Steps, cargo},
    site::{self, Build, sizes},
};
use anyhow::{Context, Result, ensure};

/// A check: its name for `--only`, what it looks at, and how. What follows `--` reaches those that take arguments.
struct Check {
    name: &'static str,
    what: &'static str,
    run: fn(&[&str]) -> Result<()>,
}

const CHECKS: [Check; 10] = [
    Check { name: "fmt", what: "Layout of the code", run: |_| shell::run(&mut cargo(["fmt", "--all", "--check"])) },
    Check { name: "clippy", what: "Lints, for the server and for the browser", run: |_| clippy() },
    Check { name: "queries", what: "Prepared queries against the migrations", run: |_| queries::check() },
    Check { name: "site", what: "The page for the browser", run: |_| page().map(drop) },
    Check { name: "unit", what: "Unit and integration tests", run: unit },
    Check { name: "docs", what: "Documentation", run: |_| docs() },
    Check { name: "licences", what: "Licences of what we build on", run: |_| licences() },
    Check { name: "size", what: "Weight of the first load", run: |_| size() },
    Check { name: "endurance", what: "A thousand kills, ten thousand turns", run: |_| endurance() },
    Check { name: "e2e", what: "Browser tests", run: browser_tests::run },
];

/// Every check, up to the first that fails.
pub fn all() -> Result<()> {
    let mut steps = Steps::new(CHECKS.len());
    for check in &CHECKS {
        steps.step(check.what, || check.run(&[]))?;
    }
    eprintln!("All {} checks passed", CHECKS.len());
    Ok(())
}

/// The check of that name.
pub fn one(name: &str, args: &[&str]) -> Result<()> {
    let known = || CHECKS.map(|check| check.name).join(", ");
    let check =
        CHECKS.iter().find(|check| check.name == name).with_context(|| format!("the checks are {}", known()))?;
    ensure!(args.is_empty() || ["unit", "e2e"].contains(&name), "the check `{name}` takes no arguments");
    check.run(args)
}

impl Check {
    fn run(&self, args: &[&str]) -> Result<()> {
        let Self { name, .. } = self;
        let hint = || format!("the check `{name}` failed; run it alone with: cargo xtask test --only {name}");
        (self.run)(args).with_context(hint)
    }
}

fn clippy() -> Result<()> {
    let strict = ["--", "-D", "warnings"];
    let clippy = || cargo(["clippy"]);
    shell::run(clippy().args(shell::ROOMS).arg("--all-targets").args(strict))?;
    shell::run(clippy().args(["--package", "xtask", "--all-targets", "--all-features"]).args(strict))?;
    shell::run(clippy().args(["--package", "bench", "--all-targets"]).args(strict))?;
    doctor::wasm_target()?;
    for features in ["", "split"] {
        let front_end = ["--package", "frontend", "--target", doctor::WASM, "--features", features];
        shell::run(clippy().args(front_end).args(strict))?;
    }
    Ok(())
}

fn page() -> Result<Vec<sizes::Row>> {
    doctor::wasm_target()?;
    // The optimiser is one of them, and the weight is that of a release.
    browser_tests::node_packages()?;
    site::compile(Build::Release)?;
    site::assemble(Build::Release)
}

fn unit(args: &[&str]) -> Result<()> {
    let model = model::for_tests()?;
    shell::run(cargo(["test"]).args(shell::ROOMS).args(args).env("CONFAB_TEST_MODEL", model))?;
    // What was asked for in particular is asked of the rooms.
    if args.is_empty() { shell::run(&mut cargo(["test", "--package", "xtask"])) } else { Ok(()) }
}

/// The tests that take minutes. One after another: they look at memory, and load the machine.
fn endurance() -> Result<()> {
    let ignored = ["--test", "server", "--", "--ignored", "--nocapture", "--test-threads", "1"];
    shell::run(cargo(["test"]).args(shell::ROOMS).args(ignored).env("CONFAB_KILLS", "1000"))
}

fn docs() -> Result<()> {
    // As for the debug server: without the examples that nobody has, much would be looked at twice.
    let what = ["doc", "--no-deps", "--lib", "--bins", "--examples"];
    shell::run(cargo(what).args(shell::ROOMS).env("RUSTDOCFLAGS", "-D warnings"))
}

fn licences() -> Result<()> {
    licences::check()?;
    licences::cargo_deny()
}

fn size() -> Result<()> {
    let rows = page()?;
    eprintln!("{}", sizes::table(&rows));
    sizes::check(&rows, sizes::BUDGET)
}
