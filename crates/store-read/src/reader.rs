//! The handle to the readers.

use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use yanhe_core::StreamId;

use crate::driver::{Query, Source};
use crate::sql::TOGETHER;
use crate::waist::FromRow;
use crate::{Row, Statement, StoreError, Value};

/// A handle to the readers, bound to one jurisdiction. Cloning is cheap.
///
/// Each read sees one snapshot of the database: everything committed before it began, so also everything that a
/// writer has answered. Reads never wait for writers. The typed functions stand in [`crate::views`].
#[derive(Clone)]
pub struct Reader {
    jurisdiction: Arc<str>,
    source: Source,
    // Empty unless something is measured.
    recorded: Arc<OnceLock<Mutex<Vec<Query>>>>,
}

impl Reader {
    /// Reads a database that a writer has brought up to date before: on a server when its URL is given, otherwise in the
    /// data directory.
    ///
    /// # Errors
    /// When the file cannot be opened, or the server cannot be reached.
    pub async fn open(dir: &Path, server: Option<&str>, jurisdiction: &str) -> Result<Self, StoreError> {
        let source = Source::open(dir, server).await?;
        Ok(Self::of(source, jurisdiction))
    }

    /// The readers of a started driver (for `store`).
    pub fn of(source: Source, jurisdiction: &str) -> Self {
        Self { jurisdiction: jurisdiction.into(), source, recorded: Arc::default() }
    }

    /// The same readers for another jurisdiction.
    pub fn within(&self, jurisdiction: &str) -> Self {
        Self { jurisdiction: jurisdiction.into(), ..self.clone() }
    }

    /// The same, from a server that follows the one that is written to: what was answered a moment ago may not be seen
    /// yet. While it is away, the other one is read.
    ///
    /// # Errors
    /// When the URL is none.
    pub fn beside(&self, replica: &str) -> Result<Self, StoreError> {
        Ok(Self { source: self.source.beside(replica)?, ..self.clone() })
    }

    /// The same database as it is now: what is written later is not seen by any read of this one, however many there are.
    /// To be dropped soon, since the database keeps for it what it would throw away.
    ///
    /// # Errors
    /// When no further connection can be had.
    pub async fn frozen(&self) -> Result<Self, StoreError> {
        Ok(Self { source: self.source.frozen().await?, ..self.clone() })
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
        self.source.pulse().await
    }

    /// What was asked since the last time, for the benchmark, which asks it again without the program around it. The
    /// first call begins to record and gives nothing.
    pub fn recorded(&self) -> Vec<Query> {
        let recorded = self.recorded.get_or_init(Mutex::default);
        std::mem::take(&mut *recorded.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// All rows of the queries, all from one snapshot.
    pub(crate) async fn snapshot(&self, queries: Vec<Query>) -> Result<Vec<Vec<Row>>, StoreError> {
        if let Some(recorded) = self.recorded.get() {
            recorded.lock().unwrap_or_else(PoisonError::into_inner).extend(queries.iter().cloned());
        }
        self.source.snapshot(queries).await
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

    /// The same of a query whose last value is the position up to which nothing comes any more.
    pub(crate) async fn settled<T: FromRow>(
        &self,
        sql: &'static Statement,
        params: Vec<Value>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = self.source.settled(&self.jurisdiction, (sql, params)).await?;
        rows.into_iter().map(T::from_row).collect()
    }

    /// The first row of one query as a view.
    pub(crate) async fn one<T: FromRow>(
        &self,
        sql: &'static Statement,
        params: Vec<Value>,
    ) -> Result<Option<T>, StoreError> {
        self.query(sql, params).await?.into_iter().next().map(T::from_row).transpose()
    }

    /// The rows that a statement with [`crate::sql::AMONG`] gives for these streams.
    pub(crate) async fn among<T: FromRow>(
        &self,
        sql: &'static Statement,
        streams: &[StreamId],
    ) -> Result<Vec<T>, StoreError> {
        let queries = streams.chunks(TOGETHER).map(|some| {
            // The last one again fills the places that are left over.
            let last = some.last().into_iter().cycle();
            let streams = some.iter().chain(last).take(TOGETHER).map(Value::from);
            (sql, std::iter::once(self.shard()).chain(streams).collect())
        });
        self.snapshot(queries.collect()).await?.into_iter().flatten().map(T::from_row).collect()
    }

    /// The jurisdiction as the first parameter.
    pub(crate) fn shard(&self) -> Value {
        Value::from(&*self.jurisdiction)
    }
}
