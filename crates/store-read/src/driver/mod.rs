//! The drivers, and for `store` the parts that writing shares with reading.

pub mod postgres;
mod replica;
pub mod sqlite;
mod tls;

use std::path::Path;

use crate::{Row, Statement, StoreError, Value};

/// A statement with its values.
pub type Query = (&'static Statement, Vec<Value>);

/// The rows of each query.
pub(crate) type Answer = Result<Vec<Vec<Row>>, StoreError>;

/// Where is read from.
#[derive(Clone)]
pub enum Source {
    /// The embedded database.
    Sqlite(sqlite::Readers),
    /// A server.
    Postgres(postgres::Server),
    /// A server that follows another one, which is asked instead while the first is away.
    Replica(replica::Replica),
    /// A server as it was at one moment.
    PostgresAt(postgres::Moment),
}

impl Source {
    /// Opens for reading what a writer has brought up to date before.
    pub(crate) async fn open(dir: &Path, server: Option<&str>) -> Result<Self, StoreError> {
        Ok(match server {
            Some(url) => Self::Postgres(postgres::Server::connect(url).await?),
            None => Self::Sqlite(sqlite::Readers::start(&dir.join(sqlite::FILE))?),
        })
    }

    /// Reads from a server that follows this one. It need not be there yet.
    pub(crate) fn beside(&self, url: &str) -> Result<Self, StoreError> {
        Ok(Self::Replica(replica::Replica::of(postgres::Server::lazily(url)?, self.clone())))
    }

    /// The same as it is now, whatever is written later.
    pub(crate) async fn frozen(&self) -> Result<Self, StoreError> {
        Ok(match self {
            Self::Sqlite(readers) => Self::Sqlite(readers.frozen()?),
            Self::Postgres(server) => Self::PostgresAt(server.moment().await?),
            // What it follows, since a follower may be behind.
            Self::Replica(replica) => Box::pin(replica.primary.frozen()).await?,
            Self::PostgresAt(moment) => Self::PostgresAt(moment.clone()),
        })
    }

    pub(crate) async fn snapshot(&self, queries: Vec<Query>) -> Answer {
        match self {
            Self::PostgresAt(moment) => moment.snapshot(queries).await,
            Self::Sqlite(readers) => readers.snapshot(queries).await,
            Self::Postgres(server) => server.snapshot(queries).await,
            Self::Replica(replica) => replica.snapshot(queries).await,
        }
    }

    /// The rows of a query whose last value is added here: the highest position below which nothing can come any more, as
    /// those rows then are. None while a commit that began earlier does not end.
    pub(crate) async fn settled(
        &self,
        jurisdiction: &str,
        (statement, mut params): Query,
    ) -> Result<Vec<Row>, StoreError> {
        match self {
            // There is one writer at a time: what is seen was committed in its order.
            Self::Sqlite(readers) => {
                params.push(i64::MAX.into());
                Ok(readers.snapshot(vec![(statement, params)]).await?.pop().unwrap_or_default())
            }
            Self::Postgres(server) => server.settled(jurisdiction, statement, params).await,
            Self::Replica(replica) => Box::pin(replica.primary.settled(jurisdiction, (statement, params))).await,
            // What is written meanwhile cannot be seen from there.
            Self::PostgresAt(_) => Ok(Vec::new()),
        }
    }

    pub(crate) async fn pulse(&self) -> Result<i64, StoreError> {
        match self {
            Self::Sqlite(readers) => readers.pulse(),
            Self::Postgres(server) => server.pulse().await,
            Self::Replica(replica) => Box::pin(replica.primary.pulse()).await,
            // Nothing moves there.
            Self::PostgresAt(_) => Ok(0),
        }
    }
}
