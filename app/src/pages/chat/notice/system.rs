//! The browser's notifications (Notifications API Standard).

use super::ChatState;
use crate::components::Toast;
use leptos::{
    prelude::{Set, window},
    task::spawn_local,
};
use wasm_bindgen::{JsCast, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission};

/// Asks, and says what was answered.
pub(super) fn ask(state: ChatState) {
    // Pages that are not loaded over HTTPS have none of it.
    if !window().is_secure_context() {
        state.toast.set(Some(Toast::new("Browsers notify only for pages loaded over HTTPS")));
        return;
    }
    let Ok(asked) = Notification::request_permission() else { return };
    spawn_local(async move {
        _ = JsFuture::from(asked).await;
        let words = match Notification::permission() {
            NotificationPermission::Granted => "You will be told when a long answer is ready and you look elsewhere",
            _ => "This browser does not let Confab notify. Its settings for this site change that",
        };
        state.toast.set(Some(Toast::new(words)));
    });
}

/// Tells it, once for each conversation, if the page may. A click leads back to the page.
pub(super) fn tell(title: &str, words: &str) {
    if !window().is_secure_context() || Notification::permission() != NotificationPermission::Granted {
        return;
    }
    let options = NotificationOptions::new();
    options.set_body(title);
    options.set_tag(title);
    options.set_icon("/icon-192.png");
    if let Ok(notification) = Notification::new_with_options(words, &options) {
        let back = Closure::<dyn Fn()>::new(|| _ = window().focus()).into_js_value();
        notification.set_onclick(Some(back.unchecked_ref()));
    }
}
