//! The page in Chromium: `end2end/bench/browser.mjs` measures, this makes tables of it.

use super::filled;
use crate::{
    bed::Bed,
    figures::{Table, median, quantile, whole},
};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::process::{Command, Stdio};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../end2end");

/// The first load, and a reply that streams into a long conversation.
pub async fn measure(bed: &Bed) -> Result<String> {
    let installation = bed.installation("browser")?;
    filled::fill(&installation).await?;
    let confab = installation.start()?;
    let origin = format!("http://{}", installation.address);
    let output = Command::new("node")
        .current_dir(FOLDER)
        .args(["bench/browser.mjs", &origin, confab.link(), &format!("/c/{}", filled::long())])
        .stderr(Stdio::inherit())
        .output()
        .context("node could not be started")?;
    ensure!(output.status.success(), "the browser could not be measured");
    let measured: Value = serde_json::from_slice(&output.stdout)?;
    Ok([weight(&measured), times(&measured), smoothness(&measured)].join("\n"))
}

fn weight(measured: &Value) -> String {
    let mut table = Table::new(&["first load", "kB over the wire"]);
    let files = measured["files"].as_array().map(Vec::as_slice).unwrap_or_default();
    let kilobytes = |bytes: f64| format!("{:.1}", bytes / 1000.0);
    for file in files {
        let (path, bytes) = (file["path"].as_str().unwrap_or_default(), number(&file["bytes"]));
        table.row(&[path.to_owned(), kilobytes(bytes)]);
    }
    let sum = files.iter().map(|file| number(&file["bytes"])).sum();
    table.row(&[format!("{} requests", files.len()), kilobytes(sum)]);
    table.text()
}

fn times(measured: &Value) -> String {
    let mut table = Table::new(&["processor", "cache", "first text ms", "composer ms", "composer p95 ms"]);
    for (slower, processor) in [(1.0, "as it is"), (4.0, "4× slowed")] {
        for cache in ["cold", "warm"] {
            let all = measured["loads"].as_array().map(Vec::as_slice).unwrap_or_default();
            let of = |name: &str| -> Vec<f64> {
                let such = all.iter().filter(|load| number(&load["slower"]) == slower && load["cache"] == cache);
                such.map(|load| number(&load[name])).collect()
            };
            let (text, usable) = (of("text"), of("usable"));
            let cells = [median(&text), median(&usable), quantile(&usable, 0.95)].map(whole);
            table.row(&[&[processor.to_owned(), cache.to_owned()], &cells[..]].concat());
        }
    }
    table.text()
}

fn smoothness(measured: &Value) -> String {
    let numbers = |name: &str| -> Vec<f64> {
        let all = measured[name].as_array().map(Vec::as_slice).unwrap_or_default();
        all.iter().map(number).collect()
    };
    let mut table = Table::new(&["while a reply streams into 1,000 messages", "median ms", "p95 ms", "longest ms"]);
    for (what, values) in [
        ("from a key to the frame that shows it, 4× slowed", numbers("typing")),
        ("between two frames", numbers("frames")),
    ] {
        let cells = [0.5, 0.95, 1.0].map(|share| format!("{:.1}", quantile(&values, share)));
        table.row(&[&[what.to_owned()], &cells[..]].concat());
    }
    table.text()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_default()
}
