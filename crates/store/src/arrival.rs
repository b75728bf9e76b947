//! A jurisdiction that moves in: its journal with what stands beside it, in one transaction, all or nothing.

use std::path::Path;

use yanhe_store_read::views::carried::Carried;
use yanhe_store_read::{Row, Statement, StoreError, Value};

use crate::commit::WrappedKey;
use crate::driver::link::Link;
use crate::fresh::{self, Replayed};
use crate::plan::Step;
use crate::{plan, statements};
use yanhe_journal::Entry;

/// An entry with its place.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Place among all entries of the jurisdiction, as it was where it comes from.
    pub position: i64,
    /// The entry.
    pub entry: Entry,
}

statements! {
    EVENT = "INSERT INTO event (jurisdiction, stream, version, position, at, actor, kind, body_version, body, prev, hash) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    TILE = "INSERT INTO tile (jurisdiction, level, number, width, body) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT (jurisdiction, level, number) DO UPDATE SET width = excluded.width, body = excluded.body";
    UNSEALED = "INSERT INTO unsealed (jurisdiction, position, stream, version) \
                SELECT e.jurisdiction, e.position, e.stream, e.version FROM event e \
                LEFT JOIN leaf l ON l.jurisdiction = e.jurisdiction AND l.stream = e.stream AND l.version = e.version \
                WHERE e.jurisdiction = $1 AND l.number IS NULL";
}

/// One that is moving in. Dropped before [`Arrival::finish`], nothing of it is there.
pub struct Arrival {
    link: Link,
    jurisdiction: String,
    highest: i64,
}

impl Arrival {
    /// Begins in a database, which is made where it is missing.
    ///
    /// # Errors
    /// When the database cannot be opened; [`StoreError::Other`] when the jurisdiction is there already.
    pub async fn begin(dir: &Path, server: Option<&str>, jurisdiction: &str) -> Result<Self, StoreError> {
        let link = Link::open(dir, server).await?;
        link.begin().await?;
        let arrival = Self { link, jurisdiction: jurisdiction.to_owned(), highest: 0 };
        for table in ["setting", "event"] {
            let sql = format!("SELECT COUNT(*) FROM (SELECT 1 FROM {table} WHERE jurisdiction = $1 LIMIT 1) AS found");
            let found = arrival.link.once(sql, vec![jurisdiction.into()]).await?;
            let found: i64 = found.into_iter().next().map_or(Ok(0), Row::only)?;
            if found > 0 {
                return Err(StoreError::Other(format!("it holds `{jurisdiction}` already")));
            }
        }
        Ok(arrival)
    }

    /// Streams with their keys and entries, and what they amount to.
    ///
    /// # Errors
    /// When the database fails, or holds one of them.
    pub async fn streams(
        &mut self,
        keys: &[WrappedKey],
        entries: &[Placed],
        replayed: &[Replayed],
    ) -> Result<(), StoreError> {
        let mut steps: Vec<Step> = keys.iter().map(|key| plan::key_step(&self.jurisdiction, key)).collect();
        for Placed { position, entry } in entries {
            self.highest = self.highest.max(*position);
            let params = vec![
                (&self.jurisdiction).into(),
                (&entry.stream).into(),
                entry.version.into(),
                (*position).into(),
                entry.at.into(),
                (&entry.actor).into(),
                (&entry.kind).into(),
                entry.body_version.into(),
                entry.body.as_slice().into(),
                (&entry.prev[..]).into(),
                (&entry.hash()[..]).into(),
            ];
            steps.push(Step::new(&EVENT, params));
        }
        for replayed in replayed {
            fresh::steps(&self.jurisdiction, replayed, false, &mut steps)?;
        }
        self.link.run(steps).await
    }

    /// Rows of a table that moves as it is.
    ///
    /// # Errors
    /// When the database fails, or a row is not of the table's shape.
    pub async fn rows(&self, table: &'static Carried, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
        let statement: &'static Statement = table.insert();
        let mut steps = Vec::with_capacity(rows.len());
        for row in rows {
            if row.len() != table.columns.len() {
                return Err(StoreError::Shape(format!("a row of `{}`", table.name)));
            }
            let mut params = vec![Value::from(&self.jurisdiction)];
            params.extend(row);
            steps.push(Step::new(statement, params));
        }
        self.link.run(steps).await
    }

    /// Tiles of the log: level, number, how many hashes, the hashes. A wider one replaces a narrower one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tiles(&self, tiles: Vec<(i64, i64, i64, Vec<u8>)>) -> Result<(), StoreError> {
        let shard = || Value::from(&self.jurisdiction);
        let step = |(level, number, width, body): (i64, i64, i64, Vec<u8>)| {
            Step::new(&TILE, vec![shard(), level.into(), number.into(), width.into(), body.into()])
        };
        self.link.run(tiles.into_iter().map(step).collect()).await
    }

    /// Adds the counts up, notes what has no leaf yet, and makes everything be there.
    ///
    /// # Errors
    /// When the database fails; then nothing is there.
    pub async fn finish(self) -> Result<(), StoreError> {
        let shard = || vec![Value::from(&self.jurisdiction)];
        for sql in fresh::sums("") {
            self.link.once(sql, shard()).await?;
        }
        self.link.run(vec![Step::new(&UNSEALED, shard())]).await?;
        self.link.positions_taken(self.highest).await?;
        self.link.commit().await
    }
}
