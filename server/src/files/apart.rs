//! Documents are read by a process of their own: this program, started again without any setting or secret, which takes
//! a file and gives text. A document that was made to do harm, with depths or bombs, ends that process and nothing else.

use super::{MAX_TEXT_BYTES, docx, pdf, unfit::Unfit};
use std::{
    fs::File,
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
    process::{ExitCode, Stdio},
    sync::Arc,
    time::Duration,
};
use tokio::{io::AsyncReadExt, process::Command, sync::Semaphore, time::timeout};

/// The command by which this program becomes such a process.
pub const COMMAND: &str = "read-document";
/// How long reading may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many are read at once; others wait.
const AT_ONCE: usize = 2;
/// The most memory that the process may take, in bytes.
#[cfg(unix)]
const MEMORY: u64 = 1 << 30;

/// A kind of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// PDF.
    Pdf,
    /// Word's, since 2007.
    Docx,
}

impl Format {
    fn word(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Docx => "docx",
        }
    }
}

/// The faults that such a process tells by its exit code.
const TOLD: [(u8, Unfit); 5] =
    [(10, Unfit::Kind), (11, Unfit::Text), (12, Unfit::Pages), (13, Unfit::NoText), (14, Unfit::Locked)];
/// The exit code for everything else. A panic's is another one, and is told alike.
const UNREADABLE: u8 = 20;

/// Reads documents apart.
#[derive(Clone)]
pub struct Apart {
    program: Arc<Path>,
    places: Arc<Semaphore>,
}

impl Apart {
    /// Starts this program: on Linux whatever has become of its file meanwhile.
    pub fn this_program() -> Self {
        let own = Path::new("/proc/self/exe");
        Self::new(if own.exists() { own.into() } else { std::env::current_exe().unwrap_or_default() })
    }

    /// Starts a program that knows [`COMMAND`].
    pub fn new(program: PathBuf) -> Self {
        Self { program: program.into(), places: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// The text of a document.
    ///
    /// # Errors
    /// Why it can't be read.
    pub async fn read(&self, format: Format, mut file: File) -> Result<String, Unfit> {
        let _place = self.places.acquire().await;
        let read = async {
            file.rewind()?;
            let mut process = Command::new(&*self.program)
                .args([COMMAND, format.word()])
                .env_clear()
                .stdin(file)
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .kill_on_drop(true)
                .spawn()?;
            let mut text = Vec::new();
            if let Some(output) = process.stdout.take() {
                output.take(MAX_TEXT_BYTES as u64 + 1).read_to_end(&mut text).await?;
            }
            // Whoever has more to say is not waited for.
            let code = if text.len() > MAX_TEXT_BYTES { Some(11) } else { process.wait().await?.code() };
            io::Result::Ok((code, text))
        };
        match timeout(PATIENCE, read).await {
            Ok(Ok((Some(0), text))) => String::from_utf8(text).map_err(|_| Unfit::Unreadable),
            Ok(Ok((code, _))) => {
                Err(TOLD.iter().find(|told| Some(told.0.into()) == code).map_or(Unfit::Unreadable, |told| told.1))
            }
            Ok(Err(error)) => {
                tracing::error!(%error, program = %self.program.display(), "no process could be started to read a document");
                Err(Unfit::Unreadable)
            }
            Err(_) => Err(Unfit::Unreadable),
        }
    }
}

/// What such a process does: reads a document from standard input and writes its text to standard output.
pub fn read_document(format: Format) -> ExitCode {
    limit();
    let mut bytes = Vec::new();
    if io::stdin().lock().read_to_end(&mut bytes).is_err() {
        return ExitCode::from(UNREADABLE);
    }
    let text = match format {
        Format::Pdf => pdf::text(&bytes),
        Format::Docx => docx::text(&bytes),
    };
    match text {
        Ok(text) if io::stdout().lock().write_all(text.as_bytes()).is_ok() => ExitCode::SUCCESS,
        Err(unfit) if let Some((code, _)) = TOLD.iter().find(|told| told.1 == unfit) => ExitCode::from(*code),
        Ok(_) | Err(_) => ExitCode::from(UNREADABLE),
    }
}

/// The system holds the process to these limits, where it can; whoever started it holds it to time and length anyway.
fn limit() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        for (resource, most) in
            [(Resource::As, MEMORY), (Resource::Cpu, PATIENCE.as_secs()), (Resource::Fsize, 0), (Resource::Core, 0)]
        {
            // Where a policy forbids it there are fewer limits.
            let _ = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
        }
    }
}
