//! What the frames of most dialects have in common.

use super::{decoder::Fault, told::Told};
use serde_json::Value;

/// The JSON object in a frame.
///
/// # Errors
/// [`Fault::Garbled`] when it is none, [`Fault::Reported`] when it is an error in one of the usual shapes.
pub fn object(json: &[u8]) -> Result<Value, Fault> {
    let value: Value = serde_json::from_slice(json).map_err(|_| Fault::Garbled)?;
    if !value.is_object() {
        return Err(Fault::Garbled);
    }
    if value["type"] == "error" || !value["error"].is_null() || !value["detail"].is_null() {
        return Err(Fault::Reported(Told::in_json(&value)));
    }
    Ok(value)
}
