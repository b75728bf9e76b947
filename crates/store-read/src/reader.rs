//! The handle to the readers.

use std::path::Path;
use std::sync::Arc;

use crate::driver::{Query, Source};
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
        Self { jurisdiction: jurisdiction.into(), source }
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
        self.source.pulse().await
    }

    /// All rows of the queries, all from one snapshot.
    pub(crate) async fn snapshot(&self, queries: Vec<Query>) -> Result<Vec<Vec<Row>>, StoreError> {
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
