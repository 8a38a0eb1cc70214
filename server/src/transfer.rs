//! Taking conversations in from elsewhere.

pub mod import;
pub mod importer;
