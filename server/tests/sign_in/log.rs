//! What the server logs while a test runs.

use std::{
    io,
    sync::{Arc, LazyLock, Mutex},
};
use tracing::{
    Dispatch,
    subscriber::{DefaultGuard, NoSubscriber},
};
use tracing_subscriber::{EnvFilter, fmt};

/// While there is one listener only, tracing asks whichever thread comes to a line first whether anybody listens to it,
/// and that may be another test's. So there are two.
static NOBODY: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(NoSubscriber::default()));

/// The log of this thread, which is the one on which a test and its server run.
pub struct Log {
    bytes: Arc<Mutex<Vec<u8>>>,
    _listening: DefaultGuard,
}

struct Writer(Arc<Mutex<Vec<u8>>>);

impl io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Listens until it is dropped.
    pub fn listen() -> Self {
        Self::listen_to("server=trace,app=trace,info")
    }

    /// Listens to what this filter lets through, until it is dropped.
    pub fn listen_to(filter: &str) -> Self {
        LazyLock::force(&NOBODY);
        let bytes = Arc::<Mutex<Vec<u8>>>::default();
        let writing = bytes.clone();
        let log = fmt()
            .with_env_filter(EnvFilter::new(filter))
            .with_ansi(false)
            .with_writer(move || Writer(writing.clone()))
            .finish();
        Self { bytes, _listening: tracing::subscriber::set_default(log) }
    }

    /// What was logged so far.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes.lock().unwrap()).into_owned()
    }
}
