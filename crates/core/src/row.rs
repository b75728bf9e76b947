//! Rows of the read model as plain data; their SQL is made in `store`.

use crate::PersonId;

/// A table of the read model. Its SQL key is always `jurisdiction` followed by `key`.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// Name in the database.
    pub name: &'static str,
    /// Key columns after `jurisdiction`.
    pub key: &'static [&'static str],
    /// The other columns.
    pub columns: &'static [&'static str],
}

/// One value of a row. `store` sees only the first four: `app` seals and indexes the others.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// No value.
    Null,
    /// A number, a time in microseconds, or 0/1.
    Int(i64),
    /// Open text, or a civil date as ISO text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
    /// Open text in a column that may also hold sealed text: a firm's name beside human beings'.
    Open(String),
    /// Text that belongs to a person, stored sealed.
    Sealed(PersonId, String),
    /// Text of which only the keyed blind index is stored (text); `None` is null. The first part names what it is, so
    /// that a phone never equals an ID number.
    Index(&'static str, String),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<i64> for Cell {
    fn from(n: i64) -> Self {
        Self::Int(n)
    }
}
impl From<bool> for Cell {
    fn from(b: bool) -> Self {
        Self::Int(i64::from(b))
    }
}
impl From<jiff::civil::Date> for Cell {
    fn from(date: jiff::civil::Date) -> Self {
        Self::Text(date.to_string())
    }
}
impl From<jiff::Timestamp> for Cell {
    fn from(at: jiff::Timestamp) -> Self {
        Self::Int(at.as_microsecond())
    }
}
impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
impl From<&crate::Personal<String>> for Cell {
    fn from(value: &crate::Personal<String>) -> Self {
        value.open().map_or(Self::Null, |text| Self::Sealed(value.of.clone(), text.clone()))
    }
}

/// What a stream does to the read model, beside its events and in the same commit.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Insert or replace the row with this key. Cells are key first, then columns, in the table's order.
    Put(&'static Table, Vec<Cell>),
    /// Remove the row with this key, if there.
    Delete(&'static Table, Vec<Cell>),
    /// Insert a row that must not exist yet: a uniqueness guard. A second one is a conflict.
    Claim(&'static Table, Vec<Cell>),
    /// Add to a count and remember the act behind it.
    Tally(Tally),
}

/// One act counted on the boards.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// What is counted, for example `letters`.
    pub name: &'static str,
    /// Organ code.
    pub organ: String,
    /// `civil`, `administrative` or empty.
    pub kind: String,
    /// When the act took place.
    pub date: jiff::civil::Date,
    /// What distinguishes the act within its stream: the same name, stream and mark count once.
    pub mark: String,
    /// 1, or -1 when a correction takes the act back.
    pub by: i64,
}
