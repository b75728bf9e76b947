//! What is kept beside the journal compared with it: the snapshot of a stream with a replay of its events, and the keys
//! of persons with the sealed values that need them.

use std::collections::BTreeSet;

use serde_json::Value;
use yanhe_core::{Stream, StreamId, StreamKind, Timestamp};
use yanhe_store_read::views::journal::EntryView;

use crate::command::streams;
use crate::load::{SCHEMA, event};
use crate::sealing::{FILE, StreamKeys};

/// Is a snapshot what its events amount to? One of another schema is never used, it is made anew from the events.
pub fn snapshot_is_replay(stream: &StreamId, snapshot: &[u8], entries: &[EntryView], keys: &StreamKeys) -> bool {
    let Ok(snapshot) = serde_json::from_slice::<Value>(snapshot) else { return false };
    if snapshot["schema"] != SCHEMA {
        return true;
    }
    macro_rules! dispatch {
        ($($variant:ident $module:ident $stream:ident;)*) => {
            match stream.kind() {
                $(StreamKind::$variant => same::<yanhe_core::$module::$stream>(snapshot, entries, keys),)*
            }
        };
    }
    streams!(dispatch)
}

fn same<S: Stream>(snapshot: Value, entries: &[EntryView], keys: &StreamKeys) -> bool {
    let (mut state, mut last) = (None, 0);
    for entry in entries {
        let Ok(event) = event::<S>(entry, keys) else { return false };
        last = entry.at;
        state = Some(S::apply(state, &event, Timestamp::from_microsecond(last).unwrap_or_default()));
    }
    let mut sealed = snapshot["state"].clone();
    keys.open(&mut sealed);
    let kept: Option<S::State> = serde_json::from_value(sealed).ok();
    kept == state && snapshot["at"].as_i64() == Some(last)
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
