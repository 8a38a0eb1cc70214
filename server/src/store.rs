//! Storage: what implements the ports that keep data. A backend is a folder here; each passes the same contract.

#[cfg(test)]
mod contract;
pub mod sqlite;
