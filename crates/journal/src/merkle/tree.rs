//! A growing tree, held by its right edge: what is needed to add leaves, and no more.

use super::tile::{MerkleError, TILE_WIDTH, Tile, TileId, shifted};
use super::{empty_root, node_hash};
use crate::hash::Hash;

/// A tree of `size` leaves. Holds at most 255 hashes a level, so its size in memory is bounded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// Per level the hashes of its last, partial tile; empty when the level ends with a full tile.
    edge: Vec<Vec<Hash>>,
}

impl Tree {
    /// The empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// The tree of `size` leaves from its stored partial tiles. `tile` gives a tile's bytes, and may give a wider tile
    /// of the same place.
    ///
    /// # Errors
    /// A tile that is missing or of a wrong length. Whether the tiles are the right ones is said by comparing
    /// [`Tree::root`] with a checkpoint.
    pub fn load(size: u64, mut tile: impl FnMut(TileId) -> Option<Vec<u8>>) -> Result<Self, MerkleError> {
        let mut edge = Vec::new();
        for level in 0..8_u8 {
            let in_level = shifted(size, u32::from(level) * 8);
            if in_level == 0 {
                break;
            }
            let last = in_level - 1;
            edge.push(match TileId::holding(level, last, size) {
                Some(id) if id.width < TILE_WIDTH => {
                    let bytes = tile(id).ok_or(MerkleError::Missing(id))?;
                    id.hashes(&bytes)?
                }
                _ => Vec::new(),
            });
        }
        Ok(Self { size, edge })
    }

    /// How many leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds leaves in order and gives the tiles to store: every tile that became full, and for each level that changed
    /// its last partial tile. Store them before a checkpoint of the new size is signed. Partial tiles of earlier sizes
    /// stay valid for their sizes.
    pub fn append(&mut self, leaves: &[Hash]) -> Vec<Tile> {
        let mut tiles = Vec::new();
        let mut touched = 0;
        for leaf in leaves {
            self.size += 1;
            let mut hash = *leaf;
            for level in 0.. {
                if self.edge.len() == level {
                    self.edge.push(Vec::new());
                }
                touched = touched.max(level + 1);
                let row = &mut self.edge[level];
                row.push(hash);
                if row.len() < usize::from(TILE_WIDTH) {
                    break;
                }
                let full = std::mem::take(row);
                let index = self.tiles_before(level) - 1;
                hash = perfect(&full);
                tiles.push(tile(level, index, &full));
            }
        }
        for level in 0..touched {
            if !self.edge[level].is_empty() {
                tiles.push(tile(level, self.tiles_before(level), &self.edge[level]));
            }
        }
        tiles
    }

    /// The root (RFC 6962, section 2.1).
    pub fn root(&self) -> Hash {
        // From the right: the smallest perfect subtree is the innermost right child.
        let mut root: Option<Hash> = None;
        for row in &self.edge {
            let mut end = row.len();
            while end > 0 {
                let width = 1 << end.trailing_zeros();
                let left = perfect(&row[end - width..end]);
                root = Some(root.map_or(left, |right| node_hash(&left, &right)));
                end -= width;
            }
        }
        root.unwrap_or_else(empty_root)
    }

    /// How many full tiles the level has.
    fn tiles_before(&self, level: usize) -> u64 {
        let bits = u32::try_from(level).map_or(u32::MAX, |level| (level + 1).saturating_mul(8));
        shifted(self.size, bits)
    }
}

/// The root over a power of two of hashes.
pub(super) fn perfect(hashes: &[Hash]) -> Hash {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        row = row.as_chunks::<2>().0.iter().map(|[left, right]| node_hash(left, right)).collect();
    }
    row.first().copied().unwrap_or_else(empty_root)
}

fn tile(level: usize, index: u64, hashes: &[Hash]) -> Tile {
    // INVARIANT: a tree of 2^64 leaves has 8 levels, and a row has at most 256 hashes.
    let level = u8::try_from(level).unwrap_or(u8::MAX);
    let width = u16::try_from(hashes.len()).unwrap_or(TILE_WIDTH);
    Tile { id: TileId { level, index, width }, bytes: hashes.concat() }
}
