//! SHA-256 values and their hexadecimal form.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// SHA-256 (FIPS 180-4) of the parts, one after the other. With one part it is also the hash of a stored file (blob).
pub fn sha256(parts: &[&[u8]]) -> Hash {
    let mut state = Sha256::new();
    for part in parts {
        state.update(part);
    }
    state.finalize().into()
}

/// A hash as 64 lower-case hexadecimal digits.
pub fn hex(hash: &Hash) -> String {
    HEXLOWER.encode(hash)
}

/// Reads what [`hex`] writes; `None` for anything else, upper-case digits included.
pub fn unhex(text: &str) -> Option<Hash> {
    HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}
