//! What is kept beside the journal compared with it: the snapshot of a stream with a replay of its events, and the keys
//! of persons with the sealed values that need them.

use std::collections::BTreeSet;

use serde_json::Value;
use yanhe_core::{Change, Ids, Job, Stream, StreamId, StreamKind, Timestamp};
use yanhe_store::commit::JobChange;
use yanhe_store::fresh::Replayed;
use yanhe_store_read::views::journal::EntryView;

use crate::command::streams;
use crate::load::{SCHEMA, event, snapshot};
use crate::sealing::{FILE, StreamKeys};

/// What a stream's events amount to: state, rows, timers, sealed by the stream's keys. The problem, when an event cannot
/// be read.
pub fn replayed(stream: &StreamId, entries: &[EntryView], keys: StreamKeys, ids: &Ids) -> Result<Replayed, String> {
    macro_rules! dispatch {
        ($($variant:ident $module:ident $stream:ident;)*) => {
            match stream.kind() {
                $(StreamKind::$variant => replay::<yanhe_core::$module::$stream>(stream, entries, keys, ids),)*
            }
        };
    }
    streams!(dispatch)
}

fn replay<S: Stream>(
    stream: &StreamId,
    entries: &[EntryView],
    mut keys: StreamKeys,
    ids: &Ids,
) -> Result<Replayed, String> {
    let (mut state, mut at, mut rows, mut jobs) = (None, Timestamp::UNIX_EPOCH, Vec::new(), Vec::new());
    for entry in entries {
        let event = event::<S>(entry, &keys)?;
        at = Timestamp::from_microsecond(entry.at).map_err(|e| e.to_string())?;
        let after = S::apply(state.take(), &event, at);
        rows.extend(S::project(stream, &after, &event, at));
        jobs.extend(S::react(stream, &after, &event).into_iter().map(|job| job_change(stream, job)));
        state = Some(after);
    }
    let (Some(state), Some(last)) = (state, entries.last()) else { return Err("it has no entries".to_owned()) };
    let mut state = serde_json::to_value(&state).map_err(|e| e.to_string())?;
    let rows = rows.into_iter().filter_map(|row| keys.row_again(row, ids)).collect();
    let snapshot = match keys.are_locked() {
        false => {
            keys.seal(&mut state, ids);
            snapshot(&state, at)
        }
        // Of no schema: with the keys it is made from the events.
        true => b"{}".to_vec(),
    };
    if let Some(key) = keys.take_new().first() {
        return Err(format!("the key of `{}` is not there, and something is open that it must seal", key.person));
    }
    Ok(Replayed {
        stream: stream.clone(),
        version: last.version,
        hash: last.hash.as_slice().try_into().map_err(|_| "a hash of another length")?,
        snapshot,
        rows,
        jobs,
    })
}

/// A timer as a commit sets it.
pub(crate) fn job_change(owner: &StreamId, job: Job) -> JobChange {
    let owner = owner.clone();
    match job {
        Job::Run { name, due, stream, command } => {
            JobChange::Set { owner, name, due, stream, command: command.to_string().into_bytes() }
        }
        Job::Cancel { name } => JobChange::Cancel { owner, name },
    }
}

/// The changes of the read model that a stream's events amount to; `None` when its snapshot is something else. One of
/// another schema is never used, it is made anew from the events.
pub fn changes(stream: &StreamId, kept: &[u8], entries: &[EntryView], keys: &StreamKeys) -> Option<Vec<Change>> {
    let kept = serde_json::from_slice::<Value>(kept).ok()?;
    macro_rules! dispatch {
        ($($variant:ident $module:ident $stream:ident;)*) => {
            match stream.kind() {
                $(StreamKind::$variant => changes_of::<yanhe_core::$module::$stream>(stream, kept, entries, keys),)*
            }
        };
    }
    streams!(dispatch)
}

fn changes_of<S: Stream>(
    stream: &StreamId,
    mut kept: Value,
    entries: &[EntryView],
    keys: &StreamKeys,
) -> Option<Vec<Change>> {
    let (mut state, mut last, mut rows) = (None, 0, Vec::new());
    for entry in entries {
        let event = event::<S>(entry, keys).ok()?;
        last = entry.at;
        let at = Timestamp::from_microsecond(last).unwrap_or_default();
        let after = S::apply(state.take(), &event, at);
        rows.extend(S::project(stream, &after, &event, at));
        state = Some(after);
    }
    if kept["schema"] == SCHEMA {
        keys.open(&mut kept["state"]);
        let same: Option<S::State> = serde_json::from_value(kept["state"].take()).ok();
        if same != state || kept["at"].as_i64() != Some(last) {
            return None;
        }
    }
    Some(rows)
}

/// The version of the first event with a sealed value whose key is gone without an event that says so.
pub fn lost_key(entries: &[EntryView], persons: &BTreeSet<String>) -> Option<i64> {
    let bodies: Vec<Value> = entries.iter().map(|e| serde_json::from_slice(&e.body).unwrap_or_default()).collect();
    let erased: BTreeSet<&str> = entries
        .iter()
        .zip(&bodies)
        .filter(|(entry, _)| entry.kind.ends_with("Erased"))
        .filter_map(|(_, body)| body["person"].as_str())
        .collect();
    let lost = |of: &str| !persons.contains(of) && !erased.contains(of);
    let needs = |(entry, body): (&EntryView, &Value)| {
        let file = matches!(entry.kind.as_str(), "PaperIssued" | "RevisionAdded") && lost(FILE);
        (file || any_sealed(body, &lost)).then_some(entry.version)
    };
    entries.iter().zip(&bodies).find_map(needs)
}

/// Is there a sealed value of somebody of whom this is true?
fn any_sealed(value: &Value, lost: &impl Fn(&str) -> bool) -> bool {
    match value {
        Value::Object(map) => match map.get("$sealed") {
            // A box that is empty was sealed when its value was gone already.
            Some(sealed) => !sealed["box"].is_null() && sealed["of"].as_str().is_some_and(lost),
            None => map.values().any(|value| any_sealed(value, lost)),
        },
        Value::Array(items) => items.iter().any(|value| any_sealed(value, lost)),
        _ => false,
    }
}
