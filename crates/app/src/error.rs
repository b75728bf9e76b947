//! What can go wrong in a use case. Few kinds, each with what the reader needs.

use std::io::ErrorKind;

use yanhe_core::{Refusal, StreamId, Version};
use yanhe_papers::PaperError;
use yanhe_store::commit::CommitError;
use yanhe_store_read::StoreError;

/// Why a command was not carried out. Nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The law or the program's rules say no, with the reason.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// This actor may not do this to that.
    #[error("not allowed")]
    Denied,
    /// There is no such thing, or it is not for this actor's eyes.
    #[error("not found")]
    NotFound,
    /// It was changed since the actor saw it: what was decided was decided on something else.
    #[error("`{stream}` was changed after version {seen}")]
    Stale {
        /// What was changed.
        stream: StreamId,
        /// The version that was seen.
        seen: Version,
    },
    /// Somebody else changed it meanwhile, three times in a row.
    #[error("`{0}` was changed meanwhile")]
    Conflict(String),
    /// The repeat key was used for another command.
    #[error("the key `{0}` was used for another command")]
    KeyReused(String),
    /// A paper could not be made.
    #[error(transparent)]
    Paper(#[from] PaperError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file or key could not be read or written.
    #[error("`{path}`: {error}")]
    File {
        /// Which.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// The program itself is at fault: it panicked, or made what cannot be written. Nothing is said about what was asked.
    #[error("a fault of the program: {0}")]
    Broken(String),
    /// The journal holds something that this program cannot read.
    #[error("stream `{stream}` cannot be read: {problem}")]
    Unreadable {
        /// Which.
        stream: String,
        /// Why.
        problem: String,
    },
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<CommitError> for AppError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict(what) => Self::Conflict(what),
            CommitError::KeyReused(key) => Self::KeyReused(key),
            CommitError::Store(error) => Self::Store(error),
            // INVARIANT: handle answers a replay before it becomes an error.
            CommitError::Replayed(receipt) => Self::Conflict(receipt.0),
        }
    }
}

/// An IO error with the path it happened at; a disk without room, or that cannot be written, is what it is for the database.
pub fn file_error(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> AppError + '_ {
    move |error| match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full.into(),
        ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly.into(),
        _ => AppError::File { path: path.display().to_string(), error },
    }
}
