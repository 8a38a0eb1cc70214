//! The commands: `confab`, `confab check`, `confab login-link`, `confab migrate`, `confab export`, `confab import`,
//! `confab settings`.

mod check;
mod login_link;
mod serve;
mod transfer;

use crate::{
    config::{Config, Fault, SETTINGS, Source, as_markdown},
    files::apart::{self, Format},
    telemetry,
};
use clap::{Parser, Subcommand};
use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

/// A self-hosted AI chat for teams and homes.
#[derive(Debug, Parser)]
#[command(name = "confab", version, about)]
struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve (this is what happens without a command)
    Serve,
    /// Look at the whole set-up: settings, sign-in providers, models, database
    Check,
    /// Print an address that signs one user in, once, within ten minutes
    LoginLink {
        /// The user may administer this server
        #[arg(long)]
        admin: bool,
        /// The user's name; without one it is the owner of this server
        #[arg(long, value_name = "NAME")]
        user: Option<String>,
    },
    /// Bring the database up to date, and do nothing else
    Migrate,
    /// Write everything that a user has said into a new archive
    Export {
        /// The user's name, or e-mail address
        #[arg(long, value_name = "NAME")]
        user: String,
        /// The archive to write
        file: PathBuf,
    },
    /// Take in a file that Confab, LobeChat, Open WebUI, LibreChat or ChatGPT has exported
    Import {
        /// For whom, by name or e-mail address; without one for the owner of this server
        #[arg(long, value_name = "NAME")]
        user: Option<String>,
        /// The file to read
        file: PathBuf,
    },
    /// Print docs/configuration.md
    Settings,
    /// Read a document from standard input; the server calls this
    #[command(name = apart::COMMAND, hide = true)]
    ReadDocument { format: Format },
}

/// A command could not do its work: what happened, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

impl Refusal {
    fn because(what: &str, why: impl std::fmt::Display) -> Self {
        Self(format!("{what}: {why}"))
    }
}

/// The exit code for settings that can't be used.
const BAD_SETTINGS: u8 = 2;

struct Process;

impl Source for Process {
    #[expect(clippy::disallowed_methods, reason = "this is where settings come from")]
    fn variable(&self, name: &str) -> Option<String> {
        std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
    }

    fn file(&self, path: &str) -> io::Result<String> {
        fs::read_to_string(path)
    }

    fn names(&self) -> Vec<String> {
        std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).collect()
    }
}

/// Runs the command of this process.
pub fn main() -> ExitCode {
    let args = Args::parse();
    // Before anything that is a secret is read.
    if let Some(Command::ReadDocument { format }) = args.command {
        return apart::read_document(format);
    }
    // A missing file is the usual case; a broken line is told like a broken setting.
    let dotenv = dotenvy::dotenv().err().filter(|error| !error.not_found());
    let config = Config::parse(&Process).and_then(|config| match dotenv {
        None => Ok(config),
        Some(_) => Err(vec![Fault {
            variable: ".env".into(),
            problem: "has a line that can't be read.".into(),
            fix: "Write NAME=value on each line, with quotes around values that contain spaces.".into(),
        }]),
    });
    let command = args.command.unwrap_or(Command::Serve);
    if matches!(command, Command::Settings) {
        return written(&as_markdown());
    }
    if matches!(command, Command::Check) {
        return with_runtime(check::check(config.as_ref().map_err(Vec::as_slice)));
    }
    match config {
        Ok(config) => run(&command, &config),
        Err(faults) => refuse(&faults),
    }
}

fn run(command: &Command, config: &Config) -> ExitCode {
    telemetry::init(config.log_format, Process.variable(SETTINGS_LOG).as_deref());
    with_runtime(async {
        let done = match command {
            Command::Serve => serve::serve(config).await,
            Command::LoginLink { admin, user } => login_link::print(config, *admin, user.as_deref()).await,
            Command::Export { user, file } => transfer::export(config, user, file).await,
            Command::Import { user, file } => transfer::import(config, user.as_deref(), file).await,
            Command::Migrate => serve::open_store(config).await.map(drop),
            Command::Check | Command::Settings | Command::ReadDocument { .. } => Ok(()),
        };
        match done {
            Ok(()) => ExitCode::SUCCESS,
            Err(refusal) => fail(&refusal),
        }
    })
}

fn with_runtime(command: impl Future<Output = ExitCode>) -> ExitCode {
    match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime.block_on(command),
        Err(error) => fail(&Refusal::because("The system gives no threads", error)),
    }
}

/// The variable that the log's filter is in.
const SETTINGS_LOG: &str = "RUST_LOG";

fn refuse(faults: &[Fault]) -> ExitCode {
    let lines: String = faults.iter().map(|fault| format!("  {fault}\n")).collect();
    let _ = write!(io::stderr(), "confab can't start with these settings:\n{lines}");
    let _ = writeln!(io::stderr(), "docs/configuration.md lists all {} of them.", SETTINGS.len());
    ExitCode::from(BAD_SETTINGS)
}

fn fail(refusal: &Refusal) -> ExitCode {
    // Standard error is gone: there is nobody left to tell.
    let _ = writeln!(io::stderr(), "confab: {refusal}");
    ExitCode::FAILURE
}

fn written(text: &str) -> ExitCode {
    match io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
