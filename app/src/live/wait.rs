//! Waiting in a browser.

use super::{
    Connection, Net,
    pause::{WORTH_TELLING, before_try},
};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen_futures::JsFuture;

/// How often a waiting looks whether it shall end.
const STEP: Duration = Duration::from_millis(250);
const STEPS_PER_SECOND: u32 = 4;

/// Waits before the next try, and counts down on the page once it is worth telling. Ends early when somebody hurries,
/// the browser comes back online, or `wanted` says no.
pub(super) async fn before(net: Net, failures: u32, wanted: impl Fn() -> bool) {
    let hurries = net.hurries.try_get_value();
    let tell = failures >= WORTH_TELLING || !window().navigator().on_line();
    let steps = before_try(failures, js_sys::Math::random()).div_ceil(STEP.as_millis() as u32);
    for left in (1..=steps).rev() {
        if tell {
            set(net, Connection::Lost(left.div_ceil(STEPS_PER_SECOND)));
        }
        sleep(STEP).await;
        if !wanted() {
            return;
        }
        if net.hurries.try_get_value() != hurries {
            break;
        }
    }
    if tell {
        set(net, Connection::Lost(0));
    }
}

/// Says how the connection is, if it is not known yet.
pub(super) fn set(net: Net, state: Connection) {
    if net.state.try_get_untracked().is_some_and(|before| before != state) {
        net.state.set(state);
    }
}

/// Asks for the server's sign of life until there is one, unless that is being done already.
pub(super) async fn until_reached(net: Net, back: Callback<()>) {
    if matches!(net.state.try_get_untracked(), None | Some(Connection::Lost(_)))
        || net.checking.try_get_value() != Some(false)
    {
        return;
    }
    net.checking.set_value(true);
    let mut failures = WORTH_TELLING - 1;
    while !is_reached().await {
        failures += 1;
        before(net, failures, || !net.state.is_disposed()).await;
        if net.state.is_disposed() {
            return;
        }
    }
    net.checking.try_set_value(false);
    if matches!(net.state.try_get_untracked(), Some(Connection::Lost(_))) {
        set(net, Connection::Fine);
    }
    back.try_run(());
}

async fn is_reached() -> bool {
    let Ok(answer) = JsFuture::from(window().fetch_with_str("/health")).await else { return false };
    web_sys::Response::from(answer).ok()
}

async fn sleep(duration: Duration) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let wake = move || _ = resolve.call0(&wasm_bindgen::JsValue::NULL);
        set_timeout(wake, duration);
    });
    _ = JsFuture::from(promise).await;
}
