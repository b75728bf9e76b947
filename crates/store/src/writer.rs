//! The handle to the one writer.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use yanhe_store_read::{Reader, Row, Statement, StoreError, Value};

use crate::commit::{Commit, CommitError, IdempotencyKey, Receipt};
use crate::driver::{Failure, Outcome, Target};
use crate::plan::{self, Guards, Step};

/// How long a commit waits for a server that went away: this, twice this, and so on, about six seconds together.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LAST_PAUSE: Duration = Duration::from_millis(3200);

/// A handle to the writer, bound to one jurisdiction. Cloning is cheap.
///
/// Whatever is answered with `Ok` is on disk and seen by every later read. Whatever is answered with an error was not
/// written, not even in part; only when the disk failed or the server went away ([`StoreError::is_in_doubt`]) nobody knows,
/// and the same key again says. Calls wait their turn; an abandoned call may still be written.
#[derive(Clone)]
pub struct Writer {
    jurisdiction: Arc<str>,
    target: Target,
    // For receipts, so that looking one up does not wait for the writer.
    reader: Reader,
    changes: watch::Receiver<u64>,
    news: Arc<watch::Sender<u64>>,
}

impl Writer {
    /// A writer over a started driver.
    pub(crate) fn of(target: Target, reader: Reader, changes: watch::Receiver<u64>) -> Self {
        let news = Arc::new(watch::channel(0).0);
        Self { jurisdiction: reader.jurisdiction().into(), target, reader, changes, news }
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

    /// A count that rises with every commit of this process, and, while [`Writer::follow`] runs, soon after those of others.
    pub fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// Lets [`Writer::news`] rise when another process has committed, for as long as that can be noticed.
    ///
    /// # Errors
    /// Why it cannot any more: begin again.
    pub async fn follow(&self) -> Result<(), StoreError> {
        let told = || self.news.send_modify(|n| *n += 1);
        self.target.follow(&self.reader, told).await
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
        let mut pause = FIRST_PAUSE;
        loop {
            return match self.attempt(steps.clone()).await {
                Ok(_) => {
                    self.tell(&commit);
                    Ok(Receipt(commit.receipt))
                }
                // The server went away, and nobody knows whether it had written. The receipt will say.
                Err(Failure::Store(StoreError::Unreachable(_))) if pause <= LAST_PAUSE => {
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                    continue;
                }
                Err(Failure::Store(error)) => Err(error.into()),
                Err(Failure::Guard(Guards::Seen(what))) => Err(CommitError::Conflict(what)),
                Err(Failure::Guard(Guards::Receipt)) => {
                    Err(match self.within(&commit.jurisdiction).receipt(&commit.key).await {
                        // Our own, written by a try whose answer was lost.
                        Ok(Some(receipt)) if pause > FIRST_PAUSE => return Ok(receipt),
                        Ok(Some(receipt)) => CommitError::Replayed(receipt),
                        // The group that held the first one failed after all: the next try will say.
                        Ok(None) => CommitError::Conflict(commit.key.key),
                        Err(error) => error,
                    })
                }
            };
        }
    }

    /// Is the database in the data directory, and not on a server?
    pub fn embedded(&self) -> bool {
        self.target.embedded()
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

    fn tell(&self, commit: &Commit) {
        if commit.parts.is_empty() {
            return;
        }
        self.news.send_modify(|n| *n += 1);
        self.target.tell(&commit.jurisdiction);
    }

    pub(crate) fn shard(&self) -> Value {
        Value::from(&*self.jurisdiction)
    }

    pub(crate) async fn attempt(&self, steps: Vec<Step>) -> Outcome {
        self.target.attempt(steps).await
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
