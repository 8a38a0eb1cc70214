//! How the runner ends, and what becomes of the turns.

use super::TurnRunner;
use chat::Outcome;

impl TurnRunner {
    /// Takes no more turns, and interrupts those that have not begun. Those that run go on.
    pub fn close(&self) {
        self.closed.cancel();
        self.queue.waiting().iter().for_each(|live| live.cut(Outcome::Interrupted));
    }

    /// Waits until no turn runs.
    pub async fn ended(&self) {
        self.turns.close();
        self.turns.wait().await;
        self.turns.reopen();
    }

    /// Takes no more turns, interrupts those that run and waits until everything is stored.
    pub async fn shut_down(&self) {
        self.close();
        self.stopping.cancel();
        self.live.all().iter().for_each(|live| live.cut(Outcome::Interrupted));
        self.idle().await;
    }

    /// Waits until no turn runs, and nothing else is asked of a model.
    pub async fn idle(&self) {
        self.tasks.close();
        self.tasks.wait().await;
        self.tasks.reopen();
    }
}
