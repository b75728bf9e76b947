//! The readers: threads with a connection each, behind one handle.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::waist::FromRow;
use crate::{Row, Statement, StoreError, Value, driver};

/// How many connections read at once.
pub const READERS: usize = 4;

type Answer = Result<Vec<Vec<Row>>, StoreError>;

struct Ask {
    queries: Vec<(&'static Statement, Vec<Value>)>,
    answer: oneshot::Sender<Answer>,
}

/// A handle to the readers, bound to one jurisdiction. Cloning is cheap.
///
/// Each read sees one snapshot of the database: everything committed before it began, so also everything that a
/// writer has answered. Reads never wait for writers. The typed functions stand in [`crate::views`].
#[derive(Clone)]
pub struct Reader {
    pub(crate) jurisdiction: Arc<str>,
    asks: Sender<Ask>,
    pulses: Sender<oneshot::Sender<Result<i64, StoreError>>>,
}

impl Reader {
    /// Starts the readers of a database that a writer has opened before (for `store`).
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn start(file: &Path, jurisdiction: &str) -> Result<Self, StoreError> {
        let (asks, receiver) = channel::<Ask>();
        let receiver = Arc::new(Mutex::new(receiver));
        for n in 0..READERS {
            let connection = read_only(file)?;
            let receiver = Arc::clone(&receiver);
            thread(format!("reader-{n}"), move || serve(&connection, &receiver))?;
        }
        let (pulses, waiting) = channel::<oneshot::Sender<Result<i64, StoreError>>>();
        let connection = read_only(file)?;
        thread("pulse".to_owned(), move || {
            for answer in waiting {
                let version = connection.query_row("PRAGMA data_version", [], |row| row.get(0));
                // Nobody waits any more: nothing to do.
                let _ = answer.send(version.map_err(driver::fault));
            }
        })?;
        Ok(Self { jurisdiction: jurisdiction.into(), asks, pulses })
    }

    /// The same readers for another jurisdiction.
    pub fn within(&self, jurisdiction: &str) -> Self {
        Self { jurisdiction: jurisdiction.into(), ..self.clone() }
    }

    /// The jurisdiction that is read.
    pub fn jurisdiction(&self) -> &str {
        &self.jurisdiction
    }

    /// A number that differs from the last one asked for when anybody, also another process, has written meanwhile.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pulse(&self) -> Result<i64, StoreError> {
        let (answer, waiting) = oneshot::channel();
        self.pulses.send(answer).map_err(|_| StoreError::Closed)?;
        waiting.await.map_err(|_| StoreError::Closed)?
    }

    /// All rows of the queries, all from one snapshot.
    pub(crate) async fn snapshot(&self, queries: Vec<(&'static Statement, Vec<Value>)>) -> Answer {
        let (answer, waiting) = oneshot::channel();
        self.asks.send(Ask { queries, answer }).map_err(|_| StoreError::Closed)?;
        waiting.await.map_err(|_| StoreError::Closed)?
    }

    /// All rows of one query.
    pub(crate) async fn query(
        &self,
        statement: &'static Statement,
        params: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        Ok(self.snapshot(vec![(statement, params)]).await?.pop().unwrap_or_default())
    }

    /// All rows of one query as views.
    pub(crate) async fn all<T: FromRow>(
        &self,
        sql: &'static Statement,
        params: Vec<Value>,
    ) -> Result<Vec<T>, StoreError> {
        self.query(sql, params).await?.into_iter().map(T::from_row).collect()
    }

    /// The first row of one query as a view.
    pub(crate) async fn one<T: FromRow>(
        &self,
        sql: &'static Statement,
        params: Vec<Value>,
    ) -> Result<Option<T>, StoreError> {
        self.query(sql, params).await?.into_iter().next().map(T::from_row).transpose()
    }

    /// The jurisdiction as the first parameter.
    pub(crate) fn shard(&self) -> Value {
        Value::from(&*self.jurisdiction)
    }
}

fn thread(name: String, work: impl FnOnce() + Send + 'static) -> Result<(), StoreError> {
    let started = std::thread::Builder::new().name(name).spawn(work);
    started.map(drop).map_err(|error| StoreError::Other(error.to_string()))
}

fn read_only(file: &Path) -> Result<Connection, StoreError> {
    let connection = driver::connect(file, false)?;
    // The file is opened for writing because readers share the WAL index; this forbids writing all the same.
    connection.execute_batch("PRAGMA query_only = ON").map_err(driver::fault)?;
    Ok(connection)
}

fn serve(connection: &Connection, asks: &Mutex<Receiver<Ask>>) {
    loop {
        let Ok(Ok(ask)) = asks.lock().map(|receiver| receiver.recv()) else { return };
        // Nobody waits any more: nothing to do.
        let _ = ask.answer.send(answer(connection, &ask.queries));
    }
}

fn answer(connection: &Connection, queries: &[(&'static Statement, Vec<Value>)]) -> Answer {
    let rows = |(statement, params): &(&'static Statement, Vec<Value>)| {
        driver::run(connection, statement, params).map_err(driver::fault)
    };
    if let [one] = queries {
        return Ok(vec![rows(one)?]);
    }
    let transaction = connection.unchecked_transaction().map_err(driver::fault)?;
    let answers = queries.iter().map(rows).collect();
    // Only reads: ending it either way loses nothing.
    let _ = transaction.finish();
    answers
}
