//! The binary `confab` as a process of its own.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
};

/// A running server. It is killed when the value goes.
pub struct Confab {
    child: Child,
}

/// A port that is free at this moment.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The command, with nothing of the test's own environment.
pub fn command(data: &Path, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_confab"));
    command.env_clear().current_dir(data).env("CONFAB_DATA_DIR", data).env("CONFAB_LOCAL_MODEL", "off");
    command.envs(variables.iter().copied()).stdin(Stdio::null());
    command
}

impl Confab {
    /// Starts it and waits until it has printed its login link.
    pub fn start(data: &Path, port: u16, variables: &[(&str, &str)]) -> Self {
        let port = port.to_string();
        let mut child =
            command(data, variables).env("PORT", &port).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        assert!(lines.any(|line| line.contains("/login/")), "the server prints a login link");
        Self { child }
    }

    /// SIGTERM; gives the exit code.
    pub fn terminate(mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Confab {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
