//! Watching a turn: no gap, no repetition, and a slow watcher slows nobody.

use super::live::Live;
use chat::{Frame, Numbered, Seq, Turn, TurnEvent, ports::FrameStream};
use futures::stream;
use std::sync::Arc;
use tokio::sync::broadcast::{Receiver, error::RecvError};

/// A turn that does not run: always a snapshot. A watcher from before a crash may have seen events that were
/// never stored, under the same numbers.
pub(super) fn ended(turn: Turn) -> FrameStream {
    Box::pin(stream::iter([Frame::Snapshot(turn)]))
}

struct Watcher {
    live: Arc<Live>,
    events: Receiver<Arc<Numbered>>,
    /// What is to be sent before anything else.
    first: Option<Turn>,
    /// Up to where the watcher has been served.
    seq: Seq,
    over: bool,
}

/// A turn that runs: a snapshot if the watcher is not where the turn is, then each event. The stream ends when
/// the turn has ended and is stored, so whoever asks for the conversation then finds it as it was shown.
pub(super) fn running(live: &Arc<Live>, seen: Option<Seq>) -> FrameStream {
    let ((seq, over, first), events) = live.subscribe(|turn| {
        let first = (seen != Some(turn.seq)).then(|| turn.clone());
        (turn.seq, !turn.is_running(), first)
    });
    let watcher = Watcher { live: live.clone(), events, first, seq, over };
    Box::pin(stream::unfold(watcher, |mut watcher| async {
        let frame = watcher.next().await?;
        Some((frame, watcher))
    }))
}

impl Watcher {
    async fn next(&mut self) -> Option<Frame> {
        if let Some(turn) = self.first.take() {
            return Some(Frame::Snapshot(turn));
        }
        while !self.over {
            match self.events.recv().await {
                // Still in the backlog, but a snapshot had it already.
                Ok(event) if event.seq <= self.seq => {}
                Ok(event) => {
                    self.seq = event.seq;
                    self.over = matches!(event.event, TurnEvent::Finished(_));
                    return Some(Frame::Event(event));
                }
                Err(RecvError::Lagged(_)) => {
                    let turn = self.live.look(Turn::clone);
                    self.seq = turn.seq;
                    self.over = !turn.is_running();
                    return Some(Frame::Snapshot(turn));
                }
                Err(RecvError::Closed) => return None,
            }
        }
        self.live.over().await;
        None
    }
}
