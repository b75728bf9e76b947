//! SQLite: what readers and the writer share, and the readers' threads.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use tokio::sync::Semaphore;

use super::{Answer, Query};
use crate::{Row, Statement, StoreError, Value};

/// Name of the database file in the data directory.
pub const FILE: &str = "yanhe.sqlite3";

/// How long a statement waits for another process.
pub const BUSY: Duration = Duration::from_secs(10);

/// Opens a connection. The caller sets what a writer needs beside this.
///
/// # Errors
/// When the file cannot be opened, or is no database.
pub fn connect(path: &Path, create: bool) -> Result<Connection, StoreError> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if create {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let connection = Connection::open_with_flags(path, flags).map_err(fault)?;
    connection.busy_timeout(BUSY).map_err(fault)?;
    connection.set_prepared_statement_cache_capacity(256);
    connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cache_size = -8000").map_err(fault)?;
    Ok(connection)
}

/// Runs a statement to its end and gives its rows.
///
/// # Errors
/// As SQLite gives them; [`fault`] and [`is_refusal`] sort them.
pub fn run(connection: &Connection, statement: &Statement, params: &[Value]) -> Result<Vec<Row>, rusqlite::Error> {
    let mut prepared = connection.prepare_cached(statement.for_sqlite())?;
    for (i, value) in params.iter().enumerate() {
        match value {
            Value::Null => prepared.raw_bind_parameter(i + 1, rusqlite::types::Null)?,
            Value::Int(n) => prepared.raw_bind_parameter(i + 1, n)?,
            Value::Text(text) => prepared.raw_bind_parameter(i + 1, text)?,
            Value::Blob(bytes) => prepared.raw_bind_parameter(i + 1, bytes)?,
        }
    }
    let width = prepared.column_count();
    let mut rows = prepared.raw_query();
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let mut values = Vec::with_capacity(width);
        for i in 0..width {
            values.push(match row.get_ref(i)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(n) => Value::Int(n),
                ValueRef::Real(x) => return Err(rusqlite::Error::IntegralValueOutOfRange(i, x as i64)),
                ValueRef::Text(text) => Value::Text(std::str::from_utf8(text)?.to_owned()),
                ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
            });
        }
        out.push(Row(values));
    }
    Ok(out)
}

/// Was it a constraint that raised: a guard that did not hold? A value of the wrong type is a fault, no refusal.
pub fn is_refusal(error: &rusqlite::Error) -> bool {
    matches!(error, rusqlite::Error::SqliteFailure(e, _)
        if e.code == ErrorCode::ConstraintViolation && e.extended_code != rusqlite::ffi::SQLITE_CONSTRAINT_DATATYPE)
}

/// What an error of SQLite means to us.
pub fn fault(error: rusqlite::Error) -> StoreError {
    let text = error.to_string();
    let Some(code) = error.sqlite_error_code() else { return StoreError::Other(text) };
    match code {
        ErrorCode::DiskFull => StoreError::Full,
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => StoreError::ReadOnly,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Corrupt(text),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy,
        ErrorCode::SystemIoFailure | ErrorCode::CannotOpen => StoreError::Disk(text),
        _ => StoreError::Other(text),
    }
}

/// How many connections read at once.
pub const READERS: usize = 4;

/// The readers: connections that whoever asks reads with, on the thread that asks.
///
/// A question takes some tens of microseconds, less than waking another thread and being woken by it.
#[derive(Clone)]
pub struct Readers {
    connections: Arc<Connections>,
    /// Asks for news, always the same one: the number it gives is its own. None where nothing moves.
    pulse: Option<Arc<Mutex<Connection>>>,
    file: Arc<Path>,
}

struct Connections {
    free: Mutex<Vec<Connection>>,
    /// One permit for each of them.
    turns: Semaphore,
}

impl Connections {
    fn of(connections: Vec<Connection>) -> Arc<Self> {
        Arc::new(Self { turns: Semaphore::new(connections.len()), free: Mutex::new(connections) })
    }

    fn free(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Readers {
    /// Opens the connections to a database that a writer has opened before.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn start(file: &Path) -> Result<Self, StoreError> {
        let connections = (0..READERS).map(|_| read_only(file)).collect::<Result<Vec<_>, _>>()?;
        let pulse = Some(Arc::new(Mutex::new(read_only(file)?)));
        Ok(Self { connections: Connections::of(connections), pulse, file: file.into() })
    }

    /// One reader that sees the database as it is now until it is dropped.
    pub(crate) fn frozen(&self) -> Result<Self, StoreError> {
        let connection = read_only(&self.file)?;
        // What is seen is fixed by the first read of a transaction.
        let begin = "BEGIN; SELECT COUNT(*) FROM migration";
        connection.execute_batch(begin).map_err(fault)?;
        Ok(Self { connections: Connections::of(vec![connection]), pulse: None, file: self.file.clone() })
    }

    pub(crate) fn pulse(&self) -> Result<i64, StoreError> {
        let Some(pulse) = &self.pulse else { return Ok(0) };
        let connection = pulse.lock().unwrap_or_else(PoisonError::into_inner);
        connection.query_row("PRAGMA data_version", [], |row| row.get(0)).map_err(fault)
    }

    pub(crate) async fn snapshot(&self, queries: Vec<Query>) -> Answer {
        let _turn = self.connections.turns.acquire().await.map_err(|_| StoreError::Closed)?;
        // INVARIANT: as many permits as connections, each put back before its permit.
        let connection = self.connections.free().pop().expect("a free connection");
        let answer = answer(&connection, &queries);
        self.connections.free().push(connection);
        answer
    }
}

fn read_only(file: &Path) -> Result<Connection, StoreError> {
    let connection = connect(file, false)?;
    // The file is opened for writing because readers share the WAL index; this forbids writing all the same.
    connection.execute_batch("PRAGMA query_only = ON").map_err(fault)?;
    Ok(connection)
}

fn answer(connection: &Connection, queries: &[Query]) -> Answer {
    let rows = |(statement, params): &Query| run(connection, statement, params).map_err(fault);
    if let [one] = queries {
        return Ok(vec![rows(one)?]);
    }
    if !connection.is_autocommit() {
        // All of it is one transaction.
        return queries.iter().map(rows).collect();
    }
    let transaction = connection.unchecked_transaction().map_err(fault)?;
    let answers = queries.iter().map(rows).collect();
    // Only reads: ending it either way loses nothing.
    let _ = transaction.finish();
    answers
}
