//! Taking conversations in from elsewhere, and giving them away.

pub mod archive;
pub mod export;
pub mod import;
pub mod importer;
