//! The very statements and values of commits, played by one thread: the yardstick of the benchmark, and how large
//! directories are filled for it.

pub mod server;

use std::path::Path;

use rusqlite::Connection;
use yanhe_store_read::driver::sqlite as driver;
use yanhe_store_read::{Row, StoreError};

use crate::driver::Failure;
use crate::driver::link::Link;
use crate::driver::sqlite::{connect, write};
use crate::plan::Step;

/// Plays recorded commits into a database of its own, `group` in a transaction. Nothing waits for an answer.
///
/// # Errors
/// When the database fails or a guard of the record does not hold.
pub fn play(dir: &Path, commits: &[Vec<Step>], group: usize) -> Result<(), StoreError> {
    let connection = connect(&dir.join(driver::FILE))?;
    for commits in commits.chunks(group.max(1)) {
        let steps: Vec<&[Step]> = commits.iter().map(Vec::as_slice).collect();
        for outcome in write(&connection, &steps).0 {
            outcome.map_err(|failure| match failure {
                Failure::Store(error) => error,
                Failure::Guard(guards) => StoreError::Other(format!("{guards:?}")),
            })?;
        }
    }
    Ok(())
}

/// What a database takes on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Bytes, of tables and indexes.
    pub bytes: u64,
    /// Entries of the journal.
    pub events: u64,
}

/// How large a database is: on a server when its URL is given, otherwise in the data directory, whose log is emptied
/// into it before.
///
/// # Errors
/// When the database fails.
pub async fn size(dir: &Path, url: Option<&str>) -> Result<Size, StoreError> {
    let link = Link::open(dir, url).await?;
    let bytes = match url {
        Some(_) => "SELECT pg_database_size(current_database())",
        None => {
            link.once("PRAGMA wal_checkpoint(TRUNCATE)".to_owned(), Vec::new()).await?;
            "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
        }
    };
    let mut found = Vec::new();
    for sql in [bytes, "SELECT COUNT(*) FROM event"] {
        let rows = link.once(sql.to_owned(), Vec::new()).await?;
        found.push(rows.into_iter().next().map(Row::only::<i64>).transpose()?.unwrap_or(0).unsigned_abs());
    }
    Ok(Size { bytes: found[0], events: found[1] })
}

/// Fills a database with millions of rows: one connection with much memory, many commits in a transaction, nothing
/// waiting for the disk, and indexes made again at the end, sorted, instead of a row at a time.
///
/// For making directories to measure on, never for a county's own: one that was left unfinished is to be thrown away.
pub struct Bulk {
    connection: Connection,
    /// The statements that make the indexes again.
    indexes: Vec<String>,
    /// What the planner was told about them, which goes with them.
    shapes: Vec<(String, Option<String>, String)>,
    /// Commits in the transaction so far.
    open: usize,
}

/// Commits in a transaction: what they touch more than once is written once.
const TOGETHER: usize = 65_536;

/// Indexes that writing itself needs: guards, and where the next entry goes.
const KEPT: &str = "('event_position')";

impl Bulk {
    /// Begins, in a directory that has its database.
    ///
    /// # Errors
    /// When the database fails.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let connection = connect(&dir.join(driver::FILE))?;
        let bulk = Self::begin(&connection).map_err(driver::fault);
        let (indexes, shapes) = bulk?;
        Ok(Self { connection, indexes, shapes, open: 0 })
    }

    #[expect(clippy::type_complexity, reason = "two lists, taken apart at once")]
    fn begin(connection: &Connection) -> Result<(Vec<String>, Vec<(String, Option<String>, String)>), rusqlite::Error> {
        connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -1500000")?;
        let shapes = connection
            .prepare("SELECT tbl, idx, stat FROM sqlite_stat1")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        let made: Vec<(String, String)> = connection
            .prepare(&format!(
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND name NOT IN {KEPT}"
            ))?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        for (name, _) in &made {
            connection.execute_batch(&format!("DROP INDEX {name}"))?;
        }
        Ok((made.into_iter().map(|(_, sql)| sql).collect(), shapes))
    }

    /// Plays commits.
    ///
    /// # Errors
    /// When the database fails or a guard does not hold: nothing can be played after that.
    pub fn play(&mut self, commits: &[Vec<Step>]) -> Result<(), StoreError> {
        for commit in commits {
            if self.open == 0 {
                self.connection.execute_batch("BEGIN IMMEDIATE").map_err(driver::fault)?;
            }
            for step in commit {
                driver::run(&self.connection, step.statement, &step.params).map_err(driver::fault)?;
            }
            self.open += 1;
            if self.open == TOGETHER {
                self.commit()?;
            }
        }
        Ok(())
    }

    /// Makes everything played so far visible to others.
    ///
    /// # Errors
    /// When the database fails.
    pub fn commit(&mut self) -> Result<(), StoreError> {
        if std::mem::take(&mut self.open) > 0 {
            self.connection.execute_batch("COMMIT").map_err(driver::fault)?;
        }
        Ok(())
    }

    /// Makes the indexes again and writes everything to the disk.
    ///
    /// # Errors
    /// When the database fails, or rows do not fit a unique index.
    pub fn finish(mut self) -> Result<(), StoreError> {
        self.commit()?;
        self.end().map_err(driver::fault)
    }

    fn end(&self) -> Result<(), rusqlite::Error> {
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        for sql in &self.indexes {
            self.connection.execute_batch(sql)?;
        }
        self.connection.execute_batch("DELETE FROM sqlite_stat1")?;
        for (table, index, shape) in &self.shapes {
            self.connection
                .execute("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?1, ?2, ?3)", (table, index, shape))?;
        }
        self.connection.execute_batch("COMMIT; PRAGMA synchronous = FULL")?;
        // How far it got is of no interest: what is left is written by whoever opens the directory next.
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
    }
}
