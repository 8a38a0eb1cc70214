//! Lists that grow, shrink and change their order.

use leptos::prelude::*;

/// A row that is to be made, if the page does not have it yet.
struct Row {
    key: String,
    make: Box<dyn FnOnce() -> AnyView + Send>,
}

/// A row for each item, kept while an item with its key is there.
///
/// [`For`] writes all of its work into the page anew for each kind of item; this writes it once.
pub fn each<T: Send + 'static>(
    items: impl Fn() -> Vec<T> + Send + Sync + 'static,
    key: fn(&T) -> String,
    view: impl Fn(T) -> AnyView + Copy + Send + Sync + 'static,
) -> AnyView {
    let row = move |item: T| Row { key: key(&item), make: Box::new(move || view(item)) };
    list(Box::new(move || items().into_iter().map(row).collect()))
}

fn list(rows: Box<dyn Fn() -> Vec<Row> + Send + Sync>) -> AnyView {
    view! { <For each=rows key=|row| row.key.clone() children=|row| (row.make)()/> }.into_any()
}
