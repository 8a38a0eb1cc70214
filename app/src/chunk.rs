//! Chunks: parts of the page's code that are loaded when they are first needed.
//!
//! A chunk hands over a table of functions. What only they need is not in the page's first load; what they share with the
//! page, such as the memory and everything reactive, is the page's own.

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

fn when(wanted: Box<dyn Fn() -> bool>, here: RwSignal<bool>, load: Load, failed: Box<dyn Fn()>) {
    let failed = Rc::new(failed);
    effect(move || {
        if wanted() && !here.get_untracked() {
            let failed = failed.clone();
            spawn_local(async move { if load().await { _ = here.try_set(true) } else { failed() } });
        }
    });
}

/// Says that a chunk could not be loaded.
pub fn missing() -> Toast {
    Toast::new("This could not be loaded. Check the connection and try again, or reload the page")
}
