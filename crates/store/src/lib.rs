//! Writing: the commit, its driver, migrations, jobs and leases. With `store-read` the only crate with SQL.
//!
//! Read [`commit`] first (what is written at once), then [`plan`] (the statements it becomes), then [`Writer`].
//!
//! Every guard is a constraint that raises, never a row count looked at before:
//! a new stream is an insert into `head`; a moved one sets `head.version` to null, which may not be, when version or
//! hash is not what the decision saw; an entry's key is (jurisdiction, stream, version); a stream that was only read
//! is a checked insert into `guard`; a claim and a receipt are plain inserts. So another process, or later another
//! server, may write at the same time.

pub mod arrival;
pub mod commit;
mod driver;
pub mod fresh;
mod migrate;
mod outbox;
pub mod plan;
pub mod raw;
mod seal;
mod small;
mod tally;
mod timers;
mod writer;

use std::path::Path;

use tokio::sync::watch;

pub use outbox::TakenMessage;
pub use seal::{SealError, Sealed, SealedLeaf, SealedTile};
pub use small::{OneTimeCode, Session, Verdict};
pub use timers::DueJob;
pub use writer::Writer;
use yanhe_store_read::{Reader, Statement, StoreError};

/// Opens a database and brings it up to date: on a server when its URL is given, otherwise in the data directory, which
/// is created (0700) where it is missing. Both handles are bound to one jurisdiction (`within` gives others) and work
/// while other processes have it open.
///
/// # Errors
/// When the directory or the file cannot be made or read, the server cannot be reached or may lose what it wrote, the
/// database is damaged, or was written by a newer program.
pub async fn open(dir: &Path, server: Option<&str>, jurisdiction: &str) -> Result<(Writer, Reader), StoreError> {
    let (changed, changes) = watch::channel(0);
    let (target, source) = driver::Target::open(dir, server, changed).await?;
    let reader = Reader::of(source, jurisdiction);
    Ok((Writer::of(target, reader.clone(), changes), reader))
}

/// Every statement that writes, for the tests that prepare and explain them.
pub fn all_statements() -> Vec<&'static Statement> {
    let mut all =
        [plan::ALL, arrival::ALL, fresh::ALL, outbox::ALL, seal::ALL, small::ALL, tally::ALL, timers::ALL].concat();
    all.extend(plan::table_statements());
    all
}

/// Declares the statements of a module, and `ALL` with each of them for the tests.
macro_rules! statements {
    ($($name:ident = $sql:expr;)*) => {
        $(static $name: ::yanhe_store_read::Statement =
            ::yanhe_store_read::Statement::new(stringify!($name), $sql);)*
        pub(crate) static ALL: &[&::yanhe_store_read::Statement] = &[$(&$name),*];
    };
}
pub(crate) use statements;
