//! One change of the store as a value: all or nothing.

use yanhe_core::row::Tally;
use yanhe_core::{Cell, StreamId, Table, Timestamp, Version};
use yanhe_journal::Entry;

/// What one command writes. A commit is a value, so that SQLite can put many into one fsync and a test can hold one.
#[derive(Clone, Debug)]
pub struct Commit {
    /// The shard.
    pub jurisdiction: String,
    /// The repeat key, looked up again inside the transaction.
    pub key: IdempotencyKey,
    /// Streams that get entries.
    pub parts: Vec<Part>,
    /// Streams that must still be at a version, without getting entries.
    pub guards: Vec<Guard>,
    /// Wrapped keys of new persons, kept outside the journal.
    pub keys: Vec<WrappedKey>,
    /// Timers and follow-ups.
    pub jobs: Vec<JobChange>,
    /// Messages to send after the commit (the outbox).
    pub messages: Vec<Message>,
    /// What a repeat of the command is answered.
    pub receipt: String,
}

/// A repeat key, bound to actor and command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// As the form or the script gave it.
    pub key: String,
    /// Who gave it.
    pub actor: String,
    /// SHA-256 of the command's canonical JSON.
    pub command: Vec<u8>,
}

/// Entries for one stream.
#[derive(Clone, Debug)]
pub struct Part {
    /// The stream.
    pub stream: StreamId,
    /// The version it must have now; 0: it must not exist.
    pub expected: Version,
    /// New entries, already sealed and hashed: versions `expected + 1 ..`.
    pub entries: Vec<Entry>,
    /// The state after them, sealed, with the schema's hash.
    pub snapshot: Vec<u8>,
    /// Changes of the read model; cells are of the first four kinds only.
    pub rows: Vec<RowChange>,
}

/// A change of the read model whose cells are sealed and indexed.
#[derive(Clone, Debug)]
pub enum RowChange {
    /// Insert or replace by key.
    Put(&'static Table, Vec<Cell>),
    /// Delete by key.
    Delete(&'static Table, Vec<Cell>),
    /// Insert; there already: conflict.
    Claim(&'static Table, Vec<Cell>),
    /// Count an act once (by name, stream and mark) and append to the tallies.
    Tally(Tally),
}

/// A stream that must not have moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// The stream.
    pub stream: StreamId,
    /// The version it must have.
    pub version: Version,
}

/// The key of one person in one stream, wrapped by the master key `master`.
#[derive(Clone, Debug)]
pub struct WrappedKey {
    /// The stream.
    pub stream: StreamId,
    /// The person.
    pub person: String,
    /// Id of the key that wraps it.
    pub master: String,
    /// The wrapped bytes.
    pub wrapped: Vec<u8>,
}

/// A timer to set or forget. Upserted by (stream, name).
#[derive(Clone, Debug)]
pub enum JobChange {
    /// Run at or after `due`.
    Set {
        /// Stream whose timer it is.
        owner: StreamId,
        /// Name within the owner.
        name: String,
        /// When.
        due: Timestamp,
        /// Stream that gets the command.
        stream: StreamId,
        /// The command as JSON. It names streams, papers and days, never a personal value, so it is not sealed.
        command: Vec<u8>,
    },
    /// Forget.
    Cancel {
        /// Stream whose timer it is.
        owner: StreamId,
        /// Name within the owner.
        name: String,
    },
}

/// A message to somebody, in the outbox until a Messenger took it.
#[derive(Clone, Debug)]
pub struct Message {
    /// Id, unique.
    pub id: String,
    /// `sms` or `mail`.
    pub channel: String,
    /// Blind index of the address, to list a phone's messages.
    pub to_index: String,
    /// Recipient address and text, sealed.
    pub body: Vec<u8>,
    /// Stream it is about.
    pub about: StreamId,
    /// From when it goes out.
    pub at: Timestamp,
}

/// What became of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt(pub String);

/// Why a commit did not happen.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// A version, guard or claim did not hold: load again and decide again. Names what stood in the way.
    #[error("`{0}` was changed meanwhile")]
    Conflict(String),
    /// The same key and command was committed before: its receipt.
    #[error("done before")]
    Replayed(Receipt),
    /// The same key with another command or actor.
    #[error("the key `{0}` was used for another command")]
    KeyReused(String),
    /// The database failed; nothing was written.
    #[error(transparent)]
    Store(#[from] yanhe_store_read::StoreError),
}
