//! Leases, and what the sealer writes under its lease.

use yanhe_core::{StreamId, Timestamp, Version};
use yanhe_store_read::{StoreError, Value};

use crate::driver::Failure;
use crate::plan::{Guards, Step};
use crate::timers::absurd;
use crate::{Writer, statements};

/// What one round of the sealer adds to the log.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// Name of the sealer's lease.
    pub lease: String,
    /// Who holds it.
    pub holder: String,
    /// Now: the lease must last beyond it.
    pub at: Timestamp,
    /// New leaves, numbered from the log's size without gaps.
    pub leaves: Vec<SealedLeaf>,
    /// Tiles that are new or became wider.
    pub tiles: Vec<SealedTile>,
    /// Leaves under the checkpoint.
    pub size: i64,
    /// Root hash.
    pub root: [u8; 32],
    /// The signed note.
    pub note: String,
}

/// A new leaf.
#[derive(Clone, Debug)]
pub struct SealedLeaf {
    /// Number.
    pub number: i64,
    /// Position of the entry, as `Reader::unsealed` gave it.
    pub position: i64,
    /// The stream.
    pub stream: StreamId,
    /// Its version.
    pub version: Version,
    /// Hash of the entry.
    pub hash: [u8; 32],
}

/// A tile, whole or partial.
#[derive(Clone, Debug)]
pub struct SealedTile {
    /// Level, from 0.
    pub level: i64,
    /// Number within the level.
    pub number: i64,
    /// How many hashes it holds.
    pub width: i64,
    /// The hashes.
    pub body: Vec<u8>,
}

/// Why a round was not written.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The lease ended or somebody else holds it.
    #[error("the lease is lost")]
    LeaseLost,
    /// A leaf, its number or the checkpoint is there already: read the log again.
    #[error("the log was changed meanwhile")]
    Changed,
    /// The database failed; nothing was written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

statements! {
    LEASE = "INSERT INTO lease (jurisdiction, name, holder, until) VALUES ($1, $2, $3, $5) \
             ON CONFLICT (jurisdiction, name) DO UPDATE SET holder = excluded.holder, until = excluded.until \
             WHERE lease.until <= $4 OR lease.until > $6 OR lease.holder = excluded.holder RETURNING 1";
    RELEASE = "DELETE FROM lease WHERE jurisdiction = $1 AND name = $2 AND holder = $3";
    // Inserts a null, and so raises, unless this holder's lease lasts; nobody takes it over before the round is written.
    HELD = "INSERT INTO guard (jurisdiction, stream, held) SELECT $1, 'lease', NULL WHERE NOT EXISTS (SELECT 1 FROM lease \
            WHERE jurisdiction = $1 AND name = $2 AND holder = $3 AND until > $4 /* shared */)";
    LEAF = "INSERT INTO leaf (jurisdiction, number, stream, version, hash) VALUES ($1, $2, $3, $4, $5)";
    UNSEALED_DROP = "DELETE FROM unsealed WHERE jurisdiction = $1 AND position = $2";
    TILE = "INSERT INTO tile (jurisdiction, level, number, width, body) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT (jurisdiction, level, number) DO UPDATE SET width = excluded.width, body = excluded.body";
    CHECKPOINT = "INSERT INTO checkpoint (jurisdiction, size, root, note, at) VALUES ($1, $2, $3, $4, $5)";
}

impl Writer {
    /// Takes or prolongs a lease until `until`. False when somebody else holds it beyond `now`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lease(&self, name: &str, holder: &str, now: Timestamp, until: Timestamp) -> Result<bool, StoreError> {
        let params = vec![self.shard(), name.into(), holder.into(), now.into(), until.into(), absurd(now).into()];
        Ok(!self.rows(&LEASE, params).await?.is_empty())
    }

    /// Gives a lease back before its end.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release(&self, name: &str, holder: &str) -> Result<(), StoreError> {
        self.rows(&RELEASE, vec![self.shard(), name.into(), holder.into()]).await.map(drop)
    }

    /// Writes a round of the sealer: leaves, tiles and checkpoint, all or nothing, only under its lease.
    ///
    /// # Errors
    /// See [`SealError`].
    pub async fn seal(&self, round: Sealed) -> Result<(), SealError> {
        const LOST: &str = "lease";
        let mut steps = vec![Step::guard(
            &HELD,
            vec![self.shard(), round.lease.into(), round.holder.into(), round.at.into()],
            LOST,
        )];
        for leaf in round.leaves {
            let params = vec![
                self.shard(),
                leaf.number.into(),
                (&leaf.stream).into(),
                leaf.version.into(),
                (&leaf.hash[..]).into(),
            ];
            steps.push(Step::guard(&LEAF, params, "leaf"));
            steps.push(Step::new(&UNSEALED_DROP, vec![self.shard(), leaf.position.into()]));
        }
        for tile in round.tiles {
            let params =
                vec![self.shard(), tile.level.into(), tile.number.into(), tile.width.into(), Value::Blob(tile.body)];
            steps.push(Step::new(&TILE, params));
        }
        let params =
            vec![self.shard(), round.size.into(), (&round.root[..]).into(), round.note.into(), round.at.into()];
        steps.push(Step::guard(&CHECKPOINT, params, "checkpoint"));
        match self.attempt(steps).await {
            Ok(_) => Ok(()),
            Err(Failure::Guard(Guards::Seen(what))) if what == LOST => Err(SealError::LeaseLost),
            Err(Failure::Guard(_)) => Err(SealError::Changed),
            Err(Failure::Store(error)) => Err(error.into()),
        }
    }
}
