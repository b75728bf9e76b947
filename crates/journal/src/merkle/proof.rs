//! Proofs made from stored tiles (RFC 6962, sections 2.1.1 and 2.1.2).

use std::collections::BTreeMap;

use super::tile::{MerkleError, TileId, shifted};
use super::tree::perfect;
use super::{empty_root, node_hash};
use crate::hash::Hash;

/// Proves that leaf `index` is in the tree of `size` leaves. `tile` gives a stored tile's bytes.
///
/// # Errors
/// A leaf outside the tree; a tile that is missing or of a wrong length.
pub fn inclusion_proof(
    index: u64,
    size: u64,
    tile: impl FnMut(TileId) -> Option<Vec<u8>>,
) -> Result<Vec<Hash>, MerkleError> {
    if index >= size {
        return Err(MerkleError::Outside { asked: index, size });
    }
    let mut tiles = Tiles::new(size, tile);
    let (mut start, mut end) = (0, size);
    let mut proof = Vec::new();
    while end - start > 1 {
        let middle = start + left_part(end - start);
        if index < middle {
            proof.push(tiles.root(middle, end)?);
            end = middle;
        } else {
            proof.push(tiles.root(start, middle)?);
            start = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// Proves that the tree of `size` leaves begins with the tree of `old` leaves.
///
/// # Errors
/// An old size beyond the new one; a tile that is missing or of a wrong length.
pub fn consistency_proof(
    old: u64,
    size: u64,
    tile: impl FnMut(TileId) -> Option<Vec<u8>>,
) -> Result<Vec<Hash>, MerkleError> {
    if old > size {
        return Err(MerkleError::Outside { asked: old, size });
    }
    if old == 0 || old == size {
        return Ok(Vec::new());
    }
    let mut tiles = Tiles::new(size, tile);
    let (mut start, mut end) = (0, size);
    let mut proof = Vec::new();
    while end != old {
        let middle = start + left_part(end - start);
        if old <= middle {
            proof.push(tiles.root(middle, end)?);
            end = middle;
        } else {
            proof.push(tiles.root(start, middle)?);
            start = middle;
        }
    }
    // The old root itself need not be told when the whole old tree is one subtree.
    if start > 0 {
        proof.push(tiles.root(start, end)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The root of the tree of `size` leaves from its stored tiles.
///
/// # Errors
/// A tile that is missing or of a wrong length.
pub fn root_at(size: u64, tile: impl FnMut(TileId) -> Option<Vec<u8>>) -> Result<Hash, MerkleError> {
    Tiles::new(size, tile).root(0, size)
}

/// The largest power of two below `n`, for `n` of at least 2.
fn left_part(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

struct Tiles<F> {
    size: u64,
    read: F,
    seen: BTreeMap<TileId, Vec<Hash>>,
}

impl<F: FnMut(TileId) -> Option<Vec<u8>>> Tiles<F> {
    fn new(size: u64, read: F) -> Self {
        Self { size, read, seen: BTreeMap::new() }
    }

    /// The root over the leaves from `start` to before `end`, where `start` is a multiple of the first subtree's width.
    fn root(&mut self, start: u64, end: u64) -> Result<Hash, MerkleError> {
        let mut parts = Vec::new();
        let mut at = start;
        while at < end {
            let fits = (end - at).ilog2();
            let height = if at == 0 { fits } else { fits.min(at.trailing_zeros()) };
            parts.push(self.node(height, shifted(at, height))?);
            at += 1 << height;
        }
        let root = parts.into_iter().rev().reduce(|right, left| node_hash(&left, &right));
        Ok(root.unwrap_or_else(empty_root))
    }

    /// The root of the perfect subtree of `2^height` leaves, the `index`-th of its height.
    fn node(&mut self, height: u32, index: u64) -> Result<Hash, MerkleError> {
        let level = u8::try_from(height / 8).unwrap_or(u8::MAX);
        let width = 1_usize << (height % 8);
        let first = index << (height % 8);
        let outside = MerkleError::Outside { asked: index, size: self.size };
        let id = TileId::holding(level, first, self.size).ok_or(outside.clone())?;
        if !self.seen.contains_key(&id) {
            let bytes = (self.read)(id).ok_or(MerkleError::Missing(id))?;
            self.seen.insert(id, id.hashes(&bytes)?);
        }
        let at = usize::try_from(first % 256).unwrap_or(usize::MAX);
        self.seen.get(&id).and_then(|row| row.get(at..at + width)).map(perfect).ok_or(outside)
    }
}
