//! The stream of a turn's events, read by `fetch`: unlike an `EventSource` it tells why it was refused.

use super::{
    Connection, Net, Told,
    sse::{Message, Parser},
    wait,
};
use crate::chunk::chunk;
use chat::{Numbered, Seq, Turn};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use std::{
    cell::{Cell, RefCell},
    future::Future,
    pin::Pin,
    rc::Rc,
    time::Duration,
};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, ReadableStreamDefaultReader, RequestInit, Response};

/// The server says something every 15 seconds at least; a connection that was silent for longer than this is dead.
const LONGEST_SILENCE: Duration = Duration::from_secs(40);

thread_local! {
    /// The watchings that go on, each with what ends its request.
    static OPEN: RefCell<Vec<(u32, AbortController)>> = const { RefCell::new(Vec::new()) };
    static LAST: Cell<u32> = const { Cell::new(0) };
}

/// Why a stream ended before its turn did.
enum Broken {
    /// The connection was lost, or what came was not to be understood.
    Cut,
    /// An event was missing.
    Gap,
    /// Nobody is signed in any more.
    SignedOut,
    /// There is no such turn.
    Gone,
}

/// A future, whichever.
type Follow = Pin<Box<dyn Future<Output = ()>>>;

chunk! {
    /// What follows a turn, loaded when there is a first one to follow.
    fn follower() -> fn(Watch) -> Follow { |watch| Box::pin(follow(watch)) }
}

/// Begins to load what follows turns.
pub(super) fn warm() {
    spawn_local(async { _ = follower().load().await });
}

pub(super) fn attach(turn: ArcRwSignal<Turn>, net: Net, tell: Callback<Told>) -> u32 {
    let id = LAST.get().wrapping_add(1);
    LAST.set(id);
    if let Ok(abort) = AbortController::new() {
        OPEN.with_borrow_mut(|open| open.push((id, abort)));
        spawn_local(begin(Watch { id, turn, net, tell, asked: Rc::default() }));
    }
    id
}

pub(super) fn detach(id: u32) {
    if let Some(abort) = close(id) {
        abort.abort();
    }
}

fn close(id: u32) -> Option<AbortController> {
    OPEN.with_borrow_mut(|open| {
        let at = open.iter().position(|watch| watch.0 == id)?;
        Some(open.swap_remove(at).1)
    })
}

struct Watch {
    id: u32,
    turn: ArcRwSignal<Turn>,
    net: Net,
    tell: Callback<Told>,
    /// A frame has been asked for.
    asked: Rc<Cell<bool>>,
}

/// Follows as soon as that has been loaded.
async fn begin(watch: Watch) {
    let mut failures = 0;
    while watch.is_open() {
        if let Some(follow) = follower().load().await {
            return follow(watch).await;
        }
        failures += 1;
        wait::before(watch.net, failures, || watch.is_open()).await;
    }
}

/// Reads streams until the turn has ended or nobody watches any more.
async fn follow(watch: Watch) {
    let mut failures = 0;
    let mut seen = watch.turn.with_untracked(|turn| turn.seq);
    while watch.is_open() {
        let before = watch.turn.with_untracked(|turn| turn.seq);
        match watch.read(seen).await {
            Ok(()) => break,
            Err(Broken::SignedOut) => {
                wait::set(watch.net, Connection::SignedOut);
                break;
            }
            Err(Broken::Gone) => {
                watch.tell.try_run(Told::Gone);
                break;
            }
            // What was left to come was only the end.
            Err(_) if !watch.is_open() || !watch.turn.with_untracked(Turn::is_running) => break,
            Err(broken) => {
                seen = watch.turn.with_untracked(|turn| turn.seq);
                failures = if seen > before { 1 } else { failures + 1 };
                if matches!(broken, Broken::Gap) {
                    seen = Seq::default();
                }
                wait::before(watch.net, failures, || watch.is_open()).await;
            }
        }
    }
    close(watch.id);
}

impl Watch {
    fn is_open(&self) -> bool {
        OPEN.with_borrow(|open| open.iter().any(|watch| watch.0 == self.id))
    }

    /// Reads one stream to its end.
    async fn read(&self, seen: Seq) -> Result<(), Broken> {
        let abort = AbortController::new().map_err(cut)?;
        OPEN.with_borrow_mut(|open| {
            if let Some(watch) = open.iter_mut().find(|watch| watch.0 == self.id) {
                watch.1 = abort.clone();
            }
        });
        let mut silence = Silence::new(&abort);
        let reader = self.ask(seen, &abort).await?;
        wait::set(self.net, Connection::Fine);
        let mut parser = Parser::default();
        loop {
            let chunk = JsFuture::from(reader.read()).await.map_err(cut)?;
            silence.broken(&abort);
            let Some(bytes) = bytes_of(&chunk) else { return Err(Broken::Cut) };
            for message in parser.push(&bytes) {
                if self.take(&message)? {
                    return Ok(());
                }
            }
        }
    }

    async fn ask(&self, seen: Seq, abort: &AbortController) -> Result<ReadableStreamDefaultReader, Broken> {
        let id = self.turn.with_untracked(|turn| turn.id);
        let url = ["/api/turns/", &id.to_string(), "/events?after=", &seen.0.to_string()].concat();
        let headers = Headers::new().map_err(cut)?;
        headers.set("accept", "text/event-stream").map_err(cut)?;
        let request = RequestInit::new();
        request.set_headers(&headers);
        request.set_signal(Some(&abort.signal()));
        let answer = JsFuture::from(window().fetch_with_str_and_init(&url, &request)).await.map_err(cut)?;
        let answer: Response = answer.unchecked_into();
        match answer.status() {
            200 => Ok(answer.body().ok_or(Broken::Cut)?.get_reader().unchecked_into()),
            401 => Err(Broken::SignedOut),
            404 => Err(Broken::Gone),
            _ => Err(Broken::Cut),
        }
    }

    /// Folds a message in. True when it was the last one.
    fn take(&self, message: &Message) -> Result<bool, Broken> {
        let was_running = self.turn.with_untracked(Turn::is_running);
        match message.event.as_str() {
            "snapshot" => {
                let turn: Turn = serde_json::from_slice(message.data.as_bytes()).map_err(|_| Broken::Cut)?;
                self.turn.update_untracked(|shown| *shown = turn);
            }
            "event" => {
                let event: Numbered = serde_json::from_slice(message.data.as_bytes()).map_err(|_| Broken::Cut)?;
                self.turn.update_untracked(|turn| turn.apply(&event)).map_err(|_| Broken::Gap)?;
            }
            "end" if was_running => return Err(Broken::Cut),
            "end" => return Ok(true),
            _ => return Ok(false),
        }
        if self.turn.with_untracked(Turn::is_running) {
            self.show_soon();
        } else if was_running {
            // A hidden page has no frames, but its title and its sidebar are seen.
            self.turn.notify();
            self.tell.try_run(Told::Ended);
        }
        Ok(false)
    }

    /// Notifies who looks at the turn, with the next frame.
    fn show_soon(&self) {
        if !self.asked.replace(true) {
            let (turn, asked) = (self.turn.clone(), self.asked.clone());
            request_animation_frame(move || {
                asked.set(false);
                turn.notify();
            });
        }
    }
}

fn cut(_: JsValue) -> Broken {
    Broken::Cut
}

/// What a read of a stream gave; none at its end.
fn bytes_of(chunk: &JsValue) -> Option<Vec<u8>> {
    let value = js_sys::Reflect::get(chunk, &"value".into()).ok()?;
    value.dyn_ref::<js_sys::Uint8Array>().map(js_sys::Uint8Array::to_vec)
}

/// Ends a request that has been silent for too long.
struct Silence(Option<TimeoutHandle>);

impl Silence {
    fn new(abort: &AbortController) -> Self {
        let mut silence = Self(None);
        silence.broken(abort);
        silence
    }

    /// Something came: the clock starts anew.
    fn broken(&mut self, abort: &AbortController) {
        self.end();
        let abort = abort.clone();
        self.0 = set_timeout_with_handle(move || abort.abort(), LONGEST_SILENCE).ok();
    }

    fn end(&mut self) {
        if let Some(clock) = self.0.take() {
            clock.clear();
        }
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        self.end();
    }
}
