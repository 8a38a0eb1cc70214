//! The thread that the model lives in.

use super::{
    engine::{BadQuestion, Engine, Report},
    queue::{Job, Next, Queue},
};
use crate::llm::{
    fail,
    failure::{grouped, quote},
};
use chat::{Failure, FailureKind, Phase, Usage, ports::ModelEvent};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::Mutex,
    time::Duration,
};
use tokio::sync::watch;

/// What the worker does, for whoever wants to know.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Activity {
    /// Whether the model is in memory.
    pub loaded: bool,
    /// How many questions it has dealt with.
    pub served: u64,
    /// What came of the last one.
    pub last: Option<Report>,
}

/// What the worker and those who ask share.
pub struct Shared {
    /// The model's file.
    pub path: PathBuf,
    /// How long the model stays in memory unused.
    pub idle: Duration,
    /// Who waits.
    pub queue: Queue,
    /// What the worker does.
    pub activity: watch::Sender<Activity>,
    /// Why the file can't be used, as the end of a sentence, when that has turned out.
    pub broken: Mutex<Option<String>>,
}

/// Answers questions until the queue is closed.
pub fn run(shared: &Shared) {
    let mut engine = None;
    loop {
        match shared.queue.next(engine.is_some().then_some(shared.idle)) {
            Next::Closed => return,
            Next::Idle => {
                engine = None;
                tracing::info!("the built-in model was unloaded");
                shared.activity.send_modify(|activity| activity.loaded = false);
            }
            Next::Job(job) => {
                // The arithmetic is foreign and the file may be anybody's: a panic ends one answer, not more.
                let served = catch_unwind(AssertUnwindSafe(|| serve(shared, &mut engine, &job)));
                let served = served.unwrap_or_else(|_| {
                    engine = None;
                    Err(fail(
                        FailureKind::Internal,
                        "The built-in model stopped with a fault. Your message is kept; try again.",
                    ))
                });
                let last = match served {
                    Ok(report) => report,
                    Err(failure) => {
                        shared.queue.done();
                        job.send(Err(failure));
                        None
                    }
                };
                shared.activity.send_modify(|activity| {
                    *activity = Activity { loaded: engine.is_some(), served: activity.served + 1, last };
                });
            }
        }
    }
}

/// Answers one question. No report when nobody waits for it any more.
fn serve(shared: &Shared, engine: &mut Option<Engine>, job: &Job) -> Result<Option<Report>, Failure> {
    if job.is_stopped() {
        return Ok(None);
    }
    let engine = match engine {
        Some(engine) => engine,
        None => engine.insert(load(shared, job)?),
    };
    job.send(Ok(ModelEvent::Phase(Phase::Reading)));
    let question = engine.question(&job.request.parts, job.request.sampling.max_tokens).map_err(refused)?;
    let write = &mut |text| job.send(Ok(ModelEvent::Text(text)));
    let report = engine.answer(&question, job.seed, &|| job.is_stopped(), write).map_err(|error| {
        tracing::error!("the built-in model failed: {error}");
        fail(
            FailureKind::Internal,
            "The built-in model failed in the middle of its work. What had arrived is kept; try again.",
        )
    })?;
    if let Some(end) = report.end {
        let count = |tokens| u32::try_from(tokens).ok();
        let usage = Usage { input: count(report.read), output: count(report.written), ..Usage::default() };
        job.send(Ok(ModelEvent::Usage(usage)));
        shared.queue.done();
        job.send(Ok(ModelEvent::End(end)));
    }
    Ok(Some(report))
}

fn load(shared: &Shared, job: &Job) -> Result<Engine, Failure> {
    job.send(Ok(ModelEvent::Phase(Phase::Loading)));
    let loaded = catch_unwind(|| Engine::load(&shared.path)).unwrap_or_else(|_| Err("it is damaged".into()));
    loaded.inspect(|_| tracing::info!("the built-in model was loaded")).map_err(|reason| {
        tracing::error!(file = %shared.path.display(), "the built-in model can't be loaded: {reason}");
        *shared.broken.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(reason.clone());
        unusable(&reason)
    })
}

/// The failure for a file that can't be used.
pub fn unusable(reason: &str) -> Failure {
    let text =
        format!("The file of the built-in model can't be used: {}. Check CONFAB_LOCAL_MODEL.", quote(reason, &[]));
    fail(FailureKind::Internal, text)
}

fn refused(bad: BadQuestion) -> Failure {
    match bad {
        BadQuestion::TooLong(tokens, room) => {
            let text = format!(
                "This message takes {}\u{a0}tokens, and the built-in model has room for {}. Shorten it, or choose \
                 another model.",
                grouped(tokens),
                grouped(room)
            );
            fail(FailureKind::TooLong, text)
        }
        BadQuestion::Refused(reason) => {
            let text = format!("The built-in model can't read this conversation: {}.", quote(&reason, &[]));
            fail(FailureKind::Internal, text)
        }
    }
}
