//! Writing ahead: commands are carried out in memory and their commits written later in large groups.
//!
//! For making large directories only ([`crate::generate`]). Every command still goes the one way through `handle`: only
//! loading looks here first, papers are not typeset, and a commit waits here instead of for the disk.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;

use yanhe_core::{StreamId, StreamKind, Timestamp, Version};
use yanhe_store::commit::{Commit, JobChange};
use yanhe_store::{plan, raw};
use yanhe_store_read::StoreError;

use crate::blobs::{Blobs, NewBlob};
use crate::command::{AnyState, Known};
use crate::error::AppError;
use crate::load::Loaded;
use crate::sealing::StreamKeys;

/// Commits that are handed over together.
const GROUP: usize = 1024;
/// Groups that may wait: the disk may lag behind by so much memory.
const WAITING: usize = 4;

/// A stream as it will be once everything is written.
pub struct Kept {
    /// Its version.
    pub version: Version,
    /// Hash of its last entry.
    pub hash: Option<[u8; 32]>,
    /// When its last event happened.
    pub at: Timestamp,
    /// Its state.
    pub state: AnyState,
    /// Its keys.
    pub keys: StreamKeys,
}

/// A follow-up that was due at once when a commit set it.
pub struct FollowUp {
    /// Stream that reacts.
    pub owner: StreamId,
    /// Its name there.
    pub name: String,
    /// Stream that is asked.
    pub stream: StreamId,
    /// The command as JSON.
    pub command: Vec<u8>,
}

#[derive(Default)]
struct Inner {
    streams: HashMap<StreamId, Kept>,
    registers: BTreeSet<StreamId>,
    commits: Vec<Commit>,
    due: Vec<FollowUp>,
}

/// What is not written yet.
pub struct Ahead {
    inner: Mutex<Inner>,
    hand_over: mpsc::SyncSender<Vec<Commit>>,
    writing: JoinHandle<Result<raw::Bulk, StoreError>>,
    files: mpsc::SyncSender<Vec<NewBlob>>,
    storing: JoinHandle<Result<(), AppError>>,
}

impl Ahead {
    /// Begins to write ahead of a data directory, which must have its database.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn of(data: &Path) -> Result<Self, StoreError> {
        let (hand_over, waiting) = mpsc::sync_channel::<Vec<Commit>>(WAITING);
        let mut bulk = raw::Bulk::open(data)?;
        let write = move || -> Result<raw::Bulk, StoreError> {
            for commits in waiting {
                let steps = commits.iter().map(plan::steps).collect::<Result<Vec<_>, _>>()?;
                bulk.play(&steps)?;
            }
            bulk.commit()?;
            Ok(bulk)
        };
        let (files, stored) = mpsc::sync_channel::<Vec<NewBlob>>(GROUP);
        let blobs = Blobs::new(data);
        let store = move || stored.into_iter().flatten().try_for_each(|file| blobs.put_soon(&file));
        let failed = |error: std::io::Error| StoreError::Other(error.to_string());
        let writing = std::thread::Builder::new().name("ahead".to_owned()).spawn(write).map_err(failed)?;
        let storing = std::thread::Builder::new().name("files".to_owned()).spawn(store).map_err(failed)?;
        Ok(Self { inner: Mutex::default(), hand_over, writing, files, storing })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A stream, if it is here.
    pub fn load<S: Known>(&self, stream: &StreamId) -> Option<Loaded<S>> {
        let inner = self.inner();
        let kept = inner.streams.get(stream)?;
        Some(Loaded { version: kept.version, hash: kept.hash, at: kept.at, state: S::take(kept.state.clone()) })
    }

    /// Whether a stream that is not here may be in the database: what was there before, and outlives single cases.
    pub fn may_be_stored(stream: &StreamId) -> bool {
        matches!(stream.kind(), StreamKind::Organ | StreamKind::Staff | StreamKind::Register)
    }

    /// The keys of a stream, if it is here.
    pub fn keys(&self, stream: &StreamId) -> Option<StreamKeys> {
        self.inner().streams.get(stream).map(|kept| kept.keys.again())
    }

    /// The papers that are here, in the order of their streams.
    pub fn papers(&self) -> Vec<StreamId> {
        let inner = self.inner();
        let mut papers: Vec<_> = inner.streams.keys().filter(|s| s.kind() == StreamKind::Paper).cloned().collect();
        papers.sort();
        papers
    }

    /// The registers of an organ that are here.
    pub fn registers(&self, organ: &str) -> BTreeSet<StreamId> {
        let prefix = format!("{}/{organ}/", StreamKind::Register.name());
        self.inner().registers.iter().filter(|register| register.as_str().starts_with(&prefix)).cloned().collect()
    }

    /// Remembers a stream.
    pub fn keep(&self, stream: &StreamId, kept: Kept) {
        let mut inner = self.inner();
        if stream.kind() == StreamKind::Register {
            inner.registers.insert(stream.clone());
        }
        inner.streams.insert(stream.clone(), kept);
    }

    /// Takes a commit. Follow-ups that are due at once are not written: they are given by [`Ahead::due`].
    ///
    /// # Errors
    /// When writing has failed.
    pub fn commit(&self, mut commit: Commit) -> Result<(), StoreError> {
        let mut inner = self.inner();
        for job in std::mem::take(&mut commit.jobs) {
            match job {
                JobChange::Set { owner, name, due, stream, command } if due == Timestamp::UNIX_EPOCH => {
                    inner.due.push(FollowUp { owner, name, stream, command });
                }
                job => commit.jobs.push(job),
            }
        }
        inner.commits.push(commit);
        if inner.commits.len() < GROUP {
            return Ok(());
        }
        let commits = std::mem::take(&mut inner.commits);
        drop(inner);
        // The error itself is told at the end.
        self.hand_over.send(commits).map_err(|_| StoreError::Closed)
    }

    /// Takes files to be stored.
    ///
    /// # Errors
    /// When storing has failed.
    pub fn store(&self, files: Vec<NewBlob>) -> Result<(), AppError> {
        // The error itself is told at the end.
        self.files.send(files).map_err(|_| StoreError::Closed.into())
    }

    /// Follow-ups that are due now, in the order in which the database would give them.
    pub fn due(&self) -> Vec<FollowUp> {
        let mut due = std::mem::take(&mut self.inner().due);
        due.sort_by(|a, b| (&a.owner, &a.name).cmp(&(&b.owner, &b.name)));
        due
    }

    /// Forgets the streams of a case that nothing more happens to.
    pub fn forget_cases(&self) {
        self.inner().streams.retain(|stream, _| Self::may_be_stored(stream));
    }

    /// Writes what is left. Everything can be read then, but not yet quickly: [`raw::Bulk::finish`] sees to that.
    ///
    /// # Errors
    /// What failed while writing.
    pub fn finish(self) -> Result<raw::Bulk, AppError> {
        let inner = self.inner.into_inner().unwrap_or_else(PoisonError::into_inner);
        let sent = self.hand_over.send(inner.commits);
        drop(self.hand_over);
        drop(self.files);
        self.storing.join().map_err(|_| StoreError::Closed)??;
        let bulk = self.writing.join().map_err(|_| StoreError::Closed)??;
        sent.map_err(|_| StoreError::Closed)?;
        Ok(bulk)
    }
}
