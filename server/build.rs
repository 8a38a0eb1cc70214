//! Tells cargo what the crate is made of besides its sources.
#![allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]

use std::path::Path;

fn main() {
    let mut folders = vec!["../migrations", "../.sqlx"];
    if cfg!(feature = "embed") {
        folders.push("../target/site");
    }
    println!("cargo:rerun-if-changed=build.rs");
    // A path that does not exist counts as changed each time.
    for folder in folders.iter().filter(|folder| Path::new(folder).exists()) {
        println!("cargo:rerun-if-changed={folder}");
    }
}
