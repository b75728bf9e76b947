//! A connection of its own, for work that goes over everything and belongs to nobody's request: one transaction from its
//! beginning to its end, or fresh tables that stand before the real ones until they take their place.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use yanhe_store_read::driver::postgres::{self as server, Server};
use yanhe_store_read::driver::sqlite as file;
use yanhe_store_read::{Row, Statement, StoreError, Value};

use super::sqlite;
use crate::migrate;
use crate::plan::Step;

/// The embedded database's fresh tables lie in a file beside it, so that they may be larger than memory.
const SCRATCH: &str = "rebuild.sqlite3";

/// Whoever goes over everything may take long, and nobody must wait long for him.
const PATIENT: &str =
    "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '60s'";

/// The connection.
pub(crate) enum Link {
    /// To the embedded database.
    Sqlite(Arc<Mutex<Connection>>),
    /// To a server.
    Postgres(Box<server::Client>),
}

/// A table that is made anew: its name and its key after the jurisdiction.
pub(crate) type FreshTable = (&'static str, &'static [&'static str]);

impl Link {
    /// A connection to a database, which is brought up to date.
    pub(crate) async fn open(dir: &Path, url: Option<&str>) -> Result<Self, StoreError> {
        match url {
            Some(url) => Self::to_server(url).await,
            None => {
                let path = dir.join(file::FILE);
                blocking(move || Ok(Self::Sqlite(Arc::new(Mutex::new(sqlite::connect(&path)?))))).await
            }
        }
    }

    /// The same with empty tables of these names in front of the real ones: what is written goes to them.
    pub(crate) async fn with_fresh(
        dir: &Path,
        url: Option<&str>,
        tables: &'static [FreshTable],
    ) -> Result<Self, StoreError> {
        if let Some(url) = url {
            let link = Self::to_server(url).await?;
            for (name, key) in tables {
                // Temporary tables are looked for first.
                link.command(format!(
                    "CREATE TEMPORARY TABLE {name} (LIKE {name} INCLUDING DEFAULTS); \
                     ALTER TABLE pg_temp.{name} ADD PRIMARY KEY (jurisdiction, {})",
                    key.join(", ")
                ))
                .await?;
            }
            return Ok(link);
        }
        let (scratch, real) = (dir.join(SCRATCH), dir.join(file::FILE));
        blocking(move || {
            drop(sqlite::connect(&real)?);
            scratch_with(&scratch, &real, tables).map(|connection| Self::Sqlite(Arc::new(Mutex::new(connection))))
        })
        .await
    }

    async fn to_server(url: &str) -> Result<Self, StoreError> {
        let server = Server::connect(url).await?;
        migrate::of_postgres(&server).await?;
        let link = Self::Postgres(Box::new(server.client().await?));
        link.command(PATIENT.to_owned()).await?;
        Ok(link)
    }

    /// What stands before the name of a real table while fresh ones are in front of them.
    pub(crate) async fn real(&self) -> Result<String, StoreError> {
        match self {
            Self::Sqlite(_) => Ok("county".to_owned()),
            Self::Postgres(client) => {
                let row = client.query_one("SELECT current_schema()::text", &[]).await.map_err(server::fault)?;
                Ok(row.get(0))
            }
        }
    }

    /// Begins a transaction beside which nobody else writes to these tables, given in the order in which a commit takes
    /// them.
    pub(crate) async fn begin_alone(&self, tables: &[String]) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => self.command("BEGIN IMMEDIATE".to_owned()).await,
            Self::Postgres(_) => {
                self.command(format!("BEGIN; LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", tables.join(", "))).await
            }
        }
    }

    /// Begins a transaction that holds from the first to the last of a long work.
    pub(crate) async fn begin(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => self.command("BEGIN IMMEDIATE".to_owned()).await,
            Self::Postgres(_) => self.command("BEGIN".to_owned()).await,
        }
    }

    /// Ends a transaction: what it wrote is there.
    pub(crate) async fn commit(&self) -> Result<(), StoreError> {
        self.command("COMMIT".to_owned()).await
    }

    /// Ends a transaction: what it wrote is not there.
    pub(crate) async fn rollback(&self) -> Result<(), StoreError> {
        self.command("ROLLBACK".to_owned()).await
    }

    /// Positions up to this one are taken, by entries that did not get them here.
    pub(crate) async fn positions_taken(&self, highest: i64) -> Result<(), StoreError> {
        match self {
            // The next one is counted from the entries.
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(_) => {
                let sql = "SELECT setval('event_position_number', GREATEST($1, last_value)) FROM event_position_number";
                self.once(sql.to_owned(), vec![highest.max(1).into()]).await.map(drop)
            }
        }
    }

    /// Statements without values or rows.
    pub(crate) async fn command(&self, sql: String) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => {
                let connection = connection.clone();
                blocking(move || held(&connection).execute_batch(&sql).map_err(file::fault)).await
            }
            Self::Postgres(client) => client.batch_execute(&sql).await.map_err(server::fault),
        }
    }

    /// One statement, made for this occasion.
    pub(crate) async fn once(&self, sql: String, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let statement = Statement::made("once", sql);
        match self {
            Self::Sqlite(connection) => {
                let connection = connection.clone();
                blocking(move || file::run(&held(&connection), &statement, &params).map_err(file::fault)).await
            }
            Self::Postgres(client) => server::run(client, &statement, &params).await.map_err(server::fault),
        }
    }

    /// Many statements, one after the other; the first that fails ends it.
    pub(crate) async fn run(&self, steps: Vec<Step>) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => {
                let connection = connection.clone();
                blocking(move || {
                    let connection = held(&connection);
                    steps.iter().try_for_each(|step| {
                        file::run(&connection, step.statement, &step.params).map(drop).map_err(file::fault)
                    })
                })
                .await
            }
            Self::Postgres(client) => {
                let parts: Vec<(&Statement, &[Value])> =
                    steps.iter().map(|step| (step.statement, step.params.as_slice())).collect();
                server::many(client, &parts).await.map_err(server::fault)
            }
        }
    }
}

/// A scratch file in front of the database: unqualified names are looked for in it first.
fn scratch_with(scratch: &Path, real: &Path, tables: &[FreshTable]) -> Result<Connection, StoreError> {
    remove(scratch)?;
    let connection = file::connect(scratch, true)?;
    // Nothing in it outlives this connection.
    connection.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF").map_err(file::fault)?;
    let real = real.to_string_lossy().into_owned();
    connection.execute("ATTACH DATABASE ?1 AS county", [real]).map_err(file::fault)?;
    connection.execute_batch("PRAGMA county.synchronous = FULL").map_err(file::fault)?;
    for (name, _) in tables {
        let sql = "SELECT sql FROM county.sqlite_schema WHERE type = 'table' AND name = ?1";
        let made: String = connection.query_row(sql, [name], |row| row.get(0)).map_err(file::fault)?;
        connection.execute_batch(&made).map_err(file::fault)?;
    }
    Ok(connection)
}

/// Removes the scratch file of a directory, where one was left.
pub(crate) fn clear(dir: &Path) {
    // One that stays is removed by the next.
    let _ = remove(&dir.join(SCRATCH));
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::Disk(error.to_string())),
        _ => Ok(()),
    }
}

fn held(connection: &Mutex<Connection>) -> std::sync::MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Closed)?
}
