//! What can be read, one file a noun. All are functions of [`crate::Reader`].

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE64URL_NOPAD;
use yanhe_core::policy::{Scope, ScopeKind};

use crate::waist::{Field, FromRow, Row, Value};
use crate::{Reader, Statement, StoreError};

pub mod carried;
pub mod confirmation;
pub mod dossier;
pub mod exact;
pub mod gram;
pub mod journal;
pub mod matter;
pub mod office;
pub mod paper;
pub mod party;
pub mod roster;
pub mod tally;
pub mod work;

/// What stands for no last day: after every real one. The indexes have the same expression.
pub(crate) const NO_DAY: &str = "9999-12-31";

/// Every statement, for the tests that prepare and explain them.
pub fn statements() -> Vec<&'static Statement> {
    [
        confirmation::ALL,
        dossier::ALL,
        gram::ALL,
        journal::ALL,
        matter::ALL,
        office::ALL,
        paper::ALL,
        party::ALL,
        roster::ALL,
        tally::ALL,
        work::ALL,
    ]
    .concat()
    .into_iter()
    .chain(carried::statements())
    .chain(exact::statements())
    .collect()
}

/// Text of a row that may belong to a person.
///
/// Stored as a blob whose first byte says what follows, so that a firm's open name and a human being's sealed one stand
/// in the same column.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kept {
    /// Open text (a firm, a public post).
    Open(String),
    /// Sealed bytes, as `app` made them.
    Sealed(Vec<u8>),
}

impl Kept {
    /// As it is stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (mark, bytes) = match self {
            Self::Open(text) => (0, text.as_bytes()),
            Self::Sealed(bytes) => (1, bytes.as_slice()),
        };
        [&[mark], bytes].concat()
    }

    /// Reads what [`Kept::to_bytes`] made; `None` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        match bytes.split_first()? {
            (0, text) => Some(Self::Open(String::from_utf8(text.to_vec()).ok()?)),
            (1, sealed) => Some(Self::Sealed(sealed.to_vec())),
            _ => None,
        }
    }
}

impl Field for Kept {
    fn read(value: Value) -> Option<Self> {
        Self::from_bytes(&Vec::read(value)?)
    }
}

/// Which part of a list is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Where the last page ended; `None`: from the start.
    pub after: Option<Cursor>,
    /// How many rows at most.
    pub limit: u32,
}

impl Page {
    /// The first rows.
    pub fn first(limit: u32) -> Self {
        Self { after: None, limit }
    }

    /// The rows of a list that goes by position, after one.
    pub fn since(position: i64, limit: u32) -> Self {
        Self { after: Some(Cursor(vec![Value::Int(position)])), limit }
    }

    /// The rows after a cursor.
    pub fn after(cursor: Cursor, limit: u32) -> Self {
        Self { after: Some(cursor), limit }
    }
}

/// The place of a row in its list, as opaque text for links. A cursor of one list is refused by another only when its
/// shape differs; it shows nothing that the list would not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(Vec<Value>);

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<serde_json::Value> = self
            .0
            .iter()
            .map(|value| match value {
                Value::Int(n) => (*n).into(),
                Value::Text(text) => text.as_str().into(),
                Value::Null | Value::Blob(_) => serde_json::Value::Null,
            })
            .collect();
        f.write_str(&BASE64URL_NOPAD.encode(serde_json::Value::Array(parts).to_string().as_bytes()))
    }
}

/// The text is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a place in a list")]
pub struct CursorError;

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| CursorError)?;
        let parts: Vec<serde_json::Value> = serde_json::from_slice(&bytes).map_err(|_| CursorError)?;
        let values = parts.into_iter().map(|part| match part {
            serde_json::Value::Number(n) => n.as_i64().map(Value::Int).ok_or(CursorError),
            serde_json::Value::String(text) => Ok(Value::Text(text)),
            _ => Err(CursorError),
        });
        Ok(Self(values.collect::<Result<_, _>>()?))
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next page begins; `None` when this was the last.
    pub next: Option<Cursor>,
}

/// Which keys the pages of a list are cut by, with what stands before the first.
pub(crate) enum Order {
    /// By time, latest first, then by one key.
    Latest,
    /// By date, latest first, then by one key.
    LatestDay,
    /// By one text, then by this many keys.
    Text(usize),
    /// By one number.
    Number,
    /// By one text, then by one number.
    TextNumber,
}

impl Order {
    fn start(&self) -> Vec<Value> {
        match self {
            Self::Latest => vec![Value::Int(i64::MAX), Value::from("")],
            Self::LatestDay => vec![Value::from(NO_DAY), Value::from("")],
            Self::Text(keys) => vec![Value::from(""); keys + 1],
            Self::Number => vec![Value::Int(i64::MIN)],
            Self::TextNumber => vec![Value::from(""), Value::Int(i64::MIN)],
        }
    }

    /// The keyset parameters of a page.
    pub(crate) fn from(&self, page: &Page) -> Result<Vec<Value>, StoreError> {
        let start = self.start();
        let Some(Cursor(values)) = &page.after else { return Ok(start) };
        let same = values.len() == start.len()
            && values.iter().zip(&start).all(|(a, b)| std::mem::discriminant(a) == std::mem::discriminant(b));
        same.then(|| values.clone()).ok_or_else(|| StoreError::Shape("a cursor of another list".into()))
    }
}

impl Reader {
    /// One page: `sql` takes the jurisdiction, `filters`, the keyset and the limit, and selects the columns of `T` and
    /// after them those of the keyset.
    pub(crate) async fn list<T: FromRow>(
        &self,
        sql: &'static Statement,
        filters: Vec<Value>,
        order: Order,
        page: &Page,
    ) -> Result<Listing<T>, StoreError> {
        self.list_with(sql, filters, order, page, Vec::new()).await
    }

    /// The same, with more values after the limit.
    pub(crate) async fn list_with<T: FromRow>(
        &self,
        sql: &'static Statement,
        filters: Vec<Value>,
        order: Order,
        page: &Page,
        more_values: Vec<Value>,
    ) -> Result<Listing<T>, StoreError> {
        let keys = order.from(page)?;
        let width = keys.len();
        let mut params = vec![self.shard()];
        params.extend(filters);
        params.extend(keys);
        // One more than asked for tells whether there is a next page.
        params.push(Value::Int(i64::from(page.limit) + 1));
        params.extend(more_values);
        let mut rows = self.query(sql, params).await?;
        let more = rows.len() > page.limit as usize;
        rows.truncate(page.limit as usize);
        let mut next = None;
        let mut views = Vec::with_capacity(rows.len());
        for Row(mut values) in rows {
            let keyset = values.split_off(values.len().saturating_sub(width));
            next = more.then_some(Cursor(keyset));
            views.push(T::from_row(Row(values))?);
        }
        Ok(Listing { rows: views, next })
    }
}

/// A scope as values for the statements: `None` when nothing may be listed.
pub(crate) struct Limits {
    pub(crate) organ: Option<String>,
    pub(crate) court: Option<String>,
    pub(crate) person: Option<String>,
}

impl Limits {
    pub(crate) fn of(scope: &Scope) -> Option<Self> {
        let mut limits = Self { organ: None, court: None, person: None };
        match scope.kind() {
            ScopeKind::All => {}
            ScopeKind::Organ(code) => limits.organ = Some(code.clone()),
            ScopeKind::Court(code) => limits.court = Some(code.clone()),
            ScopeKind::Person(person) => limits.person = Some(person.0.clone()),
            ScopeKind::Nothing => return None,
        }
        Some(limits)
    }

    /// Organ or court: the body that the rows must belong to.
    pub(crate) fn body(&self) -> Option<&String> {
        self.organ.as_ref().or(self.court.as_ref())
    }
}

/// What is asked for within a limit: `None` when they exclude each other, and so nothing can be listed.
pub(crate) fn within(limit: Option<&String>, asked: Option<&String>) -> Option<Option<String>> {
    match (limit, asked) {
        (Some(limit), Some(asked)) if limit != asked => None,
        (limit, asked) => Some(limit.or(asked).cloned()),
    }
}

/// The range of texts that begin with a prefix.
pub(crate) fn prefix(text: &str) -> [Value; 2] {
    [Value::from(text), Value::Text(format!("{text}\u{10FFFF}"))]
}

impl<T> Listing<T> {
    /// No rows.
    pub(crate) fn empty() -> Self {
        Self { rows: Vec::new(), next: None }
    }
}
