//! Checking proofs, without the tree (RFC 9162, sections 2.1.3.2 and 2.1.4.2, for the tree of RFC 6962).

use super::{empty_root, node_hash};
use crate::hash::Hash;

/// The proof does not show what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The leaf is outside the tree, or the older tree is the larger one.
    #[error("the sizes do not fit each other")]
    Sizes,
    /// Too many or too few hashes for these sizes.
    #[error("the proof has a wrong length")]
    Length,
    /// The proof leads to another root.
    #[error("the proof leads to another root")]
    Root,
}

/// Is `leaf` the leaf `index` of the tree of `size` leaves with this root?
///
/// # Errors
/// The proof does not show it.
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Sizes);
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node % 2 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            while node % 2 == 0 && node > 0 {
                node /= 2;
                last /= 2;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node /= 2;
        last /= 2;
    }
    match (last == 0, hash == *root) {
        (false, _) => Err(ProofError::Length),
        (true, false) => Err(ProofError::Root),
        (true, true) => Ok(()),
    }
}

/// Does the tree of `size` leaves with `root` begin with the tree of `old` leaves with `old_root`?
///
/// # Errors
/// The proof does not show it.
pub fn verify_consistency(old: u64, old_root: &Hash, size: u64, root: &Hash, proof: &[Hash]) -> Result<(), ProofError> {
    if old > size {
        return Err(ProofError::Sizes);
    }
    if old == 0 || old == size {
        let known = if old == 0 { empty_root() } else { *root };
        return match (proof.is_empty(), *old_root == known) {
            (false, _) => Err(ProofError::Length),
            (true, false) => Err(ProofError::Root),
            (true, true) => Ok(()),
        };
    }
    let (mut node, mut last) = (old - 1, size - 1);
    while node % 2 == 1 {
        node /= 2;
        last /= 2;
    }
    // A whole subtree as old tree is not in the proof: its root is known.
    let (first, rest) =
        if old.is_power_of_two() { (old_root, proof) } else { proof.split_first().ok_or(ProofError::Length)? };
    let (mut then, mut now) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node % 2 == 1 || node == last {
            then = node_hash(sibling, &then);
            now = node_hash(sibling, &now);
            while node % 2 == 0 && node > 0 {
                node /= 2;
                last /= 2;
            }
        } else {
            now = node_hash(&now, sibling);
        }
        node /= 2;
        last /= 2;
    }
    match (last == 0, then == *old_root && now == *root) {
        (false, _) => Err(ProofError::Length),
        (true, false) => Err(ProofError::Root),
        (true, true) => Ok(()),
    }
}
