//! A county in one file: to move it to another database or machine, and to keep it against loss.
//!
//! The journal is what is in it, with what stands beside it and cannot be made from it; rows are made anew where it
//! arrives. So the same file goes from one database to the other. The keys of the directory are never in it.

mod arrive;
mod cipher;
mod container;
mod leave;

use std::path::Path;

use serde::{Deserialize, Serialize};
use yanhe_store_read::StoreError;

use crate::error::AppError;
use crate::keys;
use crate::ports::Entropy;

pub use arrive::{Place, arrive};
pub use leave::leave;

/// The layout of the file: another layout has another name.
const FORMAT: &str = "yanhe-archive/1";

/// What is left behind, and what becomes of it: said whenever a file is written.
pub const LOST: &[&str] = &[
    "the keys of the directory (master, index, log): never in a file; bring them over on another way",
    "who is signed in, and one-time codes: people sign in again",
    "leases, and counts of wrong tries: begun anew",
];

/// What a file is, as its first member says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The layout.
    pub format: String,
    /// Whose journal it holds.
    pub jurisdiction: String,
    /// When it was written, in microseconds since 1970.
    pub at: i64,
    /// Entries of the journal.
    pub entries: u64,
}

/// What was written or read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// Whose journal it is.
    pub jurisdiction: String,
    /// Streams.
    pub streams: u64,
    /// Entries of the journal.
    pub entries: u64,
    /// Stored files.
    pub files: u64,
    /// The digest over the heads of all streams, as `verify` prints it.
    pub heads: String,
    /// Are personal values closed here, since the keys are elsewhere?
    pub locked: bool,
}

/// Why a file was not written or read. Nothing was stored then.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// There is a file of this name.
    #[error("`{0}` exists already")]
    Exists(String),
    /// The directory holds something.
    #[error("`{0}` is not empty: a county arrives in a new place")]
    NotEmpty(String),
    /// It is another kind of file.
    #[error("`{0}` is no archive and no backup")]
    NotAnArchive(String),
    /// It was written by a program that knows more.
    #[error("the layout `{0}` is not known to this program")]
    Unknown(String),
    /// A member is not as it was written.
    #[error("the file is torn or was altered at `{0}`; nothing was stored")]
    Altered(String),
    /// It is sealed, and no key was given.
    #[error("`{0}` is sealed: say with which key by --backup-key")]
    Sealed(String),
    /// It was sealed with another key.
    #[error("the key does not open `{0}`")]
    WrongKey(String),
    /// The keys are those of another directory.
    #[error("the keys in `{0}` are not those that this county was written with")]
    OtherKeys(String),
    /// A file cannot be read or written.
    #[error("`{path}`: {error}")]
    File {
        /// Which.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// What else failed.
    #[error(transparent)]
    App(#[from] AppError),
}

impl ArchiveError {
    /// An IO error at a path.
    fn file(path: &Path) -> impl Fn(std::io::Error) -> Self + use<> {
        let path = path.display().to_string();
        move |error| Self::File { path: path.clone(), error }
    }
}

impl From<StoreError> for ArchiveError {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

/// The key that seals backups: 32 bytes in a file of their own, which is made (0600) when it is asked for and missing.
///
/// # Errors
/// When the file cannot be read or made, or has another length.
pub fn backup_key(path: &Path, make: Option<&dyn Entropy>) -> Result<[u8; 32], ArchiveError> {
    if make.is_none() && !path.exists() {
        let error = std::io::Error::from(std::io::ErrorKind::NotFound);
        return Err(ArchiveError::File { path: path.display().to_string(), error });
    }
    Ok(keys::key(path, make.unwrap_or(&crate::ports::SystemEntropy))?)
}
