//! Who makes a request: sessions, the cookie that carries them, and the ways in and out.

pub mod audit;
pub mod cookie;
pub mod keys;
pub mod oidc;
pub mod picture;
pub mod session;
pub mod sign_in;
pub mod token;

pub use session::{SessionLayerParts, visitor};
