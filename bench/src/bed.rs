//! What is measured, set up: the scripted model server, nginx and Confab, all started anew.

use crate::{
    confab::{Confab, Installation},
    nginx::Nginx,
    process::Process,
    turn::{Browser, Way},
};
use anyhow::{Context, Result};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

/// How many users share the streams.
const USERS: usize = 16;

/// Where everything lies that a measurement makes, and what it starts.
pub struct Bed {
    /// Confab's program.
    pub program: PathBuf,
    /// On a real disk; gone with the value.
    pub folder: TempDir,
    /// The scripted model server.
    pub models: Process,
    /// Where that listens.
    pub models_address: SocketAddr,
}

impl Bed {
    /// With the scripted model server running, over a folder below `place`.
    pub fn new(program: &Path, place: &Path) -> Result<Self> {
        // Programs are started in other folders.
        let place = std::path::absolute(place)?;
        std::fs::create_dir_all(&place)?;
        let folder = tempfile::Builder::new().prefix("run-").tempdir_in(place)?;
        let own = std::env::current_exe()?;
        let (models, line) = Process::start_and_hear(Command::new(own).arg("scripted"), ":")?;
        let models_address = line.parse().context("the scripted server tells its address")?;
        Ok(Self { program: std::path::absolute(program)?, folder, models, models_address })
    }

    /// nginx in front of the scripted model server.
    pub fn nginx(&self) -> Result<Nginx> {
        Nginx::start(&self.folder.path().join("nginx"), self.models_address)
    }

    /// A Confab with data of its own, not started yet.
    pub fn installation(&self, name: &str) -> Result<Installation> {
        Installation::new(&self.program, &self.folder.path().join(name), self.models_address)
    }

    /// The way past any proxy.
    pub fn direct(&self) -> Way {
        Way::Completions(self.models_address)
    }
}

/// The browsers of several users.
pub async fn browsers(confab: &Confab) -> Result<Vec<Browser>> {
    let mut browsers = vec![confab.owner().await?];
    for n in 1..USERS {
        browsers.push(confab.user(&format!("user-{n}")).await?);
    }
    Ok(browsers)
}
