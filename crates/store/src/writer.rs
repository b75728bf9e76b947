//! The handle to the one writer.

use std::path::Path;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};
use yanhe_store_read::{Reader, Row, Statement, StoreError, Value};

use crate::commit::{Commit, CommitError, IdempotencyKey, Receipt};
use crate::plan::{self, Guards, Step};
use crate::sqlite::{self, Failure, GROUP, Outcome, Work};

/// A handle to the writer, bound to one jurisdiction. Cloning is cheap.
///
/// Whatever is answered with `Ok` is on disk and seen by every later read. Whatever is answered with an error was not
/// written, not even in part. Calls wait their turn; an abandoned call may still be written.
#[derive(Clone)]
pub struct Writer {
    jurisdiction: Arc<str>,
    queue: mpsc::Sender<Work>,
    // For receipts, so that looking one up does not wait for the writer.
    reader: Reader,
    changes: watch::Receiver<u64>,
}

impl Writer {
    /// Starts the writer, and the readers of what it writes.
    pub(crate) fn start(file: &Path, jurisdiction: &str) -> Result<(Self, Reader), StoreError> {
        let connection = sqlite::connect(file)?;
        let (queue, waiting) = mpsc::channel(4 * GROUP);
        let (changed, changes) = watch::channel(0);
        let reader = Reader::start(file, jurisdiction)?;
        let file = file.to_owned();
        std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || sqlite::serve(connection, file, waiting, changed))
            .map_err(|error| StoreError::Other(error.to_string()))?;
        Ok((Self { jurisdiction: jurisdiction.into(), queue, reader: reader.clone(), changes }, reader))
    }

    /// The same writer for another jurisdiction.
    pub fn within(&self, jurisdiction: &str) -> Self {
        Self { jurisdiction: jurisdiction.into(), reader: self.reader.within(jurisdiction), ..self.clone() }
    }

    /// A count that rises with every group this process has written. Writes of other processes show in
    /// `Reader::pulse`.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.clone()
    }

    /// Writes a commit: all of it or nothing, on disk when answered.
    ///
    /// # Errors
    /// [`CommitError::Conflict`] when a version, guard or claim does not hold: load again and decide again.
    /// [`CommitError::Replayed`] when the same key, actor and command were committed before.
    /// [`CommitError::KeyReused`] when the key belongs to another command or actor.
    /// [`CommitError::Store`] when the database fails or the commit contradicts itself.
    pub async fn commit(&self, commit: Commit) -> Result<Receipt, CommitError> {
        let steps = plan::steps(&commit)?;
        match self.attempt(steps).await {
            Ok(_) => Ok(Receipt(commit.receipt)),
            Err(Failure::Store(error)) => Err(error.into()),
            Err(Failure::Guard(Guards::Seen(what))) => Err(CommitError::Conflict(what)),
            Err(Failure::Guard(Guards::Receipt)) => {
                Err(match self.within(&commit.jurisdiction).receipt(&commit.key).await {
                    Ok(Some(receipt)) => CommitError::Replayed(receipt),
                    // The group that held the first one failed after all: the next try will say.
                    Ok(None) => CommitError::Conflict(commit.key.key),
                    Err(error) => error,
                })
            }
        }
    }

    /// What the same key, actor and command were answered before; `None` when the key is new.
    ///
    /// # Errors
    /// [`CommitError::KeyReused`] when the key belongs to another command or actor.
    pub async fn receipt(&self, key: &IdempotencyKey) -> Result<Option<Receipt>, CommitError> {
        let Some(found) = self.reader.receipt(&key.key).await? else { return Ok(None) };
        if found.actor == key.actor && found.command == key.command {
            Ok(Some(Receipt(found.receipt)))
        } else {
            Err(CommitError::KeyReused(key.key.clone()))
        }
    }

    pub(crate) fn shard(&self) -> Value {
        Value::from(&*self.jurisdiction)
    }

    pub(crate) async fn attempt(&self, steps: Vec<Step>) -> Outcome {
        let (answer, waiting) = oneshot::channel();
        let closed = || Failure::Store(StoreError::Closed);
        self.queue.send(Work { steps, answer }).await.map_err(|_| closed())?;
        waiting.await.map_err(|_| closed())?
    }

    /// Steps that no guard can stop.
    pub(crate) async fn run(&self, steps: Vec<Step>) -> Result<Vec<Vec<Row>>, StoreError> {
        self.attempt(steps).await.map_err(|failure| match failure {
            Failure::Store(error) => error,
            Failure::Guard(guards) => StoreError::Other(format!("{guards:?}")),
        })
    }

    /// One step that no guard can stop.
    pub(crate) async fn rows(&self, sql: &'static Statement, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        Ok(self.run(vec![Step::new(sql, params)]).await?.pop().unwrap_or_default())
    }
}
