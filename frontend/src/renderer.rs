//! Markdown for the page.

use wasm_bindgen::prelude::wasm_bindgen;

/// The blocks of a document, each as HTML that is safe to put into a page.
#[wasm_bindgen]
pub fn blocks(source: &str) -> Vec<String> {
    app::markdown::blocks(source).into_iter().map(|block| block.html).collect()
}
