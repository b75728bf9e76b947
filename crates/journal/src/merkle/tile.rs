//! A tile: up to 256 neighbouring hashes of one level of the tree, with its path.

use crate::hash::Hash;

/// Hashes in a full tile.
pub const TILE_WIDTH: u16 = 256;

/// Which tile: its level, its place within the level, and how many hashes it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TileId {
    /// 0 holds leaf hashes; each hash on level `l + 1` is the root of a full tile on level `l`.
    pub level: u8,
    /// Counted from 0 within the level.
    pub index: u64,
    /// From 1 to 256; below 256 the tile is partial.
    pub width: u16,
}

/// A tile to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Which.
    pub id: TileId,
    /// Its hashes one after the other, 32 bytes each.
    pub bytes: Vec<u8>,
}

/// Why a tree cannot be read from its tiles.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MerkleError {
    /// A tile that the tree's size requires is not there.
    #[error("tile `{}` is missing", .0.path())]
    Missing(TileId),
    /// A tile has another length than its width says.
    #[error("tile `{}` has {} bytes", .0.path(), .1)]
    Length(TileId, usize),
    /// A leaf or size outside the tree was asked for.
    #[error("`{asked}` is outside a tree of size {size}")]
    Outside {
        /// The leaf or size.
        asked: u64,
        /// The size of the tree.
        size: u64,
    },
}

impl TileId {
    /// The path below the log's prefix, for example `tile/0/x001/x234/067` or `tile/1/000.p/17`.
    pub fn path(&self) -> String {
        let mut digits = format!("{:03}", self.index % 1000);
        let mut rest = self.index / 1000;
        while rest > 0 {
            digits = format!("x{:03}/{digits}", rest % 1000);
            rest /= 1000;
        }
        let partial = if self.width < TILE_WIDTH { format!(".p/{}", self.width) } else { String::new() };
        format!("tile/{}/{digits}{partial}", self.level)
    }

    /// Reads what [`TileId::path`] writes; `None` for anything else.
    pub fn parse(path: &str) -> Option<Self> {
        let (level, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let (digits, width) = match rest.split_once(".p/") {
            Some((digits, width)) => (digits, width.parse().ok()?),
            None => (rest, TILE_WIDTH),
        };
        let mut index: u64 = 0;
        for part in digits.split('/') {
            let part: u64 = part.strip_prefix('x').unwrap_or(part).parse().ok()?;
            index = index.checked_mul(1000)?.checked_add(part)?;
        }
        let id = Self { level: level.parse().ok()?, index, width };
        // One spelling only: leading zeroes, a width of 0 or 256, or a misplaced `x` are caught here.
        (id.level < 64 && id.width > 0 && id.path() == path).then_some(id)
    }

    /// The tile that holds the hash `index` of `level` in a tree of `size` leaves; `None` when the tree has no such hash.
    pub fn holding(level: u8, index: u64, size: u64) -> Option<Self> {
        let in_level = shifted(size, u32::from(level) * 8);
        let tile = index / u64::from(TILE_WIDTH);
        let left = in_level.checked_sub(tile * u64::from(TILE_WIDTH))?.min(u64::from(TILE_WIDTH));
        let width = u16::try_from(left).ok()?;
        (index < in_level).then_some(Self { level, index: tile, width })
    }

    /// The first `width` hashes of the stored bytes. A longer tile is taken too: a log may delete a partial tile once
    /// a wider one is there.
    ///
    /// # Errors
    /// Too few bytes, or not a multiple of 32.
    pub fn hashes(&self, bytes: &[u8]) -> Result<Vec<Hash>, MerkleError> {
        let (hashes, rest) = bytes.as_chunks::<32>();
        match hashes.get(..usize::from(self.width)) {
            Some(wanted) if rest.is_empty() && hashes.len() <= usize::from(TILE_WIDTH) => Ok(wanted.to_vec()),
            _ => Err(MerkleError::Length(*self, bytes.len())),
        }
    }
}

/// `n / 2^bits`, also when that is more bits than `n` has.
pub(super) fn shifted(n: u64, bits: u32) -> u64 {
    n.checked_shr(bits).unwrap_or(0)
}
