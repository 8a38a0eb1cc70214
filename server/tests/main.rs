//! The integration tests of the server. Rows of the security catalogue are named by their ids.

#![allow(clippy::unwrap_used, reason = "tests")]

mod apart;
mod chat;
mod isolation;
mod layers;
mod process;
mod queue;
mod requests;
mod resume;
mod session;
mod sign_in;
mod support;
mod turns;
