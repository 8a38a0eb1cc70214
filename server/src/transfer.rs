//! Taking conversations in from elsewhere, and giving them away.

pub mod import;
