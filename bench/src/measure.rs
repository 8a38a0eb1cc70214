//! The measurements, each by itself: what it is called, what it measures, and its table.

pub mod browser;
pub mod first_token;
pub mod memory;
pub mod page;
pub mod search;
pub mod start;
pub mod streams;

mod filled;
