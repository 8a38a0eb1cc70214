//! Files as a browser hands them over. Only events do, which a server never sees.

#[cfg(not(feature = "hydrate"))]
pub(super) use asleep::*;
#[cfg(feature = "hydrate")]
pub(super) use awake::*;

#[cfg(feature = "hydrate")]
mod awake {
    use leptos::web_sys::{ClipboardEvent, DataTransfer, DragEvent, Element, HtmlInputElement, Node};
    use wasm_bindgen::{JsCast as _, JsValue};

    /// Several `File`s. Events empty their own list when they are over.
    pub type Files = js_sys::Array;

    /// What was chosen. The same can be chosen again.
    pub fn chosen(input: &HtmlInputElement) -> Files {
        let files = input.files().map(|files| Files::from(files.as_ref())).unwrap_or_default();
        input.set_value("");
        files
    }

    /// What is pasted, if it is files. What has words too, such as cells of a table, is words.
    pub fn pasted(event: &ClipboardEvent) -> Option<Files> {
        let data = event.clipboard_data()?;
        let has = |kind| data.get_data(kind).is_ok_and(|text| !text.is_empty());
        files(&data).filter(|_| !(has("text/plain") && has("text/html")))
    }

    /// Whether files are held there.
    pub fn has_files(event: &DragEvent) -> bool {
        event.data_transfer().is_some_and(|data| data.types().includes(&JsValue::from_str("Files"), 0))
    }

    /// Whether what is held is outside now.
    pub fn has_left(event: &DragEvent) -> bool {
        let around = event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
        let now = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
        !around.is_some_and(|around| now.is_some() && around.contains(now.as_ref()))
    }

    /// What was let go of, if it is files.
    pub fn dropped(event: &DragEvent) -> Option<Files> {
        files(&event.data_transfer()?)
    }

    fn files(data: &DataTransfer) -> Option<Files> {
        let files = Files::from(data.files()?.as_ref());
        (files.length() > 0).then_some(files)
    }
}

#[cfg(not(feature = "hydrate"))]
mod asleep {
    use leptos::web_sys::{ClipboardEvent, DragEvent, HtmlInputElement};

    pub struct Files;

    pub fn chosen(_input: &HtmlInputElement) -> Files {
        Files
    }
    pub fn pasted(_event: &ClipboardEvent) -> Option<Files> {
        None
    }
    pub fn has_files(_event: &DragEvent) -> bool {
        false
    }
    pub fn has_left(_event: &DragEvent) -> bool {
        false
    }
    pub fn dropped(_event: &DragEvent) -> Option<Files> {
        None
    }
}
