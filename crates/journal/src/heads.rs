//! One digest over all streams' heads, to compare two copies of a journal at a glance.

use crate::canonical::write_string;
use crate::chain::Head;
use crate::hash::{hex, sha256};

/// SHA-256, in hexadecimal, of one line a stream: the canonical array of stream, version and hash (hexadecimal), each
/// with a line feed, in the byte order of the streams' names. The order of `heads` does not matter.
pub fn digest(heads: &[Head]) -> String {
    let mut sorted: Vec<&Head> = heads.iter().collect();
    sorted.sort_by(|a, b| a.stream.as_bytes().cmp(b.stream.as_bytes()));
    let mut lines = Vec::new();
    for head in sorted {
        lines.push(b'[');
        write_string(&mut lines, &head.stream);
        lines.extend_from_slice(format!(",{},\"{}\"]\n", head.version, hex(&head.hash)).as_bytes());
    }
    hex(&sha256(&[&lines]))
}
