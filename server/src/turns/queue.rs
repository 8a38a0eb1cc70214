//! Who waits until there is room for one more turn: first come, first served, user by user in turns.

use super::live::Live;
use chat::{Phase, TurnEvent, TurnId, TurnState, UserId, ports::Clock};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::oneshot;

/// How many turns of one user may wait.
const MAX_WAITING: usize = 20;

/// How many turns run at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Of one user.
    pub per_user: usize,
    /// Of all users.
    pub at_once: usize,
}

/// The queue.
#[derive(Clone)]
pub(super) struct Queue {
    limits: Limits,
    clock: Arc<dyn Clock>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    running: usize,
    lines: HashMap<UserId, Line>,
    /// Users of whom turns wait, in the order in which one of each begins.
    rotation: VecDeque<UserId>,
}

/// The turns of one user.
#[derive(Default)]
struct Line {
    running: usize,
    waiting: VecDeque<Waiting>,
}

struct Waiting {
    live: Arc<Live>,
    begin: oneshot::Sender<()>,
}

/// The place of a turn, running or waiting. Dropping it makes room for another one.
pub(super) struct Seat {
    queue: Queue,
    owner: UserId,
    turn: TurnId,
    begin: oneshot::Receiver<()>,
}

impl Queue {
    pub(super) fn new(limits: Limits, clock: Arc<dyn Clock>) -> Self {
        Self { limits, clock, state: Arc::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether no more turns of this user may wait.
    pub(super) fn is_full(&self, owner: UserId) -> bool {
        self.state().lines.get(&owner).is_some_and(|line| line.waiting.len() >= MAX_WAITING)
    }

    /// The turns that wait.
    pub(super) fn waiting(&self) -> Vec<Arc<Live>> {
        let state = self.state();
        state.lines.values().flat_map(|line| &line.waiting).map(|waiting| waiting.live.clone()).collect()
    }

    /// Joins the end of the user's line.
    pub(super) fn join(&self, live: &Arc<Live>) -> Seat {
        let (begin, begins) = oneshot::channel();
        let mut state = self.state();
        let line = state.lines.entry(live.owner).or_default();
        line.waiting.push_back(Waiting { live: live.clone(), begin });
        if line.waiting.len() == 1 {
            state.rotation.push_back(live.owner);
        }
        self.move_up(&mut state);
        Seat { queue: self.clone(), owner: live.owner, turn: live.id, begin: begins }
    }

    fn leave(&self, owner: UserId, turn: TurnId) {
        let mut state = self.state();
        let Some(line) = state.lines.get_mut(&owner) else { return };
        if let Some(place) = line.waiting.iter().position(|waiting| waiting.live.id == turn) {
            line.waiting.remove(place);
        } else {
            line.running -= 1;
            state.running -= 1;
        }
        self.move_up(&mut state);
    }

    /// Lets those begin for whom there is room, and tells the others how many are ahead of them.
    fn move_up(&self, state: &mut State) {
        state.rotation.retain(|user| state.lines.get(user).is_some_and(|line| !line.waiting.is_empty()));
        while state.running < self.limits.at_once && state.begin_next(self.limits.per_user) {}
        state.lines.retain(|_, line| line.running > 0 || !line.waiting.is_empty());
        let is_full = state.running >= self.limits.at_once;
        for (user, line) in &state.lines {
            for (place, waiting) in line.waiting.iter().enumerate() {
                let others = if is_full { state.others_before(*user, place) } else { 0 };
                // One that runs has to end first.
                self.tell(&waiting.live, place + others + 1);
            }
        }
    }

    fn tell(&self, live: &Live, ahead: usize) {
        let phase = Phase::Queued(u32::try_from(ahead).unwrap_or(u32::MAX));
        if live.look(|turn| turn.state != TurnState::Running(phase)) {
            live.record(TurnEvent::Phase(phase), self.clock.now());
        }
    }
}

impl State {
    /// Lets a turn of the next user begin who has not as many as one may have.
    fn begin_next(&mut self, per_user: usize) -> bool {
        let may = |user: &UserId| self.lines.get(user).is_some_and(|line| line.running < per_user);
        let Some(place) = self.rotation.iter().position(may) else { return false };
        let next = self.rotation.remove(place).and_then(|user| Some((user, self.lines.get_mut(&user)?)));
        let Some((user, line)) = next else { return false };
        let Some(waiting) = line.waiting.pop_front() else { return true };
        line.running += 1;
        self.running += 1;
        if !line.waiting.is_empty() {
            self.rotation.push_back(user);
        }
        // Who has just left gives the room back.
        let _ = waiting.begin.send(());
        true
    }

    /// Turns of others that begin before the one at this place of a user's line.
    fn others_before(&self, user: UserId, place: usize) -> usize {
        let mut earlier = true;
        let mut before = 0;
        for other in &self.rotation {
            if *other == user {
                earlier = false;
                continue;
            }
            let waiting = self.lines.get(other).map_or(0, |line| line.waiting.len());
            before += waiting.min(place + usize::from(earlier));
        }
        before
    }
}

impl Seat {
    /// Waits until there is room.
    pub(super) async fn begins(&mut self) {
        // The other end is dropped only with the seat.
        let _ = (&mut self.begin).await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.queue.leave(self.owner, self.turn);
    }
}

#[cfg(test)]
mod tests;
