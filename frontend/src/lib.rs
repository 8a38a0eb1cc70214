//! Wakes up the page that the server rendered.

use leptos::prelude::document;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's script as soon as the code has loaded.
#[wasm_bindgen]
pub fn hydrate() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        tell_that_it_stopped();
    }));
    leptos::mount::hydrate_body(app::App);
    mark("data-hydrated");
}

/// Puts a bare attribute on the root element.
fn mark(name: &str) {
    if let Some(root) = document().document_element() {
        _ = root.set_attribute(name, "");
    }
}

/// After a panic nothing reacts any more, but what stands on the page can still be read. Says so above it.
fn tell_that_it_stopped() {
    let page = document();
    if page.query_selector("[data-stopped]").is_ok_and(|found| found.is_some()) {
        return;
    }
    mark("data-stopped");
    let (Ok(banner), Ok(link), Some(body)) = (page.create_element("p"), page.create_element("a"), page.body()) else {
        return;
    };
    _ = banner.set_attribute("class", "net net-stopped");
    _ = banner.set_attribute("role", "alert");
    banner.set_text_content(Some("This page stopped working. What has been sent is safe. "));
    _ = link.set_attribute("class", "link");
    _ = link.set_attribute("href", "");
    _ = link.set_attribute("rel", "external");
    link.set_text_content(Some("Reload"));
    _ = banner.append_child(&link);
    _ = body.prepend_with_node_1(&banner);
}
