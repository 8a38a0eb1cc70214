//! `dev`: builds, starts, and does both again for whatever is saved.

mod watch;

use crate::{
    doctor, shell,
    site::{self, Build},
};
use anyhow::{Context, Result};
use std::{
    process::{Child, Command},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::sleep,
    time::Duration,
};
use watch::{Parts, Snapshot};

/// How often the folders are looked at: soon enough for a person, seldom enough for a laptop.
const LOOK: Duration = Duration::from_millis(400);
/// How long the server may take to end its streams before it is ended.
const GRACE: Duration = Duration::from_secs(5);

/// Runs until Ctrl-C or SIGTERM. `args` go to the server.
pub fn dev(args: &[&str]) -> Result<()> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, stop.clone())?;
    }
    doctor::wasm_target()?;
    let mut seen = Snapshot::take()?;
    build(Parts::all())?;
    let mut server = Server::start(args)?;
    eprintln!("Watching {}", watch::FOLDERS.map(|(folder, _)| folder).join(", "));
    while !stop.load(Ordering::Relaxed) {
        sleep(LOOK);
        server.report_end()?;
        let now = Snapshot::settled(LOOK)?;
        let parts = now.changed_since(&seen);
        seen = now;
        if !parts.any() || stop.load(Ordering::Relaxed) {
            continue;
        }
        match build(parts) {
            Ok(()) => {
                server.stop()?;
                server = Server::start(args)?;
                eprintln!("Rebuilt: open pages load themselves anew");
            }
            Err(error) => eprintln!("{error:#}\nThe last good build goes on"),
        }
    }
    server.stop()
}

fn build(parts: Parts) -> Result<()> {
    if parts.page {
        site::compile(Build::Dev)?;
        site::assemble(Build::Dev)?;
    }
    if parts.server {
        shell::debug_server()?;
    }
    Ok(())
}

/// The debug build of the server, which reads the site from `target/site`.
struct Server {
    child: Child,
    ended: bool,
}

impl Server {
    fn start(args: &[&str]) -> Result<Self> {
        let program = std::path::absolute(shell::confab("debug"))?;
        let child =
            Command::new(program).args(args).env("CONFAB_DEV_RELOAD", "1").spawn().context("starting the server")?;
        Ok(Self { child, ended: false })
    }

    fn report_end(&mut self) -> Result<()> {
        if !self.ended
            && let Some(status) = self.child.try_wait()?
        {
            eprintln!("Confab ended with {status}; it starts again after the next change");
            self.ended = true;
        }
        Ok(())
    }

    /// Asks it to end, as a service manager would, and waits.
    fn stop(mut self) -> Result<()> {
        #[cfg(unix)]
        if self.child.try_wait()?.is_none() {
            shell::run(Command::new("kill").args(["-TERM", &self.child.id().to_string()]))?;
            let looks = GRACE.as_millis() / LOOK.as_millis();
            for _ in 0..looks {
                if self.child.try_wait()?.is_some() {
                    return Ok(());
                }
                sleep(LOOK);
            }
        }
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}
