//! Signing in and out through an OpenID provider that does not always do as it should (catalogue rows A, and those of
//! other chapters that belong here).

mod audit;
mod authentik;
mod backchannel;
mod bed;
mod begin;
mod callback;
mod callback_answers;
mod check;
mod claims;
mod discovery;
mod keys;
pub mod log;
mod logout;
mod logout_tokens;
mod outage;
mod pages;
mod people;
mod proxies;
mod redirects;
mod refresh;
mod sessions;
mod token_endpoint;
mod userinfo;
