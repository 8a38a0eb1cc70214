//! The integration tests of the server. Rows of the security catalogue are named by their ids.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod admin;
mod apart;
mod branches;
mod chat;
mod export;
mod files;
mod full_disk;
mod import;
mod isolation;
mod kills;
mod layers;
mod limits;
mod options;
mod organise;
mod process;
mod providers;
mod queue;
mod requests;
mod resume;
mod search;
mod session;
mod settings;
mod share;
mod shown;
mod sign_in;
mod support;
mod temporary;
mod turns;
