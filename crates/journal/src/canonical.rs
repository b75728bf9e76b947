//! Canonical JSON after RFC 8785 (JCS), narrowed to integers.
//!
//! RFC 8785 writes numbers as ECMAScript does. The journal only has integers that every language holds exactly
//! (RFC 7493, section 2.2), for which that rule is plain decimal; all other numbers are refused, so that no reader
//! needs a floating-point printer to check a hash.

use serde_json::{Number, Value};

/// The largest integer, and with a minus sign the smallest: 2^53 - 1 (RFC 7493, section 2.2).
pub const MAX_INTEGER: i64 = (1 << 53) - 1;

/// How deep arrays and objects may nest. Readers of JSON have limits; this one is below all known.
pub const MAX_DEPTH: usize = 100;

/// Why a value has no canonical bytes here, or bytes are not canonical.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// A number with a fraction or exponent, or minus zero.
    #[error("the journal holds whole numbers only, not `{0}`")]
    NotAnInteger(String),
    /// An integer that not every language can hold.
    #[error("`{0}` is beyond 2^53 - 1")]
    OutOfRange(String),
    /// Nesting beyond [`MAX_DEPTH`].
    #[error("nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// Not JSON at all, or not UTF-8.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// JSON, but not the canonical bytes of its value.
    #[error("not canonical at byte {at}: a repeated key, another key order, a space, or another way to write a value")]
    NotCanonical {
        /// The first byte that differs from the canonical bytes, from 0.
        at: usize,
    },
}

/// The canonical bytes of a value: UTF-8, no spaces, object keys in the order of their UTF-16 code units.
///
/// # Errors
/// Numbers other than integers within [`MAX_INTEGER`], and nesting beyond [`MAX_DEPTH`].
pub fn to_bytes(value: &Value) -> Result<Vec<u8>, CanonicalError> {
    let mut out = Vec::new();
    write(&mut out, value, 0)?;
    Ok(out)
}

/// Reads canonical bytes back. Strict: only bytes that [`to_bytes`] gives are taken, so a repeated key, a space or
/// another escape is an error and not a second spelling of the same value.
///
/// # Errors
/// Bytes that are not JSON, or not the canonical bytes of their value.
pub fn parse(bytes: &[u8]) -> Result<Value, CanonicalError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| CanonicalError::NotJson(error.to_string()))?;
    let again = to_bytes(&value)?;
    if again == bytes {
        return Ok(value);
    }
    let same = again.iter().zip(bytes).take_while(|(a, b)| a == b).count();
    Err(CanonicalError::NotCanonical { at: same })
}

fn write(out: &mut Vec<u8>, value: &Value, depth: usize) -> Result<(), CanonicalError> {
    if depth > MAX_DEPTH {
        return Err(CanonicalError::TooDeep);
    }
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => out.extend_from_slice(integer(number)?.to_string().as_bytes()),
        Value::String(text) => write_string(out, text),
        Value::Array(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write(out, item, depth + 1)?;
            }
            out.push(b']');
        }
        Value::Object(map) => {
            // Sorted here whatever the map's own order is: a feature of serde_json elsewhere may change that order.
            let mut members: Vec<(&String, &Value)> = map.iter().collect();
            members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push(b'{');
            for (i, (key, member)) in members.into_iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write_string(out, key);
                out.push(b':');
                write(out, member, depth + 1)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

fn integer(number: &Number) -> Result<i64, CanonicalError> {
    match number.as_i64() {
        Some(n) if (-MAX_INTEGER..=MAX_INTEGER).contains(&n) => Ok(n),
        Some(_) => Err(CanonicalError::OutOfRange(number.to_string())),
        None if number.is_u64() => Err(CanonicalError::OutOfRange(number.to_string())),
        None => Err(CanonicalError::NotAnInteger(number.to_string())),
    }
}

/// A string as RFC 8785, section 3.2.2.2 writes it.
pub(crate) fn write_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            0x09 => out.extend_from_slice(b"\\t"),
            0x0a => out.extend_from_slice(b"\\n"),
            0x0c => out.extend_from_slice(b"\\f"),
            0x0d => out.extend_from_slice(b"\\r"),
            0x00..=0x1f => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}
