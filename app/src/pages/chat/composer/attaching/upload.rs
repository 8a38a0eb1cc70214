//! Bringing files to the server: `POST /api/files`.

#[cfg(not(feature = "hydrate"))]
pub(super) use asleep::*;
#[cfg(feature = "hydrate")]
pub(super) use awake::*;

#[cfg(feature = "hydrate")]
mod awake {
    use super::super::{
        Files,
        list::{Entry, State},
    };
    use crate::{error::AppError, pages::chat::state::ChatState};
    use chat::{Attachment, FileId};
    use leptos::{
        prelude::*,
        task::spawn_local,
        web_sys::{AbortController, File, RequestInit, Response},
    };
    use std::cell::RefCell;
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;

    const BROKEN_OFF: &str = "The server can't be reached. Remove this file, and attach it again later.";

    thread_local! {
        /// What ends each upload.
        static UNDER_WAY: RefCell<Vec<(u32, AbortController)>> = const { RefCell::new(Vec::new()) };
    }

    /// Each file with its name.
    pub fn files(files: Files) -> Vec<(String, File)> {
        let named = |file: JsValue| file.dyn_into::<File>().ok().map(|file| (file.name(), file));
        files.iter().filter_map(named).collect()
    }

    /// Uploads a file, and says when that has succeeded or not.
    pub fn begin(entry: Entry, file: File, chat: ChatState) {
        let request = RequestInit::new();
        request.set_method("POST");
        request.set_body(&file);
        if let Ok(abort) = AbortController::new() {
            request.set_signal(Some(&abort.signal()));
            UNDER_WAY.with_borrow_mut(|all| all.push((entry.key, abort)));
        }
        spawn_local(async move {
            let answer = upload(entry.name.as_str(), &request).await;
            UNDER_WAY.with_borrow_mut(|all| all.retain(|(key, _)| *key != entry.key));
            if answer.is_ok() {
                _ = chat.status.try_set([entry.name.as_str(), " attached"].concat());
            }
            entry.state.set(match answer {
                Ok(attachment) => State::Done(attachment),
                Err(reason) => State::Refused(reason),
            });
        });
    }

    /// Ends an upload.
    pub fn abort(key: u32) {
        UNDER_WAY.with_borrow(|all| all.iter().filter(|(of, _)| *of == key).for_each(|(_, abort)| abort.abort()));
    }

    /// Removes a file from the server. One that stays there goes after a day.
    pub fn forget(file: FileId) {
        let request = RequestInit::new();
        request.set_method("DELETE");
        let url = ["/api/files/", &file.to_string()].concat();
        spawn_local(async move { _ = fetch(&url, &request).await });
    }

    /// The file as the server has it, or the reason why it does not.
    async fn upload(name: &str, request: &RequestInit) -> Result<Attachment, String> {
        let name = String::from(js_sys::encode_uri_component(name));
        let broken_off = |_| BROKEN_OFF.to_owned();
        let answer = fetch(&["/api/files?name=", &name].concat(), request).await.map_err(broken_off)?;
        let text = JsFuture::from(answer.text().map_err(broken_off)?).await.map_err(broken_off)?;
        let text = text.as_string().unwrap_or_default();
        match answer.status() {
            201 => serde_json::from_str(&text).map_err(|_| BROKEN_OFF.into()),
            401 => Err(AppError::SignedOut.to_string()),
            // A page is by something between here and the server.
            status if text.is_empty() || text.starts_with('<') => {
                Err(["The server did not take this file (", &status.to_string(), ")."].concat())
            }
            _ => Err(text),
        }
    }

    async fn fetch(url: &str, request: &RequestInit) -> Result<Response, JsValue> {
        JsFuture::from(window().fetch_with_str_and_init(url, request)).await.map(JsCast::unchecked_into)
    }
}

#[cfg(not(feature = "hydrate"))]
mod asleep {
    use super::super::{Files, list::Entry};
    use crate::pages::chat::state::ChatState;
    use chat::FileId;

    pub fn files(_files: Files) -> Vec<(String, ())> {
        Vec::new()
    }
    pub fn begin(_entry: Entry, _file: (), _chat: ChatState) {}
    pub fn abort(_key: u32) {}
    pub fn forget(_file: FileId) {}
}
