//! An answer in as few pieces as it comes: what is ready at once is one piece.

use chat::{
    Failure,
    ports::{ModelEvent, ModelStream},
};
use futures::{Stream, StreamExt};
use std::{
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

/// The longest piece that another one is added to, in bytes.
const LONG: usize = 4_000;

type Item = Result<ModelEvent, Failure>;

/// A model's answer. Pieces of the same kind that are there without waiting are joined, so that a fast model costs a
/// step for each time that something arrives, not for each word.
pub(super) struct Gathered {
    answer: ModelStream,
    /// What came after the piece that was handed out; none within is the end.
    held: Option<Option<Item>>,
}

impl Gathered {
    pub(super) fn new(answer: ModelStream) -> Self {
        Self { answer, held: None }
    }
}

impl Stream for Gathered {
    type Item = Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Item>> {
        let first = match self.held.take() {
            Some(item) => item,
            None => ready!(self.answer.poll_next_unpin(context)),
        };
        let Some(Ok(mut event)) = first else { return Poll::Ready(first) };
        while is_short(&event) {
            let Poll::Ready(next) = self.answer.poll_next_unpin(context) else { break };
            if let Some(other) = join(&mut event, next) {
                self.held = Some(other);
                break;
            }
        }
        Poll::Ready(Some(Ok(event)))
    }
}

fn is_short(event: &ModelEvent) -> bool {
    matches!(event, ModelEvent::Text(piece) | ModelEvent::Reasoning(piece) if piece.len() < LONG)
}

/// Adds what came next, or gives it back when it is of another kind.
fn join(event: &mut ModelEvent, next: Option<Item>) -> Option<Option<Item>> {
    match (event, next) {
        (ModelEvent::Text(piece), Some(Ok(ModelEvent::Text(more))))
        | (ModelEvent::Reasoning(piece), Some(Ok(ModelEvent::Reasoning(more)))) => {
            if piece.is_empty() {
                mem::replace(piece, more).clear()
            } else {
                piece.push_str(&more)
            }
            None
        }
        (_, next) => Some(next),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chat::ports::StopReason;
    use futures::{FutureExt, stream};
    use tokio::sync::mpsc;

    fn text(piece: &str) -> Item {
        Ok(ModelEvent::Text(piece.into()))
    }

    fn thought(piece: &str) -> Item {
        Ok(ModelEvent::Reasoning(piece.into()))
    }

    fn stream_of(items: mpsc::UnboundedReceiver<Item>) -> Gathered {
        Gathered::new(stream::unfold(items, |mut items| async { Some((items.recv().await?, items)) }).boxed())
    }

    #[test]
    fn what_is_ready_is_one_piece_of_each_kind_and_nothing_is_waited_for() {
        let (sender, items) = mpsc::unbounded_channel();
        let mut answer = stream_of(items);
        for item in [thought("a"), thought("b"), text("c"), text("d"), thought("e")] {
            sender.send(item).expect("open");
        }
        let mut next = || answer.next().now_or_never();
        assert_eq!(next(), Some(Some(thought("ab"))));
        assert_eq!(next(), Some(Some(text("cd"))));
        assert_eq!(next(), Some(Some(thought("e"))));
        assert_eq!(next(), None);
        sender.send(text("f")).expect("open");
        sender.send(Ok(ModelEvent::End(StopReason::Done))).expect("open");
        drop(sender);
        assert_eq!(next(), Some(Some(text("f"))));
        assert_eq!(next(), Some(Some(Ok(ModelEvent::End(StopReason::Done)))));
        assert_eq!(next(), Some(None));
    }

    #[test]
    fn a_piece_does_not_grow_for_ever() {
        let (sender, items) = mpsc::unbounded_channel();
        let mut answer = stream_of(items);
        for _ in 0..100 {
            sender.send(text(&"x".repeat(100))).expect("open");
        }
        let piece = answer.next().now_or_never();
        assert_eq!(piece, Some(Some(text(&"x".repeat(LONG)))));
    }
}
