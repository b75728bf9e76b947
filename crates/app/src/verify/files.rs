//! The files that events name: papers, print runs, and what was scanned or handed in.

use serde_json::Value;
use yanhe_core::StreamId;
use yanhe_journal::unhex;
use yanhe_store_read::views::journal::EntryView;

use super::Journal;
use crate::desk::RUNS;
use crate::error::AppError;
use crate::sealing::{self, FILE, KeyCache, StreamKeys};

impl Journal<'_> {
    /// The version of the first event of a paper whose file is not there, is another one, or does not begin with the file
    /// that was signed or sealed before. A file whose key was erased cannot be opened and need not be there.
    pub(super) async fn lost_file(&self, stream: &StreamId, entries: &[EntryView]) -> Result<Option<i64>, AppError> {
        let mut before = Vec::new();
        for entry in entries {
            let body: Value = serde_json::from_slice(&entry.body).unwrap_or_default();
            let hash = match entry.kind.as_str() {
                "PaperIssued" => &body["issued"]["sha256"],
                "RevisionAdded" => &body["revision"]["sha256"],
                _ => continue,
            };
            let hash = hash.as_str().unwrap_or_default();
            if unhex(hash).is_none() {
                return Ok(Some(entry.version));
            }
            // A key that was erased is gone from the table of wrapped keys, whether the keyring is here or not.
            if self.reader.keys_of(stream).await?.iter().all(|key| key.person.0 != FILE) {
                continue;
            }
            let key = match self.keys {
                Some(keys) => StreamKeys::load(stream, keys, self.reader, &KeyCache::default()).await?.known(FILE),
                None => None,
            };
            let owner = crate::sealing::owner(stream, FILE);
            let right = match key {
                Some(key) => {
                    let file = if self.blobs.has(hash, &owner) { self.blobs.get(hash, &owner, &key)? } else { None };
                    let whole = file.as_ref().is_some_and(|file| file.starts_with(&before));
                    before = file.unwrap_or_default();
                    whole
                }
                // The keys are elsewhere: that it is there is all that can be said.
                None => self.keys.is_none() && self.blobs.has(hash, &owner),
            };
            if !right {
                return Ok(Some(entry.version));
            }
        }
        Ok(None)
    }

    /// The version of the event of a print run whose file is not there or is another one.
    pub(super) fn lost_run(&self, entries: &[EntryView]) -> Result<Option<i64>, AppError> {
        for entry in entries {
            let body: Value = serde_json::from_slice(&entry.body).unwrap_or_default();
            let hash = body["sha256"].as_str().unwrap_or_default();
            let there = unhex(hash).is_some() && self.blobs.has(hash, RUNS);
            let right = match self.keys.filter(|_| there) {
                Some(keys) => self.blobs.get(hash, RUNS, &keys.outbox())?.is_some(),
                None => there,
            };
            if !right {
                return Ok(Some(entry.version));
            }
        }
        Ok(None)
    }

    /// The version of the first event that names a scan or a file of a party which is not there or is another one. Each is
    /// stored under the key of one of the persons of its stream.
    pub(super) async fn lost_scan(&self, stream: &StreamId, entries: &[EntryView]) -> Result<Option<i64>, AppError> {
        let mut named = Vec::new();
        for entry in entries {
            let body: Value = serde_json::from_slice(&entry.body).unwrap_or_default();
            scans(&body, &mut |hash| named.push((entry.version, hash.to_owned())));
        }
        if named.is_empty() {
            return Ok(None);
        }
        let stored = self.reader.keys_of(stream).await?;
        let persons: Vec<String> = stored.iter().map(|key| key.person.0.clone()).collect();
        let keys = self.keys.map(|keyring| StreamKeys::of(stream, keyring, stored, &KeyCache::default()));
        for (version, hash) in named {
            let there = |person: &&String| self.blobs.has(&hash, &sealing::owner(stream, person));
            let right = match (persons.iter().find(there), &keys) {
                (Some(person), Some(keys)) => match keys.known(person) {
                    Some(key) => self.blobs.get(&hash, &sealing::owner(stream, person), &key)?.is_some(),
                    None => false,
                },
                // The keys are elsewhere: that it is there is all that can be said.
                (owner, _) => owner.is_some(),
            };
            if !right {
                return Ok(Some(version));
            }
        }
        Ok(None)
    }
}

/// The hashes of files that an event names: `scan` of what was signed or written by hand, and of a file its `sha256`
/// beside its `size`.
fn scans(body: &Value, found: &mut impl FnMut(&str)) {
    match body {
        Value::Object(fields) => {
            let file = fields.get("sha256").filter(|_| fields.contains_key("size"));
            let hashes = fields.get("scan").into_iter().chain(file).filter_map(Value::as_str);
            hashes.filter(|hash| unhex(hash).is_some()).for_each(&mut *found);
            fields.values().for_each(|value| scans(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| scans(value, found)),
        _ => {}
    }
}
