//! The drivers that write, behind one value.

pub(crate) mod link;
pub(crate) mod postgres;
pub(crate) mod sqlite;

use std::fs::DirBuilder;
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use yanhe_store_read::driver::{self as reading, Source};
use yanhe_store_read::{Reader, Row, StoreError};

use crate::migrate;
use crate::plan::{Guards, Step};

/// How often an embedded database is asked whether another process has written.
const PULSE: Duration = Duration::from_secs(1);

/// Rows of each step, or why nothing was written.
pub(crate) type Outcome = Result<Vec<Vec<Row>>, Failure>;

/// Why nothing was written.
#[derive(Clone, Debug)]
pub(crate) enum Failure {
    /// The constraint behind this guard raised.
    Guard(Guards),
    /// The database failed.
    Store(StoreError),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Where is written to.
#[derive(Clone)]
pub(crate) enum Target {
    /// The writer's thread of the embedded database.
    Sqlite(mpsc::Sender<sqlite::Work>),
    /// A server.
    Postgres(postgres::Writing),
}

impl Target {
    /// Opens for writing, brings up to date, and gives where to read from.
    pub(crate) async fn open(
        dir: &Path,
        server: Option<&str>,
        changed: watch::Sender<u64>,
    ) -> Result<(Self, Source), StoreError> {
        if let Some(url) = server {
            let server = reading::postgres::Server::connect(url).await?;
            migrate::of_postgres(&server).await?;
            let writing = postgres::Writing::new(server.clone(), changed);
            return Ok((Self::Postgres(writing), Source::Postgres(server)));
        }
        let dir = dir.to_owned();
        let started = tokio::task::spawn_blocking(move || {
            DirBuilder::new().recursive(true).mode(0o700).create(&dir).map_err(directory)?;
            sqlite::start(&dir.join(reading::sqlite::FILE), changed)
        });
        let (queue, readers) = started.await.map_err(|_| StoreError::Closed)??;
        Ok((Self::Sqlite(queue), Source::Sqlite(readers)))
    }

    /// Is it in the data directory?
    pub(crate) fn embedded(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// Lets other processes know that something was committed. An embedded database needs no telling.
    pub(crate) fn tell(&self, jurisdiction: &str) {
        if let Self::Postgres(writing) = self {
            writing.tell(jurisdiction);
        }
    }

    /// Says when another process has committed, once at the beginning too, until that cannot be noticed any more.
    pub(crate) async fn follow(&self, reader: &Reader, told: impl Fn()) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => {
                let mut last = reader.pulse().await?;
                told();
                loop {
                    tokio::time::sleep(PULSE).await;
                    let now = reader.pulse().await?;
                    if now != last {
                        last = now;
                        told();
                    }
                }
            }
            Self::Postgres(writing) => writing.hear(reader.jurisdiction(), told).await,
        }
    }

    /// All steps or none.
    pub(crate) async fn attempt(&self, steps: Vec<Step>) -> Outcome {
        match self {
            Self::Sqlite(queue) => {
                let (answer, waiting) = oneshot::channel();
                queue.send(sqlite::Work { steps, answer }).await.map_err(|_| StoreError::Closed)?;
                waiting.await.map_err(|_| StoreError::Closed)?
            }
            Self::Postgres(server) => server.attempt(steps).await,
        }
    }
}

fn directory(error: std::io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full,
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly,
        _ => StoreError::Disk(error.to_string()),
    }
}
