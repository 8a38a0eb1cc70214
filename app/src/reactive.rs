//! Effects and memos of one kind each.
//!
//! What leptos makes of a closure has the closure's type, so its loop and its bookkeeping would stand in the page as often
//! as there are closures. These stand there once.

use leptos::prelude::{Effect, Memo};

/// Runs `action` in the browser, at once and again whenever something that it has read changes.
pub fn effect(action: impl FnMut() + 'static) {
    run(Box::new(action));
}

fn run(mut action: Box<dyn FnMut()>) {
    Effect::new(move |_: Option<()>| action());
}

/// A value that is computed anew whenever something that it was made of changes, and tells of it only when it is another.
pub fn memo<T: PartialEq + Send + Sync + 'static>(value: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    boxed(Box::new(value))
}

fn boxed<T: PartialEq + Send + Sync + 'static>(value: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T> {
    Memo::new(move |_| value())
}
