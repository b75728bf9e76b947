//! The Merkle tree over all entries of a jurisdiction (RFC 6962, section 2.1), stored as tiles of height 8 (C2SP
//! tlog-tiles).

mod proof;
mod tile;
mod tree;
mod verify;

pub use proof::{consistency_proof, inclusion_proof, root_at};
pub use tile::{MerkleError, TILE_WIDTH, Tile, TileId};
pub use tree::Tree;
pub use verify::{ProofError, verify_consistency, verify_inclusion};

use crate::hash::{Hash, sha256};

/// The hash of a leaf: SHA-256 of a zero byte and the record.
pub fn leaf_hash(record: &[u8]) -> Hash {
    sha256(&[&[0], record])
}

/// The hash of a node: SHA-256 of the byte 1 and its two children.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], left, right])
}

/// The root of the empty tree: SHA-256 of nothing.
pub fn empty_root() -> Hash {
    sha256(&[])
}

/// The root over leaf hashes, straight from the definition in RFC 6962: slower than [`Tree`] and sharing no code with
/// it, so that each can check the other.
pub fn root_of(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node_hash(&root_of(left), &root_of(right))
        }
    }
}
