//! Finding what was said.

#[cfg(feature = "ssr")]
use crate::context::{respond, services, signed_in};
use crate::error::AppError;
use chat::search::Hit;
#[cfg(feature = "ssr")]
use chat::search::Query;
use leptos::server;

/// The most conversations that a search gives.
#[cfg(feature = "ssr")]
const LIMIT: u32 = 20;

/// The user's conversations that have what is looked for in their title or in a message, the best first. Whatever is
/// typed is a query; what holds no word finds nothing.
#[server(prefix = "/api", endpoint = "search")]
pub async fn search(query: String) -> Result<Vec<Hit>, AppError> {
    let user = respond(signed_in())?;
    match Query::parse(&query) {
        Some(query) => respond(services().search.search(user.id, &query, LIMIT).await),
        None => Ok(Vec::new()),
    }
}
