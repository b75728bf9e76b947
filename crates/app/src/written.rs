//! What is kept as JSON.

use serde::Serialize;

/// The JSON of a value of ours.
///
/// # Panics
/// For a value that has no JSON form. Ours are made of texts, whole numbers, lists, and maps whose keys are texts, which
/// all have one; nothing in its place would be kept for ever.
pub fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("values of ours have a JSON form")
}
