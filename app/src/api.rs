//! The server functions: each says who may call, checks what was sent, and calls one port.
//!
//! All of them are POST requests below `/api`, and the server refuses those that another site makes a
//! browser send. Their addresses are fixed here, because plain forms use them too.

#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters, which its text explains")]

#[cfg(feature = "ssr")]
pub mod admin;
pub mod auth;
pub mod calls;
pub mod conversations;
pub mod folders;
pub mod messages;
pub mod models;
pub mod providers;
pub mod search;
#[cfg(feature = "ssr")]
pub mod shares;
pub mod turns;
