//! What runs in the browser: the page, and with the feature `renderer` instead of it the renderer of Markdown, which the
//! page loads when it is first needed.

#[cfg(not(feature = "renderer"))]
pub mod page;
#[cfg(feature = "renderer")]
pub mod renderer;
