//! The part of the SQLite driver that readers and the writer share. For `store` only.

use std::path::Path;
use std::time::Duration;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::{Row, Statement, StoreError, Value, dialect};

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
    let mut prepared =
        connection.prepare_cached(statement.adapted.get_or_init(|| dialect::sqlite_parameters(&statement.sql)))?;
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
