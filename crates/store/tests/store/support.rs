//! A throw-away database and commits to put into it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use rusqlite::Connection;
use yanhe_core::{StreamId, StreamKind, Timestamp};
use yanhe_journal::{Entry, Hash, genesis};
use yanhe_peers::postgres::Cluster;
use yanhe_store::Writer;
use yanhe_store::commit::{Commit, IdempotencyKey, Part, RowChange};
use yanhe_store_read::{Reader, driver};

pub const COUNTY: &str = "test";

/// A throw-away database.
pub struct Place {
    dir: Dir,
    server: Option<String>,
}

impl Place {
    pub fn sqlite() -> Self {
        Self { dir: Dir::new(), server: None }
    }

    pub fn postgres() -> Self {
        Self { dir: Dir::new(), server: Some(Cluster::shared().database()) }
    }

    pub async fn open(&self) -> (Writer, Reader) {
        yanhe_store::open(self.dir.path(), self.server.as_deref(), COUNTY).await.expect("opens")
    }
}

/// Proves each law on both databases.
macro_rules! on_both {
    ($($law:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $law() {
                super::$law(crate::support::Place::sqlite()).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $law() {
                super::$law(crate::support::Place::postgres()).await;
            })+
        }
    };
}
pub(crate) use on_both;

/// A directory that is removed with everything in it.
pub struct Dir(PathBuf);

impl Dir {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("yanhe-store-{}-{n}", std::process::id()));
        // Left by a killed run with the same number, if there at all.
        let _ = std::fs::remove_dir_all(&dir);
        Self(dir)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub async fn open(&self) -> (Writer, Reader) {
        yanhe_store::open(&self.0, None, COUNTY).await.expect("opens")
    }

    /// The file by another way than the store's.
    pub fn raw(&self) -> Connection {
        Connection::open(self.0.join(driver::sqlite::FILE)).expect("opens")
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).expect("in range")
}

pub fn stream(name: &str) -> StreamId {
    StreamId::new(StreamKind::Matter, name)
}

/// `n` entries after `expected`, following `prev`.
pub fn entries(stream: &StreamId, expected: i64, n: i64, prev: Hash) -> Vec<Entry> {
    let mut prev = prev;
    (1..=n)
        .map(|i| {
            let entry = Entry {
                jurisdiction: COUNTY.into(),
                stream: stream.to_string(),
                version: expected + i,
                at: 1_000_000 * (expected + i),
                actor: "system".into(),
                kind: "Something".into(),
                body_version: 1,
                body: b"{}".to_vec(),
                prev,
            };
            prev = entry.hash();
            entry
        })
        .collect()
}

/// The hash that [`entries`] from the start end with.
pub fn head(stream: &StreamId, version: i64) -> Hash {
    entries(stream, 0, version, genesis(COUNTY, stream.as_str()))
        .last()
        .map_or_else(|| genesis(COUNTY, stream.as_str()), Entry::hash)
}

pub fn key(text: &str) -> IdempotencyKey {
    IdempotencyKey { key: text.into(), actor: "staff/a".into(), command: text.as_bytes().to_vec() }
}

/// A commit of one entry, with rows.
pub fn commit(name: &str, stream: &StreamId, expected: i64, rows: Vec<RowChange>) -> Commit {
    Commit {
        jurisdiction: COUNTY.into(),
        key: key(name),
        parts: vec![Part {
            stream: stream.clone(),
            expected,
            entries: entries(stream, expected, 1, head(stream, expected)),
            snapshot: format!("state {}", expected + 1).into_bytes(),
            rows,
        }],
        guards: Vec::new(),
        keys: Vec::new(),
        jobs: Vec::new(),
        messages: Vec::new(),
        receipt: format!("receipt of {name}"),
    }
}
