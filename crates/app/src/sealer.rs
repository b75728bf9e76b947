//! The sealer: gives entries their leaf numbers, grows the Merkle tree and signs a checkpoint (docs/format.md).
//!
//! One sealer at a time, by lease. What is to be sealed comes from the table of unsealed entries, never from "all after
//! the last position"; and what another writer may still commit at a lower position is waited for, so that leaves are
//! numbered in the order of positions.

use std::collections::HashMap;

use data_encoding::HEXLOWER;
use jiff::ToSpan;
use yanhe_core::Timestamp;
use yanhe_journal::merkle::{TILE_WIDTH, TileId, Tree};
use yanhe_journal::{Checkpoint, Hash, NoteSigner, checkpoint};
use yanhe_store::{SealError, Sealed, SealedLeaf, SealedTile};
use yanhe_store_read::Reader;
use yanhe_store_read::views::journal::UnsealedView;

use crate::App;
use crate::error::AppError;
use crate::keys::Keyring;
use crate::settings;

/// Name of the lease.
const LEASE: &str = "sealer";
/// Entries of one round: a round is one transaction and must not keep commands waiting for long.
const ROUND: u32 = 2_000;

/// What stands before the time in a checkpoint's own line.
const AT: &str = "at ";

/// The line of a checkpoint that says when it was signed, in microseconds.
fn at(now: Timestamp) -> String {
    format!("{AT}{}", now.as_microsecond())
}

/// When a checkpoint was signed, by its own line; earlier programs wrote none.
pub fn signed_at(checkpoint: &Checkpoint) -> Option<i64> {
    checkpoint.extensions.iter().find_map(|line| line.strip_prefix(AT)?.parse().ok())
}

/// Name of a jurisdiction's log, and of the key that signs it.
pub fn origin(jurisdiction: &str) -> String {
    format!("yanhe/{jurisdiction}")
}

/// The signer of a jurisdiction's log.
pub(crate) fn signer(jurisdiction: &str, keys: &Keyring) -> Result<NoteSigner, AppError> {
    NoteSigner::new(&origin(jurisdiction), keys.log_secret()).map_err(|e| broken(jurisdiction, &e))
}

fn broken(jurisdiction: &str, problem: &dyn std::fmt::Display) -> AppError {
    AppError::Unreadable { stream: origin(jurisdiction), problem: problem.to_string() }
}

impl App {
    /// The log's public key as a text of the note format, to be told to everybody who verifies.
    ///
    /// # Errors
    /// When the jurisdiction's name cannot name a key.
    pub fn log_key(&self) -> Result<String, AppError> {
        Ok(signer(&self.pack.jurisdiction.code, &self.keys)?.verifier().to_string())
    }

    /// Seals everything that is not sealed yet; gives how many entries were. Zero also when another sealer is at work.
    ///
    /// # Errors
    /// When the database fails, or when the stored tree does not give the root of the last checkpoint: then nothing is
    /// signed, since a log must never sign two histories.
    pub async fn seal_once(&self) -> Result<usize, AppError> {
        self.seal_rounds(ROUND).await
    }

    /// The same with this many entries in a round: more at once where no command waits.
    pub(crate) async fn seal_rounds(&self, most: u32) -> Result<usize, AppError> {
        if self.reader.unsealed(1).await?.is_empty() {
            return Ok(0);
        }
        let seed = self.entropy.seed("sealer");
        let holder = format!("{}-{}", std::process::id(), HEXLOWER.encode(&seed[..8]));
        let mut sealed = 0;
        loop {
            let now = self.clock.now();
            let until = now.checked_add(1.minute()).unwrap_or(Timestamp::MAX);
            if !self.writer.lease(LEASE, &holder, now, until).await? {
                return Ok(sealed);
            }
            let entries = self.reader.sealable(most).await?;
            if entries.is_empty() {
                self.writer.release(LEASE, &holder).await?;
                return Ok(sealed);
            }
            let count = entries.len();
            let round = self.round(entries, &holder, now).await?;
            match self.writer.seal(round).await {
                Ok(()) => sealed += count,
                // Somebody else seals.
                Err(SealError::LeaseLost | SealError::Changed) => return Ok(sealed),
                Err(SealError::Store(error)) => return Err(error.into()),
            }
        }
    }

    async fn round(&self, entries: Vec<UnsealedView>, holder: &str, now: Timestamp) -> Result<Sealed, AppError> {
        let jurisdiction = self.pack.jurisdiction.code.as_str();
        let signer = signer(jurisdiction, &self.keys)?;
        self.writer.swap_setting(settings::LOG_KEY, None, &signer.verifier().to_string()).await?;
        let first = self.reader.log_size().await?;
        let mut tree = stored_tree(&self.reader, first).await?;
        let last = self.reader.checkpoint().await?;
        let (size, root) = last.map_or((0, Tree::new().root().to_vec()), |c| (c.size, c.root));
        if size != first || tree.root().as_slice() != root {
            return Err(broken(jurisdiction, &"the stored tree does not give the root of the last checkpoint"));
        }
        let hashes: Vec<Hash> = entries.iter().map(|entry| entry.hash).collect();
        let tiles = tree.append(&hashes);
        let text = Checkpoint {
            origin: origin(jurisdiction),
            size: tree.size(),
            root: tree.root(),
            extensions: vec![at(now)],
        };
        Ok(Sealed {
            lease: LEASE.to_owned(),
            holder: holder.to_owned(),
            at: now,
            leaves: (first..)
                .zip(entries)
                .map(|(number, entry)| SealedLeaf {
                    number,
                    position: entry.position,
                    stream: entry.stream,
                    version: entry.version,
                    hash: entry.hash,
                })
                .collect(),
            tiles: tiles
                .into_iter()
                .map(|tile| SealedTile {
                    level: i64::from(tile.id.level),
                    number: signed(tile.id.index),
                    width: i64::from(tile.id.width),
                    body: tile.bytes,
                })
                .collect(),
            size: signed(tree.size()),
            root: tree.root(),
            note: checkpoint::sign(&text, &signer).map_err(|e| broken(jurisdiction, &e))?,
        })
    }
}

/// The tree of `size` leaves from its stored tiles: only the partial ones on the right edge are read.
async fn stored_tree(reader: &Reader, size: i64) -> Result<Tree, AppError> {
    let size = u64::try_from(size).unwrap_or(0);
    let mut stored = HashMap::new();
    for level in 0..8_u8 {
        let in_level = size.checked_shr(u32::from(level) * 8).unwrap_or(0);
        let Some(id) = in_level.checked_sub(1).and_then(|last| TileId::holding(level, last, size)) else { break };
        if id.width < TILE_WIDTH
            && let Some(tile) = reader.tile(i64::from(level), signed(id.index)).await?
        {
            stored.insert((id.level, id.index), tile.body);
        }
    }
    Tree::load(size, |id| stored.get(&(id.level, id.index)).cloned()).map_err(|e| broken(reader.jurisdiction(), &e))
}

fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
