//! Confab as a process of its own, started and signed in to as its owner would do it.

use crate::{
    http::Connection,
    process::{Process, free_port},
    turn::Browser,
};
use anyhow::{Context, Result, ensure};
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    fs::File,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Where Confab's program and data are, and which model server it asks.
#[derive(Debug, Clone)]
pub struct Installation {
    /// The program.
    pub program: PathBuf,
    /// The folder of its data.
    pub data: PathBuf,
    /// The scripted model server.
    pub models: SocketAddr,
    /// Where it listens.
    pub address: SocketAddr,
}

/// A running Confab.
pub struct Confab {
    /// Its process.
    pub process: Process,
    /// What it was started from.
    pub installation: Installation,
    /// The link that it has printed.
    link: String,
}

impl Installation {
    /// With its data in a folder of that name.
    pub fn new(program: &Path, data: &Path, models: SocketAddr) -> Result<Self> {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        std::fs::create_dir_all(data)?;
        Ok(Self { program: program.into(), data: data.into(), models, address })
    }

    /// The command, with nothing of our own environment.
    pub fn command(&self) -> Result<Command> {
        let mut command = Command::new(&self.program);
        let log = File::options().create(true).append(true).open(self.data.join("confab.log"))?;
        command
            .env_clear()
            .current_dir(&self.data)
            .env("CONFAB_DATA_DIR", &self.data)
            .env("CONFAB_LISTEN", self.address.to_string())
            .env("CONFAB_LOCAL_MODEL", "off")
            .env("CONFAB_TURNS_PER_USER", "1000")
            .env("OPENAI_API_KEY", "sk-bench")
            .env("OPENAI_PROXY_URL", format!("http://{}/v1", self.models))
            .stderr(Stdio::from(log));
        Ok(command)
    }

    /// Starts it and waits until it has printed its login link.
    pub fn start(&self) -> Result<Confab> {
        let (process, link) = Process::start_and_hear(&mut self.command()?, "/login/")
            .with_context(|| format!("see {}", self.data.join("confab.log").display()))?;
        Ok(Confab { process, installation: self.clone(), link })
    }

    /// A connection to its database.
    pub async fn database(&self) -> Result<SqliteConnection> {
        let options = SqliteConnectOptions::new().filename(self.data.join("confab.db"));
        Ok(SqliteConnection::connect_with(&options).await?)
    }
}

impl Confab {
    /// The address that signs the owner in. Works once.
    pub fn link(&self) -> &str {
        &self.link
    }

    /// The owner's browser. Works once.
    pub async fn owner(&self) -> Result<Browser> {
        self.claim(&self.link).await
    }

    /// Another user's browser.
    pub async fn user(&self, name: &str) -> Result<Browser> {
        let mut command = self.installation.command()?;
        let output = command.args(["login-link", "--user", name]).output()?;
        ensure!(output.status.success(), "no login link could be made");
        self.claim(std::str::from_utf8(&output.stdout)?.trim()).await
    }

    async fn claim(&self, link: &str) -> Result<Browser> {
        let address = self.installation.address;
        let (_, token) = link.rsplit_once("/login/").context("a login link has a token")?;
        let stranger = Browser { address, cookie: "".into() };
        let mut connection = Connection::open(address).await?;
        let claimed = connection.request(&stranger.post("/api/auth/claim", &format!("token={token}")), None).await?;
        ensure!(claimed.status == 200, "the sign-in was answered with {} {}", claimed.status, claimed.text());
        let cookie = claimed.head.header("set-cookie").context("a sign-in sets a cookie")?;
        Ok(Browser { address, cookie: cookie.split(';').next().unwrap_or_default().into() })
    }
}
