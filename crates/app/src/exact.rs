//! The rows that are kept for reading, held against what the events amount to.

use std::collections::BTreeMap;

use yanhe_core::{Cell, Change, StreamId, Table, tables};
use yanhe_store_read::views::exact::Exact;
use yanhe_store_read::{Kept, Reader, Value};

use crate::error::AppError;
use crate::sealing::StreamKeys;

/// How many rows of each table the streams seen so far amount to.
#[derive(Default)]
pub struct Expected {
    tables: BTreeMap<&'static str, i64>,
    acts: i64,
}

/// A row by table and key, as the key is stored.
type Place = (&'static str, Vec<Value>);

impl Expected {
    /// Are the rows of a stream those that its changes amount to? What they are is counted in any case.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn holds(
        &mut self,
        reader: &Reader,
        stream: &StreamId,
        changes: Vec<Change>,
        keys: &StreamKeys,
    ) -> Result<bool, AppError> {
        let mut rows: BTreeMap<Place, (&'static Table, Vec<Cell>)> = BTreeMap::new();
        let mut acts = BTreeMap::new();
        for change in changes {
            match change {
                Change::Put(table, cells) | Change::Claim(table, cells) => {
                    let Some(key) = keys.stored_key(table, &cells) else { continue };
                    rows.insert((table.name, key), (table, cells));
                }
                Change::Delete(table, cells) => {
                    let Some(key) = keys.stored_key(table, &cells) else { continue };
                    rows.remove(&(table.name, key));
                }
                // The first of its mark counts.
                Change::Tally(act) => {
                    acts.entry((act.name, act.mark.clone())).or_insert(act);
                }
            }
        }
        let mut asked = Vec::with_capacity(rows.len() + acts.len());
        for ((name, key), (table, _)) in &rows {
            *self.tables.entry(name).or_insert(0) += 1;
            asked.push(Exact::Row(table, key.clone()));
        }
        for (name, mark) in acts.keys() {
            self.acts += 1;
            asked.push(Exact::Act(name, stream.as_str().to_owned(), mark.clone()));
        }
        if asked.is_empty() {
            return Ok(true);
        }
        let mut found = reader.exact(asked).await?.into_iter();
        let right = rows.into_values().all(|(_, cells)| match found.next() {
            Some(Some(values)) => {
                values.len() == cells.len() && cells.iter().zip(&values).all(|(cell, value)| keys.is(cell, value))
            }
            _ => false,
        });
        let counted = acts.into_values().all(|act| {
            let wanted = [act.organ.into(), act.kind.into(), act.date.into(), act.by.into()];
            matches!(found.next(), Some(Some(values)) if values == wanted)
        });
        Ok(right && counted)
    }

    /// The first table that has a row of no stream, or a count that is not the sum of its acts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn surplus(&self, reader: &Reader) -> Result<Option<String>, AppError> {
        for table in tables::ALL {
            if reader.exact_count(Some(table)).await? != self.tables.get(table.name).copied().unwrap_or(0) {
                return Ok(Some(table.name.to_owned()));
            }
        }
        if reader.exact_count(None).await? != self.acts {
            return Ok(Some("tally_act".to_owned()));
        }
        Ok(reader.wrong_count().await?)
    }
}

impl StreamKeys {
    /// The key of a row as it is stored; `None` for one that nobody finds any more.
    fn stored_key(&self, table: &Table, cells: &[Cell]) -> Option<Vec<Value>> {
        let stored = |cell: &Cell| match cell {
            Cell::Int(n) => Some(Value::Int(*n)),
            Cell::Text(text) => Some(Value::Text(text.clone())),
            Cell::Index(kind, text) => Some(Value::Text(self.index(kind, text))),
            _ => None,
        };
        cells.iter().take(table.key.len()).map(stored).collect()
    }

    /// Does a stored value hold what a cell says?
    fn is(&self, cell: &Cell, value: &Value) -> bool {
        match (cell, value) {
            (Cell::Null, Value::Null) => true,
            (Cell::Int(n), Value::Int(m)) => n == m,
            (Cell::Text(a), Value::Text(b)) => a == b,
            (Cell::Blob(a), Value::Blob(b)) => a == b,
            (Cell::Index(kind, text), Value::Text(stored)) => self.index(kind, text) == *stored,
            (Cell::Open(text), Value::Blob(bytes)) => Kept::from_bytes(bytes) == Some(Kept::Open(text.clone())),
            (Cell::Sealed(of, text), Value::Blob(bytes)) => match Kept::from_bytes(bytes) {
                Some(Kept::Sealed(named)) => self.opened(&named).is_some_and(|(whose, t)| whose == of.0 && t == *text),
                _ => false,
            },
            _ => false,
        }
    }
}
