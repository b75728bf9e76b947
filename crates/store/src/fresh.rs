//! Everything that comes from the journal, made anew beside what is there, and put in its place in one transaction.
//!
//! Fresh tables stand in front of the real ones while they are filled, so that the very statements of a commit fill them.
//! Readers see the old rows until the exchange. What others write meanwhile is found by the versions of streams, which are
//! replayed once more, the last few of them while everybody else who writes waits.

use std::path::{Path, PathBuf};

use yanhe_core::{StreamId, Version};
use yanhe_store_read::{Row, StoreError, Value};

use crate::commit::{JobChange, RowChange};
use crate::driver::link::{self, FreshTable, Link};
use crate::plan::Step;
use crate::{plan, statements, tally};

/// What a stream's events amount to.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// The stream.
    pub stream: StreamId,
    /// Its last version.
    pub version: Version,
    /// Hash of its last entry.
    pub hash: [u8; 32],
    /// The state, sealed, with the schema's hash.
    pub snapshot: Vec<u8>,
    /// All changes of the read model, in order.
    pub rows: Vec<RowChange>,
    /// All changes of its timers, in order.
    pub jobs: Vec<JobChange>,
}

statements! {
    HEAD = "INSERT INTO head (jurisdiction, stream, version, hash, snapshot) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT (jurisdiction, stream) DO UPDATE SET version = excluded.version, hash = excluded.hash, \
            snapshot = excluded.snapshot";
}

/// Tables that are filled by replaying, with their keys.
const TABLES: &[FreshTable] = &[
    ("head", &["stream"]),
    ("work", &["stream", "task"]),
    ("matter", &["stream"]),
    ("paper", &["stream"]),
    ("access", &["code"]),
    ("dossier", &["stream"]),
    ("takes_part", &["stream", "person"]),
    ("gram", &["list", "organ", "gram", "date", "stream"]),
    ("confirmation", &["stream"]),
    ("organ", &["code"]),
    ("staff", &["stream"]),
    ("staff_key", &["organ", "id_index"]),
    ("expert", &["stream"]),
    ("expert_key", &["key_index"]),
    ("publicity", &["stream"]),
    ("batch", &["stream"]),
    ("print_run", &["stream"]),
    ("tally_act", &["name", "stream", "mark"]),
    ("job", &["owner", "name"]),
];

/// Tables that are filled from the acts.
const COUNTS: &[&str] = &["tally", "tally_folded", "tally_month"];

/// The sums over the acts, from a table of acts into tables with this in front of their names.
pub(crate) fn sums(before: &str) -> [String; 2] {
    [
        format!(
            "INSERT INTO {before}tally_folded (jurisdiction, date, name, organ, kind, total) \
             SELECT jurisdiction, date, name, organ, kind, CAST(SUM(by) AS BIGINT) FROM tally_act \
             WHERE jurisdiction = $1 GROUP BY jurisdiction, date, name, organ, kind"
        ),
        format!(
            "INSERT INTO {before}tally_month (jurisdiction, month, name, organ, kind, total) \
             SELECT jurisdiction, substr(date, 1, 7), name, organ, kind, CAST(SUM(by) AS BIGINT) FROM tally_act \
             WHERE jurisdiction = $1 GROUP BY 1, 2, 3, 4, 5"
        ),
    ]
}

/// The steps that write what a stream amounts to into tables where it may stand already.
pub(crate) fn steps(
    jurisdiction: &str,
    replayed: &Replayed,
    jobs: bool,
    steps: &mut Vec<Step>,
) -> Result<(), StoreError> {
    let shard = Value::from(jurisdiction);
    let params = vec![
        shard,
        (&replayed.stream).into(),
        replayed.version.into(),
        (&replayed.hash[..]).into(),
        replayed.snapshot.as_slice().into(),
    ];
    steps.push(Step::new(&HEAD, params));
    for change in &replayed.rows {
        match change {
            RowChange::Tally(act) => steps.push(tally::act(jurisdiction, replayed.stream.as_str(), act)),
            // What was claimed once is its own.
            RowChange::Claim(table, cells) => {
                steps.push(plan::table_step(jurisdiction, &RowChange::Put(table, cells.clone()))?);
            }
            change => steps.push(plan::table_step(jurisdiction, change)?),
        }
    }
    if jobs {
        steps.extend(replayed.jobs.iter().map(|job| plan::job_step(jurisdiction, job)));
    }
    Ok(())
}

/// Fresh tables of one jurisdiction.
pub struct Fresh {
    link: Link,
    jurisdiction: String,
    dir: PathBuf,
}

impl Fresh {
    /// Empty ones.
    ///
    /// # Errors
    /// When the database cannot be opened, or the disk takes no further file.
    pub async fn begin(dir: &Path, server: Option<&str>, jurisdiction: &str) -> Result<Self, StoreError> {
        let link = Link::with_fresh(dir, server, TABLES).await?;
        Ok(Self { link, jurisdiction: jurisdiction.to_owned(), dir: dir.to_owned() })
    }

    /// Writes what streams amount to. A stream may come again when it has moved.
    ///
    /// # Errors
    /// When the database fails or a row is not of its table's shape.
    pub async fn put(&self, streams: &[Replayed]) -> Result<(), StoreError> {
        self.link.command("BEGIN".to_owned()).await?;
        self.put_alone(streams).await?;
        self.link.commit().await
    }

    /// The same between [`Fresh::alone`] and what ends it.
    ///
    /// # Errors
    /// As for [`Fresh::put`].
    pub async fn put_alone(&self, streams: &[Replayed]) -> Result<(), StoreError> {
        let mut all = Vec::new();
        for replayed in streams {
            steps(&self.jurisdiction, replayed, true, &mut all)?;
        }
        self.link.run(all).await
    }

    /// From here on nobody else writes, until [`Fresh::exchange`] or [`Fresh::give_way`]: not for long. Gives the streams
    /// that have moved since they were put.
    ///
    /// # Errors
    /// When the database fails; then others write as before.
    pub async fn alone(&self) -> Result<Vec<String>, StoreError> {
        let real = self.link.real().await?;
        let named: Vec<String> = taken().map(|name| format!("{real}.{name}")).collect();
        self.link.begin_alone(&named).await?;
        let moved = "SELECT e.stream FROM (SELECT stream, MAX(version) AS version FROM event WHERE jurisdiction = $1 \
                     GROUP BY stream) e LEFT JOIN head h ON h.jurisdiction = $1 AND h.stream = e.stream \
                     WHERE h.version IS NULL OR h.version <> e.version ORDER BY e.stream";
        let moved = self.link.once(moved.to_owned(), vec![Value::from(&self.jurisdiction)]).await?;
        moved.into_iter().map(Row::only).collect()
    }

    /// Lets others write again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn give_way(&self) -> Result<(), StoreError> {
        self.link.rollback().await
    }

    /// Puts the fresh tables in the place of the real ones, after [`Fresh::alone`].
    ///
    /// # Errors
    /// When the database fails; then nothing was exchanged.
    pub async fn exchange(&self) -> Result<(), StoreError> {
        let real = self.link.real().await?;
        let shard = || vec![Value::from(&self.jurisdiction)];
        for name in taken().filter(|name| *name != "event") {
            self.link.once(format!("DELETE FROM {real}.{name} WHERE jurisdiction = $1"), shard()).await?;
        }
        for (name, _) in TABLES {
            let sql = format!("INSERT INTO {real}.{name} SELECT * FROM {name} WHERE jurisdiction = $1");
            self.link.once(sql, shard()).await?;
        }
        for sql in sums(&format!("{real}.")) {
            self.link.once(sql, shard()).await?;
        }
        self.link.commit().await
    }
}

/// What nobody else may write meanwhile, in the order in which a commit takes it.
fn taken() -> impl Iterator<Item = &'static str> {
    let rows = TABLES.iter().map(|(name, _)| *name).filter(|name| *name != "head" && *name != "job");
    ["head", "event"].into_iter().chain(rows).chain(COUNTS.iter().copied()).chain(["job"])
}

impl Drop for Fresh {
    fn drop(&mut self) {
        link::clear(&self.dir);
    }
}
