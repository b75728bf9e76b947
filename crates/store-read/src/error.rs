//! What can go wrong with the database itself.

/// The database did not do what it was asked. Nothing of the failed change was stored, unless it is
/// [in doubt](StoreError::is_in_doubt).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The disk or the quota is full.
    #[error("no space left for the database")]
    Full,
    /// The file or its directory may not be written.
    #[error("the database is read-only")]
    ReadOnly,
    /// The file is not a database, or damaged.
    #[error("the database is damaged: {0}")]
    Corrupt(String),
    /// Another process kept the database longer than the wait.
    #[error("the database is busy")]
    Busy,
    /// Reading or writing the disk failed.
    #[error("the disk failed: {0}")]
    Disk(String),
    /// The database was written by a newer program.
    #[error("the database has migration {found}, this program knows {known}")]
    Newer {
        /// Highest migration in the database.
        found: i64,
        /// Highest migration of this program.
        known: i64,
    },
    /// A value is not of the kind that its column or view has. A fault of the program.
    #[error("unexpected value: {0}")]
    Shape(String),
    /// The connection to the server was lost, or there is none to be had.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// The server may lose what it said was written: it is not used.
    #[error("the database server has `{setting}` = `{found}`; set it to `on`, or an answer could be lost in a crash")]
    Careless {
        /// The setting.
        setting: &'static str,
        /// What it is.
        found: String,
    },
    /// The driver's threads have ended.
    #[error("the database is closed")]
    Closed,
    /// Anything else.
    #[error("database: {0}")]
    Other(String),
}

impl StoreError {
    /// May the change be stored after all? A failed sync says nothing about what reached the disk, and a lost connection
    /// nothing about what the server did. The same repeat key again is answered by the receipt, if there is one.
    pub fn is_in_doubt(&self) -> bool {
        matches!(self, Self::Disk(_) | Self::Unreachable(_) | Self::Closed)
    }
}
