//! What every request passes through, and the routes that are not pages.

pub mod admin;
pub mod appearance;
pub mod body;
pub mod client;
pub mod diagram;
pub mod erase;
pub mod error;
pub mod events;
pub mod export;
pub mod files;
pub mod headers;
pub mod health;
pub mod log;
pub mod origin;
pub mod places;
mod range;
#[cfg(debug_assertions)]
pub mod reload;
pub mod share;
pub mod transfer;
