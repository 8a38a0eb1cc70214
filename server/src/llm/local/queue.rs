//! Who waits for the model: first come, first served.

use chat::{Failure, Phase, ports::ModelEvent, prompt::ChatRequest};
use std::{
    collections::VecDeque,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::sync::mpsc;

/// How many may wait.
const MAX_WAITING: usize = 100;

/// An item of an answer.
pub type Item = Result<ModelEvent, Failure>;

/// Set when nobody wants an answer any more.
pub type Stopped = Arc<AtomicBool>;

/// A question that waits or is being answered.
pub struct Job {
    /// What is asked.
    pub request: ChatRequest,
    /// What the choice of words begins with.
    pub seed: u64,
    events: mpsc::Sender<Item>,
    stopped: Stopped,
}

impl Job {
    /// A question, where its answer goes, and how it is stopped.
    pub fn new(request: ChatRequest, seed: u64, events: mpsc::Sender<Item>, stopped: Stopped) -> Self {
        Self { request, seed, events, stopped }
    }

    /// Whether nobody wants the answer any more.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Hands out an item, waiting for room. `false` when nobody wants it.
    pub fn send(&self, item: Item) -> bool {
        !self.is_stopped() && self.events.blocking_send(item).is_ok()
    }

    /// Tells the place in the queue. Whoever does not keep up misses one, but never the answer.
    fn tell_place(&self, others: usize) {
        let others = u32::try_from(others).unwrap_or(u32::MAX);
        let _ = self.events.try_send(Ok(ModelEvent::Phase(Phase::Queued(others))));
    }
}

/// Too many wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

/// What there is to do.
pub enum Next {
    /// A question to answer.
    Job(Job),
    /// Nothing for as long as was asked for.
    Idle,
    /// Nothing ever again.
    Closed,
}

/// The queue between those who ask and the one who answers.
#[derive(Default)]
pub struct Queue {
    state: Mutex<State>,
    wake: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Job>,
    busy: bool,
    closed: bool,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Joins its end, and tells the place there unless it is the first.
    pub fn join(&self, job: Job) -> Result<(), Full> {
        let mut state = self.lock();
        if state.waiting.len() >= MAX_WAITING {
            return Err(Full);
        }
        let others = state.waiting.len() + usize::from(state.busy);
        if others > 0 {
            job.tell_place(others);
        }
        state.waiting.push_back(job);
        drop(state);
        self.wake.notify_one();
        Ok(())
    }

    /// Leaves it, or stops the answer.
    pub fn leave(&self, stopped: &Stopped) {
        stopped.store(true, Ordering::Relaxed);
        let mut state = self.lock();
        if let Some(place) = state.waiting.iter().position(|job| Arc::ptr_eq(&job.stopped, stopped)) {
            state.waiting.remove(place);
            state.tell_places(place);
        }
    }

    /// The answer is given but for its last word: whoever asks now does not have to wait.
    pub fn done(&self) {
        self.lock().busy = false;
    }

    /// Waits for the next question, at most for `idle`. Whoever calls is done with the one before.
    pub fn next(&self, idle: Option<Duration>) -> Next {
        let mut state = self.lock();
        state.busy = false;
        loop {
            if state.closed {
                return Next::Closed;
            }
            if let Some(job) = state.waiting.pop_front() {
                state.busy = true;
                state.tell_places(0);
                return Next::Job(job);
            }
            state = match idle {
                None => self.wake.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(idle) => {
                    let waited = self.wake.wait_timeout(state, idle).unwrap_or_else(PoisonError::into_inner);
                    if waited.1.timed_out() && waited.0.waiting.is_empty() && !waited.0.closed {
                        return Next::Idle;
                    }
                    waited.0
                }
            };
        }
    }

    /// Closes it: whoever waits is not answered.
    pub fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.waiting.clear();
        drop(state);
        self.wake.notify_all();
    }
}

impl State {
    /// Tells those from a place on how many are before them.
    fn tell_places(&self, from: usize) {
        for (place, job) in self.waiting.iter().enumerate().skip(from) {
            let others = place + usize::from(self.busy);
            if others > 0 {
                job.tell_place(others);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chat::ModelRef;

    struct Asker {
        stopped: Stopped,
        items: mpsc::Receiver<Item>,
    }

    fn join(queue: &Queue) -> Result<Asker, Full> {
        let (events, items) = mpsc::channel(8);
        let stopped = Stopped::default();
        let request =
            ChatRequest { model: ModelRef::new("local", "m"), parts: Vec::new(), sampling: chat::Sampling::default() };
        queue.join(Job::new(request, 0, events, stopped.clone()))?;
        Ok(Asker { stopped, items })
    }

    impl Asker {
        fn places(&mut self) -> Vec<u32> {
            let place = |item| match item {
                Ok(ModelEvent::Phase(Phase::Queued(others))) => others,
                other => panic!("{other:?}"),
            };
            std::iter::from_fn(|| self.items.try_recv().ok()).map(place).collect()
        }
    }

    fn take(queue: &Queue) -> Option<Job> {
        match queue.next(Some(Duration::ZERO)) {
            Next::Job(job) => Some(job),
            _ => None,
        }
    }

    #[test]
    fn the_first_is_served_first_and_the_others_learn_their_place() {
        let queue = Queue::default();
        let mut askers: Vec<_> = (0..3).map(|_| join(&queue).expect("room")).collect();
        let first = take(&queue).expect("a job");
        assert!(Arc::ptr_eq(&first.stopped, &askers[0].stopped));
        assert_eq!(askers[0].places(), [0u32; 0]);
        assert_eq!(askers[1].places(), [1, 1]);
        assert_eq!(askers[2].places(), [2, 2]);

        queue.leave(&askers[1].stopped);
        assert_eq!(askers[2].places(), [1]);
        assert!(Arc::ptr_eq(&take(&queue).expect("a job").stopped, &askers[2].stopped));
        queue.done();
        assert_eq!(join(&queue).expect("room").places(), [0u32; 0], "nobody is before this one");
    }

    #[test]
    fn whoever_leaves_is_stopped_and_hears_nothing_more() {
        let queue = Queue::default();
        let mut asker = join(&queue).expect("room");
        let running = take(&queue).expect("a job");
        assert!(running.send(Ok(ModelEvent::Text("a".into()))));
        queue.leave(&asker.stopped);
        assert!(running.is_stopped() && !running.send(Ok(ModelEvent::Text("b".into()))));
        assert_eq!(asker.items.try_recv().ok(), Some(Ok(ModelEvent::Text("a".into()))));
        assert!(asker.items.try_recv().is_err());
    }

    #[test]
    fn a_queue_is_bounded_and_can_be_closed() {
        let queue = Queue::default();
        let mut askers: Vec<_> = (0..MAX_WAITING).map(|_| join(&queue).expect("room")).collect();
        assert_eq!(join(&queue).err(), Some(Full));
        queue.close();
        assert!(matches!(queue.next(None), Next::Closed));
        askers[0].places();
        assert!(askers[0].items.is_closed(), "whoever waits is let go");
    }
}
