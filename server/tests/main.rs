//! The integration tests of the server. Rows of the security catalogue are named by their ids.

#![allow(clippy::unwrap_used, reason = "tests")]

mod chat;
mod files;
mod isolation;
mod layers;
mod process;
mod requests;
mod resume;
mod session;
mod sign_in;
mod support;
