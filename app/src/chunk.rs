//! Chunks: parts of the page's code that are loaded when they are first needed.
//!
//! A chunk hands over a function, or a table of them. What only they need is not in the page's first load; what they share
//! with the page, such as the memory and everything reactive, is the page's own. So a feature's view is put into a chunk by
//! naming it in one place, and calling it from nowhere else:
//!
//! ```ignore
//! chunk! {
//!     /// What is inside the settings, loaded when they are first opened.
//!     fn settings_pane() -> fn(Settings) -> AnyView { pane::inside }
//! }
//!
//! let failed = move || {
//!     settings.open.set(false);
//!     state.toast.set(Some(chunk::missing()));
//! };
//! let inside = settings_pane().view(move || settings.open.get(), failed, move |view| view(settings));
//! view! { <div>{inside}</div> }
//! ```
//!
//! Nothing of a chunk is in the page that the server renders. In a build for development nothing is split, and chunks are
//! there at once. How the page is split: `docs/decisions/0010-chunks.md`.

use crate::{components::Toast, reactive::effect};
use leptos::{prelude::*, task::spawn_local};
use std::{cell::Cell, future::Future, pin::Pin, rc::Rc, thread::LocalKey};

/// Loads a chunk. False when that can't be done for now.
pub type Load = fn() -> Pin<Box<dyn Future<Output = bool>>>;

/// A chunk, made by the macro `chunk`.
pub struct Chunk<T: 'static> {
    /// What it handed over, once it is there.
    pub table: &'static LocalKey<Cell<Option<T>>>,
    /// Loads it.
    pub load: Load,
}

/// Declares a chunk by the function that makes its table.
macro_rules! chunk {
    ($(#[$about:meta])* $vis:vis fn $name:ident() -> $table:ty { $($made:tt)* }) => {
        $(#[$about])*
        $vis fn $name() -> $crate::chunk::Chunk<$table> {
            #[cfg(feature = "split")]
            use leptos::wasm_split;

            #[cfg(feature = "split")]
            #[wasm_split::wasm_split($name, wasm_split_path = wasm_split, fallible)]
            fn made() -> Result<$table, wasm_split::SplitLoaderError> {
                Ok($($made)*)
            }
            #[cfg(not(feature = "split"))]
            async fn made() -> Result<$table, ()> {
                Ok($($made)*)
            }
            thread_local! {
                static TABLE: std::cell::Cell<Option<$table>> = const { std::cell::Cell::new(None) };
            }
            async fn load() -> bool {
                let made = made().await.ok();
                TABLE.set(made);
                made.is_some()
            }
            $crate::chunk::Chunk { table: &TABLE, load: || Box::pin(load()) }
        }
    };
}
pub(crate) use chunk;

impl<T: Copy + 'static> Chunk<T> {
    /// What it handed over, if it is there.
    pub fn get(&self) -> Option<T> {
        self.table.get()
    }

    /// What it hands over, as soon as it is there. None when it can't be loaded for now.
    pub async fn load(self) -> Option<T> {
        if (self.load)().await { self.table.get() } else { None }
    }

    /// A view that the chunk makes, from the moment when it is first `wanted`. When the chunk can't be loaded, `failed` is
    /// told; it is tried again when it is wanted anew.
    pub fn view(
        self,
        wanted: impl Fn() -> bool + 'static,
        failed: impl Fn() + 'static,
        make: impl Fn(T) -> AnyView + Send + 'static,
    ) -> impl Fn() -> Option<AnyView> + Send {
        let here = RwSignal::new(false);
        let (table, load) = (self.table, self.load);
        when(Box::new(wanted), here, load, Box::new(failed));
        move || here.get().then(|| table.get().map(&make)).flatten()
    }
}

/// Loads a chunk when it is first wanted, and says so when it is `here`.
fn when(wanted: Box<dyn Fn() -> bool>, here: RwSignal<bool>, load: Load, failed: Box<dyn Fn()>) {
    let failed = Rc::new(failed);
    effect(move || {
        if !wanted() || here.get_untracked() {
            return;
        }
        let failed = failed.clone();
        spawn_local(async move {
            let loaded = load().await;
            // It may have come by another asking, and the page may have gone.
            match here.try_get_untracked() {
                Some(false) if loaded => here.set(true),
                Some(false) => failed(),
                _ => {}
            }
        });
    });
}

/// Says that a chunk could not be loaded.
pub fn missing() -> Toast {
    Toast::new("This could not be loaded. Check the connection and try again, or reload the page")
}
