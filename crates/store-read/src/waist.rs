//! The narrow waist: four kinds of values, rows of them, and statements in one portable text.

use std::borrow::Cow;
use std::sync::OnceLock;

use yanhe_core::{Date, PersonId, StreamId, Timestamp};

use crate::{StoreError, dialect};

/// A value as every database holds it. There is no other kind.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Value {
    /// No value.
    Null,
    /// A number, a time in microseconds, or 0/1.
    Int(i64),
    /// Text, or a civil date as ISO text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// A statement in the portable text: parameters `$1..$n`, no dialect.
#[derive(Debug)]
pub struct Statement {
    /// Name, for plans and error messages.
    pub name: &'static str,
    /// Text.
    pub sql: Cow<'static, str>,
    // The text as each database is given it, made at the first use.
    sqlite: OnceLock<String>,
    postgres: OnceLock<String>,
}

impl Statement {
    /// A constant statement.
    pub const fn new(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql: Cow::Borrowed(sql), sqlite: OnceLock::new(), postgres: OnceLock::new() }
    }

    /// A statement made from a table's description.
    pub const fn made(name: &'static str, sql: String) -> Self {
        Self { name, sql: Cow::Owned(sql), sqlite: OnceLock::new(), postgres: OnceLock::new() }
    }

    /// The text for SQLite.
    pub fn for_sqlite(&self) -> &str {
        self.sqlite.get_or_init(|| dialect::sqlite(&self.sql))
    }

    /// The text for PostgreSQL.
    pub fn for_postgres(&self) -> &str {
        self.postgres.get_or_init(|| dialect::postgres(&self.sql))
    }
}

/// One row of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// The cells, to be taken one after the other.
    pub fn into_cells(self) -> Cells {
        Cells { values: self.0.into_iter(), taken: 0 }
    }

    /// The first cell.
    ///
    /// # Errors
    /// [`StoreError::Shape`] when there is none, or it is of another kind.
    pub fn only<T: Field>(self) -> Result<T, StoreError> {
        self.into_cells().take()
    }
}

/// Cells of a row that are still to be taken.
pub struct Cells {
    values: std::vec::IntoIter<Value>,
    taken: usize,
}

impl Cells {
    /// The next cell.
    ///
    /// # Errors
    /// [`StoreError::Shape`] when there is none, or it is of another kind.
    pub fn take<T: Field>(&mut self) -> Result<T, StoreError> {
        let column = self.taken;
        self.taken += 1;
        let value = self.values.next().ok_or_else(|| StoreError::Shape(format!("no column {column}")))?;
        T::read(value).ok_or_else(|| StoreError::Shape(format!("column {column}")))
    }
}

/// Something that a whole row is.
pub trait FromRow: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// [`StoreError::Shape`] when a cell is missing or of another kind.
    fn from_row(row: Row) -> Result<Self, StoreError>;
}

/// Something that a cell is.
pub trait Field: Sized {
    /// Reads it; `None` when the cell is of another kind.
    fn read(value: Value) -> Option<Self>;
}

impl Field for i64 {
    fn read(value: Value) -> Option<Self> {
        match value {
            Value::Int(n) => Some(n),
            _ => None,
        }
    }
}
/// No value reads as empty text.
impl Field for String {
    fn read(value: Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text),
            Value::Null => Some(String::new()),
            _ => None,
        }
    }
}
/// No value reads as false.
impl Field for bool {
    fn read(value: Value) -> Option<Self> {
        match value {
            Value::Int(n) => Some(n != 0),
            Value::Null => Some(false),
            _ => None,
        }
    }
}
impl Field for Vec<u8> {
    fn read(value: Value) -> Option<Self> {
        match value {
            Value::Blob(bytes) => Some(bytes),
            _ => None,
        }
    }
}
impl Field for [u8; 32] {
    fn read(value: Value) -> Option<Self> {
        Vec::read(value)?.try_into().ok()
    }
}
impl Field for Date {
    fn read(value: Value) -> Option<Self> {
        match value {
            Value::Text(text) => text.parse().ok(),
            _ => None,
        }
    }
}
impl Field for Timestamp {
    fn read(value: Value) -> Option<Self> {
        Timestamp::from_microsecond(i64::read(value)?).ok()
    }
}
impl Field for StreamId {
    fn read(value: Value) -> Option<Self> {
        match value {
            Value::Text(text) => StreamId::parse(&text),
            _ => None,
        }
    }
}
impl Field for PersonId {
    fn read(value: Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(PersonId(text)),
            _ => None,
        }
    }
}
/// No value, and empty text where `T` is something else than text, read as `None`.
impl<T: Field> Field for Option<T> {
    fn read(value: Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            Value::Text(text) if text.is_empty() => Some(T::read(Value::Text(text))),
            value => T::read(value).map(Some),
        }
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Self::Int(n)
    }
}
impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Self::Int(i64::from(b))
    }
}
impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}
impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Blob(bytes)
    }
}
impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Blob(bytes.to_vec())
    }
}
impl From<&StreamId> for Value {
    fn from(stream: &StreamId) -> Self {
        Self::Text(stream.as_str().to_owned())
    }
}
impl From<&PersonId> for Value {
    fn from(person: &PersonId) -> Self {
        Self::Text(person.0.clone())
    }
}
impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::Text(date.to_string())
    }
}
impl From<Timestamp> for Value {
    fn from(at: Timestamp) -> Self {
        Self::Int(at.as_microsecond())
    }
}
impl<T> From<Option<T>> for Value
where
    Value: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
