//! Streams, their entries and the log over them.

use yanhe_core::{StreamId, Timestamp, Version};

use super::{Listing, Order, Page};
use crate::sql::{statements, view};
use crate::{Reader, Row, StoreError, Value};

view! {
    /// A stream as it stands.
    pub struct Stored {
        /// Its last version.
        version: Version,
        /// Hash of its last entry.
        hash: [u8; 32],
        /// The state, as the commit gave it.
        snapshot: Vec<u8>,
    }
}

view! {
    /// A stream's last version, without its state.
    pub struct HeadView {
        /// The stream.
        stream: StreamId,
        /// Its last version.
        version: Version,
        /// Hash of its last entry.
        hash: [u8; 32],
    }
}

view! {
    /// An entry of the journal with its place in the whole. The stream's name is text, so that a damaged one can be read.
    pub struct EntryView {
        /// Place among all entries of the jurisdiction. Rises, may have gaps.
        position: i64,
        /// The stream.
        stream: String,
        /// Its version.
        version: Version,
        /// When it was recorded, in microseconds.
        at: i64,
        /// Who acted.
        actor: String,
        /// Type name of the event.
        kind: String,
        /// Version of that type's body.
        body_version: i64,
        /// Canonical bytes, personal values sealed.
        body: Vec<u8>,
        /// Hash of the entry before, as stored (32 bytes unless damaged).
        prev: Vec<u8>,
        /// Hash of this entry, as stored (32 bytes unless damaged).
        hash: Vec<u8>,
    }
}

view! {
    /// An entry that has no leaf number yet.
    pub struct UnsealedView {
        /// Place among all entries.
        position: i64,
        /// The stream.
        stream: StreamId,
        /// Its version.
        version: Version,
        /// Hash of the entry.
        hash: [u8; 32],
    }
}

view! {
    /// What waits for a leaf number, as its commit noted it, whatever has become of the entry since.
    pub struct WaitingView {
        /// Place among all entries.
        position: i64,
        /// The stream.
        stream: String,
        /// Its version.
        version: Version,
    }
}

view! {
    /// A leaf of the log.
    pub struct LeafView {
        /// Number, from 0 without gaps.
        number: i64,
        /// The stream.
        stream: String,
        /// Its version.
        version: Version,
        /// Hash of the entry.
        hash: Vec<u8>,
    }
}

view! {
    /// A tile of the log.
    pub struct TileView {
        /// Level, from 0.
        level: i64,
        /// Number within the level.
        number: i64,
        /// How many hashes it holds: 256 when full.
        width: i64,
        /// The hashes.
        body: Vec<u8>,
    }
}

view! {
    /// A signed checkpoint.
    pub struct CheckpointView {
        /// Number of leaves under it.
        size: i64,
        /// Root hash.
        root: Vec<u8>,
        /// The signed note.
        note: String,
        /// When it was signed.
        at: Timestamp,
    }
}

statements! {
    LOAD = ["SELECT ", Stored::COLUMNS, " FROM head WHERE jurisdiction = $1 AND stream = $2"];
    VERSION = ["SELECT version FROM head WHERE jurisdiction = $1 AND stream = $2"];
    HEADS = [
        "SELECT ", HeadView::COLUMNS, ", stream FROM head WHERE jurisdiction = $1 AND stream > $2 ORDER BY stream LIMIT $3"
    ];
    ENTRIES_OF = [
        "SELECT ", EntryView::COLUMNS, " FROM event WHERE jurisdiction = $1 AND stream = $2 AND version > $3 ORDER BY version"
    ];
    ENTRIES = [
        "SELECT ", EntryView::COLUMNS,
        ", position FROM event WHERE jurisdiction = $1 AND position > $2 ORDER BY position LIMIT $3"
    ];
    ENTRIES_BY_STREAM = [
        "SELECT ", EntryView::COLUMNS,
        ", stream, version FROM event WHERE jurisdiction = $1 AND (stream, version) > ($2, $3) \
         ORDER BY stream, version LIMIT $4"
    ];
    ACTED = [
        "SELECT DISTINCT actor FROM event WHERE jurisdiction = $1 AND position > $2 AND actor LIKE 'staff/%'"
    ];
    ENTRY_COUNT = ["SELECT COUNT(*) FROM event WHERE jurisdiction = $1"];
    UNSEALED = [
        "SELECT ", UnsealedView::COLUMNS,
        " FROM unsealed JOIN event USING (jurisdiction, stream, version, position) \
         WHERE jurisdiction = $1 AND position <= $3 ORDER BY position LIMIT $2"
    ];
    WAITING = [
        "SELECT ", WaitingView::COLUMNS, " FROM unsealed WHERE jurisdiction = $1 ORDER BY position"
    ];
    LEAVES = [
        "SELECT ", LeafView::COLUMNS, ", number FROM leaf WHERE jurisdiction = $1 AND number > $2 ORDER BY number LIMIT $3"
    ];
    LEAF_OF = ["SELECT ", LeafView::COLUMNS, " FROM leaf WHERE jurisdiction = $1 AND stream = $2 AND version = $3"];
    LOG_SIZE = ["SELECT COALESCE(MAX(number), -1) + 1 FROM leaf WHERE jurisdiction = $1"];
    TILE = ["SELECT ", TileView::COLUMNS, " FROM tile WHERE jurisdiction = $1 AND level = $2 AND number = $3"];
    TILES = [
        "SELECT ", TileView::COLUMNS, " FROM tile WHERE jurisdiction = $1 AND level = $2 ORDER BY number"
    ];
    CHECKPOINT = ["SELECT ", CheckpointView::COLUMNS, " FROM checkpoint WHERE jurisdiction = $1 ORDER BY size DESC LIMIT 1"];
    CHECKPOINTS = [
        "SELECT ", CheckpointView::COLUMNS,
        ", size FROM checkpoint WHERE jurisdiction = $1 AND size > $2 ORDER BY size LIMIT $3"
    ];
}

impl Reader {
    /// A stream as it stands; `None` when it does not exist.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load(&self, stream: &StreamId) -> Result<Option<Stored>, StoreError> {
        self.one(&LOAD, vec![self.shard(), stream.into()]).await
    }

    /// A stream as it stands with its entries after a version, in order, both from one snapshot.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load_with_entries(
        &self,
        stream: &StreamId,
        after: Version,
    ) -> Result<Option<(Stored, Vec<EntryView>)>, StoreError> {
        use crate::waist::FromRow;
        let queries = vec![
            (&LOAD, vec![self.shard(), stream.into()]),
            (&ENTRIES_OF, vec![self.shard(), stream.into(), after.into()]),
        ];
        let mut answers = self.snapshot(queries).await?.into_iter();
        let head = answers.next().unwrap_or_default().into_iter().next().map(Stored::from_row).transpose()?;
        let entries = answers.next().unwrap_or_default().into_iter().map(EntryView::from_row);
        let entries: Vec<_> = entries.collect::<Result<_, _>>()?;
        Ok(head.map(|head| (head, entries)))
    }

    /// The entries of a stream after a version (0: all), in order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn entries_of(&self, stream: &StreamId, after: Version) -> Result<Vec<EntryView>, StoreError> {
        self.all(&ENTRIES_OF, vec![self.shard(), stream.into(), after.into()]).await
    }

    /// All entries of the jurisdiction, by position.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn entries(&self, page: &Page) -> Result<Listing<EntryView>, StoreError> {
        self.list(&ENTRIES, Vec::new(), Order::Number, page).await
    }

    /// The staff who acted after a position. Reads all entries after it: for acts that are rare.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn acted_after(&self, position: i64) -> Result<Vec<String>, StoreError> {
        self.query(&ACTED, vec![self.shard(), position.into()]).await?.into_iter().map(Row::only).collect()
    }

    /// The version of a stream; 0 when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn version(&self, stream: &StreamId) -> Result<Version, StoreError> {
        let row = self.query(&VERSION, vec![self.shard(), stream.into()]).await?.into_iter().next();
        row.map_or(Ok(0), Row::only)
    }

    /// How many entries the jurisdiction has.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn entry_count(&self) -> Result<u64, StoreError> {
        let row = self.query(&ENTRY_COUNT, vec![self.shard()]).await?.into_iter().next();
        Ok(row.map_or(Ok(0), crate::Row::only::<i64>)?.unsigned_abs())
    }

    /// All entries of the jurisdiction, stream by stream.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn entries_by_stream(&self, page: &Page) -> Result<Listing<EntryView>, StoreError> {
        self.list(&ENTRIES_BY_STREAM, Vec::new(), Order::TextNumber, page).await
    }

    /// All streams, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn heads(&self, page: &Page) -> Result<Listing<HeadView>, StoreError> {
        self.list(&HEADS, Vec::new(), Order::Text(0), page).await
    }

    /// Entries without a leaf number, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unsealed(&self, limit: u32) -> Result<Vec<UnsealedView>, StoreError> {
        self.all(&UNSEALED, vec![self.shard(), i64::from(limit).into(), i64::MAX.into()]).await
    }

    /// Entries that may be sealed now, oldest first: without a leaf number, and with none before them that is still to be
    /// committed. Waits for commits that have begun; none when one does not end.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sealable(&self, limit: u32) -> Result<Vec<UnsealedView>, StoreError> {
        self.settled(&UNSEALED, vec![self.shard(), i64::from(limit).into()]).await
    }

    /// What waits for a leaf number, by position, as its commit noted it: for verifying.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waiting(&self) -> Result<Vec<WaitingView>, StoreError> {
        self.all(&WAITING, vec![self.shard()]).await
    }

    /// The leaves of the log, by number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn leaves(&self, page: &Page) -> Result<Listing<LeafView>, StoreError> {
        self.list(&LEAVES, Vec::new(), Order::Number, page).await
    }

    /// The leaf of an entry; `None` while it is not sealed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn leaf_of(&self, stream: &StreamId, version: Version) -> Result<Option<LeafView>, StoreError> {
        self.one(&LEAF_OF, vec![self.shard(), stream.into(), version.into()]).await
    }

    /// How many leaves the log has: the next leaf's number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn log_size(&self) -> Result<i64, StoreError> {
        let row = self.query(&LOG_SIZE, vec![self.shard()]).await?.into_iter().next();
        row.map_or(Ok(0), crate::Row::only)
    }

    /// One tile.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tile(&self, level: i64, number: i64) -> Result<Option<TileView>, StoreError> {
        self.one(&TILE, vec![self.shard(), level.into(), number.into()]).await
    }

    /// All tiles of a level, by number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tiles(&self, level: i64) -> Result<Vec<TileView>, StoreError> {
        self.all(&TILES, vec![self.shard(), Value::Int(level)]).await
    }

    /// The latest checkpoint.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn checkpoint(&self) -> Result<Option<CheckpointView>, StoreError> {
        self.one(&CHECKPOINT, vec![self.shard()]).await
    }

    /// All checkpoints, by size.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn checkpoints(&self, page: &Page) -> Result<Listing<CheckpointView>, StoreError> {
        self.list(&CHECKPOINTS, Vec::new(), Order::Number, page).await
    }
}
